package sink

import (
	"duban/ingest/event"
)

// Each table lists its columns in the order of its statement in
// queries/ingest; the names are there and nowhere else.

// arrival is the tail that all fact tables share.
type arrival struct {
	payload    text
	content    u64
	topic      words
	partition  u32
	offset     u64
	receivedAt instant
	storedAt   instant
	precedence u64
}

func (a *arrival) came(payload string, content uint64, o *event.Origin) {
	a.payload.add(payload)
	a.content.add(content)
	a.topic.add(string(o.Topic))
	a.partition.add(uint32(o.Partition))
	a.offset.add(uint64(o.Offset))
	a.receivedAt.add(o.ReceivedAt)
	a.precedence.add(Precedence(o.ReceivedAt, o.Offset))
}

func (a *arrival) columns(before ...column) []column {
	return append(before, &a.payload, &a.content, &a.topic, &a.partition, &a.offset, &a.receivedAt, &a.storedAt, &a.precedence)
}

func (a *arrival) tail() *arrival { return a }

// Precedence is larger for a message that arrived earlier; of deliveries of
// one fact in the same millisecond the one with the lower offset wins.
func Precedence(receivedAt, offset int64) uint64 {
	return ^(uint64(receivedAt)<<22 | uint64(offset)&(1<<22-1))
}

// facts is the table of one topic's facts.
type facts interface {
	columns() []column
	tail() *arrival
	// add takes a fact of the topic.
	add(event.Fact)
}

// tables makes the columns of each topic's facts. The file of each kind of fact registers
// its own, by a package variable.
var tables = map[event.Topic]func() facts{}

func register(t event.Topic, columns func() facts) struct{} {
	tables[t] = columns
	return struct{}{}
}
