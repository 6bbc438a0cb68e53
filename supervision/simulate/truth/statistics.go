package truth

import (
	"fmt"
	"math"
	"slices"

	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// Statistics count what the rules on organisations, sources and days look at.
// Their size depends on the world and the period, but for the bad ratings: one
// instant each.
type Statistics struct {
	from, days int32
	sent, late []int32 // facts by organisation and day of sending
	applied    []int32 // by organisation and day of the application
	returns    map[orgMonth]*[2]int32
	bad        [][]int64 // valid bad ratings by item
}

type orgMonth struct{ org, month int32 } // month: first local day

// NewStatistics makes the counts of a period, all zero.
func NewStatistics(w *world.World, from, to int32) Statistics {
	s := Statistics{from: from, days: to - from + 90, returns: map[orgMonth]*[2]int32{}, bad: make([][]int64, len(w.Items))}
	n := len(w.Orgs) * int(s.days)
	s.sent, s.late, s.applied = make([]int32, n), make([]int32, n), make([]int32, n)
	return s
}

// cell is the place of an organisation's day; -1 beyond the days that count.
func (s *Statistics) cell(org, day int32) int {
	if day < s.from || day >= s.from+s.days {
		return -1
	}
	return int(org*s.days + day - s.from)
}

// Count enters the facts in force about a subject that was just judged.
func (s *Statistics) Count(j *Judge, org int32) {
	for i := range j.facts {
		f := &j.facts[i]
		if f.pushed > j.asOf {
			continue
		}
		if c := s.cell(org, world.LocalDay(f.pushed)); c >= 0 {
			s.sent[c]++
			s.late[c] += int32(world.One(f.pushed-f.at > day24))
		}
	}
	if j.s.Ticket {
		s.countReturns(j)
		return
	}
	for i := range j.facts {
		if f := &j.facts[i]; f.Is(event.Apply) {
			if j.s.HeadSince <= world.EndOf(world.LocalDay(f.at)) {
				break // counted by its sub-cases
			}
			if c := s.cell(org, world.LocalDay(f.at)); c >= 0 {
				s.applied[c]++
			}
			break
		}
	}
}

// CountBad enters the bad ratings of a case that count, those left out that a supervisor has
// found to be wrong (R-SAT-05).
func (s *Statistics) CountBad(j *Judge, x *plan.Subject) {
	for i := range x.Facts {
		f := &x.Facts[i]
		if f.About != plan.AboutRating || f.Level > 2 || !RatingCounts(j.world, f, j.asOf) {
			continue
		}
		if !f.Wrong(j.asOf) {
			s.bad[x.Item] = append(s.bad[x.Item], f.At)
		}
	}
}

// RatingCounts reports whether a rating is valid and in force at an instant (domain guide 4).
func RatingCounts(w *world.World, f *plan.Fact, asOf int64) bool {
	late := w.Days.Count(world.LocalDay(f.Served), world.LocalDay(f.At)) > 5
	replaced := f.ReplacedAt != 0 && f.ReplacedAt <= asOf
	return f.At <= asOf && !f.Superseded && !f.IsDefault && !f.FollowUp && !f.Barred && !late && !replaced
}

// countReturns counts returns by the month they were made in, and of them those
// that were rejected before the month was over.
func (s *Statistics) countReturns(j *Judge) {
	var with int32
	for i := range j.facts {
		f := &j.facts[i]
		switch event.TicketType(f.Type) {
		case event.TDispatch, event.TRedispatch:
			with = f.Org
		case event.TReturn:
			d := world.Date(world.LocalDay(f.at))
			month := orgMonth{with, world.DayOf(d.Year(), int(d.Month()), 1)}
			cell := s.returns[month]
			if cell == nil {
				cell = &[2]int32{}
				s.returns[month] = cell
			}
			cell[0]++
			for k := i + 1; k < len(j.facts); k++ {
				if g := &j.facts[k]; event.TicketType(g.Type) == event.TRedispatch {
					cell[1] += int32(world.One(!g.Flag && g.at < world.StartOf(world.NextMonth(month.month))))
					break
				}
			}
		}
	}
}

// Source says what rules have to say about what the source sent of an organisation.
func (j *Judge) Source(s *Statistics, r *Rates, org int32) []Chain {
	j.afresh()
	code := j.world.Orgs[org].Code
	s.lateShares(j, org, code)
	r.incomplete(j, org, code)
	return j.chains
}

// Organisation says what rules on shares and numbers have to say about an organisation
// up to a local day.
func (j *Judge) Organisation(s *Statistics, r *Rates, org, to int32) []Chain {
	j.afresh()
	s.volumes(j, org)
	s.returned(j, org, to)
	r.manipulated(j, org)
	r.compared(j, j.world, org, to)
	for _, i := range j.world.Orgs[org].Items {
		s.clusters(j, j.world.Items[i].Task, s.bad[i])
	}
	return j.chains
}

// lateShares is R-DAT-01: a fact that was sent more than a day late is a notice
// through the next day; more than five of a hundred, of twenty at least, a card.
func (s *Statistics) lateShares(j *Judge, org int32, code string) {
	for day := s.from; day < s.from+s.days; day++ {
		c := s.cell(org, day)
		if s.late[c] == 0 {
			continue
		}
		clock := world.Date(day).Format("2006-01-02") + "/" + code
		if s.sent[c] >= 20 && s.late[c]*100 > s.sent[c]*5 {
			j.raise("R-DAT-01", clock, Step{world.StartOf(day + 1), yellow})
		} else {
			j.raise("R-DAT-01", clock, Step{world.StartOf(day + 1), notice}, Step{world.StartOf(day + 2), Cleared})
		}
	}
}

// returned is the part of R-HOT-03 about rates: of the returns of a month, five
// at least, more than a fifth were rejected.
func (s *Statistics) returned(j *Judge, org, to int32) {
	d := world.Date(s.from)
	for month := world.DayOf(d.Year(), int(d.Month()), 1); month <= to; month = world.NextMonth(month) {
		n := s.returns[orgMonth{org, month}]
		if n != nil && n[0] >= 5 && n[1]*100 > n[0]*20 {
			j.raise("R-HOT-03-R", world.Date(month).Format("2006-01"), Step{world.StartOf(world.NextMonth(month)), yellow})
		}
	}
}

// volumes is R-DAT-04: applications of a day more than four deviations off what
// the weekday had in the half year before, working days with working days.
func (s *Statistics) volumes(j *Judge, org int32) {
	const weeks = 26
	for day := s.from; world.StartOf(day+1) <= j.asOf && day < s.from+s.days; day++ {
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
			if d >= first && j.world.Days.Working(d) == j.world.Days.Working(day) {
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
			j.raise("R-DAT-04", world.Date(day).Format("2006-01-02"), Step{world.StartOf(day + 1), notice})
		}
	}
}

// clusters is R-SAT-05: the fifth valid bad rating of an item within thirty days.
// Days are judged when they are over.
func (s *Statistics) clusters(j *Judge, task string, at []int64) {
	const days, many = 30, 5
	slices.Sort(at)
	full, low := false, 0
	for i := range at {
		if world.StartOf(world.LocalDay(at[i])+1) > j.asOf {
			return
		}
		for at[i]-at[low] > days*world.DayMillis {
			low++
		}
		was := full
		if full = i-low+1 >= many; full && !was {
			j.raise("R-SAT-05", fmt.Sprintf("item/%s/%s", task, world.Date(world.LocalDay(at[i])).Format("2006-01-02")), Step{at[i], warning})
		}
	}
}
