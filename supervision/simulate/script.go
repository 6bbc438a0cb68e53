package simulate

import (
	"math/rand/v2"

	"duban/supervision/simulate/world"
)

// subject is the planned life of one case or ticket: everything that will ever
// be said about it, in order of time.
type subject struct {
	ticket bool
	index  int64
	no     []byte // case_no or ticket_no
	day    int32  // local day of its beginning

	org    int32 // the organisation that answers for it
	region int32
	item   int32 // cases only
	// acceptedAt is when the case is accepted in the end, by the office or by law.
	acceptedAt int64
	// channel is apply_channel or ticket_channel, kind the ticket_type.
	channel string
	kind    string
	called  string
	topic   string
	linked  string // case_no that a ticket is about
	// linkedTicket is the ticket that this one is merged into.
	linkedTicket string

	test, secret, urgent bool
	// joint marks a sub-case of a project.
	joint bool
	// parent is the number of its parent where that exists.
	parent string
	// headSince is since when it is the parent of a joint case, whose sub-cases are judged
	// and counted in its place; forever when it is none.
	headSince int64
	// family is set on the first of several lives that belong together.
	family family
	// planted is the rule that this life breaks on purpose, "" = none.
	planted string
	// caller and place are who calls about what place.
	caller, place string
	// burst numbers from 1 the tickets in which one caller comes back with one
	// matter; 0 = the caller calls once.
	burst int32

	facts []fact
	sends []send
	next  int // index of the next send
}

// fact is one planned message about a subject: an event or a rating.
type fact struct {
	at    int64
	about about
	typ   string // case or ticket event type; empty for a rating
	// no numbers the events of the subject; event id and seq come from it.
	no       int32
	revision int32
	// superseded: a higher revision of the same event is in force.
	superseded bool

	org      int32 // organisation named on the message
	activity string
	days     int32  // approved, extended or promised days
	word     string // suspend type, result type, actor, step …
	to       int32  // organisation a transfer or dispatch leads to
	flag     bool   // snapshot given, return accepted, wish granted …
	target   int32  // no of the fact that a void or amend names
	flaws    flaws  // what the message says or leaves out against a rule
	delay    int64  // milliseconds between the event and its sending, beyond the usual
	// illegal: the life cycle does not allow the event in the state it meets.
	illegal bool
	// afterwards: sent when the product has announced what came before.
	afterwards bool

	// voidedAt is when a void of this fact was decided, 0 for never.
	voidedAt int64
	// amendedAt is when an amendment was decided, 0 for never; it set the time
	// to amendedTo (0 = kept) or the days to amendedDays (-1 = kept).
	amendedAt   int64
	amendedTo   int64
	amendedDays int32

	// For ratings.
	level                       int32
	rater                       int32
	served                      int64
	isDefault, followUp, barred bool
	replacedAt                  int64 // 0 = never
	excludedAt                  int64 // a supervisor found the rating to be wrong; 0 = never
}

// about says what kind of message a fact is.
type about uint8

// The kinds of facts.
const (
	aboutCase about = iota
	aboutTicket
	aboutRating
)

// send is one message on its way: a fact at the moment its source sends it.
type send struct {
	at   int64
	fact int32
	mode sendMode
}

// sendMode says what is sent.
type sendMode uint8

// The ways in which a fact is sent.
const (
	sendOriginal  sendMode = iota
	sendAgain              // the same bytes
	sendAgainLate          // the same fact with another emit_time
	sendConflict           // the same identity with other content
)

// reset makes a used subject ready for a new plan and keeps its memory.
func (s *subject) reset() {
	*s = subject{no: s.no[:0], facts: s.facts[:0], sends: s.sends[:0], headSince: world.Forever}
}

// Oracle tells a planner where a life stands, so that it keeps away from what
// neither law nor contract decides.
type Oracle interface {
	// Standing is where a life stands at an instant, by what is planned of it so far.
	Standing(s *subject, at int64) Standing
}

// Standing is where a life stands: since when its limits run, and its dues; those
// of a ticket are one.
type Standing struct{ Began, PromiseDue, LegalDue int64 }

