package statestore

import (
	"context"

	"duban/supervision/lifecycle"
)

// AlertEvent is a row of table alert_events; instants are Unix milliseconds.
type AlertEvent struct {
	AlertID                        string
	Seq                            uint32
	Event, State, Severity, Reason string
	Payload                        string
	EffectiveAt, RecordedAt        int64
}

// AlertStep is a severity that was announced, and since when it holds.
type AlertStep struct {
	At       int64
	Severity string
}

// Alert is a row of table alerts; instants are Unix milliseconds.
type Alert struct {
	AlertID                                                            string
	Seq                                                                uint32
	RuleID                                                             string
	RuleVersion                                                        uint16
	Category, Chain, SubjectKind, SourceSys, SubjectNo, ClockNo        string
	OrgCode, RegionCode, TaskCode, WindowID, StaffID, Notify, Assignee string
	State, Severity                                                    string
	Active                                                             bool
	Points                                                             float64
	RaisedAt, SeverityAt, RecordedAt, UpdatedAt                        int64
	// Zero is null.
	DueAt, FeedbackDue, AppealUntil, ClosedAt int64
	Evidence                                  []lifecycle.Attribute
	Announced                                 []AlertStep
}

// AlertBatch gathers events of alerts and the alerts that they leave.
type AlertBatch struct {
	events *row[AlertEvent]
	alerts *row[Alert]
}

// NewAlertBatch makes an empty batch of a fold version.
func NewAlertBatch(foldVersion uint64) *AlertBatch {
	b := &AlertBatch{events: newRow[AlertEvent](), alerts: newRow[Alert]()}
	alertEvents(b.events)
	alerts(b.alerts)
	b.events.u64("fold_version", func(*AlertEvent) uint64 { return foldVersion })
	b.alerts.u64("fold_version", func(*Alert) uint64 { return foldVersion })
	return b
}

// AddEvent appends an event.
func (b *AlertBatch) AddEvent(e *AlertEvent) { b.events.put(e) }

// AddAlert appends an alert.
func (b *AlertBatch) AddAlert(a *Alert) { b.alerts.put(a) }

// Events is how many events the batch holds.
func (b *AlertBatch) Events() int { return b.events.columns.rows() }

// Insert writes the history first: after a crash before the states are written
// both are written again.
func (b *AlertBatch) Insert(ctx context.Context, p *Pool) error {
	if err := b.events.columns.insert(ctx, p, "alert_events"); err != nil {
		return err
	}
	return b.alerts.columns.insert(ctx, p, "alerts")
}

// alertEvents declares table alert_events.
func alertEvents(r *row[AlertEvent]) {
	r.text("alert_id", func(e *AlertEvent) string { return e.AlertID })
	r.u32("seq", func(e *AlertEvent) uint32 { return e.Seq })
	r.low("event", func(e *AlertEvent) string { return e.Event })
	r.low("state", func(e *AlertEvent) string { return e.State })
	r.low("severity", func(e *AlertEvent) string { return e.Severity })
	r.low("reason", func(e *AlertEvent) string { return e.Reason })
	r.text("payload", func(e *AlertEvent) string { return e.Payload })
	r.at("effective_at", func(e *AlertEvent) int64 { return e.EffectiveAt })
	r.at("recorded_at", func(e *AlertEvent) int64 { return e.RecordedAt })
}

// alerts declares table alerts.
func alerts(r *row[Alert]) {
	r.text("alert_id", func(a *Alert) string { return a.AlertID })
	r.u32("seq", func(a *Alert) uint32 { return a.Seq })
	r.low("rule_id", func(a *Alert) string { return a.RuleID })
	r.u16("rule_version", func(a *Alert) uint16 { return a.RuleVersion })
	r.low("category", func(a *Alert) string { return a.Category })
	r.low("chain", func(a *Alert) string { return a.Chain })
	r.low("subject_kind", func(a *Alert) string { return a.SubjectKind })
	r.low("source_sys", func(a *Alert) string { return a.SourceSys })
	r.text("subject_no", func(a *Alert) string { return a.SubjectNo })
	r.low("clock_no", func(a *Alert) string { return a.ClockNo })
	r.low("org_code", func(a *Alert) string { return a.OrgCode })
	r.low("region_code", func(a *Alert) string { return a.RegionCode })
	r.low("task_code", func(a *Alert) string { return a.TaskCode })
	r.low("window_id", func(a *Alert) string { return a.WindowID })
	r.low("staff_id", func(a *Alert) string { return a.StaffID })
	r.low("notify", func(a *Alert) string { return a.Notify })
	r.low("assignee", func(a *Alert) string { return a.Assignee })
	r.low("state", func(a *Alert) string { return a.State })
	r.low("severity", func(a *Alert) string { return a.Severity })
	r.flag("active", func(a *Alert) bool { return a.Active })
	r.f64("points", func(a *Alert) float64 { return a.Points })
	r.at("raised_at", func(a *Alert) int64 { return a.RaisedAt })
	r.at("severity_at", func(a *Alert) int64 { return a.SeverityAt })
	r.at("recorded_at", func(a *Alert) int64 { return a.RecordedAt })
	r.at("updated_at", func(a *Alert) int64 { return a.UpdatedAt })
	r.nullAt("due_at", func(a *Alert) int64 { return a.DueAt })
	r.nullAt("feedback_due", func(a *Alert) int64 { return a.FeedbackDue })
	r.nullAt("appeal_until", func(a *Alert) int64 { return a.AppealUntil })
	r.nullAt("closed_at", func(a *Alert) int64 { return a.ClosedAt })
	r.attributes("evidence", func(a *Alert) []lifecycle.Attribute { return a.Evidence })
	list(r, func(a *Alert) []AlertStep { return a.Announced }, func(r *row[AlertStep]) {
		r.at("announced_at", func(s *AlertStep) int64 { return s.At })
		r.low("announced_severity", func(s *AlertStep) string { return s.Severity })
	})
}
