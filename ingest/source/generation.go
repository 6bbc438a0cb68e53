package source

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"

	"duban/ingest/event"
)

// Committed is what the group says of a partition: the offset up to which it
// was read, negative when the group has none.
type Committed struct {
	Partition int
	Offset    int64
}

// Start says where a partition is read from. Base is added to an offset to have
// its place in the ledger: a topic that was made anew begins again at 0, its
// places go on behind those of the one before.
type Start struct{ Offset, Base int64 }

// Range is a part of a partition, of the broker's offsets, that is read again.
type Range struct {
	Partition   int
	From, Until int64
	// Key tells ranges apart for whoever asked.
	Key string
}

// Keeper knows what became of the messages before.
type Keeper interface {
	// Prepare is called before the member joins the group.
	Prepare(ctx context.Context) error
	// Starts says where each assigned partition is read from.
	Starts(ctx context.Context, topic event.Topic, assigned []Committed) (map[int]Start, error)
	// Gone is told that the broker dropped offsets [from, until) before they were read.
	Gone(ctx context.Context, topic event.Topic, partition int, from, until int64) error
	// Again lists the ranges of the given partitions that are to be read again.
	Again(ctx context.Context, topic event.Topic, partitions []int) ([]Range, error)
	// Cut is told that the broker holds nothing of a range before begin any more.
	Cut(ctx context.Context, topic event.Topic, r Range, begin int64) error
}

// committed reads from what the group has committed and remembers nothing.
type committed struct{}

func (committed) Prepare(context.Context) error { return nil }

func (committed) Starts(_ context.Context, _ event.Topic, assigned []Committed) (map[int]Start, error) {
	out := map[int]Start{}
	for _, a := range assigned {
		out[a.Partition] = Start{Offset: max(0, a.Offset)}
	}
	return out, nil
}

func (committed) Gone(context.Context, event.Topic, int, int64, int64) error { return nil }

func (committed) Cut(context.Context, event.Topic, Range, int64) error { return nil }

func (committed) Again(context.Context, event.Topic, []int) ([]Range, error) { return nil, nil }

// generation is one topic of one generation of the group.
type generation struct {
	c        *Consumer
	topic    event.Topic
	assigned []Committed
	chunks   chan *Chunk
	commit   func(map[int]int64) error
	leave    context.CancelCauseFunc
}

// run reads the assigned partitions until the generation ends.
func (g *generation) run(gen context.Context, handle func(context.Context, *Stream)) {
	// The context of a generation has no cancellation of its own kind; the
	// libraries below want a real one.
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer context.AfterFunc(gen, cancel)()
	starts, ok := g.starts(ctx)
	if !ok {
		return
	}
	s := &Stream{Topic: g.topic, Chunks: g.chunks, commit: g.commit, Bases: map[int]int64{}}
	var readers sync.WaitGroup
	for _, a := range g.assigned {
		s.Partitions = append(s.Partitions, a.Partition)
		s.Bases[a.Partition] = starts[a.Partition].Base
		readers.Go(func() { g.fetchLoop(ctx, a.Partition, starts[a.Partition].Offset) })
	}
	readers.Go(func() { g.readAgain(ctx, s.Partitions) })
	handle(ctx, s)
	cancel()
	readers.Wait()
}

// starts asks the keeper until it answers.
func (g *generation) starts(ctx context.Context) (map[int]Start, bool) {
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		out, err := g.c.cfg.Keeper.Starts(ctx, g.topic, g.assigned)
		if err == nil {
			return out, true
		}
		if ctx.Err() != nil {
			return nil, false
		}
		g.c.log.Warn("where to read from is not known yet, asking again", "topic", g.topic, "pause", pause.String(), "error", err)
		select {
		case <-ctx.Done():
			return nil, false
		case <-time.After(pause):
		}
	}
}

// fetchLoop reads one partition until the generation ends.
func (g *generation) fetchLoop(ctx context.Context, partition int, offset int64) {
	pause := 50 * time.Millisecond
	for ctx.Err() == nil {
		next, err := g.c.fetchOnce(ctx, g.topic, partition, offset, nil, g.chunks)
		switch {
		case err == nil:
			offset, pause = next, 50*time.Millisecond
			continue
		case ctx.Err() != nil:
			return
		case errors.Is(err, kafka.OffsetOutOfRange):
			if next, err = g.outside(ctx, partition, offset); err == nil {
				offset = next
				continue
			}
		}
		if errors.Is(err, kafka.UnknownTopicOrPartition) {
			g.leave(fmt.Errorf("topic %s, partition %d: %w: %w", g.topic, partition, errTopicsChanged, err))
			return
		}
		g.c.log.Warn("fetch failed, trying again", "topic", g.topic, "partition", partition, "pause", pause.String(), "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, 5*time.Second)
	}
}

// outside finds where to go on when the broker does not hold an offset: behind
// what it dropped. One that ends before the offset has lost messages or is of
// another topic; the keeper finds out which before the member joins again.
func (g *generation) outside(ctx context.Context, partition int, offset int64) (int64, error) {
	all, err := g.c.client.Offsets(ctx, []event.Topic{g.topic})
	if err != nil {
		return 0, err
	}
	for _, o := range all[g.topic] {
		if o.Partition != partition {
			continue
		}
		if offset > o.End {
			g.leave(fmt.Errorf("topic %s, partition %d ends at offset %d, before %d, which is next to read: %w", g.topic, partition, o.End,
				offset, errTopicsChanged))
			return 0, errTopicsChanged
		}
		if offset < o.Begin {
			if err := g.c.cfg.Keeper.Gone(ctx, g.topic, partition, offset, o.Begin); err != nil {
				return 0, err
			}
			return o.Begin, nil
		}
		return offset, nil
	}
	return 0, kafka.UnknownTopicOrPartition
}

// againEvery is how often the keeper is asked what is to be read again.
const againEvery = 2 * time.Second

// readAgain reads ranges that were read before, until the generation ends.
func (g *generation) readAgain(ctx context.Context, partitions []int) {
	done := map[Range]bool{}
	for ctx.Err() == nil {
		ranges, err := g.c.cfg.Keeper.Again(ctx, g.topic, partitions)
		if err != nil && ctx.Err() == nil {
			g.c.log.Warn("what to read again is not known, asking again", "topic", g.topic, "error", err)
		}
		for _, r := range ranges {
			if done[r] {
				continue
			}
			if err := g.readRange(ctx, r); err != nil {
				if ctx.Err() == nil {
					g.c.log.Warn("range not read again, trying later", "topic", g.topic, "partition", r.Partition, "from", r.From,
						"until", r.Until, "error", err)
				}
				break
			}
			done[r] = true
		}
		select {
		case <-ctx.Done():
		case <-time.After(againEvery):
		}
	}
}

func (g *generation) readRange(ctx context.Context, r Range) error {
	for offset := r.From; offset < r.Until; {
		next, err := g.c.fetchOnce(ctx, g.topic, r.Partition, offset, &r, g.chunks)
		if errors.Is(err, kafka.OffsetOutOfRange) {
			all, err := g.c.client.Offsets(ctx, []event.Topic{g.topic})
			if err != nil {
				return err
			}
			begin := r.Until // also of a partition that is no longer there
			for _, o := range all[g.topic] {
				if o.Partition == r.Partition {
					begin = min(r.Until, max(o.Begin, offset+1))
				}
			}
			return g.c.cfg.Keeper.Cut(ctx, g.topic, r, begin)
		}
		if err != nil {
			return err
		}
		if next == offset {
			return fmt.Errorf("the broker has nothing at offset %d yet", offset)
		}
		offset = next
	}
	return nil
}
