package sink

import (
	"duban/ingest/event"
)

// Each table names its columns here and nowhere else: the statement that stores them
// (query ingest/insert_rows) is filled by them.

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

func (a *arrival) columns(before ...named) []named {
	return append(before, named{"payload", &a.payload}, named{"content", &a.content}, named{"topic", &a.topic},
		named{"partition", &a.partition}, named{"offset", &a.offset}, named{"received_at", &a.receivedAt},
		named{"stored_at", &a.storedAt}, named{"precedence", &a.precedence})
}

func (a *arrival) tail() *arrival { return a }

// Precedence is larger for a message that arrived earlier; of deliveries of
// one fact in the same millisecond the one with the lower offset wins.
func Precedence(receivedAt, offset int64) uint64 {
	return ^(uint64(receivedAt)<<22 | uint64(offset)&(1<<22-1))
}

// facts is the table of one topic's facts.
type facts interface {
	columns() []named
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
