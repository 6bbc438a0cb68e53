package desk

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
	"duban/supervision/workflow"
)

// task is what waits for somebody in some states of a kind: the action that is
// expected, which the machines give to certain roles.
type task struct {
	kind, action string
	states       []workflow.State
}

func (t task) name() string { return t.kind + "." + t.action }

// tasks lists what is expected in which state; what is possible besides (notes,
// appeals, assignments) waits for nobody.
func tasks() []task {
	return []task{
		{kindAlert, "confirm", []workflow.State{workflow.AlertPending}},
		{kindAlert, "ack", []workflow.State{workflow.AlertIssued}},
		{kindAlert, "feedback", []workflow.State{workflow.AlertAcked, workflow.AlertUpheld}},
		{kindAlert, "uphold", []workflow.State{workflow.AlertAppealed}},
		{kindAlert, "accept_feedback", []workflow.State{workflow.AlertFedBack}},
		{kindAlert, "accept_late_evidence", []workflow.State{workflow.AlertReview}},
		// An escalated card ends with its order; until then it waits for nobody.
		{kindAlert, "close", []workflow.State{workflow.AlertEscalated}},
		{kindOrder, "issue", []workflow.State{workflow.OrderDraft}},
		{kindOrder, "sign", []workflow.State{workflow.OrderIssued}},
		{kindOrder, "reply", []workflow.State{workflow.OrderSigned, workflow.OrderInProgress, workflow.OrderReturned}},
		{kindOrder, "accept", []workflow.State{workflow.OrderReplied}},
		{kindOrder, "close", []workflow.State{workflow.OrderAccepted}},
		{"rating", "verify", []workflow.State{workflow.RatingVerifying}},
		{"rating", "exclude", []workflow.State{workflow.RatingInvalidClaimed}},
		{"rating", "rectify", []workflow.State{workflow.RatingValid, workflow.RatingRectifying, workflow.RatingRejected}},
		{"rating", "confirm", []workflow.State{workflow.RatingRectified}},
		{"rating", "close", []workflow.State{workflow.RatingConfirmed, workflow.RatingExplained}},
		{"exposure", "approve", []workflow.State{workflow.ExposureCandidate}},
		{"exposure", "publish", []workflow.State{workflow.ExposureReviewed}},
		{"exposure", "reply", []workflow.State{workflow.ExposurePublished}},
		{"exposure", "publish_result", []workflow.State{workflow.ExposureReplied}},
		{"exposure", "archive", []workflow.State{workflow.ExposureResult}},
		{"referral", "adopt", []workflow.State{workflow.ReferralProposed}},
		{"referral", "refer", []workflow.State{workflow.ReferralDraft}},
		{"referral", "record_result", []workflow.State{workflow.ReferralReferred}},
		{"referral", "close", []workflow.State{workflow.ReferralResulted}},
	}
}

// taskNames lists every task that a list can be limited to.
func taskNames() []string {
	var out []string
	for _, t := range tasks() {
		out = append(out, t.name())
	}
	return append(out, "order.co_reply", "order.extend")
}

