package announce

import (
	"sort"
	"strconv"
	"strings"

	"duban/supervision/alert"
	"duban/supervision/lifecycle"
	"duban/supervision/rule"
	"duban/supervision/statestore"
)

// addAlert puts the events of one alert and the alert as they leave it into a batch. m
// is its row of alert_candidates, trace says which facts took it back, at is now.
func (a *Announcer) addAlert(
	b *statestore.AlertBatch, m *candidate, r *rule.Rule, next alert.Alert, events []alert.Event, trace string, at int64,
) {
	for _, x := range events {
		row := statestore.AlertEvent{
			AlertID: m.AlertID, Seq: x.Seq, Event: x.Name, State: x.State, Severity: x.Severity, Reason: x.Reason, EffectiveAt: x.At, RecordedAt: at,
		}
		if x.Reason == alert.LateData {
			row.Payload = trace
		}
		b.AddEvent(&row)
	}
	rung, _ := r.Rung(rule.Severity(next.Severity))
	row := statestore.Alert{
		AlertID: m.AlertID, Seq: next.Seq, RuleID: m.RuleID, RuleVersion: m.RuleVersion,
		Category: r.Category, Chain: m.Chain, SubjectKind: m.SubjectKind, SourceSys: m.SourceSys,
		SubjectNo: m.SubjectNo, ClockNo: m.ClockNo, OrgCode: m.OrgCode, RegionCode: m.RegionCode,
		TaskCode: m.TaskCode, WindowID: m.WindowID, StaffID: m.StaffID, Notify: rung.Notify,
		Assignee: m.Assignee, State: next.State, Severity: next.Severity, Points: rung.Points / partsOf(m.Evidence["share"]),
		Evidence: attributesOf(m.Evidence),
	}
	for _, s := range next.Announced {
		row.Announced = append(row.Announced, statestore.AlertStep{At: s.At, Severity: s.Severity})
	}
	n := len(next.Announced)
	row.Active = n > 0 && next.Announced[n-1].Severity != ""
	a.setTimes(&row, m, next, events, at)
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
func (a *Announcer) setTimes(row *statestore.Alert, m *candidate, next alert.Alert, events []alert.Event, at int64) {
	raised, severe, recorded := millis(&m.RaisedAt), millis(&m.SeverityAt), millis(&m.RecordedAt)
	feedback, appeal, closed := millis(m.FeedbackDue), millis(m.AppealUntil), millis(m.ClosedAt)
	for _, x := range events {
		switch x.Name {
		case alert.Raised, alert.Upgraded:
			if x.Name == alert.Raised {
				raised, recorded, closed = x.At, at, 0
			}
			severe = x.At
			if rule.Severity(x.Severity).Card() {
				feedback, appeal = a.endAfter(at, feedbackDays), 0
				if a.appealable(m.RuleID, m.RuleVersion) {
					appeal = a.endAfter(at, appealDays)
				}
			}
		case alert.Corrected:
			severe = x.At
		}
	}
	if !next.Ended() {
		closed = 0
	} else if closed == 0 {
		closed = at
	}
	row.RaisedAt, row.SeverityAt, row.RecordedAt, row.UpdatedAt = raised, severe, recorded, at
	row.DueAt, row.FeedbackDue, row.AppealUntil, row.ClosedAt = millis(m.DueAt), feedback, appeal, closed
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
