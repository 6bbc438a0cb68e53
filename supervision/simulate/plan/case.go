package plan

import (
	"slices"
	"strings"

	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// The streams of random numbers: cases, tickets, and the lives that only measure.
const (
	StreamCase   = 1
	StreamTicket = 2
	StreamPilot  = 3
)

// PlanCase plans the life of one case that begins on a day. What comes after
// the period is cut off later.
func (p *Planner) PlanCase(s *Subject, stream uint64, index int64, day int32) {
	p.Begin(s, stream, index, day)
	w := p.World
	s.Item = int32(w.CaseItems.Draw(p.Rand))
	it := &w.Items[s.Item]
	s.Org = it.Org
	s.Region = w.Orgs[s.Org].Region
	p.Acting = s.Org
	s.No = world.AppendNumber(s.No, "ZW", w.Regions[s.Region].Code, day, index)
	s.Test, s.Secret = p.Chance(0.001), p.Chance(0.001)
	if p.Injector.Case(stream, index) {
		p.remember(string(s.No))
		return
	}
	s.Joint = it.Title.Pausable() && it.Title.ItemType == "license" && p.Chance(0.06)
	s.Channel = p.ApplyChannel(it.Title, w.Orgs[s.Org].Level)
	p.Apply()
	if p.reception() {
		if it.Title.Immediate() {
			p.onTheSpot()
		} else {
			p.process()
		}
	}
	p.remember(string(s.No))
}

// ApplyChannel draws how the applicant came. On a day off the counters are closed.
func (p *Planner) ApplyChannel(t *world.Title, level int8) string {
	open := p.World.Days.Working(p.Life.Day)
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
	return pick(p.Rand, list)
}

// Online reports whether an application came over the net.
func Online(channel string) bool {
	return slices.Contains(event.OnlineChannels(), channel)
}

// Apply places the application: at the counter in working hours, online from
// seven to half past ten in the evening.
func (p *Planner) Apply() {
	if Online(p.Life.Channel) {
		p.At = world.StartOf(p.Life.Day) + 7*3600*1000 + p.Rand.Int64N(15*3600*1000+1800*1000)
		// Closing time must not decide what "before closing" means for an
		// application that is accepted at once.
		if minute := (p.At - world.StartOf(p.Life.Day)) / 60000; minute >= 16*60+15 && minute <= 18*60+5 {
			p.At += 2 * 3600 * 1000
		}
	} else {
		p.At = p.OfficeTime(p.Life.Day)
	}
	p.Add(AboutCase, string(event.Apply), "申请").Flag = p.Chance(0.5)
	if p.Life.Channel == "hall" && p.Chance(0.9) {
		p.Soon(30, 240)
		p.Add(AboutCase, string(event.Visit), "到场")
	}
	for range p.Between(0, 2) {
		p.Soon(20, 200)
		p.Add(AboutCase, string(event.Material), "")
	}
}

// reception plans everything up to acceptance; false when the case ends or gets
// stuck before it, or when silence has accepted it and nothing more happens.
func (p *Planner) reception() bool {
	it := &p.World.Items[p.Life.Item]
	if it.Title.Immediate() && !p.Chance(0.02) {
		p.Soon(20, 300)
		return p.Accept()
	}
	if p.Chance(0.012) {
		return p.silence()
	}
	// K2 runs for five working days; no answer takes more than four.
	for round := 0; ; round++ {
		waited := int32(0)
		if Online(p.Life.Channel) && p.Chance(0.5) {
			waited = p.Between(0, 2)
			p.InDays(waited)
			if round == 0 && p.Chance(0.06) {
				p.Add(AboutCase, string(event.PrereviewReject), "预审退回")
				if !p.corrected() {
					return false
				}
				continue
			}
			p.Add(AboutCase, string(event.PrereviewPass), "预审通过")
		}
		p.InDays(p.Between(0, min(2, 4-waited)))
		switch x := p.Rand.Float64(); {
		case x < 0.06 && round < 3:
			p.Notice()
			if !p.corrected() {
				return false
			}
		case x < 0.08:
			p.Add(AboutCase, string(event.NotAccept), "不予受理")
			return false
		case x < 0.087:
			p.Add(AboutCase, string(event.Withdraw), "撤回申请")
			return false
		default:
			return p.Accept()
		}
	}
}

// Notice plans a notice of what is missing. The law wants all of it in one
// notice: a later one rests on something that came to light since.
func (p *Planner) Notice() *Fact {
	later := false
	for i := range p.Life.Facts {
		switch event.CaseType(p.Life.Facts[i].Type) {
		case event.CorrectionNotice, event.PrereviewReject:
			later = true
		}
	}
	f := p.Add(AboutCase, string(event.CorrectionNotice), "补正告知")
	f.Flag = later
	return f
}

// corrected plans what the applicant does about a notice; false when the case
// ends or waits for ever.
func (p *Planner) corrected() bool {
	switch x := p.Rand.Float64(); {
	case x < 0.88:
		p.InDays(p.Between(1, 10))
		p.Add(AboutCase, string(event.CorrectionSubmit), "补正提交")
		return true
	case x < 0.93:
		p.InDays(p.Between(1, 8))
		p.Add(AboutCase, string(event.Withdraw), "撤回申请")
	case x < 0.97:
		p.OnDay(p.World.Days.Add(p.Today()+30, 1))
		p.Add(AboutCase, string(event.Terminate), "逾期未补正终止").Word = "dept"
	}
	return false
}

// Accept writes the acceptance. Most sources send a snapshot of the limits,
// the others leave them to the catalogue.
func (p *Planner) Accept() bool {
	it := &p.World.Items[p.Life.Item]
	v := it.At(p.Today())
	f := p.Add(AboutCase, string(event.Accept), "受理")
	f.Flag = p.Chance(0.85)
	f.Days = v.Promise
	if f.Flag && v.Promise > 2 && p.Chance(0.004) {
		p.revise(f, v.Promise-1)
	}
	return true
}

// silence plans a case that nobody answers: five working days after the receipt
// the law accepts it, counted from the receipt. Some are then worked on as if
// nothing had happened, some are accepted late, some are forgotten.
func (p *Planner) silence() bool {
	p.InDays(p.Between(6, 11))
	switch x := p.Rand.Float64(); {
	case x < 0.5:
		return true
	case x < 0.8:
		p.Add(AboutCase, string(event.Accept), "受理").Flag = false
		return true
	}
	return false
}

// revise sends a fact a second time as revision 1 with the right number of
// days; the first version said something else.
func (p *Planner) revise(f *Fact, wrong int32) {
	right := *f
	f.Superseded, f.Days = true, wrong
	right.Revision = 1
	p.Life.Facts = append(p.Life.Facts, right)
}

// onTheSpot plans an immediate item: done within the hour, seldom days later.
func (p *Planner) onTheSpot() {
	late := p.Chance(0.03) && p.Life.Channel != "auto"
	if late {
		p.InDays(p.Between(1, 4))
	}
	for range p.Between(0, 1) {
		p.Soon(30, 400)
		p.Step("即时审核", false)
	}
	p.Soon(30, 600)
	p.conclude(late || p.Chance(0.1))
}

// conclude plans decision, finish and delivery at the cursor.
func (p *Planner) conclude(withDecision bool) {
	result := pick(p.Rand, []weighted{{"approved", 93}, {"denied", 3}, {"partial", 2}, {"archived", 1}, {"forwarded", 1}})
	if withDecision {
		p.Add(AboutCase, string(event.Decide), "作出决定").Word = result
		p.Soon(60, 1800)
	}
	f := p.Add(AboutCase, string(event.Finish), "办结")
	f.Word = result
	finished := p.At
	if result != "denied" && p.Chance(0.985) {
		method := pick(p.Rand, deliveryMethods)
		days := p.Between(0, 8)
		// A certificate that is issued by the system is so within three days.
		f.Flag = method == "electronic" && days <= 3
		if p.World.Items[p.Life.Item].Title.Immediate() {
			p.Soon(30, 600)
		} else {
			p.InDays(days)
		}
		p.Add(AboutCase, string(event.Deliver), "送达").Word = method
		if p.Chance(0.5) {
			finished = p.At
		}
	}
	p.RateCase(finished)
}

var deliveryMethods = []weighted{{"hall", 3}, {"post", 4}, {"electronic", 6}}

// Step plans a step that starts and ends within the hour.
func (p *Planner) Step(name string, long bool) {
	f := p.Add(AboutCase, string(event.StepStart), name)
	f.Word, f.Days = name, 1
	if long {
		p.Soon(600, 5400)
	} else {
		p.Soon(20, 300)
	}
	p.Add(AboutCase, string(event.StepEnd), name).Word = name
}

// remember keeps the number for tickets that are about a case.
func (p *Planner) remember(no string) {
	p.recent[p.Life.Index%int64(len(p.recent))] = strings.Clone(no)
}
