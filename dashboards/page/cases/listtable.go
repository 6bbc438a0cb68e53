package cases

import (
	"context"
	"slices"
	"strings"
	"time"

	"duban/dashboards/discretion"
	"duban/dashboards/page/kit"
	"duban/queries"
)

// listDirection is 1 for a list that ascends, else -1.
func (q *request) listDirection() int {
	if q.Param("dir") == "asc" || q.Param("dir") == "" && (q.Param("sort") == "due" || q.Param("sort") == "margin") {
		return 1
	}
	return -1
}

// listArgs are the parameters of the query of a list.
func (q *request) listArgs(ctx context.Context, kind listKind, limit, skip int) (queries.Args, error) {
	calendar, err := q.StatesCalendar(ctx)
	if err != nil {
		return nil, err
	}
	args := queries.Args{
		"as_of": q.AsOf, "calendar": calendar, "source": q.Scope.Source, "region": q.Scope.Region, "org": q.Scope.Org,
		"timeliness": q.Param("timeliness"), "state": q.Param("state"), "channel": q.Param("channel"), "search": q.Param("q"),
		"sort": q.Param("sort"), "direction": q.listDirection(), "max_rows": limit, "skip": skip,
	}
	if kind.name == "tickets" {
		args["kind"] = q.Param("kind")
		if args["sort"] == "applied" {
			args["sort"] = ""
		}
	} else {
		args["item"] = q.Param("item")
	}
	if !q.Scope.From.IsZero() {
		args["from"] = q.Scope.From
	}
	if u := q.Scope.Until(); !u.IsZero() {
		args["until"] = u
	}
	return args, nil
}

// listTable loads rows of a list.
func (q *request) listTable(ctx context.Context, kind listKind, limit, skip int) (*kit.Table, int64, error) {
	args, err := q.listArgs(ctx, kind, limit, skip)
	if err != nil {
		return nil, 0, err
	}
	res, err := q.Queries.Run(ctx, kind.query, args)
	if err != nil {
		return nil, 0, err
	}
	rows := kit.RowsOf(res)
	t, err := q.subjectTable(ctx, kind, rows)
	if err != nil {
		return nil, 0, err
	}
	q.sortLinks(t, map[string]string{kind.since: "applied", kind.due: "due", "stop_at": "stop", "net_days": "net_days",
		"margin_days": "margin", kind.number: "number"}, "applied", q.listDirection())
	var total int64
	if len(rows) > 0 {
		total = rows[0].Whole("total")
	}
	return t, total, nil
}

// subjectTable writes rows of cases or tickets.
func (q *request) subjectTable(ctx context.Context, kind listKind, rows []kit.Row) (*kit.Table, error) {
	n, err := q.NamesOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	t := q.subjectRows(n, kind, rows)
	for i, c := range t.Columns {
		// A column that says the same in every row only takes room.
		if c.Key == "source_sys" && q.Scope.Source != "" || c.Key == "source_due_at" && allNull(rows, c.Key) {
			t.Columns[i].Hidden = true
		}
	}
	return t, nil
}

// fileTable writes rows for a file, which holds codes and no names.
func (q *request) fileTable(kind listKind, rows []kit.Row) *kit.Table {
	return q.subjectRows(kit.Names{}, kind, rows)
}

func (q *request) subjectRows(n kit.Names, kind listKind, rows []kit.Row) *kit.Table {
	t := &kit.Table{Columns: q.Cols(kind.columns...), Empty: q.T("empty.list")}
	for _, r := range rows {
		cells := make([]kit.Cell, 0, len(t.Columns))
		for _, c := range t.Columns {
			cells = append(cells, q.subjectCell(n, kind, r, c.Key))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func allNull(rows []kit.Row, key string) bool {
	return !slices.ContainsFunc(rows, func(r kit.Row) bool { return r[key] != nil })
}

func (q *request) subjectCell(n kit.Names, kind listKind, r kit.Row, key string) kit.Cell {
	switch key {
	case kind.number:
		c := q.CodeCell(r.Text(key))
		c.Href = q.SubjectHref(kind.name, r.Text("source_sys"), r.Text(key))
		return c
	case "org_code":
		return q.OrgCell(n, r.Text(key))
	case "region_code":
		return q.RegionCell(n, r.Text(key))
	case "task_code":
		return q.ItemCell(n, r.Text(key))
	case "channel":
		return q.EnumCell(kind.channels, r.Text(key))
	case "kind":
		return q.EnumCell("ticket_type", r.Text(key))
	case "state":
		return q.StateCell(kind.states, r.Text(key))
	case "timeliness":
		c := q.OutcomeCell(r.Text(key))
		if x := r.Text("excluded"); x != "" {
			c.Title = q.Enum("excluded", x)
		}
		return c
	case "rating_status":
		return q.EnumCell("rating_status", r.Text(key))
	case "excluded_why":
		return q.TextCell(discretion.MaskText(r.Text(key)))
	case "in_numerator", "in_denominator":
		return q.BoolCell(r.Flag(key))
	case "net_days":
		return q.CountCell(r[key])
	case "overdue_by":
		return q.OverdueCell(r, r.Text("timeliness"), kind.dueIn(r))
	case "margin_days":
		return q.MarginCell(r, r.Text("timeliness"), kind.dueIn(r))
	}
	if t, ok := r[key].(time.Time); ok {
		if strings.Contains(key, "due") {
			return q.DueCell(t)
		}
		return q.InstantCell(t)
	}
	if r[key] == nil {
		return kit.Cell{Text: "—", Class: "muted"}
	}
	return q.TextCell(r.Text(key))
}

// sortLinks makes the headings of a list into links that sort by them; keys are
// the columns with what the address calls them, first is the order when it asks
// for none.
func (q *request) sortLinks(t *kit.Table, keys map[string]string, first string, direction int) {
	current := q.Param("sort")
	if current == "" {
		current = first
	}
	for i, c := range t.Columns {
		key, ok := keys[c.Key]
		if !ok {
			continue
		}
		dir := "desc"
		if key == current {
			t.Columns[i].Sorted = "descending"
			dir = "asc"
			if direction > 0 {
				t.Columns[i].Sorted, dir = "ascending", "desc"
			}
		}
		t.Columns[i].SortHref = q.Here("sort", key, "dir", dir)
	}
}
