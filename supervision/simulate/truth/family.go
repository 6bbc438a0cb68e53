package truth

import (
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// SubCase is what the judge keeps of a sub-case.
type SubCase struct {
	no                  string
	First, ended, broke int64   // forever = never
	Member              int64   // since when it counts as a sub-case
	told                []int64 // when something came about it
	open                []span  // while it is open
}

// SubCase sums up the sub-case that was just judged.
func (j *Judge) SubCase() SubCase {
	m := SubCase{no: string(j.s.No), First: j.facts[0].at, Member: j.s.MemberAt(), ended: j.ended(), broke: j.overdue()}
	for i := range j.facts {
		m.told = append(m.told, j.facts[i].at)
	}
	for i := range j.pieces {
		if p := &j.pieces[i]; p.open() {
			m.open = append(m.open, span{from: p.at, to: p.until})
		}
	}
	return m
}

// Dispatched is R-JNT-02: a sub-case that was created more than a working day
// after the acceptance of its parent.
func (j *Judge) Dispatched(accepted, first int64) []Chain {
	j.afresh()
	if due := world.EndOf(j.world.Days.Add(world.LocalDay(accepted), plan.DispatchDays)); first > due {
		j.raise("R-JNT-02", "", Step{due + 1, yellow})
	}
	return j.chains
}

// JointStage is R-JNT-01: forty-five working days from the acceptance of the
// parent to the end of its last sub-case. The red card goes to each sub-case that
// is over its own promise by then; to the lead when none is, or when it
// dispatched one late.
func (j *Judge) JointStage(accepted int64, subs []SubCase) []Chain {
	j.afresh()
	days := j.world.Days
	day := days.Add(world.LocalDay(accepted), plan.JointDays)
	over := world.EndOf(day) + 1
	dispatchDue := world.EndOf(days.Add(world.LocalDay(accepted), plan.DispatchDays))
	until, blamed, lateDispatch := int64(0), 0, false
	for _, m := range subs {
		until = max(until, m.ended)
		if m.broke <= over {
			blamed++
		}
		lateDispatch = lateDispatch || m.First > dispatchDue
	}
	late := until >= over
	lead := late && (blamed == 0 || lateDispatch)
	var steps []Step
	if from, to := max(accepted, world.StartOf(days.Back(day, 2))), min(until, over); from < to {
		steps = append(steps, Step{from, warning})
		if !(lead && to == over) {
			steps = append(steps, Step{to, Cleared})
		}
	}
	if lead {
		steps = append(steps, Step{over, red})
	}
	j.raise("R-JNT-01", "", steps...)
	for _, m := range subs {
		if late && m.broke <= over {
			j.raise("R-JNT-01", "sub/"+m.no, Step{over, red})
		}
	}
	return j.chains
}
