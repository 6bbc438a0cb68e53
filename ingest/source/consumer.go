package source

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/segmentio/kafka-go"
	"golang.org/x/sync/semaphore"

	"duban/ingest/event"
)

// ConsumerConfig says what is read and within which bounds.
type ConsumerConfig struct {
	// Group names the consumer group whose offsets are kept by the broker.
	Group  string
	Topics []event.Topic
	// FetchBytes is asked for per request (default 1 MiB).
	FetchBytes int
	// BufferBytes bounds what was fetched and is not released yet, over all
	// partitions (default 48 MiB).
	BufferBytes int
	// MaxWait is how long a fetch waits for a first message when the partitions take
	// turns, as there are more than BufferBytes has room for (default 500 ms), and
	// LongWait when each has a place of its own (default 5 s): a broker answers as soon
	// as something comes, so that waiting longer costs nothing but questions.
	MaxWait, LongWait time.Duration
	// SessionTimeout is after how long without heartbeat the group gives this
	// member's partitions to others (default 30 s).
	SessionTimeout time.Duration
	// WatchEvery is how often the topics are looked at: one that was made anew or
	// has more partitions makes the member join again (default 10 s).
	WatchEvery time.Duration
	// Keeper says where partitions are read from; without one they are read from
	// what the group has committed.
	Keeper Keeper
}

func (c ConsumerConfig) withDefaults() ConsumerConfig {
	if c.FetchBytes <= 0 {
		c.FetchBytes = 1 << 20
	}
	if c.BufferBytes < c.FetchBytes {
		c.BufferBytes = max(48<<20, c.FetchBytes)
	}
	if c.MaxWait <= 0 {
		c.MaxWait = 500 * time.Millisecond
	}
	if c.LongWait <= 0 {
		c.LongWait = 5 * time.Second
	}
	if c.SessionTimeout <= 0 {
		c.SessionTimeout = 30 * time.Second
	}
	if c.WatchEvery <= 0 {
		c.WatchEvery = 10 * time.Second
	}
	if c.Keeper == nil {
		c.Keeper = committed{}
	}
	return c
}

// Stream is what one generation of the group gives this member of one topic.
// It ends with its context.
type Stream struct {
	Topic event.Topic
	// Partitions are those assigned to this member, Bases what is added to an
	// offset of each to have its place in the ledger (see Start).
	Partitions []int
	Bases      map[int]int64
	// Chunks carries the messages, in order within each partition.
	Chunks <-chan *Chunk
	commit func(map[int]int64) error
}

// Commit tells the group that everything below the given offsets is stored.
func (s *Stream) Commit(next map[int]int64) error { return s.commit(next) }

// Consumer reads topics as a member of a consumer group.
type Consumer struct {
	client *Client
	cfg    ConsumerConfig
	log    *slog.Logger
	budget *semaphore.Weighted
	wait   atomic.Int64 // how long a fetch waits for a first message
	pool   sync.Pool    // answers
	plain  sync.Pool    // unpacked record batches
}

// NewConsumer prepares a member of a group; Run joins it.
func NewConsumer(client *Client, cfg ConsumerConfig, log *slog.Logger) *Consumer {
	cfg = cfg.withDefaults()
	return &Consumer{client: client, cfg: cfg, log: log, budget: semaphore.NewWeighted(int64(cfg.BufferBytes))}
}

// Run joins the group and calls handle for every topic of every generation,
// in a goroutine that belongs to the generation: the group waits for it before
// partitions move on. handle must return soon after its context ends; when it
// returns earlier, the member joins again. A group that is new to a topic
// starts at its first message. Run returns when ctx ends.
func (c *Consumer) Run(ctx context.Context, handle func(context.Context, *Stream)) error {
	pause := 100 * time.Millisecond
	for ctx.Err() == nil {
		began := time.Now()
		err := c.cfg.Keeper.Prepare(ctx)
		if err == nil {
			err = c.join(ctx, handle)
		}
		if ctx.Err() != nil {
			break
		}
		if time.Since(began) > time.Minute || errors.Is(err, errTopicsChanged) {
			pause = 100 * time.Millisecond
		}
		c.log.Warn("left the consumer group, joining again", "group", c.cfg.Group, "pause", pause.String(), "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, 10*time.Second)
	}
	return nil //nolint:nilerr // the end of ctx is no error; what went wrong before it was logged
}

// errTopicsChanged says why a member leaves: what it knows of the topics is no
// longer so.
var errTopicsChanged = errors.New("the topics are not what they were")

// join is a member from joining to leaving. kafka-go's own watcher of partitions
// is not used: it has brokers create a topic that is missing, with one partition
// and the producers' times.
func (c *Consumer) join(ctx context.Context, handle func(context.Context, *Stream)) error {
	ctx, leave := context.WithCancelCause(ctx)
	defer leave(nil)
	known, err := c.client.Describe(ctx, c.cfg.Topics)
	if err != nil {
		return fmt.Errorf("join group %s: %w", c.cfg.Group, err)
	}
	topics := make([]string, len(c.cfg.Topics))
	for i, t := range c.cfg.Topics {
		topics[i] = string(t)
		if _, ok := known[t]; !ok {
			return fmt.Errorf("join group %s: topic %s does not exist: %w", c.cfg.Group, t, errTopicsChanged)
		}
	}
	group, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{
		ID: c.cfg.Group, Brokers: c.client.brokers, Dialer: c.client.dialer, Topics: topics,
		HeartbeatInterval: min(3*time.Second, c.cfg.SessionTimeout/3), SessionTimeout: c.cfg.SessionTimeout,
		RebalanceTimeout: c.cfg.SessionTimeout, JoinGroupBackoff: time.Second,
		StartOffset: kafka.FirstOffset, Timeout: 10 * time.Second,
	})
	if err != nil {
		return fmt.Errorf("join group %s: %w", c.cfg.Group, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = group.Close() })
	defer func() {
		stop()
		_ = group.Close()
	}()
	go c.watch(ctx, known, leave)
	for {
		gen, err := group.Next(ctx)
		if err != nil {
			if cause := context.Cause(ctx); cause != nil {
				err = cause
			}
			return fmt.Errorf("wait for a generation of group %s: %w", c.cfg.Group, err)
		}
		c.start(gen, leave, handle)
	}
}

