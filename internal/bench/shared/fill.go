// Package shared holds what the benches have in common: facts of the machine, the
// processes that they start, and cases made in ClickHouse.
package shared

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"duban/internal/store"
)

// FinishedCases inserts finished cases of five facts each; parameters cases and spread.
//
//go:embed fill_case_events.sql
var FinishedCases string

//go:embed fill_deliveries.sql
var fillDeliveries string

//go:embed count_merges.sql
var countMerges string

// Exec runs a statement with parameters; what names it in errors.
func Exec(ctx context.Context, db *store.DB, what, statement string, params clickhouse.Parameters) error {
	if err := db.Conn().Exec(clickhouse.Context(ctx, clickhouse.WithParameters(params)), statement); err != nil {
		return fmt.Errorf("fill %s: %w", what, err)
	}
	return nil
}

// Deliver gives the facts in case_events their deliveries: those of event type
// deliver, or all others.
func Deliver(ctx context.Context, db *store.DB, late bool) error {
	return Exec(ctx, db, "deliveries", fillDeliveries, clickhouse.Parameters{"late": strconv.FormatBool(late)})
}

// AwaitMerges waits until the server has merged what was written, at most five
// minutes: it would be counted as work of what comes next.
func AwaitMerges(ctx context.Context, db *store.DB) error {
	for range 600 {
		var n uint64
		if err := db.Conn().QueryRow(ctx, countMerges).Scan(&n); err != nil {
			return fmt.Errorf("count merges: %w", err)
		}
		if n == 0 {
			return nil
		}
		time.Sleep(500 * time.Millisecond)
	}
	return nil
}
