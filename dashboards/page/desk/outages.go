package desk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"duban/dashboards/access"
	"duban/dashboards/actions"
	"duban/dashboards/discretion"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/internal/blank"
	"duban/queries"
	"duban/supervision/lawzone"
)

type outagesBody struct {
	Panels map[string]*kit.Panel
	Done   []Notice
	// May tells whether the reader may declare outages.
	May        bool
	Scopes     []kit.Option
	Effects    []kit.Option
	Grounds    []kit.Option
	Categories []kit.Option
	// Open are the outages that the reader may change.
	Open []OutageForm
	Back string
}

// OutageForm is one outage that can be amended, ended or revoked.
type OutageForm struct {
	Pick, Title string
	Actions     []ActionForm
}

var _ = pages.Register(route.Route{Pattern: "/outages", Rule: route.Needs(access.RuleView), Scope: route.ByFilter()}, (*site).Outages)

// Outages answers the page of declared outages: who declared what, how much
// each holds back, and the forms to declare, amend, end and revoke.
func (s *site) Outages(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r, "outage")
	if err != nil {
		q.Fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), kit.Timeout)
	defer cancel()
	body := outagesBody{Done: q.notices(), Back: q.Here()}
	var rows []kit.Row
	parts := []kit.Part{{ID: "outages", Load: func(ctx context.Context) (p *kit.Panel, err error) {
		p, rows, err = q.outagesPanel(ctx)
		return p, err
	}}}
	if q.Param("outage") != "" && q.MayOpen("/alerts") { // it names single cases
		parts = append(parts, kit.Part{ID: "outage_cases", Load: q.outageCases})
	}
	if table, ok := q.WantsCSV(); ok {
		if err := q.CSV(ctx, w, table, parts); err != nil {
			q.Fail(w, err)
		}
		return
	}
	v := q.View(ctx, "outages", q.T("nav.outages"))
	if body.Panels, err = q.LoadAll(ctx, parts); err == nil {
		err = q.outageForms(ctx, &body, rows)
	}
	if err != nil {
		q.Fail(w, err)
		return
	}
	v.Crumbs = []kit.Link{{Text: q.T("nav.rules"), Href: q.Scope.URL("/rules")}, {Text: q.T("nav.outages"), Current: true}}
	v.Body = body
	q.Render(w, http.StatusOK, "outages", v)
}

func (q *request) outagesPanel(ctx context.Context) (*kit.Panel, []kit.Row, error) {
	ids, categories := q.RuleCategories()
	res, err := q.Queries.Run(ctx, "page/outages", queries.Args{"as_of": q.AsOf, "rule_ids": ids, "rule_categories": categories})
	if err != nil {
		return nil, nil, err
	}
	rows, err := q.outagesSeen(ctx, kit.RowsOf(res))
	if err != nil {
		return nil, nil, err
	}
	t := &kit.Table{ID: "outages", CSV: q.CSVHref("outages"), Empty: q.T("empty.outages"),
		Columns: q.Cols("outage_scope", "from_at:time", "until_at:time", "outage_effect", "outage_state", "reason", "evidence", "declared_by",
			"declared_at:time", "held:num")}
	for _, x := range rows {
		scope := q.EnumCell("outage_scope", x.Text("scope"))
		scope.Sub = strings.Join(append([]string{x.Text("code")}, x.Texts("limits")...), " ")
		effect := q.EnumCell("outage_effect", x.Text("effect"))
		if g := x.Text("ground"); g != "" {
			effect.Sub = q.Enum("ground", g)
		}
		held := q.ZeroCell(x["held"])
		if x.Whole("held") > 0 && q.MayOpen("/alerts") {
			held.Href = q.Here("outage", x.Text("id"))
		}
		t.Rows = append(t.Rows, []kit.Cell{scope, q.InstantCell(x.Instant("from_at")), q.InstantCell(x.Instant("until_at")), effect,
			q.outageState(x),
			q.TextCell(discretion.MaskText(x.Text("reason"))), q.TextCell(discretion.MaskText(strings.Join(x.Texts("evidence"), " · "))),
			{Text: x.Text("declared_by") + " · " + q.Enum("role", x.Text("declared_role")), Raw: x.Text("declared_by")},
			q.InstantCell(x.Instant("declared_at")), held})
	}
	return &kit.Panel{ID: "outages", Title: q.T("panel.outages"), Note: q.T("note.outages"), Table: t}, rows, nil
}

