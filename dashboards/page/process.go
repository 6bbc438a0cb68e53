package page

import (
	"context"
	"html/template"
	"net/http"
	"sort"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/chart"
	"duban/dashboards/route"
)

type processBody struct {
	Source  string
	Sources []Link
	Panels  map[string]*Panel
}

var _ = register(route.Route{Pattern: "/process", Rule: route.Needs(access.CaseView),
	Scope: route.Everything("variants are of a whole source, and often of one case"),
	Nav:   route.Nav{Group: route.Main, Name: "process", At: 7}}, (*Site).Process)

// Process answers the page about how work runs: which activity follows which,
// the variants, the durations.
func (s *Site) Process(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r)
	if err != nil {
		q.fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	sources, err := q.processSources(ctx)
	if err != nil {
		q.fail(w, err)
		return
	}
	if q.scope.Source == "" && len(sources) > 0 {
		q.scope.Source = sources[0].text("source_sys")
	}
	assumed, err := q.settlePeriod(ctx)
	if err != nil {
		q.fail(w, err)
		return
	}
	parts := []part{
		{"dfg", q.dfgPanel}, {"variants", q.variantsPanel}, {"durations", q.durationsPanel}, {"activities", q.activitiesPanel},
	}
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
	v := q.frame("process", q.T("nav.process"))
	body := processBody{Source: q.scope.Source}
	for _, src := range sources {
		name := src.text("source_sys")
		body.Sources = append(body.Sources, Link{Text: name, Href: q.here("source", name, "from", "", "to", ""), Current: name == q.scope.Source})
	}
	body.Panels, err = q.loadAll(ctx, parts, func(ctx context.Context) error { v.Stamp = q.loadStamp(ctx); return nil })
	if err != nil {
		q.fail(w, err)
		return
	}
	v.Scope, v.HasCharts, v.Body = q.form(data, assumed), hasCharts(body.Panels), body
	q.render(w, http.StatusOK, "process", v)
}

// maxEdges bounds the edges of the picture; the table has all of them.
const maxEdges = 24

func (q *request) dfgPanel(ctx context.Context) (*Panel, error) {
	rows, err := q.transitions(ctx, 0)
	if err != nil {
		return nil, err
	}
	p := &Panel{Title: q.T("panel.dfg"), Table: q.transitionTable(rows)}
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
		a, _ := shown[order[i]].num("total_hours")
		b, _ := shown[order[j]].num("total_hours")
		return a > b
	})
	for _, i := range order[:min(3, len(order))] {
		slow[i] = true
	}
	edges := make([]chart.Edge, len(shown))
	for i, r := range shown {
		count, _ := r.num("count")
		median, _ := r.num("median_hours")
		p90, _ := r.num("p90_hours")
		edges[i] = chart.Edge{
			From: q.activity(r.text("from")), To: q.activity(r.text("to")), Count: count, Slow: slow[i],
			Label:  q.Hours(median),
			Text:   q.activity(r.text("from")) + " → " + q.activity(r.text("to")),
			Detail: q.T("chart.edge", "N", q.plain(count), "Median", q.Hours(median), "P90", q.Hours(p90)),
		}
	}
	options, layers, err := chart.Flow(edges)
	if err != nil {
		return nil, err
	}
	p.Note = q.T("note.dfg", "N", q.Count(int64(len(shown))), "All", q.Count(int64(len(rows))))
	p.Chart = &Chart{ID: "dfg", Label: q.T("chart.dfg"), Options: template.JS(options), Layers: layers}
	return p, nil
}

func (q *request) variantsPanel(ctx context.Context) (*Panel, error) {
	res, err := q.Queries.Run(ctx, "process/variants", q.processArgs())
	if err != nil {
		return nil, err
	}
	const shown = 25
	rows := rowsOf(res)
	t := &Table{Columns: q.cols("rank:num", "activities", "steps:num", "cases:num", "share:num"), Empty: q.T("empty.process")}
	if _, file := q.wantsCSV(); !file && len(rows) > shown {
		t.Cut = q.T("table.cut", "Shown", q.Count(shown), "All", q.Count(int64(len(rows))))
		rows = rows[:shown]
	}
	for i, r := range rows {
		names, shown := r.texts("activities"), make([]string, 0, len(r.texts("activities")))
		for _, name := range names {
			shown = append(shown, q.activity(name))
		}
		share, _ := r.num("share")
		percent := 100 * share
		t.Rows = append(t.Rows, []Cell{
			{Text: q.Count(int64(i + 1)), Raw: i + 1, Class: "num"},
			{Text: strings.Join(shown, " → "), Raw: strings.Join(names, " → "), Class: "path"},
			q.countCell(len(names)), q.countCell(r["cases"]),
			{Text: q.Rate(share, 1), Raw: share, Class: "num", Share: &percent},
		})
	}
	return &Panel{Title: q.T("panel.variants"), Table: t}, nil
}

func (q *request) durationsPanel(ctx context.Context) (*Panel, error) {
	res, err := q.Queries.Run(ctx, "process/durations", q.processArgs())
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: q.cols("span", "cases:num", "mean_hours:num", "median_hours:num", "p90_hours:num", "p90_hours_nearest:num",
		"min_hours:num", "max_hours:num"), Empty: q.T("empty.process")}
	for _, r := range rowsOf(res) {
		cells := []Cell{q.enumCell("span", r.text("span")), q.countCell(r["cases"])}
		for _, key := range []string{"mean_hours", "median_hours", "p90_hours", "p90_hours_nearest", "min_hours", "max_hours"} {
			cells = append(cells, q.hoursCell(r[key]))
		}
		t.Rows = append(t.Rows, cells)
	}
	return &Panel{Title: q.T("panel.durations"), Note: q.T("note.durations"), Table: t}, nil
}

func (q *request) activitiesPanel(ctx context.Context) (*Panel, error) {
	res, err := q.Queries.Run(ctx, "process/activities", q.processArgs())
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: q.cols("activity", "count:num", "cases:num", "starts:num", "ends:num", "first_at:time", "last_at:time"),
		Empty: q.T("empty.process")}
	for _, r := range rowsOf(res) {
		t.Rows = append(t.Rows, []Cell{
			q.activityCell(r.text("activity")), q.countCell(r["count"]), q.countCell(r["cases"]), q.countCell(r["starts"]), q.countCell(r["ends"]),
			q.dayCell(r.instant("first_at")), q.dayCell(r.instant("last_at")),
		})
	}
	return &Panel{Title: q.T("panel.activities"), Table: t}, nil
}
