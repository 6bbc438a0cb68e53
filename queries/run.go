package queries

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Args are the values of a query's parameters by name: string, int, float,
// bool, time.Time (an instant) or a slice of strings or of numbers.
type Args map[string]any

// Result is what a named query answered.
type Result struct {
	Query   *Query
	By      []string
	Args    Args
	Columns []Column
	// Rows hold one value per column; nil is null.
	Rows [][]any
	Took time.Duration
	// KnownAt is the instant as known at which a figure is told: asked with it again, it is the
	// same for ever. Zero where the answer does not say.
	KnownAt time.Time
	// MissingInput names what the figure is made of and does not exist, where it has no value.
	MissingInput []string
}

// Maps returns the rows as column name → value.
func (r *Result) Maps() []map[string]any {
	out := make([]map[string]any, len(r.Rows))
	for i, row := range r.Rows {
		m := make(map[string]any, len(row))
		for j, c := range r.Columns {
			m[c.Name] = row[j]
		}
		out[i] = m
	}
	return out
}

// Run renders, binds and runs a query and reads all of its rows.
func (r *Registry) Run(ctx context.Context, conn driver.Conn, name string, args Args, by ...string) (*Result, error) {
	started := time.Now()
	res, err := r.read(ctx, conn, name, args, by, func(*Result) error { return nil })
	if err != nil {
		return nil, err
	}
	res.Took = time.Since(started)
	return res, nil
}

// Stream runs a query and hands its rows over in batches, so that they need not fit
// into memory together. An error of each ends it.
func (r *Registry) Stream(ctx context.Context, conn driver.Conn, name string, args Args, batch int, each func(*Result) error,
	by ...string) error {
	res, err := r.read(ctx, conn, name, args, by, func(res *Result) error {
		if len(res.Rows) < batch {
			return nil
		}
		err := each(res)
		res.Rows = res.Rows[:0]
		return err
	})
	if err == nil && len(res.Rows) > 0 {
		return each(res)
	}
	return err
}

// read runs a query and adds its rows to the result, telling of each.
func (r *Registry) read(ctx context.Context, conn driver.Conn, name string, args Args, by []string, added func(*Result) error) (*Result,
	error) {
	q, err := r.Get(name)
	if err != nil {
		return nil, err
	}
	text, err := r.expand(q, by)
	if err != nil {
		return nil, err
	}
	params, err := q.Bind(args)
	if err != nil {
		return nil, err
	}
	named := map[string]string{} // column of the SQL → what the user wrote
	for i, name := range by {
		if base, value, ok := NamedDimension(name); ok {
			alias := fmt.Sprintf("%s_%d", base, i+1)
			params[alias], named[alias] = escapeTSV(value), name
		}
	}
	defer r.observed(name)()
	rows, err := conn.Query(clickhouse.Context(ctx, clickhouse.WithParameters(params)), text)
	if err != nil {
		return nil, fmt.Errorf("run query %s: %w", name, overLimits(ctx, err))
	}
	defer func() { _ = rows.Close() }()
	res := &Result{Query: q, By: by, Args: args, Columns: columnsOf(q, rows.ColumnTypes())}
	for i, c := range res.Columns {
		if name, ok := named[c.Name]; ok {
			res.Columns[i].Name = name
		}
	}
	for rows.Next() {
		row, err := scanRow(rows)
		if err != nil {
			return nil, fmt.Errorf("read row of query %s: %w", name, err)
		}
		res.Rows = append(res.Rows, row)
		if err := added(res); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("run query %s: %w", name, overLimits(ctx, err))
	}
	return res, nil
}

// plain turns a scanned pointer (Nullable) into its value or nil.
func plain(v reflect.Value) any {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		return plain(v.Elem())
	}
	return v.Interface()
}

// Bounded has the server end statements that run longer than d, with an error of its
// own, where the end of a context would look like a server that is away.
func Bounded(ctx context.Context, d time.Duration) context.Context {
	return clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"max_execution_time": d.Seconds()}))
}

// InPieces bounds statements as Bounded does, and has the server send their rows in pieces
// that are small in the memory of both sides.
func InPieces(ctx context.Context, d time.Duration) context.Context {
	return clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"max_execution_time": d.Seconds(), "max_block_size": 8192}))
}

// OneThread has the server use one thread for each statement, beside others that matter more.
func OneThread(ctx context.Context) context.Context {
	return clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"max_threads": 1}))
}

// Known gives the next statement a name in the list of what the server runs.
func Known(ctx context.Context, id string) context.Context {
	return clickhouse.Context(ctx, clickhouse.WithQueryID(id))
}

