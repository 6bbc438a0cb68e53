package page

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"duban/dashboards/access"
	"duban/dashboards/actions"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
	"duban/supervision/rule"
)

// AlertLine is one alert of the wall.
type AlertLine struct {
	ID  string
	Seq string
	// Ref is kind/source_sys/number of its subject.
	Ref      string
	Href     string
	Severity Cell
	State    Cell
	Rule     Cell
	Subject  Cell
	Org      Cell
	Region   Cell
	Since    Cell
	Due      Cell
	// Late says by how many working days the deadline was or is missed.
	Late     string
	Left     string
	LeftTone string
	Assignee string
	// May is whether the person may sign for it.
	May bool
}

type alertsBody struct {
	Tiles   []AlertTile
	Filters []Select
	Search  string
	Action  string
	Hidden  []Hidden
	Groups  []Link
	Total   string
	Lines   []AlertLine
	Table   *Table
	Pages   Pages
	Orgs    *Panel
	Done    []Notice
	// CanSign shows the boxes and the button that signs for several.
	CanSign bool
	SignIn  string
	Back    string
}

// AlertTile counts the alerts of one severity.
type AlertTile struct {
	Severity, Label, Href             string
	Open, Unsigned, Late, Today, Tone string
	Current                           bool
}

// Notice tells what became of a command.
type Notice struct {
	Tone, Text, Href string
	// Waits: it is recorded and not judged yet.
	Waits bool
}

func severities() []string { return []string{"red", "yellow", "warning", "notice"} }

func alertStates() []string {
	return []string{"pending", "issued", "acked", "fed_back", "appealed", "upheld", "escalated", "review", "revoked", "cancelled", "closed"}
}

var _ = register(route.Route{Pattern: "/alerts", Rule: route.Needs(access.AlertView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "alerts", At: 3}}, (*Site).Alerts)