// watch makes the member leave when a topic is gone, was made anew, or has
// another number of partitions.
func (c *Consumer) watch(ctx context.Context, known map[event.Topic]TopicInfo, leave context.CancelCauseFunc) {
	tick := time.NewTicker(c.cfg.WatchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now, err := c.client.Describe(ctx, c.cfg.Topics)
		if err != nil {
			continue // a broker that is away is another's concern
		}
		for _, t := range c.cfg.Topics {
			if now[t] != known[t] {
				leave(fmt.Errorf("topic %s had id %s and %d partitions, now %s and %d: %w",
					t, known[t].ID, known[t].Partitions, now[t].ID, now[t].Partitions, errTopicsChanged))
				return
			}
		}
	}
}

// start runs one generation.
func (c *Consumer) start(gen *kafka.Generation, leave context.CancelCauseFunc, handle func(context.Context, *Stream)) {
	partitions := 0
	for _, assigned := range gen.Assignments {
		partitions += len(assigned)
	}
	wait := c.cfg.MaxWait
	if partitions < c.cfg.BufferBytes/c.cfg.FetchBytes {
		wait = max(wait, c.cfg.LongWait)
	}
	c.wait.Store(int64(wait))
	for name, assigned := range gen.Assignments {
		if len(assigned) == 0 {
			continue
		}
		g := &generation{c: c, topic: event.Topic(name), leave: leave, chunks: make(chan *Chunk), commit: func(next map[int]int64) error {
			if err := gen.CommitOffsets(map[string]map[int]int64{name: next}); err != nil {
				return fmt.Errorf("commit offsets of %s: %w", name, err)
			}
			return nil
		}}
		for _, a := range assigned {
			g.assigned = append(g.assigned, Committed{Partition: a.ID, Offset: a.Offset})
		}
		gen.Start(func(ctx context.Context) { g.run(ctx, handle) })
		c.log.Info("assigned", "group", c.cfg.Group, "generation", gen.ID, "topic", name, "partitions", len(assigned))
	}
}

// fetchOnce hands over the messages from offset on, those of a range only up to
// its end, and returns the offset behind them.
func (c *Consumer) fetchOnce(ctx context.Context, topic event.Topic, partition int, offset int64, within *Range,
	out chan<- *Chunk) (int64, error) {
	if err := c.budget.Acquire(ctx, int64(c.cfg.FetchBytes)); err != nil {
		return 0, err
	}
	held := true
	giveBack := func() {
		if held {
			held = false
			c.budget.Release(int64(c.cfg.FetchBytes))
		}
	}
	defer func() { giveBack() }()
	buf, _ := c.pool.Get().([]byte)
	res, err := c.client.fetch(ctx, topic, partition, offset, c.cfg.FetchBytes, time.Duration(c.wait.Load()), buf)
	if err != nil {
		return 0, err // the buffer may still be written to: it is left to the collector
	}
	chunk := &Chunk{Topic: topic, Partition: partition, From: offset, End: res.highWatermark, Again: within, res: res}
	chunk.scratch, _ = c.plain.Get().([]byte)
	next := chunk.lastOffset() + 1
	if next <= offset {
		c.pool.Put(res.buf) //nolint:staticcheck // a slice header per fetch is nothing
		if len(res.records) > 0 {
			return 0, fmt.Errorf("fetch %s/%d: the message at offset %d does not fit into %d bytes", topic, partition, offset, c.cfg.FetchBytes)
		}
		return offset, nil
	}
	done := giveBack
	giveBack = func() {}
	chunk.release = func() {
		c.pool.Put(res.buf)        //nolint:staticcheck // see above
		c.plain.Put(chunk.scratch) //nolint:staticcheck // see above
		done()
	}
	select {
	case out <- chunk:
		return next, nil
	case <-ctx.Done():
		chunk.Release()
		return 0, ctx.Err()
	}
}

// lastOffset is the last offset of the last whole batch, -1 without one.
func (c *Chunk) lastOffset() int64 {
	last := int64(-1)
	be := binary.BigEndian
	for b := c.res.records; len(b) >= batchHeaderLen; {
		n := int(int32(be.Uint32(b[batchLengthAt:]))) + batchLengthAt + 4
		if n < batchHeaderLen || n > len(b) {
			break
		}
		last = int64(be.Uint64(b)) + int64(int32(be.Uint32(b[batchDeltaAt:])))
		b = b[n:]
	}
	return last
}
