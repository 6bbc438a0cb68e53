package announce

import (
	"slices"
	"time"

	"duban/queries"
	"duban/supervision/alert"
)

// candidate is a chain that may move its alert, with the alert as it stands.
type candidate struct {
	AlertID      string `ch:"alert_id"`
	RuleID       string `ch:"rule_id"`
	RuleVersion  uint16 `ch:"rule_version"`
	ChainVersion uint64 `ch:"chain_version"`
	Chain        string `ch:"chain"`
	SubjectKind  string `ch:"subject_kind"`
	SourceSys    string `ch:"source_sys"`
	SubjectNo    string `ch:"subject_no"`
	ClockNo      string `ch:"clock_no"`
	OrgCode      string `ch:"org_code"`
	RegionCode   string `ch:"region_code"`
	TaskCode     string `ch:"task_code"`
	WindowID     string `ch:"window_id"`
	StaffID      string `ch:"staff_id"`

	// What the rule says now.
	Gone         bool              `ch:"gone"`
	StepAt       []time.Time       `ch:"step_at"`
	StepSeverity []string          `ch:"step_severity"`
	DueAt        *time.Time        `ch:"due_at"`
	Evidence     map[string]string `ch:"evidence"`
	OutageMoved  bool              `ch:"outage_moved"`

	// The alert; Seq 0: never announced.
	Seq               uint32      `ch:"seq"`
	State             string      `ch:"state"`
	Severity          string      `ch:"severity"`
	AnnouncedAt       []time.Time `ch:"announced_at"`
	AnnouncedSeverity []string    `ch:"announced_severity"`
	RaisedAt          time.Time   `ch:"raised_at"`
	SeverityAt        time.Time   `ch:"severity_at"`
	RecordedAt        time.Time   `ch:"recorded_at"`
	ClosedAt          *time.Time  `ch:"closed_at"`
	FeedbackDue       *time.Time  `ch:"feedback_due"`
	AppealUntil       *time.Time  `ch:"appeal_until"`
	Assignee          string      `ch:"assignee"`
}

// itemKnown is when the first and the last version of a service item arrived.
type itemKnown struct {
	TaskCode string    `ch:"task_code"`
	FirstAt  time.Time `ch:"first_at"`
	LastAt   time.Time `ch:"last_at"`
}

var (
	selectCandidates = queries.Select[candidate]("engine/alert_candidates")

	selectPieces = queries.Select[struct {
		Kind   string   `ch:"kind"`
		Source string   `ch:"source"`
		Bounds []string `ch:"bounds"`
	}]("engine/alert_pieces", "sample", "pieces")

	selectLags = queries.Select[struct {
		AlertID   string   `ch:"alert_id"`
		LagMS     int64    `ch:"lag_ms"`
		Rewritten bool     `ch:"rewritten"`
		Facts     []string `ch:"facts"`
	}]("engine/subject_lags")

	selectItemsKnown = queries.Select[itemKnown]("engine/items_known")

	selectCasesTold = queries.Select[struct {
		Source string    `ch:"source"`
		Number string    `ch:"number"`
		ToldAt time.Time `ch:"told_at"`
	}]("engine/cases_told")

	selectUnratedOrders = queries.Select[struct {
		ID    string   `ch:"id"`
		Facts []string `ch:"facts"`
	}]("engine/unrated_orders")
)

// steps are what the rule says from when on.
func (c *candidate) steps() []alert.Step { return stepsOf(c.StepAt, c.StepSeverity) }

// announced are the steps that were announced.
func (c *candidate) announced() []alert.Step { return stepsOf(c.AnnouncedAt, c.AnnouncedSeverity) }

// rewritten reports whether the rule says other steps than were announced: more of them that
// follow these rewrite nothing.
func (c *candidate) rewritten() bool {
	steps, said := c.steps(), c.announced()
	return c.Gone || len(steps) < len(said) || !slices.Equal(steps[:len(said)], said)
}

// stepsOf pairs parallel lists of instants and severities.
func stepsOf(at []time.Time, severity []string) []alert.Step {
	out := make([]alert.Step, len(at))
	for i := range at {
		out[i] = alert.Step{At: at[i].UnixMilli(), Severity: severity[i]}
	}
	return out
}

// millis are the Unix milliseconds of an instant; 0 for null and for 1970.
func millis(t *time.Time) int64 {
	if t == nil {
		return 0
	}
	return max(t.UnixMilli(), 0)
}
