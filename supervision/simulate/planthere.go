package simulate

import (
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// toSupervisor is R-ORD-03: five working days from the receipt of a complaint to
// the decision on it, fifteen to the answer.
func (j *judge) toSupervisor() {
	if j.facts[0].Flaws&plan.ToSupervisor == 0 {
		return
	}
	received := j.facts[0].at
	final := &j.desks[len(j.desks)-1]
	answered, decided := world.Forever, world.Forever
	if final.stopAt != 0 {
		answered = final.stopAt
	}
	for i := range j.facts {
		if f := &j.facts[i]; f.Word == plan.AcceptedBySupervisor {
			decided = min(decided, f.at)
		}
	}
	days := j.world.Days
	if due := world.EndOf(days.Add(world.LocalDay(received), 5)); min(decided, answered) > due {
		j.raise("R-ORD-03", "decide", turn{due + 1, yellow})
	}
	if due := world.EndOf(days.Add(world.LocalDay(received), 15)); answered > due {
		j.raise("R-ORD-03", "handle", turn{due + 1, yellow})
	}
}
