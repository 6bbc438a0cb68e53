package page

import "context"

// ownLimitsPanel counts what sources asked for and did not get: limits of their own.
func (q *request) ownLimitsPanel(ctx context.Context) (*Panel, error) {
	res, err := q.Queries.Run(ctx, "page/quality_own_limits", nil)
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: q.cols("source_sys", "kind", "limits_refused:num", "subjects:num"), Empty: q.T("empty.own_limits")}
	for _, r := range rowsOf(res) {
		refused := q.countCell(r["refused"])
		refused.Class = "num warn"
		t.Rows = append(t.Rows, []Cell{q.textCell(r.text("source_sys")), q.enumCell("subject_kind", r.text("kind")), refused,
			q.countCell(r["subjects"])})
	}
	return &Panel{Title: q.T("panel.own_limits"), Note: q.T("note.own_limits"), Table: t}, nil
}
