package workflow

import "duban/supervision/pii"

// States of an exposure (domain guide 7.3).
const (
	ExposureCandidate State = "candidate"
	ExposureReviewed  State = "reviewed"
	ExposurePublished State = "published"
	ExposureReplied   State = "replied"
	ExposureResult    State = "result_published"
	ExposureArchived  State = "archived"
	ExposureTakenDown State = "taken_down"
	ExposureDropped   State = "dropped"
)

// exposureWD is how many working days the department has to answer.
const exposureWD = 5

func exposureTable() []transition {
	supervisor := []Role{Supervisor}
	public := []State{ExposurePublished, ExposureReplied, ExposureResult}
	return []transition{
		{action: "create", from: []State{Absent}, who: []Role{System, Supervisor}, to: ExposureCandidate, needs: texts("org_code", "title"),
			keep: []string{"title", "grounds"},
			effect: func(c *call) {
				c.it.OrgCode, c.it.RegionCode, c.it.Origin = c.p.text("org_code"), c.p.text("region_code"), c.p.text("origin")
				c.it.Subjects, c.it.Alerts = c.p.list("subjects"), c.p.list("alerts")
			}},
		{action: "approve", from: []State{ExposureCandidate}, who: supervisor, to: ExposureReviewed, needs: texts("masked_text"),
			keep: []string{"masked_text"}, guard: masked("masked_text")},
		{action: "drop", from: []State{ExposureCandidate, ExposureReviewed}, who: supervisor, to: ExposureDropped, needs: texts("reason"),
			keep: []string{"reason"}},
		{action: "publish", from: []State{ExposureReviewed}, who: supervisor, to: ExposurePublished,
			effect: func(c *call) {
				c.it.FinalDueAt = c.env.DueIn(c.e.At, exposureWD)
				c.it.DueAt = c.it.FinalDueAt
			}},
		{action: "reply", from: []State{ExposurePublished}, who: []Role{DeptManager}, to: ExposureReplied, needs: texts("answer"),
			keep:   []string{"answer"},
			effect: func(c *call) { c.it.StoppedAt, c.it.DueAt = c.e.At, 0 }},
		{action: "publish_result", from: []State{ExposureReplied}, who: supervisor, to: ExposureResult, needs: texts("result"),
			keep: []string{"result"}, guard: masked("result")},
		{action: "archive", from: []State{ExposureResult}, who: supervisor, to: ExposureArchived},
		{action: "takedown", from: public, who: supervisor, to: ExposureTakenDown, needs: texts("reason"), keep: []string{"reason"}},
		{action: "note", from: append([]State{ExposureCandidate, ExposureReviewed}, public...), who: []Role{Leader, Supervisor, DeptManager},
			needs: texts("comment")},
	}
}

// masked refuses a text for the public that holds something personal.
func masked(key string) func(*call) *Refusal {
	return func(c *call) *Refusal {
		if pii.Found(c.p.text(key)) {
			return refuse(Invalid, keyMask, "field", key)
		}
		return nil
	}
}
