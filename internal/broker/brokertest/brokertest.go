// Package brokertest gives tests a real broker with fresh topics: the embedded one, a
// new one for each test, or an Apache Kafka (see kafkatest), emptied for each test. The
// bodies of the tests are the same.
package brokertest

import (
	"errors"
	"testing"

	"duban/ingest/event"
	"duban/internal/broker"
	"duban/internal/broker/kafkatest"
)

// Broker is a broker that a test may damage as an operator can.
type Broker struct {
	t    testing.TB
	addr string
	// restart kills the broker, or stops it where it is part of this process, and starts
	// it again on what it has on disk.
	restart func() error
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
		return onKafka(t)
	}
	var topics []string
	for _, topic := range event.Topics() {
		topics = append(topics, string(topic))
	}
	cfg := broker.Config{Dir: dir, Topics: topics, Partitions: partitions}
	e, err := broker.Start(cfg)
	if err != nil {
		t.Fatalf("start broker: %v", err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return &Broker{t: t, addr: e.Addr(), restart: func() error {
		if err := e.Close(); err != nil {
			return err
		}
		e, err = broker.Start(cfg)
		return err
	}}
}

const partitions = 4

func onKafka(t testing.TB) *Broker {
	t.Helper()
	k := kafkatest.Get(t)
	b := &Broker{t: t, addr: k.Addr(), restart: func() error { return errors.Join(k.Kill(), k.Run()) }}
	if !k.Own() {
		b.restart = nil
	}
	if err := b.claim(); err != nil {
		t.Fatal(err)
	}
	b.empty()
	for _, topic := range event.Topics() {
		b.CreateTopic(topic, partitions)
	}
	return b
}

// Restart kills the broker and starts it again; needs a dir. A broker that runs elsewhere
// is nobody's to kill: the test is skipped and says so.
func (b *Broker) Restart() {
	b.t.Helper()
	if b.restart == nil {
		b.t.Skipf("broker %s was not started by this test and is not killed", b.addr)
	}
	if err := b.restart(); err != nil {
		b.t.Fatalf("restart broker: %v", err)
	}
}
