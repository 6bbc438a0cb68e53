// Package brokertest gives tests a real broker with fresh topics: the embedded one, a
// new one for each test, or an Apache Kafka (see kafkatest), emptied for each test. The
// bodies of the tests are the same.
package brokertest

import (
	"testing"

	"duban/ingest/event"
	"duban/internal/broker"
	"duban/internal/broker/kafkatest"
)

// Broker is a broker that a test may damage as an operator can.
type Broker struct {
	t    testing.TB
	addr string
}

// Addr is its bootstrap address.
func (b *Broker) Addr() string { return b.addr }

// New returns the address of a broker with every topic, all empty; it ends with the
// test. The embedded one is in memory.
func New(t testing.TB) string {
	t.Helper()
	return Start(t, "").Addr()
}

// Start is New for a broker that can be damaged. The embedded one keeps its messages in
// dir, in memory when that is empty.
func Start(t testing.TB, dir string) *Broker {
	t.Helper()
	if kafkatest.Wanted() {
		b := &Broker{t: t, addr: kafkatest.Addr(t)}
		if err := b.claim(); err != nil {
			t.Fatal(err)
		}
		b.empty()
		for _, topic := range event.Topics() {
			b.CreateTopic(topic, partitions)
		}
		return b
	}
	var topics []string
	for _, topic := range event.Topics() {
		topics = append(topics, string(topic))
	}
	b, err := broker.Start(broker.Config{Dir: dir, Topics: topics, Partitions: partitions})
	if err != nil {
		t.Fatalf("start broker: %v", err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return &Broker{t: t, addr: b.Addr()}
}

const partitions = 4
