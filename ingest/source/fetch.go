package source

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"

	"duban/ingest/event"
)

// fetchRequest is a Fetch of one partition that reads the answer in one piece
// and keeps its record batches as they are. kafka-go's own Fetch unpacks every
// record on the way and forgets the time that the broker stamped; the
// connection, routing, encryption and login stay kafka-go's.
type fetchRequest struct {
	topic     string
	partition int32
	offset    int64
	maxBytes  int32
	maxWait   time.Duration
	buf       []byte
	version   int16
}

var (
	_ protocol.BrokerMessage = (*fetchRequest)(nil)
	_ protocol.RawExchanger  = (*fetchRequest)(nil)
)

// ApiKey names the request to kafka-go.
func (r *fetchRequest) ApiKey() protocol.ApiKey { return protocol.Fetch } //nolint:revive // of kafka-go

// Broker picks the leader of the partition.
func (r *fetchRequest) Broker(c protocol.Cluster) (protocol.Broker, error) {
	p, ok := c.Topics[r.topic].Partitions[r.partition]
	if !ok {
		return protocol.Broker{}, kafka.UnknownTopicOrPartition
	}
	b, ok := c.Brokers[p.Leader]
	if !ok {
		return protocol.Broker{}, kafka.LeaderNotAvailable
	}
	return b, nil
}

// Required notes the version that both sides speak.
func (r *fetchRequest) Required(versions map[protocol.ApiKey]int16) bool {
	r.version = versions[protocol.Fetch]
	return true
}

// fetchResponse is the answer for one partition; records holds whole record
// batches, the last one perhaps cut off.
type fetchResponse struct {
	code          int16
	highWatermark int64
	lastStable    int64
	logStart      int64
	aborted       []abortedTxn
	records       []byte
	buf           []byte
}

type abortedTxn struct{ producer, first int64 }

// ApiKey names the response to kafka-go.
func (r *fetchResponse) ApiKey() protocol.ApiKey { return protocol.Fetch } //nolint:revive // of kafka-go

// maxResponse bounds one answer: a broker that claims more is not answering us.
const maxResponse = 256 << 20

// RawExchange writes the request and reads the answer.
func (r *fetchRequest) RawExchange(rw io.ReadWriter) (protocol.Message, error) {
	if r.version < 4 {
		return nil, fmt.Errorf("broker speaks version %d of Fetch, want at least 4 (Kafka 0.11)", r.version)
	}
	if _, err := rw.Write(r.encode()); err != nil {
		return nil, err
	}
	var head [4]byte
	if _, err := io.ReadFull(rw, head[:]); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint32(head[:]))
	if n < 4 || n > maxResponse {
		return nil, fmt.Errorf("broker announces an answer of %d bytes", n)
	}
	if cap(r.buf) < n {
		r.buf = make([]byte, n)
	}
	buf := r.buf[:n]
	if _, err := io.ReadFull(rw, buf); err != nil {
		return nil, err
	}
	return r.decode(buf)
}

// wholeBatch is what the bound of the request lies above that of its one
// partition, which is the one that counts: a broker that meets the bound of the
// request first may end its answer before the list of aborted transactions
// (kfake does), and messages that were taken back would look like facts. It is
// more than the largest record batch a broker is configured to take.
const wholeBatch = 64 << 20

func (r *fetchRequest) encode() []byte {
	be := binary.BigEndian
	b := make([]byte, 4, 160)
	b = be.AppendUint16(b, uint16(protocol.Fetch))
	b = be.AppendUint16(b, uint16(r.version))
	b = be.AppendUint32(b, 1) // correlation id: one request at a time on a connection
	b = appendString(b, "duban")
	b = be.AppendUint32(b, 0xffffffff) // replica: a client
	b = be.AppendUint32(b, uint32(r.maxWait.Milliseconds()))
	b = be.AppendUint32(b, 1) // min bytes: freshness before size
	b = be.AppendUint32(b, uint32(r.maxBytes+wholeBatch))
	b = append(b, 1) // read committed
	if r.version >= 7 {
		b = be.AppendUint32(b, 0)          // no session
		b = be.AppendUint32(b, 0xffffffff) // final epoch
	}
	b = be.AppendUint32(b, 1)
	b = appendString(b, r.topic)
	b = be.AppendUint32(b, 1)
	b = be.AppendUint32(b, uint32(r.partition))
	if r.version >= 9 {
		b = be.AppendUint32(b, 0xffffffff) // leader epoch: unknown
	}
	b = be.AppendUint64(b, uint64(r.offset))
	if r.version >= 5 {
		b = be.AppendUint64(b, ^uint64(0)) // log start: followers only
	}
	b = be.AppendUint32(b, uint32(r.maxBytes))
	if r.version >= 7 {
		b = be.AppendUint32(b, 0) // forgotten topics
	}
	if r.version >= 11 {
		b = appendString(b, "") // rack
	}
	be.PutUint32(b, uint32(len(b)-4))
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint16(b, uint16(len(s))), s...)
}

