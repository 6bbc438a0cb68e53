package simulate

import "duban/ingest/event"

// ending plans how a case ends and returns the last day after acceptance on
// which anything planned for it still happens; -1 when nothing ends it.
func (p *planner) ending(limit, stop int32, paused bool, put func(int32, int32, func())) int32 {
	terminate := func(at int32, actor string) int32 {
		put(at, 90, func() { p.terminate(actor) })
		return at
	}
	if stop > never {
		return -1
	}
	switch x := p.r.Float64(); {
	case x < 0.015:
		at := p.between(0, min(stop, 60))
		put(at, 90, func() { p.add(aboutCase, string(event.Withdraw), "撤回申请") })
		return at
	case x < 0.019:
		return terminate(p.between(0, min(stop, 60)), "applicant")
	case x < 0.023 && limit > 1:
		// By the department before the promised due.
		return terminate(p.between(0, min(limit-1, stop)), "dept")
	case x < 0.026 && !paused:
		// By the department after every due: 110 working days are beyond the
		// longest limit of the catalogue with its extension.
		return terminate(110, "dept")
	case x < 0.05 && p.s.joint:
		at := max(stop, limit) + 1
		put(at, 90, func() {
			p.add(aboutCase, string(event.DeemedConsent), "超时默许").word = "deemed"
			p.rateCase(p.t)
		})
		return at
	}
	put(stop, 90, p.close)
	return stop
}

// terminate ends a case. A department never ends one between its promised and
// its legal due: whether that is late depends on which of the two is asked for.
func (p *planner) terminate(actor string) {
	if at := p.standing(); actor == "dept" && p.t > at.PromiseDue && p.t <= at.LegalDue {
		actor = "applicant"
	}
	p.add(aboutCase, string(event.Terminate), "终止办理").word = actor
}

// close plans the decision and what may come after it: an amended time or a
// reopened case.
func (p *planner) close() {
	before := p.s.facts[len(p.s.facts)-1].at
	first := len(p.s.facts)
	if p.reopenable() {
		p.reopenedClose()
		return
	}
	p.conclude(p.chance(0.75))
	if !p.chance(0.006) {
		return
	}
	// The books said the decision came later than it did.
	decision := &p.s.facts[first]
	becomes := before + (decision.at-before)/2
	no := decision.no
	p.inDays(p.between(0, 3))
	decision.amendedAt, decision.amendedTo = p.t, becomes
	f := p.add(aboutCase, string(event.Amend), "")
	f.target, f.served = no, becomes
}

// reopenable picks cases that end on a working day, one or more before their due.
func (p *planner) reopenable() bool {
	days := p.world.Days
	if !p.world.Items[p.s.item].Title.Pausable() || !days.Working(p.today()) || !p.chance(0.008) {
		return false
	}
	return days.Count(p.today(), p.promised()) > 0
}

// reopenedClose ends a case, takes the end back on a working day, and ends it again.
func (p *planner) reopenedClose() {
	p.add(aboutCase, string(event.Finish), "办结").word = "approved"
	p.inDays(p.between(1, 10))
	p.add(aboutCase, string(event.Reopen), "撤销办结重办")
	p.inDays(p.between(0, 4))
	p.step("复审", true)
	p.soon(300, 1800)
	p.conclude(true)
}
