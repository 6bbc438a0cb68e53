package ingest

import (
	"context"
	"fmt"
	"time"

	"duban/queries"

	"duban/ingest/event"
	"duban/ingest/source"
)

// partitionKey names one partition of one topic.
type partitionKey struct {
	topic     event.Topic
	partition int
}

// incarnation is the topic that a partition is read from now. A topic that was
// deleted and made anew begins again at offset 0: nothing in its messages tells
// them from those before, so they get places of their own in the ledger,
//
//	place = offset at the broker + base
//
// and every count, every cursor and every table of facts speaks of places.
type incarnation struct {
	number  int
	base    int64
	topicID string
	seenAt  time.Time
}

// incarnations knows the one of every partition that was ever read.
type incarnations map[partitionKey]incarnation

// loadIncarnations reads the latest of every partition.
func loadIncarnations(ctx context.Context, conn queries.Conn, reg *queries.Registry) (incarnations, error) {
	rows, err := selectIncarnations.All(ctx, reg, conn, queries.Args{})
	if err != nil {
		return nil, err
	}
	out := incarnations{}
	for _, r := range rows { // in the order of their numbers
		out[r.key()] = incarnation{number: int(r.Incarnation), base: place(r.Base), topicID: r.TopicID, seenAt: r.SeenAt}
	}
	return out, nil
}

// of returns the latest number and identifier of a topic, over its partitions.
func (all incarnations) of(topic event.Topic) (latest incarnation, known bool) {
	for k, i := range all {
		if k.topic == topic && (!known || i.number > latest.number) {
			latest, known = i, true
		}
	}
	return latest, known
}

// Places of another incarnation begin at a multiple of baseStep, at least
// baseRoom behind the last place of the one before: processes that see a new
// topic at the same time choose the same, and a batch of the old one that is
// still on its way stays below.
const baseStep, baseRoom = 1 << 22, 1 << 20

// nextBase is the base of an incarnation that follows places up to end.
func nextBase(end int64) int64 { return (end + baseRoom + baseStep - 1) / baseStep * baseStep }

// change says that a topic is not the one that was read.
type change struct {
	topic event.Topic
	// reason is first, made_anew or rewound.
	reason     string
	topicID    string
	partitions []uint64
	numbers    []uint64
	bases      []uint64
}

// The reasons of an incarnation.
const (
	reasonFirst    = "first"
	reasonMadeAnew = "made_anew"
	reasonRewound  = "rewound"
)

// changed compares what the broker says of a topic with what was read from it.
// ends are the places up to which the ledger reaches.
func changed(topic event.Topic, info source.TopicInfo, at []source.Offsets, all incarnations, ends map[partitionKey]int64) []change {
	latest, known := all.of(topic)
	id := info.ID
	if id == "" {
		id = latest.topicID
	}
	anew := change{topic: topic, reason: reasonMadeAnew, topicID: id}
	if known && latest.topicID != "" && info.ID != "" && latest.topicID != info.ID {
		// Every partition, also one that only the old topic had: should it come
		// back, its places must not meet.
		for p := range highestPartition(topic, all, ends, info.Partitions) {
			anew.add(p, latest.number+1, nextBase(ends[partitionKey{topic, p}]))
		}
		return []change{anew}
	}
	first := change{topic: topic, reason: reasonFirst, topicID: id}
	rewound := change{topic: topic, reason: reasonRewound, topicID: id}
	for _, o := range at {
		k := partitionKey{topic, o.Partition}
		i, seen := all[k]
		switch {
		case ends[k] > i.base && o.End < ends[k]-i.base:
			rewound.add(o.Partition, latest.number+1, nextBase(ends[k]))
		case !seen, i.topicID == "" && info.ID != "":
			first.add(o.Partition, i.number, i.base)
		}
	}
	var out []change
	for _, c := range []change{first, rewound} {
		if len(c.partitions) > 0 {
			out = append(out, c)
		}
	}
	return out
}

func (c *change) add(partition, number int, base int64) {
	c.partitions = append(c.partitions, uint64(partition)) //nolint:gosec // never negative
	c.numbers = append(c.numbers, uint64(number))          //nolint:gosec // never negative
	c.bases = append(c.bases, uint64(base))                //nolint:gosec // never negative
}

// highestPartition is how many partitions a topic ever had.
func highestPartition(topic event.Topic, all incarnations, ends map[partitionKey]int64, now int) int {
	for k := range all {
		if k.topic == topic {
			now = max(now, k.partition+1)
		}
	}
	for k := range ends {
		if k.topic == topic {
			now = max(now, k.partition+1)
		}
	}
	return now
}

// ledgerEnds tells up to which place each partition is in the ledger.
func ledgerEnds(ctx context.Context, conn queries.Conn,
	reg *queries.Registry) (ends map[partitionKey]int64, received map[partitionKey]time.Time, err error) {
	rows, err := selectLedgerEnds.All(ctx, reg, conn, queries.Args{})
	if err != nil {
		return nil, nil, err
	}
	ends, received = map[partitionKey]int64{}, map[partitionKey]time.Time{}
	for _, r := range rows {
		ends[r.key()], received[r.key()] = place(r.End), r.ReceivedAt
	}
	return ends, received, nil
}

func (k partitionKey) String() string { return fmt.Sprintf("%s/%d", k.topic, k.partition) }
