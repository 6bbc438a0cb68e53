package cases

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"duban/dashboards/page/kit"
	"duban/metrics"
	"duban/queries"
)

// evidence answers the list of subjects behind one figure.
func (q *request) evidence(ctx context.Context, w http.ResponseWriter, kind listKind) error {
	ind, ok := q.Figures.Find(q.Param("indicator"))
	if !ok || !kit.Listed(ind) {
		return kit.ErrNotFound
	}
	if by := q.Param("sort"); by != "" && !slices.Contains(slices.Collect(maps.Values(evidenceSorts(ind))), by) {
		return kit.BadAddress("sort")
	}
	ask := q.Figure(ind.ID)
	request := func(limit, skip int) metrics.CasesRequest {
		return metrics.CasesRequest{Request: ask, Role: q.Param("role"), Search: q.Param("q"), Sort: q.Param("sort"),
			Descending: q.Param("dir") == "desc", Limit: uint64(max(0, limit)), Offset: uint64(max(0, skip))}
	}
	file := func(ctx context.Context, each func(*queries.Result) error) error {
		return q.Figures.StreamCases(ctx, request(q.FileLimit(), 0), kit.FileBatch, each)
	}
	load := func(ctx context.Context, limit, skip int) (*kit.Table, int64, error) {
		res, err := q.Figures.Cases(ctx, request(limit, skip))
		if err != nil {
			return nil, 0, err
		}
		rows := kit.RowsOf(res)
		t, err := q.subjectTable(ctx, evidenceList(ind), rows)
		if err != nil {
			return nil, 0, err
		}
		direction := 1
		if q.Param("dir") == "desc" {
			direction = -1
		}
		q.sortLinks(t, evidenceSorts(ind), "decided", direction)
		total := int64(0)
		if len(rows) > 0 {
			total = rows[0].Whole("total")
		}
		return t, total, nil
	}
	b := &kit.Behind{
		Name: ind.ID + " " + q.Pick(ind.Zh, ind.En), Href: q.Scope.URL("/indicators/" + ind.ID),
		Close: q.Here("indicator", "", "role", "", "q", "", "sort", "", "dir", ""), Subject: string(ind.Subject),
	}
	for _, k := range []string{"indicator", "role", "sort", "dir"} {
		if x := q.Param(k); x != "" {
			b.Hidden = append(b.Hidden, kit.Hidden{Name: k, Value: x})
		}
	}
	roles := []string{"", "numerator", "denominator", "rest"}
	if kit.UnitOf(ind) == kit.UnitCount {
		roles = nil
	}
	for _, role := range roles {
		text := q.T("role.all")
		if role != "" {
			text = q.T("role." + role)
		}
		b.Roles = append(b.Roles, kit.Link{Text: text, Href: q.Here("role", role), Current: q.Param("role") == role})
	}
	return q.answerList(ctx, w, kind, evidenceList(ind), load, file, b)
}

// evidenceSorts are the columns that the subjects behind an indicator can be
// sorted by, with what the address calls them.
func evidenceSorts(ind metrics.Definition) map[string]string {
	switch {
	case kit.UnitOf(ind) == kit.UnitStep:
		return map[string]string{"bucket_at": "decided", "case_no": "number"}
	case ind.Subject == metrics.Rating:
		return map[string]string{"bucket_at": "decided", "subject_no": "number"}
	case ind.Subject == metrics.Ticket:
		return map[string]string{"bucket_at": "decided", "due_at": "due", "stop_at": "stop", "net_days": "net_days", "ticket_no": "number"}
	default:
		return map[string]string{"bucket_at": "decided", "due_at": "due", "stop_at": "stop", "net_days": "net_days", "case_no": "number"}
	}
}

// evidenceList gives the columns of the subjects behind an indicator.
func evidenceList(ind metrics.Definition) listKind {
	switch ind.Subject {
	case metrics.Ticket:
		k := ticketList()
		k.columns = []string{"ticket_no", "source_sys", "org_code", "region_code", "kind", "channel", "state", "bucket_at:time",
			"due_at:time",
			"stop_at:time", "net_days:num", "overdue_by:hidden", "margin_days:num", "in_numerator", "in_denominator"}
		return k
	case metrics.Rating:
		k := listKind{name: "cases", number: "subject_no", channels: "rating_channel"}
		k.columns = []string{"rating_id", "source_sys", "subject_kind", "subject_no", "level:num", "bucket_at:time", "org_code",
			"region_code",
			"channel", "in_numerator", "rating_status", "excluded_by", "excluded_at:time", "excluded_why"}
		return k
	default:
		k := caseList()
		k.columns = []string{"case_no", "source_sys", "org_code", "region_code", "task_code", "channel", "state", "bucket_at:time",
			"due_at:time",
			"stop_at:time", "net_days:num", "overdue_by:hidden", "margin_days:num", "in_numerator", "in_denominator"}
		return k
	}
}
