package ingest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/ingest/sink"
	"duban/ingest/source"
)

// Pipeline reads the topics as a member of the consumer group and stores what
// they carry. Several processes may run one each; the group shares out the
// partitions.
type Pipeline struct {
	cfg     Config
	deps    Deps
	workers map[event.Topic]*worker
	held    atomic.Int64
	keeper  *keeper
	recheck chan struct{}
}

// New prepares a pipeline; it does no I/O.
func New(cfg Config, deps Deps) (*Pipeline, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	in, err := newInstruments(deps.Metrics)
	if err != nil {
		return nil, fmt.Errorf("register instruments of ingest: %w", err)
	}
	room := deps.Room
	if room == nil {
		room = func(context.Context) error { return nil }
	}
	stored := deps.Stored
	if stored == nil {
		stored = func(event.Topic) {}
	}
	p := &Pipeline{cfg: cfg, deps: deps, workers: map[event.Topic]*worker{}, keeper: newKeeper(cfg, deps, in), recheck: make(chan struct{}, 1)}
	for _, t := range cfg.Topics {
		dec, err := decode.New(decode.Config{TokenKey: cfg.TokenKey, ActionKey: cfg.ActionKey, MaxBytes: cfg.MaxMessageBytes})
		if err != nil {
			return nil, err
		}
		writer, err := sink.NewWriter(t, sink.Config{
			Dialer: deps.Store, Statements: deps.Queries, Reread: rereadOne(deps.Kafka, p.keeper), Log: deps.Log, Now: deps.Now, Observe: in.observe,
		})
		if err != nil {
			return nil, err
		}
		p.workers[t] = &worker{topic: t, cfg: cfg, dec: dec, writer: writer, in: in, log: deps.Log, now: deps.Now, room: room,
			stored: stored, held: &p.held, keeper: p.keeper}
	}
	return p, nil
}

// Run works until ctx ends; what is in memory then is stored and committed
// within a third of the session timeout, and what cannot be is read again by
// the next run. An absent broker or ClickHouse is waited for.
func (p *Pipeline) Run(ctx context.Context) error {
	c := source.NewConsumer(p.deps.Kafka, source.ConsumerConfig{
		Group: p.cfg.Group, Topics: p.cfg.Topics, FetchBytes: p.cfg.FetchBytes, BufferBytes: p.cfg.BufferBytes,
		SessionTimeout: p.cfg.SessionTimeout, WatchEvery: p.cfg.WatchEvery, Keeper: p.keeper,
	}, p.deps.Log)
	ctx, stop := context.WithCancel(ctx)
	var background sync.WaitGroup
	background.Go(func() { p.rebuild(ctx) })
	defer background.Wait()
	defer stop()
	return c.Run(ctx, func(gen context.Context, s *source.Stream) { p.workers[s.Topic].run(gen, s) })
}

// Ready is closed when the topics exist and Run is about to read them.
func (p *Pipeline) Ready() <-chan struct{} { return p.keeper.ready }

// rereadOne reads a message once more, and tells one that retention has removed.
func rereadOne(client *source.Client, k *keeper) sink.Reread {
	return func(ctx context.Context, topic event.Topic, partition int, place int64) (key, value []byte, err error) {
		offset, ours := k.offset(partitionKey{topic, partition}, place)
		if !ours {
			return nil, nil, sink.ErrGone
		}
		key, value, err = client.ReadOne(ctx, topic, partition, offset)
		if errors.Is(err, source.ErrGone) {
			err = fmt.Errorf("%w: %w", sink.ErrGone, err)
		}
		return key, value, err
	}
}
