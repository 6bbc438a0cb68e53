package truth

import (
	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// pausedWithin counts the working days of special procedures, cut to their
// approved days, and of the gap before a reopening, after the day of one
// instant up to that of another. A pause counts that begins on a day before the limit
// of so many working days, with the pauses before it, is reached, or on its last day
// when that day belongs to the limit.
func (j *Judge) pausedWithin(from, to int64, limit int32, lastDayToo bool) int32 {
	days := j.world.Days
	counted, last := world.LocalDay(from), world.LocalDay(min(to, j.asOf+400*world.DayMillis))
	var n int32
	take := func(a, b int32) {
		if end := days.Add(world.LocalDay(from), limit+n); a > end || a == end && !lastDayToo {
			return
		}
		a, b = max(a, counted), min(b, last)
		if b > a {
			n += days.Count(a, b)
			counted = b
		}
	}
	var stopped int64
	for i := range j.facts {
		f := &j.facts[i]
		switch {
		case f.Is(event.Decide) || f.Is(event.Finish) || f.Is(event.Terminate):
			if stopped == 0 {
				stopped = f.at
			}
		case f.Is(event.Reopen):
			take(world.LocalDay(stopped), world.LocalDay(f.at))
			stopped = 0
		case f.Is(event.SuspendStart):
			start := world.LocalDay(f.at)
			end := days.Add(start, f.days)
			for k := i + 1; k < len(j.facts); k++ {
				if g := &j.facts[k]; g.Is(event.SuspendEnd) || g.Is(event.Withdraw) || g.Is(event.Terminate) || g.Is(event.Finish) {
					end = min(end, world.LocalDay(g.at))
					break
				}
			}
			take(start, end)
		}
	}
	return n
}

// procedures is R-DDL-09: a special procedure near its end, over it, and more
// than a working day over it.
func (j *Judge) procedures() {
	days := j.world.Days
	n := 0
	for i := range j.facts {
		f := &j.facts[i]
		if !f.Is(event.SuspendStart) {
			continue
		}
		n++
		var stop int64
		for k := i + 1; k < len(j.facts) && stop == 0; k++ {
			if g := &j.facts[k]; g.Is(event.SuspendEnd) || g.Is(event.Withdraw) || g.Is(event.Terminate) || g.Is(event.Finish) {
				stop = g.at
			}
		}
		day := days.Add(world.LocalDay(f.at), f.days)
		j.raise("R-DDL-09", instance("K7", n),
			overrun(f.at, world.StartOf(days.Back(day, 2)), world.EndOf(day), world.StartOf(days.Add(day, 2)), stop)...)
	}
}
