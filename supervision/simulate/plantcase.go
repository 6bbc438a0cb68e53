package simulate

import (
	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// begun plans application and acceptance within the time for an answer.
func (p *injecting) begun() {
	p.apply()
	p.inDays(p.between(0, 1))
	p.accept()
}

// acceptance breaks something by the acceptance.
func (p *injecting) acceptance(broken flaws) {
	for i := range p.s.facts {
		if f := &p.s.facts[i]; f.is(event.Accept) {
			f.flaws = broken
		}
	}
}

// work plans the steps that the catalogue asks for, on the day of the cursor.
func (p *injecting) work() {
	for _, name := range p.world.Items[p.s.item].RequiredSteps() {
		p.soon(60, 900)
		p.step(name, true)
	}
}

// done plans decision, finish and delivery on the day of the cursor.
func (p *injecting) done(broken flaws) {
	p.soon(300, 1200)
	f := p.add(aboutCase, string(event.Decide), "作出决定")
	f.word, f.flaws = "approved", broken
	p.soon(60, 900)
	f = p.add(aboutCase, string(event.Finish), "办结")
	f.word, f.flaws = "approved", broken
	p.soon(60, 900)
	p.add(aboutCase, string(event.Deliver), "送达").word = "hall"
	p.rateCase(p.t)
}

func (p *injecting) finishAround(low, high int32) {
	p.begun()
	p.inDays(1)
	p.work()
	day := p.promised()
	if n := p.between(low, high); n > 0 {
		day = p.world.Days.Add(day, n)
	}
	p.onDay(day)
	p.done(0)
}

func (p *injecting) finishBeyondTheLaw() {
	p.begun()
	p.inDays(1)
	p.work()
	p.onDay(p.world.Days.Add(world.LocalDay(p.standing().LegalDue), p.between(1, 4)))
	p.done(0)
}

func (p *injecting) forgotten() {
	p.begun()
	p.inDays(p.between(12, 13))
	p.work()
	p.done(0)
}

func (p *injecting) answerLate() {
	p.apply()
	p.inDays(p.between(6, 9))
	p.add(aboutCase, string(event.Accept), "受理").flag = false
	p.work()
	p.done(0)
}

// prereviewLate: the answer is owed within two days, and comes after three or
// four; the acceptance is in time.
func (p *injecting) prereviewLate() {
	p.apply()
	p.inDays(p.between(3, 4))
	p.add(aboutCase, string(event.PrereviewPass), "预审通过")
	p.soon(60, 900)
	p.accept()
	p.inDays(1)
	p.work()
	p.done(0)
}

func (p *injecting) stepLate() {
	p.begun()
	p.soon(60, 600)
	f := p.add(aboutCase, string(event.StepStart), "复审")
	f.word, f.days = "复审", 2
	p.inDays(p.between(3, 6))
	p.add(aboutCase, string(event.StepEnd), "复审").word = "复审"
	p.soon(60, 600)
	p.step("审核", true)
	p.done(0)
}

func (p *injecting) pauseLong() {
	p.begun()
	p.soon(60, 600)
	approved := p.between(3, 6)
	f := p.add(aboutCase, string(event.SuspendStart), "特别程序开始")
	f.word, f.days = p.world.Items[p.s.item].Title.Pause, approved
	p.inDays(approved + p.between(1, 3))
	p.add(aboutCase, string(event.SuspendEnd), "特别程序结束")
	p.work()
	p.done(0)
}

// deliverLate delivers days after the decision; electronic starts the clock of
// the electronic certificate.
func (p *injecting) deliverLate(low, high int32, electronic bool) {
	p.begun()
	p.inDays(1)
	p.work()
	p.soon(300, 1200)
	p.add(aboutCase, string(event.Decide), "作出决定").word = "approved"
	p.soon(60, 300)
	f := p.add(aboutCase, string(event.Finish), "办结")
	f.word, f.flag = "approved", electronic
	p.inDays(p.between(low, high))
	f = p.add(aboutCase, string(event.Deliver), "送达")
	f.word = "post"
	if electronic {
		f.word = "electronic"
	}
	p.rateCase(p.t)
}

// lowerLevel: the preliminary review below takes longer than twenty days.
func (p *injecting) lowerLevel() {
	p.begun()
	p.acceptance(atLowerLevel)
	p.inDays(1)
	p.work()
	p.inDays(p.between(20, 22))
	f := p.add(aboutCase, string(event.Transfer), "转报")
	f.to = p.world.Orgs[p.s.org].Peer
	p.soon(600, 1800)
	p.done(0)
}

// silentDepartment takes part in a project, says nothing, and is taken to agree.
func (p *injecting) silentDepartment() {
	p.s.joint = true
	p.begun()
	p.onDay(p.world.Days.Add(p.promised(), 1))
	p.add(aboutCase, string(event.DeemedConsent), "超时默许").word = "deemed"
	p.rateCase(p.t)
}

func (p *injecting) unlawfulExtension() {
	p.begun()
	p.inDays(2)
	p.work()
	p.soon(60, 600)
	f := p.add(aboutCase, string(event.Extend), "延期")
	f.days = p.between(3, 10)
	switch p.r.IntN(4) {
	case 0:
		f.flaws = noApprover
	case 1:
		f.flaws = notTold
	case 2:
		f.days = p.between(11, 15)
	default:
		p.inDays(1)
		p.add(aboutCase, string(event.Extend), "延期").days = 2
	}
	p.inDays(1)
	p.done(0)
}

func (p *injecting) secondNotice() {
	p.apply()
	for round := range p.between(2, 3) {
		p.inDays(1)
		f := p.notice()
		if round > 0 {
			f.flaws = knownDefects
		}
		p.inDays(p.between(1, 4))
		p.add(aboutCase, string(event.CorrectionSubmit), "补正提交")
	}
	p.inDays(1)
	p.accept()
	p.inDays(1)
	p.work()
	p.done(0)
}

func (p *injecting) noticeAfterAcceptance() {
	p.begun()
	p.inDays(1)
	p.notice().illegal = true
	p.inDays(1)
	p.work()
	p.done(0)
}

func (p *injecting) silentReturn() {
	p.apply()
	p.inDays(1)
	p.add(aboutCase, string(event.PrereviewReject), "预审退回").flaws = noReasons
	p.inDays(p.between(1, 4))
	p.add(aboutCase, string(event.CorrectionSubmit), "补正提交")
	p.inDays(1)
	p.accept()
	p.inDays(1)
	p.work()
	p.done(0)
}

// refuseUnlawfully plans a refusal without a reason, a basis or a notice of remedies.
func (p *injecting) refuseUnlawfully() { p.refuse([]flaws{noReason, noBasis, noRemedy}[p.r.IntN(3)]) }

// refuse plans a refusal, of the application or of what was applied for.
func (p *injecting) refuse(broken flaws) {
	if p.chance(0.5) {
		p.apply()
		p.inDays(p.between(1, 3))
		p.add(aboutCase, string(event.NotAccept), "不予受理").flaws = broken
		return
	}
	p.begun()
	p.inDays(1)
	p.work()
	p.soon(300, 1200)
	f := p.add(aboutCase, string(event.Decide), "作出决定")
	f.word, f.flaws = "denied", broken
	p.soon(60, 300)
	f = p.add(aboutCase, string(event.Finish), "办结")
	f.word, f.flaws = "denied", broken
}
