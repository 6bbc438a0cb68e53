package page

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
	Panels map[string]*Panel
	Done   []Notice
	// May tells whether the reader may declare outages.
	May        bool
	Scopes     []Option
	Effects    []Option
	Grounds    []Option
	Categories []Option
	// Open are the outages that the reader may change.
	Open []OutageForm
	Back string
}

// OutageForm is one outage that can be amended, ended or revoked.
type OutageForm struct {
	Pick, Title string
	Actions     []ActionForm
}

var _ = register(route.Route{Pattern: "/outages", Rule: route.Needs(access.RuleView), Scope: route.ByFilter()}, (*Site).Outages)

// Outages answers the page of declared outages: who declared what, how much
// each holds back, and the forms to declare, amend, end and revoke.
func (s *Site) Outages(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r, "outage")
	if err != nil {
		q.fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	body := outagesBody{Done: q.notices(), Back: q.here()}
	var rows []row
	parts := []part{{"outages", func(ctx context.Context) (p *Panel, err error) {
		p, rows, err = q.outagesPanel(ctx)
		return p, err
	}}}
	if q.param("outage") != "" && q.mayOpen("/alerts") { // it names single cases
		parts = append(parts, part{"outage_cases", q.outageCases})
	}
	if table, ok := q.wantsCSV(); ok {
		if err := q.csv(ctx, w, table, parts); err != nil {
			q.fail(w, err)
		}
		return
	}
	v := q.view(ctx, "outages", q.T("nav.outages"))
	if body.Panels, err = q.loadAll(ctx, parts); err == nil {
		err = q.outageForms(ctx, &body, rows)
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	v.Crumbs = []Link{{Text: q.T("nav.rules"), Href: q.scope.URL("/rules")}, {Text: q.T("nav.outages"), Current: true}}
	v.Body = body
	q.render(w, http.StatusOK, "outages", v)
}

func (q *request) outagesPanel(ctx context.Context) (*Panel, []row, error) {
	ids, categories := q.ruleCategories()
	res, err := q.Queries.Run(ctx, "page/outages", queries.Args{"as_of": q.asOf, "rule_ids": ids, "rule_categories": categories})
	if err != nil {
		return nil, nil, err
	}
	rows, err := q.outagesSeen(ctx, rowsOf(res))
	if err != nil {
		return nil, nil, err
	}
	t := &Table{ID: "outages", CSV: q.csvHref("outages"), Empty: q.T("empty.outages"),
		Columns: q.cols("outage_scope", "from_at:time", "until_at:time", "outage_effect", "outage_state", "reason", "evidence", "declared_by",
			"declared_at:time", "held:num")}
	for _, x := range rows {
		scope := q.enumCell("outage_scope", x.text("scope"))
		scope.Sub = strings.Join(append([]string{x.text("code")}, x.texts("limits")...), " ")
		effect := q.enumCell("outage_effect", x.text("effect"))
		if g := x.text("ground"); g != "" {
			effect.Sub = q.Enum("ground", g)
		}
		held := q.zeroCell(x["held"])
		if x.whole("held") > 0 && q.mayOpen("/alerts") {
			held.Href = q.here("outage", x.text("id"))
		}
		t.Rows = append(t.Rows, []Cell{scope, q.instantCell(x.instant("from_at")), q.instantCell(x.instant("until_at")), effect, q.outageState(x),
			q.textCell(discretion.MaskText(x.text("reason"))), q.textCell(discretion.MaskText(strings.Join(x.texts("evidence"), " · "))),
			{Text: x.text("declared_by") + " · " + q.Enum("role", x.text("declared_role")), Raw: x.text("declared_by")},
			q.instantCell(x.instant("declared_at")), held})
	}
	return &Panel{ID: "outages", Title: q.T("panel.outages"), Note: q.T("note.outages"), Table: t}, rows, nil
}

// outagesSeen leaves out the outages that concern nobody in the reader's limits: those of
// divisions that neither lie in his nor hold it, and of organisations elsewhere.
func (q *request) outagesSeen(ctx context.Context, rows []row) ([]row, error) {
	u, ok := access.FromContext(q.http.Context())
	if !ok || !u.Limited() {
		return rows, nil
	}
	codes := []string{}
	for _, x := range rows {
		if x.text("scope") == "org" {
			codes = append(codes, x.text("code"))
		}
	}
	res, err := q.Queries.Run(ctx, "page/org_names", queries.Args{"codes": codes})
	if err != nil {
		return nil, err
	}
	regions := map[string]string{}
	for _, x := range rowsOf(res) {
		regions[x.text("org_code")] = x.text("region_code")
	}
	return slices.DeleteFunc(rows, func(x row) bool {
		code := x.text("code")
		switch x.text("scope") {
		case "region":
			return u.ScopeRegion != "" && !access.Below(code, u.ScopeRegion) && !access.Below(u.ScopeRegion, code)
		case "org":
			x["region_code"] = regions[code]
			return !access.MaySee(u, access.RuleView, access.OutageTarget("org", code, regions[code], access.OwnOrgs(q.http.Context())))
		}
		return false // of a source or of everything: it concerns everybody
	}), nil
}

// outageState says whether an outage lasts at the instant of the page.
func (q *request) outageState(x row) Cell {
	state := x.text("state")
	switch {
	case state != "declared":
	case q.asOf.Before(x.instant("from_at")):
		state = "ahead"
	case q.asOf.Before(x.instant("until_at")):
		state = "lasting"
	default:
		state = "over"
	}
	tone := map[string]string{"lasting": "bad", "revoked": "warn"}[state]
	if tone == "" {
		tone = "plain"
	}
	return Cell{Text: q.Enum("outage_state", state), Raw: state, Tag: tone}
}

func (q *request) outageCases(ctx context.Context) (*Panel, error) {
	ids, categories := q.ruleCategories()
	res, err := q.Queries.Run(ctx, "page/outage_cases", queries.Args{
		"id": q.param("outage"), "region": q.scope.Region, "org": q.scope.Org, "rule_ids": ids, "rule_categories": categories,
	})
	if err != nil {
		return nil, err
	}
	rows := rowsOf(res)
	n, err := q.namesOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	t := &Table{ID: "outage_cases", CSV: q.csvHref("outage_cases"), Empty: q.T("empty.outage_cases"),
		Columns: q.cols("severity", "rule_id", "subject_no", "org_code", "due_at:time", "reached_at:time", "said_at:time", "alert_state")}
	for _, x := range rows {
		name := q.ruleCell(x.text("rule_id"))
		said, state := q.instantCell(x.instant("said_at")), Cell{Text: q.T("outage.not_said"), Raw: ""}
		if x.instant("said_at").Year() > 2200 {
			said = Cell{Text: q.T("outage.never"), Raw: "never"}
		}
		if x.text("alert_state") != "" {
			state = q.alertStateCell(x.text("alert_state"))
			name.Href = q.scope.URL("/alerts/" + kit.EscapePart(x.text("alert_id")))
		}
		t.Rows = append(t.Rows, []Cell{q.severityCell(x.text("severity")), name, q.alertSubject(x), q.orgCell(n, x.text("org_code")),
			q.instantCell(x.instant("due_at")), q.instantCell(x.instant("reached_at")), said, state})
	}
	return &Panel{ID: "outage_cases", Title: q.T("panel.outage_cases"), Table: t}, nil
}

// outageForms offers what the person may do with outages.
func (q *request) outageForms(ctx context.Context, b *outagesBody, rows []row) error {
	person, ok := q.person(ctx)
	if !ok || !q.scope.AsOf.IsZero() {
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
	u, _ := access.FromContext(q.http.Context())
	rows = slices.DeleteFunc(slices.Clone(rows), func(x row) bool {
		return !access.MaySee(u, access.RuleView, access.OutageTarget(x.text("scope"), x.text("code"), x.text("region_code"),
			access.OwnOrgs(q.http.Context())))
	})
	for _, x := range rows {
		if x.text("state") != "revoked" {
			subjects = append(subjects, actions.Subject{Kind: "outage", ID: x.text("id"), Seq: uint32(x.whole("seq"))})
		}
	}
	allowed, err := q.ActionService.Allowed(ctx, person, subjects)
	if err != nil {
		return err
	}
	for _, x := range rows {
		m := actions.Subject{Kind: "outage", ID: x.text("id"), Seq: uint32(x.whole("seq"))}
		f := OutageForm{Pick: m.ID + "/" + strconv.FormatUint(uint64(m.Seq), 10),
			Title: strings.TrimSpace(q.Enum("outage_scope", x.text("scope")) + " " + x.text("code") + " · " + q.Instant(x.instant("from_at")))}
		over := !q.asOf.Before(x.instant("until_at"))
		for _, action := range allowed[m] {
			if over && action != "revoke" && action != "note" || action == "end" && q.asOf.Before(x.instant("from_at")) {
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

func (q *request) options(enum string, values ...string) []Option {
	var out []Option
	for _, v := range values {
		out = append(out, Option{Value: v, Text: q.Enum(enum, v)})
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

var _ = register(route.Route{Method: http.MethodPost, Pattern: "/outages/actions", Rule: route.Needs(access.RuleView),
	Scope: route.BySubject()}, (*Site).OutageActions)

// OutageActions takes a declaration of an outage or a change of one.
func (s *Site) OutageActions(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 256<<10)
	q, err := s.begin(r)
	if err == nil && r.ParseForm() != nil {
		err = kit.BadAddress("form")
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	command, err := outageCommand(r.PostForm)
	if err != nil {
		q.fail(w, err)
		return
	}
	results, err := q.act([]actions.Command{command})
	switch {
	case errors.Is(err, errSignIn):
		q.renderError(w, http.StatusForbidden, q.T("error.sign_in"))
	case err != nil:
		q.fail(w, err)
	default:
		seeOther(w, r, backTo("/outages", results))
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
