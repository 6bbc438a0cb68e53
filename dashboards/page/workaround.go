package page

import (
	"context"
	"slices"

	"duban/queries"
)

// alertsBehind lists the alerts that a piece of work rests on, nil without.
func (q *request) alertsBehind(ctx context.Context, ids []string) (*Panel, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	res, err := q.Queries.Run(ctx, "page/alerts_behind", queries.Args{"as_of": q.asOf, "ids": ids})
	if err != nil {
		return nil, err
	}
	t := &Table{ID: "alerts", Columns: q.cols("severity", "rule_id", "subject_no", "alert_state", "severity_at:time"),
		Empty: q.T("empty.alerts")}
	for _, x := range rowsOf(res) {
		if !q.maySee(x) {
			continue // of another organisation that the work concerns
		}
		name := q.ruleCell(x.text("rule_id"))
		name.Href = q.workHref("alert", x.text("alert_id"))
		t.Rows = append(t.Rows, []Cell{q.severityCell(x.text("severity")), name, q.alertSubject(x), q.alertStateCell(x.text("state")),
			q.instantCell(x.instant("severity_at"))})
	}
	return &Panel{ID: "alerts", Title: q.T("panel.work_alerts"), Table: t}, nil
}

func (q *request) workHistory(ctx context.Context, b *workBody) error {
	res, err := q.Queries.Run(ctx, "page/work_history", queries.Args{"as_of": q.asOf, "kind": b.Kind, "id": b.ID})
	if err != nil {
		return err
	}
	for _, x := range rowsOf(res) {
		line := HistoryLine{
			Seq: x.text("seq"), Event: q.eventLabel(b.Kind, x.text("event")), At: q.Precise(x.instant("effective_at")),
			Recorded: q.Precise(x.instant("recorded_at")),
			State:    q.Enum(stateEnum(b.Kind), x.text("state")), Tone: historyTone(workTone(b.Kind, x.text("state"))), Who: q.T("alert.system"),
			Texts: q.payloadTerms(b.Kind, x.text("payload")),
		}
		if actor := x.text("actor"); actor != "" {
			line.Who = q.personName(actor) + " · " + q.Enum("role", x.text("role"))
		}
		b.History = append(b.History, line)
	}
	return nil
}

func historyTone(tone string) string {
	if tone == "plain" {
		return "start"
	}
	return tone
}

// eventLabel names an event of a history: what was done, in the words of its
// action unless the kind has its own.
func (q *request) eventLabel(kind, event string) string {
	if own := q.Enum("work_event", kind+"."+event); own != kind+"."+event {
		return own
	}
	if own := q.Enum("work_event", event); own != event {
		return own
	}
	return q.actionLabel(kind, event)
}

// alertWork lists the pieces of work that rest on an alert; those that the
// reader may not see are left out.
func (q *request) alertWork(ctx context.Context, b *alertBody, id string) error {
	res, err := q.Queries.Run(ctx, "page/work_items", queries.Args{
		"as_of": q.asOf, "kinds": q.seenKinds(), "ended_states": endedStates(), "alert": id, "per_state": pageRows, "max_rows": pageRows,
	})
	if err != nil || len(res.Rows) == 0 {
		return err
	}
	rows := slices.DeleteFunc(rowsOf(res), func(x row) bool { return !q.maySeeWork(x) })
	n, err := q.namesOf(ctx, rows)
	if err != nil {
		return err
	}
	t := &Table{ID: "work", Columns: q.cols("work_kind", "title", "work_state", "due_at:time")}
	for _, x := range rows {
		l := q.workLine(n, x)
		due := l.Due
		due.Sub, due.Class = l.Left.Text, due.Class+" "+l.Left.Tone
		t.Rows = append(t.Rows, []Cell{l.Kind, {Text: l.Title, Raw: l.Title, Href: l.Href}, l.State, due})
	}
	if len(t.Rows) > 0 {
		b.Work = &Panel{ID: "work", Title: q.T("panel.alert_work"), Table: t}
	}
	return nil
}
