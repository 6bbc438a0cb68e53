package page

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/discretion"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
)

type auditBody struct {
	Action string
	Hidden []Hidden
	Users  []Option
	Whats  []Option
	// Outcomes is the choice of results.
	Outcomes []Option
	From, To string
	Target   string
	Total    string
	Table    *Table
	Pages    Pages
}

var _ = register(route.Route{Pattern: "/audit", Rule: route.Needs(access.AuditView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Running, Name: "audit", At: 3}, People: route.WithUsers, NotesItself: true}, (*Site).Audit)

// Audit answers the list of what people did.
func (s *Site) Audit(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r, "user", "what", "outcome", "target")
	page := 1
	if err == nil {
		page, err = q.pageNumber()
	}
	if err == nil {
		err = q.checkAudit()
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	if _, file := q.wantsCSV(); file {
		s.Access.Note(r, access.Entry{What: access.AuditRead, TargetKind: "audit", Outcome: access.Done})
		q.auditFile(ctx, w, r)
		return
	}
	t, total, err := q.auditTable(ctx, pageRows, (page-1)*pageRows)
	if err != nil {
		q.fail(w, err)
		return
	}
	body := auditBody{
		Action: q.path, From: kit.DayText(q.scope.From), To: kit.DayText(q.scope.To), Target: q.param("target"),
		Total: q.T("audit.total", "N", q.Count(total)), Table: t, Pages: q.pages(page, len(t.Rows), total),
		Outcomes: q.choices("audit_outcome", "outcome", access.Outcomes()), Whats: q.whatChoices(),
	}
	if body.Users, err = q.auditUsers(ctx); err != nil {
		q.fail(w, err)
		return
	}
	if q.scope.Lang != "" {
		body.Hidden = []Hidden{{"lang", q.scope.Lang}}
	}
	v := q.frame("audit", q.T("nav.audit"))
	v.Body = body
	q.render(w, http.StatusOK, "audit", v)
}

// checkAudit refuses what the list cannot be cut to, and readers who may not.
func (q *request) checkAudit() error {
	if u, ok := access.FromContext(q.http.Context()); !ok || !access.May(u, access.AuditView, access.Target{}) {
		return errNotFound
	}
	if !access.ValidFilter(q.param("what")) {
		return kit.BadAddress("what")
	}
	if v := q.param("outcome"); v != "" && !slices.Contains(access.Outcomes(), v) {
		return kit.BadAddress("outcome")
	}
	for _, name := range []string{"user", "target"} {
		if len(q.param(name)) > 200 {
			return kit.BadAddress(name)
		}
	}
	return nil
}

func (q *request) auditArgs(ctx context.Context, limit, skip int) (queries.Args, error) {
	args := queries.Args{
		"user": q.param("user"), "what": q.param("what"), "outcome": q.param("outcome"), "target": q.param("target"),
		"max_rows": limit, "skip": skip,
	}
	of, err := q.auditOf(ctx)
	if err != nil {
		return nil, err
	}
	if of != nil {
		args["of"] = append([]string{nobody}, userIDs(of)...)
	}
	if !q.scope.From.IsZero() {
		args["from"] = q.scope.From
	}
	if u := q.scope.Until(); !u.IsZero() {
		args["until"] = u
	}
	return args, nil
}

