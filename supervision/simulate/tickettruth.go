package simulate

import (
	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// oracle tells planners where their lives stand.
type oracle struct{ world *world.World }

// Standing is where a life stands at an instant.
func (o oracle) Standing(s *plan.Subject, at int64) plan.Standing {
	if s.Ticket {
		t := truthOfTicket(o.world, s, at)
		return plan.Standing{Began: t.startAt, PromiseDue: t.due, LegalDue: t.due}
	}
	t := truthOfCase(o.world, s, at)
	return plan.Standing{Began: t.acceptedAt, PromiseDue: t.promiseDue, LegalDue: t.legalDue}
}

// ticketTruth is what is true of a ticket as of an instant.
type ticketTruth struct {
	state                                                    string
	org                                                      int32
	receivedAt, dispatchedAt, startAt, stopAt, closedAt, due int64
	redo                                                     bool // T8 runs
	excluded                                                 string
}

// truthOfTicket tells the truth about a planned ticket as of an instant. Like
// truthOfCase it knows only the lives that are planned here.
func truthOfTicket(w *world.World, s *plan.Subject, asOf int64) ticketTruth {
	t := ticketTruth{org: w.Hotline}
	var extended int32
	for i := range s.Facts {
		f := &s.Facts[i]
		if f.About != plan.AboutTicket || f.Superseded || f.Illegal || f.At > asOf || f.VoidedAt != 0 && f.VoidedAt <= asOf {
			continue
		}
		at := f.At
		if f.AmendedAt != 0 && f.AmendedAt <= asOf {
			at = f.AmendedTo
		}
		switch event.TicketType(f.Type) {
		case event.TReceive:
			t.receivedAt, t.state = at, "received"
		case event.TAnswerDirect:
			t.stopAt, t.closedAt, t.state = at, at, "closed"
		case event.TDispatch:
			t.dispatchedAt, t.startAt, t.org, t.state = at, at, f.To, "dispatched"
		case event.TSign:
			t.state = "signed"
		case event.TReturn:
			t.state = "returned"
		case event.TRedispatch:
			t.org, t.state = f.To, "dispatched"
			if f.Flag {
				t.startAt, t.redo, extended = at, false, 0
			}
		case event.TProcess, event.TExtendReject, event.TReopen:
			t.state = "processing"
			if event.TicketType(f.Type) == event.TReopen {
				extended += w.Days.Count(world.LocalDay(t.stopAt), world.LocalDay(at))
				t.closedAt, t.stopAt = 0, 0
			}
		case event.TExtendRequest:
			t.state = "pending_ext"
		case event.TExtendApprove:
			t.state = "processing"
			extended += f.Days
		case event.THang:
			t.state, t.excluded = "hung", "hung"
		case event.TUnhang:
			t.state, t.excluded = "processing", ""
		case event.TReply:
			t.stopAt, t.state = at, "replied"
		case event.TVisit:
			t.state = "visiting"
		case event.TRedo:
			t.state, t.startAt, t.stopAt, t.redo, extended = "redo", at, 0, true, 0
		case event.TClose:
			t.closedAt, t.state = at, "closed"
		case event.TInvalid:
			t.closedAt, t.state, t.excluded = at, "invalid", "invalid"
		case event.TMerge:
			t.closedAt, t.state, t.excluded = at, "merged", "merged"
		}
	}
	if t.startAt != 0 {
		began, limit := world.LocalDay(t.startAt), plan.TicketLimit(s)
		if t.redo { // T8: half the limit, a started day counts whole, one at least
			limit = max((limit+1)/2, 1)
		}
		t.due = world.EndOf(began)
		if limit+extended > 0 {
			t.due = world.EndOf(w.Days.Add(began, limit+extended))
		}
	}
	if s.Test {
		t.excluded = "test"
	}
	return t
}
