package page

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/discretion"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
)

type qualityBody struct {
	Panels map[string]*Panel
	// Holds says whether every message is accounted for; Known is false when
	// the broker could not be asked.
	Holds, Known bool
	Verdict      string
	// Problems says in words what is wrong; Lost is set when that is only that
	// messages are lost and nobody has taken note.
	Problems []string
	Lost     bool
}

var _ = register(route.Route{Pattern: "/quality", Rule: route.Needs(access.QualityView),
	Scope: route.Everything("messages are of whole sources"),
	Nav:   route.Nav{Group: route.Main, Name: "quality", At: 12}}, (*Site).Quality)

// Quality answers the page about the data themselves.
func (s *Site) Quality(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r)
	if err != nil {
		q.fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	body := qualityBody{}
	parts := []part{
		{"identity", func(ctx context.Context) (*Panel, error) { return q.identityPanel(ctx, &body) }},
		{"losses", q.lossesPanel}, {"folds", q.foldsPanel}, {"reasons", q.reasonsPanel}, {"late", q.latePanel}, {"own_limits",
			q.ownLimitsPanel}, {"conflicts", q.conflictsPanel}, {"twice", q.twicePanel},
	}
	if table, ok := q.wantsCSV(); ok {
		if err := q.csv(ctx, w, table, parts); err != nil {
			q.fail(w, err)
		}
		return
	}
	v := q.frame("quality", q.T("nav.quality"))
	body.Panels, err = q.loadAll(ctx, parts, func(ctx context.Context) error { v.Stamp = q.loadStamp(ctx); return nil })
	if err != nil {
		q.fail(w, err)
		return
	}
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
	q.render(w, http.StatusOK, "quality", v)
}

// identityPanel shows what became of every message of every topic.
func (q *request) identityPanel(ctx context.Context, body *qualityBody) (*Panel, error) {
	topics, err := q.Status.Topics(ctx)
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: q.cols("topic", "received:num", "stored:num", "duplicate:num", "rejected:num", "pending:num", "lost:num",
		"holds"), Empty: q.T("empty.topics")}
	body.Known, body.Holds, body.Lost = true, true, true
	for _, x := range topics {
		for _, p := range x.Problems {
			body.Holds = false
			body.Problems = append(body.Problems, q.T("quality.problem", "Topic", q.Enum("topic", x.Topic), "What",
				q.T("quality.problem_"+p.Kind, "N", q.Count(int64(p.Count)))))
		}
		holds := Cell{Text: q.T("holds.yes"), Raw: true, Tag: "good"}
		if !x.Holds {
			holds = Cell{Text: q.T("holds.no"), Raw: false, Tag: "bad"}
			body.Holds, body.Lost = false, false
		}
		name := q.codeCell(x.Topic)
		name.Sub = q.Enum("topic", x.Topic)
		rejected := q.countCell(x.Rejected)
		if x.Rejected > 0 {
			rejected.Href = q.scope.URL("/quality/rejects", "topic", x.Topic)
		}
		t.Rows = append(t.Rows, []Cell{name, q.countCell(x.Received), q.countCell(x.Stored), q.countCell(x.Duplicate), rejected,
			q.countCell(x.Pending), q.countCell(x.Lost), holds})
	}
	return &Panel{Title: q.T("panel.identity"), Note: q.T("note.identity"), Table: t}, nil
}

// lossesPanel names what the broker no longer had when it was to be read.
func (q *request) lossesPanel(ctx context.Context) (*Panel, error) {
	res, err := q.Queries.Run(ctx, "ingest/losses", nil)
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: q.cols("topic", "partition:num", "loss_kind", "lost:num", "first_offset:num", "last_offset:num",
		"arrived_after:time", "noticed_at:time", "acknowledged_by", "reason"), Empty: q.T("empty.losses")}
	for _, r := range rowsOf(res) {
		base, from, until := r.whole("base"), r.whole("from_offset"), r.whole("until_offset")
		kind := Cell{Text: q.Enum("loss", r.text("kind")), Raw: r.text("kind")}
		if ok, _ := r["acknowledged"].(bool); !ok {
			kind.Tag = "bad"
		}
		t.Rows = append(t.Rows, []Cell{
			q.codeCell(r.text("topic")), q.countCell(r["partition"]), kind, q.countCell(r["messages"]),
			q.countCell(from - base), q.countCell(max(from,
				until-1) - base), q.instantCell(r.instant("before_at")), q.instantCell(r.instant("noticed_at")),
			{Text: r.text("acknowledged_by"), Raw: r.text("acknowledged_by")}, {Text: r.text("reason"), Raw: r.text("reason")},
		})
	}
	return &Panel{Title: q.T("panel.losses"), Note: q.T("note.losses"), Table: t}, nil
}

