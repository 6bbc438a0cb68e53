package data

import (
	"context"
	"net/http"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
)

type qualityBody struct {
	Panels map[string]*kit.Panel
	// Holds says whether every message is accounted for; Known is false when
	// the broker could not be asked.
	Holds, Known bool
	Verdict      string
	// Problems says in words what is wrong; Lost is set when that is only that
	// messages are lost and nobody has taken note.
	Problems []string
	Lost     bool
}

var _ = pages.Show(route.Route{Pattern: "/quality", Rule: route.Needs(access.QualityView),
	Scope: route.Everything("messages are of whole sources"),
	Nav:   route.Nav{Group: route.Main, Name: "quality", At: 12}}, (*request).Quality)

// Quality answers the page about the data themselves.
func (q *request) Quality(ctx context.Context, w http.ResponseWriter) error {
	body := qualityBody{}
	parts := []kit.Part{
		{ID: "identity", Load: func(ctx context.Context) (*kit.Panel, error) { return q.identityPanel(ctx, &body) }},
		{ID: "losses", Load: q.lossesPanel}, {ID: "folds", Load: q.foldsPanel}, {ID: "reasons", Load: q.reasonsPanel}, {ID: "late",
			Load: q.latePanel}, {ID: "own_limits",
			Load: q.ownLimitsPanel}, {ID: "conflicts", Load: q.conflictsPanel}, {ID: "twice", Load: q.twicePanel},
	}
	if sent, err := q.SentTable(ctx, w, parts); sent || err != nil {
		return err
	}
	v := q.Frame("quality", q.T("nav.quality"))
	panels, err := q.LoadAll(ctx, parts, func(ctx context.Context) error { v.Stamp = q.LoadStamp(ctx); return nil })
	if err != nil {
		return err
	}
	body.Panels = panels
	switch {
	case !body.Known:
		body.Verdict = q.T("quality.unknown")
	case body.Holds:
		body.Verdict = q.T("quality.holds")
	case body.Lost:
		body.Verdict = q.T("quality.lost")
	default:
		body.Verdict = q.T("quality.violated")
	}
	v.Body = body
	q.Render(w, http.StatusOK, "quality", v)
	return nil
}

// identityPanel shows what became of every message of every topic.
func (q *request) identityPanel(ctx context.Context, body *qualityBody) (*kit.Panel, error) {
	topics, err := q.Status.Topics(ctx)
	if err != nil {
		return nil, err
	}
	t := &kit.Table{Columns: q.Cols("topic", "received:num", "stored:num", "duplicate:num", "rejected:num", "pending:num", "lost:num",
		"holds"), Empty: q.T("empty.topics")}
	body.Known, body.Holds, body.Lost = true, true, true
	for _, x := range topics {
		for _, p := range x.Problems {
			body.Holds = false
			body.Problems = append(body.Problems, q.T("quality.problem", "Topic", q.Enum("topic", x.Topic), "What",
				q.T("quality.problem_"+p.Kind, "N", q.Count(int64(p.Count)))))
		}
		holds := kit.Cell{Text: q.T("holds.yes"), Raw: true, Tag: "good"}
		if !x.Holds {
			holds = kit.Cell{Text: q.T("holds.no"), Raw: false, Tag: "bad"}
			body.Holds, body.Lost = false, false
		}
		name := q.CodeCell(x.Topic)
		name.Sub = q.Enum("topic", x.Topic)
		rejected := q.CountCell(x.Rejected)
		if x.Rejected > 0 {
			rejected.Href = q.Scope.URL("/quality/rejects", "topic", x.Topic)
		}
		t.Rows = append(t.Rows, []kit.Cell{name, q.CountCell(x.Received), q.CountCell(x.Stored), q.CountCell(x.Duplicate), rejected,
			q.CountCell(x.Pending), q.CountCell(x.Lost), holds})
	}
	return &kit.Panel{Title: q.T("panel.identity"), Note: q.T("note.identity"), Table: t}, nil
}

