package truth

import (
	"fmt"

	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// RatingWork says what rules have to say about the order on a bad rating.
func (j *Judge) RatingWork(b *plan.BadRating, actions []plan.Action) []Chain {
	j.afresh()
	days := j.world.Days
	// R-SAT-01: not verified by the end of the next working day.
	verified := world.Forever
	if len(actions) > 0 {
		verified = actions[0].At
	}
	if due := world.EndOf(days.Add(world.LocalDay(b.At), 1)); verified > due {
		j.raise("R-SAT-01", "", Step{due + 1, warning}, Step{max(verified, due+2), Cleared})
	}
	// R-NRM-02-R and R-NRM-03-R: what the rater complains of, once it is verified.
	for i := range actions {
		if d := &actions[i]; d.State == "valid" {
			if b.Flaws&plan.ExtraMaterials != 0 {
				j.raise("R-NRM-02-R", "", Step{d.At, red})
			}
			if b.Flaws&plan.ExtraConditions != 0 {
				j.raise("R-NRM-03-R", "", Step{d.At, red})
			}
			break
		}
	}
	// R-SAT-02: a round of rectification past its due, red five working days later.
	round := 1
	for i := range actions {
		d := &actions[i]
		if d.State == "rejected" {
			if round++; round == 2 {
				j.raise("R-SAT-03", "", Step{d.At, yellow})
			}
		}
		if d.State != "valid" && d.State != "rejected" {
			continue
		}
		until := world.Forever
		if i+1 < len(actions) {
			until = actions[i+1].At
		}
		steps := [2]Step{{d.Due + 1, yellow}, {world.EndOf(days.Add(world.LocalDay(d.Due), 5)) + 1, red}}
		n := 0
		for n < 2 && steps[n].At <= until {
			n++
		}
		if n > 0 {
			j.raise("R-SAT-02", fmt.Sprintf("round/%d", round), steps[:n]...)
		}
	}
	return j.chains
}
