package inject

import (
	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

func (p *Injector) skipStep() {
	p.begun()
	p.InDays(1)
	p.Step("审核", true)
	p.done(0)
}

// deliverTooEarly: what is delivered before anything was decided.
func (p *Injector) deliverTooEarly() {
	p.begun()
	p.InDays(1)
	f := p.Add(plan.AboutCase, string(event.Deliver), "送达")
	f.Word, f.Illegal = "hall", true
	p.InDays(1)
	p.work()
	p.done(0)
}

// writtenAfterwards: acceptance and end are both sent more than a day late, or
// every step is stamped within one minute.
func (p *Injector) writtenAfterwards() {
	p.begun()
	if p.Chance(0.5) {
		p.InDays(2)
		p.work()
		p.done(0)
		const hours = 3600 * 1000
		for i := range p.Life.Facts {
			if f := &p.Life.Facts[i]; f.Is(event.Accept) || f.Is(event.Finish) {
				f.Delay = (26 + int64(i)) * hours
			}
		}
		return
	}
	p.InDays(2)
	for _, name := range []string{"复审", "审核"} {
		f := p.Add(plan.AboutCase, string(event.StepStart), name)
		f.Word, f.Days = name, 2
		p.At += 7_000
		p.Add(plan.AboutCase, string(event.StepEnd), name).Word = name
		p.At += 9_000
	}
	p.done(0)
}

// orphan: something is said about a case that nobody applied for, a delivery
// with a certificate or without one.
func (p *Injector) orphan(certificate bool) {
	p.Life.Channel = ""
	p.At = p.OfficeTime(p.Life.Day)
	f := p.Add(plan.AboutCase, string(event.Deliver), "送达")
	f.Word, f.Flag = "hall", certificate
}

func (p *Injector) pauseAbused() {
	p.begun()
	n := int32(1)
	var broken plan.Flaws
	switch p.Rand.IntN(4) {
	case 0:
		broken = plan.NoBasis
	case 1:
		broken = plan.OffType
	case 2:
		n = 3
	default:
		// On the last day but one before the due.
		days := p.World.Days
		p.OnDay(days.Add(world.LocalDay(p.At), days.Count(world.LocalDay(p.At), p.Promised())-1))
	}
	for range n {
		p.Soon(60, 600)
		f := p.Add(plan.AboutCase, string(event.SuspendStart), "特别程序开始")
		f.Word, f.Days, f.Flaws = p.World.Items[p.Life.Item].Title.Pause, 5, broken
		if broken&plan.OffType != 0 {
			f.Word = "bidding"
		}
		p.InDays(1)
		p.Add(plan.AboutCase, string(event.SuspendEnd), "特别程序结束")
	}
	p.Soon(60, 600)
	p.work()
	p.done(0)
}

func (p *Injector) terminateNearDue() {
	p.begun()
	p.InDays(1)
	p.work()
	days := p.World.Days
	p.OnDay(days.Add(world.LocalDay(p.At), days.Count(world.LocalDay(p.At), p.Promised())-p.Between(0, 1)))
	p.Add(plan.AboutCase, string(event.Terminate), "终止办理").Word = "dept"
}

// noHearing decides without the hearing that the item asks for.
func (p *Injector) noHearing() {
	p.begun()
	p.InDays(1)
	p.work()
	p.done(0)
}

// withMaterial asks for a material that must not be asked for.
func (p *Injector) withMaterial(broken plan.Flaws) {
	p.begun()
	p.InDays(1)
	p.Add(plan.AboutCase, string(event.Material), "补充材料").Flaws = broken
	p.work()
	p.done(0)
}

// acceptedWith breaks something by the acceptance.
func (p *Injector) acceptedWith(broken plan.Flaws) {
	p.begun()
	p.acceptance(broken)
	p.InDays(1)
	p.work()
	p.done(0)
}

// finishedWith breaks something by the decision.
func (p *Injector) finishedWith(broken plan.Flaws) {
	p.begun()
	p.InDays(1)
	p.work()
	p.done(broken)
}

// overcharge asks for more than the catalogue says.
func (p *Injector) overcharge() {
	p.charge([]plan.Flaws{plan.OverStandard, plan.ReductionIgnored}[p.Rand.IntN(2)])
}

func (p *Injector) charge(broken plan.Flaws) {
	p.begun()
	p.InDays(1)
	p.work()
	p.Soon(60, 600)
	p.Add(plan.AboutCase, string(event.FeeNotice), "缴费通知").Flaws = broken
	p.Soon(600, 3600)
	p.Add(plan.AboutCase, string(event.FeePaid), "缴费").Flaws = broken
	p.InDays(1)
	p.done(0)
}

func (p *Injector) pushedLate() {
	p.begun()
	p.Life.Facts[len(p.Life.Facts)-1].Delay = int64(p.Between(25, 70)) * 3600 * 1000
	p.InDays(1)
	p.work()
	p.done(0)
}

// hearingLate: a hearing that was asked for is held after its time, or never.
func (p *Injector) hearingLate() {
	p.begun()
	p.InDays(1)
	p.Add(plan.AboutCase, string(event.Activity), "申请听证").Word = plan.HearingRequested
	p.Soon(60, 900)
	p.work()
	if p.Chance(0.3) {
		return
	}
	p.InDays(p.Between(21, 25))
	p.Add(plan.AboutCase, string(event.Activity), "举行听证").Word = plan.HearingHeld
	p.InDays(1)
	p.done(0)
}

// movedAfterCard finishes late and moves the time of a visit afterwards.
func (p *Injector) movedAfterCard() {
	p.begun()
	p.InDays(1)
	p.work()
	p.Soon(60, 600)
	p.Add(plan.AboutCase, string(event.Visit), "到场")
	visit := len(p.Life.Facts) - 1
	p.OnDay(p.World.Days.Add(p.Promised(), p.Between(1, 3)))
	p.done(0)
	p.InDays(1)
	no, becomes := p.Life.Facts[visit].No, p.Life.Facts[visit].At+30_000
	p.Life.Facts[visit].AmendedAt, p.Life.Facts[visit].AmendedTo = p.At, becomes
	f := p.Add(plan.AboutCase, string(event.Amend), "")
	f.Target, f.Served, f.Afterwards = no, becomes, true
}
