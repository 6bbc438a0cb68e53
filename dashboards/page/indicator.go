package page

import (
	"context"
	"html/template"
	"net/http"
	"slices"
	"sort"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/chart"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/metrics"
	"duban/queries"
)

type catalogueBody struct {
	Groups []CatalogueGroup
	Panel  *Panel
}

// CatalogueGroup is a section of the catalogue.
type CatalogueGroup struct {
	Title string
	Rows  []CatalogueRow
}

// CatalogueRow is one indicator with its value in the scope.
type CatalogueRow struct {
	ID, Name, Identifier, Formula, Href string
	Value                               Cell
}

var _ = register(route.Route{Pattern: "/indicators", Rule: route.Needs(access.FigureView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "indicators", At: 8}}, (*Site).Indicators)

// Indicators answers the catalogue with the value of each indicator.
func (s *Site) Indicators(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r)
	if err != nil {
		q.fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	assumed, err := q.settlePeriod(ctx)
	if err != nil {
		q.fail(w, err)
		return
	}
	parts := []part{{"catalogue", q.cataloguePanel}}
	if table, ok := q.wantsCSV(); ok {
		if err := q.csv(ctx, w, table, parts); err != nil {
			q.fail(w, err)
		}
		return
	}
	data, err := q.loadScope(ctx)
	if err != nil {
		q.fail(w, err)
		return
	}
	v := q.frame("indicators", q.T("nav.indicators"))
	panels, err := q.loadAll(ctx, parts, func(ctx context.Context) error { v.Stamp = q.loadStamp(ctx); return nil })
	if err != nil {
		q.fail(w, err)
		return
	}
	body := catalogueBody{Panel: panels["catalogue"]}
	if t := body.Panel.Table; t != nil {
		for _, cells := range t.Rows {
			id := cells[0].Text
			if n := len(body.Groups); n == 0 || body.Groups[n-1].Title != q.T("catalogue."+id[:1]) {
				body.Groups = append(body.Groups, CatalogueGroup{Title: q.T("catalogue." + id[:1])})
			}
			g := &body.Groups[len(body.Groups)-1]
			g.Rows = append(g.Rows, CatalogueRow{ID: id, Name: cells[1].Text, Identifier: cells[2].Text, Formula: cells[3].Text,
				Value: cells[6], Href: cells[0].Href})
		}
	}
	v.Scope, v.Body = q.form(data, assumed), body
	v.Crumbs = q.crumbs(data.path)
	q.render(w, http.StatusOK, "indicators", v)
}

func (q *request) cataloguePanel(ctx context.Context) (*Panel, error) {
	all := q.Figures.catalogue
	rows, err := q.evaluateAll(ctx, all)
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: q.cols("indicator", "name", "identifier", "formula", "numerator:num", "denominator:num", "value:num", "unit:hidden")}
	for i, ind := range all {
		id := q.codeCell(ind.ID)
		id.Href = q.scope.URL("/indicators/" + ind.ID)
		t.Rows = append(t.Rows, []Cell{
			id, q.textCell(q.Pick(ind.Zh, ind.En)), q.codeCell(ind.Identifier), q.textCell(q.formula(ind)),
			q.numberCell(rows[i]["numerator"]), q.numberCell(rows[i]["denominator"]), q.valueCell(ind, rows[i]), {Raw: string(unitOf(ind))},
		})
	}
	return &Panel{Title: q.T("nav.indicators"), Table: t}, nil
}

// formula says in the reader's language how an indicator is counted.
func (q *request) formula(ind metrics.Definition) string {
	if text := q.Enum("formula", ind.ID); text != ind.ID {
		return text
	}
	return ind.Formula
}

type indicatorBody struct {
	Indicator metrics.Definition
	Better    string
	Name      string
	Formula   string
	Value     Cell
	Numerator Cell
	Denom     Cell
	Extra     []Term
	By        []Link
	// Attributes are further ways to group, in the words of the sources.
	Attributes []Link
	Panel      *Panel
	Evidence   []Link
}

// attributePrefix begins a dimension that a source named.
const attributePrefix = "attribute:"

// maxAttributes bounds the attributes that a page offers; any can be asked for by
// its address.
const maxAttributes = 40

var _ = register(route.Route{Pattern: "/indicators/{id}", Rule: route.Needs(access.FigureView),
	Scope: route.ByFilter()}, (*Site).Indicator)

