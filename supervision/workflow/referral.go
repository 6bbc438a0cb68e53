package workflow

// States of an accountability referral (domain guide 6.3): the case is put
// together and handed over here; it is decided elsewhere, and the result comes
// back.
const (
	ReferralProposed  State = "proposed" // by the system, for people to decide
	ReferralDraft     State = "draft"
	ReferralReferred  State = "referred"
	ReferralResulted  State = "resulted"
	ReferralClosed    State = "closed"
	ReferralWithdrawn State = "withdrawn"
)

// ReferralResults are what the body responsible may have decided.
func ReferralResults() []string {
	return []string{"none", "talk", "notice", "warning", "demerit", "major_demerit", "demotion", "removal", "dismissal"}
}

func referralTable() []transition {
	supervisor := []Role{Supervisor}
	head, kept := texts("org_code", "grounds"), []string{"grounds", "staff_id", "basis"}
	about := func(c *call) {
		c.it.OrgCode, c.it.RegionCode, c.it.Origin = c.p.text("org_code"), c.p.text("region_code"), c.p.text("origin")
		c.it.Subjects, c.it.Alerts = c.p.list("subjects"), c.p.list("alerts")
	}
	return []transition{
		{action: "create", from: []State{Absent}, who: supervisor, to: ReferralDraft, needs: head, keep: kept, effect: about},
		{action: "propose", from: []State{Absent}, who: []Role{System}, to: ReferralProposed, needs: head, keep: kept, effect: about},
		{action: "adopt", from: []State{ReferralProposed}, who: supervisor, to: ReferralDraft, keep: []string{"comment"}},
		{action: "refer", from: []State{ReferralDraft}, who: supervisor, to: ReferralReferred, needs: texts("body"),
			keep: []string{"body", "file_no"}},
		{action: "record_result", from: []State{ReferralReferred}, who: supervisor, to: ReferralResulted,
			needs:  append(texts("decided_on"), need{key: "result", kind: needChoice, values: ReferralResults()}),
			keep:   []string{"result", "decided_on"},
			effect: func(c *call) { c.it.StoppedAt = c.e.At }},
		{action: "close", from: []State{ReferralResulted}, who: supervisor, to: ReferralClosed},
		{action: "withdraw", from: []State{ReferralProposed, ReferralDraft, ReferralReferred}, who: supervisor, to: ReferralWithdrawn,
			needs: texts("reason"), keep: []string{"reason"}},
		{action: "note", from: []State{ReferralProposed, ReferralDraft, ReferralReferred, ReferralResulted}, who: []Role{Leader, Supervisor},
			needs: texts("comment")},
	}
}
