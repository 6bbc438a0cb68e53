package figures

import (
	"context"
	"net/http"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/metrics"
)

// Tile is one key figure.
type Tile struct {
	ID    string
	Label string
	Cell  kit.Cell
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
	Panels map[string]*kit.Panel
	// Heading and Sub name the region or organisation of the page.
	Heading string
	Sub     string
	Links   []kit.Link
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

var _ = pages.Show(route.Route{Pattern: "/", Rule: route.Needs(access.FigureView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "overview", At: 1}}, (*request).Overview, "rank")

// Overview answers the first page: the figures of the whole scope.
func (q *request) Overview(ctx context.Context, w http.ResponseWriter) error {
	return q.overview(ctx, w, "overview", nil)
}

// overview answers the first page and, with more, the pages of a region and
// of an organisation, which show the same figures in their scope.
func (q *request) overview(ctx context.Context, w http.ResponseWriter, name string,
	more func(context.Context, kit.ScopeData, *overviewBody, *kit.View) error) error {
	assumed, err := q.SettlePeriod(ctx)
	if err != nil {
		return err
	}
	if sent, err := q.SentTable(ctx, w, q.overviewParts()); sent || err != nil {
		return err
	}
	data, err := q.LoadScope(ctx)
	if err != nil {
		return err
	}
	ctx = q.inOneLook(ctx, false)
	body := &overviewBody{}
	v := q.Frame(name, q.T("nav.overview"))
	body.Panels, err = q.LoadAll(ctx, q.overviewParts(), func(ctx context.Context) error {
		v.Stamp = q.LoadStamp(ctx)
		return nil
	})
	if err != nil {
		return err
	}
	body.Groups = q.tiles(body.Panels["figures"])
	body.Heading = q.T("overview.heading")
	v.Crumbs = q.Crumbs(data.Path)
	v.Scope = q.ScopeForm(data, assumed)
	v.HasCharts = kit.HasCharts(body.Panels)
	v.Body = body
	if more != nil {
		if err := more(ctx, data, body, v); err != nil {
			return err
		}
	}
	q.Render(w, http.StatusOK, "overview", v)
	return nil
}

func (q *request) overviewParts() []kit.Part {
	parts := []kit.Part{
		{ID: "figures", Load: q.figuresPanel},
		{ID: "trend", Load: q.trendPanel},
		{ID: "regions", Load: q.regionsPanel},
		{ID: "ranking", Load: q.rankingPanel},
		{ID: "channels", Load: q.channelsPanel},
		{ID: "transitions", Load: q.transitionsPanel},
	}
	if q.MayOpen("/cases") { // it names single cases
		parts = append(parts, kit.Part{ID: "overdue", Load: q.overduePanel})
	}
	return parts
}

// figuresPanel evaluates the key figures; it is shown as tiles and exported
// as a table.
func (q *request) figuresPanel(ctx context.Context) (*kit.Panel, error) {
	var known []metrics.Definition
	for _, group := range headline() {
		for _, id := range group.ids {
			if ind, ok := q.Figures.Find(id); ok {
				known = append(known, ind)
			}
		}
	}
	rows, err := q.evaluateAll(ctx, known)
	if err != nil {
		return nil, err
	}
	t := &kit.Table{Columns: q.Cols("indicator", "name", "numerator:num", "denominator:num", "value:num")}
	for i, ind := range known {
		value := q.ValueCell(ind, rows[i])
		value.Href = q.Scope.URL("/indicators/" + ind.ID)
		t.Rows = append(t.Rows, []kit.Cell{
			q.CodeCell(ind.ID), q.TextCell(q.Pick(ind.Zh, ind.En)), q.NumberCell(rows[i]["numerator"]),
			q.NumberCell(rows[i]["denominator"]), value,
		})
	}
	return &kit.Panel{Title: q.T("panel.figures"), Table: t}, nil
}

// tiles groups the rows of the figures table for the eye.
func (q *request) tiles(p *kit.Panel) []TileGroup {
	if p == nil || p.Table == nil {
		return nil
	}
	byID := map[string][]kit.Cell{}
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
func (q *request) channelsPanel(ctx context.Context) (*kit.Panel, error) {
	return q.mixPanel(ctx, "C01", "channels", "channel", "apply_channel")
}

// transitionsPanel lists the pairs of activities that take most time in all, of
// the cases and tickets of the region and organisation of the page. Without a
// source in the scope it is the one that was last active there.
func (q *request) transitionsPanel(ctx context.Context) (*kit.Panel, error) {
	p := &kit.Panel{Title: q.T("panel.transitions"), Table: &kit.Table{Columns: q.Cols("from", "to"), Empty: q.T("empty.process")}}
	of := *q
	if of.Scope.Source == "" {
		sources, err := q.ProcessSources(ctx)
		if err != nil || len(sources) == 0 {
			return p, err
		}
		of.Scope.Source = sources[0].Text("source_sys")
	}
	rows, err := of.Transitions(ctx, 8)
	if err != nil {
		return nil, err
	}
	p.Note = q.T("note.transitions", "Source", of.Scope.Source)
	p.Table = q.TransitionTable(rows)
	if q.MayOpen("/process") {
		p.Links = []kit.Link{{Text: q.T("link.process"), Href: of.Scope.URL("/process")}}
	}
	return p, nil
}

// overduePanel lists the cases behind C05: open and overdue at the end of the
// period, or as of the instant asked for when the period has not ended by then.
func (q *request) overduePanel(ctx context.Context) (*kit.Panel, error) {
	args := q.PeriodArgs()
	args["max_rows"] = 8
	res, err := q.Queries.Run(ctx, "page/overdue", args)
	if err != nil {
		return nil, err
	}
	rows := kit.RowsOf(res)
	n, err := q.NamesOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	t := &kit.Table{Columns: q.Cols("case_no", "source_sys:hidden", "org_code", "region_code", "promise_due:time", "overdue_hours:num"),
		Empty: q.T("empty.overdue")}
	p := &kit.Panel{Title: q.T("panel.overdue"), Table: t}
	for _, r := range rows {
		overdue := q.HoursCell(r["overdue_hours"])
		overdue.Class = "num bad"
		t.Rows = append(t.Rows, []kit.Cell{
			q.CaseCell(r.Text("source_sys"), r.Text("case_no")), q.TextCell(r.Text("source_sys")),
			q.OrgCell(n, r.Text("org_code")), q.RegionCell(n, r.Text("region_code")), q.DayCell(r.Instant("promise_due")), overdue,
		})
		p.Note = q.T("note.overdue", "N", q.Count(r.Whole("total")), "At", q.Instant(r.Instant("judged_at")))
	}
	p.Links = []kit.Link{{Text: q.T("link.all"), Href: q.Scope.URL("/cases", "indicator", "C05")}}
	return p, nil
}
