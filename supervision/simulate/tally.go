package simulate

import (
	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// tally adds up figures from plans, in memory that depends on the world only.
type tally struct {
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

// newTally makes the figures of a period as of an instant, all zero.
func newTally(w *world.World, from, to, asOf int64) *tally {
	t := &tally{
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
func (t *tally) cells(org, region int32, others ...*Figures) [5]*Figures {
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

// span is a question: what happened in [from, to), asked at an instant.
type span struct {
	from, to, asOf int64
	openToo        bool // count what is open at the instant
}

// lastInstant is the last one whose facts the question sees: a period does not
// hold its end, so what takes effect at just that instant (a fact, or an
// acceptance by law at midnight) belongs to the next one. Dues and pauses are
// judged at the end itself.
func (s span) lastInstant() int64 { return min(s.asOf, s.to-1) }

func (s span) has(at int64) bool { return at != 0 && at >= s.from && at < s.to }

// addCase adds a planned case and returns what is true of it at the instant of
// the ledger.
func (t *tally) addCase(s *plan.Subject) caseTruth {
	w := t.world
	truth := truthOfCase(w, s, t.asOf)
	if s.Test || s.Secret {
		return truth
	}
	question := span{t.from, t.to, t.asOf, false}
	atEnd := truthOfCase(w, s, question.lastInstant())
	channel := &t.channels[position(event.Channels(), s.Channel)]
	for _, f := range t.cells(s.Org, s.Region, &t.items[s.Item], channel) {
		if f != nil {
			countCase(f, w, s, &truth, question)
			countEnd(f, w, s, &truth, question)
			countOpen(ownCell(f, s, t.asOf), &atEnd, question.asOf, truth.excluded == "" && question.has(truth.stopAt))
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
		closed, then := truthOfCase(w, s, asked.asOf), truthOfCase(w, s, asked.lastInstant())
		countCase(&m.closed, w, s, &closed, asked)
		countEnd(&m.closed, w, s, &closed, asked)
		countOpen(ownCell(&m.closed, s, asked.asOf), &then, asked.asOf, closed.excluded == "" && asked.has(closed.stopAt))
		countOpen(ownCell(&m.asOf, s, t.asOf), &then, asked.asOf, truth.excluded == "" && asked.has(truth.stopAt))
		countRatings(&m.closed, w, s, &closed, asked)
		if last < m.to && !closed.open() {
			break // nothing more will ever happen to it
		}
	}
	return truth
}

// ownCell is the cell of a case, nil for the parent of a joint case as far as that is known:
// it counts by its sub-cases.
func ownCell(f *Figures, s *plan.Subject, asOf int64) *Figures {
	if s.HeadSince <= asOf {
		return nil
	}
	return f
}

// countCase adds one case to one cell; nil cells are nobody's.
func countCase(f *Figures, w *world.World, s *plan.Subject, t *caseTruth, q span) {
	if f = ownCell(f, s, q.asOf); f == nil {
		return
	}
	if q.has(t.appliedAt) {
		f.C01++
		f.C07.count(plan.Online(s.Channel), true)
	}
	f.C02 += int64(world.One(q.has(t.acceptedAt)))
	f.C03 += int64(world.One(q.has(t.completedAt()) && t.excluded != "incomplete"))
	if !q.has(t.stopAt) || t.excluded != "" {
		return
	}
	if !t.immediate {
		f.D04.count(w.Days.Count(world.LocalDay(t.stopAt), world.LocalDay(t.promiseDue)) >= 1, true)
	}
}

// countEnd adds the end of a case to the figures of the limits. A period that was over when
// the case was reopened keeps the end that it had in it.
func countEnd(f *Figures, w *world.World, s *plan.Subject, t *caseTruth, q span) {
	if f = ownCell(f, s, q.asOf); f == nil {
		return
	}
	for i := range s.Facts {
		x := &s.Facts[i]
		if x.About == plan.AboutCase && x.Is(event.Reopen) && !x.Superseded && !x.Illegal && x.At >= q.to && x.At <= q.asOf {
			was := truthOfCase(w, s, x.At-1)
			t = &was
			break
		}
	}
	if !q.has(t.stopAt) {
		return
	}
	if !t.outByLaw() {
		f.D03.count(t.stopAt <= t.legalDue, true)
	}
	if t.excluded == "" {
		f.D01.count(t.stopAt <= t.promiseDue, true)
	}
}

// countOpen adds a case that is open at an instant to one cell; nil cells are nobody's. Stopped says
// that it is known by now to have been stopped before, so that it counts as such.
func countOpen(f *Figures, t *caseTruth, at int64, stopped bool) {
	if f == nil || t.appliedAt == 0 || !t.open() {
		return
	}
	f.C04++
	if stopped {
		return
	}
	f.C05 += int64(world.One(t.late(t.promiseDue, at)))
	f.D01.count(false, t.late(t.promiseDue, at))
	f.D03.count(false, t.late(t.legalDue, at))
}

// countRatings adds the ratings of a case to one cell.
func countRatings(f *Figures, w *world.World, s *plan.Subject, t *caseTruth, q span) {
	rated := false
	for i := range s.Facts {
		r := &s.Facts[i]
		if r.About != plan.AboutRating || r.Superseded || r.At > q.asOf {
			continue
		}
		replaced := r.ReplacedAt != 0 && r.ReplacedAt <= q.asOf // the latest counts, also when it was found to be wrong
		rated = rated || !r.IsDefault && !r.Barred && !replaced && !r.Wrong(q.asOf)
		countRating(f, w, r, q)
	}
	if t != nil && s.HeadSince > q.asOf && q.has(t.completedAt()) && t.excluded != "incomplete" {
		f.E01.count(rated, true)
	}
}

// countRating adds one rating if it is valid (domain guide 4): the applicant's
// own, not taken out, the last one within five working days of the service.
func countRating(f *Figures, w *world.World, r *plan.Fact, q span) {
	late := w.Days.Count(world.LocalDay(r.Served), world.LocalDay(r.At)) > 5
	replaced := r.ReplacedAt != 0 && r.ReplacedAt <= q.asOf
	if !q.has(r.At) || r.IsDefault || r.FollowUp || r.Barred || late || replaced || r.Wrong(q.asOf) {
		return
	}
	f.E02.count(r.Level >= 3, true)
	f.E03.count(r.Level >= 4, true)
	f.E04.count(r.Level <= 2, true)
	f.E05.add(Ratio{Numerator: [6]int64{0, 0, 30, 60, 80, 100}[r.Level], Denominator: 1})
}

// addTicket adds a planned ticket and returns what is true of it at the
// instant of the ledger.
func (t *tally) addTicket(s *plan.Subject) ticketTruth {
	w := t.world
	truth := truthOfTicket(w, s, t.asOf)
	if s.Test {
		return truth
	}
	question := span{t.from, t.to, t.asOf, true}
	medium := &t.media[position(event.TicketChannels(), s.Channel)]
	for _, f := range t.cells(truth.org, s.Region, medium) {
		countTicket(f, &truth, question)
	}
	for _, f := range t.cells(truth.org, s.Region) {
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
		then := truthOfTicket(w, s, asked.asOf)
		countTicket(&m.closed, &then, asked)
		countDue(&m.asOf, &then, asked, truth.excluded == "" && asked.has(truth.stopAt))
		countRatings(&m.closed, w, s, nil, asked)
		if last < m.to && then.due < m.to && (then.closedAt != 0 || then.excluded != "") {
			break
		}
	}
	return truth
}

// countTicket adds one ticket to one cell.
func countTicket(f *Figures, t *ticketTruth, q span) {
	if f == nil || t.receivedAt == 0 {
		return
	}
	if q.has(t.receivedAt) {
		f.F01++
		f.F01Valid += int64(world.One(t.excluded != "invalid" && t.excluded != "merged"))
	}
	if t.dispatchedAt == 0 || t.excluded != "" {
		return
	}
	if q.has(t.stopAt) {
		f.F06.count(t.stopAt <= t.due, true)
	}
	if q.openToo {
		countDue(f, t, q, false)
	}
}

// countDue adds a ticket that is due, or open past it, at an instant to one
// cell; stopped as in countOpen.
func countDue(f *Figures, t *ticketTruth, q span, stopped bool) {
	if t.dispatchedAt == 0 || t.excluded != "" {
		return
	}
	if !stopped && t.stopAt == 0 && q.asOf > t.due {
		f.F06.count(false, true)
	}
	if q.has(t.due) && t.due <= q.asOf {
		f.F07.count(t.closedAt != 0, true)
	}
}

// lastEvent returns the time of the last fact about a subject.
func lastEvent(s *plan.Subject) int64 {
	var last int64
	for i := range s.Facts {
		last = max(last, s.Facts[i].At)
	}
	return last
}

// figures settles everything and names it.
func (t *tally) figures() FigureLedger {
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