// outagesSeen leaves out the outages that concern nobody in the reader's limits: those of
// divisions that neither lie in his nor hold it, and of organisations elsewhere.
func (q *request) outagesSeen(ctx context.Context, rows []kit.Row) ([]kit.Row, error) {
	u, ok := access.FromContext(q.HTTP.Context())
	if !ok || !u.Limited() {
		return rows, nil
	}
	codes := []string{}
	for _, x := range rows {
		if x.Text("scope") == "org" {
			codes = append(codes, x.Text("code"))
		}
	}
	res, err := q.Queries.Run(ctx, "page/org_names", queries.Args{"codes": codes})
	if err != nil {
		return nil, err
	}
	regions := map[string]string{}
	for _, x := range kit.RowsOf(res) {
		regions[x.Text("org_code")] = x.Text("region_code")
	}
	return slices.DeleteFunc(rows, func(x kit.Row) bool {
		code := x.Text("code")
		switch x.Text("scope") {
		case "region":
			return u.ScopeRegion != "" && !access.Below(code, u.ScopeRegion) && !access.Below(u.ScopeRegion, code)
		case "org":
			x["region_code"] = regions[code]
			return !access.MaySee(u, access.RuleView, access.OutageTarget("org", code, regions[code], access.OwnOrgs(q.HTTP.Context())))
		}
		return false // of a source or of everything: it concerns everybody
	}), nil
}

// outageState says whether an outage lasts at the instant of the page.
func (q *request) outageState(x kit.Row) kit.Cell {
	state := x.Text("state")
	switch {
	case state != "declared":
	case q.AsOf.Before(x.Instant("from_at")):
		state = "ahead"
	case q.AsOf.Before(x.Instant("until_at")):
		state = "lasting"
	default:
		state = "over"
	}
	tone := map[string]string{"lasting": "bad", "revoked": "warn"}[state]
	if tone == "" {
		tone = "plain"
	}
	return kit.Cell{Text: q.Enum("outage_state", state), Raw: state, Tag: tone}
}

func (q *request) outageCases(ctx context.Context) (*kit.Panel, error) {
	ids, categories := q.RuleCategories()
	res, err := q.Queries.Run(ctx, "page/outage_cases", queries.Args{
		"id": q.Param("outage"), "region": q.Scope.Region, "org": q.Scope.Org, "rule_ids": ids, "rule_categories": categories,
	})
	if err != nil {
		return nil, err
	}
	rows := kit.RowsOf(res)
	n, err := q.NamesOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	t := &kit.Table{ID: "outage_cases", CSV: q.CSVHref("outage_cases"), Empty: q.T("empty.outage_cases"),
		Columns: q.Cols("severity", "rule_id", "subject_no", "org_code", "due_at:time", "reached_at:time", "said_at:time", "alert_state")}
	for _, x := range rows {
		name := q.RuleCell(x.Text("rule_id"))
		said, state := q.InstantCell(x.Instant("said_at")), kit.Cell{Text: q.T("outage.not_said"), Raw: ""}
		if x.Instant("said_at").Year() > 2200 {
			said = kit.Cell{Text: q.T("outage.never"), Raw: "never"}
		}
		if x.Text("alert_state") != "" {
			state = q.AlertStateCell(x.Text("alert_state"))
			name.Href = q.Scope.URL("/alerts/" + kit.EscapePart(x.Text("alert_id")))
		}
		t.Rows = append(t.Rows, []kit.Cell{q.SeverityCell(x.Text("severity")), name, q.alertSubject(x), q.OrgCell(n, x.Text("org_code")),
			q.InstantCell(x.Instant("due_at")), q.InstantCell(x.Instant("reached_at")), said, state})
	}
	return &kit.Panel{ID: "outage_cases", Title: q.T("panel.outage_cases"), Table: t}, nil
}

// outageForms offers what the person may do with outages.
func (q *request) outageForms(ctx context.Context, b *outagesBody, rows []kit.Row) error {
	person, ok := q.Person(ctx)
	if !ok || !q.Scope.AsOf.IsZero() {
		return nil
	}
	b.May = person.Role == "supervisor" || person.Role == "sysadmin"
	if !b.May {
		return nil
	}
	scopes, effects := []string{"source", "org", "region", "all"}, []string{"hold", "excuse"}
	if person.Role == "sysadmin" {
		scopes, effects = scopes[:1], effects[:1]
	}
	b.Scopes, b.Effects = q.options("outage_scope", scopes...), q.options("outage_effect", effects...)
	b.Grounds = q.options("ground", "system_error", "holiday_error", "force_majeure", "superior_order")
	b.Categories = q.options("rule_category", "timeliness", "legality", "norm", "disclosure", "hotline", "satisfaction", "data", "order")
	var subjects []actions.Subject
	u, _ := access.FromContext(q.HTTP.Context())
	rows = slices.DeleteFunc(slices.Clone(rows), func(x kit.Row) bool {
		return !access.MaySee(u, access.RuleView, access.OutageTarget(x.Text("scope"), x.Text("code"), x.Text("region_code"),
			access.OwnOrgs(q.HTTP.Context())))
	})
	for _, x := range rows {
		if x.Text("state") != "revoked" {
			subjects = append(subjects, actions.Subject{Kind: "outage", ID: x.Text("id"), Seq: uint32(x.Whole("seq"))})
		}
	}
	allowed, err := q.ActionService.Allowed(ctx, person, subjects)
	if err != nil {
		return err
	}
	for _, x := range rows {
		m := actions.Subject{Kind: "outage", ID: x.Text("id"), Seq: uint32(x.Whole("seq"))}
		f := OutageForm{Pick: m.ID + "/" + strconv.FormatUint(uint64(m.Seq), 10),
			Title: strings.TrimSpace(q.Enum("outage_scope", x.Text("scope")) + " " + x.Text("code") + " · " + q.Instant(x.Instant("from_at")))}
		over := !q.AsOf.Before(x.Instant("until_at"))
		for _, action := range allowed[m] {
			if over && action != "revoke" && action != "note" || action == "end" && q.AsOf.Before(x.Instant("from_at")) {
				continue
			}
			f.Actions = append(f.Actions, q.outageAction(action))
		}
		if len(f.Actions) > 0 {
			b.Open = append(b.Open, f)
		}
	}
	return nil
}

