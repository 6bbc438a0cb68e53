package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/ingest/sink"
	"duban/ingest/source"
)

// worker turns the messages of one topic into batches and stores them: one
// goroutine decodes into a batch while another writes the one before.
type worker struct {
	topic  event.Topic
	cfg    Config
	dec    *decode.Decoder
	writer *sink.Writer
	in     *instruments
	log    *slog.Logger
	now    func() time.Time
	room   func(context.Context) error
	stored func(event.Topic)
	held   *atomic.Int64 // bytes of the batches of all workers
	keeper *keeper
	free   chan *sink.Batch
}

// batchesPerTopic: one is filled while one is written.
const batchesPerTopic = 2

// grace is how long a worker may go on writing after its generation ended;
// the group waits for it at most a session timeout.
func (w *worker) grace() time.Duration { return w.cfg.SessionTimeout / 3 }

// run works through one generation. It returns soon after gen ends, or
// earlier when the messages cannot be read.
func (w *worker) run(gen context.Context, s *source.Stream) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer context.AfterFunc(gen, func() {
		t := time.NewTimer(w.grace())
		defer t.Stop()
		select {
		case <-t.C:
			cancel()
		case <-ctx.Done():
		}
	})()
	w.free = make(chan *sink.Batch, batchesPerTopic)
	for range batchesPerTopic {
		w.free <- sink.NewBatch(w.topic)
	}
	full, done := make(chan *sink.Batch), make(chan struct{})
	go func() {
		defer close(done)
		for b := range full {
			w.store(ctx, s, b)
		}
	}()
	last := w.fill(gen, s, full)
	if last != nil && last.Rows() > 0 {
		full <- last
	}
	close(full)
	<-done
	w.writer.Close()
}

// fill decodes into batches until the generation ends, and returns the batch
// that is not handed over yet (nil when there is none).
func (w *worker) fill(gen context.Context, s *source.Stream, full chan<- *sink.Batch) *sink.Batch {
	tick := time.NewTimer(0)
	defer tick.Stop()
	cur := <-w.free
	for {
		// A batch is handed over when it is due; until the writer takes it, it
		// goes on growing, up to its limit.
		in, out := s.Chunks, full
		if w.isFull(cur) {
			in = nil
		}
		tick.Stop() // nothing wakes a worker that has nothing
		if !w.isDue(cur) {
			out = nil
			if cur.Rows() > 0 {
				tick.Reset(max(w.age()-w.now().Sub(cur.Began()), time.Millisecond))
			}
		}
		select {
		case <-gen.Done():
			return cur
		case <-tick.C:
		case out <- cur:
			select {
			case cur = <-w.free:
			case <-gen.Done():
				return nil
			}
		case c := <-in:
			if err := w.take(c, s.Bases[c.Partition], cur); err != nil {
				w.log.Error("messages cannot be read, joining the group again", "topic", w.topic, "partition", c.Partition, "error", err)
				w.rest(gen)
				return cur
			}
		}
	}
}

// unreadablePause is how long a worker waits when it met what cannot be read: it would
// meet it again at once.
const unreadablePause = 2 * time.Second

func (w *worker) rest(gen context.Context) {
	select {
	case <-gen.Done():
	case <-time.After(unreadablePause):
	}
}

func (w *worker) isFull(b *sink.Batch) bool {
	return b.Rows() >= w.cfg.BatchRows || b.Bytes() >= w.cfg.BatchBytes ||
		b.Rows() > 0 && w.held.Load() >= int64(batchesPerTopic*w.cfg.BatchBytes)
}

func (w *worker) isDue(b *sink.Batch) bool {
	return w.isFull(b) || b.Rows() > 0 && w.now().Sub(b.Began()) >= w.age()
}

// actionAge bounds the age of a batch of actions: a person waits for what he
// did to take effect.
const actionAge = 50 * time.Millisecond

// age is how old a batch may become.
func (w *worker) age() time.Duration {
	if w.topic == event.TopicActions {
		return min(w.cfg.BatchAge, actionAge)
	}
	return w.cfg.BatchAge
}

// maxGap bounds what is entered for a range of offsets without messages.
const maxGap = 1_000_000

