package cases

import (
	"context"
	"slices"
	"time"

	"duban/dashboards/page/kit"
	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/lawzone"
)

// rulesSay are the alerts of a case or ticket, and what the rules will say when
// nothing more happens.
type rulesSay struct{ alerts, ahead []kit.Row }

// loadRules asks for both; for nothing when the reader may not see alerts. What
// lies ahead rests on all facts that are known, so it is told for now only.
func (q *request) loadRules(ctx context.Context, kind, source, number string) (say rulesSay, err error) {
	if !q.MayOpen("/alerts") {
		return say, nil
	}
	args := queries.Args{"kind": kind, "source": source, "subject_no": number, "as_of": q.AsOf}
	res, err := q.Queries.Run(ctx, "page/subject_alerts", args)
	if err != nil {
		return say, err
	}
	// Those of another organisation that had the subject are not for everybody who sees it.
	hidden := func(x kit.Row) bool { return !q.MaySee(x) }
	say.alerts = slices.DeleteFunc(kit.RowsOf(res), hidden)
	if !q.Scope.AsOf.IsZero() {
		return say, nil
	}
	args["rule_ids"], args["rule_categories"] = q.RuleCategories()
	if res, err = q.Queries.Run(ctx, "page/subject_ahead", args); err == nil {
		say.ahead = slices.DeleteFunc(kit.RowsOf(res), hidden)
	}
	return say, err
}

// alertTable lists the alerts of a subject, each with a way to its evidence.
func (q *request) alertTable(alerts []kit.Row, n kit.Names) *kit.Table {
	t := &kit.Table{Columns: q.Cols("severity", "rule_id", "clock_no", "org_code", "alert_state", "severity_at:time", "due_at:time"),
		Empty: q.T("empty.subject_alerts")}
	for _, x := range alerts {
		name := q.RuleCell(x.Text("rule_id"))
		name.Href = q.Scope.URL("/alerts/" + kit.EscapePart(x.Text("alert_id")))
		t.Rows = append(t.Rows, []kit.Cell{
			q.SeverityCell(x.Text("severity")), name, q.OccasionCell(x.Text("clock_no")), q.OrgCell(n, x.Text("org_code")),
			q.AlertStateCell(x.Text("state")), q.PreciseCell(x.Instant("severity_at")), q.DueCell(x.Instant("due_at")),
		})
	}
	return t
}

// aheadTable lists the steps to come; one that falls into a declared outage says
// when it is announced instead.
func (q *request) aheadTable(ahead []kit.Row, n kit.Names) *kit.Table {
	t := &kit.Table{Columns: q.Cols("reached_at:time", "severity", "rule_id", "clock_no", "org_code", "said_at:time")}
	for _, x := range ahead {
		said := q.PreciseCell(x.Instant("said_at"))
		switch {
		case x.Instant("said_at").Year() > 2200:
			said = kit.Cell{Text: q.T("outage.never"), Raw: "never"}
		case x.Instant("said_at").Equal(x.Instant("reached_at")):
			said = kit.Cell{Text: q.T("ahead.then"), Raw: x.Instant("said_at"), Class: "muted"}
		}
		t.Rows = append(t.Rows, []kit.Cell{
			q.PreciseCell(x.Instant("reached_at")), q.SeverityCell(x.Text("severity")), q.RuleCell(x.Text("rule_id")),
			q.OccasionCell(x.Text("clock_no")),
			q.OrgCell(n, x.Text("org_code")), said,
		})
	}
	return t
}

// subTable lists the sub-cases of a joint case.
func (q *request) subTable(source string, subs []kit.Row, n kit.Names, kind subjectKind) *kit.Table {
	t := &kit.Table{Columns: q.Cols("case_no", "org_code", "task_code", "state", "created_at:time", "promise_due:time", "stop_at:time",
		"verdict")}
	for _, x := range subs {
		t.Rows = append(t.Rows, []kit.Cell{
			q.CaseCell(source, x.Text("case_no")), q.OrgCell(n, x.Text("org_code")), q.ItemCell(n, x.Text("task_code")),
			q.StateCell(kind.states, x.Text("state")),
			q.InstantCell(x.Instant("created_at")), q.DueCell(x.Instant("promise_due")), q.InstantCell(x.Instant("stop_at")),
			q.OutcomeCell(q.verdict(x, kind)),
		})
	}
	return t
}

// tellStage lets a joint case tell the limit of its stage, K9, in place of a promise of
// its own: K3 and K4 are those of its sub-cases (domain guide 2.5).
func (d *subjectData) tellStage() {
	if len(d.subs) == 0 || len(d.head) == 0 {
		return
	}
	h := d.head[0]
	for _, k := range []string{"promise_due", "legal_due", "stop_at", "pause_until", "net_days", "margin_days", "legal_margin_days"} {
		h[k] = nil
	}
	h["promise_basis"] = "none"
	own := func(clock string) bool { return clock == "K3" || clock == "K4" }
	d.clocks = slices.DeleteFunc(d.clocks, func(c kit.Row) bool { return own(c.Text("clock")) })
	for _, c := range d.clocks {
		if c.Text("clock") == "K9" {
			h["promise_due"], h["stop_at"], h["promise_basis"] = c["due_at"], c["stop_at"], "stage"
		}
	}
	if d.explanation != nil {
		d.explanation.Clocks = slices.DeleteFunc(d.explanation.Clocks, func(c kit.ClockExplanation) bool { return own(c.Clock) })
	}
}

// explainJoint adds the days of K9 to an explanation. K9 runs through: each sub-case has
// its own clock, which may pause (domain guide 2.5). The days between the end of all and
// a reopening are added to it like those of an extension.
func (q *request) explainJoint(clocks []kit.Row, e *kit.Explanation) {
	for _, c := range clocks {
		n, ok := c.Num("limit_n")
		if e == nil || c.Text("clock") != "K9" || !ok {
			continue
		}
		extended, between := int32(c.Whole("extended_days")), int32(c.Whole("paused_days"))
		_, days, err := q.Calendar().ExplainDue(c.Instant("start_at").UnixMilli(),
			calendar.Limit{N: int32(n) - extended, Unit: calendar.WorkingDays}, extended+between, calendar.DefaultDueRule())
		if err != nil {
			continue // longer than anything that the law knows: the clock stands without its days
		}
		x := kit.ClockExplanation{Clock: "K9", No: int(c.Whole("run_no"))}
		for i, d := range days {
			role := string(d.Role)
			if i == len(days)-1 {
				role = "due"
			}
			x.Days = append(x.Days, kit.DayExplanation{Day: time.UnixMilli(d.Day.Start()).In(lawzone.Zone), Role: role, Reason: string(d.Reason),
				Name: d.Name, Counted: int(d.N)})
		}
		e.Clocks = append(e.Clocks, x)
	}
}
