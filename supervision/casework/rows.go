package casework

import (
	"time"

	"duban/queries"
	"duban/supervision/workflow"
)

// What the tables of alerts, work and actions tell.
var (
	selectActions = queries.Select[actionRow]("work/new_actions")

	selectKnownEvents = queries.Select[struct {
		Kind     workflow.Kind `ch:"kind"`
		ID       string        `ch:"id"`
		ActionID string        `ch:"action_id"`
		Seq      uint32        `ch:"seq"`
	}]("work/known_events")

	selectParents = queries.Select[struct {
		OrgCode    string `ch:"org_code"`
		ParentCode string `ch:"parent_code"`
	}]("work/org_parents")

	selectAlerts = queries.Select[alertItem]("work/alerts_of", "secret")

	selectItemsOf = queries.Select[workItem]("work/items_of", "co_regions")

	selectCards = queries.Select[cardGroup]("work/cards_for_orders")

	selectCardsOff = queries.Select[struct {
		ID   string   `ch:"id"`
		Gone []string `ch:"gone"`
	}]("work/cards_off_orders")

	selectReferrals = queries.Select[struct {
		ID         string   `ch:"id"`
		Basis      string   `ch:"basis"`
		OrgCode    string   `ch:"org_code"`
		RegionCode string   `ch:"region_code"`
		StaffID    string   `ch:"staff_id"`
		Detail     string   `ch:"detail"`
		Alerts     []string `ch:"alerts"`
		Subjects   []string `ch:"subjects"`
	}]("work/referrals_due")

	selectBadRatings = queries.Select[badRating]("work/new_bad_ratings")
)

// actionRow is one action of a person as it came.
type actionRow struct {
	SourceSys   string        `ch:"source_sys"`
	EventID     string        `ch:"event_id"`
	SubjectKind workflow.Kind `ch:"subject_kind"`
	SubjectID   string        `ch:"subject_id"`
	Action      string        `ch:"action"`
	ExpectedSeq uint32        `ch:"expected_seq"`
	Actor       string        `ch:"actor"`
	Role        workflow.Role `ch:"role"`
	OrgCode     string        `ch:"org_code"`
	At          int64         `ch:"at"`
	Payload     string        `ch:"payload"`
}

// alertItem is an alert as people act on it.
type alertItem struct {
	AlertID     string         `ch:"alert_id"`
	Seq         uint32         `ch:"seq"`
	State       workflow.State `ch:"state"`
	Severity    string         `ch:"severity"`
	Category    string         `ch:"category"`
	RuleID      string         `ch:"rule_id"`
	RuleVersion uint16         `ch:"rule_version"`
	SubjectKind string         `ch:"subject_kind"`
	SourceSys   string         `ch:"source_sys"`
	SubjectNo   string         `ch:"subject_no"`
	OrgCode     string         `ch:"org_code"`
	RegionCode  string         `ch:"region_code"`
	Assignee    string         `ch:"assignee"`
	FeedbackDue int64          `ch:"feedback_due"`
	AppealUntil int64          `ch:"appeal_until"`
	RaisedAt    int64          `ch:"raised_at"`
	ClosedAt    int64          `ch:"closed_at"`
}

// workItem is a work item as it stands.
type workItem struct {
	Kind       workflow.Kind  `ch:"kind"`
	ID         string         `ch:"id"`
	Seq        uint32         `ch:"seq"`
	State      workflow.State `ch:"state"`
	Level      string         `ch:"level"`
	Origin     string         `ch:"origin"`
	OrgCode    string         `ch:"org_code"`
	CoOrgs     []string       `ch:"co_orgs"`
	RegionCode string         `ch:"region_code"`
	Subjects   []string       `ch:"subjects"`
	Alerts     []string       `ch:"alerts"`
	Round      uint16         `ch:"round"`
	Extended   bool           `ch:"extended"`
	Assignee   string         `ch:"assignee"`
	Data       string         `ch:"data"`
	OpenedAt   int64          `ch:"opened_at"`
	DueAt      int64          `ch:"due_at"`
	FinalDueAt int64          `ch:"final_due_at"`
	StoppedAt  int64          `ch:"stopped_at"`
	ClosedAt   int64          `ch:"closed_at"`
	UpdatedAt  int64          `ch:"updated_at"`
}

// cardGroup is the cards of an organisation, a rule and a day that open an order.
type cardGroup struct {
	RuleID     string    `ch:"rule_id"`
	OrgCode    string    `ch:"org_code"`
	RegionCode string    `ch:"region_code"`
	Day        time.Time `ch:"day"`
	Mode       string    `ch:"mode"`
	Alerts     []string  `ch:"alerts"`
	Subjects   []string  `ch:"subjects"`
}

// date is the local day of announcement.
func (g *cardGroup) date() string { return g.Day.Format(time.DateOnly) }

// badRating is a bad rating that counts and has no order yet.
type badRating struct {
	ID         string `ch:"id"`
	Subject    string `ch:"subject"`
	Level      uint8  `ch:"level"`
	RatedAt    int64  `ch:"rated_at"`
	OrgCode    string `ch:"org_code"`
	RegionCode string `ch:"region_code"`
	TaskCode   string `ch:"task_code"`
	WindowID   string `ch:"window_id"`
	Channel    string `ch:"channel"`
	RealName   bool   `ch:"real_name"`
	BadTag     string `ch:"bad_tag"`
}
