package simulate

import (
	"slices"

	"duban/ingest/event"
)

// A share of the lives breaks one rule on purpose. Which lives these are and
// what they break depends on the seed and the number of the life alone, so
// that every other life is the same whatever the share.

// planting is one way to break a rule.
type planting struct {
	rule string
	// suits says which services can break it; nil = all.
	suits func(t *title) bool
	// online: the application has to come over the net.
	online bool
	// live plans the life from the application on.
	live func(p *injecting)
}

const (
	streamPlant = 4
	// saltItems and saltOrgs tell the draws of items and organisations apart.
	saltItems = 5
	saltOrgs  = 6
)

// scatter is a number that depends on the seed and a place only.
func scatter(seed, stream uint64, index int64) uint64 {
	x := seed ^ stream<<56 ^ uint64(index)*0x9e3779b97f4a7c15
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// drawn reports whether a place is one of a share.
func drawn(x uint64, share float64) bool { return float64(x>>11)/(1<<53) < share }

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
	if !p.planted(stream, index) {
		return false
	}
	p.plantCase()
	return true
}

// Ticket does the same for a ticket that has been received.
func (p *injecting) Ticket(stream uint64, index int64) bool {
	if p.comesBack(stream, index) {
		return true
	}
	if !p.planted(stream, index) {
		return false
	}
	p.plantTicket()
	return true
}

// planted reports whether a life is drawn to break a rule.
func (p *injecting) planted(stream uint64, index int64) bool {
	return p.share > 0 && drawn(scatter(p.seed, streamPlant<<4|stream, index), p.share)
}

// turn picks what the life breaks: each in turn, in no order.
func (p *injecting) turn(stream uint64, n int) int {
	return int(scatter(p.seed, streamPlant<<5|stream, p.s.index) % uint64(n))
}

// plantCase plans a case that breaks one rule.
func (p *injecting) plantCase() {
	s, w := p.s, p.world
	what := &casePlantings[p.turn(streamCase, len(casePlantings))]
	if what.suits != nil && !what.suits(w.items[s.item].title) {
		s.item = p.suitable(what.suits)
		s.org = w.items[s.item].org
		s.region = w.orgs[s.org].region
		p.acting = s.org
		s.no = appendNumber(s.no[:0], "ZW", w.regions[s.region].code, s.day, s.index)
	}
	s.planted = what.rule
	s.test, s.secret = false, false
	s.channel = p.applyChannel(w.items[s.item].title, w.orgs[s.org].level)
	if what.online {
		s.channel = "web"
	} else if w.days.working(s.day) && s.channel == "auto" {
		s.channel = "hall"
	}
	what.live(p)
}

// suitable draws an item among those whose service suits.
func (p *injecting) suitable(suits func(t *title) bool) int32 {
	w := p.world
	for range 400 {
		if i := w.caseItems.draw(p.r); suits(w.items[i].title) {
			return int32(i)
		}
	}
	return int32(max(0, slices.IndexFunc(w.items, func(it item) bool { return suits(it.title) })))
}

// roomy services have limits in working days with room for a planned life.
func roomy(t *title) bool {
	return t.pausable() && t.promise >= 7 && t.legal >= t.promise+4 && t.legal <= 30 && t.pause != "hearing"
}

func roomyLicence(t *title) bool { return roomy(t) && t.itemType == "license" }
func withPause(t *title) bool    { return roomy(t) && t.pause != "" }
func withHearing(t *title) bool  { return t.pause == "hearing" }
func slow(t *title) bool         { return roomy(t) && t.promise >= 15 }
func withFee(t *title) bool      { return t.fee && t.pausable() }
func filedAway(t *title) bool    { return t.immediate() && t.itemType != "license" }
func withoutFee(t *title) bool   { return roomy(t) && !t.fee }