// errUnvouched refuses a message whose time of arrival is its producer's word: arrival
// decides what was known when, and so which cards can be taken back. The broker says of
// each batch whose word its time is, also when a topic is read again.
var errUnvouched = errors.New("when the message arrived is its producer's word: the topic takes the producers' times, " +
	"or took them then; see kafka.producer_times in docs/configuration.md")

// take decodes the messages of a chunk into a batch, at their places in the
// ledger, and gives the chunk back.
func (w *worker) take(c *source.Chunk, base int64, b *sink.Batch) error {
	defer c.Release()
	b.Begin(w.now())
	before := b.Bytes()
	m := decode.Message{Topic: w.topic, Partition: int32(c.Partition), ReceivedAt: w.now().UnixMilli()}
	b.Again(c.Again != nil)
	read := 0
	var unvouched error
	err := c.Each(func(r *source.Record) {
		if unvouched == nil && !r.Stamped && !w.cfg.ProducerTimes {
			unvouched = fmt.Errorf("offset %d of the broker: %w", r.Offset, errUnvouched)
		}
		if unvouched != nil {
			return
		}
		m.Offset, m.ReceivedAt, m.Key, m.Value = base+r.Offset, r.Time, r.Key, r.Value
		read += len(r.Value)
		w.one(&m, b)
	}, func(from, to int64) {
		if unvouched != nil {
			return
		}
		if to-from > maxGap {
			w.log.Error("a very long range of offsets holds no message", "topic", w.topic, "partition", c.Partition, "from", from, "to", to)
			from = to - maxGap
		}
		b.Skip(c.Partition, base+from, base+to, m.ReceivedAt)
	})
	err = errors.Join(err, unvouched)
	w.in.bytes.WithLabelValues(string(w.topic)).Add(float64(read))
	w.in.held.Set(float64(w.held.Add(int64(b.Measure() - before))))
	if c.Again == nil {
		w.in.pending.WithLabelValues(string(w.topic), strconv.Itoa(c.Partition)).Set(float64(max(0, c.End-c.Next())))
	} else if err == nil && c.Ends() {
		b.Finish(*c.Again)
	}
	return err
}

// one decodes one message into the batch.
func (w *worker) one(m *decode.Message, b *sink.Batch) {
	fact, rej := w.dec.Fact(m)
	if rej == nil {
		b.Add(fact)
		return
	}
	b.Reject(m, rej)
	w.in.rejects.WithLabelValues(string(w.topic), string(rej.Reason)).Inc()
}

// store writes a batch and commits its offsets; without success (only when
// the generation is over) nothing is committed and the messages come again.
func (w *worker) store(ctx context.Context, s *source.Stream, b *sink.Batch) {
	err := w.room(ctx)
	if err == nil {
		err = w.writer.Write(ctx, b)
	}
	switch {
	case err == nil:
		w.in.stored(w.topic, b, w.now())
		w.stored(w.topic)
		result := "ok"
		next := map[int]int64{}
		for p, place := range b.Next() {
			next[p] = place - s.Bases[p]
		}
		if err := s.Commit(next); err != nil {
			// The rows are stored; at worst the messages are read again.
			result = "failed"
			w.log.Warn("offsets not committed", "topic", w.topic, "rows", b.Rows(), "error", err)
		}
		w.in.commits.WithLabelValues(string(w.topic), result).Inc()
		for _, r := range b.Finished() {
			if err := w.keeper.Read(ctx, w.topic, r); err != nil {
				w.log.Warn("a range was read again and that is not noted: it is read once more", "topic", w.topic, "error", err)
			}
		}
	case errors.Is(err, context.Canceled):
		w.log.Info("batch left to the next generation", "topic", w.topic, "rows", b.Rows())
	default:
		w.log.Warn("batch left to the next generation", "topic", w.topic, "rows", b.Rows(), "error", err)
	}
	w.in.held.Set(float64(w.held.Add(-int64(b.Bytes()))))
	if b.Oversized() {
		b = sink.NewBatch(w.topic)
	} else {
		b.Reset()
	}
	w.free <- b
}
