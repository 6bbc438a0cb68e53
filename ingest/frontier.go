package ingest

import (
	"context"
	"fmt"
	"time"
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
}

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
	all, err := loadIncarnations(ctx, f.a.conn, f.a.reg)
	if err != nil {
		return f.reached, err
	}
	read, _, err := ledgerEnds(ctx, f.a.conn, f.a.reg) // before the ends, which must not lie before it
	if err != nil {
		return f.reached, err
	}
	infos, err := f.a.kafka.Describe(ctx, f.a.topics)
	if err != nil {
		return f.reached, err
	}
	offsets, err := f.a.kafka.Offsets(ctx, f.a.topics)
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
	return f.reached, nil
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
