package desk

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
	Filters []kit.Select
	Search  string
	Action  string
	Hidden  []kit.Hidden
	Groups  []kit.Link
	Total   string
	Columns []BoardColumn
	// Lines are the ended ones, as a list.
	Lines []WorkLine
	Table *kit.Table
	Pages kit.Pager
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

var _ = pages.Show(route.Route{Pattern: "/orders", Rule: route.Needs(access.OrderView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "orders", At: 4}}, (*request).OrdersPage,
	"group", "state", "level", "origin", "overdue", "q", "mine")

// OrdersPage answers the board of supervision orders, the ended ones as a list.
func (q *request) OrdersPage(ctx context.Context, w http.ResponseWriter) error {
	page, err := q.PageNumber()
	if err == nil {
		err = q.checkWork(workflow.Order)
	}
	if err != nil {
		return err
	}
	stream := q.live(ctx)
	board := q.Param("group") == "" && q.Param("state") == ""
	limit, skip, perState := kit.PageRows, (page-1)*kit.PageRows, uint32(kit.MostFileRows)
	if board {
		limit, skip, perState = boardRows*len(boardStates()), 0, boardRows
	}
	group := "open"
	if q.Param("group") == "ended" {
		group = "ended"
	}
	ask := workQuery{kinds: []string{kindOrder}, group: group, perState: perState, limit: limit, skip: skip}
	if _, file := q.WantsCSV(); file {
		q.workFile(ctx, w, ask)
		return nil
	}
	list, err := q.workList(ctx, ask)
	if err != nil {
		return err
	}
	v := q.View(ctx, "orders", q.T("orders.title"))
	v.Stream = stream
	body := &ordersBody{
		Search: q.Param("q"), Action: q.Path, Total: q.T("list.total_orders", "N", q.Count(list.total)), Table: list.table,
		Done: q.notices(), Back: q.Here(), Empty: q.T("empty.orders"), Hidden: q.scopeHidden("group", "mine"),
	}
	if q.MayAct(kindOrder, "create") && q.Scope.AsOf.IsZero() {
		body.New = q.Scope.URL("/orders/new")
	}
	if board {
		body.Columns = q.boardColumns(list)
	} else {
		body.Lines, body.Pages = list.lines, q.Pages(page, len(list.lines), list.total)
	}
	if body.Tabs, err = q.workTabs(ctx, kindOrder); err == nil {
		var data kit.ScopeData
		if data, err = q.LoadScope(ctx); err == nil {
			v.Scope = q.ScopeForm(data, "")
		}
	}
	if err != nil {
		return err
	}
	body.Filters = q.orderFilters()
	body.Groups = q.orderGroups(ctx, board)
	v.Body = body
	q.Render(w, http.StatusOK, "orders", v)
	return nil
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
		if v := q.Param(name); v != "" && !slices.Contains(allowed, v) {
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
			c.More, c.MoreText = q.Here("state", state, "page", ""), q.T("orders.more", "N", q.Count(rest))
		}
		if state == "accepted" && len(c.Lines) == 0 {
			continue // a short stop: it has a column only when something waits
		}
		out = append(out, c)
	}
	return out
}

func (q *request) orderFilters() []kit.Select {
	overdue := kit.Select{Name: "overdue", Label: q.T("filter.due"),
		Options: []kit.Option{{Value: "", Text: q.T("filter.all"), Selected: q.Param("overdue") == ""},
			{Value: "1", Text: q.T("filter.overdue"), Selected: q.Param("overdue") == "1"}}}
	return []kit.Select{q.Choice("state", "work_state", "order_state", boardStates()),
		q.Choice("level", "order_level", "level", workflow.OrderLevels()),
		q.Choice("origin", "order_origin", "order_origin", workflow.OrderOrigins()), overdue}
}

func (q *request) orderGroups(ctx context.Context, board bool) []kit.Link {
	out := []kit.Link{
		{Text: q.T("orders.group_open"), Href: q.Here("group", "", "state", "", "page", ""), Current: board || q.Param("state") != "" &&
			q.Param("group") == ""},
		{Text: q.T("orders.group_ended"), Href: q.Here("group", "ended", "state", "", "page", ""), Current: q.Param("group") == "ended"},
	}
	if p, ok := q.Person(ctx); ok {
		on, href := q.Param("mine") == "1", q.Here("mine", "1", "page", "")
		if on {
			href = q.Here("mine", "", "page", "")
		}
		out = append(out, kit.Link{Text: q.T("alerts.mine", "Name", p.Name), Href: href, Current: on})
	}
	return out
}

// scopeHidden carries the scope and the named parameters through a form.
func (q *request) scopeHidden(names ...string) []kit.Hidden {
	var out []kit.Hidden
	for _, k := range names {
		if v := q.Param(k); v != "" {
			out = append(out, kit.Hidden{Name: k, Value: v})
		}
	}
	for _, h := range []kit.Hidden{{Name: "region", Value: q.Scope.Region}, {Name: "org", Value: q.Scope.Org},
		{Name: "as_of", Value: q.Scope.AsOfText()}, {Name: "lang", Value: q.Scope.Lang}} {
		if h.Value != "" {
			out = append(out, h)
		}
	}
	return out
}
