package simulate

import (
	"fmt"
	"math"
	"slices"

	"duban/ingest/event"
)

// statistics count what the rules on organisations, sources and days look at.
// Their size depends on the world and the period, but for the bad ratings: one
// instant each.
type statistics struct {
	from, days int32
	sent, late []int32 // facts by organisation and day of sending
	applied    []int32 // by organisation and day of the application
	returns    map[orgMonth]*[2]int32
	bad        [][]int64 // valid bad ratings by item
}

type orgMonth struct{ org, month int32 } // month: first local day

// newStatistics makes the counts of a period, all zero.
func newStatistics(w *world, from, to int32) statistics {
	s := statistics{from: from, days: to - from + 90, returns: map[orgMonth]*[2]int32{}, bad: make([][]int64, len(w.items))}
	n := len(w.orgs) * int(s.days)
	s.sent, s.late, s.applied = make([]int32, n), make([]int32, n), make([]int32, n)
	return s
}

// cell is the place of an organisation's day; -1 beyond the days that count.
func (s *statistics) cell(org, day int32) int {
	if day < s.from || day >= s.from+s.days {
		return -1
	}
	return int(org*s.days + day - s.from)
}

// count enters the facts in force about a subject that was just judged.
func (s *statistics) count(j *judge, org int32) {
	for i := range j.facts {
		f := &j.facts[i]
		if f.pushed > j.asOf {
			continue
		}
		if c := s.cell(org, localDay(f.pushed)); c >= 0 {
			s.sent[c]++
			s.late[c] += int32(one(f.pushed-f.at > day24))
		}
	}
	if j.s.ticket {
		s.countReturns(j)
		return
	}
	for i := range j.facts {
		if f := &j.facts[i]; f.is(event.Apply) {
			if j.s.headSince <= endOf(localDay(f.at)) {
				break // counted by its sub-cases
			}
			if c := s.cell(org, localDay(f.at)); c >= 0 {
				s.applied[c]++
			}
			break
		}
	}
}

// countBad enters the bad ratings of a case that count, those left out that a supervisor has
// found to be wrong (R-SAT-05).
func (s *statistics) countBad(j *judge, x *subject) {
	for i := range x.facts {
		f := &x.facts[i]
		if f.about != aboutRating || f.level > 2 || !ratingCounts(j.world, f, j.asOf) {
			continue
		}
		if !f.wrong(j.asOf) {
			s.bad[x.item] = append(s.bad[x.item], f.at)
		}
	}
}

// ratingCounts reports whether a rating is valid and in force at an instant (domain guide 4).
func ratingCounts(w *world, f *fact, asOf int64) bool {
	late := w.days.count(localDay(f.served), localDay(f.at)) > 5
	replaced := f.replacedAt != 0 && f.replacedAt <= asOf
	return f.at <= asOf && !f.superseded && !f.isDefault && !f.followUp && !f.barred && !late && !replaced
}

// countReturns counts returns by the month they were made in, and of them those
// that were rejected before the month was over.
func (s *statistics) countReturns(j *judge) {
	var with int32
	for i := range j.facts {
		f := &j.facts[i]
		switch event.TicketType(f.typ) {
		case event.TDispatch, event.TRedispatch:
			with = f.org
		case event.TReturn:
			d := date(localDay(f.at))
			month := orgMonth{with, dayOf(d.Year(), int(d.Month()), 1)}
			cell := s.returns[month]
			if cell == nil {
				cell = &[2]int32{}
				s.returns[month] = cell
			}
			cell[0]++
			for k := i + 1; k < len(j.facts); k++ {
				if g := &j.facts[k]; event.TicketType(g.typ) == event.TRedispatch {
					cell[1] += int32(one(!g.flag && g.at < startOf(nextMonth(month.month))))
					break
				}
			}
		}
	}
}

// nextMonth returns the first day of the month after the one that begins on a day.
func nextMonth(first int32) int32 {
	d := date(first)
	return dayOf(d.Year(), int(d.Month())+1, 1)
}

// bookStatistics enters the alerts of the rules on organisations and sources.
func (r *run) bookStatistics() error {
	for i := range r.world.orgs {
		org := int32(i)
		if err := r.bookAlerts("source", []byte(r.config.Source), r.judge.judgeSource(&r.stats, &r.rates, org)); err != nil {
			return err
		}
		chains := r.judge.judgeOrganisation(&r.stats, &r.rates, org, r.to)
		if err := r.bookAlerts("org", []byte(r.world.orgs[i].code), chains); err != nil {
			return err
		}
	}
	return nil
}

