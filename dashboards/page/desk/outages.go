package desk

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

var _ = pages.Show(route.Route{Pattern: "/outages", Rule: route.Needs(access.RuleView), Scope: route.ByFilter()}, (*request).Outages,
	"outage")

// Outages answers the page of declared outages: who declared what, how much
// each holds back, and the forms to declare, amend, end and revoke.
func (q *request) Outages(ctx context.Context, w http.ResponseWriter) error {
	body := outagesBody{Done: q.notices(), Back: q.Here()}
	var rows []kit.Row
	parts := []kit.Part{{ID: "outages", Load: func(ctx context.Context) (p *kit.Panel, err error) {
		p, rows, err = q.outagesPanel(ctx)
		return p, err
	}}}
	if q.Param("outage") != "" && q.MayOpen("/alerts") { // it names single cases
		parts = append(parts, kit.Part{ID: "outage_cases", Load: q.outageCases})
	}
	if sent, err := q.SentTable(ctx, w, parts); sent || err != nil {
		return err
	}
	v := q.View(ctx, "outages", q.T("nav.outages"))
	panels, err := q.LoadAll(ctx, parts)
	if err == nil {
		body.Panels = panels
		err = q.outageForms(ctx, &body, rows)
	}
	if err != nil {
		return err
	}
	v.Crumbs = []kit.Link{{Text: q.T("nav.rules"), Href: q.Scope.URL("/rules")}, {Text: q.T("nav.outages"), Current: true}}
	v.Body = body
	q.Render(w, http.StatusOK, "outages", v)
	return nil
}

func (q *request) outagesPanel(ctx context.Context) (*kit.Panel, []kit.Row, error) {
	ids, categories := q.RuleCategories()
	res, err := q.Queries.Run(ctx, "page/outages", queries.Args{"as_of": q.AsOf, "region": q.Scope.Region, "org": q.Scope.Org,
		"rule_ids": ids, "rule_categories": categories})
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
// divisions that neither lie in his, or that of his organisation, nor hold it, of
// organisations elsewhere, and of sources that have sent nothing of it.
func (q *request) outagesSeen(ctx context.Context, rows []kit.Row) ([]kit.Row, error) {
	u, ok := access.FromContext(q.HTTP.Context())
	if !ok || !u.Limited() {
		return rows, nil
	}
	codes := []string{u.OrgCode}
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
	own := u.ScopeRegion
	if own == "" {
		own = regions[u.OrgCode]
	}
	return slices.DeleteFunc(rows, func(x kit.Row) bool {
		code := x.Text("code")
		switch x.Text("scope") {
		case "region":
			return own == "" || !access.Below(code, own) && !access.Below(own, code)
		case "org":
			x["region_code"] = regions[code]
			return !access.MaySee(u, access.RuleView, access.OutageTarget("org", code, regions[code], access.OwnOrgs(q.HTTP.Context())))
		case "source":
			return !x.Flag("sends")
		}
		return false // of everything: it concerns everybody
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
