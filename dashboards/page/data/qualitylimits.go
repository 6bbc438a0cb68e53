package data

import (
	"context"

	"duban/dashboards/page/kit"
)

// ownLimitsPanel counts what sources asked for and did not get: limits of their own.
func (q *request) ownLimitsPanel(ctx context.Context) (*kit.Panel, error) {
	res, err := q.Queries.Run(ctx, "page/quality_own_limits", nil)
	if err != nil {
		return nil, err
	}
	t := &kit.Table{Columns: q.Cols("source_sys", "kind", "limits_refused:num", "subjects:num"), Empty: q.T("empty.own_limits")}
	for _, r := range kit.RowsOf(res) {
		refused := q.CountCell(r["refused"])
		refused.Class = "num warn"
		t.Rows = append(t.Rows, []kit.Cell{q.TextCell(r.Text("source_sys")), q.EnumCell("subject_kind", r.Text("kind")), refused,
			q.CountCell(r["subjects"])})
	}
	return &kit.Panel{Title: q.T("panel.own_limits"), Note: q.T("note.own_limits"), Table: t}, nil
}