// lossesPanel names what the broker no longer had when it was to be read.
func (q *request) lossesPanel(ctx context.Context) (*kit.Panel, error) {
	res, err := q.Queries.Run(ctx, "ingest/losses", nil)
	if err != nil {
		return nil, err
	}
	t := &kit.Table{Columns: q.Cols("topic", "partition:num", "loss_kind", "lost:num", "first_offset:num", "last_offset:num",
		"arrived_after:time", "noticed_at:time", "acknowledged_by", "reason"), Empty: q.T("empty.losses")}
	for _, r := range kit.RowsOf(res) {
		base, from, until := r.Whole("base"), r.Whole("from_offset"), r.Whole("until_offset")
		kind := kit.Cell{Text: q.Enum("loss", r.Text("kind")), Raw: r.Text("kind")}
		if ok, _ := r["acknowledged"].(bool); !ok {
			kind.Tag = "bad"
		}
		t.Rows = append(t.Rows, []kit.Cell{
			q.CodeCell(r.Text("topic")), q.CountCell(r["partition"]), kind, q.CountCell(r["messages"]),
			q.CountCell(from - base), q.CountCell(max(from,
				until-1) - base), q.InstantCell(r.Instant("before_at")), q.InstantCell(r.Instant("noticed_at")),
			{Text: r.Text("acknowledged_by"), Raw: r.Text("acknowledged_by")}, {Text: r.Text("reason"), Raw: r.Text("reason")},
		})
	}
	return &kit.Panel{Title: q.T("panel.losses"), Note: q.T("note.losses"), Table: t}, nil
}

func (q *request) foldsPanel(ctx context.Context) (*kit.Panel, error) {
	res, err := q.Queries.Run(ctx, "page/quality_folds", nil)
	if err != nil {
		return nil, err
	}
	t := &kit.Table{Columns: q.Cols("topic", "partition:num", "messages:num", "stored_through:num", "folded_below:num", "unfolded:num",
		"received_at:time", "stored_at:time", "lag:num", "folded_at:time"), Empty: q.T("empty.topics")}
	for _, r := range kit.RowsOf(res) {
		unfolded := q.CountCell(r["unfolded"])
		if r.Whole("unfolded") > 0 {
			unfolded.Class = "num warn"
		}
		received, stored := r.Instant("received_at"), r.Instant("stored_at")
		lag := kit.Cell{Text: q.Lag(stored.Sub(received)), Raw: stored.Sub(received).Seconds(), Class: "num"}
		t.Rows = append(t.Rows, []kit.Cell{
			q.CodeCell(r.Text("topic")), q.CountCell(r["partition"]), q.CountCell(r["messages"]), q.CountCell(r["stored_through"]),
			q.CountCell(r["folded_below"]),
			unfolded, q.PreciseCell(received), q.PreciseCell(stored), lag, q.PreciseCell(r.Instant("folded_at")),
		})
	}
	return &kit.Panel{Title: q.T("panel.folds"), Note: q.T("note.folds"), Table: t}, nil
}

func (q *request) reasonsPanel(ctx context.Context) (*kit.Panel, error) {
	res, err := q.Queries.Run(ctx, "page/quality_reasons", nil)
	if err != nil {
		return nil, err
	}
	t := &kit.Table{Columns: q.Cols("topic", "reason", "rejects:num", "replayed:num", "sources:num", "first_at:time", "last_at:time"),
		Empty: q.T("empty.rejects")}
	for _, r := range kit.RowsOf(res) {
		reason := q.EnumCell("reject_reason", r.Text("reason"))
		reason.Href = q.Scope.URL("/quality/rejects", "topic", r.Text("topic"), "reason", r.Text("reason"))
		reason.Sub = r.Text("reason")
		t.Rows = append(t.Rows, []kit.Cell{
			q.CodeCell(r.Text("topic")), reason, q.CountCell(r["rejects"]), q.CountCell(r["replayed"]), q.CountCell(r["sources"]),
			q.InstantCell(r.Instant("first_at")), q.InstantCell(r.Instant("last_at")),
		})
	}
	return &kit.Panel{Title: q.T("panel.reasons"), Note: q.T("note.reasons"), Table: t}, nil
}

