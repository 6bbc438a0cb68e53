package cases

import (
	"context"
	"net/http"
	"slices"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
)

// listKind is what tells the two lists apart.
type listKind struct {
	name, query, number, since, due string
	states, channels                string
	columns                         []string
}

// dueIn is the column of a row that holds the due: the list behind a figure has the one
// that decides.
func (k listKind) dueIn(r kit.Row) string {
	if _, ok := r["due_at"]; ok {
		return "due_at"
	}
	return k.due
}

func caseList() listKind {
	return listKind{
		name: "cases", query: "page/cases", number: "case_no", since: "applied_at", due: "promise_due", states: "case_state",
		channels: "apply_channel",
		columns: []string{"case_no", "source_sys", "org_code", "region_code", "task_code", "channel", "state", "timeliness",
			"applied_at:time", "promise_due:time", "stop_at:time", "net_days:num", "overdue_by:hidden", "margin_days:num",
			"source_due_at:time", "source_on_time:hidden"},
	}
}

func ticketList() listKind {
	return listKind{
		name: "tickets", query: "page/tickets", number: "ticket_no", since: "ticket_received_at", due: "due_at", states: "ticket_state",
		channels: "ticket_channel",
		columns: []string{"ticket_no", "source_sys", "org_code", "region_code", "kind", "channel", "state", "timeliness",
			"ticket_received_at:time", "due_at:time", "stop_at:time", "net_days:num", "overdue_by:hidden", "margin_days:num", "source_due_at:time",
			"source_on_time:hidden"},
	}
}

// timelinessValues are the verdicts about time that a list can be cut to.
func timelinessValues() []string {
	return []string{"on_time", "late", "open", "overdue", "suspended", "no_limit", "excluded"}
}

var _ = pages.Show(route.Route{Pattern: "/cases", Rule: route.Needs(access.CaseView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "cases", At: 5}}, (*request).Cases, listParams()...)

// Cases answers the list of cases.
func (q *request) Cases(ctx context.Context, w http.ResponseWriter) error {
	return q.list(ctx, w, caseList())
}

var _ = pages.Show(route.Route{Pattern: "/tickets", Rule: route.Needs(access.CaseView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "tickets", At: 6}}, (*request).Tickets, listParams()...)

// Tickets answers the list of hotline tickets.
func (q *request) Tickets(ctx context.Context, w http.ResponseWriter) error {
	return q.list(ctx, w, ticketList())
}

// listParams are what the address of a list says beside its scope.
func listParams() []string {
	return []string{"timeliness", "state", "item", "channel", "kind", "q", "sort", "dir", "indicator", "role"}
}

func (q *request) list(ctx context.Context, w http.ResponseWriter, kind listKind) error {
	if err := q.checkList(); err != nil {
		return err
	}
	if q.Param("indicator") != "" {
		return q.evidence(ctx, w, kind)
	}
	load := func(ctx context.Context, limit, skip int) (*kit.Table, int64, error) {
		return q.listTable(ctx, kind, limit, skip)
	}
	file := func(ctx context.Context, each func(*queries.Result) error) error {
		args, err := q.listArgs(ctx, kind, q.FileLimit(), 0)
		if err != nil {
			return err
		}
		return q.Queries.Stream(ctx, kind.query, args, kit.FileBatch, each)
	}
	return q.answerList(ctx, w, kind, kind, load, file, nil)
}

// checkList refuses what the list cannot do, rather than show another list
// than the one asked for.
func (q *request) checkList() error {
	if v := q.Param("timeliness"); v != "" && !slices.Contains(timelinessValues(), v) {
		return kit.BadAddress("timeliness")
	}
	if v := q.Param("sort"); v != "" && !slices.Contains(sortKeys(), v) {
		return kit.BadAddress("sort")
	}
	if v := q.Param("dir"); v != "" && v != "asc" && v != "desc" {
		return kit.BadAddress("dir")
	}
	if v := q.Param("role"); v != "" && !slices.Contains([]string{"numerator", "denominator", "rest"}, v) {
		return kit.BadAddress("role")
	}
	if _, err := q.PageNumber(); err != nil {
		return err
	}
	return nil
}

