package encode

import (
	"strconv"

	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// Encoder writes the messages of a subject as JSON. The bytes of all messages
// are cut from large blocks, so that a publisher may keep them.
type Encoder struct {
	world  *world.World
	source string
	Stamps *Stamps
	block  []byte
	// first marks that no member of the object at hand is written yet.
	first bool
	tags  []string // buffer
}

// New makes one that is quick about the instants of a period.
func New(w *world.World, source string, from, to int32) *Encoder {
	return &Encoder{world: w, source: source, Stamps: newStamps(from, to)}
}

const blockSize = 1 << 18

// Message returns the key and the value of a send.
func (e *Encoder) Message(s *plan.Subject, x plan.Send) (event.Topic, []byte, []byte) {
	f := &s.Facts[x.Fact]
	if cap(e.block)-len(e.block) < 4096 {
		e.block = make([]byte, 0, blockSize)
	}
	start := len(e.block)
	e.block = append(append(append(e.block, e.source...), '\x1f'), s.No...)
	middle := len(e.block)
	emitted := x.At
	if x.Mode == plan.SendAgain {
		emitted = plan.FirstSend(s, x.Fact)
	}
	topic := event.TopicCases
	switch f.About {
	case plan.AboutCase:
		e.caseEvent(s, f, emitted, x.Mode == plan.SendConflict)
	case plan.AboutTicket:
		topic = event.TopicTickets
		e.ticketEvent(s, f, emitted, x.Mode == plan.SendConflict)
	case plan.AboutRating:
		topic = event.TopicRatings
		e.rating(s, f, emitted, x.Mode == plan.SendConflict)
	}
	end := len(e.block)
	return topic, e.block[start:middle:middle], e.block[middle:end:end]
}

func (e *Encoder) open() { e.block, e.first = append(e.block, '{'), true }

func (e *Encoder) close() { e.block, e.first = append(e.block, '}'), false }

// key writes a member's name. Names and words need no escapes: none holds a
// quote, a backslash or a control character.
func (e *Encoder) key(name string) {
	if !e.first {
		e.block = append(e.block, ',')
	}
	e.first = false
	e.block = append(append(append(e.block, '"'), name...), '"', ':')
}

func (e *Encoder) text(name, value string) {
	if value != "" {
		e.key(name)
		e.block = append(append(append(e.block, '"'), value...), '"')
	}
}

func (e *Encoder) number(name string, value int64) {
	e.key(name)
	e.block = strconv.AppendInt(e.block, value, 10)
}

func (e *Encoder) truth(name string, value bool) {
	e.key(name)
	e.block = strconv.AppendBool(e.block, value)
}

func (e *Encoder) instant(name string, at int64) {
	e.key(name)
	e.block = append(e.Stamps.Append(append(e.block, '"'), at), '"')
}

// serial writes a number made of letters, the subject's own and a count.
func (e *Encoder) serial(name, letters string, subject []byte, n int32) {
	e.key(name)
	e.block = append(append(append(e.block, '"'), letters...), subject...)
	if n >= 0 {
		e.block = strconv.AppendInt(append(e.block, '-'), int64(n), 10)
	}
	e.block = append(e.block, '"')
}

// envelope writes what case and ticket events have in common. A conflicting
// rewrite claims another minute for the same event.
func (e *Encoder) envelope(s *plan.Subject, f *plan.Fact, emitted int64, conflict bool, subjectKey string) {
	e.open()
	e.serial("event_id", "", s.No, f.No)
	if f.Revision > 0 {
		e.number("revision", int64(f.Revision))
	}
	e.text("source_sys", e.source)
	e.serial(subjectKey, "", s.No, -1)
	e.number("seq", int64(f.No))
	e.text("event_type", f.Type)
	at := f.At
	if conflict {
		at -= 61_000
	}
	e.instant("event_time", at)
	e.instant("emit_time", emitted)
	e.text("region_code", e.world.Regions[s.Region].Code)
	e.text("org_code", e.world.Orgs[f.Org].Code)
}

// approval writes who approved that a fact replaces what was told.
func (e *Encoder) approval(f *plan.Fact) {
	if f.Revision > 0 {
		e.text("revision_approver", "agency_head")
	}
}

// staff writes a pseudonym of the person at the desk: one of a dozen per organisation.
func (e *Encoder) staff(s *plan.Subject, f *plan.Fact) {
	e.key("staff_id")
	e.block = append(append(e.block, '"', 'P'), e.world.Orgs[f.Org].Code[12:]...)
	e.block = append(e.block, '-')
	who := s.Index*7 + int64(f.No)/4
	switch event.CaseType(f.Type) {
	case event.Accept:
		who = s.Index * 7
	case event.Decide, event.Finish: // never the one who accepted, unless the plan says so
		who = s.Index*7 + 5*int64(world.One(f.Flaws&plan.SameStaff == 0))
	}
	e.block = append(world.AppendPadded(e.block, who%12+1, 2), '"')
}
