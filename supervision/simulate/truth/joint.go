package truth

import (
	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// silentDepartments is R-JNT-03 for a sub-case of a project: no opinion by the
// promise, or before silence was taken for consent; and a step of another
// organisation within it that gave none by its own limit.
func (j *Judge) silentDepartments() {
	if !j.s.Joint {
		return
	}
	silent, spoke := j.overdue(), world.Forever
	for i := range j.facts {
		f := &j.facts[i]
		switch event.CaseType(f.Type) {
		case event.Decide, event.Finish, event.NotAccept, event.StepEnd:
			spoke = min(spoke, f.at)
		case event.DeemedConsent:
			silent = min(silent, f.at)
		}
	}
	if silent < world.Forever && spoke >= silent {
		j.raise("R-JNT-03", "", Step{silent, yellow})
	}
	n := 0
	for i := range j.facts {
		f := &j.facts[i]
		if !f.Is(event.StepStart) {
			continue
		}
		if n++; f.Org == j.s.Org {
			continue
		}
		end := world.Forever
		for k := range j.facts {
			if g := &j.facts[k]; g.Is(event.StepEnd) && g.Word == f.Word {
				end = min(end, g.at)
			}
		}
		closed := world.Forever // by this run's own end
		for k := i + 1; k < len(j.facts) && closed == world.Forever; k++ {
			if g := &j.facts[k]; g.Is(event.StepEnd) && g.Word == f.Word {
				closed = g.at
			}
		}
		late := world.EndOf(j.world.Days.Add(world.LocalDay(f.at), f.days+j.pausedWithin(f.at, closed, f.days, true))) + 1
		final := &j.pieces[len(j.pieces)-1]
		if end >= late && late <= j.asOf && j.before(late+1).PausedUntil == 0 && j.before(late).StopAt == 0 &&
			(final.StopAt == 0 || final.StopAt >= late) {
			j.raise("R-JNT-03", clockNo("K6", n), Step{late, yellow})
		}
	}
}
