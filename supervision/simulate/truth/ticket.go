package truth

import (
	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// Oracle tells planners where their lives stand.
type Oracle struct{ World *world.World }

// Standing is where a life stands at an instant.
func (o Oracle) Standing(s *plan.Subject, at int64) plan.Standing {
	if s.Ticket {
		t := ofTicket(o.World, s, at)
		return plan.Standing{Began: t.startAt, PromiseDue: t.Due, LegalDue: t.Due}
	}
	t := OfCase(o.World, s, at)
	return plan.Standing{Began: t.AcceptedAt, PromiseDue: t.PromiseDue, LegalDue: t.LegalDue}
}

// Ticket is what is true of a ticket as of an instant.
type Ticket struct {
	State                                                    string
	Org                                                      int32
	ReceivedAt, DispatchedAt, startAt, StopAt, ClosedAt, Due int64
	redo                                                     bool // T8 runs
	Excluded                                                 string
}

// ofTicket tells the truth about a planned ticket as of an instant. Like
// OfCase it knows only the lives that are planned here.
func ofTicket(w *world.World, s *plan.Subject, asOf int64) Ticket {
	t := Ticket{Org: w.Hotline}
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
			t.ReceivedAt, t.State = at, "received"
		case event.TAnswerDirect:
			t.StopAt, t.ClosedAt, t.State = at, at, "closed"
		case event.TDispatch:
			t.DispatchedAt, t.startAt, t.Org, t.State = at, at, f.To, "dispatched"
		case event.TSign:
			t.State = "signed"
		case event.TReturn:
			t.State = "returned"
		case event.TRedispatch:
			t.Org, t.State = f.To, "dispatched"
			if f.Flag {
				t.startAt, t.redo, extended = at, false, 0
			}
		case event.TProcess, event.TExtendReject, event.TReopen:
			t.State = "processing"
			if event.TicketType(f.Type) == event.TReopen {
				extended += w.Days.Count(world.LocalDay(t.StopAt), world.LocalDay(at))
				t.ClosedAt, t.StopAt = 0, 0
			}
		case event.TExtendRequest:
			t.State = "pending_ext"
		case event.TExtendApprove:
			t.State = "processing"
			extended += f.Days
		case event.THang:
			t.State, t.Excluded = "hung", "hung"
		case event.TUnhang:
			t.State, t.Excluded = "processing", ""
		case event.TReply:
			t.StopAt, t.State = at, "replied"
		case event.TVisit:
			t.State = "visiting"
		case event.TRedo:
			t.State, t.startAt, t.StopAt, t.redo, extended = "redo", at, 0, true, 0
		case event.TClose:
			t.ClosedAt, t.State = at, "closed"
		case event.TInvalid:
			t.ClosedAt, t.State, t.Excluded = at, "invalid", "invalid"
		case event.TMerge:
			t.ClosedAt, t.State, t.Excluded = at, "merged", "merged"
		}
	}
	if t.startAt != 0 {
		began, limit := world.LocalDay(t.startAt), plan.TicketLimit(s)
		if t.redo { // T8: half the limit, a started day counts whole, one at least
			limit = max((limit+1)/2, 1)
		}
		t.Due = world.EndOf(began)
		if limit+extended > 0 {
			t.Due = world.EndOf(w.Days.Add(began, limit+extended))
		}
	}
	if s.Test {
		t.Excluded = "test"
	}
	return t
}