// todoArgs are the arguments of the queries over what waits for the reader; ok is
// false when nothing ever does.
func (q *request) todoArgs(ctx context.Context) (args queries.Args, ok bool, err error) {
	u, signedIn := access.FromContext(q.HTTP.Context())
	if _, acts := q.Person(ctx); !signedIn || !acts {
		return nil, false, nil
	}
	if args, err = q.workArgs(ctx); err != nil {
		return nil, false, err
	}
	keys, names := []string{}, []string{}
	for _, t := range tasks() {
		if !u.Role.Has(access.Action(t.kind, t.action)) {
			continue
		}
		if t.name() == "alert.feedback" && (u.Role == access.HotlineAdmin || u.Role == access.Sysadmin) {
			continue // the organisation that is charged answers
		}
		for _, s := range t.states {
			keys, names = append(keys, t.kind+"/"+string(s)), append(names, t.name())
		}
	}
	if len(keys) == 0 {
		return nil, false, nil
	}
	maps.Copy(args, map[string]any{
		"task_keys": keys, "task_names": names, "calendar": q.Calendar().Version(), "decide_days": workflow.DecideWD,
		"may_extend": u.Role.Has(access.Action(kindOrder, "extend")),
	})
	switch {
	case u.Role.OfOrganisation():
		args["own_orgs"], args["co_reply"] = args["orgs"], true
		if u.Role != access.DeptManager {
			args["person"] = u.ID // what is assigned to a colleague waits for the colleague
		}
	case u.Role == access.HotlineAdmin:
		args["alert_category"], args["order_origin"] = "hotline", "hotline"
	case u.Role == access.Sysadmin:
		args["alert_category"] = "data"
	case u.Role == access.Leader:
		args["order_origin"] = "leader" // other orders are the supervision office's
	}
	return args, true, nil
}

// TodoLine is one thing that waits for the reader.
type TodoLine struct {
	Href     string
	Task     string
	Title    string
	Sub      string
	Kind     string
	Severity kit.Cell
	About    []kit.Cell
	Org      kit.Cell
	State    kit.Cell
	Due      kit.Cell
	Left     Left
	Assignee string
	Overdue  bool
}

type todoBody struct {
	Name    string
	Tiles   []TodoTile
	Total   string
	Lines   []TodoLine
	Table   *kit.Table
	Pages   kit.Pager
	All     kit.Link
	Message string
}

// TodoTile counts what waits of one task.
type TodoTile struct {
	Text, N, Late, Href string
	Current             bool
}

var _ = pages.Show(route.Route{Pattern: "/todo", Rule: route.Needs(access.AlertView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "todo", At: 2, Personal: true}}, (*request).Todo, "task")

// Todo answers the page of everything that waits for the reader.
func (q *request) Todo(ctx context.Context, w http.ResponseWriter) error {
	page, err := q.PageNumber()
	if err != nil {
		return err
	}
	if t := q.Param("task"); t != "" && !slices.Contains(taskNames(), t) {
		return kit.BadAddress("task")
	}
	stream := q.live(ctx)
	body := &todoBody{Table: &kit.Table{ID: "todo", Empty: q.T("empty.todo")}}
	args, ok, err := q.todoArgs(ctx)
	_, file := q.WantsCSV()
	if err == nil && ok && !file {
		err = q.todo(ctx, body, args, page, kit.PageRows, (page-1)*kit.PageRows)
	}
	switch {
	case err != nil:
		return err
	case file && !ok:
		_ = kit.ServeCSV(w, q.todoTable())
		return nil
	case file:
		args["task"] = q.Param("task")
		q.SendQuery(w, "todo", "page/todo", args, func(rows []kit.Row) *kit.Table {
			t := q.todoTable()
			for _, x := range rows {
				t.Rows = append(t.Rows, q.todoCells(kit.Names{}, x, q.todoLine(kit.Names{}, x)))
			}
			return t
		})
		return nil
	}
	v := q.View(ctx, "todo", q.T("nav.todo"))
	v.Stream = stream
	if p, signedIn := q.Person(ctx); !signedIn {
		body.Message = q.T("todo.sign_in")
	} else if body.Name = p.Name; !ok {
		body.Message = q.T("todo.nothing_ever", "Role", q.Enum("role", p.Role))
	}
	v.Body = body
	q.Render(w, http.StatusOK, "todo", v)
	return nil
}

