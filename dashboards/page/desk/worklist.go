package desk

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"duban/dashboards/access"
	"duban/dashboards/actions"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
	"duban/supervision/workflow"
)

// workQuery asks for work items of the scope, filtered by the address.
type workQuery struct {
	kinds       []string
	group       string
	perState    uint32
	limit, skip int
}

// workListed is the answer.
type workListed struct {
	lines   []WorkLine
	table   *kit.Table
	total   int64
	inState map[string]int64
	// offers are, by WorkLine.Pick, the actions that the reader may take.
	offers map[string][]string
}

// workListArgs are the arguments of page/work_items.
func (q *request) workListArgs(ctx context.Context, ask workQuery) (queries.Args, error) {
	args, err := q.workArgs(ctx)
	if err != nil {
		return nil, err
	}
	maps.Copy(args, map[string]any{
		"kinds": ask.kinds, "group": ask.group, "per_state": ask.perState, "max_rows": ask.limit, "skip": ask.skip,
		"state": q.Param("state"), "level": q.Param("level"), "origin": q.Param("origin"), "overdue": q.Param("overdue") == "1",
		"search": q.Param("q"), "search_rules": q.rulesNamed(q.Param("q")),
	})
	if p, ok := q.Person(ctx); ok && q.Param("mine") == "1" {
		args["assignee"] = p.ID
	}
	return args, nil
}

// workFile sends the whole list as a file, row by row.
func (q *request) workFile(ctx context.Context, w http.ResponseWriter, ask workQuery) {
	ask.perState = uint32(q.FileLimit()) //nolint:gosec // a hundred thousand
	args, err := q.workListArgs(ctx, ask)
	if err != nil {
		q.Fail(w, err)
		return
	}
	q.SendQuery(w, "work", "page/work_items", args, func(rows []kit.Row) *kit.Table {
		t := q.workTable()
		for _, x := range rows {
			t.Rows = append(t.Rows, q.workCells(x, q.workLine(kit.Names{}, x)))
		}
		return t
	})
}

func (q *request) workList(ctx context.Context, ask workQuery) (workListed, error) {
	out := workListed{inState: map[string]int64{}, offers: map[string][]string{}}
	args, err := q.workListArgs(ctx, ask)
	if err != nil {
		return out, err
	}
	res, err := q.Queries.Run(ctx, "page/work_items", args)
	if err != nil {
		return out, err
	}
	rows := kit.RowsOf(res)
	n, err := q.NamesOf(ctx, rows)
	if err != nil {
		return out, err
	}
	var subjects []actions.Subject
	for _, x := range rows {
		subjects = append(subjects, subjectOfItem(x))
	}
	offers, err := q.offered(ctx, subjects)
	if err != nil {
		return out, err
	}
	for m, actions := range offers {
		out.offers[pick(m)] = actions
	}
	out.table = q.workTable()
	for _, x := range rows {
		out.total, out.inState[x.Text("state")] = x.Whole("total"), x.Whole("in_state")
		l := q.workLine(n, x)
		out.lines = append(out.lines, l)
		out.table.Rows = append(out.table.Rows, q.workCells(x, l))
	}
	return out, nil
}

func (q *request) workTable() *kit.Table {
	return &kit.Table{ID: "work", CSV: q.Here("format", "csv"), Empty: q.T("empty.work"),
		Columns: q.Cols("work_id:code", "work_kind", "title", "work_state", "order_level", "order_origin",
			"org_code", "region_code", "opened_at:time", "state_due:time", "final_due:time", "answered_at:time", "closed_at:time", "assignee")}
}

func (q *request) workCells(x kit.Row, l WorkLine) []kit.Cell {
	return []kit.Cell{
		q.CodeCell(x.Text("id")), l.Kind, q.TextCell(l.Title), l.State, q.TextCell(x.Text("level")),
		q.TextCell(x.Text("origin")), l.Org, l.Region,
		q.PreciseCell(x.Instant("opened_at")), q.PreciseCell(x.Instant("due_at")), q.PreciseCell(x.Instant("final_due_at")),
		q.PreciseCell(x.Instant("stopped_at")), q.PreciseCell(x.Instant("closed_at")), q.TextCell(x.Text("assignee")),
	}
}

type worksBody struct {
	Tabs    []Tab
	Kind    string
	Note    string
	Filters []kit.Select
	Search  string
	Action  string
	Hidden  []kit.Hidden
	Groups  []kit.Link
	Total   string
	Lines   []WorkLine
	Table   *kit.Table
	Pages   kit.Pager
	Empty   string
	Done    []Notice
	Back    string
	// New leads to the form of a new one; empty for who may not, and for what
	// people do not make.
	New, NewText string
}

var _ = pages.Show(route.Route{Pattern: "/work", Rule: route.Needs(access.AlertView), Scope: route.ByFilter()}, (*request).Works,
	"kind", "group", "state", "overdue", "q", "mine")

