package risk

import (
	"context"

	"duban/dashboards/page/kit"
	"duban/queries"
)

// volumePanel lists the days of the last ninety, or of the period asked for,
// with far more or far fewer new subjects than usual.
func (q *request) volumePanel(ctx context.Context, calendar string) (*kit.Panel, error) {
	from := q.Scope.From
	if from.IsZero() {
		from = q.AsOf.AddDate(0, 0, -90)
	}
	asOf := q.AsOf
	if u := q.Scope.Until(); !u.IsZero() && u.Before(asOf) {
		asOf = u
	}
	limit := riskRows
	if _, file := q.WantsCSV(); file {
		limit = kit.MostFileRows
	}
	res, err := q.Queries.Run(ctx, "risk/volume_anomalies", queries.Args{
		"as_of": asOf, "from": from, "source": q.Scope.Source, "region": q.Scope.Region, "org": q.Scope.Org, "calendar": calendar,
		"beyond": 4, "max_rows": limit,
	})
	if err != nil {
		return nil, err
	}
	rows := kit.RowsOf(res)
	n, err := q.NamesOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	t := &kit.Table{Columns: q.Cols("day:time", "verdict", "z:num", "subjects:num", "mean:num", "deviation:num", "earlier:num", "source_sys",
		"subject_kind", "org_code"), Empty: q.T("empty.volume")}
	for _, r := range rows {
		verdict := q.EnumCell("volume_verdict", r.Text("verdict"))
		verdict.Tag = "warn"
		org := q.OrgCell(n, r.Text("org_code"))
		if r.Text("org_code") == "" {
			org = kit.Cell{Text: q.T("volume.whole_source"), Raw: "", Class: "muted"}
		}
		day := q.DayCell(r.Instant("day"))
		day.Sub = q.Weekday(r.Instant("day"))
		t.Rows = append(t.Rows, []kit.Cell{
			day, verdict, q.DecimalCell(r["z"], 1), q.CountCell(r["subjects"]), q.DecimalCell(r["mean"], 1), q.DecimalCell(r["deviation"], 1),
			q.CountCell(r["earlier"]), q.TextCell(r.Text("source_sys")), q.EnumCell("subject_kind", r.Text("kind")), org,
		})
	}
	if len(rows) > 0 && rows[0].Whole("total") > int64(len(rows)) {
		t.Cut = q.T("table.cut", "Shown", q.Count(int64(len(rows))), "All", q.Count(rows[0].Whole("total")))
	}
	return &kit.Panel{Title: q.T("panel.volume"), Note: q.T("note.volume", "From", q.Date(from)), Table: t}, nil
}
