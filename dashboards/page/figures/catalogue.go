package figures

import (
	"context"
	"net/http"
	"slices"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/metrics"
)

type catalogueBody struct {
	// Tabs are the groups of the catalogue, one of which is shown.
	Tabs  []kit.Link
	Group CatalogueGroup
	Panel *kit.Panel
}

// catalogueGroups are the sections of the domain guide's catalogue by the letter of their
// indicators; the first one is shown unless another is asked for.
func catalogueGroups() []string { return []string{"C", "D", "E", "F", "G", "A", "B"} }

// CatalogueGroup is a section of the catalogue.
type CatalogueGroup struct {
	Title string
	Rows  []CatalogueRow
}

// CatalogueRow is one indicator with its value in the scope.
type CatalogueRow struct {
	ID, Name, Identifier, Formula, Href string
	Value                               kit.Cell
}

var _ = pages.Show(route.Route{Pattern: "/indicators", Rule: route.Needs(access.FigureView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "indicators", At: 8}}, (*request).Indicators, "group")

// Indicators answers the catalogue with the value of each indicator.
func (q *request) Indicators(ctx context.Context, w http.ResponseWriter) error {
	group := q.Param("group")
	if group == "" {
		group = catalogueGroups()[0]
	}
	if !slices.Contains(catalogueGroups(), group) {
		return kit.BadAddress("group")
	}
	assumed, err := q.SettlePeriod(ctx)
	if err != nil {
		return err
	}
	parts := []kit.Part{{ID: "catalogue", Load: func(ctx context.Context) (*kit.Panel, error) {
		return q.cataloguePanel(ctx, group)
	}}}
	if sent, err := q.SentTable(ctx, w, parts); sent || err != nil {
		return err
	}
	data, err := q.LoadScope(ctx)
	if err != nil {
		return err
	}
	v := q.Frame("indicators", q.T("nav.indicators"))
	panels, err := q.LoadAll(ctx, parts, func(ctx context.Context) error { v.Stamp = q.LoadStamp(ctx); return nil })
	if err != nil {
		return err
	}
	body := catalogueBody{Panel: panels["catalogue"], Group: CatalogueGroup{Title: q.T("catalogue." + group)}}
	for _, g := range catalogueGroups() {
		body.Tabs = append(body.Tabs, kit.Link{Text: q.T("catalogue." + g), Href: q.Here("group", g), Current: g == group})
	}
	if t := body.Panel.Table; t != nil {
		for _, cells := range t.Rows {
			body.Group.Rows = append(body.Group.Rows, CatalogueRow{ID: cells[0].Text, Name: cells[1].Text, Identifier: cells[2].Text,
				Formula: cells[3].Text, Value: cells[6], Href: cells[0].Href})
		}
	}
	v.Scope, v.Body = q.ScopeForm(data, assumed), body
	v.Crumbs = q.Crumbs(data.Path)
	q.Render(w, http.StatusOK, "indicators", v)
	return nil
}

// cataloguePanel evaluates the indicators of one group.
func (q *request) cataloguePanel(ctx context.Context, group string) (*kit.Panel, error) {
	var all []metrics.Definition
	for _, ind := range q.Figures.Shown(ctx) {
		if ind.ID[:1] == group {
			all = append(all, ind)
		}
	}
	rows, err := q.evaluateAll(ctx, all)
	if err != nil {
		return nil, err
	}
	inputs, err := q.Figures.Inputs(ctx)
	if err != nil {
		return nil, err
	}
	t := &kit.Table{Columns: q.Cols("indicator", "name", "identifier", "formula", "numerator:num", "denominator:num", "value:num",
		"unit:hidden")}
	for i, ind := range all {
		id := q.CodeCell(ind.ID)
		id.Href = q.Scope.URL("/indicators/" + ind.ID)
		t.Rows = append(t.Rows, []kit.Cell{
			id, q.TextCell(q.Pick(ind.Zh, ind.En)), q.CodeCell(ind.Identifier), q.TextCell(q.formula(ind)),
			q.NumberCell(rows[i]["numerator"]), q.NumberCell(rows[i]["denominator"]), q.valueOrMissing(ind, rows[i], inputs),
			{Raw: string(kit.UnitOf(ind))},
		})
	}
	return &kit.Panel{Title: q.T("catalogue." + group), Table: t}, nil
}

// formula says in the reader's language how an indicator is counted.
func (q *request) formula(ind metrics.Definition) string {
	if text := q.Enum("formula", ind.ID); text != ind.ID {
		return text
	}
	text := q.Pick(ind.Numerator.Zh, ind.Numerator.En)
	if ind.Kind == metrics.Count {
		return text
	}
	return text + " ÷ " + q.Pick(ind.Denominator.Zh, ind.Denominator.En)
}
