package figures

import (
	"context"
	"sort"

	"duban/dashboards/page/kit"
	"duban/metrics"
	"duban/queries"
)

// childLevel is the dimension that most of the regions directly below belong to.
func childLevel(children []kit.Row) string {
	counts := map[int64]int{}
	for _, c := range children {
		counts[c.Whole("gov_level")]++
	}
	best := int64(1)
	for level, n := range counts {
		if n > counts[best] {
			best = level
		}
	}
	return levelNames()[best]
}

// levelNames are the dimensions of the five levels of government.
func levelNames() map[int64]string {
	return map[int64]string{1: "province", 2: "city", 3: "county", 4: "township", 5: "village"}
}

// regionsPanel compares the regions one level down. Where only one of them has
// data, those below it follow, so that a country with one province on record
// shows its cities at once.
func (q *request) regionsPanel(ctx context.Context) (*kit.Panel, error) {
	t := &kit.Table{Columns: q.Cols("region_code:hidden", "region", "applied:num", "finished:num", "ontime_numerator:hidden",
		"ontime_denominator:hidden", "ontime_rate:num", "backlog:num"), Empty: q.T("empty.period")}
	p := &kit.Panel{Title: q.T("panel.regions"), Table: t}
	of := *q
	for depth := 0; ; depth++ {
		if depth > 0 {
			ctx = of.inOneLook(ctx, true)
		}
		level, rows, err := of.regionsBelow(ctx)
		if err != nil {
			return nil, err
		}
		if level == "" {
			if depth == 0 {
				t.Empty = q.T("empty.below")
			}
			return p, nil
		}
		p.Title = q.T("panel.regions_" + level)
		if err := q.addRegions(ctx, t, rows, depth); err != nil {
			return nil, err
		}
		only := ""
		for _, r := range rows {
			if code := r.Text("region_code"); code != "" {
				if only != "" {
					return p, nil
				}
				only = code
			}
		}
		if only == "" {
			return p, nil
		}
		of.Scope.Region = only
	}
}

// regionsBelow evaluates the figures of the regions one level below the scope,
// in the order of their codes; no level means that there is nothing below.
func (q *request) regionsBelow(ctx context.Context) (level string, rows []kit.Row, err error) {
	level, err = q.levelBelow(ctx)
	if err != nil || level == "" {
		return "", nil, err
	}
	merged := map[string]kit.Row{}
	for _, id := range []string{"C01", "C03", "D01", "C05"} {
		res, err := q.Figures.Evaluate(ctx, q.Figure(id, level))
		if err != nil {
			return "", nil, err
		}
		for _, r := range kit.RowsOf(res) {
			code := r.Text(level)
			m, ok := merged[code]
			if !ok {
				m = kit.Row{"region_code": code}
				merged[code], rows = m, append(rows, m)
			}
			m[id+"_n"], m[id+"_d"], m[id] = r["numerator"], r["denominator"], r["value"]
		}
	}
	sort.SliceStable(rows, func(i, j int) bool {
		a, b := rows[i].Text("region_code"), rows[j].Text("region_code")
		return (a == "") != (b == "") && b == "" || a != "" && b != "" && a < b
	})
	return level, rows, nil
}

// levelBelow is the dimension of the regions one level below the scope; empty where there are none.
func (q *request) levelBelow(ctx context.Context) (string, error) {
	res, err := q.Queries.Run(ctx, "page/region_children", queries.Args{"region": q.Scope.Region})
	if err != nil || len(res.Rows) == 0 {
		return "", err
	}
	return childLevel(kit.RowsOf(res)), nil
}

// inOneLook has the key figures of the scope evaluated together; below: only those of the
// regions one level below.
func (q *request) inOneLook(ctx context.Context, below bool) context.Context {
	of := *q
	return q.Figures.InOneLook(ctx, metrics.Place{Request: q.Figure(""), Below: below, Level: of.levelBelow})
}

func (q *request) addRegions(ctx context.Context, t *kit.Table, rows []kit.Row, depth int) error {
	n, err := q.NamesOf(ctx, rows)
	if err != nil {
		return err
	}
	for _, r := range rows {
		code := r.Text("region_code")
		place := q.RegionCell(n, code)
		if code == "" {
			place = kit.Cell{Text: q.T("region.none"), Title: q.T("region.none_help"), Class: "muted"}
		}
		if depth > 0 {
			place.Class += " indent"
		}
		t.Rows = append(t.Rows, []kit.Cell{
			q.TextCell(code), place, q.ZeroCell(r["C01"]), q.ZeroCell(r["C03"]), {Raw: r["D01_n"]}, {Raw: r["D01_d"]},
			q.sampled(q.RateCell(r["D01_n"], r["D01_d"]), r["D01_d"]), q.ZeroCell(r["C05"]),
		})
	}
	return nil
}
