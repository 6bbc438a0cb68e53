package desk

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
	Severity kit.Cell
	State    kit.Cell
	Rule     kit.Cell
	Subject  kit.Cell
	Org      kit.Cell
	Region   kit.Cell
	Since    kit.Cell
	Due      kit.Cell
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
	Filters []kit.Select
	Search  string
	Action  string
	Hidden  []kit.Hidden
	Groups  []kit.Link
	Total   string
	Lines   []AlertLine
	Table   *kit.Table
	Pages   kit.Pager
	Orgs    *kit.Panel
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

var _ = pages.Show(route.Route{Pattern: "/alerts", Rule: route.Needs(access.AlertView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "alerts", At: 3}}, (*request).Alerts,
	"group", "severity", "state", "category", "rule", "kind", "q", "mine", "sort")

// Alerts answers the alert wall.
func (q *request) Alerts(ctx context.Context, w http.ResponseWriter) error {
	page, err := q.PageNumber()
	if err == nil {
		err = q.checkAlerts()
	}
	if err != nil {
		return err
	}
	stream := q.live(ctx)
	if _, file := q.WantsCSV(); file {
		q.SendFile(w, "alerts", q.FileLimit(), func(ctx context.Context, each func(*queries.Result) error) error {
			args, err := q.alertListArgs(ctx, q.FileLimit(), 0)
			if err != nil {
				return err
			}
			return q.Queries.Stream(ctx, "page/alerts", args, kit.FileBatch, each)
		}, func(rows []kit.Row) *kit.Table { return q.alertRows(kit.Names{}, rows) })
		return nil
	}
	body, total, n, err := q.alertList(ctx, kit.PageRows, (page-1)*kit.PageRows)
	if err != nil {
		return err
	}
	v := q.View(ctx, "alerts", q.T("nav.alerts"))
	v.Stream, v.HasWall = stream, true
	data, err := q.LoadScope(ctx)
	if err == nil {
		err = q.alertSides(ctx, body)
	}
	if err != nil {
		return err
	}
	v.Scope = q.ScopeForm(data, "")
	body.Pages = q.Pages(page, n, total)
	body.Done = q.notices()
	v.Body = body
	q.Render(w, http.StatusOK, "alerts", v)
	return nil
}

// checkAlerts refuses an address that asks for what there is not.
func (q *request) checkAlerts() error {
	for name, allowed := range map[string][]string{
		"group": {"open", "ended", "all"}, "severity": severities(), "state": alertStates(), "category": rule.Categories(),
		"sort": {"urgency", "raised", "due", "feedback"}, "mine": {"1"},
	} {
		if v := q.Param(name); v != "" && !slices.Contains(allowed, v) {
			return kit.BadAddress(name)
		}
	}
	return nil
}

