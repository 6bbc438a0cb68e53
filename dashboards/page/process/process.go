package process

import (
	"context"
	"html/template"
	"net/http"
	"sort"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/chart"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
)

type processBody struct {
	Source  string
	Sources []kit.Link
	Panels  map[string]*kit.Panel
}

var _ = pages.Show(route.Route{Pattern: "/process", Rule: route.Needs(access.CaseView),
	Scope: route.Everything("variants are of a whole source, and often of one case"),
	Nav:   route.Nav{Group: route.Main, Name: "process", At: 7}}, (*request).Process)

// Process answers the page about how work runs: which activity follows which,
// the variants, the durations.
func (q *request) Process(ctx context.Context, w http.ResponseWriter) error {
	sources, err := q.ProcessSources(ctx)
	if err != nil {
		return err
	}
	if q.Scope.Source == "" && len(sources) > 0 {
		q.Scope.Source = sources[0].Text("source_sys")
	}
	assumed, err := q.SettlePeriod(ctx)
	if err != nil {
		return err
	}
	parts := []kit.Part{
		{ID: "dfg", Load: q.dfgPanel}, {ID: "variants", Load: q.variantsPanel}, {ID: "durations", Load: q.durationsPanel}, {ID: "activities",
			Load: q.activitiesPanel},
	}
	if sent, err := q.SentTable(ctx, w, parts); sent || err != nil {
		return err
	}
	data, err := q.LoadScope(ctx)
	if err != nil {
		return err
	}
	v := q.Frame("process", q.T("nav.process"))
	body := processBody{Source: q.Scope.Source}
	for _, src := range sources {
		name := src.Text("source_sys")
		body.Sources = append(body.Sources, kit.Link{Text: name, Href: q.Here("source", name, "from", "", "to", ""),
			Current: name == q.Scope.Source})
	}
	body.Panels, err = q.LoadAll(ctx, parts, func(ctx context.Context) error { v.Stamp = q.LoadStamp(ctx); return nil })
	if err != nil {
		return err
	}
	v.Scope, v.HasCharts, v.Body = q.ScopeForm(data, assumed), kit.HasCharts(body.Panels), body
	q.Render(w, http.StatusOK, "process", v)
	return nil
}

// maxEdges bounds the edges of the picture; the table has all of them.
const maxEdges = 24

func (q *request) dfgPanel(ctx context.Context) (*kit.Panel, error) {
	rows, err := q.Transitions(ctx, 0)
	if err != nil {
		return nil, err
	}
	p := &kit.Panel{Title: q.T("panel.dfg"), Table: q.TransitionTable(rows)}
	if len(rows) == 0 {
		return p, nil
	}
	shown := rows[:min(maxEdges, len(rows))]
	slow := map[int]bool{}
	order := make([]int, len(shown))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool {
		a, _ := shown[order[i]].Num("total_hours")
		b, _ := shown[order[j]].Num("total_hours")
		return a > b
	})
	for _, i := range order[:min(3, len(order))] {
		slow[i] = true
	}
	edges := make([]chart.Edge, len(shown))
	for i, r := range shown {
		count, _ := r.Num("count")
		median, _ := r.Num("median_hours")
		p90, _ := r.Num("p90_hours")
		edges[i] = chart.Edge{
			From: q.Activity(r.Text("from")), To: q.Activity(r.Text("to")), Count: count, Slow: slow[i],
			Label:  q.Hours(median),
			Text:   q.Activity(r.Text("from")) + " → " + q.Activity(r.Text("to")),
			Detail: q.T("chart.edge", "N", q.Plain(count), "Median", q.Hours(median), "P90", q.Hours(p90)),
		}
	}
	options, layers, err := chart.Flow(edges)
	if err != nil {
		return nil, err
	}
	p.Note = q.T("note.dfg", "N", q.Count(int64(len(shown))), "All", q.Count(int64(len(rows))))
	p.Chart = &kit.Chart{ID: "dfg", Label: q.T("chart.dfg"), Options: template.JS(options), Layers: layers}
	return p, nil
}

func (q *request) variantsPanel(ctx context.Context) (*kit.Panel, error) {
	res, err := q.Queries.Run(ctx, "process/variants", q.PeriodArgs())
	if err != nil {
		return nil, err
	}
	const shown = 25
	rows := kit.RowsOf(res)
	t := &kit.Table{Columns: q.Cols("rank:num", "activities", "steps:num", "cases:num", "share:num"), Empty: q.T("empty.process")}
	if _, file := q.WantsCSV(); !file && len(rows) > shown {
		t.Cut = q.T("table.cut", "Shown", q.Count(shown), "All", q.Count(int64(len(rows))))
		rows = rows[:shown]
	}
	for i, r := range rows {
		names, shown := r.Texts("activities"), make([]string, 0, len(r.Texts("activities")))
		for _, name := range names {
			shown = append(shown, q.Activity(name))
		}
		share, _ := r.Num("share")
		percent := 100 * share
		t.Rows = append(t.Rows, []kit.Cell{
			{Text: q.Count(int64(i + 1)), Raw: i + 1, Class: "num"},
			{Text: strings.Join(shown, " → "), Raw: strings.Join(names, " → "), Class: "path"},
			q.CountCell(len(names)), q.CountCell(r["cases"]),
			{Text: q.Rate(share, 1), Raw: share, Class: "num", Share: &percent},
		})
	}
	return &kit.Panel{Title: q.T("panel.variants"), Table: t}, nil
}

func (q *request) durationsPanel(ctx context.Context) (*kit.Panel, error) {
	res, err := q.Queries.Run(ctx, "process/durations", q.PeriodArgs())
	if err != nil {
		return nil, err
	}
	t := &kit.Table{Columns: q.Cols("span", "cases:num", "mean_hours:num", "median_hours:num", "p90_hours:num", "p90_hours_nearest:num",
		"min_hours:num", "max_hours:num"), Empty: q.T("empty.process")}
	for _, r := range kit.RowsOf(res) {
		cells := []kit.Cell{q.EnumCell("span", r.Text("span")), q.CountCell(r["cases"])}
		for _, key := range []string{"mean_hours", "median_hours", "p90_hours", "p90_hours_nearest", "min_hours", "max_hours"} {
			cells = append(cells, q.HoursCell(r[key]))
		}
		t.Rows = append(t.Rows, cells)
	}
	return &kit.Panel{Title: q.T("panel.durations"), Note: q.T("note.durations"), Table: t}, nil
}

func (q *request) activitiesPanel(ctx context.Context) (*kit.Panel, error) {
	res, err := q.Queries.Run(ctx, "process/activities", q.PeriodArgs())
	if err != nil {
		return nil, err
	}
	t := &kit.Table{Columns: q.Cols("activity", "count:num", "cases:num", "starts:num", "ends:num", "first_at:time", "last_at:time"),
		Empty: q.T("empty.process")}
	for _, r := range kit.RowsOf(res) {
		t.Rows = append(t.Rows, []kit.Cell{
			q.ActivityCell(r.Text("activity")), q.CountCell(r["count"]), q.CountCell(r["cases"]), q.CountCell(r["starts"]), q.CountCell(r["ends"]),
			q.DayCell(r.Instant("first_at")), q.DayCell(r.Instant("last_at")),
		})
	}
	return &kit.Panel{Title: q.T("panel.activities"), Table: t}, nil
}
