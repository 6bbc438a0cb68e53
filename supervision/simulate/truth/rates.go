package truth

import (
	"math"
	"time"

	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// Rates count what rules about shares of a month or day look at; their size
// depends on the world and the period only.
type Rates struct {
	from, days int32
	ratings    []ratingDay // by organisation and day
	finished   [][2]int32  // by organisation and day: finished, of them complete
	months     map[orgMonth]*monthRates
	last       []int64 // by organisation: the last fact of any of its cases
}

// ratingDay is one day of ratings of an organisation.
type ratingDay struct{ all, defaults, timed, quick, device int32 }

// monthRates is one month of cases of an organisation.
type monthRates struct{ decided, denied, accepted, terminated int32 }

// NewRates makes the counts of a period, all zero.
func NewRates(w *world.World, from, to int32) Rates {
	days := to - from + 1
	n := len(w.Orgs) * int(days)
	return Rates{from, days, make([]ratingDay, n), make([][2]int32, n), map[orgMonth]*monthRates{}, make([]int64, len(w.Orgs))}
}

func (s *Rates) cell(org, day int32) int {
	if day < s.from || day >= s.from+s.days {
		return -1
	}
	return int(org*s.days + day - s.from)
}

func (s *Rates) month(org int32, at int64) *monthRates {
	key := orgMonth{org, world.MonthOf(world.LocalDay(at))}
	m := s.months[key]
	if m == nil {
		m = &monthRates{}
		s.months[key] = m
	}
	return m
}

// CountRatings enters the ratings of a subject.
func (s *Rates) CountRatings(j *Judge, x *plan.Subject) {
	devices := map[int]int32{}
	for i := range x.Facts {
		f := &x.Facts[i]
		if f.About != plan.AboutRating || f.Superseded || f.Barred || f.FollowUp || f.At > j.asOf {
			continue
		}
		c := s.cell(f.Org, world.LocalDay(f.At))
		if c < 0 {
			continue
		}
		d := &s.ratings[c]
		d.all++
		if f.IsDefault {
			d.defaults++
			continue
		}
		d.timed++
		d.quick += int32(world.One(f.At-f.Served <= 2000))
		if f.Word == "device" && f.Level == 5 {
			devices[c]++
			d.device = max(d.device, devices[c])
		}
	}
}

// CountCase enters a case that was just judged: neither test nor secret. The parent of a
// joint case counts up to the month, and the day, in which its first sub-case was accepted.
func (s *Rates) CountCase(j *Judge, t *Case) {
	x := j.s
	s.last[x.Org] = max(s.last[x.Org], j.facts[len(j.facts)-1].at)
	own := func(at int64) bool {
		return x.HeadSince >= world.StartOf(world.NextMonth(world.MonthOf(world.LocalDay(at))))
	}
	if at := t.completedAt(); at != 0 && t.Excluded == "" && own(at) {
		m := s.month(x.Org, at)
		m.decided++
		m.denied += int32(world.One(j.result() == "denied"))
	}
	if t.FinishedAt != 0 && x.HeadSince > world.EndOf(world.LocalDay(t.FinishedAt)) {
		if c := s.cell(x.Org, world.LocalDay(t.FinishedAt)); c >= 0 {
			s.finished[c][0]++
			s.finished[c][1] += int32(world.One(t.Excluded != "incomplete" && t.AcceptedAt != 0))
		}
	}
	if t.Excluded == "incomplete" {
		return
	}
	if t.AcceptedAt != 0 && own(t.AcceptedAt) {
		s.month(x.Org, t.AcceptedAt).accepted++
	}
	for i := range j.facts {
		if f := &j.facts[i]; f.Is(event.Terminate) && f.Word != "applicant" && own(f.at) {
			s.month(x.Org, f.at).terminated++
			break
		}
	}
}

// result is what was decided in the end.
func (j *Judge) result() string {
	word := ""
	for i := range j.facts {
		switch f := &j.facts[i]; event.CaseType(f.Type) {
		case event.Decide, event.Finish, event.DeemedConsent:
			word = f.Word
		case event.Reopen:
			word = ""
		}
	}
	return word
}

// incomplete is R-DAT-02-S: of twenty cases or more that were finished on a day
// fewer than 98 of 100 have their beginning.
func (s *Rates) incomplete(j *Judge, org int32, code string) {
	for day := s.from; day < s.from+s.days && world.StartOf(day+1) <= j.asOf; day++ {
		if n := s.finished[s.cell(org, day)]; n[0] >= 20 && n[1]*100 < n[0]*98 {
			j.raise("R-DAT-02-S", world.Date(day).Format(time.DateOnly)+"/"+code, Step{world.StartOf(day + 1), yellow})
		}
	}
}

// manipulated is R-SAT-04, by day and pattern.
func (s *Rates) manipulated(j *Judge, org int32) {
	for day := s.from; day < s.from+s.days && world.StartOf(day+1) <= j.asOf; day++ {
		d := &s.ratings[s.cell(org, day)]
		for _, p := range []struct {
			name string
			is   bool
		}{
			{"device", d.device >= 20},
			{"default", d.all >= 30 && d.defaults*100 > d.all*80},
			{"quick", d.timed >= 30 && d.quick*100 > d.timed*50},
		} {
			if p.is {
				j.raise("R-SAT-04", world.Date(day).Format(time.DateOnly)+"/"+p.name, Step{world.StartOf(day + 1), yellow})
			}
		}
	}
}

// compared are R-DEN-03 and R-PRC-06R: an organisation against the others of its
// level and line, by month.
func (s *Rates) compared(j *Judge, w *world.World, org, to int32) {
	self := &w.Orgs[org]
	for month := world.MonthOf(s.from); month <= to && world.StartOf(world.NextMonth(month)) <= j.asOf; month = world.NextMonth(month) {
		own := s.months[orgMonth{org, month}]
		if own == nil {
			continue
		}
		var list []float64
		var sum float64
		var others, accepted, terminated int32
		for i := range w.Orgs {
			o := &w.Orgs[i]
			if int32(i) == org || o.Level != self.Level || o.Line != self.Line || s.last[i] < world.StartOf(month) {
				continue
			}
			others++
			m := s.months[orgMonth{int32(i), month}]
			if m == nil {
				continue
			}
			accepted += m.accepted
			terminated += m.terminated
			if m.decided >= 30 {
				list = append(list, float64(m.denied)/float64(m.decided))
				sum += list[len(list)-1]
			}
		}
		clock := world.Date(month).Format("2006-01")
		if own.decided >= 30 && len(list) >= 5 {
			mean, squares := sum/float64(len(list)), 0.0
			for _, x := range list {
				squares += (x - mean) * (x - mean)
			}
			if float64(own.denied)/float64(own.decided) > mean+3*math.Sqrt(squares/float64(len(list))) {
				j.raise("R-DEN-03", clock, Step{world.StartOf(world.NextMonth(month)), notice})
			}
		}
		if own.accepted >= 30 && own.terminated >= 3 && others >= 3 && accepted >= 30 &&
			int64(own.terminated)*int64(accepted) > 3*int64(terminated)*int64(own.accepted) {
			j.raise("R-PRC-06R", clock, Step{world.StartOf(world.NextMonth(month)), yellow})
		}
	}
}

// Tolerances are the shares of their alerts by which the statistical rules may
// be off: those that compare fractions with deviations, where the last bit of a
// sum may decide. All other rules have to be met exactly.
var Tolerances = map[string]float64{"R-DAT-04": 0.01, "R-DEN-03": 0.01}
