package truth

import (
	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// Repeated is R-HOT-06: the alert is that of the third ticket, and is known in
// full with the fourth. It returns the number of the third.
func (j *Judge) Repeated(s *plan.Subject) (no []byte, chains []Chain) {
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
			j.raise("R-HOT-06", "caller", Step{j.thirdAt, warning}, Step{fourth, yellow})
		}
		return j.thirdNo, j.chains
	}
	return nil, nil
}

// handover is R-HOT-07: thirty minutes for urgent calls of 110, a working day for
// others. The dispatch is the handover.
func (j *Judge) handover() {
	if j.s.Channel != "from_110" {
		return
	}
	received, handed := j.facts[0].at, world.Forever
	due := world.EndOf(j.world.Days.Add(world.LocalDay(received), 1))
	if j.s.Urgent {
		due = received + 30*60*1000
	}
	for i := range j.facts {
		switch f := &j.facts[i]; event.TicketType(f.Type) {
		case event.TDispatch, event.TAnswerDirect:
			handed = min(handed, f.at)
		case event.TInvalid, event.TMerge:
			return
		}
	}
	if handed > due {
		j.raise("R-HOT-07", "", Step{due + 1, yellow})
	}
}

// complaints are R-FCR-01, R-NRM-02-T and R-NRM-03 by what a caller says and the
// hotline verified.
func (j *Judge) complaints() {
	f := &j.facts[0]
	if f.Flaws&plan.Shirking != 0 {
		j.raise("R-FCR-01", "", Step{f.at, yellow})
	}
	if f.Flaws&plan.ExtraMaterials != 0 {
		j.raise("R-NRM-02-T", "", Step{f.at, red})
	}
	if f.Flaws&plan.ExtraConditions != 0 {
		j.raise("R-NRM-03", "", Step{f.at, red})
	}
}

// toSupervisor is R-ORD-03: five working days from the receipt of a complaint to
// the decision on it, fifteen to the answer.
func (j *Judge) toSupervisor() {
	if j.facts[0].Flaws&plan.ToSupervisor == 0 {
		return
	}
	received := j.facts[0].at
	final := &j.ticketPieces[len(j.ticketPieces)-1]
	answered, decided := world.Forever, world.Forever
	if final.StopAt != 0 {
		answered = final.StopAt
	}
	for i := range j.facts {
		if f := &j.facts[i]; f.Word == plan.AcceptedBySupervisor {
			decided = min(decided, f.at)
		}
	}
	days := j.world.Days
	if due := world.EndOf(days.Add(world.LocalDay(received), 5)); min(decided, answered) > due {
		j.raise("R-ORD-03", "decide", Step{due + 1, yellow})
	}
	if due := world.EndOf(days.Add(world.LocalDay(received), 15)); answered > due {
		j.raise("R-ORD-03", "handle", Step{due + 1, yellow})
	}
}
