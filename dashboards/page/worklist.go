package page

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
	table   *Table
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
		"state": q.param("state"), "level": q.param("level"), "origin": q.param("origin"), "overdue": q.param("overdue") == "1",
		"search": q.param("q"), "search_rules": q.rulesNamed(q.param("q")),
	})
	if p, ok := q.person(ctx); ok && q.param("mine") == "1" {
		args["assignee"] = p.ID
	}
	return args, nil
}

// workFile sends the whole list as a file, row by row.
func (q *request) workFile(ctx context.Context, w http.ResponseWriter, r *http.Request, ask workQuery) {
	ask.perState = uint32(q.fileRows()) //nolint:gosec // a hundred thousand
	args, err := q.workListArgs(ctx, ask)
	if err != nil {
		q.fail(w, err)
		return
	}
	q.sendQuery(w, "work", "page/work_items", args, func(rows []row) *Table {
		t := q.workTable()
		for _, x := range rows {
			t.Rows = append(t.Rows, q.workCells(x, q.workLine(names{}, x)))
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
	rows := rowsOf(res)
	n, err := q.namesOf(ctx, rows)
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
		out.total, out.inState[x.text("state")] = x.whole("total"), x.whole("in_state")
		l := q.workLine(n, x)
		out.lines = append(out.lines, l)
		out.table.Rows = append(out.table.Rows, q.workCells(x, l))
	}
	return out, nil
}

func (q *request) workTable() *Table {
	return &Table{ID: "work", CSV: q.here("format", "csv"), Empty: q.T("empty.work"),
		Columns: q.cols("work_id:code", "work_kind", "title", "work_state", "order_level", "order_origin",
			"org_code", "region_code", "opened_at:time", "state_due:time", "final_due:time", "answered_at:time", "closed_at:time", "assignee")}
}

func (q *request) workCells(x row, l WorkLine) []Cell {
	return []Cell{
		q.codeCell(x.text("id")), l.Kind, q.textCell(l.Title), l.State, q.textCell(x.text("level")),
		q.textCell(x.text("origin")), l.Org, l.Region,
		q.preciseCell(x.instant("opened_at")), q.preciseCell(x.instant("due_at")), q.preciseCell(x.instant("final_due_at")),
		q.preciseCell(x.instant("stopped_at")), q.preciseCell(x.instant("closed_at")), q.textCell(x.text("assignee")),
	}
}

type worksBody struct {
	Tabs    []Tab
	Kind    string
	Note    string
	Filters []Select
	Search  string
	Action  string
	Hidden  []Hidden
	Groups  []Link
	Total   string
	Lines   []WorkLine
	Table   *Table
	Pages   Pages
	Empty   string
	Done    []Notice
	Back    string
	// New leads to the form of a new one; empty for who may not, and for what
	// people do not make.
	New, NewText string
}

var _ = register(route.Route{Pattern: "/work", Rule: route.Needs(access.AlertView), Scope: route.ByFilter()}, (*Site).Works)

// Works answers the lists of bad-rating orders, exposures and referrals.
func (s *Site) Works(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r, "kind", "group", "state", "overdue", "q", "mine")
	page := 1
	if err == nil {
		page, err = q.pageNumber()
	}
	kinds := slices.DeleteFunc(q.seenKinds(), func(k string) bool { return k == "order" })
	kind := q.param("kind")
	switch {
	case err == nil && kind == "order":
		seeOther(w, r, q.scope.URL("/orders"))
		return
	case err == nil && kind == "" && len(kinds) > 0:
		kind = kinds[0]
	case err == nil && !slices.Contains(workKinds(), kind):
		err = kit.BadAddress("kind")
	}
	if err == nil {
		err = q.checkWork(workflow.Kind(kind))
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	if !slices.Contains(kinds, kind) {
		s.Forbidden(w, r)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	stream := q.live(ctx)
	ask := workQuery{kinds: []string{kind}, group: "open", perState: fileRows, limit: pageRows, skip: (page - 1) * pageRows}
	if q.param("group") == "ended" {
		ask.group = "ended"
	}
	if _, file := q.wantsCSV(); file {
		q.workFile(ctx, w, r, ask)
		return
	}
	list, err := q.workList(ctx, ask)
	if err != nil {
		q.fail(w, err)
		return
	}
	v := q.view(ctx, "orders", q.T("work_tab."+kind))
	v.Stream = stream
	body := &worksBody{
		Kind: kind, Note: q.T("work_note." + kind), Search: q.param("q"), Action: q.path, Total: q.T("list.total_work", "N", q.Count(list.total)),
		Lines: list.lines, Table: list.table,
		Pages: q.pages(page, len(list.lines), list.total), Empty: q.T("empty." + kind), Done: q.notices(), Back: q.here(),
		Hidden: q.scopeHidden("kind", "group", "mine"),
	}
	if (kind == "exposure" || kind == "referral") && q.mayAct(kind, "create") && q.scope.AsOf.IsZero() {
		body.New, body.NewText = q.scope.URL("/work/"+kind+"/new"), q.T("work_new."+kind)
	}
	if body.Tabs, err = q.workTabs(ctx, kind); err == nil {
		var data scopeData
		if data, err = q.loadScope(ctx); err == nil {
			v.Scope = q.form(data, "")
		}
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	q.workFilters(ctx, body)
	v.Body = body
	q.render(w, http.StatusOK, "works", v)
}

func (q *request) workFilters(ctx context.Context, body *worksBody) {
	var states []string
	for _, st := range workflow.States(workflow.Kind(body.Kind)) {
		states = append(states, string(st))
	}
	overdue := Select{Name: "overdue", Label: q.T("filter.due"), Options: []Option{{"", q.T("filter.all"), q.param("overdue") == ""},
		{"1", q.T("filter.overdue"), q.param("overdue") == "1"}}}
	body.Filters = []Select{q.choice("state", "work_state", body.Kind+"_state", states), overdue}
	body.Groups = q.orderGroups(ctx, q.param("group") == "")
}
