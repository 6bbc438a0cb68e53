package page

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
type rulesSay struct{ alerts, ahead []row }

// loadRules asks for both; for nothing when the reader may not see alerts. What
// lies ahead rests on all facts that are known, so it is told for now only.
func (q *request) loadRules(ctx context.Context, kind, source, number string) (say rulesSay, err error) {
	if !q.mayOpen("/alerts") {
		return say, nil
	}
	args := queries.Args{"kind": kind, "source": source, "subject_no": number, "as_of": q.asOf}
	res, err := q.Queries.Run(ctx, "page/subject_alerts", args)
	if err != nil {
		return say, err
	}
	// Those of another organisation that had the subject are not for everybody who sees it.
	hidden := func(x row) bool { return !q.maySee(x) }
	say.alerts = slices.DeleteFunc(rowsOf(res), hidden)
	if !q.scope.AsOf.IsZero() {
		return say, nil
	}
	args["rule_ids"], args["rule_categories"] = q.ruleCategories()
	if res, err = q.Queries.Run(ctx, "page/subject_ahead", args); err == nil {
		say.ahead = slices.DeleteFunc(rowsOf(res), hidden)
	}
	return say, err
}

// alertTable lists the alerts of a subject, each with a way to its evidence.
func (q *request) alertTable(alerts []row, n names) *Table {
	t := &Table{Columns: q.cols("severity", "rule_id", "clock_no", "org_code", "alert_state", "severity_at:time", "due_at:time"),
		Empty: q.T("empty.subject_alerts")}
	for _, x := range alerts {
		name := q.ruleCell(x.text("rule_id"))
		name.Href = q.scope.URL("/alerts/" + kit.EscapePart(x.text("alert_id")))
		t.Rows = append(t.Rows, []Cell{
			q.severityCell(x.text("severity")), name, q.occasionCell(x.text("clock_no")), q.orgCell(n, x.text("org_code")),
			q.alertStateCell(x.text("state")), q.preciseCell(x.instant("severity_at")), q.dueCell(x.instant("due_at")),
		})
	}
	return t
}

// aheadTable lists the steps to come; one that falls into a declared outage says
// when it is announced instead.
func (q *request) aheadTable(ahead []row, n names) *Table {
	t := &Table{Columns: q.cols("reached_at:time", "severity", "rule_id", "clock_no", "org_code", "said_at:time")}
	for _, x := range ahead {
		said := q.preciseCell(x.instant("said_at"))
		switch {
		case x.instant("said_at").Year() > 2200:
			said = Cell{Text: q.T("outage.never"), Raw: "never"}
		case x.instant("said_at").Equal(x.instant("reached_at")):
			said = Cell{Text: q.T("ahead.then"), Raw: x.instant("said_at"), Class: "muted"}
		}
		t.Rows = append(t.Rows, []Cell{
			q.preciseCell(x.instant("reached_at")), q.severityCell(x.text("severity")), q.ruleCell(x.text("rule_id")),
			q.occasionCell(x.text("clock_no")),
			q.orgCell(n, x.text("org_code")), said,
		})
	}
	return t
}

// subTable lists the sub-cases of a joint case.
func (q *request) subTable(source string, subs []row, n names, kind subjectKind) *Table {
	t := &Table{Columns: q.cols("case_no", "org_code", "task_code", "state", "created_at:time", "promise_due:time", "stop_at:time", "verdict")}
	for _, x := range subs {
		t.Rows = append(t.Rows, []Cell{
			q.caseCell(source, x.text("case_no")), q.orgCell(n, x.text("org_code")), q.itemCell(n, x.text("task_code")),
			q.stateCell(kind.states, x.text("state")),
			q.instantCell(x.instant("created_at")), q.dueCell(x.instant("promise_due")), q.instantCell(x.instant("stop_at")),
			q.outcomeCell(q.verdict(x, kind)),
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
	d.clocks = slices.DeleteFunc(d.clocks, func(c row) bool { return own(c.text("clock")) })
	for _, c := range d.clocks {
		if c.text("clock") == "K9" {
			h["promise_due"], h["stop_at"], h["promise_basis"] = c["due_at"], c["stop_at"], "stage"
		}
	}
	if d.explanation != nil {
		d.explanation.Clocks = slices.DeleteFunc(d.explanation.Clocks, func(c ClockExplanation) bool { return own(c.Clock) })
	}
}

// explainJoint adds the days of K9 to an explanation. K9 runs through: each sub-case has
// its own clock, which may pause (domain guide 2.5). The days between the end of all and
// a reopening are added to it like those of an extension.
func (q *request) explainJoint(clocks []row, e *Explanation) {
	for _, c := range clocks {
		n, ok := c.num("limit_n")
		if e == nil || c.text("clock") != "K9" || !ok {
			continue
		}
		extended, between := int32(c.whole("extended_days")), int32(c.whole("paused_days"))
		_, days, err := q.Calendar().ExplainDue(c.instant("start_at").UnixMilli(),
			calendar.Limit{N: int32(n) - extended, Unit: calendar.WorkingDays}, extended+between, calendar.DefaultDueRule())
		if err != nil {
			continue // longer than anything that the law knows: the clock stands without its days
		}
		x := ClockExplanation{Clock: "K9", No: int(c.whole("run_no"))}
		for i, d := range days {
			role := string(d.Role)
			if i == len(days)-1 {
				role = "due"
			}
			x.Days = append(x.Days, DayExplanation{Day: time.UnixMilli(d.Day.Start()).In(lawzone.Zone), Role: role, Reason: string(d.Reason),
				Name: d.Name, Counted: int(d.N)})
		}
		e.Clocks = append(e.Clocks, x)
	}
}