// alertListArgs are the parameters of the list of alerts.
func (q *request) alertListArgs(ctx context.Context, limit, skip int) (queries.Args, error) {
	group := q.Param("group")
	switch group {
	case "":
		group = "open"
	case "all":
		group = ""
	}
	args, err := q.AlertArgs(ctx)
	if err != nil {
		return nil, err
	}
	maps.Copy(args, map[string]any{
		"group": group, "severity": q.Param("severity"), "state": q.Param("state"), "category": q.Param("category"), "rule": q.Param("rule"),
		"subject_kind": q.Param("kind"), "search": q.Param("q"), "sort": q.Param("sort"), "max_rows": limit, "skip": skip,
	})
	if person, signedIn := q.Person(ctx); q.Param("mine") == "1" && signedIn {
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
	rows := kit.RowsOf(res)
	n, err := q.NamesOf(ctx, rows)
	if err != nil {
		return nil, 0, 0, err
	}
	var total int64
	if len(rows) > 0 {
		total = rows[0].Whole("total")
	}
	body := &alertsBody{Total: q.T("list.total_alerts", "N", q.Count(total)), Action: q.Path, Search: q.Param("q"), Back: q.Here()}
	body.Table = q.alertRows(n, rows)
	for _, x := range rows {
		body.Lines = append(body.Lines, q.alertLine(n, x))
	}
	if person, signedIn := q.Person(ctx); signedIn {
		err = q.mark(ctx, person, body)
	}
	return body, total, len(rows), err
}

// alertRows writes alerts as a table.
func (q *request) alertRows(n kit.Names, rows []kit.Row) *kit.Table {
	t := &kit.Table{ID: "alerts", CSV: q.Here("format", "csv"), Empty: q.T("empty.alerts"), Columns: q.Cols(
		"alert_id:code", "severity", "alert_state", "rule_id", "subject_kind", "subject_no", "source_sys", "org_code", "region_code",
		"severity_at:time", "due_at:time", "overdue_by", "feedback_due:time", "points:num")}
	for _, x := range rows {
		t.Rows = append(t.Rows, []kit.Cell{
			q.CodeCell(x.Text("alert_id")), q.SeverityCell(x.Text("severity")),
			q.EnumCell("alert_state", x.Text("state")), q.RuleCell(x.Text("rule_id")),
			q.EnumCell("subject_kind", x.Text("subject_kind")), q.CodeCell(x.Text("subject_no")), q.TextCell(x.Text("source_sys")),
			q.OrgCell(n, x.Text("org_code")), q.RegionCell(n, x.Text("region_code")), q.PreciseCell(x.Instant("severity_at")),
			q.PreciseCell(x.Instant("due_at")), q.TextCell(q.late(x)), q.PreciseCell(x.Instant("feedback_due")), q.DecimalCell(x["points"], 1),
		})
	}
	return t
}

// mark says which alerts the person may sign for.
func (q *request) mark(ctx context.Context, p actions.Person, body *alertsBody) error {
	var subjects []actions.Subject
	for _, l := range body.Lines {
		seq, _ := strconv.ParseUint(l.Seq, 10, 32)
		subjects = append(subjects, actions.Subject{Kind: kindAlert, ID: l.ID, Seq: uint32(seq)})
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

func (q *request) alertLine(n kit.Names, x kit.Row) AlertLine {
	l := AlertLine{
		ID: x.Text("alert_id"), Seq: x.Text("seq"), Ref: x.Text("subject_kind") + "/" + x.Text("source_sys") + "/" + x.Text("subject_no"),
		Href:     q.Scope.URL("/alerts/" + kit.EscapePart(x.Text("alert_id"))),
		Severity: q.SeverityCell(x.Text("severity")), State: q.AlertStateCell(x.Text("state")), Rule: q.RuleCell(x.Text("rule_id")),
		Subject: q.alertSubject(x), Org: q.OrgCell(n, x.Text("org_code")), Region: q.RegionCell(n, x.Text("region_code")),
		Since: q.InstantCell(x.Instant("severity_at")), Due: q.DueCell(x.Instant("due_at")), Assignee: q.PersonName(x.Text("assignee")),
	}
	l.Left, l.LeftTone = q.left(x)
	l.Late = q.late(x)
	return l
}

// neutral reports whether an alert is about a secret subject of which the reader is told what
// to do, and until when, and no more: no way to it, no evidence, no count of days. An answer
// that does not say what it is about counts as one.
func (q *request) neutral(x kit.Row) bool {
	_, says := x["about_secret"]
	return (!says || x.Flag("about_secret")) && access.SecretsFor(q.HTTP.Context()) != access.AllSecrets
}

// left says how much time is left to answer a card.
func (q *request) left(x kit.Row) (text, tone string) {
	if q.neutral(x) {
		return "", ""
	}
	due := x.Instant("feedback_due")
	state := x.Text("state")
	if due.IsZero() || due.Unix() == 0 || state != "issued" && state != "acked" && state != "upheld" && state != "escalated" {
		return "", ""
	}
	d := due.Sub(q.AsOf)
	switch {
	case d < 0:
		return q.T("alert.answer_late", "Lag", q.Lag(-d)), "bad"
	case d < 24*time.Hour:
		return q.T("alert.answer_in", "Lag", q.Lag(d)), "warn"
	}
	return q.T("alert.answer_in", "Lag", q.Lag(d)), ""
}

// alertSubject shows what an alert is about, with a link to it where it has a page.
func (q *request) alertSubject(x kit.Row) kit.Cell {
	c := q.CodeCell(x.Text("subject_no"))
	c.Sub = q.Enum("subject_kind", x.Text("subject_kind"))
	switch kind := x.Text("subject_kind"); kind {
	case "case", "ticket":
		if !q.neutral(x) {
			c.Href = q.SubjectHref(kind+"s", x.Text("source_sys"), x.Text("subject_no"))
		}
	case "org":
		c.Href = q.Scope.URL("/orgs/" + kit.EscapePart(x.Text("subject_no")))
	}
	return c
}

// late says by how much a deadline of an alert was missed: until its
// clock stopped, or until the instant of the page while it runs; empty when the
// alert is about no such deadline or it is not over.
func (q *request) late(x kit.Row) string {
	due := x.Instant("due_at")
	if due.Unix() <= 0 || !x.Flag("has_stop") {
		return ""
	}
	until := q.AsOf
	if stop, err := time.Parse("2006-01-02 15:04:05.999", x.Text("stopped_at")); err == nil && stop.Before(until) {
		until = stop
	}
	if !until.After(due) {
		return ""
	}
	return q.T("margin.late", "Span", q.Over(until, kit.Limit{Due: due, Unit: x.Text("limit_unit"), Region: x.Text("region_code")}))
}