// Injector plans lives that break a rule in the place of lawful ones.
type Injector interface {
	// Case plans the case that was begun so that it breaks a rule; false leaves it lawful.
	Case(stream uint64, index int64) bool
	// Ticket does the same for a ticket that has been received.
	Ticket(stream uint64, index int64) bool
}

// planner plans lives. It holds the random numbers of the life at hand; they
// depend on the seed and the subject's index only.
type planner struct {
	world  *world.World
	source *rand.PCG
	r      *rand.Rand
	seed   uint64
	s      *subject
	t      int64 // cursor: the time of the last fact
	no     int32
	acting int32      // the organisation that has the subject in hand
	recent [64]string // case numbers that tickets may be about
	// lastTicket is a ticket that others may be merged into.
	lastTicket string
	oracle     Oracle
	injector   Injector
	// endDay and asOfDay are the days of the end of the period and of the
	// instant that the ledger describes.
	endDay, asOfDay int32
}

// newPlanner makes one that asks an oracle where its lives stand.
func newPlanner(w *world.World, oracle Oracle, seed uint64, endDay, asOfDay int32) *planner {
	source := rand.NewPCG(seed, 0)
	return &planner{world: w, oracle: oracle, source: source, r: rand.New(source), seed: seed, endDay: endDay, asOfDay: asOfDay}
}

// begin starts the plan of a subject.
func (p *planner) begin(s *subject, stream uint64, index int64, day int32) {
	p.source.Seed(p.seed, stream<<56|uint64(index))
	s.reset()
	s.index, s.day = index, day
	p.s, p.t, p.no = s, world.StartOf(day), 0
}

// standing is where the life at hand stands at the cursor.
func (p *planner) standing() Standing { return p.oracle.Standing(p.s, p.t) }

// promised returns the local day of the promised due as the life stands.
func (p *planner) promised() int32 { return world.LocalDay(p.standing().PromiseDue) }

// chance reports true with a probability.
func (p *planner) chance(probability float64) bool { return p.r.Float64() < probability }

// between returns a whole number from low to high, both included.
func (p *planner) between(low, high int32) int32 { return low + p.r.Int32N(high-low+1) }

// add writes a fact at the cursor. The pointer holds until the next add.
func (p *planner) add(topic about, typ, activity string) *fact {
	p.no++
	p.s.facts = append(p.s.facts, fact{
		at: p.t, about: topic, typ: typ, no: p.no, org: p.acting, activity: activity, amendedDays: -1, days: -1,
	})
	return &p.s.facts[len(p.s.facts)-1]
}

// soon moves the cursor on by low to high seconds.
func (p *planner) soon(low, high int64) {
	p.t += low*1000 + p.r.Int64N((high-low)*1000+1)
}

// today returns the local day of the cursor.
func (p *planner) today() int32 { return world.LocalDay(p.t) }

// Hours of work: 08:30 to 12:00 and 14:00 to 16:30. Nothing is planned around
// closing time, so that no rule about it decides a figure.
const (
	morning   = (8*60 + 30) * 60 * 1000
	noon      = 12 * 60 * 60 * 1000
	afternoon = 14 * 60 * 60 * 1000
	evening   = (16*60 + 30) * 60 * 1000
	worked    = noon - morning + evening - afternoon
)

// officeTime returns a random instant in the working hours of a day.
func (p *planner) officeTime(day int32) int64 {
	t := p.r.Int64N(worked)
	if t < noon-morning {
		return world.StartOf(day) + morning + t
	}
	return world.StartOf(day) + afternoon + t - (noon - morning)
}

// onDay moves the cursor to the working hours of a day, but never back: when
// they are behind it, it moves on by some minutes.
func (p *planner) onDay(day int32) {
	if t := p.officeTime(day); t > p.t {
		p.t = t
		return
	}
	p.soon(120, 900)
}

// inDays moves the cursor n working days on; 0 is later today when work goes
// on, else the next working day.
func (p *planner) inDays(n int32) {
	today := p.today()
	if n == 0 && p.t < world.StartOf(today)+evening && p.world.Days.Working(today) {
		p.onDay(today)
		return
	}
	p.onDay(p.world.Days.Add(today, max(n, 1)))
}