func (q *request) foldsPanel(ctx context.Context) (*Panel, error) {
	res, err := q.Queries.Run(ctx, "page/quality_folds", nil)
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: q.cols("topic", "partition:num", "messages:num", "stored_through:num", "folded_below:num", "unfolded:num",
		"received_at:time", "stored_at:time", "lag:num", "folded_at:time"), Empty: q.T("empty.topics")}
	for _, r := range rowsOf(res) {
		unfolded := q.countCell(r["unfolded"])
		if r.whole("unfolded") > 0 {
			unfolded.Class = "num warn"
		}
		received, stored := r.instant("received_at"), r.instant("stored_at")
		lag := Cell{Text: q.Lag(stored.Sub(received)), Raw: stored.Sub(received).Seconds(), Class: "num"}
		t.Rows = append(t.Rows, []Cell{
			q.codeCell(r.text("topic")), q.countCell(r["partition"]), q.countCell(r["messages"]), q.countCell(r["stored_through"]),
			q.countCell(r["folded_below"]),
			unfolded, q.preciseCell(received), q.preciseCell(stored), lag, q.preciseCell(r.instant("folded_at")),
		})
	}
	return &Panel{Title: q.T("panel.folds"), Note: q.T("note.folds"), Table: t}, nil
}

func (q *request) reasonsPanel(ctx context.Context) (*Panel, error) {
	res, err := q.Queries.Run(ctx, "page/quality_reasons", nil)
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: q.cols("topic", "reason", "rejects:num", "replayed:num", "sources:num", "first_at:time", "last_at:time"),
		Empty: q.T("empty.rejects")}
	for _, r := range rowsOf(res) {
		reason := q.enumCell("reject_reason", r.text("reason"))
		reason.Href = q.scope.URL("/quality/rejects", "topic", r.text("topic"), "reason", r.text("reason"))
		reason.Sub = r.text("reason")
		t.Rows = append(t.Rows, []Cell{
			q.codeCell(r.text("topic")), reason, q.countCell(r["rejects"]), q.countCell(r["replayed"]), q.countCell(r["sources"]),
			q.instantCell(r.instant("first_at")), q.instantCell(r.instant("last_at")),
		})
	}
	return &Panel{Title: q.T("panel.reasons"), Note: q.T("note.reasons"), Table: t}, nil
}

func (q *request) latePanel(ctx context.Context) (*Panel, error) {
	res, err := q.Queries.Run(ctx, "page/quality_late", nil)
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: q.cols("source_sys", "subject_kind", "facts:num", "late:num", "late_share:num", "median_lag_hours:num",
		"p90_lag_hours:num", "shift_hours:num", "last_at:time", "last_received_at:time"), Empty: q.T("empty.topics")}
	for _, r := range rowsOf(res) {
		shift := Cell{Text: "–", Raw: int64(0), Class: "num"}
		if h := r.whole("shift_hours"); h != 0 {
			shift = Cell{Text: q.T("quality.shift", "N", q.Count(h)), Raw: h, Class: "num warn"}
		}
		t.Rows = append(t.Rows, []Cell{
			q.textCell(r.text("source_sys")), q.enumCell("subject_kind", r.text("kind")), q.countCell(r["facts"]), q.countCell(r["late"]),
			q.rateCell(r["late"], r["facts"]), q.hoursCell(r["median_lag_hours"]), q.hoursCell(r["p90_lag_hours"]), shift,
			q.instantCell(r.instant("last_at")), q.instantCell(r.instant("last_received_at")),
		})
	}
	return &Panel{Title: q.T("panel.late"), Note: q.T("note.late"), Table: t}, nil
}

