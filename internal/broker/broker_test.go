package broker_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/broker"
)

func TestAFullDiskIsSaidToProducersAndPasses(t *testing.T) {
	var full atomic.Bool
	b, err := broker.Start(broker.Config{Topics: []string{string(event.TopicCases)}, Partitions: 1, Full: func() error {
		if full.Load() {
			return errors.New("disk full")
		}
		return nil
	}})
	require.NoError(t, err)
	t.Cleanup(func() { _ = b.Close() })
	publish := func(retryFor, waitForRoom time.Duration) error {
		p, err := source.NewPublisher([]string{b.Addr()}, source.PublisherOptions{RetryFor: retryFor, WaitForRoom: waitForRoom})
		require.NoError(t, err)
		defer func() { _ = p.Close() }()
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		return p.PublishAll(ctx, event.TopicCases, []source.Message{{Key: []byte("k"), Value: []byte("{}")}})
	}
	require.NoError(t, publish(time.Second, 0))
	full.Store(true)
	require.ErrorContains(t, publish(100*time.Millisecond, 0), "the broker cannot store messages, as on a full disk")
	done := make(chan error)
	go func() { done <- publish(100*time.Millisecond, 30*time.Second) }()
	time.Sleep(time.Second)
	full.Store(false)
	require.NoError(t, <-done, "a producer that goes on trying gets through, longer than with a broker that is away")
}