func (q *request) options(enum string, values ...string) []kit.Option {
	var out []kit.Option
	for _, v := range values {
		out = append(out, kit.Option{Value: v, Text: q.Enum(enum, v)})
	}
	return out
}

func (q *request) outageAction(action string) ActionForm {
	f := ActionForm{Action: action, Label: q.T("outage_action." + action), Grave: action == "revoke"}
	if action == "amend" {
		f.Fields = append(f.Fields, ActionField{Name: "until", Label: q.T("col.until_at"), Required: true})
	}
	if action != "end" {
		f.Fields = append(f.Fields, ActionField{Name: "comment", Label: q.T("field.comment"), Required: true, Long: true})
	}
	return f
}

var _ = pages.Register(route.Route{Method: http.MethodPost, Pattern: "/outages/actions", Rule: route.Needs(access.RuleView),
	Scope: route.BySubject()}, (*site).OutageActions)

// OutageActions takes a declaration of an outage or a change of one.
func (s *site) OutageActions(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 256<<10)
	q, err := s.begin(r)
	if err == nil && r.ParseForm() != nil {
		err = kit.BadAddress("form")
	}
	if err != nil {
		q.Fail(w, err)
		return
	}
	command, err := outageCommand(r.PostForm)
	if err != nil {
		q.Fail(w, err)
		return
	}
	results, err := q.act([]actions.Command{command})
	switch {
	case errors.Is(err, errSignIn):
		q.RenderError(w, http.StatusForbidden, q.T("error.sign_in"))
	case err != nil:
		q.Fail(w, err)
	default:
		kit.SeeOther(w, r, backTo("/outages", results))
	}
}

// outageCommand reads a form. Local times come without an offset, as a browser
// sends them, and are those of the law.
func outageCommand(form url.Values) (actions.Command, error) {
	action := form.Get("action")
	d := actions.Command{Action: action, Subject: actions.Subject{Kind: "outage"}, Payload: map[string]any{}}
	switch action {
	case "declare":
		d.ID = uuid.NewString()
	case "amend", "end", "revoke", "note":
		id, text, _ := strings.Cut(form.Get("outage"), "/")
		seq, err := strconv.ParseUint(text, 10, 32)
		if err != nil || id == "" || len(id) > 64 {
			return d, kit.BadAddress("outage")
		}
		d.ID, d.Seq = id, uint32(seq)
	default:
		return d, kit.BadAddress("action")
	}
	for _, k := range []string{"scope", "code", "from", "until", "effect", "ground", "reason", "comment"} {
		v := blank.Trim(form.Get(k))
		if k == "from" || k == "until" {
			v = localInstant(v)
		}
		if v != "" {
			d.Payload[k] = v
		}
	}
	if d.Payload["effect"] != "excuse" {
		delete(d.Payload, "ground") // the form has one for the case that it is needed
	}
	var evidence []string
	for line := range strings.Lines(form.Get("evidence")) {
		if line = blank.Trim(line); line != "" {
			evidence = append(evidence, line)
		}
	}
	for key, list := range map[string][]string{"evidence": evidence, "categories": slices.DeleteFunc(slices.Clone(form["category"]),
		func(c string) bool { return c == "" })} {
		if len(list) > 0 {
			d.Payload[key] = list
		}
	}
	return d, nil
}

// localInstant gives a time of a form its offset; what is none stays as it is
// and is refused with its name.
func localInstant(v string) string {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(layout, v, lawzone.Zone); err == nil {
			return t.Format(time.RFC3339)
		}
	}
	return v
}
