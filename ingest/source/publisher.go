package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"

	"duban/ingest/event"
)

// Publisher sends messages to topics. Publish may return before the broker has
// the message; Flush returns when everything published before it is durable,
// or says what was not.
type Publisher interface {
	Publish(ctx context.Context, topic event.Topic, key, value []byte) error
	Flush(ctx context.Context) error
	Close() error
}

// MaxMessageBytes is the largest key plus value that a publisher takes: a
// Kafka broker refuses batches over about one megabyte by default.
const MaxMessageBytes = 900 << 10

// ErrTooLarge says that a message is over MaxMessageBytes.
var ErrTooLarge = fmt.Errorf("message is over %d bytes", MaxMessageBytes)

// errDiskFull is what a broker means by a storage error, in words.
var errDiskFull = errors.New("the broker cannot store messages, as on a full disk")

// ErrClosed says that the publisher was closed.
var ErrClosed = errors.New("publisher is closed")

// PublisherOptions tune a publisher; the zero value is good.
type PublisherOptions struct {
	ClientID string
	Security Security
	// Compression is "none", "lz4" (default), "snappy", "gzip" or "zstd".
	Compression string
	// BatchBytes is the size at which a batch is sent before compression
	// (default 512 KiB, at most MaxMessageBytes).
	BatchBytes int
	// Linger is how long a batch waits for more messages (default 5 ms).
	Linger time.Duration
	// MaxBufferedBytes bounds what waits for the broker (default 32 MiB); above
	// it Publish waits.
	MaxBufferedBytes int
	// RetryFor is how long one batch is sent again when the broker is away
	// (default 2 minutes).
	RetryFor time.Duration
	// WaitForRoom is how long it is sent again when the broker has no room for it, as on a
	// full disk that goes on by itself once it is freed (default RetryFor).
	WaitForRoom time.Duration
}

// PatientlyForRoom is how long a command that publishes much waits for a full disk.
const PatientlyForRoom = 30 * time.Minute

func (o PublisherOptions) withDefaults() PublisherOptions {
	if o.ClientID == "" {
		o.ClientID = "duban"
	}
	if o.BatchBytes <= 0 || o.BatchBytes > MaxMessageBytes {
		o.BatchBytes = 512 << 10
	}
	if o.Linger <= 0 {
		o.Linger = 5 * time.Millisecond
	}
	if o.MaxBufferedBytes <= 0 {
		o.MaxBufferedBytes = 32 << 20
	}
	if o.RetryFor <= 0 {
		o.RetryFor = 2 * time.Minute
	}
	o.WaitForRoom = max(o.WaitForRoom, o.RetryFor)
	return o
}

// Message is one key and value for PublishAll.
type Message struct{ Key, Value []byte }

// KafkaPublisher is the Publisher for a Kafka cluster: batches per partition,
// one request in flight per partition (so that order survives a retry),
// acknowledged by all replicas in sync, the partition chosen by PartitionOf.
// A retry can deliver a batch twice; readers tell by the identity of a fact.
// It is safe for concurrent use.
type KafkaPublisher struct {
	opts   PublisherOptions
	codec  kafka.Compression
	client *Client
	ctx    context.Context // ends the senders; not a request context
	stop   context.CancelFunc
	wg     sync.WaitGroup

	mu       sync.Mutex
	room     *sync.Cond
	lanes    map[event.Topic][]*lane
	buffered int
	failed   []error // of batches given up since the last Flush
	closed   bool
}

var _ Publisher = (*KafkaPublisher)(nil)

// NewPublisher prepares a publisher; it connects with the first message.
func NewPublisher(brokers []string, opts PublisherOptions) (*KafkaPublisher, error) {
	opts = opts.withDefaults()
	codec, err := codecOf(opts.Compression)
	if err != nil {
		return nil, err
	}
	client, err := NewClient(brokers, opts.ClientID, opts.Security)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	p := &KafkaPublisher{opts: opts, codec: codec, client: client, ctx: ctx, stop: stop, lanes: map[event.Topic][]*lane{}}
	p.room = sync.NewCond(&p.mu)
	return p, nil
}

func codecOf(name string) (kafka.Compression, error) {
	switch name {
	case "none":
		return 0, nil
	case "", "lz4":
		return kafka.Lz4, nil
	case "snappy":
		return kafka.Snappy, nil
	case "gzip":
		return kafka.Gzip, nil
	case "zstd":
		return kafka.Zstd, nil
	}
	return 0, fmt.Errorf("compression %q is not one of none, lz4, snappy, gzip, zstd", name)
}

// Publish hands one message over; key and value are copied. It waits while the
// buffer is full, and returns an error when the message was not taken.
func (p *KafkaPublisher) Publish(ctx context.Context, topic event.Topic, key, value []byte) error {
	_, err := p.enqueue(ctx, topic, key, value)
	return err
}

