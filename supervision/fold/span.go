package fold

import (
	"context"
	"slices"
	"time"

	"duban/ingest/event"
	"duban/queries"
)

// Span is the part of a topic that a round folds: of each partition the
// offsets from Froms up to, not including, Untils.
type Span struct {
	Topic         event.Topic
	Partitions    []uint64
	Froms, Untils []uint64
	// Received is the broker time of the latest delivery of each.
	Received []time.Time
	// Again is set on what was folded before: it moves no cursor.
	Again bool
}

// Empty reports whether there is nothing to fold.
func (s Span) Empty() bool { return len(s.Partitions) == 0 }

// Args are the parameters of fragment facts_range.
func (s Span) Args() queries.Args {
	return queries.Args{
		"topic": string(s.Topic), "partitions": s.Partitions, "froms": s.Froms, "untils": s.Untils,
		"from_offset": slices.Min(s.Froms), "until_offset": slices.Max(s.Untils),
	}
}

// Holds reports whether a delivery lies in the span.
func (s Span) Holds(at event.Origin) bool {
	i := slices.Index(s.Partitions, uint64(at.Partition))
	return i >= 0 && uint64(at.Offset) >= s.Froms[i] && uint64(at.Offset) < s.Untils[i]
}

// Position is where one partition stands.
type Position struct {
	Topic     string
	Partition uint64
}

// Backlog is what is to be folded next.
type Backlog struct {
	Spans map[event.Topic]Span
	// Lag is how many offsets lie between what is folded and the end of the ledger.
	Lag map[event.Topic]uint64
	// Cut: there is more than the spans hold.
	Cut bool
	// Known is up to which arrival the spans reach, when more arrived than is folded at
	// once; zero: up to the end.
	Known time.Time
}

// Backlog compares the end of the ledger with what is folded; next gives the
// version of a cursor that has to be moved back. since is up to when alerts were announced:
// what arrived long after it is folded an hour of arrivals at a time.
func (f *Folder) Backlog(ctx context.Context, next func() uint64, since time.Time) (Backlog, error) {
	if f.cursors == nil {
		cursors, err := f.Cursors(ctx)
		if err != nil {
			return Backlog{}, err
		}
		f.cursors = cursors
	}
	at := f.cursors
	ends, err := selectEnds.All(ctx, f.reg, f.conn(), queries.Args{})
	if err != nil {
		return Backlog{}, err
	}
	b := Backlog{Spans: map[event.Topic]Span{}, Lag: map[event.Topic]uint64{}}
	for _, m := range ends {
		p := uint64(m.Partition)
		from, end := at[Position{string(m.Topic), p}], m.End
		if from > end {
			if err := f.rewind(ctx, next(), string(m.Topic), p, from, end, m.ReceivedAt); err != nil {
				return Backlog{}, err
			}
		}
		if from >= end {
			continue
		}
		b.Lag[m.Topic] += end - from
		s := b.Spans[m.Topic]
		s.Topic = m.Topic
		s.Partitions = append(s.Partitions, p)
		s.Froms = append(s.Froms, from)
		s.Untils = append(s.Untils, end)
		s.Received = append(s.Received, m.ReceivedAt)
		b.Spans[m.Topic] = s
	}
	if err := f.follow(ctx, &b, since); err != nil {
		return Backlog{}, err
	}
	for _, s := range b.Spans {
		cut, err := f.cut(ctx, s)
		if err != nil {
			return Backlog{}, err
		}
		b.Cut = b.Cut || cut
	}
	return b, nil
}

// cut bounds a span to what a round may take, and reports whether it did.
func (f *Folder) cut(ctx context.Context, s Span) (bool, error) {
	limit, cut := uint64(max(1, f.roundDeliveries/len(s.Partitions))), false
	for i, from := range s.Froms {
		if s.Untils[i]-from > limit {
			s.Untils[i], cut = from+limit, true
		}
	}
	if !cut {
		return false, nil
	}
	sums, err := selectInRange.All(ctx, f.reg, f.conn(), s.Args())
	if err != nil {
		return false, err
	}
	for _, m := range sums {
		s.Received[slices.Index(s.Partitions, uint64(m.Partition))] = m.ReceivedAt
	}
	return true, nil
}

// Cursors are the next offsets to fold.
func (f *Folder) Cursors(ctx context.Context) (map[Position]uint64, error) {
	stored, err := selectCursors.All(ctx, f.reg, f.conn(), queries.Args{})
	if err != nil {
		return nil, err
	}
	next := map[Position]uint64{}
	for _, m := range stored {
		next[Position{m.Topic, uint64(m.Partition)}] = m.NextOffset
	}
	return next, nil
}

// Advance moves the cursors to the end of a span: the last write of a round.
func (f *Folder) Advance(ctx context.Context, s Span, version uint64) error {
	f.cursors = nil
	return f.reg.Exec(ctx, f.conn(), "engine/save_cursors", queries.Args{
		"topic": string(s.Topic), "partitions": s.Partitions, "nexts": s.Untils, "received": s.Received,
		"fold_version": version, "at": f.now(),
	})
}

// rewind moves the cursor of a partition back to the end of the ledger, which lost
// what lay between: it comes again under the same places and has to be folded then.
func (f *Folder) rewind(ctx context.Context, version uint64, topic string, partition, cursor, end uint64, received time.Time) error {
	f.log.Warn("the ledger ends before what was folded: the database lost messages (restored, or a part is gone); "+
		"what comes again is folded again",
		"topic", topic, "partition", partition, "folded_up_to", cursor, "ledger", end)
	f.cursors = nil
	return f.reg.Exec(ctx, f.conn(), "engine/save_cursors", queries.Args{
		"topic": topic, "partitions": []uint64{partition}, "nexts": []uint64{end}, "received": []time.Time{received},
		"fold_version": version, "at": f.now(),
	})
}
