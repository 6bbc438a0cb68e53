package sink

import (
	"time"

	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/ingest/source"
)

// Batch collects what becomes of the messages of one topic until it is
// written. Strings are copied, so the memory of a message may be used again.
// It is not safe for concurrent use.
type Batch struct {
	topic      event.Topic
	facts      facts
	rejects    rejects
	deliveries deliveries
	// factRow[i] is the delivery of fact i.
	factRow []uint32
	next    map[int]int64
	bytes   int
	first   time.Time
	oldest  int64 // earliest arrival, Unix milliseconds
	newest  int64
	peak    int // most bytes since the batch was made
	// again is set while messages are added that were read before: they move no
	// offset of the group. finished are the ranges of such that end in this batch.
	again    bool
	finished []source.Range
}

// NewBatch returns an empty batch for a topic, which must be one of event.Topics.
func NewBatch(topic event.Topic) *Batch {
	return &Batch{topic: topic, facts: tables[topic](), next: map[int]int64{}}
}

// rowBytes is what the columns of fixed width and the dictionary keys of a
// fact and of its delivery take.
const rowBytes = 210

// Add adds a fact of the batch's topic.
func (b *Batch) Add(f event.Fact) {
	b.facts.add(f)
	x := f.Filing()
	o := x.Origin
	b.factRow = append(b.factRow, uint32(b.deliveries.outcome.Rows()))
	b.deliveries.add(string(o.Topic), o.Partition, o.Offset, outcomeFact, x.Source, x.Kind, x.Subject, x.Identity, x.Content, o.ReceivedAt)
	b.taken(int(o.Partition), o.Offset, o.ReceivedAt)
}

// Reject adds a message that is no fact, with its bytes as they came.
func (b *Batch) Reject(m *decode.Message, r *decode.Reject) {
	b.setAside(m.Partition, m.Offset, m.ReceivedAt, m.Key, m.Value, r)
	b.deliveries.add(string(b.topic), m.Partition, m.Offset, outcomeRejected, "", "", "", [2]uint64{}, 0, m.ReceivedAt)
	b.taken(int(m.Partition), m.Offset, m.ReceivedAt)
}

func (b *Batch) setAside(partition int32, offset, receivedAt int64, key, raw []byte, r *decode.Reject) {
	t := &b.rejects
	t.topic.add(string(b.topic))
	t.partition.add(uint32(partition))
	t.offset.add(uint64(offset))
	t.reason.add(string(r.Reason))
	t.field.add(r.Field)
	t.detail.add(r.Detail)
	t.source.add(r.SourceSys)
	t.key.add(string(key))
	t.raw.add(string(raw))
	t.receivedAt.add(receivedAt)
}

// Skip notes offsets [from, to) that hold no message.
func (b *Batch) Skip(partition int, from, to, receivedAt int64) {
	for o := from; o < to; o++ {
		b.deliveries.add(string(b.topic), int32(partition), o, outcomeSkipped, "", "", "", [2]uint64{}, 0, receivedAt)
		b.taken(partition, o, receivedAt)
	}
}

func (b *Batch) taken(partition int, offset, receivedAt int64) {
	if !b.again {
		b.next[partition] = offset + 1
	}
	if b.oldest == 0 || receivedAt < b.oldest {
		b.oldest = receivedAt
	}
	b.newest = max(b.newest, receivedAt)
}

// Again says whether the messages that follow were read before.
func (b *Batch) Again(again bool) { b.again = again }

// Finish notes that a range of messages that were read before ends here.
func (b *Batch) Finish(r source.Range) { b.finished = append(b.finished, r) }

// Finished are the ranges that are stored when this batch and those before are.
func (b *Batch) Finished() []source.Range { return b.finished }

// Begin notes when the first message of the batch was taken.
func (b *Batch) Begin(now time.Time) {
	if b.first.IsZero() {
		b.first = now
	}
}

// Began is when the batch got its first message, zero when it is empty.
func (b *Batch) Began() time.Time { return b.first }

// Rows is the number of messages, Facts and Rejects what they became.
func (b *Batch) Rows() int { return b.deliveries.outcome.Rows() }

// Facts is the number of messages that are facts.
func (b *Batch) Facts() int { return b.facts.tail().offset.Rows() }

// Rejects is the number of messages that are none.
func (b *Batch) Rejects() int { return b.rejects.offset.Rows() }

// Bytes is what the batch held in memory when Measure was last called.
func (b *Batch) Bytes() int { return b.bytes }

// Measure sums up the memory of the rows and returns it. It looks at every
// column, so it is for once in a while, not for every message.
func (b *Batch) Measure() int {
	b.bytes = b.Rows() * rowBytes
	for _, cols := range [][]named{b.facts.columns(), b.rejects.columns(), b.deliveries.columns()} {
		for _, c := range cols {
			switch c := c.column.(type) {
			case *text:
				b.bytes += len(c.buf)
			case *words:
				b.bytes += 4 * len(c.index.buf) // dictionary, its strings and their map
			case *numbers:
				b.bytes += 4*len(c.names.index.buf) + 12*len(c.values)
			}
		}
	}
	return b.bytes
}

// Topic is the topic of the batch.
func (b *Batch) Topic() event.Topic { return b.topic }

// Next maps each partition to the offset behind the last message taken.
func (b *Batch) Next() map[int]int64 { return b.next }

// Oldest is the earliest arrival in the batch, Unix milliseconds.
func (b *Batch) Oldest() int64 { return b.oldest }

// Newest is the latest arrival in the batch, Unix milliseconds.
func (b *Batch) Newest() int64 { return b.newest }

// Oversized reports whether the batch keeps far more memory than its last
// content needed.
func (b *Batch) Oversized() bool { return b.peak > 4<<20 && b.bytes < b.peak/8 }

// Reset empties the batch and keeps its memory.
func (b *Batch) Reset() {
	b.peak = max(b.peak, b.bytes)
	for _, cols := range [][]named{b.facts.columns(), b.rejects.columns(), b.deliveries.columns()} {
		for _, c := range cols {
			c.Reset()
		}
	}
	clear(b.next)
	b.factRow, b.bytes, b.first, b.oldest, b.newest = b.factRow[:0], 0, time.Time{}, 0, 0
	b.again, b.finished = false, nil
}

// stamp fills the storing time of every row.
func (b *Batch) stamp(now time.Time) {
	ms := now.UnixMilli()
	b.facts.tail().storedAt.fill(ms, b.Facts())
	b.rejects.storedAt.fill(ms, b.Rejects())
	b.deliveries.storedAt.fill(ms, b.Rows())
}
