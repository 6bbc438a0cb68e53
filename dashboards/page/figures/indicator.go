package figures

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

// valueOrMissing writes the value of an indicator, or which input it lacks: what nobody
// sent is not nought.
func (q *request) valueOrMissing(ind metrics.Definition, r kit.Row, inputs metrics.Inputs) kit.Cell {
	if missing := inputs.Missing(ind); len(missing) > 0 {
		c := kit.NullCell()
		c.Title = q.T("indicator.missing", "Inputs", strings.Join(missing, ", "))
		return c
	}
	return q.ValueCell(ind, r)
}

type indicatorBody struct {
	Indicator metrics.Definition
	Better    string
	Name      string
	Formula   string
	// About says what it is good for, Edge what counts how at the edges.
	About, Edge string
	Value       kit.Cell
	Numerator   kit.Cell
	Denom       kit.Cell
	Extra       []kit.Term
	By          []kit.Link
	// Attributes are further ways to group, in the words of the sources.
	Attributes []kit.Link
	Panel      *kit.Panel
	Evidence   []kit.Link
}

// attributePrefix begins a dimension that a source named.
const attributePrefix = "attribute:"

// maxAttributes bounds the attributes that a page offers; any can be asked for by
// its address.
const maxAttributes = 40

var _ = pages.Show(route.Route{Pattern: "/indicators/{id}", Rule: route.Needs(access.FigureView),
	Scope: route.ByFilter()}, (*request).Indicator, "by", "known_at")

// Indicator answers the page of one indicator.
func (q *request) Indicator(ctx context.Context, w http.ResponseWriter) error {
	id := q.HTTP.PathValue("id")
	ind, ok := q.Figures.Find(id)
	if !ok || ind.Internal && kit.IsPublic(ctx) {
		return kit.ErrNotFound
	}
	by := q.Param("by")
	attribute, ofSource := strings.CutPrefix(by, attributePrefix)
	known := func(d queries.Dimension) bool { return d.Name == by }
	if by != "" && !ofSource && !slices.ContainsFunc(q.Figures.Grains[ind.ID], known) {
		return kit.BadAddress("by")
	}
	if by == "" {
		by = "month"
	}
	assumed, err := q.SettlePeriod(ctx)
	var attributes []string
	if err == nil && !kit.IsPublic(ctx) { // the sources' own words are not for the public
		attributes, err = q.Figures.Attributes(ctx, ind, q.Scope.Source)
	}
	if err == nil && ofSource && !slices.Contains(attributes, attribute) {
		err = kit.BadAddress("by")
	}
	if err != nil {
		return err
	}
	parts := []kit.Part{{ID: "values", Load: func(ctx context.Context) (*kit.Panel, error) { return q.valuesPanel(ctx, ind, by) }}}
	if sent, err := q.SentTable(ctx, w, parts); sent || err != nil {
		return err
	}
	data, err := q.LoadScope(ctx)
	if err != nil {
		return err
	}
	v := q.Frame("indicators", ind.ID+" "+q.Pick(ind.Zh, ind.En))
	body := &indicatorBody{Indicator: ind, Better: string(ind.Better), Name: q.Pick(ind.Zh, ind.En), Formula: q.formula(ind),
		About: q.Pick(ind.About.Zh, ind.About.En), Edge: q.Pick(ind.Edge.Zh, ind.Edge.En)}
	panels, err := q.LoadAll(ctx, parts,
		func(ctx context.Context) error { v.Stamp = q.LoadStamp(ctx); return nil },
		func(ctx context.Context) error { return q.total(ctx, ind, body) })
	if err != nil {
		return err
	}
	body.Panel = panels["values"]
	for _, d := range q.Figures.Grains[ind.ID] {
		body.By = append(body.By, kit.Link{Text: q.Pick(d.Zh, d.En), Href: q.Here("by", d.Name), Current: d.Name == by})
	}
	for i, name := range attributes {
		if i == maxAttributes && name != attribute {
			break
		}
		body.Attributes = append(body.Attributes,
			kit.Link{Text: name, Href: q.Here("by", attributePrefix+name), Current: ofSource && name == attribute})
	}
	body.Evidence = q.evidenceLinks(ind)
	v.Crumbs = []kit.Link{{Text: q.T("nav.indicators"), Href: q.Scope.URL("/indicators")}, {Text: ind.ID, Current: true}}
	v.Scope, v.HasCharts, v.Body = q.ScopeForm(data, assumed), kit.HasCharts(panels), body
	q.Render(w, http.StatusOK, "indicator", v)
	return nil
}

// total is the figure over the whole scope. A figure that is a list by nature,
// such as the share of each step, has none.
func (q *request) total(ctx context.Context, ind metrics.Definition, body *indicatorBody) error {
	res, err := q.Figures.Evaluate(ctx, q.Figure(ind.ID))
	if err != nil {
		return err
	}
	r := kit.Row{}
	if rows := kit.RowsOf(res); len(rows) == 1 {
		r = rows[0]
	}
	inputs, err := q.Figures.Inputs(ctx)
	if err != nil {
		return err
	}
	body.Value, body.Numerator, body.Denom = q.valueOrMissing(ind, r, inputs), q.NumberCell(r["numerator"]), q.NumberCell(r["denominator"])
	for _, key := range extraColumns(columnNames(res.Columns), nil) {
		if r[key] != nil {
			body.Extra = append(body.Extra, kit.Term{Name: q.extraLabel(key), Cell: q.extraCell(key, r[key])})
		}
	}
	return nil
}

