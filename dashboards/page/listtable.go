package page

import (
	"context"
	"slices"
	"strings"
	"time"

	"duban/dashboards/discretion"
	"duban/queries"
)

// listDirection is 1 for a list that ascends, else -1.
func (q *request) listDirection() int {
	if q.param("dir") == "asc" || q.param("dir") == "" && (q.param("sort") == "due" || q.param("sort") == "margin") {
		return 1
	}
	return -1
}

// listArgs are the parameters of the query of a list.
func (q *request) listArgs(ctx context.Context, kind listKind, limit, skip int) (queries.Args, error) {
	calendar, err := q.riskCalendar(ctx)
	if err != nil {
		return nil, err
	}
	args := queries.Args{
		"as_of": q.asOf, "calendar": calendar, "source": q.scope.Source, "region": q.scope.Region, "org": q.scope.Org,
		"timeliness": q.param("timeliness"), "state": q.param("state"), "channel": q.param("channel"), "search": q.param("q"),
		"sort": q.param("sort"), "direction": q.listDirection(), "max_rows": limit, "skip": skip,
	}
	if kind.name == "tickets" {
		args["kind"] = q.param("kind")
		if args["sort"] == "applied" {
			args["sort"] = ""
		}
	} else {
		args["item"] = q.param("item")
	}
	if !q.scope.From.IsZero() {
		args["from"] = q.scope.From
	}
	if u := q.scope.Until(); !u.IsZero() {
		args["until"] = u
	}
	return args, nil
}

// listTable loads rows of a list.
func (q *request) listTable(ctx context.Context, kind listKind, limit, skip int) (*Table, int64, error) {
	args, err := q.listArgs(ctx, kind, limit, skip)
	if err != nil {
		return nil, 0, err
	}
	res, err := q.Queries.Run(ctx, kind.query, args)
	if err != nil {
		return nil, 0, err
	}
	rows := rowsOf(res)
	t, err := q.subjectTable(ctx, kind, rows)
	if err != nil {
		return nil, 0, err
	}
	q.sortLinks(t, map[string]string{kind.since: "applied", kind.due: "due", "stop_at": "stop", "net_days": "net_days",
		"margin_days": "margin", kind.number: "number"}, "applied", q.listDirection())
	var total int64
	if len(rows) > 0 {
		total = rows[0].whole("total")
	}
	return t, total, nil
}

// subjectTable writes rows of cases or tickets.
func (q *request) subjectTable(ctx context.Context, kind listKind, rows []row) (*Table, error) {
	n, err := q.namesOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	t := q.subjectRows(n, kind, rows)
	for i, c := range t.Columns {
		// A column that says the same in every row only takes room.
		if c.Key == "source_sys" && q.scope.Source != "" || c.Key == "source_due_at" && allNull(rows, c.Key) {
			t.Columns[i].Hidden = true
		}
	}
	return t, nil
}

// fileTable writes rows for a file, which holds codes and no names.
func (q *request) fileTable(kind listKind, rows []row) *Table {
	return q.subjectRows(names{}, kind, rows)
}

func (q *request) subjectRows(n names, kind listKind, rows []row) *Table {
	t := &Table{Columns: q.cols(kind.columns...), Empty: q.T("empty.list")}
	for _, r := range rows {
		cells := make([]Cell, 0, len(t.Columns))
		for _, c := range t.Columns {
			cells = append(cells, q.subjectCell(n, kind, r, c.Key))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func allNull(rows []row, key string) bool {
	return !slices.ContainsFunc(rows, func(r row) bool { return r[key] != nil })
}

func (q *request) subjectCell(n names, kind listKind, r row, key string) Cell {
	switch key {
	case kind.number:
		c := q.codeCell(r.text(key))
		c.Href = q.subjectHref(kind.name, r.text("source_sys"), r.text(key))
		return c
	case "org_code":
		return q.orgCell(n, r.text(key))
	case "region_code":
		return q.regionCell(n, r.text(key))
	case "task_code":
		return q.itemCell(n, r.text(key))
	case "channel":
		return q.enumCell(kind.channels, r.text(key))
	case "kind":
		return q.enumCell("ticket_type", r.text(key))
	case "state":
		return q.stateCell(kind.states, r.text(key))
	case "timeliness":
		c := q.outcomeCell(r.text(key))
		if x := r.text("excluded"); x != "" {
			c.Title = q.Enum("excluded", x)
		}
		return c
	case "rating_status":
		return q.enumCell("rating_status", r.text(key))
	case "excluded_why":
		return q.textCell(discretion.MaskText(r.text(key)))
	case "in_numerator", "in_denominator":
		return q.boolCell(r.flag(key))
	case "net_days":
		return q.countCell(r[key])
	case "overdue_by":
		return q.overdueCell(r, r.text("timeliness"), kind.dueIn(r))
	case "margin_days":
		return q.marginCell(r, r.text("timeliness"), kind.dueIn(r))
	}
	if t, ok := r[key].(time.Time); ok {
		if strings.Contains(key, "due") {
			return q.dueCell(t)
		}
		return q.instantCell(t)
	}
	if r[key] == nil {
		return Cell{Text: "—", Class: "muted"}
	}
	return q.textCell(r.text(key))
}

// sortLinks makes the headings of a list into links that sort by them; keys are
// the columns with what the address calls them, first is the order when it asks
// for none.
func (q *request) sortLinks(t *Table, keys map[string]string, first string, direction int) {
	current := q.param("sort")
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
		t.Columns[i].SortHref = q.here("sort", key, "dir", dir)
	}
}
