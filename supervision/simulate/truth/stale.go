package truth

import (
	"slices"

	"duban/supervision/simulate/world"
)

// stale is R-DDL-05: open, in no special procedure, and nothing said for ten
// working days, of a joint case or of its sub-cases, none of which is open.
func (j *Judge) stale() {
	told := j.told[:0]
	for i := range j.facts {
		told = append(told, j.facts[i].at)
	}
	for i := range j.subs {
		told = append(told, j.subs[i].told...)
	}
	slices.Sort(told)
	spans := j.spans[0][:0]
	for i, at := range told {
		next := world.Forever
		if i+1 < len(told) {
			next = told[i+1]
		}
		if next-at < 10*day24 {
			continue
		}
		silent := world.EndOf(j.world.Days.Add(world.LocalDay(at), 10)) + 1
		if silent >= next || silent > j.asOf || j.subOpen(silent) {
			continue
		}
		if t := j.before(silent + 1); t.open() && t.State != "suspended" && t.Excluded == "" {
			spans = append(spans, span{from: silent, to: next})
		}
	}
	j.while("R-DDL-05", "", warning, spans)
	j.spans[0], j.told = spans, told
}

// subOpen reports whether a sub-case is open at an instant.
func (j *Judge) subOpen(at int64) bool {
	return slices.ContainsFunc(j.subs, func(m SubCase) bool {
		return slices.ContainsFunc(m.open, func(s span) bool { return s.from <= at && at < s.to })
	})
}
