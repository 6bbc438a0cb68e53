package rule

import (
	"slices"
	"strings"

	"duban/ingest/event"
)

// The promise (K3) and the legal limit (K4) of a case end and stop by the same events
// (domain guide 2.3).
var (
	mainEnds  = texts([]event.CaseType{event.Decide, event.Finish, event.DeemedConsent, event.NotAccept, event.Withdraw, event.Terminate})
	mainMoves = texts([]event.CaseType{event.SuspendStart, event.SuspendEnd, event.Extend, event.FeeNotice, event.FeePaid})
)

// resolve puts the lists in the place of the clock.
func (b *TakenBackBy) resolve(bad func(format string, args ...any)) {
	switch b.Clock {
	case "":
		return
	case "K3", "K4":
	default:
		bad("clock %q is not K3 or K4", b.Clock)
		return
	}
	if !b.None() {
		bad("clock stands for ends and moves, which stand beside it")
		return
	}
	b.Ends, b.Moves = mainEnds, mainMoves
}

// check tells what is wrong with it in a rule about a kind of subject.
func (b TakenBackBy) check(subject, evaluation string, bad func(format string, args ...any)) {
	if b.None() {
		if len(b.Granted) > 0 || b.SubCases {
			bad("granted and sub_cases need ends or moves beside them")
		}
		return
	}
	var types []string
	switch {
	case evaluation == EachFold && subject == SubjectCase:
		types = texts(event.CaseTypes(), event.Void, event.Amend)
	case evaluation == EachFold && subject == SubjectTicket:
		types = texts(event.TicketTypes(), event.TVoid, event.TAmend)
	default:
		bad("is for rules about the fold of cases or tickets")
		return
	}
	if b.ByAny() && (len(b.Ends) > 0 || len(b.Granted) > 0) {
		bad("%s stands alone in moves: every type of event is meant", AnyEvent)
		return
	}
	for _, t := range slices.Concat(b.Ends, b.Moves, b.Granted) {
		if t != AnyEvent && !slices.Contains(types, t) || t == AnyEvent && !b.ByAny() {
			bad("%q is not one of %s", t, strings.Join(types, ", "))
		}
	}
	for _, t := range b.Granted {
		if !slices.Contains(b.Moves, t) {
			bad("%q is granted and not among moves", t)
		}
	}
	if b.SubCases && subject != SubjectCase {
		bad("sub_cases is for rules about cases")
	}
}

// ByAny reports whether every type of event takes an alert back.
func (b TakenBackBy) ByAny() bool { return slices.Equal(b.Moves, []string{AnyEvent}) }

// texts are the types of event but those that correct others.
func texts[T ~string](types []T, without ...T) []string {
	out := make([]string, 0, len(types))
	for _, t := range types {
		if !slices.Contains(without, t) {
			out = append(out, string(t))
		}
	}
	return out
}
