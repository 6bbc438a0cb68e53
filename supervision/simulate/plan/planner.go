package plan

import (
	"math/rand/v2"

	"duban/supervision/simulate/world"
)

// Oracle tells a planner where a life stands, so that it keeps away from what
// neither law nor contract decides.
type Oracle interface {
	// Standing is where a life stands at an instant, by what is planned of it so far.
	Standing(s *Subject, at int64) Standing
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

// Planner plans lives. It holds the random numbers of the life at hand; they
// depend on the seed and the subject's index only.
type Planner struct {
	World  *world.World
	source *rand.PCG
	Rand   *rand.Rand
	Seed   uint64
	Life   *Subject
	At     int64 // cursor: the time of the last fact
	no     int32
	Acting int32      // the organisation that has the subject in hand
	recent [64]string // case numbers that tickets may be about
	// lastTicket is a ticket that others may be merged into.
	lastTicket string
	oracle     Oracle
	Injector   Injector
	// EndDay and asOfDay are the days of the end of the period and of the
	// instant that the ledger describes.
	EndDay, asOfDay int32
}

// New makes one that asks an oracle where its lives stand.
func New(w *world.World, oracle Oracle, seed uint64, endDay, asOfDay int32) *Planner {
	source := rand.NewPCG(seed, 0)
	return &Planner{World: w, oracle: oracle, source: source, Rand: rand.New(source), Seed: seed, EndDay: endDay, asOfDay: asOfDay}
}

// Begin starts the plan of a subject.
func (p *Planner) Begin(s *Subject, stream uint64, index int64, day int32) {
	p.source.Seed(p.Seed, stream<<56|uint64(index))
	s.reset()
	s.Index, s.Day = index, day
	p.Life, p.At, p.no = s, world.StartOf(day), 0
}

// Standing is where the life at hand stands at the cursor.
func (p *Planner) Standing() Standing { return p.oracle.Standing(p.Life, p.At) }

// Promised returns the local day of the promised due as the life stands.
func (p *Planner) Promised() int32 { return world.LocalDay(p.Standing().PromiseDue) }

// Chance reports true with a probability.
func (p *Planner) Chance(probability float64) bool { return p.Rand.Float64() < probability }

// Between returns a whole number from low to high, both included.
func (p *Planner) Between(low, high int32) int32 { return low + p.Rand.Int32N(high-low+1) }

// Add writes a fact at the cursor. The pointer holds until the next add.
func (p *Planner) Add(topic About, typ, activity string) *Fact {
	p.no++
	p.Life.Facts = append(p.Life.Facts, Fact{
		At: p.At, About: topic, Type: typ, No: p.no, Org: p.Acting, Activity: activity, AmendedDays: -1, Days: -1,
	})
	return &p.Life.Facts[len(p.Life.Facts)-1]
}

// Soon moves the cursor on by low to high seconds.
func (p *Planner) Soon(low, high int64) {
	p.At += low*1000 + p.Rand.Int64N((high-low)*1000+1)
}

// Today returns the local day of the cursor.
func (p *Planner) Today() int32 { return world.LocalDay(p.At) }

// OnDay moves the cursor to the working hours of a day, but never back: when
// they are behind it, it moves on by some minutes.
func (p *Planner) OnDay(day int32) {
	if t := p.OfficeTime(day); t > p.At {
		p.At = t
		return
	}
	p.Soon(120, 900)
}

// InDays moves the cursor n working days on; 0 is later today when work goes
// on, else the next working day.
func (p *Planner) InDays(n int32) {
	today := p.Today()
	if n == 0 && p.At < world.StartOf(today)+evening && p.World.Days.Working(today) {
		p.OnDay(today)
		return
	}
	p.OnDay(p.World.Days.Add(today, max(n, 1)))
}
