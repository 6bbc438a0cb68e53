package page

import (
	"context"
	"net/http"

	"duban/dashboards/access"
	"duban/dashboards/route"
	"duban/metrics"
)

// Tile is one key figure.
type Tile struct {
	ID    string
	Label string
	Cell  Cell
	Href  string
	// Lead is the figure that the page is about.
	Lead bool
}

// TileGroup is a row of key figures with a heading.
type TileGroup struct {
	Title string
	Tiles []Tile
}

type overviewBody struct {
	Groups []TileGroup
	Panels map[string]*Panel
	// Heading and Sub name the region or organisation of the page.
	Heading string
	Sub     string
	Links   []Link
}

// headline are the key figures by group; the first one leads.
func headline() []struct {
	group string
	ids   []string
} {
	return []struct {
		group string
		ids   []string
	}{
		{"timeliness", []string{"D01", "C05", "D05"}},
		{"volume", []string{"C01", "C02", "C03", "C04"}},
		{"service", []string{"C07", "E02", "E05"}},
		{"hotline", []string{"F01", "F06"}},
	}
}

var _ = register(route.Route{Pattern: "/", Rule: route.Needs(access.FigureView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "overview", At: 1}}, (*Site).Overview)

// Overview answers the first page: the figures of the whole scope.
func (s *Site) Overview(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r, "rank")
	if err != nil {
		q.fail(w, err)
		return
	}
	s.overview(w, r, q, "overview", nil)
}

// overview answers the first page and, with more, the pages of a region and
// of an organisation, which show the same figures in their scope.
func (s *Site) overview(w http.ResponseWriter, r *http.Request, q *request, name string,
	more func(context.Context, scopeData, *overviewBody, *View) error) {
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	assumed, err := q.settlePeriod(ctx)
	if err != nil {
		q.fail(w, err)
		return
	}
	if table, ok := q.wantsCSV(); ok {
		if err := q.csv(ctx, w, table, q.overviewParts()); err != nil {
			q.fail(w, err)
		}
		return
	}
	data, err := q.loadScope(ctx)
	if err != nil {
		q.fail(w, err)
		return
	}
	body := &overviewBody{}
	v := q.frame(name, q.T("nav.overview"))
	body.Panels, err = q.loadAll(ctx, q.overviewParts(), func(ctx context.Context) error {
		v.Stamp = q.loadStamp(ctx)
		return nil
	})
	if err != nil {
		q.fail(w, err)
		return
	}
	body.Groups = q.tiles(body.Panels["figures"])
	body.Heading = q.T("overview.heading")
	v.Crumbs = q.crumbs(data.path)
	v.Scope = q.form(data, assumed)
	v.HasCharts = hasCharts(body.Panels)
	v.Body = body
	if more != nil {
		if err := more(ctx, data, body, v); err != nil {
			q.fail(w, err)
			return
		}
	}
	q.render(w, http.StatusOK, "overview", v)
}

func (q *request) overviewParts() []part {
	parts := []part{
		{"figures", q.figuresPanel},
		{"trend", q.trendPanel},
		{"regions", q.regionsPanel},
		{"ranking", q.rankingPanel},
		{"channels", q.channelsPanel},
		{"transitions", q.transitionsPanel},
	}
	if q.mayOpen("/cases") { // it names single cases
		parts = append(parts, part{"overdue", q.overduePanel})
	}
	return parts
}

// figuresPanel evaluates the key figures; it is shown as tiles and exported
// as a table.
func (q *request) figuresPanel(ctx context.Context) (*Panel, error) {
	var known []metrics.Definition
	for _, group := range headline() {
		for _, id := range group.ids {
			if ind, ok := q.Figures.find(id); ok {
				known = append(known, ind)
			}
		}
	}
	rows, err := q.evaluateAll(ctx, known)
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: q.cols("indicator", "name", "numerator:num", "denominator:num", "value:num")}
	for i, ind := range known {
		value := q.valueCell(ind, rows[i])
		value.Href = q.scope.URL("/indicators/" + ind.ID)
		t.Rows = append(t.Rows, []Cell{
			q.codeCell(ind.ID), q.textCell(q.Pick(ind.Zh, ind.En)), q.numberCell(rows[i]["numerator"]),
			q.numberCell(rows[i]["denominator"]), value,
		})
	}
	return &Panel{Title: q.T("panel.figures"), Table: t}, nil
}

