package inject

import (
	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// begun plans application and acceptance within the time for an answer.
func (p *Injector) begun() {
	p.Apply()
	p.InDays(p.Between(0, 1))
	p.Accept()
}

// acceptance breaks something by the acceptance.
func (p *Injector) acceptance(broken plan.Flaws) {
	for i := range p.Life.Facts {
		if f := &p.Life.Facts[i]; f.Is(event.Accept) {
			f.Flaws = broken
		}
	}
}

// work plans the steps that the catalogue asks for, on the day of the cursor.
func (p *Injector) work() {
	for _, name := range p.World.Items[p.Life.Item].RequiredSteps() {
		p.Soon(60, 900)
		p.Step(name, true)
	}
}

// done plans decision, finish and delivery on the day of the cursor.
func (p *Injector) done(broken plan.Flaws) {
	p.Soon(300, 1200)
	f := p.Add(plan.AboutCase, string(event.Decide), "作出决定")
	f.Word, f.Flaws = "approved", broken
	p.Soon(60, 900)
	f = p.Add(plan.AboutCase, string(event.Finish), "办结")
	f.Word, f.Flaws = "approved", broken
	p.Soon(60, 900)
	p.Add(plan.AboutCase, string(event.Deliver), "送达").Word = "hall"
	p.RateCase(p.At)
}

func (p *Injector) finishAround(low, high int32) {
	p.begun()
	p.InDays(1)
	p.work()
	day := p.Promised()
	if n := p.Between(low, high); n > 0 {
		day = p.World.Days.Add(day, n)
	}
	p.OnDay(day)
	p.done(0)
}

func (p *Injector) finishBeyondTheLaw() {
	p.begun()
	p.InDays(1)
	p.work()
	p.OnDay(p.World.Days.Add(world.LocalDay(p.Standing().LegalDue), p.Between(1, 4)))
	p.done(0)
}

func (p *Injector) forgotten() {
	p.begun()
	p.InDays(p.Between(12, 13))
	p.work()
	p.done(0)
}

func (p *Injector) answerLate() {
	p.Apply()
	p.InDays(p.Between(6, 9))
	p.Add(plan.AboutCase, string(event.Accept), "受理").Flag = false
	p.work()
	p.done(0)
}

// prereviewLate: the answer is owed within two days, and comes after three or
// four; the acceptance is in time.
func (p *Injector) prereviewLate() {
	p.Apply()
	p.InDays(p.Between(3, 4))
	p.Add(plan.AboutCase, string(event.PrereviewPass), "预审通过")
	p.Soon(60, 900)
	p.Accept()
	p.InDays(1)
	p.work()
	p.done(0)
}

func (p *Injector) stepLate() {
	p.begun()
	p.Soon(60, 600)
	f := p.Add(plan.AboutCase, string(event.StepStart), "复审")
	f.Word, f.Days = "复审", 2
	p.InDays(p.Between(3, 6))
	p.Add(plan.AboutCase, string(event.StepEnd), "复审").Word = "复审"
	p.Soon(60, 600)
	p.Step("审核", true)
	p.done(0)
}

func (p *Injector) pauseLong() {
	p.begun()
	p.Soon(60, 600)
	approved := p.Between(3, 6)
	f := p.Add(plan.AboutCase, string(event.SuspendStart), "特别程序开始")
	f.Word, f.Days = p.World.Items[p.Life.Item].Title.Pause, approved
	p.InDays(approved + p.Between(1, 3))
	p.Add(plan.AboutCase, string(event.SuspendEnd), "特别程序结束")
	p.work()
	p.done(0)
}

// deliverLate delivers days after the decision; electronic starts the clock of
// the electronic certificate.
func (p *Injector) deliverLate(low, high int32, electronic bool) {
	p.begun()
	p.InDays(1)
	p.work()
	p.Soon(300, 1200)
	p.Add(plan.AboutCase, string(event.Decide), "作出决定").Word = "approved"
	p.Soon(60, 300)
	f := p.Add(plan.AboutCase, string(event.Finish), "办结")
	f.Word, f.Flag = "approved", electronic
	p.InDays(p.Between(low, high))
	f = p.Add(plan.AboutCase, string(event.Deliver), "送达")
	f.Word = "post"
	if electronic {
		f.Word = "electronic"
	}
	p.RateCase(p.At)
}

// lowerLevel: the preliminary review below takes longer than twenty days.
func (p *Injector) lowerLevel() {
	p.begun()
	p.acceptance(plan.AtLowerLevel)
	p.InDays(1)
	p.work()
	p.InDays(p.Between(20, 22))
	f := p.Add(plan.AboutCase, string(event.Transfer), "转报")
	f.To = p.World.Orgs[p.Life.Org].Peer
	p.Soon(600, 1800)
	p.done(0)
}

// silentDepartment takes part in a project, says nothing, and is taken to agree.
func (p *Injector) silentDepartment() {
	p.Life.Joint = true
	p.begun()
	p.OnDay(p.World.Days.Add(p.Promised(), 1))
	p.Add(plan.AboutCase, string(event.DeemedConsent), "超时默许").Word = "deemed"
	p.RateCase(p.At)
}

func (p *Injector) unlawfulExtension() {
	p.begun()
	p.InDays(2)
	p.work()
	p.Soon(60, 600)
	f := p.Add(plan.AboutCase, string(event.Extend), "延期")
	f.Days = p.Between(3, 10)
	switch p.Rand.IntN(4) {
	case 0:
		f.Flaws = plan.NoApprover
	case 1:
		f.Flaws = plan.NotTold
	case 2:
		f.Days = p.Between(11, 15)
	default:
		p.InDays(1)
		p.Add(plan.AboutCase, string(event.Extend), "延期").Days = 2
	}
	p.InDays(1)
	p.done(0)
}

func (p *Injector) secondNotice() {
	p.Apply()
	for round := range p.Between(2, 3) {
		p.InDays(1)
		f := p.Notice()
		if round > 0 {
			f.Flaws = plan.KnownDefects
		}
		p.InDays(p.Between(1, 4))
		p.Add(plan.AboutCase, string(event.CorrectionSubmit), "补正提交")
	}
	p.InDays(1)
	p.Accept()
	p.InDays(1)
	p.work()
	p.done(0)
}

func (p *Injector) noticeAfterAcceptance() {
	p.begun()
	p.InDays(1)
	p.Notice().Illegal = true
	p.InDays(1)
	p.work()
	p.done(0)
}

func (p *Injector) silentReturn() {
	p.Apply()
	p.InDays(1)
	p.Add(plan.AboutCase, string(event.PrereviewReject), "预审退回").Flaws = plan.NoReasons
	p.InDays(p.Between(1, 4))
	p.Add(plan.AboutCase, string(event.CorrectionSubmit), "补正提交")
	p.InDays(1)
	p.Accept()
	p.InDays(1)
	p.work()
	p.done(0)
}

// refuseUnlawfully plans a refusal without a reason, a basis or a notice of remedies.
func (p *Injector) refuseUnlawfully() {
	p.refuse([]plan.Flaws{plan.NoReason, plan.NoBasis, plan.NoRemedy}[p.Rand.IntN(3)])
}

// refuse plans a refusal, of the application or of what was applied for.
func (p *Injector) refuse(broken plan.Flaws) {
	if p.Chance(0.5) {
		p.Apply()
		p.InDays(p.Between(1, 3))
		p.Add(plan.AboutCase, string(event.NotAccept), "不予受理").Flaws = broken
		return
	}
	p.begun()
	p.InDays(1)
	p.work()
	p.Soon(300, 1200)
	f := p.Add(plan.AboutCase, string(event.Decide), "作出决定")
	f.Word, f.Flaws = "denied", broken
	p.Soon(60, 300)
	f = p.Add(plan.AboutCase, string(event.Finish), "办结")
	f.Word, f.Flaws = "denied", broken
}
