package page

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
func (k listKind) dueIn(r row) string {
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

var _ = register(route.Route{Pattern: "/cases", Rule: route.Needs(access.CaseView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "cases", At: 5}}, (*Site).Cases)

// Cases answers the list of cases.
func (s *Site) Cases(w http.ResponseWriter, r *http.Request) { s.list(w, r, caseList()) }

var _ = register(route.Route{Pattern: "/tickets", Rule: route.Needs(access.CaseView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "tickets", At: 6}}, (*Site).Tickets)

// Tickets answers the list of hotline tickets.
func (s *Site) Tickets(w http.ResponseWriter, r *http.Request) { s.list(w, r, ticketList()) }

func (s *Site) list(w http.ResponseWriter, r *http.Request, kind listKind) {
	q, err := s.begin(r, "timeliness", "state", "item", "channel", "kind", "q", "sort", "dir", "indicator", "role")
	if err == nil {
		err = q.checkList()
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	if q.param("indicator") != "" {
		q.evidence(ctx, w, kind)
		return
	}
	load := func(ctx context.Context, limit, skip int) (*Table, int64, error) {
		return q.listTable(ctx, kind, limit, skip)
	}
	file := func(ctx context.Context, each func(*queries.Result) error) error {
		args, err := q.listArgs(ctx, kind, s.fileRows(), 0)
		if err != nil {
			return err
		}
		return q.Queries.Stream(ctx, kind.query, args, fileBatch, each)
	}
	q.answerList(ctx, w, kind, kind, load, file, nil)
}

// checkList refuses what the list cannot do, rather than show another list
// than the one asked for.
func (q *request) checkList() error {
	if v := q.param("timeliness"); v != "" && !slices.Contains(timelinessValues(), v) {
		return kit.BadAddress("timeliness")
	}
	if v := q.param("sort"); v != "" && !slices.Contains(sortKeys(), v) {
		return kit.BadAddress("sort")
	}
	if v := q.param("dir"); v != "" && v != "asc" && v != "desc" {
		return kit.BadAddress("dir")
	}
	if v := q.param("role"); v != "" && !slices.Contains([]string{"numerator", "denominator", "rest"}, v) {
		return kit.BadAddress("role")
	}
	if _, err := q.pageNumber(); err != nil {
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
	load func(context.Context, int, int) (*Table, int64, error), file source, behind *Behind) {
	if table, ok := q.wantsCSV(); ok {
		if table != "" && table != kind.name {
			q.fail(w, errNotFound)
			return
		}
		q.sendFile(w, kind.name, q.fileRows(), file, func(rows []row) *Table { return q.fileTable(columns, rows) })
		return
	}
	page, _ := q.pageNumber()
	t, total, err := load(ctx, pageRows, (page-1)*pageRows)
	if err != nil {
		q.fail(w, err)
		return
	}
	data, err := q.loadScope(ctx)
	if err != nil {
		q.fail(w, err)
		return
	}
	t.ID, t.CSV = kind.name, q.here("format", "csv")
	v := q.view(ctx, kind.name, q.T("nav."+kind.name))
	v.Crumbs = nil
	v.Scope = q.form(data, "")
	body := &listBody{Kind: kind.name, Heading: q.T("nav." + kind.name), Table: t, Behind: behind, Action: q.path}
	subjects := kind.name
	body.Pages, body.Search = q.pages(page, len(t.Rows), total), q.param("q")
	for k, vs := range q.scope.Values() {
		body.Hidden = append(body.Hidden, Hidden{k, vs[0]})
	}
	if behind == nil {
		body.Filters = q.listFilters(kind)
	} else {
		body.Hidden, subjects = append(body.Hidden, behind.Hidden...), behind.Subject+"s"
	}
	slices.SortFunc(body.Hidden, func(a, b Hidden) int { return compareText(a.Name, b.Name) })
	body.Total = q.T("list.total_"+subjects, "N", q.Count(total))
	v.Body = body
	q.render(w, http.StatusOK, "list", v)
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

func (q *request) listFilters(kind listKind) []Select {
	choice := func(name, label, enum string, values []string) Select {
		s := Select{Name: name, Label: q.T("col." + label), Options: []Option{{"", q.T("filter.all"), q.param(name) == ""}}}
		for _, v := range values {
			s.Options = append(s.Options, Option{v, q.Enum(enum, v), q.param(name) == v})
		}
		return s
	}
	out := []Select{
		choice("timeliness", "timeliness", "timeliness", timelinessValues()),
		choice("state", "state", kind.states, statesOf(kind.name)),
		choice("channel", "channel", kind.channels, channelsOf(kind.name)),
	}
	if kind.name == "tickets" {
		return append(out, choice("kind", "kind", "ticket_type", []string{"consult", "help", "complaint", "report", "suggest", "praise",
			"biz_env", "other"}))
	}
	return append(out, Select{Name: "item", Label: q.T("col.task_code"), IsText: true, Text: q.param("item")})
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
