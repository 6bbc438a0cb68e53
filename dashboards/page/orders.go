package page

import (
	"context"
	"net/http"
	"slices"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/supervision/workflow"
)

type ordersBody struct {
	Tabs    []Tab
	Filters []Select
	Search  string
	Action  string
	Hidden  []Hidden
	Groups  []Link
	Total   string
	Columns []BoardColumn
	// Lines are the ended ones, as a list.
	Lines []WorkLine
	Table *Table
	Pages Pages
	Empty string
	Done  []Notice
	Back  string
	// New leads to the form of a new order; empty for who may not.
	New string
}

// BoardColumn is one state on the board.
type BoardColumn struct {
	State, Title, N string
	Lines           []WorkLine
	// Bulk is what may be done to several at once; empty for nothing.
	Bulk, BulkLabel string
	// More leads to the rest of a column that is longer than the board.
	More, MoreText string
}

// boardStates are the columns of the board; accepted orders wait to be closed.
func boardStates() []string {
	return []string{"draft", "issued", "signed", "in_progress", "replied", "returned", "accepted"}
}

// bulkOf is what people do to several orders of a state at once.
func bulkOf(state string) string {
	return map[string]string{"draft": "issue", "issued": "sign", "replied": "accept", "accepted": "close"}[state]
}

// boardRows bounds a column of the board.
const boardRows = 40

var _ = register(route.Route{Pattern: "/orders", Rule: route.Needs(access.OrderView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "orders", At: 4}}, (*Site).OrdersPage)

// OrdersPage answers the board of supervision orders, the ended ones as a list.
func (s *Site) OrdersPage(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r, "group", "state", "level", "origin", "overdue", "q", "mine")
	page := 1
	if err == nil {
		page, err = q.pageNumber()
	}
	if err == nil {
		err = q.checkWork(workflow.Order)
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	stream := q.live(ctx)
	board := q.param("group") == "" && q.param("state") == ""
	limit, skip, perState := pageRows, (page-1)*pageRows, uint32(fileRows)
	if board {
		limit, skip, perState = boardRows*len(boardStates()), 0, boardRows
	}
	group := "open"
	if q.param("group") == "ended" {
		group = "ended"
	}
	ask := workQuery{kinds: []string{"order"}, group: group, perState: perState, limit: limit, skip: skip}
	if _, file := q.wantsCSV(); file {
		q.workFile(ctx, w, r, ask)
		return
	}
	list, err := q.workList(ctx, ask)
	if err != nil {
		q.fail(w, err)
		return
	}
	v := q.view(ctx, "orders", q.T("orders.title"))
	v.Stream = stream
	body := &ordersBody{
		Search: q.param("q"), Action: q.path, Total: q.T("list.total_orders", "N", q.Count(list.total)), Table: list.table,
		Done: q.notices(), Back: q.here(), Empty: q.T("empty.orders"), Hidden: q.scopeHidden("group", "mine"),
	}
	if q.mayAct("order", "create") && q.scope.AsOf.IsZero() {
		body.New = q.scope.URL("/orders/new")
	}
	if board {
		body.Columns = q.boardColumns(list)
	} else {
		body.Lines, body.Pages = list.lines, q.pages(page, len(list.lines), list.total)
	}
	if body.Tabs, err = q.workTabs(ctx, "order"); err == nil {
		var data scopeData
		if data, err = q.loadScope(ctx); err == nil {
			v.Scope = q.form(data, "")
		}
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	body.Filters = q.orderFilters()
	body.Groups = q.orderGroups(ctx, board)
	v.Body = body
	q.render(w, http.StatusOK, "orders", v)
}

// checkWork refuses an address that asks for what there is not.
func (q *request) checkWork(kind workflow.Kind) error {
	var states []string
	for _, s := range workflow.States(kind) {
		states = append(states, string(s))
	}
	for name, allowed := range map[string][]string{
		"group": {"ended"}, "state": states, "level": workflow.OrderLevels(), "origin": workflow.OrderOrigins(), "overdue": {"1"}, "mine": {"1"},
	} {
		if v := q.param(name); v != "" && !slices.Contains(allowed, v) {
			return kit.BadAddress(name)
		}
	}
	return nil
}

func (q *request) boardColumns(list workListed) []BoardColumn {
	var out []BoardColumn
	for _, state := range boardStates() {
		c := BoardColumn{State: state, Title: q.Enum("order_state", state), N: q.Count(list.inState[state])}
		for _, l := range list.lines {
			if l.State.Raw != state {
				continue
			}
			if l.May = slices.Contains(list.offers[l.Pick], bulkOf(state)); l.May {
				c.Bulk = bulkOf(state)
			}
			c.Lines = append(c.Lines, l)
		}
		if c.Bulk != "" {
			c.BulkLabel = q.T("orders.bulk_" + c.Bulk)
		}
		if rest := list.inState[state] - int64(len(c.Lines)); rest > 0 {
			c.More, c.MoreText = q.here("state", state, "page", ""), q.T("orders.more", "N", q.Count(rest))
		}
		if state == "accepted" && len(c.Lines) == 0 {
			continue // a short stop: it has a column only when something waits
		}
		out = append(out, c)
	}
	return out
}

func (q *request) orderFilters() []Select {
	overdue := Select{Name: "overdue", Label: q.T("filter.due"), Options: []Option{{"", q.T("filter.all"), q.param("overdue") == ""},
		{"1", q.T("filter.overdue"), q.param("overdue") == "1"}}}
	return []Select{q.choice("state", "work_state", "order_state", boardStates()),
		q.choice("level", "order_level", "level", workflow.OrderLevels()),
		q.choice("origin", "order_origin", "order_origin", workflow.OrderOrigins()), overdue}
}

func (q *request) orderGroups(ctx context.Context, board bool) []Link {
	out := []Link{
		{Text: q.T("orders.group_open"), Href: q.here("group", "", "state", "", "page", ""), Current: board || q.param("state") != "" &&
			q.param("group") == ""},
		{Text: q.T("orders.group_ended"), Href: q.here("group", "ended", "state", "", "page", ""), Current: q.param("group") == "ended"},
	}
	if p, ok := q.person(ctx); ok {
		on, href := q.param("mine") == "1", q.here("mine", "1", "page", "")
		if on {
			href = q.here("mine", "", "page", "")
		}
		out = append(out, Link{Text: q.T("alerts.mine", "Name", p.Name), Href: href, Current: on})
	}
	return out
}

// scopeHidden carries the scope and the named parameters through a form.
func (q *request) scopeHidden(names ...string) []Hidden {
	var out []Hidden
	for _, k := range names {
		if v := q.param(k); v != "" {
			out = append(out, Hidden{k, v})
		}
	}
	for _, h := range []Hidden{{"region", q.scope.Region}, {"org", q.scope.Org}, {"as_of", q.scope.AsOfText()}, {"lang", q.scope.Lang}} {
		if h.Value != "" {
			out = append(out, h)
		}
	}
	return out
}
