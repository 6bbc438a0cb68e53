package queries

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// CheckSelections asks a migrated database for the columns of every query that
// Select declares, and compares them with the header: what Load cannot see, as
// it asks no server.
func (r *Registry) CheckSelections(ctx context.Context, conn driver.Conn) error {
	selections.mu.Lock()
	var names []string
	for _, s := range selections.all {
		names = append(names, s.name)
	}
	selections.mu.Unlock()
	slices.Sort(names)
	var problems []error
	for _, name := range slices.Compact(names) {
		if err := r.checkColumns(ctx, conn, name); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}
	}
	return errors.Join(problems...)
}

func (r *Registry) checkColumns(ctx context.Context, conn driver.Conn, name string) error {
	q, err := r.Get(name)
	if err != nil {
		return err
	}
	text, err := r.expand(q, nil)
	if err != nil {
		return err
	}
	args := Args{}
	for _, p := range q.Params {
		if args[p.Name] = emptyOf(p.Type); reflect.ValueOf(args[p.Name]).Kind() == reflect.Int {
			args[p.Name] = 1 // some divide by it
		}
		if p.Type == "Identifier" {
			args[p.Name] = "case_events" // the tables that may stand here have the columns that are read
		}
	}
	params, err := q.Bind(args)
	if err != nil {
		return err
	}
	rows, err := conn.Query(clickhouse.Context(ctx, clickhouse.WithParameters(params)), "DESCRIBE TABLE (\n"+text+"\n)")
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var problems []string
	declared := slices.Clone(q.Columns)
	for rows.Next() {
		var column, chType, rest string
		if err := rows.Scan(&column, &chType, &rest, &rest, &rest, &rest, &rest); err != nil {
			return err
		}
		i := slices.IndexFunc(declared, func(c Column) bool { return c.Name == column })
		if i < 0 {
			problems = append(problems, "column "+column+" "+chType+" is not declared")
			continue
		}
		if plainType(declared[i].Type) != plainType(chType) {
			problems = append(problems, fmt.Sprintf("column %s is declared as %s and comes as %s", column, declared[i].Type, chType))
		}
		declared = slices.Delete(declared, i, i+1)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, c := range declared {
		if c.inherited {
			continue
		}
		problems = append(problems, "column "+c.Name+" is declared and does not come")
	}
	if len(problems) > 0 {
		return errors.New(strings.Join(problems, "; "))
	}
	return nil
}

// plainType leaves out of a type what is a matter of storage.
func plainType(chType string) string {
	name, inner := cutType(chType)
	switch name {
	case "LowCardinality":
		return plainType(inner)
	case "Enum8", "Enum16":
		return "String"
	}
	if inner == "" {
		return name
	}
	parts := splitTypes(inner)
	for i, p := range parts {
		parts[i] = plainType(p)
	}
	return name + "(" + strings.Join(parts, ",") + ")"
}