// judgeSource says what rules have to say about what the source sent of an organisation.
func (j *judge) judgeSource(s *statistics, r *rates, org int32) []chain {
	j.afresh()
	code := j.world.orgs[org].code
	s.lateShares(j, org, code)
	r.incomplete(j, org, code)
	return j.chains
}

// judgeOrganisation says what rules on shares and numbers have to say about an organisation
// up to a local day.
func (j *judge) judgeOrganisation(s *statistics, r *rates, org, to int32) []chain {
	j.afresh()
	s.volumes(j, org)
	s.returned(j, org, to)
	r.manipulated(j, org)
	r.compared(j, j.world, org, to)
	for _, i := range j.world.orgs[org].items {
		s.clusters(j, j.world.items[i].task, s.bad[i])
	}
	return j.chains
}

// lateShares is R-DAT-01: a fact that was sent more than a day late is a notice
// through the next day; more than five of a hundred, of twenty at least, a card.
func (s *statistics) lateShares(j *judge, org int32, code string) {
	for day := s.from; day < s.from+s.days; day++ {
		c := s.cell(org, day)
		if s.late[c] == 0 {
			continue
		}
		clock := date(day).Format("2006-01-02") + "/" + code
		if s.sent[c] >= 20 && s.late[c]*100 > s.sent[c]*5 {
			j.raise("R-DAT-01", clock, turn{startOf(day + 1), yellow})
		} else {
			j.raise("R-DAT-01", clock, turn{startOf(day + 1), notice}, turn{startOf(day + 2), cleared})
		}
	}
}

// returned is the part of R-HOT-03 about rates: of the returns of a month, five
// at least, more than a fifth were rejected.
func (s *statistics) returned(j *judge, org, to int32) {
	d := date(s.from)
	for month := dayOf(d.Year(), int(d.Month()), 1); month <= to; month = nextMonth(month) {
		n := s.returns[orgMonth{org, month}]
		if n != nil && n[0] >= 5 && n[1]*100 > n[0]*20 {
			j.raise("R-HOT-03-R", date(month).Format("2006-01"), turn{startOf(nextMonth(month)), yellow})
		}
	}
}

// volumes is R-DAT-04: applications of a day more than four deviations off what
// the weekday had in the half year before, working days with working days.
func (s *statistics) volumes(j *judge, org int32) {
	const weeks = 26
	for day := s.from; startOf(day+1) <= j.asOf && day < s.from+s.days; day++ {
		first := int32(-1)
		for d := max(s.from, day-7*weeks); d <= day && first < 0; d++ {
			if s.applied[s.cell(org, d)] > 0 {
				first = d
			}
		}
		if first < 0 {
			continue
		}
		var n, sum float64
		var earlier [weeks]float64
		for d := day - 7*weeks; d < day; d += 7 {
			if d >= first && j.world.days.working(d) == j.world.days.working(day) {
				earlier[int(n)] = float64(s.applied[s.cell(org, d)])
				sum += earlier[int(n)]
				n++
			}
		}
		if n < 8 {
			continue
		}
		mean, squares := sum/n, 0.0
		for _, x := range earlier[:int(n)] {
			squares += (x - mean) * (x - mean)
		}
		z := (float64(s.applied[s.cell(org, day)]) - mean) / max(math.Sqrt(squares/(n-1)), 1)
		if math.Abs(z) > 4 {
			j.raise("R-DAT-04", date(day).Format("2006-01-02"), turn{startOf(day + 1), notice})
		}
	}
}

// clusters is R-SAT-05: the fifth valid bad rating of an item within thirty days.
// Days are judged when they are over.
func (s *statistics) clusters(j *judge, task string, at []int64) {
	const days, many = 30, 5
	slices.Sort(at)
	full, low := false, 0
	for i := range at {
		if startOf(localDay(at[i])+1) > j.asOf {
			return
		}
		for at[i]-at[low] > days*dayMillis {
			low++
		}
		was := full
		if full = i-low+1 >= many; full && !was {
			j.raise("R-SAT-05", fmt.Sprintf("item/%s/%s", task, date(localDay(at[i])).Format("2006-01-02")), turn{at[i], warning})
		}
	}
}
