package admin

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
	Hidden []kit.Hidden
	Users  []kit.Option
	Whats  []kit.Option
	// Outcomes is the choice of results.
	Outcomes []kit.Option
	From, To string
	Target   string
	Total    string
	Table    *kit.Table
	Pages    kit.Pager
}

var _ = pages.Show(route.Route{Pattern: "/audit", Rule: route.Needs(access.AuditView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Running, Name: "audit", At: 3}, People: route.WithUsers, NotesItself: true}, (*request).Audit,
	"user", "what", "outcome", "target")

// Audit answers the list of what people did.
func (q *request) Audit(ctx context.Context, w http.ResponseWriter) error {
	page, err := q.PageNumber()
	if err == nil {
		err = q.checkAudit()
	}
	if err != nil {
		return err
	}
	if _, file := q.WantsCSV(); file {
		q.Access.Note(q.HTTP, access.Entry{What: access.AuditRead, TargetKind: "audit", Outcome: access.Done})
		q.auditFile(ctx, w)
		return nil
	}
	t, total, err := q.auditTable(ctx, kit.PageRows, (page-1)*kit.PageRows)
	if err != nil {
		return err
	}
	body := auditBody{
		Action: q.Path, From: kit.DayText(q.Scope.From), To: kit.DayText(q.Scope.To), Target: q.Param("target"),
		Total: q.T("audit.total", "N", q.Count(total)), Table: t, Pages: q.Pages(page, len(t.Rows), total),
		Outcomes: q.choices("audit_outcome", "outcome", access.Outcomes()), Whats: q.whatChoices(),
	}
	if body.Users, err = q.auditUsers(ctx); err != nil {
		return err
	}
	if q.Scope.Lang != "" {
		body.Hidden = []kit.Hidden{{Name: "lang", Value: q.Scope.Lang}}
	}
	v := q.Frame("audit", q.T("nav.audit"))
	v.Body = body
	q.Render(w, http.StatusOK, "audit", v)
	return nil
}

// checkAudit refuses what the list cannot be cut to, and readers who may not.
func (q *request) checkAudit() error {
	if u, ok := access.FromContext(q.HTTP.Context()); !ok || !access.May(u, access.AuditView, access.Target{}) {
		return kit.ErrNotFound
	}
	if !access.ValidFilter(q.Param("what")) {
		return kit.BadAddress("what")
	}
	if v := q.Param("outcome"); v != "" && !slices.Contains(access.Outcomes(), v) {
		return kit.BadAddress("outcome")
	}
	for _, name := range []string{"user", "target"} {
		if len(q.Param(name)) > 200 {
			return kit.BadAddress(name)
		}
	}
	return nil
}

func (q *request) auditArgs(ctx context.Context, limit, skip int) (queries.Args, error) {
	args := queries.Args{
		"user": q.Param("user"), "what": q.Param("what"), "outcome": q.Param("outcome"), "target": q.Param("target"),
		"max_rows": limit, "skip": skip,
	}
	of, err := q.auditOf(ctx)
	if err != nil {
		return nil, err
	}
	if of != nil {
		args["of"] = append([]string{nobody}, userIDs(of)...)
	}
	if !q.Scope.From.IsZero() {
		args["from"] = q.Scope.From
	}
	if u := q.Scope.Until(); !u.IsZero() {
		args["until"] = u
	}
	return args, nil
}

// auditFile sends the trail as a file.
func (q *request) auditFile(ctx context.Context, w http.ResponseWriter) {
	args, err := q.auditArgs(ctx, q.FileLimit(), 0)
	var names map[string]string
	if err == nil {
		names, err = q.UserNames()
	}
	if err != nil {
		q.Fail(w, err)
		return
	}
	from := func(ctx context.Context, each func(*queries.Result) error) error {
		return q.Queries.Stream(ctx, "audit/list", args, kit.FileBatch, each)
	}
	q.SendFile(w, "audit", q.FileLimit(), from, func(rows []kit.Row) *kit.Table { t, _ := q.auditRows(names, rows); return t })
}