// PublishAll hands the messages over and returns when the broker has them all.
func (p *KafkaPublisher) PublishAll(ctx context.Context, topic event.Topic, msgs []Message) error {
	touched := map[*outBatch]struct{}{}
	for _, m := range msgs {
		b, err := p.enqueue(ctx, topic, m.Key, m.Value)
		if err != nil {
			return err
		}
		touched[b] = struct{}{}
	}
	p.hurry()
	for b := range touched {
		if err := wait(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

func wait(ctx context.Context, b *outBatch) error {
	select {
	case <-b.done:
		return b.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *KafkaPublisher) enqueue(ctx context.Context, topic event.Topic, key, value []byte) (*outBatch, error) {
	if len(key)+len(value) > MaxMessageBytes {
		return nil, ErrTooLarge
	}
	lanes, err := p.lanesOf(ctx, topic)
	if err != nil {
		return nil, err
	}
	if err := p.reserve(ctx, len(key)+len(value)); err != nil {
		return nil, err
	}
	return lanes[PartitionOf(key, len(lanes))].add(key, value), nil
}

// lanesOf returns the partitions of a topic, asked for once per publisher: a
// number that changed under a running publisher would split subjects.
func (p *KafkaPublisher) lanesOf(ctx context.Context, topic event.Topic) ([]*lane, error) {
	p.mu.Lock()
	l, closed := p.lanes[topic], p.closed
	p.mu.Unlock()
	if closed {
		return nil, ErrClosed
	}
	if l != nil {
		return l, nil
	}
	n, err := p.client.waitPartitions(ctx, topic)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, ErrClosed
	}
	if l := p.lanes[topic]; l != nil {
		return l, nil
	}
	l = make([]*lane, n)
	for i := range l {
		l[i] = newLane(p, topic, i)
		p.wg.Add(1)
		go l[i].run()
	}
	p.lanes[topic] = l
	return l, nil
}

// reserve waits until n more bytes fit into the buffer.
func (p *KafkaPublisher) reserve(ctx context.Context, n int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.buffered+n > p.opts.MaxBufferedBytes && p.buffered > 0 {
		defer context.AfterFunc(ctx, p.room.Broadcast)()
	}
	for p.buffered+n > p.opts.MaxBufferedBytes && p.buffered > 0 && ctx.Err() == nil && !p.closed {
		p.room.Wait()
	}
	if p.closed {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	p.buffered += n
	return nil
}

func (p *KafkaPublisher) release(n int, err error) {
	p.mu.Lock()
	p.buffered -= n
	if err != nil && len(p.failed) < 16 {
		p.failed = append(p.failed, err)
	}
	p.mu.Unlock()
	p.room.Broadcast()
}

func (p *KafkaPublisher) all() []*lane {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []*lane
	for _, l := range p.lanes {
		out = append(out, l...)
	}
	return out
}

func (p *KafkaPublisher) hurry() {
	for _, l := range p.all() {
		l.hurry()
	}
}

// Flush waits until the broker has everything published before the call. It
// returns the errors of batches that were given up since the last Flush.
func (p *KafkaPublisher) Flush(ctx context.Context) error {
	var open []*outBatch
	for _, l := range p.all() {
		open = append(open, l.pending()...)
	}
	p.hurry()
	for _, b := range open {
		if err := wait(ctx, b); err != nil && ctx.Err() != nil {
			return fmt.Errorf("wait for the broker: %w", ctx.Err())
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	err := errors.Join(p.failed...)
	p.failed = nil
	return err
}

// Close flushes for at most ten seconds, stops the senders and closes the
// connections; the error says what could not be sent.
func (p *KafkaPublisher) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := p.Flush(ctx)
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return err
	}
	p.closed = true
	p.mu.Unlock()
	p.room.Broadcast()
	p.stop()
	p.wg.Wait()
	p.client.Close()
	return err
}

// send delivers one sealed batch, again and again until RetryFor has passed.
func (p *KafkaPublisher) send(topic event.Topic, partition int, b *outBatch) error {
	raw, err := b.seal(time.Now(), p.codec)
	if err != nil {
		return err
	}
	begun := time.Now()
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		err := p.sendOnce(topic, partition, raw)
		if err == nil {
			return nil
		}
		noRoom, patience := errors.Is(err, kafka.KafkaStorageError) || errors.Is(err, kafka.Unknown), p.opts.RetryFor
		if noRoom {
			patience = p.opts.WaitForRoom
		}
		if !retryable(err) || time.Since(begun) > patience || p.ctx.Err() != nil {
			if noRoom {
				err = errDiskFull
			}
			return fmt.Errorf("publish %d messages to %s/%d: %w", b.count, topic, partition, err)
		}
		select {
		case <-p.ctx.Done():
		case <-time.After(pause):
		}
	}
}

func (p *KafkaPublisher) sendOnce(topic event.Topic, partition int, raw []byte) error {
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	res, err := p.client.client.RawProduce(ctx, &kafka.RawProduceRequest{
		Topic: string(topic), Partition: partition, RequiredAcks: kafka.RequireAll,
		RawRecords: protocol.RawRecordSet{Reader: bytes.NewReader(raw)},
	})
	if err != nil {
		return err
	}
	return res.Error
}

// retryable tells a broker that is away or busy from one that refuses.
func retryable(err error) bool {
	if ke, ok := errors.AsType[kafka.Error](err); ok {
		// Unknown is what a broker says that could not write, as to a full disk.
		return ke.Temporary() || ke == kafka.UnknownTopicOrPartition || ke == kafka.Unknown
	}
	return true
}