// auditFile sends the trail as a file.
func (q *request) auditFile(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	args, err := q.auditArgs(ctx, q.fileRows(), 0)
	var names map[string]string
	if err == nil {
		names, err = q.userNames()
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	from := func(ctx context.Context, each func(*queries.Result) error) error {
		return q.Queries.Stream(ctx, "audit/list", args, fileBatch, each)
	}
	q.sendFile(w, "audit", q.fileRows(), from, func(rows []row) *Table { t, _ := q.auditRows(names, rows); return t })
}

func (q *request) auditTable(ctx context.Context, limit, skip int) (*Table, int64, error) {
	args, err := q.auditArgs(ctx, limit, skip)
	if err != nil {
		return nil, 0, err
	}
	res, err := q.Queries.Run(ctx, "audit/list", args)
	if err != nil {
		return nil, 0, err
	}
	names, err := q.userNames()
	if err != nil {
		return nil, 0, err
	}
	t, total := q.auditRows(names, rowsOf(res))
	return t, total, nil
}

// auditRows writes lines of the trail, and says how many there are in all.
func (q *request) auditRows(names map[string]string, rows []row) (*Table, int64) {
	t := &Table{
		ID: "audit", CSV: q.here("format", "csv"), Empty: q.T("audit.empty"),
		Columns: q.cols("at:time", "user_id", "role", "what", "target_kind", "target_id", "outcome", "remote", "request_id"),
	}
	var total int64
	for _, r := range rows {
		if q.param("target") != "" && r.text("target_id") == discretion.Masked {
			t.Rows = nil // whether anybody looked at a secret subject is nothing to ask for
			return t, 0
		}
		total = r.whole("total")
		outcome := q.enumCell("audit_outcome", r.text("outcome"))
		outcome.Tag = map[string]string{access.Done: "good", access.Denied: "bad", access.Invalid: "warn"}[r.text("outcome")]
		if outcome.Tag == "" {
			outcome.Tag = "plain"
		}
		t.Rows = append(t.Rows, []Cell{
			q.preciseCell(r.instant("at")), q.personCell(names, r.text("user_id")), q.enumCell("role",
				r.text("role")), q.whatCell(r.text("what")),
			q.enumCell("target_kind", r.text("target_kind")), q.targetCell(names, r.text("target_kind"), r.text("target_id")), outcome,
			q.codeCell(r.text("remote")), q.codeCell(r.text("request_id")),
		})
	}
	return t, total
}

func (q *request) targetCell(names map[string]string, kind, id string) Cell {
	switch kind {
	case "user":
		return q.personCell(names, id)
	case "permission":
		return q.whatCell(id)
	}
	return q.codeCell(id)
}

// auditUsers is the choice of people, those of the users file and the command
// line.
func (q *request) auditUsers(ctx context.Context) ([]Option, error) {
	all, err := q.auditOf(ctx)
	if err == nil && all == nil {
		all, err = q.Access.Users.List()
	}
	if err != nil {
		return nil, err
	}
	asked := q.param("user")
	out := []Option{{"", q.T("filter.all"), asked == ""}, {access.CLI, q.T("audit.cli"), asked == access.CLI}}
	for _, u := range all {
		out = append(out, Option{u.ID, u.Display + " (" + u.Name + ")", asked == u.ID})
	}
	if !slices.ContainsFunc(out, func(o Option) bool { return o.Selected }) {
		out = append(out, Option{asked, asked, true})
	}
	return out, nil
}

// choices is a list of values of an enumeration under a choice of all.
func (q *request) choices(enum, param string, values []string) []Option {
	out := []Option{{"", q.T("filter.all"), q.param(param) == ""}}
	for _, v := range values {
		out = append(out, Option{v, q.Enum(enum, v), q.param(param) == v})
	}
	return out
}

// auditWhats lists what the trail can hold: what this server does itself, and
// the permissions that change something.
func auditWhats() []string {
	out := access.Whats()
	for _, p := range access.Permissions() {
		if p.Changes() {
			out = append(out, string(p))
		}
	}
	return out
}

// whatText says what a line of the trail is about; an action on people's work is
// named as its page names it.
func (q *request) whatText(what string) string {
	if own := q.Enum("audit_what", what); own != what {
		return own
	}
	kind, action, ok := strings.Cut(what, ".")
	if !ok {
		return what
	}
	return q.Enum("target_kind", kind) + q.T("audit.colon") + q.actionLabel(kind, action)
}

func (q *request) whatCell(what string) Cell {
	c := q.textCell(what)
	if what != "" {
		c.Text = q.whatText(what)
	}
	return c
}

func (q *request) whatChoices() []Option {
	out := q.choices("audit_what", "what", auditWhats())
	for i := range out[1:] {
		out[i+1].Text = q.whatText(out[i+1].Value)
	}
	return out
}
