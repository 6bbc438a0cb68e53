package page

import (
	"context"
	"sort"

	"duban/queries"
)

// processArgs are as-of, source, region, organisation and period, the parameters
// of every query about the process. A process belongs to one source: sequences
// of several would not compare.
func (q *request) processArgs() queries.Args {
	args := queries.Args{"as_of": q.asOf, "source": q.scope.Source, "region": q.scope.Region, "org": q.scope.Org}
	if !q.scope.From.IsZero() {
		args["from"] = q.scope.From
	}
	if u := q.scope.Until(); !u.IsZero() {
		args["to"] = u
	}
	return args
}

// processSources lists the sources whose facts in the region and organisation
// of the scope carry activities, the most recently active first.
func (q *request) processSources(ctx context.Context) ([]row, error) {
	res, err := q.Queries.Run(ctx, "page/process_sources", queries.Args{"as_of": q.asOf, "region": q.scope.Region, "org": q.scope.Org})
	if err != nil {
		return nil, err
	}
	return rowsOf(res), nil
}

// transitions are the pairs of activities with the largest total time between
// them, at most n; 0 gives all, most frequent first.
func (q *request) transitions(ctx context.Context, n int) ([]row, error) {
	res, err := q.Queries.Run(ctx, "process/dfg", q.processArgs())
	if err != nil {
		return nil, err
	}
	rows := rowsOf(res)
	if n == 0 {
		return rows, nil
	}
	sort.SliceStable(rows, func(i, j int) bool {
		a, _ := rows[i].num("total_hours")
		b, _ := rows[j].num("total_hours")
		return a > b
	})
	return rows[:min(n, len(rows))], nil
}

func (q *request) transitionTable(rows []row) *Table {
	t := &Table{Columns: q.cols("from", "to", "count:num", "mean_hours:num", "median_hours:num", "p90_hours:num", "total_hours:num"),
		Empty: q.T("empty.process")}
	for _, r := range rows {
		t.Rows = append(t.Rows, []Cell{
			q.activityCell(r.text("from")), q.activityCell(r.text("to")), q.countCell(r["count"]), q.hoursCell(r["mean_hours"]),
			q.hoursCell(r["median_hours"]), q.hoursCell(r["p90_hours"]), q.hoursCell(r["total_hours"]),
		})
	}
	return t
}
