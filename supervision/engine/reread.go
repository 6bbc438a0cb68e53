package engine

import (
	"context"
	"fmt"
	"time"

	"duban/queries"
	"duban/supervision/fold"
)

// rereadEvery is how often the engine asks whether messages were read once more.
const rereadEvery = 10 * time.Second

// rereads folds what was read from the broker once more, as the database had
// lost it: its places lie below the cursors, which would not look at them again.
func (f *folding) rereads(ctx context.Context, t *Turn) error {
	if now := f.now(); now.Sub(f.rereadAt) >= rereadEvery || now.Before(f.rereadAt) {
		f.rereadAt = now
	} else {
		return nil
	}
	asked, err := selectRereads.All(ctx, f.reg, f.db.Conn(), queries.Args{})
	if err != nil {
		return err
	}
	for _, m := range asked {
		if m.Step == 0 {
			continue // ingest reads it yet
		}
		topic, partition, from, until := m.Topic, m.Partition, m.FromOffset, m.UntilOffset
		step := uint64(max(1, f.cfg.RoundDeliveries)) //nolint:gosec // positive
		for at := from; at < until; at += step {
			s := fold.Span{
				Topic: topic, Partitions: []uint64{uint64(partition)}, Froms: []uint64{at}, Untils: []uint64{min(until, at+step)},
				Received: []time.Time{{}}, Again: true,
			}
			if err := f.span(ctx, t.next, s); err != nil {
				return fmt.Errorf("fold what was read again of %s: %w", topic, err)
			}
		}
		readAt := time.Unix(0, 0)
		if m.ReadAt != nil {
			readAt = *m.ReadAt
		}
		if err := f.reg.Exec(ctx, f.db.Conn(), "ingest/save_reread", queries.Args{
			"topic": string(topic), "partition": partition, "from_offset": from, "until_offset": until, "asked_at": m.AskedAt,
			"reason": m.Reason, "read_at": readAt, "folded_at": f.now(), "step": 2,
		}); err != nil {
			return err
		}
		f.log.Warn("what was read from the broker once more is in the states", "topic", topic, "partition", partition, "from", from, "until", until)
		t.Folded = true
	}
	return nil
}