// Alerts answers the alert wall.
func (s *Site) Alerts(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r, "group", "severity", "state", "category", "rule", "kind", "q", "mine", "sort")
	page := 1
	if err == nil {
		page, err = q.pageNumber()
	}
	if err == nil {
		err = q.checkAlerts()
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	stream := q.live(ctx)
	if _, file := q.wantsCSV(); file {
		q.sendFile(w, "alerts", s.fileRows(), func(ctx context.Context, each func(*queries.Result) error) error {
			args, err := q.alertListArgs(ctx, s.fileRows(), 0)
			if err != nil {
				return err
			}
			return s.Queries.Stream(ctx, "page/alerts", args, fileBatch, each)
		}, func(rows []row) *Table { return q.alertRows(names{}, rows) })
		return
	}
	body, total, n, err := q.alertList(ctx, pageRows, (page-1)*pageRows)
	if err != nil {
		q.fail(w, err)
		return
	}
	v := q.view(ctx, "alerts", q.T("nav.alerts"))
	v.Stream, v.HasWall = stream, true
	data, err := q.loadScope(ctx)
	if err == nil {
		err = q.alertSides(ctx, body)
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	v.Scope = q.form(data, "")
	body.Pages = q.pages(page, n, total)
	body.Done = q.notices()
	v.Body = body
	q.render(w, http.StatusOK, "alerts", v)
}

// checkAlerts refuses an address that asks for what there is not.
func (q *request) checkAlerts() error {
	for name, allowed := range map[string][]string{
		"group": {"open", "ended", "all"}, "severity": severities(), "state": alertStates(), "category": rule.Categories(),
		"sort": {"urgency", "raised", "due", "feedback"}, "mine": {"1"},
	} {
		if v := q.param(name); v != "" && !slices.Contains(allowed, v) {
			return kit.BadAddress(name)
		}
	}
	return nil
}

// alertListArgs are the parameters of the list of alerts.
func (q *request) alertListArgs(ctx context.Context, limit, skip int) (queries.Args, error) {
	group := q.param("group")
	switch group {
	case "":
		group = "open"
	case "all":
		group = ""
	}
	args, err := q.alertArgs(ctx)
	if err != nil {
		return nil, err
	}
	maps.Copy(args, map[string]any{
		"group": group, "severity": q.param("severity"), "state": q.param("state"), "category": q.param("category"), "rule": q.param("rule"),
		"subject_kind": q.param("kind"), "search": q.param("q"), "sort": q.param("sort"), "max_rows": limit, "skip": skip,
	})
	if person, signedIn := q.person(ctx); q.param("mine") == "1" && signedIn {
		args["assignee"] = person.ID
	}
	return args, nil
}

// alertList loads the lines of the wall.
func (q *request) alertList(ctx context.Context, limit, skip int) (*alertsBody, int64, int, error) {
	args, err := q.alertListArgs(ctx, limit, skip)
	if err != nil {
		return nil, 0, 0, err
	}
	res, err := q.Queries.Run(ctx, "page/alerts", args)
	if err != nil {
		return nil, 0, 0, err
	}
	rows := rowsOf(res)
	n, err := q.namesOf(ctx, rows)
	if err != nil {
		return nil, 0, 0, err
	}
	var total int64
	if len(rows) > 0 {
		total = rows[0].whole("total")
	}
	body := &alertsBody{Total: q.T("list.total_alerts", "N", q.Count(total)), Action: q.path, Search: q.param("q"), Back: q.here()}
	body.Table = q.alertRows(n, rows)
	for _, x := range rows {
		body.Lines = append(body.Lines, q.alertLine(n, x))
	}
	if person, signedIn := q.person(ctx); signedIn {
		err = q.mark(ctx, person, body)
	}
	return body, total, len(rows), err
}

// alertRows writes alerts as a table.
func (q *request) alertRows(n names, rows []row) *Table {
	t := &Table{ID: "alerts", CSV: q.here("format", "csv"), Empty: q.T("empty.alerts"), Columns: q.cols(
		"alert_id:code", "severity", "alert_state", "rule_id", "subject_kind", "subject_no", "source_sys", "org_code", "region_code",
		"severity_at:time", "due_at:time", "overdue_by", "feedback_due:time", "points:num")}
	for _, x := range rows {
		t.Rows = append(t.Rows, []Cell{
			q.codeCell(x.text("alert_id")), q.severityCell(x.text("severity")),
			q.enumCell("alert_state", x.text("state")), q.ruleCell(x.text("rule_id")),
			q.enumCell("subject_kind", x.text("subject_kind")), q.codeCell(x.text("subject_no")), q.textCell(x.text("source_sys")),
			q.orgCell(n, x.text("org_code")), q.regionCell(n, x.text("region_code")), q.preciseCell(x.instant("severity_at")),
			q.preciseCell(x.instant("due_at")), q.textCell(q.late(x)), q.preciseCell(x.instant("feedback_due")), q.decimalCell(x["points"], 1),
		})
	}
	return t
}

// mark says which alerts the person may sign for.
func (q *request) mark(ctx context.Context, p actions.Person, body *alertsBody) error {
	var subjects []actions.Subject
	for _, l := range body.Lines {
		seq, _ := strconv.ParseUint(l.Seq, 10, 32)
		subjects = append(subjects, actions.Subject{Kind: "alert", ID: l.ID, Seq: uint32(seq)})
	}
	allowed, err := q.ActionService.Allowed(ctx, p, subjects)
	if err != nil {
		return err
	}
	for i, m := range subjects {
		body.Lines[i].May = slices.Contains(allowed[m], "ack")
		body.CanSign = body.CanSign || body.Lines[i].May
	}
	return nil
}

func (q *request) alertLine(n names, x row) AlertLine {
	l := AlertLine{
		ID: x.text("alert_id"), Seq: x.text("seq"), Ref: x.text("subject_kind") + "/" + x.text("source_sys") + "/" + x.text("subject_no"),
		Href:     q.scope.URL("/alerts/" + kit.EscapePart(x.text("alert_id"))),
		Severity: q.severityCell(x.text("severity")), State: q.alertStateCell(x.text("state")), Rule: q.ruleCell(x.text("rule_id")),
		Subject: q.alertSubject(x), Org: q.orgCell(n, x.text("org_code")), Region: q.regionCell(n, x.text("region_code")),
		Since: q.instantCell(x.instant("severity_at")), Due: q.dueCell(x.instant("due_at")), Assignee: q.personName(x.text("assignee")),
	}
	l.Left, l.LeftTone = q.left(x)
	l.Late = q.late(x)
	return l
}

// left says how much time is left to answer a card.
func (q *request) left(x row) (text, tone string) {
	due := x.instant("feedback_due")
	state := x.text("state")
	if due.IsZero() || due.Unix() == 0 || state != "issued" && state != "acked" && state != "upheld" && state != "escalated" {
		return "", ""
	}
	d := due.Sub(q.asOf)
	switch {
	case d < 0:
		return q.T("alert.answer_late", "Lag", q.Lag(-d)), "bad"
	case d < 24*time.Hour:
		return q.T("alert.answer_in", "Lag", q.Lag(d)), "warn"
	}
	return q.T("alert.answer_in", "Lag", q.Lag(d)), ""
}

// alertSubject shows what an alert is about, with a link to it where it has a page.
func (q *request) alertSubject(x row) Cell {
	c := q.codeCell(x.text("subject_no"))
	c.Sub = q.Enum("subject_kind", x.text("subject_kind"))
	switch kind := x.text("subject_kind"); kind {
	case "case", "ticket":
		if !x.flag("about_secret") || access.SecretsFor(q.http.Context()) == access.AllSecrets {
			c.Href = q.subjectHref(kind+"s", x.text("source_sys"), x.text("subject_no"))
		}
	case "org":
		c.Href = q.scope.URL("/orgs/" + kit.EscapePart(x.text("subject_no")))
	}
	return c
}

// late says by how much a deadline of an alert was missed: until its
// clock stopped, or until the instant of the page while it runs; empty when the
// alert is about no such deadline or it is not over.
func (q *request) late(x row) string {
	due := x.instant("due_at")
	if due.Unix() <= 0 || !x.flag("has_stop") {
		return ""
	}
	until := q.asOf
	if stop, err := time.Parse("2006-01-02 15:04:05.999", x.text("stopped_at")); err == nil && stop.Before(until) {
		until = stop
	}
	if !until.After(due) {
		return ""
	}
	return q.T("margin.late", "Span", q.over(until, limit{due, x.text("limit_unit"), x.text("region_code")}))
}
