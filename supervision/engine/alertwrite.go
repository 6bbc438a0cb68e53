package engine

import (
	"context"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"

	"duban/supervision/alert"
	"duban/supervision/lifecycle"
	"duban/supervision/rule"
)

// insert sends the columns of one insert.
func (e *Engine) insert(ctx context.Context, table string, in proto.Input) error {
	if err := e.links.do(ctx, ch.Query{Body: in.Into(table), Input: in}); err != nil {
		return fmt.Errorf("insert %d rows into %s: %w", in[0].Data.Rows(), table, err)
	}
	return nil
}

// alertWriter holds the columns of alert_events and of alerts.
type alertWriter struct {
	events, alerts columns
	// text, low, at, nullAt by column name.
	low        map[string]*proto.ColLowCardinality[string]
	text       map[string]*proto.ColStr
	at         map[string]instantColumn
	null       map[string]nullInstantColumn
	seq, aSeq  *proto.ColUInt32
	version    *proto.ColUInt64
	aVersion   *proto.ColUInt64
	ruleNo     *proto.ColUInt16
	active     *proto.ColBool
	points     *proto.ColFloat64
	evidence   attributeColumn
	steps      *proto.ColUInt64
	stepAt     instantColumn
	stepSevere *proto.ColLowCardinality[string]
}

func newAlertWriter() *alertWriter {
	w := &alertWriter{
		low: map[string]*proto.ColLowCardinality[string]{}, text: map[string]*proto.ColStr{},
		at: map[string]instantColumn{}, null: map[string]nullInstantColumn{},
	}
	c := &w.events
	w.text["e.alert_id"] = c.text("alert_id", nil)
	w.seq = c.u32("seq", nil)
	w.version = c.u64("fold_version", nil)
	for _, name := range []string{"event", "state", "severity", "reason"} {
		w.low["e."+name] = c.low(name, nil)
	}
	w.text["e.payload"] = c.text("payload", nil)
	w.at["e.effective_at"] = c.at("effective_at", nil)
	w.at["e.recorded_at"] = c.at("recorded_at", nil)

	c = &w.alerts
	w.text["alert_id"] = c.text("alert_id", nil)
	w.aVersion = c.u64("fold_version", nil)
	w.aSeq = c.u32("seq", nil)
	w.ruleNo = c.u16("rule_version", nil)
	for _, name := range []string{"rule_id", "category", "chain", "subject_kind", "source_sys", "org_code", "region_code", "task_code", "window_id",
		"staff_id", "state", "severity", "notify", "assignee"} {
		w.low[name] = c.low(name, nil)
	}
	w.text["subject_no"] = c.text("subject_no", nil)
	w.low["clock_no"] = c.low("clock_no", nil)
	w.active = c.flag("active", nil)
	w.points = new(proto.ColFloat64)
	c.add("points", w.points, w.points.Reset, nil)
	for _, name := range []string{"raised_at", "severity_at", "recorded_at", "updated_at"} {
		w.at[name] = c.at(name, nil)
	}
	for _, name := range []string{"due_at", "feedback_due", "appeal_until", "closed_at"} {
		w.null[name] = c.nullAt(name, nil)
	}
	w.evidence = c.attributes("evidence")
	w.steps = c.group()
	w.stepAt = c.at("announced_at", w.steps)
	w.stepSevere = c.low("announced_severity", w.steps)
	return w
}

// put writes the events of one alert and the alert as they leave it. m is its row
// of alert_candidates, trace says which facts took it back, at is now.
func (w *alertWriter) put(e *Engine, m map[string]any, r *rule.Rule, a alert.Alert, events []alert.Event, trace string, version uint64, at int64) {
	id := m["alert_id"].(string)
	for _, x := range events {
		w.text["e.alert_id"].Append(id)
		w.seq.Append(x.Seq)
		w.version.Append(version)
		w.low["e.event"].Append(x.Name)
		w.low["e.state"].Append(x.State)
		w.low["e.severity"].Append(x.Severity)
		w.low["e.reason"].Append(x.Reason)
		if x.Reason != alert.LateData {
			w.text["e.payload"].Append("")
		} else {
			w.text["e.payload"].Append(trace)
		}
		w.at["e.effective_at"].put(x.At)
		w.at["e.recorded_at"].put(at)
	}
	w.text["alert_id"].Append(id)
	w.aVersion.Append(version)
	w.aSeq.Append(a.Seq)
	w.ruleNo.Append(m["rule_version"].(uint16))
	rung, _ := r.Rung(rule.Severity(a.Severity))
	for name, v := range map[string]string{"category": r.Category, "state": a.State, "severity": a.Severity, "notify": rung.Notify} {
		w.low[name].Append(v)
	}
	for _, name := range []string{"rule_id", "chain", "subject_kind", "source_sys", "org_code", "region_code", "task_code", "window_id", "staff_id", "assignee", "clock_no"} {
		w.low[name].Append(m[name].(string))
	}
	w.text["subject_no"].Append(m["subject_no"].(string))
	w.points.Append(rung.Points / partsOf(m["evidence"].(map[string]string)["share"]))
	n := len(a.Announced)
	w.active.Append(n > 0 && a.Announced[n-1].Severity != "")
	w.times(e, m, a, events, at)
	w.evidence.put(attributesOf(m["evidence"].(map[string]string)))
	for _, s := range a.Announced {
		w.stepAt.put(s.At)
		w.stepSevere.Append(s.Severity)
	}
	w.steps.Append(uint64(w.stepSevere.Rows()))
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

// times writes the instants of an alert.
func (w *alertWriter) times(e *Engine, m map[string]any, a alert.Alert, events []alert.Event, at int64) {
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
	w.at["raised_at"].put(raised)
	w.at["severity_at"].put(severe)
	w.at["recorded_at"].put(recorded)
	w.at["updated_at"].put(at)
	w.null["due_at"].put(millis(m["due_at"]))
	w.null["feedback_due"].put(feedback)
	w.null["appeal_until"].put(appeal)
	w.null["closed_at"].put(closed)
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
