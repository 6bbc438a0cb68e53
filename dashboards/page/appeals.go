package page

import (
	"context"
	"encoding/json"
	"net/http"

	"duban/dashboards/access"
	"duban/dashboards/actions"
	"duban/dashboards/discretion"
	"duban/dashboards/route"
	"duban/queries"
	"duban/supervision/workflow"
)

type appealsBody struct {
	Tabs  []Tab
	Total string
	Late  string
	Lines []AppealLine
	Table *Table
	Pages Pages
	Done  []Notice
	Back  string
	// ReadOnly says why nothing can be decided here; empty when something can.
	ReadOnly string
}

// AppealLine is one appeal that waits for its decision.
type AppealLine struct {
	Pick     string
	Href     string
	Severity Cell
	Rule     Cell
	Subject  Cell
	Org      Cell
	Region   Cell
	Ground   string
	Evidence []string
	Comment  string
	Who, At  string
	Due      Cell
	Left     Left
	Points   Cell
	Forms    []ActionForm
}

var _ = register(route.Route{Pattern: "/appeals", Rule: route.Needs(access.AlertView), Scope: route.ByFilter()}, (*Site).Appeals)

// Appeals answers the queue of appeals, the oldest deadline first.
func (s *Site) Appeals(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r)
	page := 1
	if err == nil {
		page, err = q.pageNumber()
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	stream := q.live(ctx)
	if _, file := q.wantsCSV(); file {
		s.appealsFile(ctx, w, r, q)
		return
	}
	body, total, err := q.appeals(ctx, pageRows, (page-1)*pageRows)
	if err != nil {
		q.fail(w, err)
		return
	}
	v := q.view(ctx, "orders", q.T("nav.appeals"))
	v.Stream = stream
	if body.Tabs, err = q.workTabs(ctx, "appeal"); err == nil {
		var data scopeData
		if data, err = q.loadScope(ctx); err == nil {
			v.Scope = q.form(data, "")
		}
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	body.Pages, body.Done, body.Back = q.pages(page, len(body.Lines), total), q.notices(), q.here()
	v.Body = body
	q.render(w, http.StatusOK, "appeals", v)
}

// appealsFile sends the queue as a file, row by row.
func (s *Site) appealsFile(ctx context.Context, w http.ResponseWriter, r *http.Request, q *request) {
	args, err := q.appealArgs(ctx)
	if err != nil {
		q.fail(w, err)
		return
	}
	q.sendQuery(w, "appeals", "page/appeals", args, func(rows []row) *Table {
		t := q.appealTable()
		for _, x := range rows {
			t.Rows = append(t.Rows, q.appealCells(x, q.appealLine(names{}, x, actions.Subject{Kind: "alert", ID: x.text("alert_id")})))
		}
		return t
	})
}

func (q *request) appealArgs(ctx context.Context) (queries.Args, error) {
	args, err := q.alertArgs(ctx)
	if err != nil {
		return nil, err
	}
	args["calendar"], args["decide_days"] = q.Calendar().Version(), workflow.DecideWD
	return args, nil
}

func (q *request) appealTable() *Table {
	return &Table{ID: "appeals", CSV: q.here("format", "csv"), Empty: q.T("empty.appeals"), Columns: q.cols("alert_id:code", "severity",
		"rule_id", "subject_no", "org_code", "region_code", "ground", "appealed_at:time", "decide_by:time", "points:num")}
}

func (q *request) appealCells(x row, l AppealLine) []Cell {
	return []Cell{q.codeCell(x.text("alert_id")), l.Severity, l.Rule, l.Subject, l.Org, l.Region,
		q.textCell(l.Ground), q.preciseCell(x.instant("appealed_at")), q.preciseCell(x.instant("decide_by")), l.Points}
}

func (q *request) appeals(ctx context.Context, limit, skip int) (*appealsBody, int64, error) {
	args, err := q.appealArgs(ctx)
	if err != nil {
		return nil, 0, err
	}
	args["max_rows"], args["skip"] = limit, skip
	res, err := q.Queries.Run(ctx, "page/appeals", args)
	if err != nil {
		return nil, 0, err
	}
	rows := rowsOf(res)
	n, err := q.namesOf(ctx, rows)
	if err != nil {
		return nil, 0, err
	}
	subjects := make([]actions.Subject, len(rows))
	for i, x := range rows {
		subjects[i] = actions.Subject{Kind: "alert", ID: x.text("alert_id"), Seq: uint32(x.whole("seq"))} //nolint:gosec // UInt32 in the table
	}
	offers, err := q.offered(ctx, subjects)
	if err != nil {
		return nil, 0, err
	}
	var total, late int64
	body := &appealsBody{Table: q.appealTable()}
	for i, x := range rows {
		total, late = x.whole("total"), x.whole("overdue")
		l := q.appealLine(n, x, subjects[i])
		for _, action := range []string{"revoke", "uphold", "escalate"} {
			for _, a := range offers[subjects[i]] {
				if a == action {
					l.Forms = append(l.Forms, q.actionForm("alert", action))
				}
			}
		}
		body.Lines = append(body.Lines, l)
		body.Table.Rows = append(body.Table.Rows, q.appealCells(x, l))
	}
	body.Total = q.T("list.total_appeals", "N", q.Count(total))
	if late > 0 {
		body.Late = q.T("work.overdue_n", "N", q.Count(late))
	}
	if person, ok := q.person(ctx); !ok {
		body.ReadOnly = q.T("appeals.sign_in")
	} else if !q.mayAct("alert", "uphold") {
		body.ReadOnly = q.T("appeals.not_yours", "Role", q.Enum("role", person.Role))
	}
	return body, total, nil
}

func (q *request) appealLine(n names, x row, m actions.Subject) AppealLine {
	var said struct {
		Ground, Comment string
		Evidence        []string
	}
	_ = json.Unmarshal([]byte(x.text("appeal")), &said) // the engine has read it
	for i := range said.Evidence {
		said.Evidence[i] = discretion.MaskText(said.Evidence[i])
	}
	l := AppealLine{
		Pick: pick(m), Href: q.workHref("alert", m.ID), Severity: q.severityCell(x.text("severity")), Rule: q.ruleCell(x.text("rule_id")),
		Subject: q.alertSubject(x), Org: q.orgCell(n, x.text("org_code")), Region: q.regionCell(n, x.text("region_code")),
		Ground: q.Enum("ground", said.Ground), Evidence: said.Evidence, Comment: discretion.MaskText(said.Comment),
		Who: q.personName(x.text("appealed_by")) + " · " + q.Enum("role", x.text("appealed_role")), At: q.Instant(x.instant("appealed_at")),
		Due: q.dueCell(x.instant("decide_by")), Left: q.until(x.instant("decide_by")), Points: q.decimalCell(x["points"], 1),
	}
	return l
}
