package desk

import (
	"context"
	"slices"

	"duban/dashboards/page/kit"
	"duban/queries"
)

// alertsBehind lists the alerts that a piece of work rests on, nil without.
func (q *request) alertsBehind(ctx context.Context, ids []string) (*kit.Panel, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	res, err := q.Queries.Run(ctx, "page/alerts_behind", queries.Args{"as_of": q.AsOf, "ids": ids})
	if err != nil {
		return nil, err
	}
	t := &kit.Table{ID: "alerts", Columns: q.Cols("severity", "rule_id", "subject_no", "alert_state", "severity_at:time"),
		Empty: q.T("empty.alerts")}
	for _, x := range kit.RowsOf(res) {
		if !q.MaySee(x) {
			continue // of another organisation that the work concerns
		}
		name := q.RuleCell(x.Text("rule_id"))
		name.Href = q.workHref(kindAlert, x.Text("alert_id"))
		t.Rows = append(t.Rows, []kit.Cell{q.SeverityCell(x.Text("severity")), name, q.alertSubject(x), q.AlertStateCell(x.Text("state")),
			q.InstantCell(x.Instant("severity_at"))})
	}
	return &kit.Panel{ID: "alerts", Title: q.T("panel.work_alerts"), Table: t}, nil
}

func (q *request) workHistory(ctx context.Context, b *workBody) error {
	res, err := q.Queries.Run(ctx, "page/work_history", queries.Args{"as_of": q.AsOf, "kind": b.Kind, "id": b.ID})
	if err != nil {
		return err
	}
	for _, x := range kit.RowsOf(res) {
		line := HistoryLine{
			Seq: x.Text("seq"), Event: q.eventLabel(b.Kind, x.Text("event")), At: q.Precise(x.Instant("effective_at")),
			Recorded: q.Precise(x.Instant("recorded_at")),
			State:    q.Enum(stateEnum(b.Kind), x.Text("state")), Tone: historyTone(workTone(b.Kind, x.Text("state"))), Who: q.T("alert.system"),
			Texts: q.payloadTerms(b.Kind, x.Text("payload")),
		}
		if actor := x.Text("actor"); actor != "" {
			line.Who = q.PersonName(actor) + " · " + q.Enum("role", x.Text("role"))
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
	return q.ActionLabel(kind, event)
}

// alertWork lists the pieces of work that rest on an alert; those that the
// reader may not see are left out.
func (q *request) alertWork(ctx context.Context, b *alertBody, id string) error {
	res, err := q.Queries.Run(ctx, "page/work_items", queries.Args{
		"as_of": q.AsOf, "kinds": q.seenKinds(), "ended_states": endedStates(), "alert": id, "per_state": kit.PageRows, "max_rows": kit.PageRows,
	})
	if err != nil || len(res.Rows) == 0 {
		return err
	}
	rows := slices.DeleteFunc(kit.RowsOf(res), func(x kit.Row) bool { return !q.maySeeWork(x) })
	n, err := q.NamesOf(ctx, rows)
	if err != nil {
		return err
	}
	t := &kit.Table{ID: "work", Columns: q.Cols("work_kind", "title", "work_state", "due_at:time")}
	for _, x := range rows {
		l := q.workLine(n, x)
		due := l.Due
		due.Sub, due.Class = l.Left.Text, due.Class+" "+l.Left.Tone
		t.Rows = append(t.Rows, []kit.Cell{l.Kind, {Text: l.Title, Raw: l.Title, Href: l.Href}, l.State, due})
	}
	if len(t.Rows) > 0 {
		b.Work = &kit.Panel{ID: "work", Title: q.T("panel.alert_work"), Table: t}
	}
	return nil
}
