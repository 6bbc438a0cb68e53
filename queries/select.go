package queries

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Typed reads the answers of a named query as values of T, a struct with a tag
// ch:"column" on each field. Make it as a package variable with Select, so that
// Load can check it.
type Typed[T any] struct {
	name   string
	unread []string
}

// Select declares that the rows of a named query are read as values of T. Load
// refuses a program in which the two disagree: each column that the header of
// the query declares needs a field of a fitting type, or stands in unread, and
// each field needs a column. Null is a nil pointer.
func Select[T any](name string, unread ...string) Typed[T] {
	selections.add(selection{name: name, unread: unread, row: reflect.TypeFor[T]()})
	return Typed[T]{name: name, unread: unread}
}

// selection is one declaration made with Select.
type selection struct {
	name   string
	unread []string
	row    reflect.Type
}

// selectionList holds what package variables declared; it grows only while
// packages are initialised, and Load reads it.
type selectionList struct {
	mu  sync.Mutex
	all []selection
}

var selections selectionList

func (l *selectionList) add(s selection) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, s)
}

// check compares every declaration with the headers of the registry.
func (l *selectionList) check(r *Registry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var problems []error
	for _, s := range l.all {
		q, err := r.Get(s.name)
		if err == nil {
			_, err = bindFields(s.row, q.Columns, s.unread)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("rows of %s as %s: %w", s.name, s.row, err))
		}
	}
	return errors.Join(problems...)
}

// All runs the query and reads all of its rows.
func (t Typed[T]) All(ctx context.Context, reg *Registry, conn driver.Conn, args Args) ([]T, error) {
	var out []T
	err := t.each(ctx, reg, conn, args, func(row *T) error {
		out = append(out, *row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// On runs the query on a bound database and reads all of its rows.
func (t Typed[T]) On(ctx context.Context, b Bound, args Args) ([]T, error) {
	return t.All(ctx, b.registry, b.conn, args)
}

// First returns the first row; false when there is none.
func (t Typed[T]) First(ctx context.Context, reg *Registry, conn driver.Conn, args Args) (row T, ok bool, err error) {
	all, err := t.All(ctx, reg, conn, args)
	if err != nil || len(all) == 0 {
		return row, false, err
	}
	return all[0], true, nil
}

// One returns the row of a query that always has one.
func (t Typed[T]) One(ctx context.Context, reg *Registry, conn driver.Conn, args Args) (row T, err error) {
	row, ok, err := t.First(ctx, reg, conn, args)
	if err == nil && !ok {
		err = fmt.Errorf("query %s gave no row", t.name)
	}
	return row, err
}

// Stream hands the rows over in batches, so that they need not fit into memory
// together. The batch is overwritten by the next one; an error of each ends it.
func (t Typed[T]) Stream(ctx context.Context, reg *Registry, conn driver.Conn, args Args, batch int, each func([]T) error) error {
	rows := make([]T, 0, min(batch, 1024))
	err := t.each(ctx, reg, conn, args, func(row *T) error {
		if rows = append(rows, *row); len(rows) < batch {
			return nil
		}
		err := each(rows)
		rows = rows[:0]
		return err
	})
	if err != nil || len(rows) == 0 {
		return err
	}
	return each(rows)
}

func (t Typed[T]) each(ctx context.Context, reg *Registry, conn driver.Conn, args Args, each func(*T) error) error {
	q, err := reg.Get(t.name)
	if err != nil {
		return err
	}
	text, err := reg.expand(q, nil)
	if err != nil {
		return err
	}
	params, err := q.Bind(args)
	if err != nil {
		return err
	}
	defer reg.observed(t.name)()
	rows, err := conn.Query(clickhouse.Context(ctx, clickhouse.WithParameters(params)), text)
	if err != nil {
		return fmt.Errorf("run query %s: %w", t.name, overLimits(ctx, err))
	}
	defer func() { _ = rows.Close() }()
	scan, err := newScanner(reflect.TypeFor[T](), rows.ColumnTypes(), t.unread)
	if err != nil {
		return fmt.Errorf("rows of query %s: %w", t.name, err)
	}
	for rows.Next() {
		var row T
		if err := scan.into(rows, reflect.ValueOf(&row).Elem()); err != nil {
			return fmt.Errorf("read row of query %s: %w", t.name, err)
		}
		if err := each(&row); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("run query %s: %w", t.name, overLimits(ctx, err))
	}
	return nil
}

// bindFields finds the field of a struct for each column; nil for an unread one.
func bindFields(row reflect.Type, columns []Column, unread []string) ([][]int, error) {
	if row.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%s is no struct", row)
	}
	fields := map[string]reflect.StructField{}
	var problems []string
	for _, f := range reflect.VisibleFields(row) {
		name, ok := f.Tag.Lookup("ch")
		if !ok {
			continue
		}
		if _, twice := fields[name]; twice {
			problems = append(problems, "two fields take column "+name)
		}
		fields[name] = f
	}
	out := make([][]int, len(columns))
	for i, c := range columns {
		f, ok := fields[c.Name]
		switch {
		case !ok && !c.inherited && !slices.Contains(unread, c.Name):
			problems = append(problems, "no field takes column "+c.Name)
		case ok && !fits(f.Type, c.Type):
			problems = append(problems, fmt.Sprintf("field %s is %s, column %s is %s", f.Name, f.Type, c.Name, c.Type))
		case ok:
			out[i] = f.Index
		}
		delete(fields, c.Name)
	}
	for name, f := range fields {
		problems = append(problems, fmt.Sprintf("field %s takes column %s, which the query does not declare", f.Name, name))
	}
	if len(problems) > 0 {
		slices.Sort(problems)
		return nil, errors.New(strings.Join(problems, "; "))
	}
	return out, nil
}
