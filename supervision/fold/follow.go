package fold

import (
	"context"
	"maps"
	"time"

	"duban/ingest/event"
	"duban/queries"
	"duban/supervision/lifecycle"
)

// followSteps bounds how many steps a long time is cut into.
const followSteps = 1000

// follow cuts the spans of a backlog at an arrival when they reach far beyond since. What
// was due while no engine worked is then announced by what was known at that time, as an
// engine that worked would have: a result that is told later finds the card.
// With a since that is not after 1970 nothing was ever announced, and nothing is cut: that
// is the load of a history.
func (f *Folder) follow(ctx context.Context, b *Backlog, since time.Time) error {
	var newest time.Time
	var names []string
	var partitions, froms []uint64
	for _, s := range b.Spans {
		for i := range s.Partitions {
			if s.Received[i].After(newest) {
				newest = s.Received[i]
			}
			names, partitions, froms = append(names, string(s.Topic)), append(partitions, s.Partitions[i]), append(froms, s.Froms[i])
		}
	}
	f.known = endOfTime
	// A time of arrival that lies ahead is none; who is told it does not wait for it.
	if now := f.now(); newest.After(now) {
		newest = now
	}
	if since.Unix() <= 0 || newest.Sub(since) <= f.followStep {
		return nil
	}
	found, err := selectAhead.All(ctx, f.reg, f.conn(), queries.Args{
		"topics": names, "partitions": partitions, "froms": froms, "until": since.Add(max(f.followStep, newest.Sub(since)/followSteps)),
	})
	if err != nil {
		return err
	}
	if len(found) == 0 || !found[0].Known.Before(newest) {
		return nil // the rest comes as a whole
	}
	b.Known = found[0].Known
	f.known = b.Known
	clear(b.Spans)
	for _, m := range found {
		if m.UntilOffset == m.FromOffset {
			continue
		}
		s := b.Spans[m.Topic]
		s.Topic = m.Topic
		s.Partitions, s.Froms = append(s.Partitions, uint64(m.Partition)), append(s.Froms, m.FromOffset)
		s.Untils, s.Received = append(s.Untils, m.UntilOffset), append(s.Received, m.ReceivedAt)
		b.Spans[m.Topic] = s
	}
	return nil
}

// endOfTime is later than every arrival: the last day that the tables can hold.
var endOfTime = time.UnixMilli(lifecycle.Still).UTC()

// Resume leaves what arrived after everything that is folded to Backlog, whatever is folded
// again before that.
func (f *Folder) Resume(ctx context.Context) error {
	f.Forget()
	f.known = endOfTime
	stored, err := selectCursors.All(ctx, f.reg, f.conn(), queries.Args{})
	if err != nil || len(stored) == 0 {
		return err
	}
	f.known = time.Time{}
	for _, m := range stored {
		if m.ReceivedAt.After(f.known) {
			f.known = m.ReceivedAt
		}
	}
	return nil
}

// asKnown adds to the arguments of a query of facts up to which arrival it reads.
func (f *Folder) asKnown(args queries.Args) queries.Args {
	out := queries.Args{"known_until": f.known}
	maps.Copy(out, args)
	return out
}

var selectAhead = queries.Select[struct {
	Topic       event.Topic `ch:"topic"`
	Partition   uint32      `ch:"partition"`
	FromOffset  uint64      `ch:"from_offset"`
	UntilOffset uint64      `ch:"until_offset"`
	ReceivedAt  time.Time   `ch:"received_at"`
	Known       time.Time   `ch:"known_at"`
}]("engine/deliveries_ahead")
