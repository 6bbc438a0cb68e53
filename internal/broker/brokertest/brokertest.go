// Package brokertest gives tests a real broker of their own.
package brokertest

import (
	"testing"

	"duban/ingest/event"
	"duban/internal/broker"
)

// New starts a broker in memory with every topic and returns its address; it
// ends with the test.
func New(t testing.TB) string {
	t.Helper()
	return Start(t, "").Addr()
}

// Start starts a broker on dir (in memory when empty); it ends with the test.
func Start(t testing.TB, dir string) *broker.Broker {
	t.Helper()
	var topics []string
	for _, topic := range event.Topics() {
		topics = append(topics, string(topic))
	}
	b, err := broker.Start(broker.Config{Dir: dir, Topics: topics})
	if err != nil {
		t.Fatalf("start broker: %v", err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}
