package desk

import (
	"context"
	"encoding/json"
	"net/http"

	"duban/dashboards/access"
	"duban/dashboards/actions"
	"duban/dashboards/discretion"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
	"duban/supervision/workflow"
)

type appealsBody struct {
	Tabs  []Tab
	Total string
	Late  string
	Lines []AppealLine
	Table *kit.Table
	Pages kit.Pager
	Done  []Notice
	Back  string
	// ReadOnly says why nothing can be decided here; empty when something can.
	ReadOnly string
}

// AppealLine is one appeal that waits for its decision.
type AppealLine struct {
	Pick     string
	Href     string
	Severity kit.Cell
	Rule     kit.Cell
	Subject  kit.Cell
	Org      kit.Cell
	Region   kit.Cell
	Ground   string
	Evidence []string
	Comment  string
	Who, At  string
	Due      kit.Cell
	Left     Left
	Points   kit.Cell
	Forms    []ActionForm
}

var _ = pages.Show(route.Route{Pattern: "/appeals", Rule: route.Needs(access.AlertView), Scope: route.ByFilter()}, (*request).Appeals)

// Appeals answers the queue of appeals, the oldest deadline first.
func (q *request) Appeals(ctx context.Context, w http.ResponseWriter) error {
	page, err := q.PageNumber()
	if err != nil {
		return err
	}
	stream := q.live(ctx)
	if _, file := q.WantsCSV(); file {
		q.appealsFile(ctx, w)
		return nil
	}
	body, total, err := q.appeals(ctx, kit.PageRows, (page-1)*kit.PageRows)
	if err != nil {
		return err
	}
	v := q.View(ctx, "orders", q.T("nav.appeals"))
	v.Stream = stream
	if body.Tabs, err = q.workTabs(ctx, "appeal"); err == nil {
		var data kit.ScopeData
		if data, err = q.LoadScope(ctx); err == nil {
			v.Scope = q.ScopeForm(data, "")
		}
	}
	if err != nil {
		return err
	}
	body.Pages, body.Done, body.Back = q.Pages(page, len(body.Lines), total), q.notices(), q.Here()
	v.Body = body
	q.Render(w, http.StatusOK, "appeals", v)
	return nil
}

// appealsFile sends the queue as a file, row by row.
func (q *request) appealsFile(ctx context.Context, w http.ResponseWriter) {
	args, err := q.appealArgs(ctx)
	if err != nil {
		q.Fail(w, err)
		return
	}
	q.SendQuery(w, "appeals", "page/appeals", args, func(rows []kit.Row) *kit.Table {
		t := q.appealTable()
		for _, x := range rows {
			t.Rows = append(t.Rows, q.appealCells(x, q.appealLine(kit.Names{}, x, actions.Subject{Kind: kindAlert, ID: x.Text("alert_id")})))
		}
		return t
	})
}

func (q *request) appealArgs(ctx context.Context) (queries.Args, error) {
	args, err := q.AlertArgs(ctx)
	if err != nil {
		return nil, err
	}
	args["calendar"], args["decide_days"] = q.Calendar().Version(), workflow.DecideWD
	return args, nil
}

func (q *request) appealTable() *kit.Table {
	return &kit.Table{ID: "appeals", CSV: q.Here("format", "csv"), Empty: q.T("empty.appeals"), Columns: q.Cols("alert_id:code", "severity",
		"rule_id", "subject_no", "org_code", "region_code", "ground", "appealed_at:time", "decide_by:time", "points:num")}
}

func (q *request) appealCells(x kit.Row, l AppealLine) []kit.Cell {
	return []kit.Cell{q.CodeCell(x.Text("alert_id")), l.Severity, l.Rule, l.Subject, l.Org, l.Region,
		q.TextCell(l.Ground), q.PreciseCell(x.Instant("appealed_at")), q.PreciseCell(x.Instant("decide_by")), l.Points}
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
	rows := kit.RowsOf(res)
	n, err := q.NamesOf(ctx, rows)
	if err != nil {
		return nil, 0, err
	}
	subjects := make([]actions.Subject, len(rows))
	for i, x := range rows {
		subjects[i] = actions.Subject{Kind: kindAlert, ID: x.Text("alert_id"), Seq: uint32(x.Whole("seq"))} //nolint:gosec // UInt32 in the table
	}
	offers, err := q.offered(ctx, subjects)
	if err != nil {
		return nil, 0, err
	}
	var total, late int64
	body := &appealsBody{Table: q.appealTable()}
	for i, x := range rows {
		total, late = x.Whole("total"), x.Whole("overdue")
		l := q.appealLine(n, x, subjects[i])
		for _, action := range []string{"revoke", "uphold", "escalate"} {
			for _, a := range offers[subjects[i]] {
				if a == action {
					l.Forms = append(l.Forms, q.actionForm(kindAlert, action))
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
	if person, ok := q.Person(ctx); !ok {
		body.ReadOnly = q.T("appeals.sign_in")
	} else if !q.MayAct(kindAlert, "uphold") {
		body.ReadOnly = q.T("appeals.not_yours", "Role", q.Enum("role", person.Role))
	}
	return body, total, nil
}

func (q *request) appealLine(n kit.Names, x kit.Row, m actions.Subject) AppealLine {
	var said struct {
		Ground, Comment string
		Evidence        []string
	}
	_ = json.Unmarshal([]byte(x.Text("appeal")), &said) // the engine has read it
	for i := range said.Evidence {
		said.Evidence[i] = discretion.MaskText(said.Evidence[i])
	}
	l := AppealLine{
		Pick: pick(m), Href: q.workHref(kindAlert, m.ID), Severity: q.SeverityCell(x.Text("severity")), Rule: q.RuleCell(x.Text("rule_id")),
		Subject: q.alertSubject(x), Org: q.OrgCell(n, x.Text("org_code")), Region: q.RegionCell(n, x.Text("region_code")),
		Ground: q.Enum("ground", said.Ground), Evidence: said.Evidence, Comment: discretion.MaskText(said.Comment),
		Who: q.PersonName(x.Text("appealed_by")) + " · " + q.Enum("role", x.Text("appealed_role")), At: q.Instant(x.Instant("appealed_at")),
		Due: q.DueCell(x.Instant("decide_by")), Left: q.until(x.Instant("decide_by")), Points: q.DecimalCell(x["points"], 1),
	}
	return l
}
