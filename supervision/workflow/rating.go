package workflow

// States of a bad-rating order (domain guide 4). opened is passed at once:
// verification begins with the rating.
const (
	RatingVerifying      State = "verifying"
	RatingInvalidClaimed State = "invalid_claimed"
	RatingExcluded       State = "excluded"
	RatingValid          State = "valid"
	RatingRectifying     State = "rectifying"
	RatingRectified      State = "rectified"
	RatingRejected       State = "rejected"
	RatingConfirmed      State = "confirmed"
	RatingExplained      State = "explained"
	RatingClosed         State = "closed"
)

// Limits of bad-rating orders in working days (domain guide 4).
const (
	verifyWD       = 1
	decideClaimWD  = 3
	rectifyWD      = 5
	rectifyMoreWD  = 10 // complex: 15 in all
	visitAfterFixD = 3
)

func ratingTable() []transition {
	dept := []Role{DeptManager, WindowManager, Handler}
	manager, supervisor := dept[:1], []Role{Supervisor}
	visitor := []Role{Supervisor, HotlineAdmin}
	score := need{key: "score", kind: needNumber, min: 1, max: 5, optional: true}
	open := []State{RatingVerifying, RatingInvalidClaimed, RatingValid, RatingRectifying, RatingRectified, RatingRejected,
		RatingConfirmed, RatingExplained}
	return []transition{
		{action: "create", from: []State{Absent}, who: []Role{System}, to: RatingVerifying, effect: createRating},
		{action: "assign", from: open, who: dept[:2], needs: texts("assignee"), effect: func(c *call) { c.it.Assignee = c.p.text("assignee") }},
		{action: "verify", from: []State{RatingVerifying}, who: []Role{Supervisor, HotlineAdmin, DeptManager}, to: RatingValid,
			needs: texts("comment"), effect: limitOf(rectifyWD)},
		{action: "claim_invalid", from: []State{RatingVerifying}, who: manager, to: RatingInvalidClaimed,
			needs: append(texts("grounds"), need{key: "evidence", kind: needList}), keep: []string{"grounds", "evidence"},
			effect: func(c *call) { c.it.DueAt = c.env.DueIn(c.e.At, decideClaimWD) }},
		{action: "exclude", from: []State{RatingInvalidClaimed}, who: supervisor, to: RatingExcluded, needs: texts("comment")},
		{action: "uphold", from: []State{RatingInvalidClaimed}, who: supervisor, to: RatingValid, needs: texts("comment"),
			effect: limitOf(rectifyWD)},
		{action: "start", from: []State{RatingValid}, who: dept, to: RatingRectifying},
		{action: "start", from: []State{RatingRejected}, who: dept, to: RatingRectifying},
		{action: "extend", from: []State{RatingValid, RatingRectifying}, who: supervisor, needs: texts("reason"),
			guard: extendable, effect: extendRating},
		{action: "rectify", from: []State{RatingValid, RatingRectifying, RatingRejected}, who: dept, to: RatingRectified, needs: texts("fix"),
			keep: []string{"cause", "fix"}, effect: rectified},
		{action: "explain", from: []State{RatingValid, RatingRectifying, RatingRejected}, who: manager, to: RatingExplained,
			needs: texts("legal_basis"), keep: []string{"legal_basis"}, effect: rectified},
		{action: "confirm", from: []State{RatingRectified}, who: visitor, to: RatingConfirmed, needs: []need{score}, keep: []string{"score"},
			effect: func(c *call) { c.it.DueAt = 0 }},
		{action: "reject", from: []State{RatingRectified, RatingExplained}, who: visitor, to: RatingRejected,
			needs: append(texts("comment"), score), effect: rejectRating},
		{action: "close", from: []State{RatingConfirmed, RatingExplained}, who: visitor, to: RatingClosed, needs: texts("summary"),
			keep: []string{"summary"}},
		{action: "reopen", from: []State{RatingClosed}, who: supervisor, to: RatingRejected, needs: texts("comment"), effect: rejectRating},
		{action: "reopen", from: []State{RatingExcluded}, who: supervisor, to: RatingValid, needs: texts("comment"), effect: limitOf(rectifyWD)},
		{action: "note", from: open, who: []Role{Leader, Supervisor, HotlineAdmin, DeptManager}, needs: texts("comment")},
	}
}

func createRating(c *call) {
	c.it.OrgCode, c.it.RegionCode, c.it.Subjects, c.it.Origin = c.p.text("org_code"), c.p.text("region_code"), c.p.list("subjects"), "rating"
	for _, k := range []string{"level", "channel", "task_code", "window_id", "real_name", "rated_at", "bad_tag"} {
		if v, ok := c.p[k]; ok {
			c.it.put(k, v)
		}
	}
	c.it.DueAt = c.env.DueIn(c.e.At, verifyWD)
}

// limitOf gives so many working days from here for the whole.
func limitOf(n int32) func(*call) {
	return func(c *call) {
		c.it.FinalDueAt = c.env.DueIn(c.e.At, n)
		c.it.DueAt = c.it.FinalDueAt
	}
}

func extendRating(c *call) {
	c.it.FinalDueAt, c.it.Extended = c.env.DueIn(c.it.FinalDueAt, rectifyMoreWD), true
	c.it.DueAt = c.it.FinalDueAt
}

func rectified(c *call) {
	c.it.StoppedAt, c.it.DueAt = c.e.At, c.env.DueIn(c.e.At, visitAfterFixD)
}

// rejectRating begins a new round with the limit of a rectification.
func rejectRating(c *call) {
	c.it.Round++
	c.it.StoppedAt = 0
	limitOf(rectifyWD)(c)
}