// casePlantings are the ways in which cases break rules.
var casePlantings = []planting{
	{rule: "R-DDL-01", suits: roomy, live: func(p *injecting) { p.finishAround(0, 0) }},
	{rule: "R-DDL-02", suits: roomy, live: func(p *injecting) { p.finishAround(0, 0) }},
	{rule: "R-DDL-03", suits: roomy, live: func(p *injecting) { p.finishAround(1, 3) }},
	{rule: "R-DDL-04", suits: roomy, live: func(p *injecting) { p.finishBeyondTheLaw() }},
	{rule: "R-DDL-05", suits: slow, live: func(p *injecting) { p.forgotten() }},
	{rule: "R-DDL-06", live: func(p *injecting) { p.answerLate() }},
	{rule: "R-DDL-07", suits: roomy, online: true, live: func(p *injecting) { p.prereviewLate() }},
	{rule: "R-DDL-08", suits: slow, live: func(p *injecting) { p.stepLate() }},
	{rule: "R-DDL-09", suits: withPause, live: func(p *injecting) { p.pauseLong() }},
	{rule: "R-DDL-10", suits: roomy, live: func(p *injecting) { p.deliverLate(11, 16, false) }},
	{rule: "R-DDL-11", suits: roomy, live: func(p *injecting) { p.deliverLate(4, 9, true) }},
	{rule: "R-DDL-12", suits: slow, live: func(p *injecting) { p.lowerLevel() }},
	{rule: "R-DDL-13", suits: roomy, live: func(p *injecting) { p.unlawfulExtension() }},
	{rule: "R-JNT-01", suits: roomy, live: func(p *injecting) { p.jointParent(false) }},
	{rule: "R-JNT-02", suits: roomy, live: func(p *injecting) { p.jointParent(true) }}, // an alert of the sub-case
	{rule: "R-JNT-03", suits: roomy, live: func(p *injecting) { p.silentDepartment() }},
	{rule: "R-OTN-01", suits: roomy, live: func(p *injecting) { p.secondNotice() }},
	{rule: "R-OTN-02", suits: roomy, live: func(p *injecting) { p.noticeAfterAcceptance() }},
	{rule: "R-OTN-03", suits: roomy, online: true, live: func(p *injecting) { p.silentReturn() }},
	{rule: "R-DEN-01", suits: roomy, live: func(p *injecting) { p.refuse(noFiling) }},
	{rule: "R-DEN-02", suits: roomy, live: func(p *injecting) { p.refuseUnlawfully() }},
	{rule: "R-DEN-03", suits: roomy, live: func(p *injecting) { p.refuseMany() }}, // an alert of the organisation
	{rule: "R-PRC-01", suits: roomy, live: func(p *injecting) { p.skipStep() }},
	{rule: "R-PRC-02", suits: roomy, live: func(p *injecting) { p.deliverTooEarly() }},
	{rule: "R-PRC-03", suits: roomy, live: func(p *injecting) { p.writtenAfterwards() }},
	{rule: "R-PRC-04", live: func(p *injecting) { p.orphan(true) }},
	{rule: "R-PRC-05", suits: withPause, live: func(p *injecting) { p.pauseAbused() }},
	{rule: "R-PRC-06", suits: roomy, live: func(p *injecting) { p.terminateNearDue() }},
	{rule: "R-PRC-06R", suits: roomy, live: func(p *injecting) { p.terminateMany() }}, // an alert of the organisation
	{rule: "R-PRC-07", suits: slow, live: func(p *injecting) { p.hearingLate() }},
	{rule: "R-PRC-07", suits: withHearing, live: func(p *injecting) { p.noHearing() }},
	{rule: "R-NRM-02", suits: roomy, live: func(p *injecting) { p.withMaterial(offGuide) }},
	{rule: "R-NRM-04", suits: roomy, live: func(p *injecting) { p.withMaterial(heldAlready) }},
	{rule: "R-NRM-05", suits: roomy, live: func(p *injecting) { p.acceptedWith(otherMaterials) }},
	{rule: "R-NRM-06", suits: roomyLicence, live: func(p *injecting) { p.finishedWith(unpublished) }},
	{rule: "R-NRM-07", suits: roomyLicence, live: func(p *injecting) { p.finishedWith(sameStaff) }},
	{rule: "R-FEE-01", suits: withoutFee, live: func(p *injecting) { p.charge(0) }},
	{rule: "R-FEE-01", suits: withFee, live: func(p *injecting) { p.charge(unknownFee) }},
	{rule: "R-FEE-02", suits: withFee, live: func(p *injecting) { p.overcharge() }},
	{rule: "R-DAT-01", suits: roomy, live: func(p *injecting) { p.pushedLate() }}, // an alert of the organisation
	{rule: "R-DAT-02", live: func(p *injecting) { p.orphan(false) }},
	{rule: "R-DAT-02-S", suits: filedAway, live: func(p *injecting) { p.bulkUploaded() }}, // an alert of the source
	{rule: "R-DAT-05", suits: roomy, live: func(p *injecting) { p.acceptedWith(rewritten) }},
	{rule: "R-DAT-05", suits: roomy, live: func(p *injecting) { p.movedAfterCard() }},
	// Alerts of the organisation:
	{rule: "R-SAT-04", suits: roomy, online: true, live: func(p *injecting) { p.bulkRatings() }},
	{rule: "R-SAT-04", suits: roomy, live: func(p *injecting) { p.quickRatings() }},
	{rule: "R-SAT-04", suits: roomy, live: func(p *injecting) { p.defaultRatings() }},
	{rule: "R-SAT-05", suits: roomy, live: func(p *injecting) { p.badRatings() }},
}

// plantReference breaks the rules of the catalogue and of the directory.
func plantReference(w *world, seed uint64, share float64) {
	for i := range w.items {
		w.items[i].thinGuide = drawn(scatter(seed, saltItems, int64(i)), share)
	}
	for i := range w.orgs {
		w.orgs[i].hiddenList = drawn(scatter(seed, saltOrgs, int64(i)), share)
	}
}

// is reports whether a fact is a case event of a type.
func (f *fact) is(t event.CaseType) bool { return f.about == aboutCase && f.typ == string(t) }
