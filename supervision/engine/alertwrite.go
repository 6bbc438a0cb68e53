package engine

import (
	"sort"
	"strconv"
	"strings"
	"time"

	"duban/supervision/alert"
	"duban/supervision/lifecycle"
	"duban/supervision/rule"
	"duban/supervision/statestore"
)

// addAlert puts the events of one alert and the alert as they leave it into a batch. m
// is its row of alert_candidates, trace says which facts took it back, at is now.
func (e *Engine) addAlert(b *statestore.AlertBatch, m map[string]any, r *rule.Rule, a alert.Alert, events []alert.Event, trace string, at int64) {
	id := m["alert_id"].(string)
	for _, x := range events {
		row := statestore.AlertEvent{
			AlertID: id, Seq: x.Seq, Event: x.Name, State: x.State, Severity: x.Severity, Reason: x.Reason, EffectiveAt: x.At, RecordedAt: at,
		}
		if x.Reason == alert.LateData {
			row.Payload = trace
		}
		b.AddEvent(&row)
	}
	rung, _ := r.Rung(rule.Severity(a.Severity))
	evidence := m["evidence"].(map[string]string)
	row := statestore.Alert{
		AlertID: id, Seq: a.Seq, RuleID: m["rule_id"].(string), RuleVersion: m["rule_version"].(uint16),
		Category: r.Category, Chain: m["chain"].(string), SubjectKind: m["subject_kind"].(string), SourceSys: m["source_sys"].(string),
		SubjectNo: m["subject_no"].(string), ClockNo: m["clock_no"].(string), OrgCode: m["org_code"].(string), RegionCode: m["region_code"].(string),
		TaskCode: m["task_code"].(string), WindowID: m["window_id"].(string), StaffID: m["staff_id"].(string), Notify: rung.Notify,
		Assignee: m["assignee"].(string), State: a.State, Severity: a.Severity, Points: rung.Points / partsOf(evidence["share"]),
		Evidence: attributesOf(evidence),
	}
	for _, s := range a.Announced {
		row.Announced = append(row.Announced, statestore.AlertStep{At: s.At, Severity: s.Severity})
	}
	n := len(a.Announced)
	row.Active = n > 0 && a.Announced[n-1].Severity != ""
	e.setTimes(&row, m, a, events, at)
	b.AddAlert(&row)
}

// partsOf reads how many organisations share the points of a card: evidence share is
// 1/n where a rule splits them by blame (domain guide 6.2, R-JNT-01); all else is whole.
func partsOf(share string) float64 {
	one, of, ok := strings.Cut(share, "/")
	if n, err := strconv.ParseUint(of, 10, 16); ok && one == "1" && err == nil && n > 0 {
		return float64(n)
	}
	return 1
}

// setTimes sets the instants of an alert.
func (e *Engine) setTimes(row *statestore.Alert, m map[string]any, a alert.Alert, events []alert.Event, at int64) {
	raised, severe, recorded := millis(m["raised_at"]), millis(m["severity_at"]), millis(m["recorded_at"])
	feedback, appeal, closed := millis(m["feedback_due"]), millis(m["appeal_until"]), millis(m["closed_at"])
	for _, x := range events {
		switch x.Name {
		case alert.Raised, alert.Upgraded:
			if x.Name == alert.Raised {
				raised, recorded, closed = x.At, at, 0
			}
			severe = x.At
			if rule.Severity(x.Severity).Card() {
				feedback, appeal = e.endAfter(at, feedbackDays), 0
				if e.cfg.appealable(m["rule_id"].(string), m["rule_version"].(uint16)) {
					appeal = e.endAfter(at, appealDays)
				}
			}
		case alert.Corrected:
			severe = x.At
		}
	}
	if !a.Ended() {
		closed = 0
	} else if closed == 0 {
		closed = at
	}
	row.RaisedAt, row.SeverityAt, row.RecordedAt, row.UpdatedAt = raised, severe, recorded, at
	row.DueAt, row.FeedbackDue, row.AppealUntil, row.ClosedAt = millis(m["due_at"]), feedback, appeal, closed
}

// attributesOf sorts a map by key, so that equal alerts are equal rows.
func attributesOf(m map[string]string) []lifecycle.Attribute {
	out := make([]lifecycle.Attribute, 0, len(m))
	for k, v := range m {
		out = append(out, lifecycle.Attribute{Key: k, Value: v})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Key < out[j].Key })
	return out
}

// millis reads an instant of a result; 0 for null and for 1970.
func millis(v any) int64 {
	t, ok := v.(time.Time)
	if !ok {
		return 0
	}
	return max(t.UnixMilli(), 0)
}
