package figures

import (
	"context"
	"html/template"
	"slices"
	"sort"

	"duban/dashboards/chart"
	"duban/dashboards/page/kit"
	"duban/metrics"
)

// minRanked is how many cases a rate needs before it may be ranked (domain
// guide 5.1, C7).
const minRanked = metrics.DefaultMinSample

// rankingPanel ranks organisations by on-time rate, the best or, when asked
// for, the worst ones first. In the scope of one organisation it says where that
// one stands among its peers: alone everybody is first.
func (q *request) rankingPanel(ctx context.Context) (*kit.Panel, error) {
	if q.Scope.Org != "" {
		return q.peerRankPanel(ctx)
	}
	res, err := q.Figures.Evaluate(ctx, q.Figure("D01", "org"))
	if err != nil {
		return nil, err
	}
	all := kit.RowsOf(res)
	sort.SliceStable(all, func(i, j int) bool { return ranksBefore(all[i], all[j]) })
	ranked := sort.Search(len(all), func(i int) bool { d, _ := all[i].Num("denominator"); return d < minRanked })
	rank := 0
	for i, r := range all[:ranked] {
		if ranked == 1 {
			break // alone everybody is first
		}
		if i == 0 || !sameRate(all[i-1], r) {
			rank = i + 1
		}
		r["rank"] = rank
	}
	if q.Param("rank") == "worst" {
		slices.Reverse(all[:ranked])
	}
	const shown = 200
	rows := all
	if _, file := q.WantsCSV(); !file {
		rows = all[:min(len(all), shown)]
	}
	n, err := q.NamesOf(ctx, rows, map[string]string{"org": "org"})
	if err != nil {
		return nil, err
	}
	t := &kit.Table{Columns: q.Cols("rank:num", "org_code:hidden", "org", "numerator:num", "denominator:num", "ontime_rate:num"),
		Empty: q.T("empty.period")}
	for _, r := range rows {
		rate := q.RateCell(r["numerator"], r["denominator"])
		place := kit.Cell{Text: q.T("rank.small"), Class: "muted small", Title: q.T("rank.small_help")}
		switch d, _ := r.Num("denominator"); {
		case r["rank"] != nil:
			place = kit.Cell{Text: q.Count(r.Whole("rank")), Raw: r["rank"], Class: "num"}
		case d >= minRanked:
			place = kit.Cell{Text: q.T("rank.alone"), Class: "muted small", Title: q.T("rank.alone_help")}
		default:
			rate.Share, rate.Class = nil, "num muted"
		}
		code := r.Text("org")
		org := q.OrgCell(n, code)
		org.Raw = org.Text // the file has the code in a column of its own
		if code == "" {
			org = kit.Cell{Text: q.T("org.none"), Class: "muted"}
		}
		t.Rows = append(t.Rows, []kit.Cell{place, q.TextCell(code), org, q.CountCell(r["numerator"]), q.CountCell(r["denominator"]), rate})
	}
	if len(rows) < len(all) {
		t.Cut = q.T("table.cut", "Shown", q.Count(shown), "All", q.Count(int64(len(all))))
	}
	return &kit.Panel{Title: q.T("panel.ranking"), Note: q.T("note.ranking"), Table: t, Links: []kit.Link{
		{Text: q.T("rank.best_first"), Href: q.Here("rank", ""), Current: q.Param("rank") != "worst"},
		{Text: q.T("rank.worst_first"), Href: q.Here("rank", "worst"), Current: q.Param("rank") == "worst"},
		{Text: q.T("link.definition"), Href: q.Scope.URL("/indicators/D01", "by", "org")},
	}}, nil
}

// peerRankPanel says which place an organisation has among those of its level
// and line. The others stay without names and figures: they may lie outside of
// the reader's scope.
func (q *request) peerRankPanel(ctx context.Context) (*kit.Panel, error) {
	args := q.PeriodArgs()
	args["region"], args["org"], args["ranked_org"], args["least_base"] = "", "", q.Scope.Org, uint32(minRanked)
	res, err := q.Queries.Run(ctx, "page/org_rank", args)
	if err != nil {
		return nil, err
	}
	rows := kit.RowsOf(res)
	n, err := q.NamesOf(ctx, []kit.Row{{"org_code": q.Scope.Org}})
	if err != nil {
		return nil, err
	}
	t := &kit.Table{Columns: q.Cols("rank:num", "ranked:num", "peer_group", "org_code:hidden", "org", "numerator:num", "denominator:num",
		"ontime_rate:num"), Empty: q.T("empty.period")}
	for _, r := range rows {
		rate := q.RateCell(r["numerator"], r["denominator"])
		var place kit.Cell
		switch d, _ := r.Num("denominator"); {
		case d < minRanked:
			place = kit.Cell{Text: q.T("rank.small"), Class: "muted small", Title: q.T("rank.small_help")}
		case r.Whole("place") == 0:
			place = kit.Cell{Text: q.T("rank.alone"), Class: "muted small", Title: q.T("rank.alone_help")}
		default:
			place = kit.Cell{Text: q.T("rank.of", "Place", q.Count(r.Whole("place")), "All", q.Count(r.Whole("ranked"))), Raw: r["place"],
				Class: "num"}
		}
		t.Rows = append(t.Rows, []kit.Cell{place, q.CountCell(r["ranked"]), q.EnumCell("peer_group", r.Text("peer_group")),
			q.TextCell(q.Scope.Org),
			q.OrgCell(n, q.Scope.Org), q.CountCell(r["numerator"]), q.CountCell(r["denominator"]), rate})
	}
	return &kit.Panel{Title: q.T("panel.peer_rank"), Note: q.T("note.peer_rank"), Table: t,
		Links: []kit.Link{{Text: q.T("link.definition"), Href: q.Scope.URL("/indicators/D01")}}}, nil
}

