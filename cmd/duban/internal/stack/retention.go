package stack

import (
	"context"
	"time"

	"duban/ingest"
	"duban/ingest/deadletter"
)

// How often old messages and old bytes are looked for, the first time soon after the start.
const (
	retentionFirst = time.Minute
	retentionEvery = time.Hour
)

// hourly runs work soon and then once an hour until the context ends; what fails is
// tried again the next time.
func (s *Stack) hourly(what string, work func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		for wait := retentionFirst; ; wait = retentionEvery {
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(wait):
			}
			if err := work(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("hourly work waits for the next hour", "work", what, "error", err.Error())
			}
		}
	}
}

// emptyRejects takes away the bytes of refused messages that are older than the setting.
func (s *Stack) emptyRejects(ctx context.Context) error {
	now := time.Now()
	n, err := deadletter.NewBox(s.db.Conn(), s.reg).Empty(ctx, now.Add(-s.Cfg.Ingest.KeepRejected), now)
	if err == nil && n > 0 {
		s.log.Info("original bytes of refused messages were removed", "rejects", n, "older_than", s.Cfg.Ingest.KeepRejected.String())
	}
	return err
}

// dropOld drops from the embedded broker what arrived before the retention and is stored.
func (s *Stack) dropOld(ctx context.Context) error {
	upto, err := ingest.NewAuditor(s.kafka, s.db.Conn(), s.reg).Droppable(ctx, s.Cfg.Kafka.Group, time.Now().Add(-s.Cfg.Kafka.Retention))
	if err != nil {
		return err
	}
	dropped := int64(0)
	for topic, partitions := range upto {
		for p, offset := range partitions {
			n, err := s.broker.DropTo(string(topic), int32(p), offset) //nolint:gosec // a small number
			if err != nil {
				return err
			}
			dropped += n
		}
	}
	if dropped > 0 {
		s.log.Info("messages that are stored were dropped", "messages", dropped, "older_than", s.Cfg.Kafka.Retention.String())
	}
	return nil
}
