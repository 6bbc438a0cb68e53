package ingest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

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
	p := &Pipeline{cfg: cfg, deps: deps, workers: map[event.Topic]*worker{}}
	for _, t := range cfg.Topics {
		dec, err := decode.New(decode.Config{TokenKey: cfg.TokenKey, ActionKey: cfg.ActionKey, MaxBytes: cfg.MaxMessageBytes})
		if err != nil {
			return nil, err
		}
		writer, err := sink.NewWriter(t, sink.Config{
			Dialer: deps.Store, Statements: deps.Queries, Reread: reread(deps.Kafka), Log: deps.Log, Now: deps.Now, Observe: in.observe,
		})
		if err != nil {
			return nil, err
		}
		p.workers[t] = &worker{topic: t, cfg: cfg, dec: dec, writer: writer, in: in, log: deps.Log, now: deps.Now, room: room, held: &p.held}
	}
	return p, nil
}

// Run works until ctx ends; what is in memory then is stored and committed
// within a third of the session timeout, and what cannot be is read again by
// the next run. An absent broker or ClickHouse is waited for.
func (p *Pipeline) Run(ctx context.Context) error {
	if err := p.prepare(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	c := source.NewConsumer(p.deps.Kafka, source.ConsumerConfig{
		Group: p.cfg.Group, Topics: p.cfg.Topics, FetchBytes: p.cfg.FetchBytes, BufferBytes: p.cfg.BufferBytes,
		SessionTimeout: p.cfg.SessionTimeout,
	}, p.deps.Log)
	return c.Run(ctx, func(gen context.Context, s *source.Stream) { p.workers[s.Topic].run(gen, s) })
}

// prepare creates missing topics, waiting for the broker as long as it takes,
// and warns of topics whose arrival times are the producers' word.
func (p *Pipeline) prepare(ctx context.Context) error {
	for pause := 200 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		try, cancel := context.WithTimeout(ctx, 15*time.Second)
		err := p.deps.Kafka.EnsureTopics(try, p.cfg.Topics, p.cfg.Partitions)
		if err == nil {
			p.warnOfProducerTimes(try)
		}
		cancel()
		if err == nil || ctx.Err() != nil {
			return errors.Join(ctx.Err(), err)
		}
		p.deps.Log.Warn("broker is not ready, waiting", "pause", pause.String(), "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

func (p *Pipeline) warnOfProducerTimes(ctx context.Context) {
	if p.cfg.ProducerTimes {
		return
	}
	topics, err := p.deps.Kafka.CreateTimeTopics(ctx, p.cfg.Topics)
	if err != nil {
		p.deps.Log.Warn("settings of the topics are unknown", "error", err)
		return
	}
	for _, t := range topics {
		p.deps.Log.Warn("arrival times of this topic are the producers' word; set message.timestamp.type to LogAppendTime", "topic", t)
	}
}

// reread reads a message once more, and tells one that retention has removed.
func reread(k *source.Client) sink.Reread {
	return func(ctx context.Context, topic event.Topic, partition int, offset int64) (key, value []byte, err error) {
		key, value, err = k.ReadOne(ctx, topic, partition, offset)
		if errors.Is(err, source.ErrGone) {
			err = fmt.Errorf("%w: %w", sink.ErrGone, err)
		}
		return key, value, err
	}
}
