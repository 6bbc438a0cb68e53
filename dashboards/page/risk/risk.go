package risk

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
)

// riskRows is how many of each kind the page shows; the file has up to
// kit.MostFileRows.
const riskRows = 100

type riskBody struct {
	Panels map[string]*kit.Panel
	// Hint leads to the day on which the data of the scope end, when that is
	// long before the instant asked for; nil otherwise.
	Hint *kit.Link
}

var _ = pages.Show(route.Route{Pattern: "/risk", Rule: route.Needs(access.AlertView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "risk", At: 9}}, (*request).Risk)

// Risk answers the page of early warning: what is open, by the probability
// that it misses its due, why, and how far that can be trusted.
func (q *request) Risk(ctx context.Context, w http.ResponseWriter) error {
	calendar, err := q.StatesCalendar(ctx)
	if err != nil {
		return err
	}
	parts := []kit.Part{
		{ID: "risk_cases", Load: func(ctx context.Context) (*kit.Panel, error) { return q.openRisks(ctx, "case", calendar) }},
		{ID: "risk_tickets", Load: func(ctx context.Context) (*kit.Panel, error) { return q.openRisks(ctx, "ticket", calendar) }},
		{ID: "risk_verdicts", Load: q.riskVerdicts},
		{ID: "volume", Load: func(ctx context.Context) (*kit.Panel, error) { return q.volumePanel(ctx, calendar) }},
	}
	if table, ok := q.WantsCSV(); ok {
		if kind, open := strings.CutPrefix(table, "risk_"); open && (kind == "cases" || kind == "tickets") {
			q.riskFile(w, strings.TrimSuffix(kind, "s"), calendar)
			return nil
		}
		return q.CSV(ctx, w, table, parts)
	}
	data, err := q.LoadScope(ctx)
	if err != nil {
		return err
	}
	v := q.Frame("risk", q.T("nav.risk"))
	body := riskBody{}
	body.Panels, err = q.LoadAll(ctx, parts, func(ctx context.Context) error { v.Stamp = q.LoadStamp(ctx); return nil })
	if err == nil {
		body.Hint, err = q.dataEnd(ctx)
	}
	if err != nil {
		return err
	}
	v.Scope, v.Body = q.ScopeForm(data, ""), body
	q.Render(w, http.StatusOK, "risk", v)
	return nil
}

// dataEnd leads to the last day with facts, where that is more than a month
// before the instant of the page: nothing is open in time there any more.
func (q *request) dataEnd(ctx context.Context) (*kit.Link, error) {
	res, err := q.Queries.Run(ctx, "page/extent",
		queries.Args{"as_of": q.AsOf, "source": q.Scope.Source, "region": q.Scope.Region, "org": q.Scope.Org})
	if err != nil || len(res.Rows) == 0 {
		return nil, err
	}
	last := kit.RowsOf(res)[0].Instant("last_at")
	if last.IsZero() || last.After(q.AsOf.AddDate(0, -1, 0)) {
		return nil, nil
	}
	at := q.Scope
	at.AsOf = last.AddDate(0, -1, 0)
	return &kit.Link{Text: q.T("risk.data_end", "Day", q.Date(last), "Then", q.Date(at.AsOf)), Href: q.Address(at)}, nil
}

// openRisks lists open cases or tickets, the likeliest to be late first.
func (q *request) openRisks(ctx context.Context, kind, calendar string) (*kit.Panel, error) {
	args := q.riskArgs(calendar)
	args["max_rows"] = riskRows
	res, err := q.Queries.Run(ctx, "risk/open_"+kind+"s", args)
	if err != nil {
		return nil, err
	}
	rows := kit.RowsOf(res)
	n, err := q.NamesOf(ctx, rows, map[string]string{"item": "item"})
	if err != nil {
		return nil, err
	}
	t := q.riskRows(n, rows, kind)
	for i, c := range t.Columns {
		t.Columns[i].Hidden = c.Hidden || c.Key == "source_sys" && q.Scope.Source != "" || c.Key == "region_code" &&
			!slices.ContainsFunc(rows, func(r kit.Row) bool { return r.Text("region_code") != "" })
	}
	p := &kit.Panel{Title: q.T("panel.risk_" + kind + "s"), Note: q.T("note.risk"), Table: t}
	if len(rows) > 0 {
		total := rows[0].Whole("total")
		p.Title += " · " + q.Count(total)
		if total > int64(len(rows)) {
			t.Cut = q.T("table.cut", "Shown", q.Count(int64(len(rows))), "All", q.Count(total))
		}
	}
	return p, nil
}

func (q *request) riskArgs(calendar string) queries.Args {
	return queries.Args{"as_of": q.AsOf, "source": q.Scope.Source, "region": q.Scope.Region, "org": q.Scope.Org, "calendar": calendar}
}

// riskFile sends open subjects as a file, row by row.
func (q *request) riskFile(w http.ResponseWriter, kind, calendar string) {
	args := q.riskArgs(calendar)
	args["max_rows"] = q.FileLimit()
	q.SendFile(w, "risk_"+kind+"s", q.FileLimit(), func(ctx context.Context, each func(*queries.Result) error) error {
		return q.Queries.Stream(ctx, "risk/open_"+kind+"s", args, kit.FileBatch, each)
	}, func(rows []kit.Row) *kit.Table { return q.riskRows(kit.Names{}, rows, kind) })
}

