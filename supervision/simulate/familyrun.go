package simulate

import "duban/ingest/event"

// beginFamily plans, records and enqueues the members of a life that has some, and
// enters what rules say about the family as a whole. It returns the sub-cases that have
// begun when the first life is the parent of a joint case: one whose first sub-case is
// accepted before it is done itself, or late.
func (r *run) beginFamily(first *subject, f family) (subs []subCase, err error) {
	accepted := f.accepted < r.end && f.accepted <= r.asOf
	joint := f.kind == jointCase
	for k := range f.members {
		s := r.take()
		r.planner.planMember(s, &f, k)
		if k == 0 && len(s.facts) > 0 {
			at := s.memberAt()
			t := truthOfCase(r.world, first, at)
			joint = joint && at < forever && t.stopAt == 0 && (t.promiseDue == 0 || at <= t.promiseDue)
		}
		s.joint = s.joint && joint
		delayed := r.planner.schedule(r.end, r.config.Faults, r.config.Conflicts)
		if len(s.facts) == 0 {
			r.free = append(r.free, s)
			continue
		}
		if err := r.book(s, nil, delayed); err != nil {
			return nil, err
		}
		if joint && r.judge.begun() {
			m := r.judge.judgedMember()
			subs = append(subs, m)
			if accepted {
				if err := r.bookAlerts("case", s.no, r.judge.dispatched(f.accepted, m.first)); err != nil {
					return nil, err
				}
			}
		}
		r.queue.push(s)
	}
	if joint && accepted && len(subs) > 0 {
		return subs, r.bookAlerts("case", []byte(f.no), r.judge.jointStage(f.accepted, subs))
	}
	return subs, nil
}

// memberAt is since when a sub-case counts as one: its acceptance; forever without one.
func (s *subject) memberAt() int64 {
	for i := range s.facts {
		if f := &s.facts[i]; f.is(event.Accept) && !f.superseded {
			return f.at
		}
	}
	return forever
}
