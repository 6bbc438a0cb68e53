package source

import (
	"sync"
	"time"

	"duban/ingest/event"
)

// lane is the way to one partition: an open batch, the full ones behind it and
// one goroutine that sends them in order.
type lane struct {
	p         *KafkaPublisher
	topic     event.Topic
	partition int
	wake      chan struct{}

	mu    sync.Mutex
	open  *outBatch
	full  []*outBatch // oldest first; the first may be on its way
	bytes map[*outBatch]int
	flush bool
	gone  bool // the sender has ended
}

func newLane(p *KafkaPublisher, topic event.Topic, partition int) *lane {
	return &lane{p: p, topic: topic, partition: partition, wake: make(chan struct{}, 1), bytes: map[*outBatch]int{}}
}

// add puts a message into the open batch and returns that batch.
func (l *lane) add(key, value []byte) *outBatch {
	l.mu.Lock()
	if l.gone {
		l.mu.Unlock()
		b := &outBatch{done: make(chan struct{}), err: ErrClosed}
		close(b.done)
		return b
	}
	if l.open != nil && len(l.open.body)+len(key)+len(value)+32 > l.p.opts.BatchBytes {
		l.full, l.open = append(l.full, l.open), nil
	}
	fresh := l.open == nil
	if fresh {
		l.open = &outBatch{born: time.Now(), done: make(chan struct{})}
	}
	b := l.open
	b.add(key, value)
	l.bytes[b] += len(key) + len(value)
	l.mu.Unlock()
	if fresh {
		l.signal()
	}
	return b
}

func (l *lane) signal() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// hurry sends the open batch without waiting for more messages.
func (l *lane) hurry() {
	l.mu.Lock()
	l.flush = l.open != nil
	l.mu.Unlock()
	l.signal()
}

// pending returns every batch that the broker has not acknowledged.
func (l *lane) pending() []*outBatch {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := append([]*outBatch(nil), l.full...)
	if l.open != nil {
		out = append(out, l.open)
	}
	return out
}

// next returns the batch to send now, or how long to wait for one (0 = until
// woken).
func (l *lane) next() (*outBatch, time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.full) > 0 {
		return l.full[0], 0
	}
	if l.open == nil {
		return nil, 0
	}
	if age := time.Since(l.open.born); !l.flush && age < l.p.opts.Linger {
		return nil, l.p.opts.Linger - age
	}
	b := l.open
	l.full, l.open, l.flush = append(l.full, b), nil, false
	return b, 0
}

func (l *lane) run() {
	defer l.p.wg.Done()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		b, pause := l.next()
		if b != nil {
			l.finish(b, l.p.send(l.topic, l.partition, b))
			continue
		}
		if pause == 0 {
			pause = time.Hour
		}
		timer.Reset(pause)
		select {
		case <-l.wake:
		case <-timer.C:
		case <-l.p.ctx.Done():
			l.abandon()
			return
		}
	}
}

func (l *lane) finish(b *outBatch, err error) {
	l.mu.Lock()
	n := l.bytes[b]
	delete(l.bytes, b)
	l.full = l.full[1:]
	l.mu.Unlock()
	b.err, b.body = err, nil
	close(b.done)
	l.p.release(n, err)
}

// abandon tells whoever waits that the publisher was closed.
func (l *lane) abandon() {
	l.mu.Lock()
	l.gone = true
	l.mu.Unlock()
	for _, b := range l.pending() {
		b.err = ErrClosed
		close(b.done)
	}
}
