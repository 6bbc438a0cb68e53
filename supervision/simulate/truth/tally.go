package truth

import (
	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// Tally adds up figures from plans, in memory that depends on the world only.
type Tally struct {
	world    *world.World
	from, to int64
	asOf     int64
	total    Figures
	orgs     []Figures
	regions  []Figures // of the division itself, without what lies below
	items    []Figures
	channels []Figures // in the order of event.Channels
	media    []Figures // in the order of event.TicketChannels
	months   []month
}

// month is one calendar month of the period with its figures.
type month struct {
	name        string
	from, to    int64
	closed      Figures // asked at the end of the month
	asOf        Figures // asked at the ledger's instant, one month of a year
	closedAsked bool    // false for a month that has not begun at the ledger's instant
}

// NewTally makes the figures of a period as of an instant, all zero.
func NewTally(w *world.World, from, to, asOf int64) *Tally {
	t := &Tally{
		world: w, from: from, to: to, asOf: asOf,
		orgs: make([]Figures, len(w.Orgs)), regions: make([]Figures, len(w.Regions)), items: make([]Figures, len(w.Items)),
		channels: make([]Figures, len(event.Channels())), media: make([]Figures, len(event.TicketChannels())),
	}
	for at := from; at < to; {
		d := world.Date(world.LocalDay(at))
		next := world.StartOf(world.DayOf(d.Year(), int(d.Month())+1, 1))
		t.months = append(t.months, month{
			name: d.Format("2006-01"), from: at, to: min(next, to), closedAsked: at < asOf,
		})
		at = next
	}
	return t
}

// cells returns the cells that a subject's figures go into.
func (t *Tally) cells(org, region int32, others ...*Figures) [5]*Figures {
	cells := [5]*Figures{&t.total, &t.orgs[org], &t.regions[region]}
	copy(cells[3:], others)
	return cells
}

func position(list []string, word string) int {
	for i, w := range list {
		if w == word {
			return i
		}
	}
	return 0
}

// AddCase adds a planned case and returns what is true of it at the instant of
// the ledger.
func (t *Tally) AddCase(s *plan.Subject) Case {
	w := t.world
	truth := OfCase(w, s, t.asOf)
	if s.Test || s.Secret {
		return truth
	}
	question := span{t.from, t.to, t.asOf, false}
	atEnd := OfCase(w, s, question.lastInstant())
	channel := &t.channels[position(event.Channels(), s.Channel)]
	for _, f := range t.cells(s.Org, s.Region, &t.items[s.Item], channel) {
		if f != nil {
			countCase(f, w, s, &truth, question)
			countEnd(f, w, s, &truth, question)
			countOpen(ownCell(f, s, t.asOf), &atEnd, question.asOf, truth.Excluded == "" && question.has(truth.StopAt))
		}
	}
	for _, f := range t.cells(s.Org, s.Region) {
		if f != nil {
			countRatings(f, w, s, &truth, question)
		}
	}
	last := lastEvent(s)
	for i := range t.months {
		m := &t.months[i]
		if m.to <= s.Facts[0].At {
			continue
		}
		asked := span{m.from, m.to, t.asOf, false}
		countCase(&m.asOf, w, s, &truth, asked)
		countEnd(&m.asOf, w, s, &truth, asked)
		countRatings(&m.asOf, w, s, &truth, asked)
		if !m.closedAsked {
			continue
		}
		asked = span{m.from, m.to, min(m.to, t.asOf), false}
		closed, then := OfCase(w, s, asked.asOf), OfCase(w, s, asked.lastInstant())
		countCase(&m.closed, w, s, &closed, asked)
		countEnd(&m.closed, w, s, &closed, asked)
		countOpen(ownCell(&m.closed, s, asked.asOf), &then, asked.asOf, closed.Excluded == "" && asked.has(closed.StopAt))
		countOpen(ownCell(&m.asOf, s, t.asOf), &then, asked.asOf, truth.Excluded == "" && asked.has(truth.StopAt))
		countRatings(&m.closed, w, s, &closed, asked)
		if last < m.to && !closed.open() {
			break // nothing more will ever happen to it
		}
	}
	return truth
}

// AddTicket adds a planned ticket and returns what is true of it at the
// instant of the ledger.
func (t *Tally) AddTicket(s *plan.Subject) Ticket {
	w := t.world
	truth := ofTicket(w, s, t.asOf)
	if s.Test {
		return truth
	}
	question := span{t.from, t.to, t.asOf, true}
	medium := &t.media[position(event.TicketChannels(), s.Channel)]
	for _, f := range t.cells(truth.Org, s.Region, medium) {
		countTicket(f, &truth, question)
	}
	for _, f := range t.cells(truth.Org, s.Region) {
		if f != nil {
			countRatings(f, w, s, nil, question)
		}
	}
	last := lastEvent(s)
	for i := range t.months {
		m := &t.months[i]
		if m.to <= s.Facts[0].At {
			continue
		}
		asked := span{m.from, m.to, t.asOf, false}
		countTicket(&m.asOf, &truth, asked)
		countRatings(&m.asOf, w, s, nil, asked)
		if !m.closedAsked {
			continue
		}
		asked = span{m.from, m.to, min(m.to, t.asOf), true}
		then := ofTicket(w, s, asked.asOf)
		countTicket(&m.closed, &then, asked)
		countDue(&m.asOf, &then, asked, truth.Excluded == "" && asked.has(truth.StopAt))
		countRatings(&m.closed, w, s, nil, asked)
		if last < m.to && then.Due < m.to && (then.ClosedAt != 0 || then.Excluded != "") {
			break
		}
	}
	return truth
}

// Figures settles everything and names it.
func (t *Tally) Figures() FigureLedger {
	w := t.world
	l := FigureLedger{
		Total: t.total, ByOrg: map[string]*Figures{}, ByRegion: map[string]*Figures{}, ByItem: map[string]*Figures{},
		ByChannel: map[string]*Figures{}, ByTicketChannel: map[string]*Figures{},
		ByMonth: map[string]*Figures{}, ByMonthAsOf: map[string]*Figures{},
	}
	l.Total.settle()
	put := func(to map[string]*Figures, key string, f *Figures) {
		if *f == (Figures{}) {
			return
		}
		sum := to[key]
		if sum == nil {
			sum = &Figures{}
			to[key] = sum
		}
		sum.add(f)
		sum.settle()
	}
	for i := range w.Orgs {
		put(l.ByOrg, w.Orgs[i].Code, &t.orgs[i])
	}
	for i := range w.Regions {
		for _, above := range w.Regions[i].Path {
			put(l.ByRegion, w.Regions[above].Code, &t.regions[i])
		}
	}
	for i := range w.Items {
		put(l.ByItem, w.Items[i].Task, &t.items[i])
	}
	for i, channel := range event.Channels() {
		put(l.ByChannel, channel, &t.channels[i])
	}
	for i, channel := range event.TicketChannels() {
		put(l.ByTicketChannel, channel, &t.media[i])
	}
	for i := range t.months {
		m := &t.months[i]
		put(l.ByMonth, m.name, &m.closed)
		put(l.ByMonthAsOf, m.name, &m.asOf)
	}
	return l
}
