package fold

import (
	"duban/ingest/event"
	"duban/supervision/calendar"
	"duban/supervision/lifecycle"
	"duban/supervision/lifecycle/rating"
	"duban/supervision/statestore"
)

// subject names what facts are about. Kind is empty for cases and tickets,
// which have tables of their own.
type subject struct{ kind, sourceSys, no string }

// kind is what differs between cases, tickets and ratings: F is the fact, S
// the state.
type kind[F, S any] struct {
	statestore.Codec[F, S]
	subject func(*F) subject
	fold    func(*lifecycle.Folder, []F, *S)
	contest func(*S)
	// corrects tells whether a fact says something else of another one, and where it was
	// read; nil: nobody asks.
	corrects func(*F) (event.Origin, bool)
}

func caseKind() kind[event.Case, lifecycle.CaseState] {
	return kind[event.Case, lifecycle.CaseState]{
		Codec:   statestore.Cases(),
		subject: func(f *event.Case) subject { return subject{sourceSys: f.SourceSys, no: f.CaseNo} },
		fold:    (*lifecycle.Folder).Case,
		contest: func(s *lifecycle.CaseState) { s.Conflict = true },
		corrects: func(f *event.Case) (event.Origin, bool) {
			return f.Origin, f.Revision > 0 || f.Type == event.Void || f.Type == event.Amend
		},
	}
}

func ticketKind() kind[event.Ticket, lifecycle.TicketState] {
	return kind[event.Ticket, lifecycle.TicketState]{
		Codec:   statestore.Tickets(),
		subject: func(f *event.Ticket) subject { return subject{sourceSys: f.SourceSys, no: f.TicketNo} },
		fold:    (*lifecycle.Folder).Ticket,
		contest: func(s *lifecycle.TicketState) { s.Conflict = true },
		corrects: func(f *event.Ticket) (event.Origin, bool) {
			return f.Origin, f.Revision > 0 || f.Type == event.TVoid || f.Type == event.TAmend
		},
	}
}

func ratingKind(cal *calendar.Calendar, policy lifecycle.Policy) kind[event.Rating, rating.State] {
	return kind[event.Rating, rating.State]{
		Codec: statestore.Ratings(),
		subject: func(f *event.Rating) subject {
			k, sys, no := rating.Subject(f)
			return subject{kind: k, sourceSys: sys, no: no}
		},
		fold: func(_ *lifecycle.Folder, facts []event.Rating, s *rating.State) {
			*s = rating.Fold(facts, cal, policy)
		},
		contest: func(s *rating.State) { s.Conflict = true },
	}
}
