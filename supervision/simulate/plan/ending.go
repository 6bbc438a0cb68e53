package plan

import "duban/ingest/event"

// ending plans how a case ends and returns the last day after acceptance on
// which anything planned for it still happens; -1 when nothing ends it.
func (p *Planner) ending(limit, stop int32, paused bool, put func(int32, int32, func())) int32 {
	terminate := func(at int32, actor string) int32 {
		put(at, 90, func() { p.terminate(actor) })
		return at
	}
	if stop > never {
		return -1
	}
	switch x := p.Rand.Float64(); {
	case x < 0.015:
		at := p.Between(0, min(stop, 60))
		put(at, 90, func() { p.Add(AboutCase, string(event.Withdraw), "撤回申请") })
		return at
	case x < 0.019:
		return terminate(p.Between(0, min(stop, 60)), "applicant")
	case x < 0.023 && limit > 1:
		// By the department before the promised due.
		return terminate(p.Between(0, min(limit-1, stop)), "dept")
	case x < 0.026 && !paused:
		// By the department after every due: 110 working days are beyond the
		// longest limit of the catalogue with its extension.
		return terminate(110, "dept")
	case x < 0.05 && p.Life.Joint:
		at := max(stop, limit) + 1
		put(at, 90, func() {
			p.Add(AboutCase, string(event.DeemedConsent), "超时默许").Word = "deemed"
			p.RateCase(p.At)
		})
		return at
	}
	put(stop, 90, p.close)
	return stop
}

// terminate ends a case. A department never ends one between its promised and
// its legal due: whether that is late depends on which of the two is asked for.
func (p *Planner) terminate(actor string) {
	if at := p.Standing(); actor == "dept" && p.At > at.PromiseDue && p.At <= at.LegalDue {
		actor = "applicant"
	}
	p.Add(AboutCase, string(event.Terminate), "终止办理").Word = actor
}

// close plans the decision and what may come after it: an amended time or a
// reopened case.
func (p *Planner) close() {
	before := p.Life.Facts[len(p.Life.Facts)-1].At
	first := len(p.Life.Facts)
	if p.reopenable() {
		p.reopenedClose()
		return
	}
	p.conclude(p.Chance(0.75))
	if !p.Chance(0.006) {
		return
	}
	// The books said the decision came later than it did.
	decision := &p.Life.Facts[first]
	becomes := before + (decision.At-before)/2
	no := decision.No
	p.InDays(p.Between(0, 3))
	decision.AmendedAt, decision.AmendedTo = p.At, becomes
	f := p.Add(AboutCase, string(event.Amend), "")
	f.Target, f.Served = no, becomes
}

// reopenable picks cases that end on a working day, one or more before their due.
func (p *Planner) reopenable() bool {
	days := p.World.Days
	if !p.World.Items[p.Life.Item].Title.Pausable() || !days.Working(p.Today()) || !p.Chance(0.008) {
		return false
	}
	return days.Count(p.Today(), p.Promised()) > 0
}

// reopenedClose ends a case, takes the end back on a working day, and ends it again.
func (p *Planner) reopenedClose() {
	p.Add(AboutCase, string(event.Finish), "办结").Word = "approved"
	p.InDays(p.Between(1, 10))
	p.Add(AboutCase, string(event.Reopen), "撤销办结重办")
	p.InDays(p.Between(0, 4))
	p.Step("复审", true)
	p.Soon(300, 1800)
	p.conclude(true)
}