// Indicator answers the page of one indicator.
func (s *Site) Indicator(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	q, err := s.begin(r, "by")
	ind, ok := s.Figures.find(id)
	if err == nil && !ok {
		err = errNotFound
	}
	by := q.param("by")
	attribute, ofSource := strings.CutPrefix(by, attributePrefix)
	known := func(d queries.Dimension) bool { return d.Name == by }
	if err == nil && by != "" && !ofSource && !slices.ContainsFunc(s.Figures.grains[ind.ID], known) {
		err = kit.BadAddress("by")
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	if by == "" {
		by = "month"
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	assumed, err := q.settlePeriod(ctx)
	var attributes []string
	if err == nil && !public(ctx) { // the sources' own words are not for the public
		attributes, err = q.Figures.Attributes(ctx, ind, q.scope.Source)
	}
	if err == nil && ofSource && !slices.Contains(attributes, attribute) {
		err = kit.BadAddress("by")
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	parts := []part{{"values", func(ctx context.Context) (*Panel, error) { return q.valuesPanel(ctx, ind, by) }}}
	if table, ok := q.wantsCSV(); ok {
		if err := q.csv(ctx, w, table, parts); err != nil {
			q.fail(w, err)
		}
		return
	}
	data, err := q.loadScope(ctx)
	if err != nil {
		q.fail(w, err)
		return
	}
	v := q.frame("indicators", ind.ID+" "+q.Pick(ind.Zh, ind.En))
	body := &indicatorBody{Indicator: ind, Better: string(ind.Better), Name: q.Pick(ind.Zh, ind.En), Formula: q.formula(ind)}
	panels, err := q.loadAll(ctx, parts,
		func(ctx context.Context) error { v.Stamp = q.loadStamp(ctx); return nil },
		func(ctx context.Context) error { return q.total(ctx, ind, body) })
	if err != nil {
		q.fail(w, err)
		return
	}
	body.Panel = panels["values"]
	for _, d := range q.Figures.grains[ind.ID] {
		body.By = append(body.By, Link{Text: q.Pick(d.Zh, d.En), Href: q.here("by", d.Name), Current: d.Name == by})
	}
	for i, name := range attributes {
		if i == maxAttributes && name != attribute {
			break
		}
		body.Attributes = append(body.Attributes,
			Link{Text: name, Href: q.here("by", attributePrefix+name), Current: ofSource && name == attribute})
	}
	body.Evidence = q.evidenceLinks(ind)
	v.Crumbs = []Link{{Text: q.T("nav.indicators"), Href: q.scope.URL("/indicators")}, {Text: ind.ID, Current: true}}
	v.Scope, v.HasCharts, v.Body = q.form(data, assumed), hasCharts(panels), body
	q.render(w, http.StatusOK, "indicator", v)
}

// total is the figure over the whole scope. A figure that is a list by nature,
// such as the share of each step, has none.
func (q *request) total(ctx context.Context, ind metrics.Definition, body *indicatorBody) error {
	res, err := q.Figures.Evaluate(ctx, q.figure(ind.ID))
	if err != nil {
		return err
	}
	r := row{}
	if rows := rowsOf(res); len(rows) == 1 {
		r = rows[0]
	}
	body.Value, body.Numerator, body.Denom = q.valueCell(ind, r), q.numberCell(r["numerator"]), q.numberCell(r["denominator"])
	for _, key := range extraColumns(columnNames(res.Columns), nil) {
		if r[key] != nil {
			body.Extra = append(body.Extra, Term{q.extraLabel(key), q.extraCell(key, r[key])})
		}
	}
	return nil
}

func (q *request) evidenceLinks(ind metrics.Definition) []Link {
	list := "/cases"
	if ind.Subject == metrics.Ticket {
		list = "/tickets"
	}
	link := func(role string) Link {
		text := q.T("role.all")
		if role != "" {
			text = q.T("role." + role)
		}
		return Link{Text: text, Href: q.scope.URL(list, "indicator", ind.ID, "role", role)}
	}
	u := unitOf(ind)
	if u == unitCount || u == unitStep {
		return []Link{link("")}
	}
	if u == unitRate {
		return []Link{link("numerator"), link("rest"), link("denominator")}
	}
	return []Link{link("denominator")}
}

// maxBars bounds the groups in a chart; the table has all of them.
const maxBars = 36

// valuesPanel is an indicator by one dimension.
func (q *request) valuesPanel(ctx context.Context, ind metrics.Definition, by string) (*Panel, error) {
	res, err := q.Figures.Evaluate(ctx, q.figure(ind.ID, by))
	if err != nil {
		return nil, err
	}
	rows := rowsOf(res)
	n, err := q.namesOf(ctx, rows, map[string]string{"org": "org", "item": "item", "region": "region", "province": "region", "city": "region",
		"county": "region", "township": "region", "village": "region"})
	if err != nil {
		return nil, err
	}
	u, keys := unitOf(ind), []string{by}
	columns := columnNames(res.Columns)
	if by != "step" && slices.Contains(columns, "step") {
		keys = append(keys, "step")
	}
	extras := extraColumns(columns, keys)
	t := &Table{Empty: q.T("empty.period")}
	for _, k := range keys {
		t.Columns = append(t.Columns, Column{Key: k, Label: q.dimension(ind, k)})
	}
	t.Columns = append(t.Columns, q.cols("numerator:num", "denominator:num", "value:num")...)
	if u == unitCount {
		t.Columns = append(t.Columns[:len(keys)], q.cols("value:num")...)
	}
	for _, k := range extras {
		t.Columns = append(t.Columns, Column{Key: k, Label: q.extraLabel(k), Class: "num"})
	}
	if _, file := q.wantsCSV(); !file && !timeDimension(by) {
		sort.SliceStable(rows, func(i, j int) bool { return bigger(rows[i], rows[j]) })
	}
	s := chart.Series{Name: q.Pick(ind.Zh, ind.En), Color: chart.Series1}
	var labels []string
	for _, r := range rows {
		var cells []Cell
		for _, k := range keys {
			cells = append(cells, q.keyCell(n, ind, k, r.text(k)))
		}
		label := cells[len(cells)-1].Text
		value := q.valueCell(ind, r)
		if u == unitRate {
			value = q.sampled(value, r["denominator"])
		}
		if u != unitCount {
			cells = append(cells, q.numberCell(r["numerator"]), q.numberCell(r["denominator"]))
		}
		cells = append(cells, value)
		for _, k := range extras {
			cells = append(cells, q.extraCell(k, r[k]))
		}
		t.Rows = append(t.Rows, cells)
		if len(labels) < maxBars {
			labels = append(labels, label)
			s.Points = append(s.Points, q.valuePoint(ind, value))
		}
	}
	p := &Panel{Title: q.T("panel.values", "By", q.dimension(ind, by)), Table: t, TableOpen: true}
	if len(rows) == 0 || len(keys) > 1 {
		return p, nil
	}
	options, err := chart.Bars(labels, s)
	if timeDimension(by) {
		options, err = chart.Columns(labels, s, u == unitRate)
	}
	if err != nil {
		return nil, err
	}
	if len(rows) > maxBars {
		p.Note = q.T("note.bars", "N", q.Count(maxBars), "All", q.Count(int64(len(rows))))
	}
	if !timeDimension(by) {
		order := "note.by_value"
		if u != unitCount {
			order = "note.by_denominator"
		}
		p.Note = strings.TrimSpace(q.T(order) + " " + p.Note)
	}
	p.Chart = &Chart{ID: "values", Label: q.T("chart.values", "Name", s.Name, "By", q.dimension(ind, by)), Options: template.JS(options),
		Tall: len(labels) > 14 && !timeDimension(by)}
	return p, nil
}

func (q *request) valuePoint(ind metrics.Definition, c Cell) chart.Point {
	p := point(c)
	if unitOf(ind) == unitRate {
		p.Value = c.Share
	}
	return p
}

func timeDimension(by string) bool {
	return slices.Contains([]string{"day", "week", "month", "quarter", "year"}, by)
}

// bigger sorts groups by denominator, or by value where there is none.
func bigger(a, b row) bool {
	x, xok := a.num("denominator")
	y, yok := b.num("denominator")
	if !xok || !yok || x == y {
		x, _ = a.num("value")
		y, _ = b.num("value")
	}
	return x > y
}

// keyCell names one group of a dimension.
func (q *request) keyCell(n names, ind metrics.Definition, by, v string) Cell {
	if v == "" {
		return Cell{Text: q.T("value.none"), Raw: "", Class: "muted"}
	}
	switch by {
	case "org":
		return q.orgCell(n, v)
	case "item":
		return q.itemCell(n, v)
	case "region", "province", "city", "county", "township", "village":
		return q.regionCell(n, v)
	case "channel":
		return q.enumCell(map[metrics.Subject]string{metrics.Case: "apply_channel", metrics.Ticket: "ticket_channel",
			metrics.Rating: "rating_channel"}[ind.Subject], v)
	case "kind":
		return q.enumCell("ticket_type", v)
	case "level":
		return q.enumCell("rating_level", v)
	case "item_type", "project_type":
		return q.enumCell(by, v)
	}
	return q.textCell(v)
}

// dimension is the name of a dimension of an indicator.
func (q *request) dimension(ind metrics.Definition, name string) string {
	for _, d := range q.Figures.grains[ind.ID] {
		if d.Name == name {
			return q.Pick(d.Zh, d.En)
		}
	}
	if attribute, ok := strings.CutPrefix(name, attributePrefix); ok {
		return attribute
	}
	return q.T("col." + name)
}
