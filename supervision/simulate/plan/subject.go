package plan

import (
	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// FirstSend returns when a fact was sent for the first time.
func FirstSend(s *Subject, fact int32) int64 {
	for _, x := range s.Sends {
		if x.Fact == fact && x.Mode == SendOriginal {
			return x.At
		}
	}
	return 0
}

// Version returns the version of the item that a source names: before the
// acceptance the one of the application, from then on that of the acceptance.
func (s *Subject) Version(it *world.Item, at int64) string {
	if s.AcceptedAt != 0 && at >= s.AcceptedAt {
		return it.At(world.LocalDay(s.AcceptedAt)).Name
	}
	return it.At(s.Day).Name
}

// MemberAt is since when a sub-case counts as one: its acceptance; forever without one.
func (s *Subject) MemberAt() int64 {
	for i := range s.Facts {
		if f := &s.Facts[i]; f.Is(event.Accept) && !f.Superseded {
			return f.At
		}
	}
	return world.Forever
}

// Is reports whether a fact is a case event of a type.
func (f *Fact) Is(t event.CaseType) bool { return f.About == AboutCase && f.Type == string(t) }

// Subject is the planned life of one case or ticket: everything that will ever
// be said about it, in order of time.
type Subject struct {
	Ticket bool
	Index  int64
	No     []byte // case_no or ticket_no
	Day    int32  // local day of its beginning

	Org    int32 // the organisation that answers for it
	Region int32
	Item   int32 // cases only
	// AcceptedAt is when the case is accepted in the end, by the office or by law.
	AcceptedAt int64
	// Channel is apply_channel or ticket_channel, kind the ticket_type.
	Channel string
	Kind    string
	Called  string
	Topic   string
	Linked  string // case_no that a ticket is about
	// LinkedTicket is the ticket that this one is merged into.
	LinkedTicket string

	Test, Secret, Urgent bool
	// Joint marks a sub-case of a project.
	Joint bool
	// Parent is the number of its parent where that exists.
	Parent string
	// HeadSince is since when it is the parent of a joint case, whose sub-cases are judged
	// and counted in its place; forever when it is none.
	HeadSince int64
	// Family is set on the first of several lives that belong together.
	Family Family
	// Planted is the rule that this life breaks on purpose, "" = none.
	Planted string
	// Caller and place are who calls about what place.
	Caller, Place string
	// Repetition numbers from 1 the tickets in which one caller comes back with one
	// matter; 0 = the caller calls once.
	Repetition int32

	Facts []Fact
	Sends []Send
	Next  int // index of the next send
}

// Fact is one planned message about a subject: an event or a rating.
type Fact struct {
	At    int64
	About About
	Type  string // case or ticket event type; empty for a rating
	// No numbers the events of the subject; event id and seq come from it.
	No       int32
	Revision int32
	// Superseded: a higher revision of the same event is in force.
	Superseded bool

	Org      int32 // organisation named on the message
	Activity string
	Days     int32  // approved, extended or promised days
	Word     string // suspend type, result type, actor, step …
	To       int32  // organisation a transfer or dispatch leads to
	Flag     bool   // snapshot given, return accepted, wish granted …
	Target   int32  // no of the fact that a void or amend names
	Flaws    Flaws  // what the message says or leaves out against a rule
	Delay    int64  // milliseconds between the event and its sending, beyond the usual
	// Illegal: the life cycle does not allow the event in the state it meets.
	Illegal bool
	// Afterwards: sent when the product has announced what came before.
	Afterwards bool

	// VoidedAt is when a void of this fact was decided, 0 for never.
	VoidedAt int64
	// AmendedAt is when an amendment was decided, 0 for never; it set the time
	// to AmendedTo (0 = kept) or the days to AmendedDays (-1 = kept).
	AmendedAt   int64
	AmendedTo   int64
	AmendedDays int32

	// For ratings.
	Level                       int32
	Rater                       int32
	Served                      int64
	IsDefault, FollowUp, Barred bool
	ReplacedAt                  int64 // 0 = never
	ExcludedAt                  int64 // a supervisor found the rating to be wrong; 0 = never
}

// About says what kind of message a fact is.
type About uint8

// The kinds of facts.
const (
	AboutCase About = iota
	AboutTicket
	AboutRating
)

// Send is one message on its way: a fact at the moment its source sends it.
type Send struct {
	At   int64
	Fact int32
	Mode SendMode
}

// SendMode says what is sent.
type SendMode uint8

// The ways in which a fact is sent.
const (
	SendOriginal  SendMode = iota
	SendAgain              // the same bytes
	sendAgainLate          // the same fact with another emit_time
	SendConflict           // the same identity with other content
)

// reset makes a used subject ready for a new plan and keeps its memory.
func (s *Subject) reset() {
	*s = Subject{No: s.No[:0], Facts: s.Facts[:0], Sends: s.Sends[:0], HeadSince: world.Forever}
}

// Wrong reports whether a supervisor has excluded a rating by an instant.
func (f *Fact) Wrong(asOf int64) bool { return f.ExcludedAt != 0 && f.ExcludedAt <= asOf }

// TicketLimit is T5 in working days; an urgent ticket is due on its day.
func TicketLimit(s *Subject) int32 {
	switch {
	case s.Urgent:
		return 0
	case s.Kind == "consult":
		return 3
	}
	return 5
}
