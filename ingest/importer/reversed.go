package importer

import (
	"duban/ingest/event"
	"duban/ingest/importer/rows"
)

// spans tells, for an event that ends something, which events begin it.
var spans = func() map[string][]string {
	c := func(t event.CaseType) string { return string(t) }
	k := func(t event.TicketType) string { return string(t) }
	begun := []string{c(event.Apply), c(event.Accept)}
	received := []string{k(event.TReceive), k(event.TDispatch)}
	return map[string][]string{
		c(event.StepEnd): {c(event.StepStart)}, c(event.SuspendEnd): {c(event.SuspendStart)},
		c(event.Decide): begun, c(event.Finish): begun, c(event.Deliver): begun, c(event.Withdraw): begun, c(event.Terminate): begun,
		k(event.TReply): received, k(event.TClose): received, k(event.TUnhang): {k(event.THang)},
	}
}()

// reversed returns the notice about a row that ends something before it begins
// it, nil when it does not: both facts are what the source says, and the span
// between them is none.
func reversed(msgs []message) *rows.Problem {
	for i := range msgs {
		for _, begin := range spans[msgs[i].kind] {
			for j := range msgs {
				if msgs[j].kind == begin && msgs[i].at.Before(msgs[j].at) {
					p := rows.NewProblem(rows.ReasonReversed,
						"", nil, "%s lies before %s of the same row; both facts are published, and no time between them can "+
							"be counted", msgs[i].kind, begin)
					p.Notice = true
					return p
				}
			}
		}
	}
	return nil
}