// Exec runs a named statement that returns no rows.
func (r *Registry) Exec(ctx context.Context, conn driver.Conn, name string, args Args) error {
	q, err := r.Get(name)
	if err != nil {
		return err
	}
	text, err := r.expand(q, nil)
	if err != nil {
		return err
	}
	params, err := q.Bind(args)
	if err != nil {
		return err
	}
	defer r.observed(name)()
	if err := conn.Exec(clickhouse.Context(ctx, clickhouse.WithParameters(params)), text); err != nil {
		return fmt.Errorf("run statement %s: %w", name, err)
	}
	return nil
}

// AnswerOf says that an answer stands for that of another query, whose columns it has.
func (r *Registry) AnswerOf(res *Result, name string) error {
	q, err := r.Get(name)
	if err != nil {
		return err
	}
	res.Query = q
	for i, c := range res.Columns {
		res.Columns[i].Help = ""
		for _, declared := range q.Columns {
			if declared.Name == c.Name {
				res.Columns[i].Help = declared.Help
			}
		}
	}
	return nil
}

// columnsOf names the columns of an answer with what the query says about them.
func columnsOf(q *Query, types []driver.ColumnType) []Column {
	out := make([]Column, 0, len(types))
	for _, t := range types {
		c := Column{Name: t.Name(), Type: t.DatabaseTypeName()}
		for _, declared := range q.Columns {
			if declared.Name == c.Name {
				c.Help = declared.Help
			}
		}
		out = append(out, c)
	}
	return out
}

// scanRow reads one row; null is nil.
func scanRow(rows driver.Rows) ([]any, error) {
	types := rows.ColumnTypes()
	targets := make([]any, len(types))
	for i, t := range types {
		targets[i] = reflect.New(t.ScanType()).Interface()
	}
	if err := rows.Scan(targets...); err != nil {
		return nil, err
	}
	row := make([]any, len(targets))
	for i, t := range targets {
		row[i] = plain(reflect.ValueOf(t).Elem())
	}
	return row, nil
}

// Bind checks args against the declared parameters and writes them as the
// server reads them. A missing or unknown name is an error.
func (q *Query) Bind(args Args) (clickhouse.Parameters, error) {
	params := clickhouse.Parameters{}
	known := map[string]bool{}
	for _, p := range q.Params {
		known[p.Name] = true
		value, ok := args[p.Name]
		if !ok && !p.Optional {
			return nil, fmt.Errorf("query %s needs the parameter %s (%s): %s", q.Name, p.Name, p.Type, p.Help)
		}
		if !ok {
			value = emptyOf(p.Type)
		}
		text, err := encode(value)
		if err != nil {
			return nil, fmt.Errorf("parameter %s of query %s: %w", p.Name, q.Name, err)
		}
		params[p.Name] = text
	}
	for name := range args {
		if !known[name] {
			return nil, fmt.Errorf("query %s has no parameter %s", q.Name, name)
		}
	}
	return params, nil
}

func emptyOf(chType string) any {
	switch {
	case strings.HasPrefix(chType, "Nullable"):
		return nil
	case strings.HasPrefix(chType, "Array"):
		return []string{}
	case strings.HasPrefix(chType, "DateTime"):
		return "1970-01-01 00:00:00"
	case strings.HasPrefix(chType, "UInt"), strings.HasPrefix(chType, "Int"), strings.HasPrefix(chType, "Float"), chType == "Bool":
		return 0
	case strings.HasPrefix(chType, "Date"):
		return "1970-01-01"
	default:
		return ""
	}
}

// encode writes a value in the escaped text form of query parameters.
func encode(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return `\N`, nil
	case string:
		return escapeTSV(v), nil
	case time.Time:
		return v.UTC().Format("2006-01-02 15:04:05.000"), nil
	case bool:
		if v {
			return "1", nil
		}
		return "0", nil
	case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, float32, float64:
		return fmt.Sprint(v), nil
	case []any: // as YAML gives a list
		texts := make([]string, len(v))
		for i, x := range v {
			texts[i] = fmt.Sprint(x)
		}
		return encode(texts)
	case []string:
		parts := make([]string, len(v))
		for i, s := range v {
			// The server reads the elements as they stand, without taking the
			// escapes of the whole text off first.
			parts[i] = "'" + strings.NewReplacer(`\`, `\\`, `'`, `''`, "\t", `\t`, "\n", `\n`).Replace(s) + "'"
		}
		return "[" + strings.Join(parts, ",") + "]", nil
	case []int64, []uint16, []uint32, []uint64, []float64:
		return strings.ReplaceAll(fmt.Sprint(v), " ", ","), nil
	case []time.Time:
		parts := make([]string, len(v))
		for i, t := range v {
			parts[i] = "'" + t.UTC().Format("2006-01-02 15:04:05.000") + "'"
		}
		return "[" + strings.Join(parts, ",") + "]", nil
	default:
		return "", fmt.Errorf("a value of type %T cannot be sent", v)
	}
}

func escapeTSV(s string) string {
	return strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`).Replace(s)
}
