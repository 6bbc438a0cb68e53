package ingest

import (
	"context"
	"time"

	"duban/ingest/event"
	"duban/queries"
)

// Droppable says of every partition before which offset a broker can drop its messages:
// they arrived before an instant, the ledger has each of them, and the consumer group has
// committed them. A partition with a hole in its ledger is left out, as its messages are
// read again. Actions of people are never dropped.
func (a *Auditor) Droppable(ctx context.Context, group string, before time.Time) (map[event.Topic]map[int]int64, error) {
	all, err := loadIncarnations(ctx, a.conn, a.reg)
	if err != nil {
		return nil, err
	}
	held, err := a.kafka.Offsets(ctx, a.topics)
	if err != nil {
		return nil, err
	}
	delete(held, event.TopicActions)
	committed, err := a.kafka.Committed(ctx, group, held)
	if err != nil {
		return nil, err
	}
	begins := map[partitionKey]int64{}
	var topics []string
	var partitions []uint32
	var places []uint64
	for t, ps := range held {
		for _, o := range ps {
			k := partitionKey{t, o.Partition}
			begins[k] = all[k].base + o.Begin
			topics, partitions = append(topics, string(t)), append(partitions, uint32(o.Partition)) //nolint:gosec // a small number
			places = append(places, uint64(begins[k]))                                              //nolint:gosec // not negative
		}
	}
	rows, err := selectStoredBefore.All(ctx, a.reg, a.conn, queries.Args{"before": before, "topics": topics, "partitions": partitions,
		"begins": places})
	if err != nil {
		return nil, err
	}
	out := map[event.Topic]map[int]int64{}
	for _, r := range rows {
		k, until := r.key(), place(r.Until)
		if place(r.Entered) != until-begins[k] {
			continue
		}
		offset := min(until-all[k].base, committed[k.topic][k.partition])
		if offset <= begins[k]-all[k].base {
			continue
		}
		if out[k.topic] == nil {
			out[k.topic] = map[int]int64{}
		}
		out[k.topic][k.partition] = offset
	}
	return out, nil
}
