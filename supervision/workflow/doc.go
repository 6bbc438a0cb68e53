// Package workflow says what people and the system may do to an alert, a
// supervision order, a bad-rating order, an exposure and a referral, and what
// becomes of it (docs/supervision.md section 5). A machine is a table of
// transitions; an action is checked against the item as it stands and becomes
// its next event, or is refused with a typed reason. The item is the fold of
// its events.
//
// The package is pure: it imports package calendar and nothing else of this
// project, no database and no clock. Instants are Unix milliseconds; zero
// means none.
package workflow
