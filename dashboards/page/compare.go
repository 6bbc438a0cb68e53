package page

import (
	"context"
	"html/template"
	"slices"
	"sort"

	"duban/dashboards/chart"
	"duban/metrics"
)

// minRanked is how many cases a rate needs before it may be ranked (domain
// guide 5.1, C7).
const minRanked = metrics.DefaultMinSample

// rankingPanel ranks organisations by on-time rate, the best or, when asked
// for, the worst ones first. In the scope of one organisation it says where that
// one stands among its peers: alone everybody is first.
func (q *request) rankingPanel(ctx context.Context) (*Panel, error) {
	if q.scope.Org != "" {
		return q.peerRankPanel(ctx)
	}
	res, err := q.Figures.Evaluate(ctx, q.figure("D01", "org"))
	if err != nil {
		return nil, err
	}
	all := rowsOf(res)
	sort.SliceStable(all, func(i, j int) bool { return ranksBefore(all[i], all[j]) })
	ranked := sort.Search(len(all), func(i int) bool { d, _ := all[i].num("denominator"); return d < minRanked })
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
	if q.param("rank") == "worst" {
		slices.Reverse(all[:ranked])
	}
	const shown = 200
	rows := all
	if _, file := q.wantsCSV(); !file {
		rows = all[:min(len(all), shown)]
	}
	n, err := q.namesOf(ctx, rows, map[string]string{"org": "org"})
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: q.cols("rank:num", "org_code:hidden", "org", "numerator:num", "denominator:num", "ontime_rate:num"),
		Empty: q.T("empty.period")}
	for _, r := range rows {
		rate := q.rateCell(r["numerator"], r["denominator"])
		place := Cell{Text: q.T("rank.small"), Class: "muted small", Title: q.T("rank.small_help")}
		switch d, _ := r.num("denominator"); {
		case r["rank"] != nil:
			place = Cell{Text: q.Count(r.whole("rank")), Raw: r["rank"], Class: "num"}
		case d >= minRanked:
			place = Cell{Text: q.T("rank.alone"), Class: "muted small", Title: q.T("rank.alone_help")}
		default:
			rate.Share, rate.Class = nil, "num muted"
		}
		code := r.text("org")
		org := q.orgCell(n, code)
		org.Raw = org.Text // the file has the code in a column of its own
		if code == "" {
			org = Cell{Text: q.T("org.none"), Class: "muted"}
		}
		t.Rows = append(t.Rows, []Cell{place, q.textCell(code), org, q.countCell(r["numerator"]), q.countCell(r["denominator"]), rate})
	}
	if len(rows) < len(all) {
		t.Cut = q.T("table.cut", "Shown", q.Count(shown), "All", q.Count(int64(len(all))))
	}
	return &Panel{Title: q.T("panel.ranking"), Note: q.T("note.ranking"), Table: t, Links: []Link{
		{Text: q.T("rank.best_first"), Href: q.here("rank", ""), Current: q.param("rank") != "worst"},
		{Text: q.T("rank.worst_first"), Href: q.here("rank", "worst"), Current: q.param("rank") == "worst"},
		{Text: q.T("link.definition"), Href: q.scope.URL("/indicators/D01", "by", "org")},
	}}, nil
}

// peerRankPanel says which place an organisation has among those of its level
// and line. The others stay without names and figures: they may lie outside of
// the reader's scope.
func (q *request) peerRankPanel(ctx context.Context) (*Panel, error) {
	args := q.processArgs()
	args["region"], args["org"], args["ranked_org"], args["least_base"] = "", "", q.scope.Org, uint32(minRanked)
	res, err := q.Queries.Run(ctx, "page/org_rank", args)
	if err != nil {
		return nil, err
	}
	rows := rowsOf(res)
	n, err := q.namesOf(ctx, []row{{"org_code": q.scope.Org}})
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: q.cols("rank:num", "ranked:num", "peer_group", "org_code:hidden", "org", "numerator:num", "denominator:num",
		"ontime_rate:num"), Empty: q.T("empty.period")}
	for _, r := range rows {
		rate := q.rateCell(r["numerator"], r["denominator"])
		var place Cell
		switch d, _ := r.num("denominator"); {
		case d < minRanked:
			place = Cell{Text: q.T("rank.small"), Class: "muted small", Title: q.T("rank.small_help")}
		case r.whole("place") == 0:
			place = Cell{Text: q.T("rank.alone"), Class: "muted small", Title: q.T("rank.alone_help")}
		default:
			place = Cell{Text: q.T("rank.of", "Place", q.Count(r.whole("place")), "All", q.Count(r.whole("ranked"))), Raw: r["place"], Class: "num"}
		}
		t.Rows = append(t.Rows, []Cell{place, q.countCell(r["ranked"]), q.enumCell("peer_group", r.text("peer_group")), q.textCell(q.scope.Org),
			q.orgCell(n, q.scope.Org), q.countCell(r["numerator"]), q.countCell(r["denominator"]), rate})
	}
	return &Panel{Title: q.T("panel.peer_rank"), Note: q.T("note.peer_rank"), Table: t,
		Links: []Link{{Text: q.T("link.definition"), Href: q.scope.URL("/indicators/D01")}}}, nil
}

