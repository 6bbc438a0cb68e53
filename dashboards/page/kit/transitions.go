package kit

import (
	"context"
	"sort"

	"duban/queries"
)

// PeriodArgs are as-of, source, region, organisation and period, the parameters
// of every query about the process. A process belongs to one source: sequences
// of several would not compare.
func (q *Request) PeriodArgs() queries.Args {
	args := queries.Args{"as_of": q.AsOf, "source": q.Scope.Source, "region": q.Scope.Region, "org": q.Scope.Org}
	if !q.Scope.From.IsZero() {
		args["from"] = q.Scope.From
	}
	if u := q.Scope.Until(); !u.IsZero() {
		args["to"] = u
	}
	return args
}

// ProcessSources lists the sources whose facts in the region and organisation
// of the scope carry activities, the most recently active first.
func (q *Request) ProcessSources(ctx context.Context) ([]Row, error) {
	res, err := q.Queries.Run(ctx, "page/process_sources", queries.Args{"as_of": q.AsOf, "region": q.Scope.Region, "org": q.Scope.Org})
	if err != nil {
		return nil, err
	}
	return RowsOf(res), nil
}

// Transitions are the pairs of activities with the largest total time between
// them, at most n; 0 gives all, most frequent first.
func (q *Request) Transitions(ctx context.Context, n int) ([]Row, error) {
	res, err := q.Queries.Run(ctx, "process/dfg", q.PeriodArgs())
	if err != nil {
		return nil, err
	}
	rows := RowsOf(res)
	if n == 0 {
		return rows, nil
	}
	sort.SliceStable(rows, func(i, j int) bool {
		a, _ := rows[i].Num("total_hours")
		b, _ := rows[j].Num("total_hours")
		return a > b
	})
	return rows[:min(n, len(rows))], nil
}

// TransitionTable writes pairs of activities with the time between them.
func (q *Request) TransitionTable(rows []Row) *Table {
	t := &Table{Columns: q.Cols("from", "to", "count:num", "mean_hours:num", "median_hours:num", "p90_hours:num", "total_hours:num"),
		Empty: q.T("empty.process")}
	for _, r := range rows {
		t.Rows = append(t.Rows, []Cell{
			q.ActivityCell(r.Text("from")), q.ActivityCell(r.Text("to")), q.CountCell(r["count"]), q.HoursCell(r["mean_hours"]),
			q.HoursCell(r["median_hours"]), q.HoursCell(r["p90_hours"]), q.HoursCell(r["total_hours"]),
		})
	}
	return t
}