// wire reads big-endian fields; after the end it gives zeros and short.
type wire struct {
	b     []byte
	short bool
}

func (w *wire) take(n int) []byte {
	if n < 0 || n > len(w.b) {
		w.b, w.short = nil, true
		return make([]byte, max(0, min(n, 8)))
	}
	out := w.b[:n]
	w.b = w.b[n:]
	return out
}

func (w *wire) i16() int16 { return int16(binary.BigEndian.Uint16(w.take(2))) }
func (w *wire) i32() int32 { return int32(binary.BigEndian.Uint32(w.take(4))) }
func (w *wire) i64() int64 { return int64(binary.BigEndian.Uint64(w.take(8))) }

func (r *fetchRequest) decode(buf []byte) (*fetchResponse, error) {
	w := &wire{b: buf}
	res := &fetchResponse{buf: r.buf}
	w.i32() // correlation id
	w.i32() // throttle
	if r.version >= 7 {
		res.code = w.i16()
		w.i32() // session
	}
	for range w.i32() {
		w.take(int(w.i16()))
		for range w.i32() {
			w.i32() // partition
			if code := w.i16(); code != 0 {
				res.code = code
			}
			res.highWatermark = w.i64()
			res.lastStable = w.i64()
			if r.version >= 5 {
				res.logStart = w.i64()
			}
			for range max(w.i32(), 0) {
				if w.short {
					break
				}
				res.aborted = append(res.aborted, abortedTxn{producer: w.i64(), first: w.i64()})
			}
			if r.version >= 11 {
				w.i32() // preferred replica
			}
			if n := w.i32(); n > 0 {
				res.records = w.take(int(n))
			}
			if w.short {
				return nil, errors.New("broker's answer to Fetch is cut off")
			}
		}
	}
	return res, nil
}

// fetch asks for the messages of a partition from offset on and waits at most
// maxWait for the first. buf is used for the answer when it is large enough.
func (c *Client) fetch(ctx context.Context, topic event.Topic, partition int, offset int64, maxBytes int, maxWait time.Duration,
	buf []byte) (*fetchResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, maxWait+20*time.Second)
	defer cancel()
	res, err := c.transport.RoundTrip(ctx, c.addr, &fetchRequest{
		topic: string(topic), partition: int32(partition), offset: offset, maxBytes: int32(maxBytes), maxWait: maxWait, buf: buf,
	})
	if err != nil {
		return nil, fmt.Errorf("fetch %s/%d from offset %d: %w", topic, partition, offset, err)
	}
	out := res.(*fetchResponse)
	if out.code != 0 {
		return out, fmt.Errorf("fetch %s/%d from offset %d: %w", topic, partition, offset, kafka.Error(out.code))
	}
	return out, nil
}

// ErrGone says that a message is no longer in its topic.
var ErrGone = errors.New("message is no longer in its topic")

// ReadOne returns the key and value of one message, copied.
func (c *Client) ReadOne(ctx context.Context, topic event.Topic, partition int, offset int64) (key, value []byte, err error) {
	res, err := c.fetch(ctx, topic, partition, offset, 1<<20, time.Second, nil)
	if err != nil {
		return nil, nil, err
	}
	found := false
	chunk := &Chunk{Topic: topic, Partition: partition, From: offset, res: res}
	err = chunk.Each(func(r *Record) {
		if r.Offset == offset {
			key, value, found = append([]byte(nil), r.Key...), append([]byte(nil), r.Value...), true
		}
	}, func(int64, int64) {})
	if err == nil && !found {
		err = fmt.Errorf("read %s/%d offset %d: %w", topic, partition, offset, ErrGone)
	}
	return key, value, err
}