// ranksBefore orders rows that may be ranked by rate, larger ones first among
// equals; the others follow by size.
func ranksBefore(a, b row) bool {
	an, _ := a.num("numerator")
	ad, _ := a.num("denominator")
	bn, _ := b.num("numerator")
	bd, _ := b.num("denominator")
	if (ad >= minRanked) != (bd >= minRanked) {
		return ad >= minRanked
	}
	if ad >= minRanked && an*bd != bn*ad {
		return an*bd > bn*ad
	}
	if ad != bd {
		return ad > bd
	}
	return a.text("org") < b.text("org")
}

// sampled marks a rate of too few cases to be compared (domain guide 5.1, C7): it
// draws no bar, and says why.
func (w writer) sampled(c Cell, denominator any) Cell {
	if d, ok := number(denominator); ok && d > 0 && d < minRanked {
		c.Share, c.Sub = nil, w.T("rank.small")
		c.Class += " muted"
	}
	return c
}

func sameRate(a, b row) bool {
	an, _ := a.num("numerator")
	ad, _ := a.num("denominator")
	bn, _ := b.num("numerator")
	bd, _ := b.num("denominator")
	return an*bd == bn*ad
}

// trendPanel shows the months of the period.
func (q *request) trendPanel(ctx context.Context) (*Panel, error) {
	byMonth := map[string]row{}
	var months []string
	for _, id := range []string{"C01", "C03", "D01"} {
		res, err := q.Figures.Evaluate(ctx, q.figure(id, "month"))
		if err != nil {
			return nil, err
		}
		for _, r := range rowsOf(res) {
			m := r.text("month")
			if byMonth[m] == nil {
				byMonth[m] = row{}
				months = append(months, m)
			}
			byMonth[m][id], byMonth[m][id+"_n"], byMonth[m][id+"_d"] = r["value"], r["numerator"], r["denominator"]
		}
	}
	sort.Strings(months)
	t := &Table{Columns: q.cols("month", "applied:num", "finished:num", "numerator:num", "denominator:num", "ontime_rate:num"),
		Empty: q.T("empty.period")}
	rate := chart.Series{Name: q.T("col.ontime_rate"), Color: chart.Series1}
	applied := chart.Series{Name: q.T("col.applied"), Color: chart.Series2}
	finished := chart.Series{Name: q.T("col.finished"), Color: chart.Series3}
	for _, m := range months {
		r := byMonth[m]
		a, f, o := q.zeroCell(r["C01"]), q.zeroCell(r["C03"]), q.rateCell(r["D01_n"], r["D01_d"])
		t.Rows = append(t.Rows, []Cell{q.textCell(m), a, f, q.countCell(r["D01_n"]), q.countCell(r["D01_d"]), q.sampled(o, r["D01_d"])})
		rate.Points = append(rate.Points, chart.Point{Value: o.Share, Text: o.Text, Detail: o.Title})
		applied.Points = append(applied.Points, point(a))
		finished.Points = append(finished.Points, point(f))
	}
	p := &Panel{Title: q.T("panel.trend"), Note: q.T("note.trend"), Table: t}
	if len(months) > 0 {
		options, err := chart.Trend(months, rate, []chart.Series{applied, finished})
		if err != nil {
			return nil, err
		}
		p.Chart = &Chart{ID: "trend", Label: q.T("chart.trend", "From", months[0], "To", months[len(months)-1]),
			Options: template.JS(options), Tall: true}
	}
	return p, nil
}

// point makes a chart's value from a cell.
func point(c Cell) chart.Point {
	p := chart.Point{Text: c.Text, Detail: c.Title, Href: c.Href}
	if v, ok := number(c.Raw); ok {
		p.Value = &v
	}
	return p
}

// mixPanel shows what share each value of a dimension has of a count.
func (q *request) mixPanel(ctx context.Context, indicator, id, dimension, enum string) (*Panel, error) {
	all, err := q.Figures.Evaluate(ctx, q.figure(indicator))
	if err != nil {
		return nil, err
	}
	res, err := q.Figures.Evaluate(ctx, q.figure(indicator, dimension))
	if err != nil {
		return nil, err
	}
	var total any
	if len(all.Rows) > 0 {
		total = rowsOf(all)[0]["value"]
	}
	rows := rowsOf(res)
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].whole("value") > rows[j].whole("value") })
	t := &Table{Columns: q.cols(dimension, "count:num", "share:num"), Empty: q.T("empty.period")}
	s := chart.Series{Name: q.T("col.share"), Color: chart.Series1}
	var labels []string
	for _, r := range rows {
		c := q.enumCell(enum, r.text(dimension))
		if r.text(dimension) == "" {
			c = Cell{Text: q.T("value.none"), Raw: "", Class: "muted"}
		}
		share := q.rateCell(r["value"], total)
		t.Rows = append(t.Rows, []Cell{c, q.countCell(r["value"]), share})
		labels = append(labels, c.Text)
		s.Points = append(s.Points, chart.Point{Value: share.Share, Text: share.Text, Detail: share.Title})
	}
	p := &Panel{Title: q.T("panel." + id), Table: t}
	if len(rows) > 0 {
		options, err := chart.Bars(labels, s)
		if err != nil {
			return nil, err
		}
		p.Chart = &Chart{ID: id, Label: q.T("chart." + id), Options: template.JS(options)}
	}
	return p, nil
}
