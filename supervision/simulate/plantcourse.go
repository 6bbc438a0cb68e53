package simulate

import (
	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

func (p *injecting) skipStep() {
	p.begun()
	p.inDays(1)
	p.step("审核", true)
	p.done(0)
}

// deliverTooEarly: what is delivered before anything was decided.
func (p *injecting) deliverTooEarly() {
	p.begun()
	p.inDays(1)
	f := p.add(aboutCase, string(event.Deliver), "送达")
	f.word, f.illegal = "hall", true
	p.inDays(1)
	p.work()
	p.done(0)
}

// writtenAfterwards: acceptance and end are both sent more than a day late, or
// every step is stamped within one minute.
func (p *injecting) writtenAfterwards() {
	p.begun()
	if p.chance(0.5) {
		p.inDays(2)
		p.work()
		p.done(0)
		const hours = 3600 * 1000
		for i := range p.s.facts {
			if f := &p.s.facts[i]; f.is(event.Accept) || f.is(event.Finish) {
				f.delay = (26 + int64(i)) * hours
			}
		}
		return
	}
	p.inDays(2)
	for _, name := range []string{"复审", "审核"} {
		f := p.add(aboutCase, string(event.StepStart), name)
		f.word, f.days = name, 2
		p.t += 7_000
		p.add(aboutCase, string(event.StepEnd), name).word = name
		p.t += 9_000
	}
	p.done(0)
}

// orphan: something is said about a case that nobody applied for, a delivery
// with a certificate or without one.
func (p *injecting) orphan(certificate bool) {
	p.s.channel = ""
	p.t = p.officeTime(p.s.day)
	f := p.add(aboutCase, string(event.Deliver), "送达")
	f.word, f.flag = "hall", certificate
}

func (p *injecting) pauseAbused() {
	p.begun()
	n := int32(1)
	var broken flaws
	switch p.r.IntN(4) {
	case 0:
		broken = noBasis
	case 1:
		broken = offType
	case 2:
		n = 3
	default:
		// On the last day but one before the due.
		days := p.world.Days
		p.onDay(days.Add(world.LocalDay(p.t), days.Count(world.LocalDay(p.t), p.promised())-1))
	}
	for range n {
		p.soon(60, 600)
		f := p.add(aboutCase, string(event.SuspendStart), "特别程序开始")
		f.word, f.days, f.flaws = p.world.Items[p.s.item].Title.Pause, 5, broken
		if broken&offType != 0 {
			f.word = "bidding"
		}
		p.inDays(1)
		p.add(aboutCase, string(event.SuspendEnd), "特别程序结束")
	}
	p.soon(60, 600)
	p.work()
	p.done(0)
}

func (p *injecting) terminateNearDue() {
	p.begun()
	p.inDays(1)
	p.work()
	days := p.world.Days
	p.onDay(days.Add(world.LocalDay(p.t), days.Count(world.LocalDay(p.t), p.promised())-p.between(0, 1)))
	p.add(aboutCase, string(event.Terminate), "终止办理").word = "dept"
}

// noHearing decides without the hearing that the item asks for.
func (p *injecting) noHearing() {
	p.begun()
	p.inDays(1)
	p.work()
	p.done(0)
}

// withMaterial asks for a material that must not be asked for.
func (p *injecting) withMaterial(broken flaws) {
	p.begun()
	p.inDays(1)
	p.add(aboutCase, string(event.Material), "补充材料").flaws = broken
	p.work()
	p.done(0)
}

// acceptedWith breaks something by the acceptance.
func (p *injecting) acceptedWith(broken flaws) {
	p.begun()
	p.acceptance(broken)
	p.inDays(1)
	p.work()
	p.done(0)
}

// finishedWith breaks something by the decision.
func (p *injecting) finishedWith(broken flaws) {
	p.begun()
	p.inDays(1)
	p.work()
	p.done(broken)
}

// overcharge asks for more than the catalogue says.
func (p *injecting) overcharge() { p.charge([]flaws{overStandard, reductionIgnored}[p.r.IntN(2)]) }

func (p *injecting) charge(broken flaws) {
	p.begun()
	p.inDays(1)
	p.work()
	p.soon(60, 600)
	p.add(aboutCase, string(event.FeeNotice), "缴费通知").flaws = broken
	p.soon(600, 3600)
	p.add(aboutCase, string(event.FeePaid), "缴费").flaws = broken
	p.inDays(1)
	p.done(0)
}

func (p *injecting) pushedLate() {
	p.begun()
	p.s.facts[len(p.s.facts)-1].delay = int64(p.between(25, 70)) * 3600 * 1000
	p.inDays(1)
	p.work()
	p.done(0)
}
