package risk

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
)

var _ = pages.Show(route.Route{Pattern: "/profiles/cases", Rule: route.Needs(access.AlertView),
	Scope: route.ByFilter()}, (*request).ProfileCases, "indicator")

// ProfileCases answers the list of subjects behind one figure of a profile.
func (q *request) ProfileCases(ctx context.Context, w http.ResponseWriter) error {
	page, err := q.PageNumber()
	if err != nil {
		return err
	}
	indicator := q.Param("indicator")
	if !slices.Contains(gamingIndicators(), indicator) {
		return kit.BadAddress("indicator")
	}
	args, err := q.gamingArgs(ctx)
	if err != nil {
		return err
	}
	args["indicator"], args["max_rows"], args["skip"] = indicator, kit.PageRows, (page-1)*kit.PageRows
	if _, file := q.WantsCSV(); file {
		q.SendQuery(w, "profile-cases", "risk/gaming_cases", args, func(rows []kit.Row) *kit.Table { return q.gamingRows(kit.Names{}, rows) })
		return nil
	}
	res, err := q.Queries.Run(ctx, "risk/gaming_cases", args)
	if err != nil {
		return err
	}
	rows := kit.RowsOf(res)
	n, err := q.NamesOf(ctx, rows)
	if err != nil {
		return err
	}
	t := q.gamingRows(n, rows)
	var total int64
	if len(rows) > 0 {
		total = rows[0].Whole("total")
	}
	data, err := q.LoadScope(ctx)
	if err != nil {
		return err
	}
	name := q.T("gaming." + indicator)
	v := q.View(ctx, "profiles", name)
	v.Crumbs = []kit.Link{{Text: q.T("nav.profiles"), Href: q.Scope.URL("/profiles", "org", "")}, {Text: name, Current: true}}
	v.Scope = q.ScopeForm(data, "")
	v.Body = &kit.List{Kind: "profile-cases", Heading: name, Note: q.T("gaming_help." + indicator),
		Total: q.T("list.total_profile", "N", q.Count(total)), Table: t, Pages: q.Pages(page, len(rows), total)}
	q.Render(w, http.StatusOK, "list", v)
	return nil
}

// gamingRows writes the subjects behind a profile.
func (q *request) gamingRows(n kit.Names, rows []kit.Row) *kit.Table {
	t := &kit.Table{ID: "profile-cases", CSV: q.Here("format", "csv"),
		Columns: q.Cols("subject_no", "subject_kind", "at:time", "why", "org_code",
			"task_code", "source_sys"), Empty: q.T("empty.profile_cases")}
	for _, x := range rows {
		no := q.CodeCell(x.Text("subject_no"))
		no.Href = q.SubjectHref(x.Text("kind")+"s", x.Text("source_sys"), x.Text("subject_no"))
		t.Rows = append(t.Rows, []kit.Cell{
			no, q.EnumCell("subject_kind", x.Text("kind")), q.InstantCell(x.Instant("at")), q.whyCell(x.Text("why")),
			q.OrgCell(n, x.Text("org_code")), q.ItemCell(n, x.Text("task_code")), q.TextCell(x.Text("source_sys")),
		})
	}
	return t
}

// whyCell says in words what flagged a subject.
func (q *request) whyCell(codes string) kit.Cell {
	text := ""
	for code := range strings.SplitSeq(codes, ",") {
		if text != "" {
			text += q.T("profile.and")
		}
		text += q.Enum("why", code)
	}
	return kit.Cell{Text: text, Raw: codes}
}
