package ingest

import (
	"context"
	"fmt"
	"maps"
	"time"

	"duban/ingest/event"
	"duban/ingest/source"
)

// Frontier knows up to which instant everything that arrived at the broker is in
// the ledger: it remembers the ends of the partitions at an instant, and when the
// ledger has come to them, the frontier has come to that instant. It is not safe
// for concurrent use.
type Frontier struct {
	a   *Auditor
	now func() time.Time
	// at and ends are the snapshot that the ledger has not reached yet.
	at   time.Time
	ends map[partitionKey]int64
	// reached is the frontier, asked when it was asked for last.
	reached, asked time.Time
	// quiet is where the broker stood when the ledger had reached all of it, and
	// checked when the two were compared last.
	quiet   map[partitionKey]brokerEnd
	checked time.Time
}

// brokerEnd is the end of a partition at the broker.
type brokerEnd struct {
	topicID string
	end     int64
}

// frontierCheck is how often the ledger is compared with a broker to which nothing
// came: it may have lost what it had.
const frontierCheck = time.Minute

// frontierPause is how long an answer is good for: every look costs a request to
// the broker.
const frontierPause = 500 * time.Millisecond

// NewFrontier asks through an auditor.
func NewFrontier(a *Auditor, now func() time.Time) *Frontier { return &Frontier{a: a, now: now} }

// Arrived returns the frontier; zero while it is not known.
func (f *Frontier) Arrived(ctx context.Context) (time.Time, error) {
	now := f.now()
	if now.Sub(f.asked) < frontierPause && !f.asked.IsZero() {
		return f.reached, nil
	}
	f.asked = now
	if f.ends != nil {
		done, err := f.done(ctx)
		if err != nil || !done {
			return f.reached, err
		}
		f.reached, f.ends = f.at, nil
	}
	if f.quiet != nil && now.Sub(f.checked) < frontierCheck {
		infos, offsets, err := f.broker(ctx)
		if err != nil {
			return f.reached, err
		}
		if maps.Equal(f.quiet, standing(infos, offsets)) {
			f.reached = now
			return f.reached, nil
		}
	}
	f.quiet = nil
	all, err := loadIncarnations(ctx, f.a.conn, f.a.reg)
	if err != nil {
		return f.reached, err
	}
	read, _, err := ledgerEnds(ctx, f.a.conn, f.a.reg) // before the ends, which must not lie before it
	if err != nil {
		return f.reached, err
	}
	infos, offsets, err := f.broker(ctx)
	if err != nil {
		return f.reached, err
	}
	f.at, f.ends = now, map[partitionKey]int64{}
	for t, ps := range offsets {
		other := all.stranger(t, infos[t])
		for _, o := range ps {
			key := partitionKey{t, o.Partition}
			base := all[key].base
			if other && read[key] > 0 || base+o.End < read[key] {
				f.ends = nil
				return f.reached, &RewoundError{Topic: string(t), Partition: o.Partition, End: o.End, Ledger: read[key] - base}
			}
			if o.End > o.Begin {
				f.ends[key] = base + o.End
			}
		}
	}
	if done, err := f.done(ctx); err != nil || !done {
		return f.reached, err
	}
	f.reached, f.ends = f.at, nil
	f.quiet, f.checked = standing(infos, offsets), now
	return f.reached, nil
}

// broker asks which topics there are and where their partitions end.
func (f *Frontier) broker(ctx context.Context) (map[event.Topic]source.TopicInfo, map[event.Topic][]source.Offsets, error) {
	infos, err := f.a.kafka.Describe(ctx, f.a.topics)
	if err != nil {
		return nil, nil, err
	}
	offsets, err := f.a.kafka.Offsets(ctx, f.a.topics)
	return infos, offsets, err
}

func standing(infos map[event.Topic]source.TopicInfo, offsets map[event.Topic][]source.Offsets) map[partitionKey]brokerEnd {
	out := map[partitionKey]brokerEnd{}
	for t, ps := range offsets {
		for _, o := range ps {
			out[partitionKey{t, o.Partition}] = brokerEnd{infos[t].ID, o.End}
		}
	}
	return out
}

// RewoundError says that a topic is not the one that was read, or ends before what was
// read from it: it was deleted and made anew, restored from an older copy, or is one of
// another cluster. Until ingest has taken it up as another one, nothing may be concluded
// from it.
type RewoundError struct {
	Topic     string
	Partition int
	// End is the end of the partition at the broker, Ledger the offset up to which it
	// was read.
	End, Ledger int64
}

func (e *RewoundError) Error() string {
	return fmt.Sprintf("topic %s, partition %d ends at offset %d, and messages up to %d were read from it: the topic was made anew, "+
		"restored from an older copy, cut, or is of another cluster; a running ingest reads it from its first message as another one, what "+
		"the one before held unread is lost", e.Topic, e.Partition, e.End, e.Ledger)
}

// done reports whether the ledger has come to the snapshot.
func (f *Frontier) done(ctx context.Context) (bool, error) {
	next, _, err := ledgerEnds(ctx, f.a.conn, f.a.reg)
	if err != nil {
		return false, err
	}
	for partition, end := range f.ends {
		if next[partition] < end {
			return false, nil
		}
	}
	return true, nil
}
