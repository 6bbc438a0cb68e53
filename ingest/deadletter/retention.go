package deadletter

import (
	"context"
	"time"

	"duban/queries"
)

var selectOld = queries.Select[struct {
	Rejects uint64 `ch:"rejects"`
}]("ingest/old_rejects")

// Empty takes away the bytes of the rejects that arrived before an instant, and returns of
// how many. The rejects themselves stay: reason, place, size and hash.
func (b *Box) Empty(ctx context.Context, before, at time.Time) (uint64, error) {
	old, err := selectOld.One(ctx, b.reg, b.conn, queries.Args{"before": before})
	if err != nil || old.Rejects == 0 {
		return 0, err // a mutation that changes nothing costs all the same
	}
	return old.Rejects, b.reg.Exec(ctx, b.conn, "ingest/empty_rejects", queries.Args{"before": before, "at": at})
}
