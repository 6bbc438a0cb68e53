package simulate

import (
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// beginFamily plans, records and enqueues the members of a life that has some, and
// enters what rules say about the family as a whole. It returns the sub-cases that have
// begun when the first life is the parent of a joint case: one whose first sub-case is
// accepted before it is done itself, or late.
func (r *run) beginFamily(first *plan.Subject, f plan.Family) (subs []subCase, err error) {
	accepted := f.Accepted < r.end && f.Accepted <= r.asOf
	joint := f.Kind == plan.JointCase
	for k := range f.Members {
		s := r.take()
		r.planner.PlanMember(s, &f, k)
		if k == 0 && len(s.Facts) > 0 {
			at := s.MemberAt()
			t := truthOfCase(r.world, first, at)
			joint = joint && at < world.Forever && t.stopAt == 0 && (t.promiseDue == 0 || at <= t.promiseDue)
		}
		s.Joint = s.Joint && joint
		delayed := r.planner.Schedule(r.end, r.config.Faults, r.config.Conflicts)
		if len(s.Facts) == 0 {
			r.free = append(r.free, s)
			continue
		}
		if err := r.recordExpected(s, nil, delayed); err != nil {
			return nil, err
		}
		if joint && r.judge.begun() {
			m := r.judge.judgedMember()
			subs = append(subs, m)
			if accepted {
				if err := r.recordAlerts("case", s.No, r.judge.dispatched(f.Accepted, m.first)); err != nil {
					return nil, err
				}
			}
		}
		r.queue.push(s)
	}
	if joint && accepted && len(subs) > 0 {
		return subs, r.recordAlerts("case", []byte(f.No), r.judge.jointStage(f.Accepted, subs))
	}
	return subs, nil
}

// subCase is what the judge keeps of a sub-case.
type subCase struct {
	no                  string
	first, ended, broke int64   // forever = never
	member              int64   // since when it counts as a sub-case
	told                []int64 // when something came about it
	open                []span  // while it is open
}

// judgedMember sums up the sub-case that was just judged.
func (j *judge) judgedMember() subCase {
	m := subCase{no: string(j.s.No), first: j.facts[0].at, member: j.s.MemberAt(), ended: j.ended(), broke: j.overdue()}
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

// dispatched is R-JNT-02: a sub-case that was created more than a working day
// after the acceptance of its parent.
func (j *judge) dispatched(accepted, first int64) []chain {
	j.afresh()
	if due := world.EndOf(j.world.Days.Add(world.LocalDay(accepted), plan.DispatchDays)); first > due {
		j.raise("R-JNT-02", "", turn{due + 1, yellow})
	}
	return j.chains
}

// jointStage is R-JNT-01: forty-five working days from the acceptance of the
// parent to the end of its last sub-case. The red card goes to each sub-case that
// is over its own promise by then; to the lead when none is, or when it
// dispatched one late.
func (j *judge) jointStage(accepted int64, subs []subCase) []chain {
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
		lateDispatch = lateDispatch || m.first > dispatchDue
	}
	late := until >= over
	lead := late && (blamed == 0 || lateDispatch)
	var turns []turn
	if from, to := max(accepted, world.StartOf(days.Back(day, 2))), min(until, over); from < to {
		turns = append(turns, turn{from, warning})
		if !(lead && to == over) {
			turns = append(turns, turn{to, cleared})
		}
	}
	if lead {
		turns = append(turns, turn{over, red})
	}
	j.raise("R-JNT-01", "", turns...)
	for _, m := range subs {
		if late && m.broke <= over {
			j.raise("R-JNT-01", "sub/"+m.no, turn{over, red})
		}
	}
	return j.chains
}
