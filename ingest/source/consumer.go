package source

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"sync"
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
	// MaxWait is how long a fetch waits for a first message (default 500 ms).
	MaxWait time.Duration
	// SessionTimeout is after how long without heartbeat the group gives this
	// member's partitions to others (default 30 s).
	SessionTimeout time.Duration
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
	if c.SessionTimeout <= 0 {
		c.SessionTimeout = 30 * time.Second
	}
	return c
}

// Stream is what one generation of the group gives this member of one topic.
// It ends with its context.
type Stream struct {
	Topic event.Topic
	// Partitions are those assigned to this member.
	Partitions []int
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
	pool   sync.Pool // answers
	plain  sync.Pool // unpacked record batches
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
		err := c.join(ctx, handle)
		if ctx.Err() != nil {
			break
		}
		if time.Since(began) > time.Minute {
			pause = 100 * time.Millisecond
		}
		c.log.Warn("left the consumer group, joining again", "group", c.cfg.Group, "pause", pause.String(), "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, 10*time.Second)
	}
	return nil
}

// join is a member from joining to leaving.
func (c *Consumer) join(ctx context.Context, handle func(context.Context, *Stream)) error {
	topics := make([]string, len(c.cfg.Topics))
	for i, t := range c.cfg.Topics {
		topics[i] = string(t)
	}
	group, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{
		ID: c.cfg.Group, Brokers: c.client.brokers, Dialer: c.client.dialer, Topics: topics,
		HeartbeatInterval: min(3*time.Second, c.cfg.SessionTimeout/3), SessionTimeout: c.cfg.SessionTimeout,
		RebalanceTimeout: c.cfg.SessionTimeout, JoinGroupBackoff: time.Second,
		WatchPartitionChanges: true, PartitionWatchInterval: 10 * time.Second,
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
	for {
		gen, err := group.Next(ctx)
		if err != nil {
			return fmt.Errorf("wait for a generation of group %s: %w", c.cfg.Group, err)
		}
		c.start(gen, handle)
	}
}

// start runs one generation.
func (c *Consumer) start(gen *kafka.Generation, handle func(context.Context, *Stream)) {
	for name, assigned := range gen.Assignments {
		if len(assigned) == 0 {
			continue
		}
		topic := event.Topic(name)
		chunks := make(chan *Chunk)
		s := &Stream{Topic: topic, Chunks: chunks, commit: func(next map[int]int64) error {
			if err := gen.CommitOffsets(map[string]map[int]int64{name: next}); err != nil {
				return fmt.Errorf("commit offsets of %s: %w", name, err)
			}
			return nil
		}}
		for _, a := range assigned {
			s.Partitions = append(s.Partitions, a.ID)
			gen.Start(func(ctx context.Context) { c.fetchLoop(ctx, topic, a.ID, a.Offset, chunks) })
		}
		gen.Start(func(ctx context.Context) { handle(ctx, s) })
		c.log.Info("assigned", "group", c.cfg.Group, "generation", gen.ID, "topic", name, "partitions", len(assigned))
	}
}

// fetchLoop reads one partition until the generation ends.
func (c *Consumer) fetchLoop(gen context.Context, topic event.Topic, partition int, offset int64, out chan<- *Chunk) {
	// The context of a generation has no cancellation of its own kind; the
	// libraries below want a real one.
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer context.AfterFunc(gen, cancel)()
	pause := 50 * time.Millisecond
	for ctx.Err() == nil {
		next, err := c.fetchOnce(ctx, topic, partition, offset, out)
		switch {
		case err == nil:
			offset, pause = next, 50*time.Millisecond
			continue
		case ctx.Err() != nil:
			return
		case errors.Is(err, kafka.OffsetOutOfRange):
			c.log.Error("offset is outside of what the broker holds, starting at its first message", "topic", topic, "partition", partition, "offset", offset)
			offset = kafka.FirstOffset
		default:
			c.log.Warn("fetch failed, trying again", "topic", topic, "partition", partition, "pause", pause.String(), "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, 5*time.Second)
	}
}

func (c *Consumer) fetchOnce(ctx context.Context, topic event.Topic, partition int, offset int64, out chan<- *Chunk) (int64, error) {
	if offset < 0 {
		first, err := c.firstOffset(ctx, topic, partition)
		if err != nil {
			return 0, err
		}
		offset = first
	}
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
	res, err := c.client.fetch(ctx, topic, partition, offset, c.cfg.FetchBytes, c.cfg.MaxWait, buf)
	if err != nil {
		return 0, err // the buffer may still be written to: it is left to the collector
	}
	chunk := &Chunk{Topic: topic, Partition: partition, From: offset, End: res.highWatermark, res: res}
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

func (c *Consumer) firstOffset(ctx context.Context, topic event.Topic, partition int) (int64, error) {
	res, err := c.client.client.ListOffsets(ctx, &kafka.ListOffsetsRequest{
		Topics: map[string][]kafka.OffsetRequest{string(topic): {kafka.FirstOffsetOf(partition)}},
	})
	if err != nil {
		return 0, fmt.Errorf("ask for the first offset of %s/%d: %w", topic, partition, err)
	}
	for _, p := range res.Topics[string(topic)] {
		if p.Partition == partition {
			return p.FirstOffset, p.Error
		}
	}
	return 0, fmt.Errorf("ask for the first offset of %s/%d: %w", topic, partition, kafka.UnknownTopicOrPartition)
}
