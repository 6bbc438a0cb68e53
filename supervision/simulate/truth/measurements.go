package truth

import (
	"time"

	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// Calls says what rules have to say about the hotline.
func (j *Judge) Calls(calls []plan.CallDay, from int32) []Chain {
	j.afresh()
	j.connected(calls, from)
	return j.chains
}

// connected is R-HOT-08: a run of days with fewer than 95 of 100 calls answered
// is a warning from the end of its first day, a card from the end of its third;
// the first good day ends a warning.
func (j *Judge) connected(calls []plan.CallDay, from int32) {
	for i := 0; i < len(calls); i++ {
		if !calls[i].Low() {
			continue
		}
		first := i
		for i < len(calls) && calls[i].Low() {
			i++
		}
		end := func(k int) int64 { return world.StartOf(from + int32(k) + 1) }
		steps := []Step{{end(first), warning}}
		switch {
		case i-first >= 3:
			steps = append(steps, Step{end(first + 2), yellow})
		case i < len(calls):
			steps = append(steps, Step{end(i), Cleared})
		}
		j.raise("R-HOT-08", world.Date(from+int32(first)).Format(time.DateOnly), steps...)
	}
}

// Target is R-ORD-05: from the sixtieth day before the date each measurement is
// held against the straight path; from the date on the goal has to be met.
func (j *Judge) Target(t *plan.Target) []Chain {
	j.afresh()
	list, began, due := t.Readings, t.Began, t.Due
	look := due - 60*world.DayMillis
	late := func(p plan.Progress) Severity {
		// actual < base + (goal - base) * share of the time, in whole numbers
		if (int64(p.Actual)-plan.TargetBase)*(due-began) < (plan.TargetGoal-plan.TargetBase)*(min(p.At, due)-began) {
			return notice
		}
		return Cleared
	}
	missed := func(p plan.Progress) Severity {
		if p.Actual < plan.TargetGoal {
			return yellow
		}
		return Cleared
	}
	var steps []Step
	put := func(at int64, s Severity) {
		if s == Cleared && len(steps) == 0 || len(steps) > 0 && steps[len(steps)-1].Severity == s {
			return
		}
		steps = append(steps, Step{at, s})
	}
	known, last := -1, -1
	for i, p := range list {
		if p.At > j.asOf {
			break
		}
		if p.At <= look {
			known = i
		}
		if p.At < due {
			last = i
		}
	}
	if known >= 0 {
		put(look, late(list[known]))
	}
	dated := false
	for _, p := range list {
		if p.At >= due && !dated {
			dated = true
			if last >= 0 {
				put(due, missed(list[last]))
			}
		}
		switch {
		case p.At >= due:
			put(p.At, missed(p))
		case p.At > look:
			put(p.At, late(p))
		}
	}
	if !dated && last >= 0 {
		put(due, missed(list[last]))
	}
	j.raise("R-ORD-05", world.Date(world.LocalDay(due)).Format(time.DateOnly), steps...)
	return j.chains
}
