package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/segmentio/kafka-go/compress"

	"duban/ingest/event"
)

// Record is one message; Key and Value belong to the chunk.
type Record struct {
	Offset int64
	// Time is when the broker appended the message where the topic stamps
	// that, else what the producer says; Unix milliseconds.
	Time int64
	// Stamped: the broker says so, not the producer.
	Stamped bool
	Key     []byte
	Value   []byte
}

// Chunk is the answer to one fetch: the messages of one partition from From
// (inclusive) on.
type Chunk struct {
	Topic     event.Topic
	Partition int
	From      int64
	// End is the offset that the next message of the partition will get.
	End int64
	// Again is set on messages that are read once more; those behind its end are
	// left out.
	Again *Range

	res     *fetchResponse
	release func()
	// Next is the offset to fetch next, known after Each.
	next    int64
	scratch []byte
	walked  int // record batches looked at
}

// Bytes is the memory that the chunk holds.
func (c *Chunk) Bytes() int { return len(c.res.records) }

// Release gives the memory back; the records must not be used any more.
func (c *Chunk) Release() {
	if c.release != nil {
		c.release()
		c.release = nil
	}
}

// Attributes of a record batch.
const (
	attrCodec     = 0x07
	attrAppended  = 0x08
	attrTxn       = 0x10
	attrControl   = 0x20
	minRecordSize = 7
)

// Each calls record for every message in order, and gap for every range of
// offsets [from, to) that holds none: marks of transactions, messages of
// aborted transactions, messages removed by compaction.
func (c *Chunk) Each(record func(*Record), gap func(from, to int64)) error {
	c.next = c.From
	if c.Again != nil {
		record, gap = c.Again.within(record, gap)
	}
	taken := newTakenBack(c.res.aborted)
	err := c.batches(func(h *header, body []byte) error {
		aborted := taken.has(h)
		if h.last < c.From {
			return nil
		}
		if !h.control && !aborted {
			if err := c.records(h, body, record, gap); err != nil {
				return err
			}
		}
		if c.next <= h.last {
			gap(c.next, h.last+1)
			c.next = h.last + 1
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read %s/%d at offset %d: %w", c.Topic, c.Partition, c.next, err)
	}
	return nil
}

// within leaves out what lies behind the end of the range.
func (r *Range) within(record func(*Record), gap func(from, to int64)) (func(*Record), func(from, to int64)) {
	return func(m *Record) {
			if m.Offset < r.Until {
				record(m)
			}
		}, func(from, to int64) {
			if from < r.Until {
				gap(from, min(to, r.Until))
			}
		}
}

// Ends reports whether the chunk holds the end of the range that is read again.
func (c *Chunk) Ends() bool { return c.Again != nil && c.next >= c.Again.Until }

// Next is the offset behind the last one that Each has given out.
func (c *Chunk) Next() int64 { return c.next }

// header is what is needed of a record batch's head.
type header struct {
	base, last     int64
	firstMS, maxMS int64
	producer       int64
	count          int32
	codec          byte
	appended       bool
	txn, control   bool
}

// batches splits the answer into record batches; a batch cut off at the end
// is left for the next fetch.
func (c *Chunk) batches(do func(*header, []byte) error) error {
	be := binary.BigEndian
	for b := c.res.records; len(b) >= batchHeaderLen; {
		n := int(int32(be.Uint32(b[batchLengthAt:]))) + batchLengthAt + 4
		if n < batchHeaderLen {
			return fmt.Errorf("record batch claims %d bytes", n)
		}
		if n > len(b) {
			return nil
		}
		batch := b[:n]
		b = b[n:]
		c.walked++
		if batch[batchMagicAt] != 2 {
			return fmt.Errorf("message format %d is not read; set message.format.version of the topic to 0.11 or later", batch[batchMagicAt])
		}
		if crc32.Checksum(batch[batchAttrAt:], crcTable) != be.Uint32(batch[batchCRCAt:]) {
			return errors.New("record batch is damaged (checksum)")
		}
		attr := be.Uint16(batch[batchAttrAt:])
		h := &header{
			base: int64(be.Uint64(batch)), firstMS: int64(be.Uint64(batch[batchFirstAt:])), maxMS: int64(be.Uint64(batch[batchMaxAt:])),
			producer: int64(be.Uint64(batch[43:])), count: int32(be.Uint32(batch[batchCountAt:])),
			codec: byte(attr & attrCodec), appended: attr&attrAppended != 0, txn: attr&attrTxn != 0, control: attr&attrControl != 0,
		}
		h.last = h.base + int64(int32(be.Uint32(batch[batchDeltaAt:])))
		if err := do(h, batch[batchHeaderLen:]); err != nil {
			return err
		}
	}
	return nil
}

func (c *Chunk) records(h *header, body []byte, record func(*Record), gap func(from, to int64)) error {
	if h.codec != 0 {
		var err error
		if body, err = c.unpack(h.codec, body); err != nil {
			return err
		}
	}
	var rec Record
	for range h.count {
		length, n := binary.Varint(body)
		if n <= 0 || length < minRecordSize-1 || int(length) > len(body)-n {
			return errors.New("record is damaged (length)")
		}
		r := fields{b: body[n+1 : n+int(length)]} // without the attributes
		body = body[n+int(length):]
		delta := r.varint()
		rec.Offset = h.base + r.varint()
		rec.Key, rec.Value = r.bytes(), r.bytes()
		if r.bad {
			return errors.New("record is damaged (fields)")
		}
		rec.Stamped = h.appended
		if rec.Time = h.firstMS + delta; h.appended {
			rec.Time = h.maxMS
		}
		if rec.Offset < c.next {
			continue // before what was asked for
		}
		if rec.Offset > c.next {
			gap(c.next, rec.Offset)
		}
		c.next = rec.Offset + 1
		record(&rec)
	}
	return nil
}

// fields reads the fields of one record.
type fields struct {
	b   []byte
	bad bool
}

func (f *fields) varint() int64 {
	v, n := binary.Varint(f.b)
	if n <= 0 {
		f.bad, f.b = true, nil
		return 0
	}
	f.b = f.b[n:]
	return v
}

// bytes returns nil for a null.
func (f *fields) bytes() []byte {
	n := f.varint()
	if n < 0 {
		return nil
	}
	if int(n) > len(f.b) {
		f.bad, f.b = true, nil
		return nil
	}
	out := f.b[:n:n]
	f.b = f.b[n:]
	return out
}

// maxUnpacked bounds one record batch after decompression.
const maxUnpacked = 128 << 20

func (c *Chunk) unpack(codec byte, body []byte) ([]byte, error) {
	cd := compress.Compression(codec).Codec()
	if cd == nil {
		return nil, fmt.Errorf("compression codec %d is unknown", codec)
	}
	r := cd.NewReader(bytes.NewReader(body))
	defer func() { _ = r.Close() }()
	if cap(c.scratch) == 0 {
		c.scratch = make([]byte, 0, 1<<20)
	}
	out := c.scratch[:0]
	for {
		if len(out) == cap(out) {
			if len(out) >= maxUnpacked {
				return nil, errors.New("record batch is over 128 MiB unpacked")
			}
			out = append(out, 0)[:len(out)]
		}
		n, err := r.Read(out[len(out):cap(out)])
		out = out[:len(out)+n]
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("unpack record batch: %w", err)
		}
	}
	c.scratch = out
	return out, nil
}
