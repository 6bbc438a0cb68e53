package simulate

import (
	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// oracle tells planners where their lives stand.
type oracle struct{ world *world.World }

// Standing is where a life stands at an instant.
func (o oracle) Standing(s *subject, at int64) Standing {
	if s.ticket {
		t := truthOfTicket(o.world, s, at)
		return Standing{Began: t.startAt, PromiseDue: t.due, LegalDue: t.due}
	}
	t := truthOfCase(o.world, s, at)
	return Standing{Began: t.acceptedAt, PromiseDue: t.promiseDue, LegalDue: t.legalDue}
}

// ticketTruth is what is true of a ticket as of an instant.
type ticketTruth struct {
	state                                                    string
	org                                                      int32
	receivedAt, dispatchedAt, startAt, stopAt, closedAt, due int64
	redo                                                     bool // T8 runs
	excluded                                                 string
}

// ticketLimit is T5 in working days; an urgent ticket is due on its day.
func ticketLimit(s *subject) int32 {
	switch {
	case s.urgent:
		return 0
	case s.kind == "consult":
		return 3
	}
	return 5
}

// truthOfTicket tells the truth about a planned ticket as of an instant. Like
// truthOfCase it knows only the lives that are planned here.
func truthOfTicket(w *world.World, s *subject, asOf int64) ticketTruth {
	t := ticketTruth{org: w.Hotline}
	var extended int32
	for i := range s.facts {
		f := &s.facts[i]
		if f.about != aboutTicket || f.superseded || f.illegal || f.at > asOf || f.voidedAt != 0 && f.voidedAt <= asOf {
			continue
		}
		at := f.at
		if f.amendedAt != 0 && f.amendedAt <= asOf {
			at = f.amendedTo
		}
		switch event.TicketType(f.typ) {
		case event.TReceive:
			t.receivedAt, t.state = at, "received"
		case event.TAnswerDirect:
			t.stopAt, t.closedAt, t.state = at, at, "closed"
		case event.TDispatch:
			t.dispatchedAt, t.startAt, t.org, t.state = at, at, f.to, "dispatched"
		case event.TSign:
			t.state = "signed"
		case event.TReturn:
			t.state = "returned"
		case event.TRedispatch:
			t.org, t.state = f.to, "dispatched"
			if f.flag {
				t.startAt, t.redo, extended = at, false, 0
			}
		case event.TProcess, event.TExtendReject, event.TReopen:
			t.state = "processing"
			if event.TicketType(f.typ) == event.TReopen {
				extended += w.Days.Count(world.LocalDay(t.stopAt), world.LocalDay(at))
				t.closedAt, t.stopAt = 0, 0
			}
		case event.TExtendRequest:
			t.state = "pending_ext"
		case event.TExtendApprove:
			t.state = "processing"
			extended += f.days
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
		began, limit := world.LocalDay(t.startAt), ticketLimit(s)
		if t.redo { // T8: half the limit, a started day counts whole, one at least
			limit = max((limit+1)/2, 1)
		}
		t.due = world.EndOf(began)
		if limit+extended > 0 {
			t.due = world.EndOf(w.Days.Add(began, limit+extended))
		}
	}
	if s.test {
		t.excluded = "test"
	}
	return t
}
