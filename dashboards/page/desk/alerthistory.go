package desk

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"duban/dashboards/discretion"
	"duban/dashboards/page/kit"
	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/workflow"
)

// HistoryLine is one event of an alert in words.
type HistoryLine struct {
	Seq, Event, At, Recorded, Who, State, Severity, Reason, Tone string
	Texts                                                        []kit.Term
}

func (q *request) alertHistory(ctx context.Context, b *alertBody, id string) error {
	res, err := q.Queries.Run(ctx, "page/alert_history", queries.Args{"as_of": q.AsOf, "alert_id": id})
	if err != nil {
		return err
	}
	var appealed time.Time
	last := ""
	for _, x := range kit.RowsOf(res) {
		if x.Text("event") == "appeal" {
			appealed = x.Instant("effective_at")
		}
		last = x.Text("state")
		line := HistoryLine{
			Seq: x.Text("seq"), Event: q.Enum("alert_event", x.Text("event")), At: q.Precise(x.Instant("effective_at")),
			Recorded: q.Precise(x.Instant("recorded_at")),
			State:    q.Enum("alert_state", x.Text("state")), Severity: q.Enum("severity", x.Text("severity")),
			Tone:   kit.SeverityTone(x.Text("severity")),
			Reason: q.Enum("alert_reason", x.Text("reason")), Who: q.T("alert.system"),
		}
		if actor := x.Text("actor"); actor != "" {
			line.Who = q.PersonName(actor) + " · " + q.Enum("role", x.Text("role"))
		}
		line.Texts = q.payloadTerms(kindAlert, x.Text("payload"))
		b.History = append(b.History, line)
	}
	if last == string(workflow.AlertAppealed) {
		day := q.Calendar().AddWD(calendar.DayOf(appealed.UnixMilli()), workflow.DecideWD)
		due := time.UnixMilli(day.End()).UTC()
		c, left := q.DueCell(due), q.until(due)
		c.Sub, c.Class = left.Text, left.Tone
		b.Terms = append(b.Terms, kit.Term{Name: q.T("col.decide_by"), Cell: c})
	}
	return nil
}

// payloadTerms shows the texts that a person wrote with an action.
func (q *request) payloadTerms(kind, payload string) []kit.Term {
	var m map[string]any
	if json.Unmarshal([]byte(payload), &m) != nil {
		return nil
	}
	var out []kit.Term
	for _, k := range payloadKeys() {
		if text := q.payloadText(kind, k, m); text != "" {
			out = append(out, kit.Term{Name: q.fieldLabel(k), Cell: q.TextCell(text)})
		}
	}
	return out
}

// payloadText is one text of what was written with an action; what the engine wrote in
// both languages is told in the reader's.
func (q *request) payloadText(kind, key string, payload map[string]any) string {
	switch v := payload[key].(type) {
	case string:
		if key == "assignee" {
			return q.PersonName(v)
		}
		return discretion.MaskText(q.engineText(key, q.valueText(kind, key, v), payload))
	case float64:
		return q.Plain(v)
	case []any:
		var lines []string
		for _, x := range v {
			if s, ok := x.(string); ok {
				lines = append(lines, discretion.MaskText(s))
			}
		}
		return strings.Join(lines, " · ")
	}
	return ""
}

// alertClock explains day by day how the due of the clock came about, for alerts
// that are about a clock of a case or a ticket.
func (q *request) alertClock(ctx context.Context, b *alertBody, x kit.Row) {
	if q.Explain == nil {
		return
	}
	explain := q.Explain.ExplainCase
	switch x.Text("subject_kind") {
	case "case":
	case "ticket":
		explain = q.Explain.ExplainTicket
	default:
		return
	}
	e, err := explain(ctx, x.Text("source_sys"), x.Text("subject_no"), q.AsOf)
	if err != nil || e == nil {
		if err != nil {
			q.Log.WarnContext(ctx, "explain the clock of an alert", "request_id", q.RequestID(ctx), "error", err.Error())
		}
		return
	}
	want := clockOf(x.Text("clock_no"), x.Text("chain"))
	if evidence, _ := x["evidence"].(map[string]string); evidence["clock"] != "" {
		want.clock = evidence["clock"] // the rule says which clock it judged
	}
	for i := range e.Clocks {
		c := &e.Clocks[i]
		if c.Clock != want.clock || want.no != 0 && c.No != want.no {
			continue
		}
		view := kit.ClockView{Name: c.Clock, Title: q.Enum("clock", c.Clock), HasDays: len(c.Days) > 0}
		for _, d := range c.Days {
			view.Days = append(view.Days, q.DayView(d))
		}
		b.Clock, b.Calendar = &view, e.CalendarVersion
	}
}

type clockID struct {
	clock string
	no    int
}

// clockOf reads K7/2; an alert about the limits of a case is about K3.
func clockOf(clockNo, chain string) clockID {
	name, no, _ := strings.Cut(clockNo, "/")
	if name == "" && chain == "limit" {
		return clockID{clock: "K3"}
	}
	id := clockID{clock: name}
	for _, c := range no {
		if c < '0' || c > '9' {
			return id
		}
		id.no = 10*id.no + int(c-'0')
	}
	return id
}
