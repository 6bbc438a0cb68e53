package simulate

import (
	"strconv"

	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// Some planted lives come with others: a joint case with its sub-cases, a bulk
// upload with cases that lack their beginning. The first life plans how many
// members there are; each has a draw of its own.

const streamMember = 8

// family is what the members of a first life have to know of it.
type family struct {
	kind     familyKind
	members  int
	no       string
	index    int64
	accepted int64 // acceptance of the parent
	org      int32
	item     int32
	day      int32
	turn     int // which of several ways
}

// familyKind says what holds lives together.
type familyKind uint8

// The kinds of families.
const (
	alone familyKind = iota
	jointCase
	bulkUpload
)

// Limits of joint approval in working days (domain guide 2.3, K9; 6.2).
const (
	jointDays    = 45
	dispatchDays = 1
)

// jointParent plans a joint case: the parent is done in its own time, when its first
// sub-case is accepted; its sub-cases in turn hold the stage up. late: a sub-case comes too late, and all
// else is in time.
func (p *injecting) jointParent(late bool) {
	p.begun()
	accepted := p.t
	p.inDays(4)
	p.work()
	p.done(0)
	turn := 3
	if !late {
		turn = p.r.IntN(3)
	}
	p.s.family = family{kind: jointCase, members: 2, accepted: accepted, turn: turn}
}

// bulkUploaded plans the first of many cases of one office and day of which only
// the end is known.
func (p *injecting) bulkUploaded() {
	p.s.channel = ""
	if p.s.day = p.world.Days.Add(p.s.day, 1); p.s.day >= p.endDay {
		p.s.day = p.world.Days.Back(p.endDay, 1)
	}
	p.s.family = family{kind: bulkUpload, members: 21, day: p.s.day}
	p.endOnly()
}

// endOnly says that a case was filed away, and nothing else.
func (p *injecting) endOnly() {
	p.t = p.officeTime(p.s.day)
	p.add(aboutCase, string(event.Finish), "办结").word = "archived"
}

// planMember plans one member of a family.
func (p *injecting) planMember(s *subject, f *family, k int) {
	p.begin(s, streamMember, f.index*64+int64(k), f.day)
	w := p.world
	s.index = f.index + int64(k) + 1
	s.no = append(append(append(s.no[:0], f.no...), '-'), strconv.Itoa(k+1)...)
	if f.kind == bulkUpload {
		s.item, s.org = f.item, f.org
		s.region, p.acting = w.Orgs[s.org].Region, s.org
		s.planted = "R-DAT-02"
		p.endOnly()
		return
	}
	s.item = p.suitable(world.Roomy)
	s.org = w.Items[s.item].Org
	s.region, p.acting = w.Orgs[s.org].Region, s.org
	s.joint, s.parent, s.channel = true, f.no, "hall"
	accepted := world.LocalDay(f.accepted)
	s.day = w.Days.Add(accepted, 1)
	held := k == 1
	switch {
	case !held:
	case f.turn == 0: // created so late that its own promise ends beyond the stage
		s.day = w.Days.Add(accepted, jointDays-3)
	case f.turn == 3:
		s.day = w.Days.Add(accepted, p.between(2, 4))
		s.planted = "R-JNT-02"
	}
	p.begun()
	p.inDays(1)
	p.work()
	if held && f.turn == 2 {
		return // forgotten
	}
	if held && f.turn == 0 {
		p.onDay(p.promised())
	}
	if held && f.turn == 1 {
		p.onDay(w.Days.Add(accepted, jointDays+p.between(2, 8)))
	}
	p.done(0)
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
	m := subCase{no: string(j.s.no), first: j.facts[0].at, member: j.s.memberAt(), ended: j.ended(), broke: j.overdue()}
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
	if due := world.EndOf(j.world.Days.Add(world.LocalDay(accepted), dispatchDays)); first > due {
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
	day := days.Add(world.LocalDay(accepted), jointDays)
	over := world.EndOf(day) + 1
	dispatchDue := world.EndOf(days.Add(world.LocalDay(accepted), dispatchDays))
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
			joint = joint && at < world.Forever && t.stopAt == 0 && (t.promiseDue == 0 || at <= t.promiseDue)
		}
		s.joint = s.joint && joint
		delayed := r.planner.schedule(r.end, r.config.Faults, r.config.Conflicts)
		if len(s.facts) == 0 {
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
				if err := r.recordAlerts("case", s.no, r.judge.dispatched(f.accepted, m.first)); err != nil {
					return nil, err
				}
			}
		}
		r.queue.push(s)
	}
	if joint && accepted && len(subs) > 0 {
		return subs, r.recordAlerts("case", []byte(f.no), r.judge.jointStage(f.accepted, subs))
	}
	return subs, nil
}
