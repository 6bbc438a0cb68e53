package deadletter

import (
	"context"
	"time"

	"duban/queries"
)

// Empty takes away the bytes of the rejects that arrived before an instant, and returns of
// how many. The rejects themselves stay: reason, place, size and hash.
func (b *Box) Empty(ctx context.Context, before, at time.Time) (uint64, error) {
	res, err := b.reg.Run(ctx, b.conn, "ingest/old_rejects", queries.Args{"before": before})
	if err != nil {
		return 0, err
	}
	n, _ := res.Maps()[0]["rejects"].(uint64)
	if n == 0 {
		return 0, nil // a mutation that changes nothing costs all the same
	}
	return n, b.reg.Exec(ctx, b.conn, "ingest/empty_rejects", queries.Args{"before": before, "at": at})
}
