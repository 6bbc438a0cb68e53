// Package truth is the oracle: it says what has to come out of a planned
// province. OfCase and OfTicket tell the state and the dues of one life as of an
// instant, a Tally adds up the figures, and a Judge names the alerts that
// supervision has to have raised.
//
// It reads plans and never messages, and shares no code with
// supervision/lifecycle, supervision/calendar, the rules or any query, so that
// an agreement between the two says something. Its functions are short because
// they only know the lives that packages plan and inject can plan.
package truth