// riskRows writes open subjects as a table.
func (q *request) riskRows(n kit.Names, rows []kit.Row, kind string) *kit.Table {
	t := &kit.Table{
		Columns: q.Cols("subject_no", "probability:num", "reason", "due_at:time", "time_left:num", "item", "step", "org_code",
			"region_code", "source_sys",
			"unit:hidden", "peers_late:hidden", "peers:hidden", "peer_group:hidden", "compared_left:hidden", "strength:hidden"),
		Empty: q.T("empty.risk_" + kind),
	}
	for _, r := range rows {
		t.Rows = append(t.Rows, q.riskLine(n, r, kind))
	}
	return t
}

func (q *request) riskLine(n kit.Names, r kit.Row, kind string) []kit.Cell {
	no := q.CodeCell(r.Text("subject_no"))
	no.Href = q.SubjectHref(kind+"s", r.Text("source_sys"), r.Text("subject_no"))
	p, _ := r.Num("probability")
	share := 100 * p
	prob := kit.Cell{Text: q.Rate(p, 1), Raw: p, Class: "num", Share: &share, Title: q.T("risk.shrunk", "M", q.Plain(r.Number("strength")))}
	if p >= 0.5 {
		prob.Class = "num bad"
	}
	left := kit.Cell{Text: q.timeLeft(r.Text("unit"), r.Number("left")), Raw: r["left"], Class: "num"}
	step := q.TextCell(q.Enum(kind+"_state", r.Text("step")))
	step.Raw = r.Text("step")
	item := q.ItemCell(n, r.Text("item"))
	reason := q.TextCell(q.riskReason(r, kind))
	reason.Sub = q.finerGroup(r)
	return []kit.Cell{
		no, prob, reason, q.DueCell(r.Instant("due_at")), left, item, step,
		q.OrgCell(n, r.Text("org_code")), q.RegionCell(n, r.Text("region_code")), q.TextCell(r.Text("source_sys")),
		q.TextCell(r.Text("unit")), q.CountCell(r["peers_late"]), q.CountCell(r["peers"]), q.TextCell(r.Text("peer_group")),
		q.DecimalCell(r["compared_left"], 2), q.CountCell(r["strength"]),
	}
}

// riskReason says in words what the probability was learned from.
func (q *request) riskReason(r kit.Row, kind string) string {
	late, peers := r.Number("peers_late"), r.Number("peers")
	if peers == 0 {
		return q.T("risk.reason_none")
	}
	id := "risk.reason_" + kind
	if r.Text("peer_group") == "source" {
		id = "risk.reason_source_" + kind
	}
	return q.T(id, "Share", q.Rate(late, peers), "Left", q.timeLeft(r.Text("unit"), r.Number("compared_left")), "N", q.Count(int64(peers)),
		"Group", q.T("risk.group_"+r.Text("peer_group")))
}

// finerGroup says what a finer group than the one of the reason holds: too few
// to stand alone, they move the probability all the same.
func (q *request) finerGroup(r kit.Row) string {
	late, _ := r["ks"].([]uint64)
	all, _ := r["ns"].([]uint64)
	for i, group := range []string{"item_step_org", "item_step", "step_org", "step"} {
		if group == r.Text("peer_group") || i >= len(all) || i >= len(late) {
			return ""
		}
		if all[i] > 0 && (r.Flag("by_org") || i%2 == 1) {
			return q.T("risk.finer", "Group", q.T("risk.group_"+group), "Late", q.Count(int64(late[i])), "N", q.Count(int64(all[i])))
		}
	}
	return ""
}

// timeLeft writes a time left in the unit it is counted in.
func (q *request) timeLeft(unit string, v float64) string {
	switch {
	case unit == "h":
		return q.Hours(v)
	case v == 0:
		return q.T("risk.left_today")
	case v == 1:
		return q.T("risk.left_one")
	default:
		return q.T("risk.left_wd", "N", q.Count(int64(v)))
	}
}

// riskVerdicts lists how well early warning did in each source's own past.
func (q *request) riskVerdicts(ctx context.Context) (*kit.Panel, error) {
	res, err := q.Queries.Run(ctx, "risk/verdicts", queries.Args{"as_of": q.AsOf, "source": q.Scope.Source})
	if err != nil {
		return nil, err
	}
	t := &kit.Table{
		Columns: q.Cols("source_sys", "subject_kind", "verdict", "predictions:num", "late_predictions:num", "auc_model:num", "auc_baseline:num",
			"brier_model:num", "brier_baseline:num", "brier_gain:num", "train_until:time", "judged_at:time"),
		Empty: q.T("empty.risk_verdicts"),
	}
	for _, r := range kit.RowsOf(res) {
		verdict := q.EnumCell("risk_verdict", r.Text("verdict"))
		verdict.Tag = "warn"
		if r.Text("verdict") == "beats" {
			verdict.Tag = "good"
		}
		if r.Flag("reached_later") {
			verdict.Title = q.T("risk.reached_later")
		}
		gain := q.DecimalCell(r["brier_gain"], 4)
		if e, ok := r.Num("brier_gain_error"); ok {
			gain.Sub = "± " + q.Decimal(1.96*e, 4)
		}
		t.Rows = append(t.Rows, []kit.Cell{
			q.TextCell(r.Text("source_sys")), q.EnumCell("subject_kind", r.Text("kind")), verdict, q.CountCell(r["predictions"]),
			q.CountCell(r["late"]),
			q.DecimalCell(r["auc_model"], 3), q.DecimalCell(r["auc_baseline"], 3), q.DecimalCell(r["brier_model"], 4),
			q.DecimalCell(r["brier_baseline"], 4),
			gain, q.DayCell(r.Instant("train_until")), q.DayCell(r.Instant("judged_at")),
		})
	}
	return &kit.Panel{Title: q.T("panel.risk_verdicts"), Note: q.T("note.risk_verdicts"), Table: t}, nil
}
