package sink

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"

	"duban/ingest/deadletter"
	"duban/ingest/decode"
	"duban/ingest/event"
)

// Dialer opens connections for column-wise inserts; store.DB is one.
type Dialer interface {
	Native(ctx context.Context) (*ch.Client, error)
}

// Statements gives the text of a named query; queries.Registry is one.
type Statements interface {
	Text(name string, by ...string) (string, error)
}

// ErrGone is what Reread returns for a message that its topic no longer holds.
var ErrGone = errors.New("message is gone")

// Reread returns the key and bytes of one message once more; it is asked for
// a message whose fact the database refuses.
type Reread func(ctx context.Context, topic event.Topic, partition int, offset int64) (key, value []byte, err error)

// Config is what a Writer needs.
type Config struct {
	Dialer     Dialer
	Statements Statements
	Reread     Reread
	Log        *slog.Logger
	// Now is the clock of stored_at.
	Now func() time.Time
	// Observe is told of every insert: table, rows, how long it took, and the
	// class of its failure, empty when it succeeded. It may be nil.
	Observe func(table string, rows int, took time.Duration, failure string)
	// AttemptTimeout bounds one insert (default 2 minutes).
	AttemptTimeout time.Duration
	// MaxPause bounds the pause between attempts (default 10 s).
	MaxPause time.Duration
	// Patience is how long a batch of which the database takes no row is tried
	// again before its rows are set aside (default 20 s).
	Patience time.Duration
}

// insert is the statement of one table.
type insert struct {
	table string
	body  string
}

// Writer writes the batches of one topic. It is not safe for concurrent use.
type Writer struct {
	cfg                        Config
	facts, rejects, deliveries insert
	conn                       *ch.Client
}

// NewWriter reads the statements of a topic; it connects with the first batch.
func NewWriter(topic event.Topic, cfg Config) (*Writer, error) {
	if cfg.AttemptTimeout <= 0 {
		cfg.AttemptTimeout = 2 * time.Minute
	}
	if cfg.MaxPause <= 0 {
		cfg.MaxPause = 10 * time.Second
	}
	if cfg.Patience <= 0 {
		cfg.Patience = 20 * time.Second
	}
	w := &Writer{cfg: cfg}
	b := NewBatch(topic)
	var err [3]error
	w.facts, err[0] = w.statement(topic.Table(), b.facts.columns())
	w.rejects, err[1] = w.statement("ingest_rejects", b.rejects.columns())
	w.deliveries, err[2] = w.statement("deliveries", b.deliveries.columns())
	return w, errors.Join(err[:]...)
}

// statement makes `INSERT INTO table (columns…) VALUES` of its text.
func (w *Writer) statement(table string, cols []named) (insert, error) {
	const name = "ingest/insert_rows"
	body, err := w.cfg.Statements.Text(name)
	if err != nil {
		return insert{}, fmt.Errorf("read statement %s: %w", name, err)
	}
	list := make([]string, len(cols))
	for i, c := range cols {
		list[i] = "`" + c.name + "`"
	}
	return insert{table: table, body: strings.ReplaceAll(body, "{{rows}}", table+" ("+strings.Join(list, ", ")+")")}, nil
}

// Close ends the connection.
func (w *Writer) Close() {
	if w.conn != nil {
		_ = w.conn.Close()
		w.conn = nil
	}
}

// Write stores a batch: facts, then rejects, then deliveries. It repeats what
// fails until it succeeds or ctx ends; a row that the database refuses for
// itself becomes a reject. When it returns nil, the offsets of the batch may
// be committed.
func (w *Writer) Write(ctx context.Context, b *Batch) error {
	b.stamp(w.cfg.Now())
	if err := w.writeFacts(ctx, b); err != nil {
		return err
	}
	b.rejects.storedAt.fill(w.cfg.Now().UnixMilli(), b.Rejects())
	if err := w.writeAll(ctx, w.rejects, b.rejects.columns(), b.Rejects()); err != nil {
		return err
	}
	return w.writeAll(ctx, w.deliveries, b.deliveries.columns(), b.Rows())
}

// writeAll inserts rows that must not be refused: a refusal is a wrong schema
// or server, and is waited for like an outage.
func (w *Writer) writeAll(ctx context.Context, st insert, cols []named, rows int) error {
	if rows == 0 {
		return nil
	}
	return w.retry(ctx, st, rows, func() error { return w.try(ctx, st, cols, 0, rows) })
}

// retry repeats do until it succeeds or ctx ends.
func (w *Writer) retry(ctx context.Context, st insert, rows int, do func() error) error {
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, w.cfg.MaxPause) {
		err := do()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("insert %d rows into %s: %w", rows, st.table, errors.Join(ctx.Err(), err))
		}
		wait := pause/2 + rand.N(pause)
		w.cfg.Log.Warn("insert failed, sending the same rows again", "table", st.table, "rows", rows,
			"class", classOf(err).String(), "pause", wait.String(), "error", loggable(err))
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// writeFacts inserts the facts. When the server refuses the content, halves
// are tried until the guilty rows stand alone; these become rejects. If the
// server takes no row at all, the fault is hardly in the rows, and everything
// is tried again later; after Patience they are set aside all the same, so
// that nothing stops a partition for good.
func (w *Writer) writeFacts(ctx context.Context, b *Batch) error {
	n := b.Facts()
	if n == 0 {
		return nil
	}
	cols := b.facts.columns()
	began := w.cfg.Now()
	return w.retry(ctx, w.facts, n, func() error {
		err := w.try(ctx, w.facts, cols, 0, n)
		if classOf(err) != permanent {
			return err
		}
		guilty, taken, probeErr := w.probe(ctx, cols, n)
		switch {
		case probeErr != nil:
			return probeErr
		case taken:
			if guilty, err = w.guilty(ctx, cols, n); err != nil {
				return err
			}
		case w.cfg.Now().Sub(began) < w.cfg.Patience:
			return err
		}
		for _, row := range guilty {
			if err := w.setAside(ctx, b, row); err != nil {
				return err
			}
		}
		return nil
	})
}

