package queries

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/ext"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
)

// Table is rows that travel with a question and are stored nowhere. A query
// reads it by its name, as any other table.
type Table struct {
	Name    string
	Columns []Column
	// Rows hold one value per column; nil is null.
	Rows [][]any
}

// WithTable returns a context whose questions bring the table along. The error
// names the column or the row that does not fit.
func WithTable(ctx context.Context, t Table) (context.Context, error) {
	columns := make([]func(*ext.Table) error, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = ext.Column(c.Name, column.Type(c.Type))
	}
	table, err := ext.NewTable(t.Name, columns...)
	if err != nil {
		return nil, fmt.Errorf("make table %s: %w", t.Name, err)
	}
	for i, row := range t.Rows {
		if err := table.Append(row...); err != nil {
			return nil, fmt.Errorf("put row %d into table %s: %w", i+1, t.Name, err)
		}
	}
	return clickhouse.Context(ctx, clickhouse.WithExternalTable(table)), nil
}
