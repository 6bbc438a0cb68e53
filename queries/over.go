package queries

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// ExecOver runs a statement that reads the rows of another query, where it says
// {{rows}}; args are those of both.
func (r *Registry) ExecOver(ctx context.Context, conn driver.Conn, name, rows string, args Args) error {
	outer, err := r.Get(name)
	if err != nil {
		return err
	}
	inner, err := r.Get(rows)
	if err != nil {
		return err
	}
	text, err := r.expand(inner, nil)
	if err != nil {
		return err
	}
	both := &Query{Name: name + " over " + rows, Params: slices.Concat(outer.Params, inner.Params)}
	params, err := both.Bind(args)
	if err != nil {
		return err
	}
	around, err := r.expand(outer, nil)
	if err != nil {
		return err
	}
	text = strings.Replace(around, "{{rows}}", text, 1)
	defer r.observed(rows)()
	if err := conn.Exec(clickhouse.Context(ctx, clickhouse.WithParameters(params)), text); err != nil {
		return fmt.Errorf("run statement %s: %w", both.Name, err)
	}
	return nil
}

// Part is one of several queries whose rows are taken together.
type Part struct {
	Rows string
	Args Args
}

// ExecOverAll runs a statement over the rows of several queries together, where it
// says {{rows}}. Each of them is put into the query each, where that says {{rows}};
// the parameters of a part are those of each and of its own query.
func (r *Registry) ExecOverAll(ctx context.Context, conn driver.Conn, name, each string, parts []Part) error {
	outer, err := r.Get(name)
	if err != nil {
		return err
	}
	around, err := r.Get(each)
	if err != nil {
		return err
	}
	frame, err := r.expand(around, nil)
	if err != nil {
		return err
	}
	params, texts := clickhouse.Parameters{}, make([]string, len(parts))
	for i, part := range parts {
		inner, err := r.Get(part.Rows)
		if err != nil {
			return err
		}
		text, err := r.expand(inner, nil)
		if err != nil {
			return err
		}
		both := &Query{Name: each + " over " + part.Rows, Params: slices.Concat(around.Params, inner.Params)}
		bound, err := both.Bind(part.Args)
		if err != nil {
			return err
		}
		// Two parts may give one name different values.
		for k, v := range bound {
			params[fmt.Sprintf("%s_%d", k, i)] = v
		}
		text = strings.Replace(frame, "{{rows}}", text, 1)
		texts[i] = paramUse.ReplaceAllString(text, fmt.Sprintf("{${1}_%d:${2}}", i))
	}
	text := strings.Replace(outer.body, "{{rows}}", strings.Join(texts, "\nUNION ALL\n"), 1)
	defer r.observed(name)()
	if err := conn.Exec(clickhouse.Context(ctx, clickhouse.WithParameters(params)), text); err != nil {
		return fmt.Errorf("run statement %s over %d queries: %w", name, len(parts), err)
	}
	return nil
}