func (q *request) conflictsPanel(ctx context.Context) (*Panel, error) {
	limit := 20
	if _, file := q.wantsCSV(); file {
		limit = fileRows
	}
	res, err := q.Queries.Run(ctx, "page/quality_conflicts", queries.Args{"max_rows": limit})
	if err != nil {
		return nil, err
	}
	rows := rowsOf(res)
	n, err := q.namesOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: q.cols("subject_kind", "source_sys", "subject_no", "org_code", "last_at:time"), Empty: q.T("empty.conflicts")}
	for _, r := range rows {
		no := q.codeCell(r.text("subject_no"))
		no.Href = q.subjectHref(r.text("kind")+"s", r.text("source_sys"), r.text("subject_no"))
		t.Rows = append(t.Rows, []Cell{q.enumCell("subject_kind", r.text("kind")), q.textCell(r.text("source_sys")), no, q.orgCell(n,
			r.text("org_code")), q.instantCell(r.instant("last_at"))})
	}
	if len(rows) > 0 && rows[0].whole("total") > int64(len(rows)) {
		t.Cut = q.T("table.cut", "Shown", q.Count(int64(len(rows))), "All", q.Count(rows[0].whole("total")))
	}
	return &Panel{Title: q.T("panel.conflicts"), Note: q.T("note.conflicts"), Table: t}, nil
}

// twicePanel shows the numbers that stand in more than one source system.
func (q *request) twicePanel(ctx context.Context) (*Panel, error) {
	limit := 20
	if _, file := q.wantsCSV(); file {
		limit = fileRows
	}
	res, err := q.Queries.Run(ctx, "page/quality_twice", queries.Args{"max_rows": limit})
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: q.cols("subject_no", "source_systems", "last_at:time"), Empty: q.T("empty.twice")}
	rows := rowsOf(res)
	for _, r := range rows {
		sources, _ := r["sources"].([]string)
		no := q.codeCell(r.text("subject_no"))
		if len(sources) > 0 {
			no.Href = q.subjectHref("cases", sources[0], r.text("subject_no"))
		}
		t.Rows = append(t.Rows, []Cell{no, q.textCell(strings.Join(sources, ", ")), q.instantCell(r.instant("last_at"))})
	}
	if len(rows) > 0 && rows[0].whole("total") > int64(len(rows)) {
		t.Cut = q.T("table.cut", "Shown", q.Count(int64(len(rows))), "All", q.Count(rows[0].whole("total")))
	}
	return &Panel{Title: q.T("panel.twice"), Note: q.T("note.twice"), Table: t}, nil
}

var _ = register(route.Route{Pattern: "/quality/rejects", Rule: route.Needs(access.QualityView),
	Scope: route.Everything("messages are of whole sources")}, (*Site).Rejects)

// Rejects answers the list of messages that could not become facts.
func (s *Site) Rejects(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r, "topic", "reason")
	page := 1
	if err == nil {
		page, err = q.pageNumber()
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	args := queries.Args{"topic": q.param("topic"), "reason": q.param("reason"), "source": q.scope.Source, "max_rows": pageRows,
		"skip": (page - 1) * pageRows}
	if _, file := q.wantsCSV(); file {
		args["max_rows"], args["skip"] = s.fileRows(), 0
		q.sendFile(w, "rejects", s.fileRows(), func(ctx context.Context, each func(*queries.Result) error) error {
			return s.Queries.Stream(ctx, "page/quality_rejects", args, fileBatch, each)
		}, q.rejectRows)
		return
	}
	res, err := s.Queries.Run(ctx, "page/quality_rejects", args)
	if err != nil {
		q.fail(w, err)
		return
	}
	rows := rowsOf(res)
	t := q.rejectRows(rows)
	var total int64
	if len(rows) > 0 {
		total = rows[0].whole("total")
	}
	v := q.view(ctx, "quality", q.T("panel.rejects"))
	v.Crumbs = []Link{{Text: q.T("nav.quality"), Href: q.scope.URL("/quality")}, {Text: q.T("panel.rejects"),
		Href: q.scope.URL("/quality/rejects")}}
	if reason := q.param("reason"); reason != "" {
		v.Crumbs = append(v.Crumbs, Link{Text: q.Enum("reject_reason", reason), Current: true})
	}
	v.Body = &listBody{Kind: "rejects", Heading: q.T("panel.rejects"), Total: q.T("list.total_rejects", "N", q.Count(total)), Table: t,
		Pages: q.pages(page, len(rows), total)}
	q.render(w, http.StatusOK, "list", v)
}