// Works answers the lists of bad-rating orders, exposures and referrals.
func (q *request) Works(ctx context.Context, w http.ResponseWriter) error {
	page, err := q.PageNumber()
	kinds := slices.DeleteFunc(q.seenKinds(), func(k string) bool { return k == kindOrder })
	kind := q.Param("kind")
	switch {
	case err == nil && kind == kindOrder:
		kit.SeeOther(w, q.HTTP, q.Scope.URL("/orders"))
		return nil
	case err == nil && kind == "" && len(kinds) > 0:
		kind = kinds[0]
	case err == nil && !slices.Contains(workKinds(), kind):
		err = kit.BadAddress("kind")
	}
	if err == nil {
		err = q.checkWork(workflow.Kind(kind))
	}
	if err != nil {
		return err
	}
	if !slices.Contains(kinds, kind) {
		q.Forbidden(w, q.HTTP)
		return nil
	}
	stream := q.live(ctx)
	ask := workQuery{kinds: []string{kind}, group: "open", perState: kit.MostFileRows, limit: kit.PageRows, skip: (page - 1) * kit.PageRows}
	if q.Param("group") == "ended" {
		ask.group = "ended"
	}
	if _, file := q.WantsCSV(); file {
		q.workFile(ctx, w, ask)
		return nil
	}
	list, err := q.workList(ctx, ask)
	if err != nil {
		return err
	}
	v := q.View(ctx, "orders", q.T("work_tab."+kind))
	v.Stream = stream
	body := &worksBody{
		Kind: kind, Note: q.T("work_note." + kind), Search: q.Param("q"), Action: q.Path, Total: q.T("list.total_work", "N", q.Count(list.total)),
		Lines: list.lines, Table: list.table,
		Pages: q.Pages(page, len(list.lines), list.total), Empty: q.T("empty." + kind), Done: q.notices(), Back: q.Here(),
		Hidden: q.scopeHidden("kind", "group", "mine"),
	}
	if (kind == "exposure" || kind == "referral") && q.MayAct(kind, "create") && q.Scope.AsOf.IsZero() {
		body.New, body.NewText = q.Scope.URL("/work/"+kind+"/new"), q.T("work_new."+kind)
	}
	if body.Tabs, err = q.workTabs(ctx, kind); err == nil {
		var data kit.ScopeData
		if data, err = q.LoadScope(ctx); err == nil {
			v.Scope = q.ScopeForm(data, "")
		}
	}
	if err != nil {
		return err
	}
	q.workFilters(ctx, body)
	v.Body = body
	q.Render(w, http.StatusOK, "works", v)
	return nil
}

func (q *request) workFilters(ctx context.Context, body *worksBody) {
	var states []string
	for _, st := range workflow.States(workflow.Kind(body.Kind)) {
		states = append(states, string(st))
	}
	overdue := kit.Select{Name: "overdue", Label: q.T("filter.due"),
		Options: []kit.Option{{Value: "", Text: q.T("filter.all"), Selected: q.Param("overdue") == ""},
			{Value: "1", Text: q.T("filter.overdue"), Selected: q.Param("overdue") == "1"}}}
	body.Filters = []kit.Select{q.Choice("state", "work_state", body.Kind+"_state", states), overdue}
	body.Groups = q.orderGroups(ctx, q.Param("group") == "")
}

// Tab leads to one of several pages that stand beside each other.
type Tab struct {
	Text, Href string
	Current    bool
	// N is how many are open, Late how many of them are overdue; empty = not said.
	N, Late string
}

// workTabs are the pages about people's work, with how much of each is open.
func (q *request) workTabs(ctx context.Context, current string) ([]Tab, error) {
	args, err := q.workArgs(ctx)
	if err != nil {
		return nil, err
	}
	args["calendar"], args["decide_days"] = q.Calendar().Version(), workflow.DecideWD
	res, err := q.Queries.Run(ctx, "page/work_counts", args)
	if err != nil {
		return nil, err
	}
	open, overdue := map[string]int64{}, map[string]int64{}
	for _, x := range kit.RowsOf(res) {
		open[x.Text("kind")], overdue[x.Text("kind")] = x.Whole("open"), x.Whole("overdue")
	}
	late := func(n int64) string {
		if n == 0 {
			return ""
		}
		return q.T("work.overdue_n", "N", q.Count(n))
	}
	var out []Tab
	for _, kind := range q.seenKinds() {
		t := Tab{Text: q.T("work_tab." + kind), Href: q.Scope.URL("/work", "kind", kind), Current: kind == current, N: q.Count(open[kind]),
			Late: late(overdue[kind])}
		if kind == kindOrder {
			t.Href = q.Scope.URL("/orders")
		}
		out = append(out, t)
	}
	if q.MayOpen("/appeals") {
		out = append(out, Tab{Text: q.T("nav.appeals"), Href: q.Scope.URL("/appeals"), Current: current == "appeal", N: q.Count(open["appeal"]),
			Late: late(overdue["appeal"])})
	}
	return out, nil
}
