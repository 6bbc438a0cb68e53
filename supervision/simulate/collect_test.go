package simulate_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/zeebo/xxh3"

	"duban/ingest/event"
	"duban/supervision/simulate"
)

// published is one message as a publisher got it.
type published struct {
	topic      event.Topic
	key, value []byte
}

// collector is a publisher that keeps everything.
type collector struct {
	messages []published
	hash     xxh3.Hasher
	flushed  int
}

func (c *collector) Publish(_ context.Context, topic event.Topic, key, value []byte) error {
	c.messages = append(c.messages, published{topic, key, value})
	for _, part := range [][]byte{[]byte(topic), key, value} {
		_, _ = c.hash.Write(append(slices.Clip(part), 0))
	}
	return nil
}

func (c *collector) Flush(context.Context) error { c.flushed++; return nil }

// simulated runs a simulation and returns what it published and its ledger.
func simulated(t *testing.T, change func(*simulate.Config)) (*collector, simulate.Ledger) {
	t.Helper()
	config := simulate.DefaultConfig()
	change(&config)
	s, err := simulate.New(config)
	require.NoError(t, err)
	var c collector
	ledger, err := s.Run(context.Background(), &c, nil)
	require.NoError(t, err)
	require.Equal(t, 1, c.flushed)
	return &c, ledger
}

// fields decodes a message of a collector.
func fields(t *testing.T, value []byte) map[string]any {
	t.Helper()
	var m map[string]any
	require.NoError(t, json.Unmarshal(value, &m), string(value))
	return m
}