// ranksBefore orders rows that may be ranked by rate, larger ones first among
// equals; the others follow by size.
func ranksBefore(a, b kit.Row) bool {
	an, _ := a.Num("numerator")
	ad, _ := a.Num("denominator")
	bn, _ := b.Num("numerator")
	bd, _ := b.Num("denominator")
	if (ad >= minRanked) != (bd >= minRanked) {
		return ad >= minRanked
	}
	if ad >= minRanked && an*bd != bn*ad {
		return an*bd > bn*ad
	}
	if ad != bd {
		return ad > bd
	}
	return a.Text("org") < b.Text("org")
}

// sampled marks a rate of too few cases to be compared (domain guide 5.1, C7): it
// draws no bar, and says why.
func (q *request) sampled(c kit.Cell, denominator any) kit.Cell {
	if d, ok := kit.Number(denominator); ok && d > 0 && d < minRanked {
		c.Share, c.Sub = nil, q.T("rank.small")
		c.Class += " muted"
	}
	return c
}

func sameRate(a, b kit.Row) bool {
	an, _ := a.Num("numerator")
	ad, _ := a.Num("denominator")
	bn, _ := b.Num("numerator")
	bd, _ := b.Num("denominator")
	return an*bd == bn*ad
}

// trendPanel shows the months of the period.
func (q *request) trendPanel(ctx context.Context) (*kit.Panel, error) {
	byMonth := map[string]kit.Row{}
	var months []string
	for _, id := range []string{"C01", "C03", "D01"} {
		res, err := q.Figures.Evaluate(ctx, q.Figure(id, "month"))
		if err != nil {
			return nil, err
		}
		for _, r := range kit.RowsOf(res) {
			m := r.Text("month")
			if byMonth[m] == nil {
				byMonth[m] = kit.Row{}
				months = append(months, m)
			}
			byMonth[m][id], byMonth[m][id+"_n"], byMonth[m][id+"_d"] = r["value"], r["numerator"], r["denominator"]
		}
	}
	sort.Strings(months)
	t := &kit.Table{Columns: q.Cols("month", "applied:num", "finished:num", "numerator:num", "denominator:num", "ontime_rate:num"),
		Empty: q.T("empty.period")}
	rate := chart.Series{Name: q.T("col.ontime_rate"), Color: chart.Series1}
	applied := chart.Series{Name: q.T("col.applied"), Color: chart.Series2}
	finished := chart.Series{Name: q.T("col.finished"), Color: chart.Series3}
	for _, m := range months {
		r := byMonth[m]
		a, f, o := q.ZeroCell(r["C01"]), q.ZeroCell(r["C03"]), q.RateCell(r["D01_n"], r["D01_d"])
		t.Rows = append(t.Rows, []kit.Cell{q.TextCell(m), a, f, q.CountCell(r["D01_n"]), q.CountCell(r["D01_d"]), q.sampled(o, r["D01_d"])})
		rate.Points = append(rate.Points, chart.Point{Value: o.Share, Text: o.Text, Detail: o.Title})
		applied.Points = append(applied.Points, point(a))
		finished.Points = append(finished.Points, point(f))
	}
	p := &kit.Panel{Title: q.T("panel.trend"), Note: q.T("note.trend"), Table: t}
	if len(months) > 0 {
		options, err := chart.Trend(months, rate, []chart.Series{applied, finished})
		if err != nil {
			return nil, err
		}
		p.Chart = &kit.Chart{ID: "trend", Label: q.T("chart.trend", "From", months[0], "To", months[len(months)-1]),
			Options: template.JS(options), Tall: true}
	}
	return p, nil
}

// point makes a chart's value from a cell.
func point(c kit.Cell) chart.Point {
	p := chart.Point{Text: c.Text, Detail: c.Title, Href: c.Href}
	if v, ok := kit.Number(c.Raw); ok {
		p.Value = &v
	}
	return p
}

// mixPanel shows what share each value of a dimension has of a count.
func (q *request) mixPanel(ctx context.Context, indicator, id, dimension, enum string) (*kit.Panel, error) {
	all, err := q.Figures.Evaluate(ctx, q.Figure(indicator))
	if err != nil {
		return nil, err
	}
	res, err := q.Figures.Evaluate(ctx, q.Figure(indicator, dimension))
	if err != nil {
		return nil, err
	}
	var total any
	if len(all.Rows) > 0 {
		total = kit.RowsOf(all)[0]["value"]
	}
	rows := kit.RowsOf(res)
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].Whole("value") > rows[j].Whole("value") })
	t := &kit.Table{Columns: q.Cols(dimension, "count:num", "share:num"), Empty: q.T("empty.period")}
	s := chart.Series{Name: q.T("col.share"), Color: chart.Series1}
	var labels []string
	for _, r := range rows {
		c := q.EnumCell(enum, r.Text(dimension))
		if r.Text(dimension) == "" {
			c = kit.Cell{Text: q.T("value.none"), Raw: "", Class: "muted"}
		}
		share := q.RateCell(r["value"], total)
		t.Rows = append(t.Rows, []kit.Cell{c, q.CountCell(r["value"]), share})
		labels = append(labels, c.Text)
		s.Points = append(s.Points, chart.Point{Value: share.Share, Text: share.Text, Detail: share.Title})
	}
	p := &kit.Panel{Title: q.T("panel." + id), Table: t}
	if len(rows) > 0 {
		options, err := chart.Bars(labels, s)
		if err != nil {
			return nil, err
		}
		p.Chart = &kit.Chart{ID: id, Label: q.T("chart." + id), Options: template.JS(options)}
	}
	return p, nil
}