func (q *request) latePanel(ctx context.Context) (*kit.Panel, error) {
	res, err := q.Queries.Run(ctx, "page/quality_late", nil)
	if err != nil {
		return nil, err
	}
	t := &kit.Table{Columns: q.Cols("source_sys", "subject_kind", "facts:num", "late:num", "late_share:num", "median_lag_hours:num",
		"p90_lag_hours:num", "shift_hours:num", "last_at:time", "last_received_at:time"), Empty: q.T("empty.topics")}
	for _, r := range kit.RowsOf(res) {
		shift := kit.Cell{Text: "–", Raw: int64(0), Class: "num"}
		if h := r.Whole("shift_hours"); h != 0 {
			shift = kit.Cell{Text: q.T("quality.shift", "N", q.Count(h)), Raw: h, Class: "num warn"}
		}
		t.Rows = append(t.Rows, []kit.Cell{
			q.TextCell(r.Text("source_sys")), q.EnumCell("subject_kind", r.Text("kind")), q.CountCell(r["facts"]), q.CountCell(r["late"]),
			q.RateCell(r["late"], r["facts"]), q.HoursCell(r["median_lag_hours"]), q.HoursCell(r["p90_lag_hours"]), shift,
			q.InstantCell(r.Instant("last_at")), q.InstantCell(r.Instant("last_received_at")),
		})
	}
	return &kit.Panel{Title: q.T("panel.late"), Note: q.T("note.late"), Table: t}, nil
}

func (q *request) conflictsPanel(ctx context.Context) (*kit.Panel, error) {
	limit := 20
	if _, file := q.WantsCSV(); file {
		limit = kit.MostFileRows
	}
	res, err := q.Queries.Run(ctx, "page/quality_conflicts", queries.Args{"max_rows": limit})
	if err != nil {
		return nil, err
	}
	rows := kit.RowsOf(res)
	n, err := q.NamesOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	t := &kit.Table{Columns: q.Cols("subject_kind", "source_sys", "subject_no", "org_code", "last_at:time"), Empty: q.T("empty.conflicts")}
	for _, r := range rows {
		no := q.CodeCell(r.Text("subject_no"))
		no.Href = q.SubjectHref(r.Text("kind")+"s", r.Text("source_sys"), r.Text("subject_no"))
		t.Rows = append(t.Rows, []kit.Cell{q.EnumCell("subject_kind", r.Text("kind")), q.TextCell(r.Text("source_sys")), no, q.OrgCell(n,
			r.Text("org_code")), q.InstantCell(r.Instant("last_at"))})
	}
	if len(rows) > 0 && rows[0].Whole("total") > int64(len(rows)) {
		t.Cut = q.T("table.cut", "Shown", q.Count(int64(len(rows))), "All", q.Count(rows[0].Whole("total")))
	}
	return &kit.Panel{Title: q.T("panel.conflicts"), Note: q.T("note.conflicts"), Table: t}, nil
}

// twicePanel shows the numbers that stand in more than one source system.
func (q *request) twicePanel(ctx context.Context) (*kit.Panel, error) {
	limit := 20
	if _, file := q.WantsCSV(); file {
		limit = kit.MostFileRows
	}
	res, err := q.Queries.Run(ctx, "page/quality_twice", queries.Args{"max_rows": limit})
	if err != nil {
		return nil, err
	}
	t := &kit.Table{Columns: q.Cols("subject_no", "source_systems", "last_at:time"), Empty: q.T("empty.twice")}
	rows := kit.RowsOf(res)
	for _, r := range rows {
		sources, _ := r["sources"].([]string)
		no := q.CodeCell(r.Text("subject_no"))
		if len(sources) > 0 {
			no.Href = q.SubjectHref("cases", sources[0], r.Text("subject_no"))
		}
		t.Rows = append(t.Rows, []kit.Cell{no, q.TextCell(strings.Join(sources, ", ")), q.InstantCell(r.Instant("last_at"))})
	}
	if len(rows) > 0 && rows[0].Whole("total") > int64(len(rows)) {
		t.Cut = q.T("table.cut", "Shown", q.Count(int64(len(rows))), "All", q.Count(rows[0].Whole("total")))
	}
	return &kit.Panel{Title: q.T("panel.twice"), Note: q.T("note.twice"), Table: t}, nil
}