func (q *request) auditTable(ctx context.Context, limit, skip int) (*kit.Table, int64, error) {
	args, err := q.auditArgs(ctx, limit, skip)
	if err != nil {
		return nil, 0, err
	}
	res, err := q.Queries.Run(ctx, "audit/list", args)
	if err != nil {
		return nil, 0, err
	}
	names, err := q.UserNames()
	if err != nil {
		return nil, 0, err
	}
	t, total := q.auditRows(names, kit.RowsOf(res))
	return t, total, nil
}

// auditRows writes lines of the trail, and says how many there are in all.
func (q *request) auditRows(names map[string]string, rows []kit.Row) (*kit.Table, int64) {
	t := &kit.Table{
		ID: "audit", CSV: q.Here("format", "csv"), Empty: q.T("audit.empty"),
		Columns: q.Cols("at:time", "user_id", "role", "what", "target_kind", "target_id", "outcome", "remote", "request_id"),
	}
	var total int64
	for _, r := range rows {
		if q.Param("target") != "" && r.Text("target_id") == discretion.Masked {
			t.Rows = nil // whether anybody looked at a secret subject is nothing to ask for
			return t, 0
		}
		total = r.Whole("total")
		outcome := q.EnumCell("audit_outcome", r.Text("outcome"))
		outcome.Tag = map[string]string{access.Done: "good", access.Denied: "bad", access.Invalid: "warn"}[r.Text("outcome")]
		if outcome.Tag == "" {
			outcome.Tag = "plain"
		}
		t.Rows = append(t.Rows, []kit.Cell{
			q.PreciseCell(r.Instant("at")), q.PersonCell(names, r.Text("user_id")), q.EnumCell("role",
				r.Text("role")), q.whatCell(r.Text("what")),
			q.EnumCell("target_kind", r.Text("target_kind")), q.targetCell(names, r.Text("target_kind"), r.Text("target_id")), outcome,
			q.CodeCell(r.Text("remote")), q.CodeCell(r.Text("request_id")),
		})
	}
	return t, total
}

func (q *request) targetCell(names map[string]string, kind, id string) kit.Cell {
	switch kind {
	case "user":
		return q.PersonCell(names, id)
	case "permission":
		return q.whatCell(id)
	}
	return q.CodeCell(id)
}

// auditUsers is the choice of people, those of the users file and the command
// line.
func (q *request) auditUsers(ctx context.Context) ([]kit.Option, error) {
	all, err := q.auditOf(ctx)
	if err == nil && all == nil {
		all, err = q.Access.Users.List()
	}
	if err != nil {
		return nil, err
	}
	asked := q.Param("user")
	out := []kit.Option{{Value: "", Text: q.T("filter.all"), Selected: asked == ""},
		{Value: access.CLI, Text: q.T("audit.cli"), Selected: asked == access.CLI}}
	for _, u := range all {
		out = append(out, kit.Option{Value: u.ID, Text: u.Display + " (" + u.Name + ")", Selected: asked == u.ID})
	}
	if !slices.ContainsFunc(out, func(o kit.Option) bool { return o.Selected }) {
		out = append(out, kit.Option{Value: asked, Text: asked, Selected: true})
	}
	return out, nil
}

// choices is a list of values of an enumeration under a choice of all.
func (q *request) choices(enum, param string, values []string) []kit.Option {
	out := []kit.Option{{Value: "", Text: q.T("filter.all"), Selected: q.Param(param) == ""}}
	for _, v := range values {
		out = append(out, kit.Option{Value: v, Text: q.Enum(enum, v), Selected: q.Param(param) == v})
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
	return q.Enum("target_kind", kind) + q.T("audit.colon") + q.ActionLabel(kind, action)
}

func (q *request) whatCell(what string) kit.Cell {
	c := q.TextCell(what)
	if what != "" {
		c.Text = q.whatText(what)
	}
	return c
}

func (q *request) whatChoices() []kit.Option {
	out := q.choices("audit_what", "what", auditWhats())
	for i := range out[1:] {
		out[i+1].Text = q.whatText(out[i+1].Value)
	}
	return out
}
