package data

import (
	"context"
	"net/http"
	"strconv"

	"duban/dashboards/access"
	"duban/dashboards/discretion"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
)

var _ = pages.Show(route.Route{Pattern: "/quality/rejects", Rule: route.Needs(access.QualityView),
	Scope: route.Everything("messages are of whole sources")}, (*request).Rejects, "topic", "reason")

// Rejects answers the list of messages that could not become facts.
func (q *request) Rejects(ctx context.Context, w http.ResponseWriter) error {
	page, err := q.PageNumber()
	if err != nil {
		return err
	}
	args := queries.Args{"topic": q.Param("topic"), "reason": q.Param("reason"), "source": q.Scope.Source, "max_rows": kit.PageRows,
		"skip": (page - 1) * kit.PageRows}
	if _, file := q.WantsCSV(); file {
		args["max_rows"], args["skip"] = q.FileLimit(), 0
		q.SendFile(w, "rejects", q.FileLimit(), func(ctx context.Context, each func(*queries.Result) error) error {
			return q.Queries.Stream(ctx, "page/quality_rejects", args, kit.FileBatch, each)
		}, q.rejectRows)
		return nil
	}
	res, err := q.Queries.Run(ctx, "page/quality_rejects", args)
	if err != nil {
		return err
	}
	rows := kit.RowsOf(res)
	t := q.rejectRows(rows)
	var total int64
	if len(rows) > 0 {
		total = rows[0].Whole("total")
	}
	v := q.View(ctx, "quality", q.T("panel.rejects"))
	v.Crumbs = []kit.Link{{Text: q.T("nav.quality"), Href: q.Scope.URL("/quality")}, {Text: q.T("panel.rejects"),
		Href: q.Scope.URL("/quality/rejects")}}
	if reason := q.Param("reason"); reason != "" {
		v.Crumbs = append(v.Crumbs, kit.Link{Text: q.Enum("reject_reason", reason), Current: true})
	}
	v.Body = &kit.List{Kind: "rejects", Heading: q.T("panel.rejects"), Total: q.T("list.total_rejects", "N", q.Count(total)), Table: t,
		Pages: q.Pages(page, len(rows), total)}
	q.Render(w, http.StatusOK, "list", v)
	return nil
}

// rejectRows writes messages that could not become facts.
func (q *request) rejectRows(rows []kit.Row) *kit.Table {
	t := &kit.Table{ID: "rejects", CSV: q.Here("format", "csv"), Columns: q.Cols("received_at:time", "topic", "partition:num", "offset:num",
		"reason", "field", "detail", "source_sys", "size_bytes:num", "replayed_at:time", "raw_removed_at:time"), Empty: q.T("empty.rejects")}
	for _, x := range rows {
		offset := q.CountCell(x["offset"])
		offset.Href = q.Scope.URL("/quality/rejects/" + kit.EscapePart(x.Text("topic")) + "/" + x.Text("partition") + "/" + x.Text("offset"))
		reason := q.EnumCell("reject_reason", x.Text("reason"))
		t.Rows = append(t.Rows, []kit.Cell{
			q.PreciseCell(x.Instant("received_at")), q.CodeCell(x.Text("topic")), q.CountCell(x["partition"]), offset, reason,
			q.CodeCell(x.Text("field")),
			q.rejectDetail(x), q.TextCell(discretion.MaskText(x.Text("source_sys"))), q.CountCell(x["size_bytes"]),
			q.InstantCell(x.Instant("replayed_at")), q.InstantCell(x.Instant("raw_removed_at")),
		})
	}
	return t
}

// rejectDetail is what the reader of the message noted; where that is one fixed sentence,
// as for a rewrite, it stands in the reader's language.
func (q *request) rejectDetail(x kit.Row) kit.Cell {
	c := q.TextCell(discretion.MaskText(x.Text("detail")))
	if x.Text("reason") == "conflicting_rewrite" {
		c.Text = q.T("reject_help." + x.Text("reason"))
	}
	return c
}

type rejectBody struct {
	Terms  []kit.Term
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

var _ = pages.Show(route.Route{Pattern: "/quality/rejects/{topic}/{partition}/{offset}", Rule: route.Needs(access.QualityView),
	Scope: route.Everything("messages are of whole sources"), Reads: "reject"}, (*request).Reject)

// Reject answers one message that could not become a fact, masked.
func (q *request) Reject(ctx context.Context, w http.ResponseWriter) error {
	topic, partition, offset := q.HTTP.PathValue("topic"), q.HTTP.PathValue("partition"), q.HTTP.PathValue("offset")
	p, perr := strconv.ParseUint(partition, 10, 32)
	o, oerr := strconv.ParseUint(offset, 10, 64)
	if perr != nil || oerr != nil {
		return kit.ErrNotFound
	}
	res, err := q.Queries.Run(ctx, "page/quality_reject", queries.Args{"topic": topic, "partition": p, "offset": o})
	if err == nil && len(res.Rows) == 0 {
		err = kit.ErrNotFound
	}
	if err != nil {
		return err
	}
	x := kit.RowsOf(res)[0]
	b := rejectBody{Raw: discretion.MaskRaw(x.Text("raw")), Kept: x.Flag("says_secret") && x.Text("raw") == discretion.Masked,
		Reason: q.Enum("reject_reason",
			x.Text("reason"))}
	add := func(key string, c kit.Cell) { b.Terms = append(b.Terms, kit.Term{Name: q.T("col." + key), Cell: c}) }
	add("reason", q.CodeCell(x.Text("reason")))
	add("field", q.CodeCell(x.Text("field")))
	b.Help = q.Enum("reject_help", x.Text("reason"))
	if b.Help == x.Text("reason") {
		b.Help = ""
	}
	add("detail", q.rejectDetail(x))
	add("source_sys", q.TextCell(discretion.MaskText(x.Text("source_sys"))))
	add("origin", q.CodeCell(topic+" / "+partition+" / "+offset))
	add("received_at", q.PreciseCell(x.Instant("received_at")))
	add("stored_at", q.PreciseCell(x.Instant("stored_at")))
	add("replayed_at", q.PreciseCell(x.Instant("replayed_at")))
	add("size_bytes", q.CountCell(x["size_bytes"]))
	add("raw_hash", q.CodeCell(x.Text("raw_hash")))
	if at := x.Instant("raw_removed_at"); at.Unix() > 0 {
		b.Removed = q.T("reject.removed", "Day", q.Date(at))
	} else if !b.Kept && x.Whole("size_bytes") > int64(len(x.Text("raw"))) {
		b.Cut = q.T("reject.cut", "N", q.Count(int64(len(x.Text("raw")))))
	}
	v := q.View(ctx, "quality", q.T("panel.rejects"))
	v.Crumbs = []kit.Link{{Text: q.T("nav.quality"), Href: q.Scope.URL("/quality")}, {Text: q.T("panel.rejects"),
		Href: q.Scope.URL("/quality/rejects")}, {Text: partition + "/" + offset, Current: true}}
	v.Body = b
	q.Render(w, http.StatusOK, "reject", v)
	return nil
}
