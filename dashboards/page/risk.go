package page

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/route"
	"duban/queries"
)

// riskRows is how many of each kind the page shows; the file has up to
// fileRows.
const riskRows = 100

type riskBody struct {
	Panels map[string]*Panel
	// Hint leads to the day on which the data of the scope end, when that is
	// long before the instant asked for; nil otherwise.
	Hint *Link
}

var _ = register(route.Route{Pattern: "/risk", Rule: route.Needs(access.AlertView), Scope: route.ByFilter(),
	Nav: route.Nav{Group: route.Main, Name: "risk", At: 9}}, (*Site).Risk)

// Risk answers the page of early warning: what is open, by the probability
// that it misses its due, why, and how far that can be trusted.
func (s *Site) Risk(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r)
	if err != nil {
		q.fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	calendar, err := q.riskCalendar(ctx)
	if err != nil {
		q.fail(w, err)
		return
	}
	parts := []part{
		{"risk_cases", func(ctx context.Context) (*Panel, error) { return q.openRisks(ctx, "case", calendar) }},
		{"risk_tickets", func(ctx context.Context) (*Panel, error) { return q.openRisks(ctx, "ticket", calendar) }},
		{"risk_verdicts", q.riskVerdicts},
		{"volume", func(ctx context.Context) (*Panel, error) { return q.volumePanel(ctx, calendar) }},
	}
	if table, ok := q.wantsCSV(); ok {
		if kind, open := strings.CutPrefix(table, "risk_"); open && (kind == "cases" || kind == "tickets") {
			s.riskFile(w, r, q, strings.TrimSuffix(kind, "s"), calendar)
			return
		}
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
	v := q.frame("risk", q.T("nav.risk"))
	body := riskBody{}
	body.Panels, err = q.loadAll(ctx, parts, func(ctx context.Context) error { v.Stamp = q.loadStamp(ctx); return nil })
	if err == nil {
		body.Hint, err = q.dataEnd(ctx)
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	v.Scope, v.Body = q.form(data, ""), body
	q.render(w, http.StatusOK, "risk", v)
}

// dataEnd leads to the last day with facts, where that is more than a month
// before the instant of the page: nothing is open in time there any more.
func (q *request) dataEnd(ctx context.Context) (*Link, error) {
	res, err := q.Queries.Run(ctx, "page/extent",
		queries.Args{"as_of": q.asOf, "source": q.scope.Source, "region": q.scope.Region, "org": q.scope.Org})
	if err != nil || len(res.Rows) == 0 {
		return nil, err
	}
	last := rowsOf(res)[0].instant("last_at")
	if last.IsZero() || last.After(q.asOf.AddDate(0, -1, 0)) {
		return nil, nil
	}
	at := q.scope
	at.AsOf = last.AddDate(0, -1, 0)
	return &Link{Text: q.T("risk.data_end", "Day", q.Date(last), "Then", q.Date(at.AsOf)), Href: q.address(at)}, nil
}

// openRisks lists open cases or tickets, the likeliest to be late first.
func (q *request) openRisks(ctx context.Context, kind, calendar string) (*Panel, error) {
	args := q.riskArgs(calendar)
	args["max_rows"] = riskRows
	res, err := q.Queries.Run(ctx, "risk/open_"+kind+"s", args)
	if err != nil {
		return nil, err
	}
	rows := rowsOf(res)
	n, err := q.namesOf(ctx, rows, map[string]string{"item": "item"})
	if err != nil {
		return nil, err
	}
	t := q.riskRows(n, rows, kind)
	for i, c := range t.Columns {
		t.Columns[i].Hidden = c.Hidden || c.Key == "source_sys" && q.scope.Source != "" || c.Key == "region_code" &&
			!slices.ContainsFunc(rows, func(r row) bool { return r.text("region_code") != "" })
	}
	p := &Panel{Title: q.T("panel.risk_" + kind + "s"), Note: q.T("note.risk"), Table: t}
	if len(rows) > 0 {
		total := rows[0].whole("total")
		p.Title += " · " + q.Count(total)
		if total > int64(len(rows)) {
			t.Cut = q.T("table.cut", "Shown", q.Count(int64(len(rows))), "All", q.Count(total))
		}
	}
	return p, nil
}

func (q *request) riskArgs(calendar string) queries.Args {
	return queries.Args{"as_of": q.asOf, "source": q.scope.Source, "region": q.scope.Region, "org": q.scope.Org, "calendar": calendar}
}

// riskFile sends open subjects as a file, row by row.
func (s *Site) riskFile(w http.ResponseWriter, r *http.Request, q *request, kind, calendar string) {
	args := q.riskArgs(calendar)
	args["max_rows"] = s.fileRows()
	q.sendFile(w, "risk_"+kind+"s", s.fileRows(), func(ctx context.Context, each func(*queries.Result) error) error {
		return q.Queries.Stream(ctx, "risk/open_"+kind+"s", args, fileBatch, each)
	}, func(rows []row) *Table { return q.riskRows(names{}, rows, kind) })
}

// riskRows writes open subjects as a table.
func (q *request) riskRows(n names, rows []row, kind string) *Table {
	t := &Table{
		Columns: q.cols("subject_no", "probability:num", "reason", "due_at:time", "time_left:num", "item", "step", "org_code",
			"region_code", "source_sys",
			"unit:hidden", "peers_late:hidden", "peers:hidden", "peer_group:hidden", "compared_left:hidden", "strength:hidden"),
		Empty: q.T("empty.risk_" + kind),
	}
	for _, r := range rows {
		t.Rows = append(t.Rows, q.riskLine(n, r, kind))
	}
	return t
}

func (q *request) riskLine(n names, r row, kind string) []Cell {
	no := q.codeCell(r.text("subject_no"))
	no.Href = q.subjectHref(kind+"s", r.text("source_sys"), r.text("subject_no"))
	p, _ := r.num("probability")
	share := 100 * p
	prob := Cell{Text: q.Rate(p, 1), Raw: p, Class: "num", Share: &share, Title: q.T("risk.shrunk", "M", q.plain(r.number("strength")))}
	if p >= 0.5 {
		prob.Class = "num bad"
	}
	left := Cell{Text: q.timeLeft(r.text("unit"), r.number("left")), Raw: r["left"], Class: "num"}
	step := q.textCell(q.Enum(kind+"_state", r.text("step")))
	step.Raw = r.text("step")
	item := q.itemCell(n, r.text("item"))
	reason := q.textCell(q.riskReason(r, kind))
	reason.Sub = q.finerGroup(r)
	return []Cell{
		no, prob, reason, q.dueCell(r.instant("due_at")), left, item, step,
		q.orgCell(n, r.text("org_code")), q.regionCell(n, r.text("region_code")), q.textCell(r.text("source_sys")),
		q.textCell(r.text("unit")), q.countCell(r["peers_late"]), q.countCell(r["peers"]), q.textCell(r.text("peer_group")),
		q.decimalCell(r["compared_left"], 2), q.countCell(r["strength"]),
	}
}

// riskReason says in words what the probability was learned from.
func (q *request) riskReason(r row, kind string) string {
	late, peers := r.number("peers_late"), r.number("peers")
	if peers == 0 {
		return q.T("risk.reason_none")
	}
	id := "risk.reason_" + kind
	if r.text("peer_group") == "source" {
		id = "risk.reason_source_" + kind
	}
	return q.T(id, "Share", q.Rate(late, peers), "Left", q.timeLeft(r.text("unit"), r.number("compared_left")), "N", q.Count(int64(peers)),
		"Group", q.T("risk.group_"+r.text("peer_group")))
}

// finerGroup says what a finer group than the one of the reason holds: too few
// to stand alone, they move the probability all the same.
func (q *request) finerGroup(r row) string {
	late, _ := r["ks"].([]uint64)
	all, _ := r["ns"].([]uint64)
	for i, group := range []string{"item_step_org", "item_step", "step_org", "step"} {
		if group == r.text("peer_group") || i >= len(all) || i >= len(late) {
			return ""
		}
		if all[i] > 0 && (r.flag("by_org") || i%2 == 1) {
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
func (q *request) riskVerdicts(ctx context.Context) (*Panel, error) {
	res, err := q.Queries.Run(ctx, "risk/verdicts", queries.Args{"as_of": q.asOf, "source": q.scope.Source})
	if err != nil {
		return nil, err
	}
	t := &Table{
		Columns: q.cols("source_sys", "subject_kind", "verdict", "predictions:num", "late_predictions:num", "auc_model:num", "auc_baseline:num",
			"brier_model:num", "brier_baseline:num", "brier_gain:num", "train_until:time", "judged_at:time"),
		Empty: q.T("empty.risk_verdicts"),
	}
	for _, r := range rowsOf(res) {
		verdict := q.enumCell("risk_verdict", r.text("verdict"))
		verdict.Tag = "warn"
		if r.text("verdict") == "beats" {
			verdict.Tag = "good"
		}
		if r.flag("reached_later") {
			verdict.Title = q.T("risk.reached_later")
		}
		gain := q.decimalCell(r["brier_gain"], 4)
		if e, ok := r.num("brier_gain_error"); ok {
			gain.Sub = "± " + q.Decimal(1.96*e, 4)
		}
		t.Rows = append(t.Rows, []Cell{
			q.textCell(r.text("source_sys")), q.enumCell("subject_kind", r.text("kind")), verdict, q.countCell(r["predictions"]),
			q.countCell(r["late"]),
			q.decimalCell(r["auc_model"], 3), q.decimalCell(r["auc_baseline"], 3), q.decimalCell(r["brier_model"], 4),
			q.decimalCell(r["brier_baseline"], 4),
			gain, q.dayCell(r.instant("train_until")), q.dayCell(r.instant("judged_at")),
		})
	}
	return &Panel{Title: q.T("panel.risk_verdicts"), Note: q.T("note.risk_verdicts"), Table: t}, nil
}

// volumePanel lists the days of the last ninety, or of the period asked for,
// with far more or far fewer new subjects than usual.
func (q *request) volumePanel(ctx context.Context, calendar string) (*Panel, error) {
	from := q.scope.From
	if from.IsZero() {
		from = q.asOf.AddDate(0, 0, -90)
	}
	asOf := q.asOf
	if u := q.scope.Until(); !u.IsZero() && u.Before(asOf) {
		asOf = u
	}
	limit := riskRows
	if _, file := q.wantsCSV(); file {
		limit = fileRows
	}
	res, err := q.Queries.Run(ctx, "risk/volume_anomalies", queries.Args{
		"as_of": asOf, "from": from, "source": q.scope.Source, "region": q.scope.Region, "org": q.scope.Org, "calendar": calendar,
		"beyond": 4, "max_rows": limit,
	})
	if err != nil {
		return nil, err
	}
	rows := rowsOf(res)
	n, err := q.namesOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: q.cols("day:time", "verdict", "z:num", "subjects:num", "mean:num", "deviation:num", "earlier:num", "source_sys",
		"subject_kind", "org_code"), Empty: q.T("empty.volume")}
	for _, r := range rows {
		verdict := q.enumCell("volume_verdict", r.text("verdict"))
		verdict.Tag = "warn"
		org := q.orgCell(n, r.text("org_code"))
		if r.text("org_code") == "" {
			org = Cell{Text: q.T("volume.whole_source"), Raw: "", Class: "muted"}
		}
		day := q.dayCell(r.instant("day"))
		day.Sub = q.Weekday(r.instant("day"))
		t.Rows = append(t.Rows, []Cell{
			day, verdict, q.decimalCell(r["z"], 1), q.countCell(r["subjects"]), q.decimalCell(r["mean"], 1), q.decimalCell(r["deviation"], 1),
			q.countCell(r["earlier"]), q.textCell(r.text("source_sys")), q.enumCell("subject_kind", r.text("kind")), org,
		})
	}
	if len(rows) > 0 && rows[0].whole("total") > int64(len(rows)) {
		t.Cut = q.T("table.cut", "Shown", q.Count(int64(len(rows))), "All", q.Count(rows[0].whole("total")))
	}
	return &Panel{Title: q.T("panel.volume"), Note: q.T("note.volume", "From", q.Date(from)), Table: t}, nil
}
