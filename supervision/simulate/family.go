package simulate

import (
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/truth"
	"duban/supervision/simulate/world"
)

// beginFamily plans, records and enqueues the members of a life that has some, and
// enters what rules say about the family as a whole. It returns the sub-cases that have
// begun when the first life is the parent of a joint case: one whose first sub-case is
// accepted before it is done itself, or late.
func (r *run) beginFamily(first *plan.Subject, f plan.Family) (subs []truth.SubCase, err error) {
	accepted := f.Accepted < r.end && f.Accepted <= r.asOf
	joint := f.Kind == plan.JointCase
	for k := range f.Members {
		s := r.take()
		r.planner.PlanMember(s, &f, k)
		if k == 0 && len(s.Facts) > 0 {
			at := s.MemberAt()
			t := truth.OfCase(r.world, first, at)
			joint = joint && at < world.Forever && t.StopAt == 0 && (t.PromiseDue == 0 || at <= t.PromiseDue)
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
		if joint && r.judge.Begun() {
			m := r.judge.SubCase()
			subs = append(subs, m)
			if accepted {
				if err := r.recordAlerts("case", s.No, r.judge.Dispatched(f.Accepted, m.First)); err != nil {
					return nil, err
				}
			}
		}
		r.queue.push(s)
	}
	if joint && accepted && len(subs) > 0 {
		return subs, r.recordAlerts("case", []byte(f.No), r.judge.JointStage(f.Accepted, subs))
	}
	return subs, nil
}
