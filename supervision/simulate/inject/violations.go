package inject

import (
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

func roomyLicence(t *world.Title) bool { return world.Roomy(t) && t.ItemType == "license" }

func withPause(t *world.Title) bool { return world.Roomy(t) && t.Pause != "" }

func withHearing(t *world.Title) bool { return t.Pause == "hearing" }

func slow(t *world.Title) bool { return world.Roomy(t) && t.Promise >= 15 }

func withFee(t *world.Title) bool { return t.Fee && t.Pausable() }

func filedAway(t *world.Title) bool { return t.Immediate() && t.ItemType != "license" }

func withoutFee(t *world.Title) bool { return world.Roomy(t) && !t.Fee }

// caseViolations are the ways in which cases break rules.
var caseViolations = []violation{
	{rule: "R-DDL-01", suits: world.Roomy, plan: func(p *Injector) { p.finishAround(0, 0) }},
	{rule: "R-DDL-02", suits: world.Roomy, plan: func(p *Injector) { p.finishAround(0, 0) }},
	{rule: "R-DDL-03", suits: world.Roomy, plan: func(p *Injector) { p.finishAround(1, 3) }},
	{rule: "R-DDL-04", suits: world.Roomy, plan: func(p *Injector) { p.finishBeyondTheLaw() }},
	{rule: "R-DDL-05", suits: slow, plan: func(p *Injector) { p.forgotten() }},
	{rule: "R-DDL-06", plan: func(p *Injector) { p.answerLate() }},
	{rule: "R-DDL-07", suits: world.Roomy, online: true, plan: func(p *Injector) { p.prereviewLate() }},
	{rule: "R-DDL-08", suits: slow, plan: func(p *Injector) { p.stepLate() }},
	{rule: "R-DDL-09", suits: withPause, plan: func(p *Injector) { p.pauseLong() }},
	{rule: "R-DDL-10", suits: world.Roomy, plan: func(p *Injector) { p.deliverLate(11, 16, false) }},
	{rule: "R-DDL-11", suits: world.Roomy, plan: func(p *Injector) { p.deliverLate(4, 9, true) }},
	{rule: "R-DDL-12", suits: slow, plan: func(p *Injector) { p.lowerLevel() }},
	{rule: "R-DDL-13", suits: world.Roomy, plan: func(p *Injector) { p.unlawfulExtension() }},
	{rule: "R-JNT-01", suits: world.Roomy, plan: func(p *Injector) { p.jointParent(false) }},
	{rule: "R-JNT-02", suits: world.Roomy, plan: func(p *Injector) { p.jointParent(true) }}, // an alert of the sub-case
	{rule: "R-JNT-03", suits: world.Roomy, plan: func(p *Injector) { p.silentDepartment() }},
	{rule: "R-OTN-01", suits: world.Roomy, plan: func(p *Injector) { p.secondNotice() }},
	{rule: "R-OTN-02", suits: world.Roomy, plan: func(p *Injector) { p.noticeAfterAcceptance() }},
	{rule: "R-OTN-03", suits: world.Roomy, online: true, plan: func(p *Injector) { p.silentReturn() }},
	{rule: "R-DEN-01", suits: world.Roomy, plan: func(p *Injector) { p.refuse(plan.NoFiling) }},
	{rule: "R-DEN-02", suits: world.Roomy, plan: func(p *Injector) { p.refuseUnlawfully() }},
	{rule: "R-DEN-03", suits: world.Roomy, plan: func(p *Injector) { p.refuseMany() }}, // an alert of the organisation
	{rule: "R-PRC-01", suits: world.Roomy, plan: func(p *Injector) { p.skipStep() }},
	{rule: "R-PRC-02", suits: world.Roomy, plan: func(p *Injector) { p.deliverTooEarly() }},
	{rule: "R-PRC-03", suits: world.Roomy, plan: func(p *Injector) { p.writtenAfterwards() }},
	{rule: "R-PRC-04", plan: func(p *Injector) { p.orphan(true) }},
	{rule: "R-PRC-05", suits: withPause, plan: func(p *Injector) { p.pauseAbused() }},
	{rule: "R-PRC-06", suits: world.Roomy, plan: func(p *Injector) { p.terminateNearDue() }},
	{rule: "R-PRC-06R", suits: world.Roomy, plan: func(p *Injector) { p.terminateMany() }}, // an alert of the organisation
	{rule: "R-PRC-07", suits: slow, plan: func(p *Injector) { p.hearingLate() }},
	{rule: "R-PRC-07", suits: withHearing, plan: func(p *Injector) { p.noHearing() }},
	{rule: "R-NRM-02", suits: world.Roomy, plan: func(p *Injector) { p.withMaterial(plan.OffGuide) }},
	{rule: "R-NRM-04", suits: world.Roomy, plan: func(p *Injector) { p.withMaterial(plan.HeldAlready) }},
	{rule: "R-NRM-05", suits: world.Roomy, plan: func(p *Injector) { p.acceptedWith(plan.OtherMaterials) }},
	{rule: "R-NRM-06", suits: roomyLicence, plan: func(p *Injector) { p.finishedWith(plan.Unpublished) }},
	{rule: "R-NRM-07", suits: roomyLicence, plan: func(p *Injector) { p.finishedWith(plan.SameStaff) }},
	{rule: "R-FEE-01", suits: withoutFee, plan: func(p *Injector) { p.charge(0) }},
	{rule: "R-FEE-01", suits: withFee, plan: func(p *Injector) { p.charge(plan.UnknownFee) }},
	{rule: "R-FEE-02", suits: withFee, plan: func(p *Injector) { p.overcharge() }},
	{rule: "R-DAT-01", suits: world.Roomy, plan: func(p *Injector) { p.pushedLate() }}, // an alert of the organisation
	{rule: "R-DAT-02", plan: func(p *Injector) { p.orphan(false) }},
	{rule: "R-DAT-02-S", suits: filedAway, plan: func(p *Injector) { p.bulkUploaded() }}, // an alert of the source
	{rule: "R-DAT-05", suits: world.Roomy, plan: func(p *Injector) { p.acceptedWith(plan.Rewritten) }},
	{rule: "R-DAT-05", suits: world.Roomy, plan: func(p *Injector) { p.movedAfterCard() }},
	// Alerts of the organisation:
	{rule: "R-SAT-04", suits: world.Roomy, online: true, plan: func(p *Injector) { p.bulkRatings() }},
	{rule: "R-SAT-04", suits: world.Roomy, plan: func(p *Injector) { p.quickRatings() }},
	{rule: "R-SAT-04", suits: world.Roomy, plan: func(p *Injector) { p.defaultRatings() }},
	{rule: "R-SAT-05", suits: world.Roomy, plan: func(p *Injector) { p.badRatings() }},
}
