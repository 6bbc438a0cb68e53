package notify

import (
	"time"

	"duban/queries"
)

type (
	dueRow struct {
		ID             string    `ch:"notice_id"`
		WindowAt       time.Time `ch:"window_at"`
		Events         []string  `ch:"events"`
		OrgCode        string    `ch:"org_code"`
		Person         string    `ch:"person"`
		Rung           string    `ch:"rung"`
		Channel        string    `ch:"channel"`
		Severity       string    `ch:"severity"`
		State          State     `ch:"state"`
		Reason         string    `ch:"reason"`
		NextAt         time.Time `ch:"next_at"`
		MessageID      string    `ch:"message_id"`
		Attempt        uint16    `ch:"attempt"`
		PossibleRepeat bool      `ch:"possible_repeat"`
		CreatedAt      time.Time `ch:"created_at"`
	}
	claimRow struct {
		ID      string `ch:"notice_id"`
		Owner   string `ch:"owner"`
		Version uint64 `ch:"fold_version"`
		Change  uint32 `ch:"change"`
		State   State  `ch:"state"`
		Repeat  bool   `ch:"possible_repeat"`
	}
	// eventRow is what the events of alerts and of work have in common.
	eventRow struct {
		ID           string    `ch:"event_id"`
		Version      uint64    `ch:"version"`
		Kind         string    `ch:"kind"`
		Name         string    `ch:"event"`
		State        string    `ch:"state"`
		PrevState    string    `ch:"prev_state"`
		Severity     string    `ch:"severity"`
		PrevSeverity string    `ch:"prev_severity"`
		Notify       string    `ch:"notify"`
		OrgCode      string    `ch:"org_code"`
		CoOrgs       []string  `ch:"co_orgs"`
		RegionCode   string    `ch:"region_code"`
		WindowID     string    `ch:"window_id"`
		StaffID      string    `ch:"staff_id"`
		Assignee     string    `ch:"assignee"`
		Actor        string    `ch:"actor"`
		EffectiveAt  time.Time `ch:"effective_at"`
		RecordedAt   time.Time `ch:"recorded_at"`
	}
	alertEventRow struct {
		eventRow
		Kept bool `ch:"kept"`
	}
	alertRow struct {
		ID          string     `ch:"alert_id"`
		RuleID      string     `ch:"rule_id"`
		Severity    string     `ch:"severity"`
		State       string     `ch:"state"`
		OrgCode     string     `ch:"org_code"`
		Subject     string     `ch:"subject_no"`
		Since       time.Time  `ch:"severity_at"`
		DueAt       *time.Time `ch:"due_at"`
		FeedbackDue *time.Time `ch:"feedback_due"`
	}
	workRow struct {
		Kind    string     `ch:"kind"`
		ID      string     `ch:"id"`
		State   string     `ch:"state"`
		OrgCode string     `ch:"org_code"`
		DueAt   *time.Time `ch:"due_at"`
	}
	organisationRow struct {
		Code       string   `ch:"org_code"`
		Name       string   `ch:"name"`
		NameEN     string   `ch:"name_en"`
		Parent     string   `ch:"parent_code"`
		Region     string   `ch:"region_code"`
		RegionPath []string `ch:"region_path"`
		Contacts   string   `ch:"contacts"`
	}
)

var (
	selectDue     = queries.Select[dueRow]("notify/due")
	selectNextDue = queries.Select[struct {
		Next *time.Time `ch:"next"`
	}]("notify/next_due")
	selectClaims  = queries.Select[claimRow]("notify/claims", "attempt")
	selectCovered = queries.Select[struct {
		Event   string `ch:"event"`
		Person  string `ch:"person"`
		Channel string `ch:"channel"`
	}]("notify/covered")
	selectAlertEvents = queries.Select[alertEventRow]("notify/alert_events", "subject_id")
	selectWorkEvents  = queries.Select[eventRow]("notify/work_events", "subject_id")
	selectCursor      = queries.Select[struct {
		Planned uint64 `ch:"planned_version"`
	}]("notify/cursor")
	selectHistory = queries.Select[struct {
		Events uint64 `ch:"events"`
	}]("notify/count_history")
	selectAlerts        = queries.Select[alertRow]("notify/alerts", "subject_kind", "active")
	selectWork          = queries.Select[workRow]("notify/work_items", "level")
	selectOrganisations = queries.Select[organisationRow]("notify/directory")
)

func (r *eventRow) event() Event {
	return Event{
		ID: r.ID, Version: r.Version, Kind: r.Kind, Name: r.Name, State: r.State, PrevState: r.PrevState, Severity: r.Severity,
		PrevSeverity: r.PrevSeverity, Notify: r.Notify, OrgCode: r.OrgCode, CoOrgs: r.CoOrgs, RegionCode: r.RegionCode,
		WindowID: r.WindowID, StaffID: r.StaffID, Assignee: r.Assignee, Actor: r.Actor, EffectiveAt: r.EffectiveAt, RecordedAt: r.RecordedAt,
	}
}

// orZero is an instant that may be missing; zero then.
func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