// probe inserts up to 16 rows, spread over the batch, one by one. It returns
// whether the server takes any, and all rows as guilty for the case that not.
func (w *Writer) probe(ctx context.Context, cols []named, n int) (all []int, taken bool, err error) {
	for i := range n {
		all = append(all, i)
	}
	step := max(1, n/16)
	for i := 0; i < n; i += step {
		err := w.try(ctx, w.facts, cols, i, i+1)
		if err == nil {
			return nil, true, nil
		}
		if classOf(err) != permanent {
			return nil, false, err
		}
	}
	return all, false, nil
}

// guilty finds the rows that the server refuses, each confirmed by a second
// look; all others are stored then.
func (w *Writer) guilty(ctx context.Context, cols []named, n int) ([]int, error) {
	var suspects, confirmed []int
	if err := w.bisect(ctx, cols, 0, n, &suspects); err != nil {
		return nil, err
	}
	for _, row := range suspects {
		err := w.try(ctx, w.facts, cols, row, row+1)
		switch classOf(err) {
		case none:
		case permanent:
			confirmed = append(confirmed, row)
		default:
			return nil, err
		}
	}
	return confirmed, nil
}

// bisect inserts rows [i, j), which were refused together, in halves.
func (w *Writer) bisect(ctx context.Context, cols []named, i, j int, suspects *[]int) error {
	if j-i == 1 {
		*suspects = append(*suspects, i)
		return nil
	}
	mid := (i + j) / 2
	for _, half := range [2][2]int{{i, mid}, {mid, j}} {
		err := w.try(ctx, w.facts, cols, half[0], half[1])
		if classOf(err) == permanent {
			err = w.bisect(ctx, cols, half[0], half[1], suspects)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// setAside makes a reject of fact row i, with the bytes of its message.
func (w *Writer) setAside(ctx context.Context, b *Batch, i int) error {
	tail := b.facts.tail()
	partition, offset := tail.partition.ColUInt32[i], int64(tail.offset.ColUInt64[i])
	key, raw, err := w.cfg.Reread(ctx, b.topic, int(partition), offset)
	detail := "the database refuses this fact and no other of its batch; see the log of the database, then replay"
	switch {
	case errors.Is(err, ErrGone):
		// Nothing would ever bring it back, and a partition must not stop for it.
		key, raw = nil, nil
		detail = "the database refuses this fact and no other of its batch, and its message is no longer in the topic: its bytes are lost, " +
			"have the source send it again"
	case err != nil:
		return fmt.Errorf("read the refused message again: %w", err)
	}
	d := int(b.factRow[i])
	if b.deliveries.outcome.ColInt8[d] == outcomeRejected {
		return nil // set aside by an earlier attempt
	}
	b.setAside(int32(partition), offset, int64(tail.receivedAt.Data[i]), key, raw, &decode.Reject{
		Reason: deadletter.RefusedByStore,
		Detail: detail,
	})
	b.deliveries.refuse(d)
	return nil
}

// settings of every insert: rows go in as they are (the table collapses
// redeliveries later), at once, and are never dropped as a repeated block.
func settings() []ch.Setting {
	return []ch.Setting{
		{Key: "optimize_on_insert", Value: "0", Important: true},
		{Key: "async_insert", Value: "0", Important: true},
		{Key: "insert_deduplicate", Value: "0", Important: true},
	}
}

// try inserts rows [i, j) once.
func (w *Writer) try(ctx context.Context, st insert, cols []named, i, j int) error {
	began := w.cfg.Now()
	err := w.once(ctx, st, cols, i, j)
	if w.cfg.Observe != nil {
		failure := ""
		if err != nil {
			failure = classOf(err).String()
		}
		w.cfg.Observe(st.table, j-i, w.cfg.Now().Sub(began), failure)
	}
	return err
}

func (w *Writer) once(ctx context.Context, st insert, cols []named, i, j int) error {
	ctx, cancel := context.WithTimeout(ctx, w.cfg.AttemptTimeout)
	defer cancel()
	if w.conn == nil || w.conn.IsClosed() {
		conn, err := w.cfg.Dialer.Native(ctx)
		if err != nil {
			return err
		}
		w.conn = conn
	}
	input := make(proto.Input, len(cols))
	for k, c := range cols {
		var data proto.ColInput = c.column
		if i != 0 || j != c.Rows() {
			data = c.view(i, j)
		}
		input[k] = proto.InputColumn{Name: c.name, Data: data}
	}
	if err := w.conn.Do(ctx, ch.Query{Body: st.body, Input: input, Settings: settings()}); err != nil {
		// A connection that failed in mid-query is of no use for the next.
		w.Close()
		return fmt.Errorf("insert %d rows into %s: %w", j-i, st.table, err)
	}
	return nil
}