func (q *request) todo(ctx context.Context, body *todoBody, args queries.Args, page, limit, skip int) error {
	res, err := q.Queries.Run(ctx, "page/todo_counts", args)
	if err != nil {
		return err
	}
	var all, late int64
	for _, name := range taskNames() {
		for _, x := range kit.RowsOf(res) {
			if x.Text("task") != name {
				continue
			}
			all, late = all+x.Whole("waiting"), late+x.Whole("overdue")
			t := TodoTile{Text: q.T("todo." + name), N: q.Count(x.Whole("waiting")), Href: q.Here("task", name, "page", ""),
				Current: q.Param("task") == name}
			if n := x.Whole("overdue"); n > 0 {
				t.Late = q.T("work.overdue_n", "N", q.Count(n))
			}
			body.Tiles = append(body.Tiles, t)
		}
	}
	if u, ok := access.FromContext(q.HTTP.Context()); ok && q.Scope.AsOf.IsZero() && q.unnarrowed(u) {
		q.room.waiting.put(u.ID, all, late)
	}
	body.All = kit.Link{Text: q.T("todo.all"), Href: q.Here("task", "", "page", ""), Current: q.Param("task") == ""}
	args["task"], args["max_rows"], args["skip"] = q.Param("task"), limit, skip
	if res, err = q.Queries.Run(ctx, "page/todo", args); err != nil {
		return err
	}
	rows := kit.RowsOf(res)
	n, err := q.NamesOf(ctx, rows)
	if err != nil {
		return err
	}
	body.Table = q.todoTable()
	var total int64
	for _, x := range rows {
		total = x.Whole("total")
		l := q.todoLine(n, x)
		body.Lines = append(body.Lines, l)
		body.Table.Rows = append(body.Table.Rows, q.todoCells(n, x, l))
	}
	body.Total, body.Pages = q.T("list.total_todo", "N", q.Count(total)), q.Pages(page, len(rows), total)
	return nil
}

func (q *request) todoTable() *kit.Table {
	return &kit.Table{ID: "todo", CSV: q.Here("format", "csv"), Empty: q.T("empty.todo"), Columns: q.Cols("task", "work_kind", "work_id:code",
		"title", "org_code", "region_code", "work_state", "state_due:time", "assignee")}
}

func (q *request) todoCells(n kit.Names, x kit.Row, l TodoLine) []kit.Cell {
	return []kit.Cell{{Text: l.Task, Raw: x.Text("task")}, {Text: l.Kind, Raw: x.Text("kind")}, q.CodeCell(x.Text("id")), q.TextCell(l.Title),
		l.Org, q.RegionCell(n, x.Text("region_code")), l.State, q.PreciseCell(x.Instant("due_at")), q.TextCell(x.Text("assignee"))}
}

func (q *request) todoLine(n kit.Names, x kit.Row) TodoLine {
	kind := x.Text("kind")
	l := TodoLine{
		Href: q.workHref(kind, x.Text("id")), Task: q.T("todo." + x.Text("task")), Kind: q.Enum("work_kind", kind),
		Org: q.OrgCell(n, x.Text("org_code")),
		Due: q.DueCell(x.Instant("due_at")), Left: q.until(x.Instant("due_at")), Assignee: q.PersonName(x.Text("assignee")),
		Overdue: x.Flag("overdue"),
	}
	if kind == kindAlert {
		l.Title, l.Sub = q.RuleName(x.Text("rule_id")), x.Text("rule_id")
		l.Severity, l.State, l.About = q.SeverityCell(x.Text("severity")), q.AlertStateCell(x.Text("state")), []kit.Cell{q.alertSubject(x)}
		if q.neutral(x) {
			l.Left = Left{}
		}
		return l
	}
	l.Title, l.Sub, l.State = q.workTitle(n, x), shortID(x.Text("id")), q.workStateCell(kind, x.Text("state"))
	if kind == kindOrder {
		l.Severity = q.levelCell(x.Text("level"))
	}
	for _, ref := range x.Texts("subjects") {
		l.About = append(l.About, q.aboutCell(ref))
	}
	return l
}

// unnarrowed reports whether the address asks for the whole scope of the user.
func (q *request) unnarrowed(u access.User) bool {
	region := strings.TrimPrefix(u.ScopeRegion, "000000")
	return q.Scope.Region == region && q.Scope.Org == u.OrgCode && q.Scope.Source == ""
}