func (q *request) evidenceLinks(ind metrics.Definition) []kit.Link {
	if !kit.Listed(ind) {
		return nil
	}
	list := "/cases"
	if ind.Subject == metrics.Ticket {
		list = "/tickets"
	}
	link := func(role string) kit.Link {
		text := q.T("role.all")
		if role != "" {
			text = q.T("role." + role)
		}
		return kit.Link{Text: text, Href: q.Scope.URL(list, "indicator", ind.ID, "role", role)}
	}
	u := kit.UnitOf(ind)
	if u == kit.UnitCount || u == kit.UnitStep {
		return []kit.Link{link("")}
	}
	if u == kit.UnitRate {
		return []kit.Link{link("numerator"), link("rest"), link("denominator")}
	}
	return []kit.Link{link("denominator")}
}

// maxBars bounds the groups in a chart; the table has all of them.
const maxBars = 36

// valuesPanel is an indicator by one dimension.
func (q *request) valuesPanel(ctx context.Context, ind metrics.Definition, by string) (*kit.Panel, error) {
	res, err := q.Figures.Evaluate(ctx, q.Figure(ind.ID, by))
	if err != nil {
		return nil, err
	}
	rows := kit.RowsOf(res)
	n, err := q.NamesOf(ctx, rows, map[string]string{"org": "org", "item": "item", "region": "region", "province": "region", "city": "region",
		"county": "region", "township": "region", "village": "region"})
	if err != nil {
		return nil, err
	}
	u, keys := kit.UnitOf(ind), []string{by}
	columns := columnNames(res.Columns)
	if ind.Split != "" && by != ind.Split {
		keys = append(keys, ind.Split)
	}
	extras := extraColumns(columns, keys)
	t := &kit.Table{Empty: q.T("empty.period")}
	for _, k := range keys {
		t.Columns = append(t.Columns, kit.Column{Key: k, Label: q.dimension(ind, k)})
	}
	t.Columns = append(t.Columns, q.Cols("numerator:num", "denominator:num", "value:num")...)
	if u == kit.UnitCount {
		t.Columns = append(t.Columns[:len(keys)], q.Cols("value:num")...)
	}
	for _, k := range extras {
		t.Columns = append(t.Columns, kit.Column{Key: k, Label: q.extraLabel(k), Class: "num"})
	}
	if _, file := q.WantsCSV(); !file && !timeDimension(by) {
		sort.SliceStable(rows, func(i, j int) bool { return bigger(rows[i], rows[j]) })
	}
	s := chart.Series{Name: q.Pick(ind.Zh, ind.En), Color: chart.Series1}
	var labels []string
	for _, r := range rows {
		var cells []kit.Cell
		for _, k := range keys {
			cells = append(cells, q.keyCell(n, ind, k, r.Text(k)))
		}
		label := cells[len(cells)-1].Text
		value := q.ValueCell(ind, r)
		if u == kit.UnitRate {
			value = q.sampled(value, r["denominator"])
		}
		if u != kit.UnitCount {
			cells = append(cells, q.NumberCell(r["numerator"]), q.NumberCell(r["denominator"]))
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
	p := &kit.Panel{Title: q.T("panel.values", "By", q.dimension(ind, by)), Table: t, TableOpen: true}
	if len(rows) == 0 || len(keys) > 1 {
		return p, nil
	}
	options, err := chart.Bars(labels, s)
	if timeDimension(by) {
		options, err = chart.Columns(labels, s, u == kit.UnitRate)
	}
	if err != nil {
		return nil, err
	}
	if len(rows) > maxBars {
		p.Note = q.T("note.bars", "N", q.Count(maxBars), "All", q.Count(int64(len(rows))))
	}
	if !timeDimension(by) {
		order := "note.by_value"
		if u != kit.UnitCount {
			order = "note.by_denominator"
		}
		p.Note = strings.TrimSpace(q.T(order) + " " + p.Note)
	}
	p.Chart = &kit.Chart{ID: "values", Label: q.T("chart.values", "Name", s.Name, "By", q.dimension(ind, by)), Options: template.JS(options),
		Tall: len(labels) > 14 && !timeDimension(by)}
	return p, nil
}

func (q *request) valuePoint(ind metrics.Definition, c kit.Cell) chart.Point {
	p := point(c)
	if kit.UnitOf(ind) == kit.UnitRate {
		p.Value = c.Share
	}
	return p
}

// bigger sorts groups by denominator, or by value where there is none.
func bigger(a, b kit.Row) bool {
	x, xok := a.Num("denominator")
	y, yok := b.Num("denominator")
	if !xok || !yok || x == y {
		x, _ = a.Num("value")
		y, _ = b.Num("value")
	}
	return x > y
}
