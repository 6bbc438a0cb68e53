package simulate

import (
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// repeated is R-HOT-06: the alert is that of the third ticket, and is known in
// full with the fourth. It returns the number of the third.
func (j *judge) repeated(s *plan.Subject) (no []byte, chains []chain) {
	switch s.Repetition {
	case 3:
		j.thirdNo, j.thirdAt = append(j.thirdNo[:0], s.No...), s.Facts[0].At
	case plan.RepetitionSize:
		j.afresh()
		if world.StartOf(world.LocalDay(j.thirdAt)+1) <= j.asOf { // days are judged when they are over
			fourth := s.Facts[0].At
			if world.StartOf(world.LocalDay(fourth)+1) > j.asOf {
				fourth = world.Forever
			}
			j.raise("R-HOT-06", "caller", turn{j.thirdAt, warning}, turn{fourth, yellow})
		}
		return j.thirdNo, j.chains
	}
	return nil, nil
}
