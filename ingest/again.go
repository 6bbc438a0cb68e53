package ingest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"duban/queries"

	"duban/ingest/event"
	"duban/ingest/source"
)

// reread is a range of places that is to be read from the broker once more.
type reread struct {
	key         partitionKey
	from, until int64
	askedAt     time.Time
	reason      string
}

// The steps of a reread.
const stepAsked, stepRead = 0, 1

// rereadsAge is how long a list of ranges is good for: that messages are to be read
// again is rare, and nobody waits for it.
const rereadsAge = 10 * time.Second

// openRereads is the list of rereads for all partitions, asked for at most every rereadsAge.
func (k *keeper) openRereads(ctx context.Context) ([]reread, error) {
	k.rereadsMu.Lock()
	defer k.rereadsMu.Unlock()
	now := k.now()
	if !k.rereadsAt.IsZero() && now.Sub(k.rereadsAt) < rereadsAge {
		return k.rereadsOpen, nil
	}
	open, err := k.rereads(ctx)
	if err != nil {
		return nil, err
	}
	k.rereadsAt, k.rereadsOpen = now, open
	return open, nil
}

// forgetRereads has them asked for again: this process changed them.
func (k *keeper) forgetRereads() {
	k.rereadsMu.Lock()
	defer k.rereadsMu.Unlock()
	k.rereadsAt = time.Time{}
}

// rereads lists the ranges that are asked for and not read yet.
func (k *keeper) rereads(ctx context.Context) ([]reread, error) {
	rows, err := selectRereads.All(ctx, k.reg, k.conn, queries.Args{})
	if err != nil {
		return nil, err
	}
	var out []reread
	for _, r := range rows {
		if r.Step != stepAsked {
			continue
		}
		from, until := r.places()
		out = append(out, reread{key: r.key(), from: from, until: until, askedAt: r.AskedAt, reason: r.Reason})
	}
	return out, nil
}

func saveReread(ctx context.Context, conn queries.Conn, reg *queries.Registry, r reread, step int, readAt time.Time) error {
	return reg.Exec(ctx, conn, "ingest/save_reread", queries.Args{
		"topic": string(r.key.topic), "partition": r.key.partition, "from_offset": r.from, "until_offset": r.until,
		"asked_at": r.askedAt, "reason": r.reason, "read_at": readAt, "folded_at": time.Unix(0, 0), "step": step,
	})
}

// ask has a range of places read once more, unless that is asked for already.
func (k *keeper) ask(ctx context.Context, key partitionKey, from, until int64, reason string) error {
	open, err := k.rereads(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(open, func(r reread) bool { return r.key == key && r.from <= from && r.until >= until }) {
		return nil
	}
	defer k.forgetRereads()
	k.log.Warn("messages are read from the broker once more", "topic", key.topic, "partition", key.partition, "from", from,
		"until", until, "reason", reason)
	return saveReread(ctx, k.conn, k.reg, reread{key: key, from: from, until: until, askedAt: k.now(), reason: reason},
		stepAsked, time.Unix(0, 0))
}

// Again lists what is asked for of the given partitions.
func (k *keeper) Again(ctx context.Context, topic event.Topic, partitions []int) ([]source.Range, error) {
	open, err := k.openRereads(ctx)
	if err != nil {
		return nil, err
	}
	var out []source.Range
	for _, r := range open {
		if r.key.topic != topic || !slices.Contains(partitions, r.key.partition) {
			continue
		}
		base := k.base(r.key)
		if r.from < base {
			continue // of a topic that is no more
		}
		out = append(out, source.Range{Partition: r.key.partition, From: r.from - base, Until: r.until - base,
			Key: strconv.FormatInt(r.askedAt.UnixMilli(), 10) + " " + r.reason})
	}
	return out, nil
}

// reread is what a range was asked for as.
func (k *keeper) reread(topic event.Topic, r source.Range) reread {
	key := partitionKey{topic, r.Partition}
	base := k.base(key)
	at, reason, _ := strings.Cut(r.Key, " ")
	ms, _ := strconv.ParseInt(at, 10, 64)
	return reread{key: key, from: base + r.From, until: base + r.Until, askedAt: time.UnixMilli(ms), reason: reason}
}

// Read notes that everything of a range is stored.
func (k *keeper) Read(ctx context.Context, topic event.Topic, r source.Range) error {
	defer k.forgetRereads()
	x := k.reread(topic, r)
	k.log.Warn("messages were read from the broker once more and are stored", "topic", topic, "partition", r.Partition, "from", x.from,
		"until", x.until, "reason", x.reason)
	return saveReread(ctx, k.conn, k.reg, x, stepRead, k.now())
}

// Cut splits a range of which the broker holds nothing before begin any more:
// the first part counts as read, the rest is asked for anew, and what the first
// part brought is looked for again.
func (k *keeper) Cut(ctx context.Context, topic event.Topic, r source.Range, begin int64) error {
	defer k.forgetRereads()
	x := k.reread(topic, r)
	k.log.Error("the broker dropped messages before they were read once more", "topic", topic, "partition", r.Partition, "from_offset", r.From,
		"first_offset_held", begin)
	if begin < r.Until {
		if err := k.ask(ctx, x.key, k.base(x.key)+begin, x.until, x.reason+"_rest"); err != nil {
			return fmt.Errorf("ask for the rest of a range: %w", err)
		}
	}
	return saveReread(ctx, k.conn, k.reg, x, stepRead, k.now())
}
