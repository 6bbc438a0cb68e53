package simulate

import (
	"slices"
	"strings"

	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// The streams of random numbers: cases, tickets, and the lives that only measure.
const (
	streamCase   = 1
	streamTicket = 2
	streamPilot  = 3
)

// planCase plans the life of one case that begins on a day. What comes after
// the period is cut off later.
func (p *planner) planCase(s *subject, stream uint64, index int64, day int32) {
	p.begin(s, stream, index, day)
	w := p.world
	s.item = int32(w.CaseItems.Draw(p.r))
	it := &w.Items[s.item]
	s.org = it.Org
	s.region = w.Orgs[s.org].Region
	p.acting = s.org
	s.no = world.AppendNumber(s.no, "ZW", w.Regions[s.region].Code, day, index)
	s.test, s.secret = p.chance(0.001), p.chance(0.001)
	if p.injector.Case(stream, index) {
		p.remember(string(s.no))
		return
	}
	s.joint = it.Title.Pausable() && it.Title.ItemType == "license" && p.chance(0.06)
	s.channel = p.applyChannel(it.Title, w.Orgs[s.org].Level)
	p.apply()
	if p.reception() {
		if it.Title.Immediate() {
			p.onTheSpot()
		} else {
			p.process()
		}
	}
	p.remember(string(s.no))
}

// applyChannel draws how the applicant came. On a day off the counters are closed.
func (p *planner) applyChannel(t *world.Title, level int8) string {
	open := p.world.Days.Working(p.s.day)
	var words [8]weighted
	list := words[:0]
	if open {
		list = append(list, weighted{"hall", 36}, weighted{"post", 2}, weighted{"kiosk", 4})
		if level >= 4 {
			list = append(list, weighted{"grassroots", 60})
		}
	}
	if t.Depth >= 2 || !open {
		list = append(list, weighted{"web", 28}, weighted{"app", 14}, weighted{"mini_program", 12})
	}
	if t.Immediate() && t.Depth == 4 {
		list = append(list, weighted{"auto", 10})
	}
	return pick(p.r, list)
}

// online reports whether an application came over the net.
func online(channel string) bool {
	return slices.Contains(event.OnlineChannels(), channel)
}

// apply places the application: at the counter in working hours, online from
// seven to half past ten in the evening.
func (p *planner) apply() {
	if online(p.s.channel) {
		p.t = world.StartOf(p.s.day) + 7*3600*1000 + p.r.Int64N(15*3600*1000+1800*1000)
		// Closing time must not decide what "before closing" means for an
		// application that is accepted at once.
		if minute := (p.t - world.StartOf(p.s.day)) / 60000; minute >= 16*60+15 && minute <= 18*60+5 {
			p.t += 2 * 3600 * 1000
		}
	} else {
		p.t = p.officeTime(p.s.day)
	}
	p.add(aboutCase, string(event.Apply), "申请").flag = p.chance(0.5)
	if p.s.channel == "hall" && p.chance(0.9) {
		p.soon(30, 240)
		p.add(aboutCase, string(event.Visit), "到场")
	}
	for range p.between(0, 2) {
		p.soon(20, 200)
		p.add(aboutCase, string(event.Material), "")
	}
}

// reception plans everything up to acceptance; false when the case ends or gets
// stuck before it, or when silence has accepted it and nothing more happens.
func (p *planner) reception() bool {
	it := &p.world.Items[p.s.item]
	if it.Title.Immediate() && !p.chance(0.02) {
		p.soon(20, 300)
		return p.accept()
	}
	if p.chance(0.012) {
		return p.silence()
	}
	// K2 runs for five working days; no answer takes more than four.
	for round := 0; ; round++ {
		waited := int32(0)
		if online(p.s.channel) && p.chance(0.5) {
			waited = p.between(0, 2)
			p.inDays(waited)
			if round == 0 && p.chance(0.06) {
				p.add(aboutCase, string(event.PrereviewReject), "预审退回")
				if !p.corrected() {
					return false
				}
				continue
			}
			p.add(aboutCase, string(event.PrereviewPass), "预审通过")
		}
		p.inDays(p.between(0, min(2, 4-waited)))
		switch x := p.r.Float64(); {
		case x < 0.06 && round < 3:
			p.notice()
			if !p.corrected() {
				return false
			}
		case x < 0.08:
			p.add(aboutCase, string(event.NotAccept), "不予受理")
			return false
		case x < 0.087:
			p.add(aboutCase, string(event.Withdraw), "撤回申请")
			return false
		default:
			return p.accept()
		}
	}
}

// notice plans a notice of what is missing. The law wants all of it in one
// notice: a later one rests on something that came to light since.
func (p *planner) notice() *fact {
	later := false
	for i := range p.s.facts {
		switch event.CaseType(p.s.facts[i].typ) {
		case event.CorrectionNotice, event.PrereviewReject:
			later = true
		}
	}
	f := p.add(aboutCase, string(event.CorrectionNotice), "补正告知")
	f.flag = later
	return f
}

// corrected plans what the applicant does about a notice; false when the case
// ends or waits for ever.
func (p *planner) corrected() bool {
	switch x := p.r.Float64(); {
	case x < 0.88:
		p.inDays(p.between(1, 10))
		p.add(aboutCase, string(event.CorrectionSubmit), "补正提交")
		return true
	case x < 0.93:
		p.inDays(p.between(1, 8))
		p.add(aboutCase, string(event.Withdraw), "撤回申请")
	case x < 0.97:
		p.onDay(p.world.Days.Add(p.today()+30, 1))
		p.add(aboutCase, string(event.Terminate), "逾期未补正终止").word = "dept"
	}
	return false
}

// accept writes the acceptance. Most sources send a snapshot of the limits,
// the others leave them to the catalogue.
func (p *planner) accept() bool {
	it := &p.world.Items[p.s.item]
	v := it.At(p.today())
	f := p.add(aboutCase, string(event.Accept), "受理")
	f.flag = p.chance(0.85)
	f.days = v.Promise
	if f.flag && v.Promise > 2 && p.chance(0.004) {
		p.revise(f, v.Promise-1)
	}
	return true
}

// silence plans a case that nobody answers: five working days after the receipt
// the law accepts it, counted from the receipt. Some are then worked on as if
// nothing had happened, some are accepted late, some are forgotten.
func (p *planner) silence() bool {
	p.inDays(p.between(6, 11))
	switch x := p.r.Float64(); {
	case x < 0.5:
		return true
	case x < 0.8:
		p.add(aboutCase, string(event.Accept), "受理").flag = false
		return true
	}
	return false
}

// revise sends a fact a second time as revision 1 with the right number of
// days; the first version said something else.
func (p *planner) revise(f *fact, wrong int32) {
	right := *f
	f.superseded, f.days = true, wrong
	right.revision = 1
	p.s.facts = append(p.s.facts, right)
}

// onTheSpot plans an immediate item: done within the hour, seldom days later.
func (p *planner) onTheSpot() {
	late := p.chance(0.03) && p.s.channel != "auto"
	if late {
		p.inDays(p.between(1, 4))
	}
	for range p.between(0, 1) {
		p.soon(30, 400)
		p.step("即时审核", false)
	}
	p.soon(30, 600)
	p.conclude(late || p.chance(0.1))
}

// conclude plans decision, finish and delivery at the cursor.
func (p *planner) conclude(withDecision bool) {
	result := pick(p.r, []weighted{{"approved", 93}, {"denied", 3}, {"partial", 2}, {"archived", 1}, {"forwarded", 1}})
	if withDecision {
		p.add(aboutCase, string(event.Decide), "作出决定").word = result
		p.soon(60, 1800)
	}
	f := p.add(aboutCase, string(event.Finish), "办结")
	f.word = result
	finished := p.t
	if result != "denied" && p.chance(0.985) {
		method := pick(p.r, deliveryMethods)
		days := p.between(0, 8)
		// A certificate that is issued by the system is so within three days.
		f.flag = method == "electronic" && days <= 3
		if p.world.Items[p.s.item].Title.Immediate() {
			p.soon(30, 600)
		} else {
			p.inDays(days)
		}
		p.add(aboutCase, string(event.Deliver), "送达").word = method
		if p.chance(0.5) {
			finished = p.t
		}
	}
	p.rateCase(finished)
}

var deliveryMethods = []weighted{{"hall", 3}, {"post", 4}, {"electronic", 6}}

// step plans a step that starts and ends within the hour.
func (p *planner) step(name string, long bool) {
	f := p.add(aboutCase, string(event.StepStart), name)
	f.word, f.days = name, 1
	if long {
		p.soon(600, 5400)
	} else {
		p.soon(20, 300)
	}
	p.add(aboutCase, string(event.StepEnd), name).word = name
}

// remember keeps the number for tickets that are about a case.
func (p *planner) remember(no string) { p.recent[p.s.index%int64(len(p.recent))] = strings.Clone(no) }