// tiles groups the rows of the figures table for the eye.
func (q *request) tiles(p *Panel) []TileGroup {
	if p == nil || p.Table == nil {
		return nil
	}
	byID := map[string][]Cell{}
	for _, cells := range p.Table.Rows {
		byID[cells[0].Text] = cells
	}
	var out []TileGroup
	for i, group := range headline() {
		g := TileGroup{Title: q.T("group." + group.group)}
		for j, id := range group.ids {
			cells, ok := byID[id]
			if !ok {
				continue
			}
			g.Tiles = append(g.Tiles, Tile{ID: id, Label: cells[1].Text, Cell: cells[4], Href: cells[4].Href, Lead: i == 0 && j == 0})
		}
		out = append(out, g)
	}
	return out
}

// channelsPanel is the mix of channels of application.
func (q *request) channelsPanel(ctx context.Context) (*Panel, error) {
	return q.mixPanel(ctx, "C01", "channels", "channel", "apply_channel")
}

// transitionsPanel lists the pairs of activities that take most time in all, of
// the cases and tickets of the region and organisation of the page. Without a
// source in the scope it is the one that was last active there.
func (q *request) transitionsPanel(ctx context.Context) (*Panel, error) {
	p := &Panel{Title: q.T("panel.transitions"), Table: &Table{Columns: q.cols("from", "to"), Empty: q.T("empty.process")}}
	of := *q
	if of.scope.Source == "" {
		sources, err := q.processSources(ctx)
		if err != nil || len(sources) == 0 {
			return p, err
		}
		of.scope.Source = sources[0].text("source_sys")
	}
	rows, err := of.transitions(ctx, 8)
	if err != nil {
		return nil, err
	}
	p.Note = q.T("note.transitions", "Source", of.scope.Source)
	p.Table = q.transitionTable(rows)
	if q.mayOpen("/process") {
		p.Links = []Link{{Text: q.T("link.process"), Href: of.scope.URL("/process")}}
	}
	return p, nil
}

// overduePanel lists the cases behind C05: open and overdue at the end of the
// period, or as of the instant asked for when the period has not ended by then.
func (q *request) overduePanel(ctx context.Context) (*Panel, error) {
	args := q.processArgs()
	args["max_rows"] = 8
	res, err := q.Queries.Run(ctx, "page/overdue", args)
	if err != nil {
		return nil, err
	}
	rows := rowsOf(res)
	n, err := q.namesOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: q.cols("case_no", "source_sys:hidden", "org_code", "region_code", "promise_due:time", "overdue_hours:num"),
		Empty: q.T("empty.overdue")}
	p := &Panel{Title: q.T("panel.overdue"), Table: t}
	for _, r := range rows {
		overdue := q.hoursCell(r["overdue_hours"])
		overdue.Class = "num bad"
		t.Rows = append(t.Rows, []Cell{
			q.caseCell(r.text("source_sys"), r.text("case_no")), q.textCell(r.text("source_sys")),
			q.orgCell(n, r.text("org_code")), q.regionCell(n, r.text("region_code")), q.dayCell(r.instant("promise_due")), overdue,
		})
		p.Note = q.T("note.overdue", "N", q.Count(r.whole("total")), "At", q.Instant(r.instant("judged_at")))
	}
	p.Links = []Link{{Text: q.T("link.all"), Href: q.scope.URL("/cases", "indicator", "C05")}}
	return p, nil
}