// rejectRows writes messages that could not become facts.
func (q *request) rejectRows(rows []row) *Table {
	t := &Table{ID: "rejects", CSV: q.here("format", "csv"), Columns: q.cols("received_at:time", "topic", "partition:num", "offset:num",
		"reason", "field", "detail", "source_sys", "size_bytes:num", "replayed_at:time", "raw_removed_at:time"), Empty: q.T("empty.rejects")}
	for _, x := range rows {
		offset := q.countCell(x["offset"])
		offset.Href = q.scope.URL("/quality/rejects/" + kit.EscapePart(x.text("topic")) + "/" + x.text("partition") + "/" + x.text("offset"))
		reason := q.enumCell("reject_reason", x.text("reason"))
		t.Rows = append(t.Rows, []Cell{
			q.preciseCell(x.instant("received_at")), q.codeCell(x.text("topic")), q.countCell(x["partition"]), offset, reason,
			q.codeCell(x.text("field")),
			q.rejectDetail(x), q.textCell(discretion.MaskText(x.text("source_sys"))), q.countCell(x["size_bytes"]),
			q.instantCell(x.instant("replayed_at")), q.instantCell(x.instant("raw_removed_at")),
		})
	}
	return t
}

// rejectDetail is what the reader of the message noted; where that is one fixed sentence,
// as for a rewrite, it stands in the reader's language.
func (q *request) rejectDetail(x row) Cell {
	c := q.textCell(discretion.MaskText(x.text("detail")))
	if x.text("reason") == "conflicting_rewrite" {
		c.Text = q.T("reject_help." + x.text("reason"))
	}
	return c
}

type rejectBody struct {
	Terms  []Term
	Raw    string
	Cut    string
	Reason string
	// Removed says since when the bytes are gone; empty when they are there.
	Removed string
	// Kept says that the message is about a secret subject and is not shown to this reader.
	Kept bool
	// Help says what the reason means and what to do; empty where the technical
	// detail is all that is known.
	Help string
}

var _ = register(route.Route{Pattern: "/quality/rejects/{topic}/{partition}/{offset}", Rule: route.Needs(access.QualityView),
	Scope: route.Everything("messages are of whole sources"), Reads: "reject"}, (*Site).Reject)

// Reject answers one message that could not become a fact, masked.
func (s *Site) Reject(w http.ResponseWriter, r *http.Request) {
	topic, partition, offset := r.PathValue("topic"), r.PathValue("partition"), r.PathValue("offset")
	q, err := s.begin(r)
	p, perr := strconv.ParseUint(partition, 10, 32)
	o, oerr := strconv.ParseUint(offset, 10, 64)
	if err == nil && (perr != nil || oerr != nil) {
		err = errNotFound
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	res, err := s.Queries.Run(ctx, "page/quality_reject", queries.Args{"topic": topic, "partition": p, "offset": o})
	if err == nil && len(res.Rows) == 0 {
		err = errNotFound
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	x := rowsOf(res)[0]
	b := rejectBody{Raw: discretion.MaskRaw(x.text("raw")), Kept: x.flag("says_secret") && x.text("raw") == discretion.Masked,
		Reason: q.Enum("reject_reason",
			x.text("reason"))}
	add := func(key string, c Cell) { b.Terms = append(b.Terms, Term{q.T("col." + key), c}) }
	add("reason", q.codeCell(x.text("reason")))
	add("field", q.codeCell(x.text("field")))
	b.Help = q.Enum("reject_help", x.text("reason"))
	if b.Help == x.text("reason") {
		b.Help = ""
	}
	add("detail", q.rejectDetail(x))
	add("source_sys", q.textCell(discretion.MaskText(x.text("source_sys"))))
	add("origin", q.codeCell(topic+" / "+partition+" / "+offset))
	add("received_at", q.preciseCell(x.instant("received_at")))
	add("stored_at", q.preciseCell(x.instant("stored_at")))
	add("replayed_at", q.preciseCell(x.instant("replayed_at")))
	add("size_bytes", q.countCell(x["size_bytes"]))
	add("raw_hash", q.codeCell(x.text("raw_hash")))
	if at := x.instant("raw_removed_at"); at.Unix() > 0 {
		b.Removed = q.T("reject.removed", "Day", q.Date(at))
	} else if !b.Kept && x.whole("size_bytes") > int64(len(x.text("raw"))) {
		b.Cut = q.T("reject.cut", "N", q.Count(int64(len(x.text("raw")))))
	}
	v := q.view(ctx, "quality", q.T("panel.rejects"))
	v.Crumbs = []Link{{Text: q.T("nav.quality"), Href: q.scope.URL("/quality")}, {Text: q.T("panel.rejects"),
		Href: q.scope.URL("/quality/rejects")}, {Text: partition + "/" + offset, Current: true}}
	v.Body = b
	q.render(w, http.StatusOK, "reject", v)
}
