package truth

import (
	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// soonAt is when a promise comes near (R-DDL-01): two working days before the
// due with a limit of five or more, one with two to four, else at two in the
// afternoon of the due day.
func soonAt(w *world.Workdays, due int64, limit int32) int64 {
	day := world.LocalDay(due)
	switch {
	case limit >= 5:
		return world.StartOf(w.Back(day, 2))
	case limit >= 2:
		return world.StartOf(w.Back(day, 1))
	}
	return world.StartOf(day) + 14*3600*1000
}

// limits are R-DDL-01 to R-DDL-04: promise and law, near, today, and broken. A
// stop that is known by now to precede the due takes a breach back; a pause, an
// extension or a withdrawal after it does not. A joint case has the limit of its stage
// in their place.
func (j *Judge) limits() {
	if j.s.HeadSince <= j.asOf {
		return
	}
	days := j.world.Days
	near, today := j.spans[0][:0], j.spans[1][:0]
	var broken, unlawful int64
	final := &j.pieces[len(j.pieces)-1]
	limit := final.limit
	if final.limitUnit == "C" {
		limit = days.Count(world.LocalDay(final.AcceptedAt), world.LocalDay(final.PromiseDue)) - final.restedDays
	}
	over := func(p *piece, due int64) int64 {
		stopped := final.StopAt != 0 && final.StopAt <= due
		if p.Excluded != "" || due == 0 || stopped || p.AcceptedAt != final.AcceptedAt {
			return 0
		}
		from := p.at
		if p.StopAt == 0 {
			from = max(from, p.PausedUntil+1)
		}
		at := max(due+1, from)
		if p.StopAt != 0 && p.StopAt > due || p.StopAt == 0 && p.open() && at < p.until {
			return at
		}
		return 0
	}
	for i := range j.pieces {
		p := &j.pieces[i]
		if broken == 0 {
			broken = over(p, p.PromiseDue)
		}
		if unlawful == 0 {
			unlawful = over(p, p.LegalDue)
		}
		if p.StopAt != 0 || p.Excluded != "" || p.PromiseDue == 0 || !p.open() {
			continue
		}
		from, until := max(p.at, p.PausedUntil+1), min(p.until, p.PromiseDue+1)
		near = append(near, span{from: max(from, soonAt(days, p.PromiseDue, limit)), to: until})
		today = append(today, span{from: max(from, world.StartOf(world.LocalDay(p.PromiseDue))), to: until})
	}
	j.while("R-DDL-01", "", warning, near)
	j.while("R-DDL-02", "", notice, today)
	if broken != 0 {
		j.raise("R-DDL-03", "", Step{broken, yellow})
	}
	if unlawful != 0 {
		j.raise("R-DDL-04", "", Step{unlawful, red})
	}
	j.spans[0], j.spans[1] = near, today
}

// overrun says how a clock went: warned before, yellow after the due, red from
// an instant on; zero = not at all. A clock that stops ends warnings only.
func overrun(start, warn, due, red0, stop int64) []Step {
	var steps []Step
	if warn != 0 {
		if at := max(start, warn); stop == 0 || stop > at {
			steps = append(steps, Step{at, warning})
		}
	}
	if stop == 0 || stop > due {
		steps = append(steps, Step{due + 1, yellow})
		if red0 != 0 && (stop == 0 || stop >= red0) {
			steps = append(steps, Step{red0, red})
		}
	} else if len(steps) > 0 {
		steps = append(steps, Step{stop, Cleared})
	}
	return steps
}

// answers are R-DDL-06 and R-DDL-07: acceptance (K2) and preliminary review (K1).
func (j *Judge) answers() {
	days := j.world.Days
	var asked, applied int64
	runs := 0
	answered := func(at int64) {
		if asked != 0 {
			if due := world.EndOf(days.Add(world.LocalDay(asked), 5)); at > due {
				j.raise("R-DDL-06", instance("K2", runs), Step{due + 1, yellow})
			}
		}
		asked = 0
	}
	reviewed := func(at int64) {
		if applied != 0 {
			day := days.Add(world.LocalDay(applied), 2)
			steps := [3]Step{{world.EndOf(day) + 1, warning}, {world.StartOf(days.Add(day, 3)), yellow}, {world.StartOf(days.Add(day, 5)), red}}
			n := 0
			for n < 3 && steps[n].At <= at {
				n++
			}
			list := steps[:n]
			if n == 1 && at < world.Forever { // a warning alone ends with the answer
				j.raise("R-DDL-07", "", steps[0], Step{at, Cleared})
			} else if n > 0 {
				j.raise("R-DDL-07", "", list...)
			}
		}
		applied = 0
	}
	for i := range j.facts {
		f := &j.facts[i]
		switch event.CaseType(f.Type) {
		case event.Apply:
			asked, runs = f.at, runs+1
			if plan.Online(j.s.Channel) {
				applied = f.at
			}
		case event.CorrectionSubmit:
			asked, runs = f.at, runs+1
		case event.PrereviewPass:
			reviewed(f.at)
		case event.PrereviewReject, event.CorrectionNotice, event.Accept, event.NotAccept, event.Withdraw, event.Terminate:
			answered(f.at)
			reviewed(f.at)
		case event.Decide, event.Finish, event.DeemedConsent: // of a case that is deemed accepted
			reviewed(f.at)
		}
	}
	answered(world.Forever)
	reviewed(world.Forever)
}

// stepLimits is R-DDL-08: a step that takes longer than its limit, yellow when it
// has taken twice the limit, as long as the case itself is not over its promise.
// In a special procedure it waits for the end of the approved days.
func (j *Judge) stepLimits() {
	days, overdue := j.world.Days, j.overdue()
	n := 0
	for i := range j.facts {
		f := &j.facts[i]
		if !f.Is(event.StepStart) {
			continue
		}
		n++
		end := world.Forever
		for k := i + 1; k < len(j.facts) && end == world.Forever; k++ {
			g := &j.facts[k]
			if g.Is(event.StepEnd) && g.Word == f.Word {
				end = g.at
			}
		}
		stopped := end
		if end == world.Forever {
			stopped = j.ended()
		}
		if stopped != world.Forever && world.LocalDay(stopped)-world.LocalDay(f.at) <= f.days {
			continue
		}
		grave := max(2*f.days, f.days+1)
		late := j.afterPause(world.EndOf(days.Add(world.LocalDay(f.at), f.days+j.pausedWithin(f.at, end, f.days, true))) + 1)
		twice := j.afterPause(world.StartOf(days.Add(world.LocalDay(f.at), grave+j.pausedWithin(f.at, end, grave, false))))
		steps := [2]Step{{late, warning}, {max(late, twice), yellow}}
		list := steps[:]
		if steps[0].At == steps[1].At {
			list = steps[1:]
		}
		for len(list) > 0 && (list[len(list)-1].At > stopped || list[len(list)-1].At >= overdue) {
			list = list[:len(list)-1]
		}
		j.raise("R-DDL-08", instance("K6", n), list...)
	}
}

// overdue is when R-DDL-03 was raised, forever when it was not.
func (j *Judge) overdue() int64 {
	for _, c := range j.chains {
		if c.Rule == "R-DDL-03" {
			return c.Steps[0].At
		}
	}
	return world.Forever
}

// afterPause is an instant, or the end of the approved days that it falls into.
func (j *Judge) afterPause(at int64) int64 {
	if t := j.before(at + 1); t.PausedUntil != 0 {
		return max(at, t.PausedUntil+1)
	}
	return at
}

// ended is when the case came to its end, forever when it has not.
func (j *Judge) ended() int64 {
	p := &j.pieces[len(j.pieces)-1]
	switch {
	case p.open():
		return world.Forever
	case p.StopAt != 0:
		return p.StopAt
	}
	return p.at
}
