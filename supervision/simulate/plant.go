package simulate

import (
	"slices"

	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// A share of the lives breaks one rule on purpose. Which lives these are and
// what they break depends on the seed and the number of the life alone, so
// that every other life is the same whatever the share.

// violation is one way to break a rule.
type violation struct {
	rule string
	// suits says which services can break it; nil = all.
	suits func(t *world.Title) bool
	// online: the application has to come over the net.
	online bool
	// plan plans the life from the application on.
	plan func(p *injecting)
}

const (
	streamInject = 4
	// saltItems and saltOrgs tell the draws of items and organisations apart.
	saltItems = 5
	saltOrgs  = 6
)

// injecting plans the lives that break a rule, with the means of a planner.
type injecting struct {
	*planner
	// share is the share of lives that break a rule on purpose.
	share float64
	// tickets is how many there will be.
	tickets int64
}

// newInjecting lets a share of the lives of a planner break a rule each.
func newInjecting(p *planner, share float64, tickets int64) *injecting {
	i := &injecting{planner: p, share: share, tickets: tickets}
	p.injector = i
	return i
}

// Case plans the case at hand so that it breaks a rule when it is drawn to.
func (p *injecting) Case(stream uint64, index int64) bool {
	if !p.drawn(stream, index) {
		return false
	}
	p.injectCase()
	return true
}

// Ticket does the same for a ticket that has been received.
func (p *injecting) Ticket(stream uint64, index int64) bool {
	if p.repeated(stream, index) {
		return true
	}
	if !p.drawn(stream, index) {
		return false
	}
	p.injectTicket()
	return true
}

// drawn reports whether a life is drawn to break a rule.
func (p *injecting) drawn(stream uint64, index int64) bool {
	return p.share > 0 && world.Drawn(world.Scatter(p.seed, streamInject<<4|stream, index), p.share)
}

// turn picks what the life breaks: each in turn, in no order.
func (p *injecting) turn(stream uint64, n int) int {
	return int(world.Scatter(p.seed, streamInject<<5|stream, p.s.index) % uint64(n))
}

// injectCase plans a case that breaks one rule.
func (p *injecting) injectCase() {
	s, w := p.s, p.world
	what := &caseViolations[p.turn(streamCase, len(caseViolations))]
	if what.suits != nil && !what.suits(w.Items[s.item].Title) {
		s.item = p.suitable(what.suits)
		s.org = w.Items[s.item].Org
		s.region = w.Orgs[s.org].Region
		p.acting = s.org
		s.no = world.AppendNumber(s.no[:0], "ZW", w.Regions[s.region].Code, s.day, s.index)
	}
	s.planted = what.rule
	s.test, s.secret = false, false
	s.channel = p.applyChannel(w.Items[s.item].Title, w.Orgs[s.org].Level)
	if what.online {
		s.channel = "web"
	} else if w.Days.Working(s.day) && s.channel == "auto" {
		s.channel = "hall"
	}
	what.plan(p)
}

// suitable draws an item among those whose service suits.
func (p *injecting) suitable(suits func(t *world.Title) bool) int32 {
	w := p.world
	for range 400 {
		if i := w.CaseItems.Draw(p.r); suits(w.Items[i].Title) {
			return int32(i)
		}
	}
	return int32(max(0, slices.IndexFunc(w.Items, func(it world.Item) bool { return suits(it.Title) })))
}

func roomyLicence(t *world.Title) bool { return world.Roomy(t) && t.ItemType == "license" }

func withPause(t *world.Title) bool { return world.Roomy(t) && t.Pause != "" }

func withHearing(t *world.Title) bool { return t.Pause == "hearing" }

func slow(t *world.Title) bool { return world.Roomy(t) && t.Promise >= 15 }

func withFee(t *world.Title) bool { return t.Fee && t.Pausable() }

func filedAway(t *world.Title) bool { return t.Immediate() && t.ItemType != "license" }

func withoutFee(t *world.Title) bool { return world.Roomy(t) && !t.Fee }

// caseViolations are the ways in which cases break rules.
var caseViolations = []violation{
	{rule: "R-DDL-01", suits: world.Roomy, plan: func(p *injecting) { p.finishAround(0, 0) }},
	{rule: "R-DDL-02", suits: world.Roomy, plan: func(p *injecting) { p.finishAround(0, 0) }},
	{rule: "R-DDL-03", suits: world.Roomy, plan: func(p *injecting) { p.finishAround(1, 3) }},
	{rule: "R-DDL-04", suits: world.Roomy, plan: func(p *injecting) { p.finishBeyondTheLaw() }},
	{rule: "R-DDL-05", suits: slow, plan: func(p *injecting) { p.forgotten() }},
	{rule: "R-DDL-06", plan: func(p *injecting) { p.answerLate() }},
	{rule: "R-DDL-07", suits: world.Roomy, online: true, plan: func(p *injecting) { p.prereviewLate() }},
	{rule: "R-DDL-08", suits: slow, plan: func(p *injecting) { p.stepLate() }},
	{rule: "R-DDL-09", suits: withPause, plan: func(p *injecting) { p.pauseLong() }},
	{rule: "R-DDL-10", suits: world.Roomy, plan: func(p *injecting) { p.deliverLate(11, 16, false) }},
	{rule: "R-DDL-11", suits: world.Roomy, plan: func(p *injecting) { p.deliverLate(4, 9, true) }},
	{rule: "R-DDL-12", suits: slow, plan: func(p *injecting) { p.lowerLevel() }},
	{rule: "R-DDL-13", suits: world.Roomy, plan: func(p *injecting) { p.unlawfulExtension() }},
	{rule: "R-JNT-01", suits: world.Roomy, plan: func(p *injecting) { p.jointParent(false) }},
	{rule: "R-JNT-02", suits: world.Roomy, plan: func(p *injecting) { p.jointParent(true) }}, // an alert of the sub-case
	{rule: "R-JNT-03", suits: world.Roomy, plan: func(p *injecting) { p.silentDepartment() }},
	{rule: "R-OTN-01", suits: world.Roomy, plan: func(p *injecting) { p.secondNotice() }},
	{rule: "R-OTN-02", suits: world.Roomy, plan: func(p *injecting) { p.noticeAfterAcceptance() }},
	{rule: "R-OTN-03", suits: world.Roomy, online: true, plan: func(p *injecting) { p.silentReturn() }},
	{rule: "R-DEN-01", suits: world.Roomy, plan: func(p *injecting) { p.refuse(noFiling) }},
	{rule: "R-DEN-02", suits: world.Roomy, plan: func(p *injecting) { p.refuseUnlawfully() }},
	{rule: "R-DEN-03", suits: world.Roomy, plan: func(p *injecting) { p.refuseMany() }}, // an alert of the organisation
	{rule: "R-PRC-01", suits: world.Roomy, plan: func(p *injecting) { p.skipStep() }},
	{rule: "R-PRC-02", suits: world.Roomy, plan: func(p *injecting) { p.deliverTooEarly() }},
	{rule: "R-PRC-03", suits: world.Roomy, plan: func(p *injecting) { p.writtenAfterwards() }},
	{rule: "R-PRC-04", plan: func(p *injecting) { p.orphan(true) }},
	{rule: "R-PRC-05", suits: withPause, plan: func(p *injecting) { p.pauseAbused() }},
	{rule: "R-PRC-06", suits: world.Roomy, plan: func(p *injecting) { p.terminateNearDue() }},
	{rule: "R-PRC-06R", suits: world.Roomy, plan: func(p *injecting) { p.terminateMany() }}, // an alert of the organisation
	{rule: "R-PRC-07", suits: slow, plan: func(p *injecting) { p.hearingLate() }},
	{rule: "R-PRC-07", suits: withHearing, plan: func(p *injecting) { p.noHearing() }},
	{rule: "R-NRM-02", suits: world.Roomy, plan: func(p *injecting) { p.withMaterial(offGuide) }},
	{rule: "R-NRM-04", suits: world.Roomy, plan: func(p *injecting) { p.withMaterial(heldAlready) }},
	{rule: "R-NRM-05", suits: world.Roomy, plan: func(p *injecting) { p.acceptedWith(otherMaterials) }},
	{rule: "R-NRM-06", suits: roomyLicence, plan: func(p *injecting) { p.finishedWith(unpublished) }},
	{rule: "R-NRM-07", suits: roomyLicence, plan: func(p *injecting) { p.finishedWith(sameStaff) }},
	{rule: "R-FEE-01", suits: withoutFee, plan: func(p *injecting) { p.charge(0) }},
	{rule: "R-FEE-01", suits: withFee, plan: func(p *injecting) { p.charge(unknownFee) }},
	{rule: "R-FEE-02", suits: withFee, plan: func(p *injecting) { p.overcharge() }},
	{rule: "R-DAT-01", suits: world.Roomy, plan: func(p *injecting) { p.pushedLate() }}, // an alert of the organisation
	{rule: "R-DAT-02", plan: func(p *injecting) { p.orphan(false) }},
	{rule: "R-DAT-02-S", suits: filedAway, plan: func(p *injecting) { p.bulkUploaded() }}, // an alert of the source
	{rule: "R-DAT-05", suits: world.Roomy, plan: func(p *injecting) { p.acceptedWith(rewritten) }},
	{rule: "R-DAT-05", suits: world.Roomy, plan: func(p *injecting) { p.movedAfterCard() }},
	// Alerts of the organisation:
	{rule: "R-SAT-04", suits: world.Roomy, online: true, plan: func(p *injecting) { p.bulkRatings() }},
	{rule: "R-SAT-04", suits: world.Roomy, plan: func(p *injecting) { p.quickRatings() }},
	{rule: "R-SAT-04", suits: world.Roomy, plan: func(p *injecting) { p.defaultRatings() }},
	{rule: "R-SAT-05", suits: world.Roomy, plan: func(p *injecting) { p.badRatings() }},
}

// plantReference breaks the rules of the catalogue and of the directory.
func plantReference(w *world.World, seed uint64, share float64) {
	for i := range w.Items {
		w.Items[i].ThinGuide = world.Drawn(world.Scatter(seed, saltItems, int64(i)), share)
	}
	for i := range w.Orgs {
		w.Orgs[i].HiddenList = world.Drawn(world.Scatter(seed, saltOrgs, int64(i)), share)
	}
}

// is reports whether a fact is a case event of a type.
func (f *fact) is(t event.CaseType) bool { return f.about == aboutCase && f.typ == string(t) }
