package truth

import (
	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// notices are R-OTN-01 to R-OTN-03: a second notice about what was visible
// before, a notice after acceptance, a return without reasons.
func (j *Judge) notices() {
	seen, repeated, late, mute := 0, false, false, false
	for i := range j.facts {
		f := &j.facts[i]
		switch event.CaseType(f.Type) {
		case event.PrereviewReject:
			seen++
		case event.CorrectionNotice:
			seen++
			fresh := f.Flag && f.Flaws&plan.KnownDefects == 0
			if seen > 1 && !fresh && !repeated {
				repeated = true
				j.raise("R-OTN-01", "", Step{f.at, yellow})
			}
			if f.Illegal && !fresh && !late {
				late = true
				j.raise("R-OTN-02", "", Step{f.at, yellow})
			}
		}
		if f.Flaws&plan.NoReasons != 0 && !mute {
			mute = true
			j.raise("R-OTN-03", "", Step{f.at, yellow})
		}
	}
}

// refusals are R-DEN-01 and R-DEN-02: not reported within a working day; without
// a reason, a legal basis or a notice of remedies.
func (j *Judge) refusals() {
	for i := range j.facts {
		f := &j.facts[i]
		if !f.Is(event.NotAccept) && f.Word != "denied" {
			continue
		}
		if f.Flaws&plan.NoFiling != 0 {
			j.raise("R-DEN-01", "", Step{world.EndOf(j.world.Days.Add(world.LocalDay(f.at), 1)) + 1, yellow})
		}
		if f.Flaws&(plan.NoReason|plan.NoBasis|plan.NoRemedy) != 0 {
			j.raise("R-DEN-02", "", Step{f.at, red})
		}
		return // the finish repeats what the decision said
	}
}

// course are R-PRC-01, R-PRC-02 and R-PRC-04: a step left out, an event that
// the life cycle does not allow, a certificate without a case.
func (j *Judge) course() {
	it := &j.world.Items[j.s.Item]
	done := map[string]bool{}
	checked, illegal := len(it.RequiredSteps()) == 0, false
	for i := range j.facts {
		f := &j.facts[i]
		if f.Illegal && !illegal {
			illegal = true
			j.raise("R-PRC-02", "", Step{f.at, yellow})
		}
		switch event.CaseType(f.Type) {
		case event.StepStart, event.StepEnd:
			if !checked {
				done[f.Word] = true
			}
		case event.Finish:
			if checked {
				continue
			}
			checked = true
			for _, name := range it.RequiredSteps() {
				if !done[name] {
					j.raise("R-PRC-01", "", Step{f.at, red})
					break
				}
			}
		}
	}
	if t := j.pieces[len(j.pieces)-1]; t.Excluded == "incomplete" && j.facts[0].Is(event.Deliver) && j.facts[0].Flag {
		j.raise("R-PRC-04", "", Step{ByArrival, red})
	}
}

const day24 = 24 * 3600 * 1000

// retroEntry is R-PRC-03: acceptance and end both sent more than a day late, from
// when both are, or all steps of a promised item stamped within a minute.
func (j *Judge) retroEntry() {
	var accept, finish *known
	var first, last int64
	steps := 0
	for i := range j.facts {
		f := &j.facts[i]
		switch event.CaseType(f.Type) {
		case event.Accept:
			if accept == nil {
				accept = f
			}
		case event.Finish:
			finish = f
		case event.StepStart, event.StepEnd:
			if steps == 0 {
				first = f.at
			}
			last = f.at
			steps++
		}
	}
	if finish == nil || j.s.Channel == "auto" {
		return
	}
	switch {
	case accept != nil && accept.pushed-accept.at > day24 && finish.pushed-finish.at > day24:
		j.raise("R-PRC-03", "", Step{max(accept.at, finish.at) + day24 + 1, yellow})
	case steps > 2 && last-first <= 60_000 && !j.world.Items[j.s.Item].Title.Immediate():
		j.raise("R-PRC-03", "", Step{finish.at, yellow})
	}
}

// pausesAbused is R-PRC-05: a special procedure that the item does not know,
// without a basis, begun on the last working day, or the third of a case.
func (j *Judge) pausesAbused() {
	n := 0
	for i := range j.facts {
		f := &j.facts[i]
		if !f.Is(event.SuspendStart) {
			continue
		}
		n++
		due := j.before(f.at).PromiseDue
		left := j.world.Days.Count(world.LocalDay(f.at), world.LocalDay(due))
		if n > 2 || f.Flaws&(plan.NoBasis|plan.OffType) != 0 || due != 0 && left <= 1 {
			j.raise("R-PRC-05", "", Step{f.at, yellow})
			return
		}
	}
}

// nearDue is R-PRC-06: ended by the department within a working day of the due.
func (j *Judge) nearDue() {
	for i := range j.facts {
		f := &j.facts[i]
		if !f.Is(event.Terminate) || f.Word != "dept" {
			continue
		}
		t := j.before(f.at)
		if t.PromiseDue != 0 && t.StopAt == 0 && f.at <= t.PromiseDue &&
			j.world.Days.Count(world.LocalDay(f.at), world.LocalDay(t.PromiseDue)) <= 1 {
			j.raise("R-PRC-06", "", Step{f.at, yellow})
		}
	}
}

// hearing is R-PRC-07: decided without the hearing that the item asks for.
func (j *Judge) hearing() {
	if !j.world.Items[j.s.Item].HearingRequired() {
		j.hearingMissed()
		return
	}
	for i := range j.facts {
		f := &j.facts[i]
		switch {
		case f.Is(event.Activity) && f.Word == plan.HearingHeld, f.Is(event.SuspendStart) && f.Word == "hearing":
			return
		case f.Is(event.Decide), f.Is(event.Finish):
			j.raise("R-PRC-07", "", Step{f.at, red})
			return
		}
	}
}

// hearingMissed is R-PRC-07 for a hearing that was asked for: twenty working days
// to hold it (K11).
func (j *Judge) hearingMissed() {
	asked, held := int64(0), world.Forever
	for i := range j.facts {
		f := &j.facts[i]
		switch {
		case asked == 0 && f.Is(event.Activity) && f.Word == plan.HearingRequested:
			asked = f.at
		case asked != 0 && f.Is(event.Activity) && f.Word == plan.HearingHeld:
			held = min(held, f.at)
		}
	}
	if asked == 0 {
		return
	}
	if due := world.EndOf(j.world.Days.Add(world.LocalDay(asked), 20)); held > due {
		j.raise("R-PRC-07", "", Step{due + 1, red})
	}
}

// norms are R-NRM-02, 04, 05, 06, 07 and R-FEE-01, 02 on the messages of a case.
func (j *Judge) norms() {
	it := &j.world.Items[j.s.Item]
	final := &j.pieces[len(j.pieces)-1]
	once := func(rule string, broken *bool, t Step) {
		if !*broken {
			*broken = true
			j.raise(rule, "", t)
		}
	}
	var extra, held, differs, hidden, same, unlisted, tooMuch bool
	for i := range j.facts {
		f := &j.facts[i]
		switch event.CaseType(f.Type) {
		case event.Material:
			if f.Flaws&plan.OffGuide != 0 {
				once("R-NRM-02", &extra, Step{f.at, red})
			}
			if f.Flaws&plan.HeldAlready != 0 {
				once("R-NRM-04", &held, Step{f.at, yellow})
			}
		case event.Accept:
			if f.Flaws&plan.OtherMaterials != 0 {
				once("R-NRM-05", &differs, Step{f.at, yellow})
			}
		case event.Finish, event.Decide:
			if result := final.completedAt(); f.Flaws&plan.Unpublished != 0 && final.Excluded == "" {
				once("R-NRM-06", &hidden, Step{world.EndOf(j.world.Days.Add(world.LocalDay(result), 7)) + 1, yellow})
			}
			if f.Flaws&plan.SameStaff != 0 {
				once("R-NRM-07", &same, Step{f.at, warning})
			}
		case event.FeeNotice:
			if !it.Title.Fee || f.Flaws&plan.UnknownFee != 0 {
				once("R-FEE-01", &unlisted, Step{f.at, red})
			} else if f.Flaws&(plan.OverStandard|plan.ReductionIgnored) != 0 {
				once("R-FEE-02", &tooMuch, Step{f.at, red})
			}
		}
	}
}

// data are R-DAT-02 and R-DAT-05: a case without its beginning, and a fact that
// was sent again with other content, or moved after a card. All count from an
// arrival, which is not the plan's to know: they are entered without an instant,
// whatever the instant of the ledger.
func (j *Judge) data() {
	if n := len(j.pieces); n > 0 && j.pieces[n-1].Excluded == "incomplete" {
		j.raise("R-DAT-02", "", Step{ByArrival, yellow})
	}
	rule := "R-DAT-05"
	if j.s.Ticket {
		rule = "R-DAT-05-T"
	}
	for i := range j.s.Facts {
		if f := &j.s.Facts[i]; f.Afterwards {
			j.raise(rule, "moved", Step{ByArrival, red})
		}
	}
	for _, x := range j.s.Sends {
		if x.Mode == plan.SendConflict {
			j.raise(rule, "content", Step{ByArrival, red})
			return
		}
	}
}