func sortKeys() []string {
	return []string{"decided", "applied", "due", "stop", "net_days", "margin", "number"}
}

// answerList shows one page of a list or sends it as a file, which has the columns of
// columns.
func (q *request) answerList(ctx context.Context, w http.ResponseWriter, kind, columns listKind,
	load func(context.Context, int, int) (*kit.Table, int64, error), file kit.Source, behind *kit.Behind) error {
	if table, ok := q.WantsCSV(); ok {
		if table != "" && table != kind.name {
			return kit.ErrNotFound
		}
		q.SendFile(w, kind.name, q.FileLimit(), file, func(rows []kit.Row) *kit.Table { return q.fileTable(columns, rows) })
		return nil
	}
	page, _ := q.PageNumber()
	t, total, err := load(ctx, kit.PageRows, (page-1)*kit.PageRows)
	if err != nil {
		return err
	}
	data, err := q.LoadScope(ctx)
	if err != nil {
		return err
	}
	t.ID, t.CSV = kind.name, q.Here("format", "csv")
	v := q.View(ctx, kind.name, q.T("nav."+kind.name))
	v.Crumbs = nil
	v.Scope = q.ScopeForm(data, "")
	body := &kit.List{Kind: kind.name, Heading: q.T("nav." + kind.name), Table: t, Behind: behind, Action: q.Path}
	subjects := kind.name
	body.Pages, body.Search = q.Pages(page, len(t.Rows), total), q.Param("q")
	for k, vs := range q.Scope.Values() {
		body.Hidden = append(body.Hidden, kit.Hidden{Name: k, Value: vs[0]})
	}
	if behind == nil {
		body.Filters = q.listFilters(kind)
	} else {
		body.Hidden, subjects = append(body.Hidden, behind.Hidden...), behind.Subject+"s"
	}
	slices.SortFunc(body.Hidden, func(a, b kit.Hidden) int { return compareText(a.Name, b.Name) })
	body.Total = q.T("list.total_"+subjects, "N", q.Count(total))
	v.Body = body
	q.Render(w, http.StatusOK, "list", v)
	return nil
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}

func (q *request) listFilters(kind listKind) []kit.Select {
	choice := func(name, label, enum string, values []string) kit.Select {
		s := kit.Select{Name: name, Label: q.T("col." + label), Options: []kit.Option{{Value: "", Text: q.T("filter.all"),
			Selected: q.Param(name) == ""}}}
		for _, v := range values {
			s.Options = append(s.Options, kit.Option{Value: v, Text: q.Enum(enum, v), Selected: q.Param(name) == v})
		}
		return s
	}
	out := []kit.Select{
		choice("timeliness", "timeliness", "timeliness", timelinessValues()),
		choice("state", "state", kind.states, statesOf(kind.name)),
		choice("channel", "channel", kind.channels, channelsOf(kind.name)),
	}
	if kind.name == "tickets" {
		return append(out, choice("kind", "kind", "ticket_type", []string{"consult", "help", "complaint", "report", "suggest", "praise",
			"biz_env", "other"}))
	}
	return append(out, kit.Select{Name: "item", Label: q.T("col.task_code"), IsText: true, Text: q.Param("item")})
}

func statesOf(list string) []string {
	if list == "tickets" {
		return []string{"received", "dispatched", "signed", "processing", "pending_ext", "hung", "returned", "replied", "visiting",
			"redo", "closed", "invalid", "merged"}
	}
	return []string{"submitted", "correcting", "accepted", "processing", "suspended", "decided", "finished", "delivered", "not_accepted",
		"withdrawn", "terminated"}
}

func channelsOf(list string) []string {
	if list == "tickets" {
		return []string{"phone", "web_mailbox", "web_message", "weibo", "wechat", "qq", "app", "sms", "hall", "from_110", "from_superior",
			"other"}
	}
	return []string{"hall", "web", "app", "mini_program", "kiosk", "post", "grassroots", "auto"}
}
