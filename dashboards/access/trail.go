package access

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Sink stores lines of the trail. The same line may come twice.
type Sink func(ctx context.Context, entries []Entry) error

// Trail takes lines and carries them to where they are kept. A line is first
// appended to a file of the data folder, so that none is lost while the
// database is away and that the command line leaves its lines too; the server
// moves them on. It is safe for concurrent use, by several processes as well.
type Trail struct {
	dir   string
	now   func() time.Time
	added chan struct{}
}

// The files of the trail on its way: new lines, and those being stored.
const (
	trailDir     = "audit"
	trailNew     = "new.ndjson"
	trailSending = "sending.ndjson"
)

// NewTrail keeps the lines of the data folder dir; it does no I/O.
func NewTrail(dir string, now func() time.Time) *Trail {
	return &Trail{dir: filepath.Join(dir, trailDir), now: now, added: make(chan struct{}, 1)}
}

// Record appends a line; At and ID are set here.
func (t *Trail) Record(e Entry) error {
	e.At, e.ID = t.now().UTC().Truncate(time.Millisecond), uuid.NewString()
	line, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("encode a line of the audit trail: %w", err)
	}
	if err := os.MkdirAll(t.dir, 0o700); err != nil {
		return fmt.Errorf("create folder of the audit trail: %w", err)
	}
	err = t.locked(func() error { return appendLine(filepath.Join(t.dir, trailNew), line) })
	if err != nil {
		return fmt.Errorf("write audit trail: %w", err)
	}
	select {
	case t.added <- struct{}{}:
	default:
	}
	return nil
}

// appendLine adds a line; one that was cut off before is ended first, so that it
// does not spoil this one.
func appendLine(path string, line []byte) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	last := []byte{'\n'}
	if info, err := f.Stat(); err == nil && info.Size() > 0 {
		_, _ = f.ReadAt(last, info.Size()-1)
	}
	if last[0] != '\n' {
		line = append([]byte{'\n'}, line...)
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}

func (t *Trail) locked(fn func() error) error {
	return withLock(filepath.Join(t.dir, "lock"), fn)
}

// The rhythm of carrying lines on: at once when a line was added here, and
// often enough for those of other processes and for what failed before.
const carryEvery = 2 * time.Second

// carryTimeout bounds one attempt.
const carryTimeout = time.Minute

// carryAtOnce bounds the lines that are stored by one statement.
const carryAtOnce = 5000

// Run carries lines to the sink until ctx ends, then once more.
func (t *Trail) Run(ctx context.Context, sink Sink, log *slog.Logger) error {
	tick := time.NewTicker(carryEvery)
	defer tick.Stop()
	failing := false
	for {
		err := t.carryBounded(ctx, sink)
		if err != nil && !failing { // once, not every two seconds
			log.Error("store audit trail; its lines wait in the data folder", "error", err.Error())
		}
		failing = err != nil
		select {
		case <-t.added:
		case <-tick.C:
		case <-ctx.Done():
			if err := t.carryBounded(context.WithoutCancel(ctx), sink); err != nil {
				log.Warn("lines of the audit trail wait in the data folder", "error", err.Error())
			}
			return nil
		}
	}
}

func (t *Trail) carryBounded(ctx context.Context, sink Sink) error {
	ctx, cancel := context.WithTimeout(ctx, carryTimeout)
	defer cancel()
	return t.Carry(ctx, sink)
}

// Carry hands all lines to the sink and forgets them once it has them.
func (t *Trail) Carry(ctx context.Context, sink Sink) error {
	if _, err := os.Stat(t.dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	// One carrier at a time, and no lock on the new lines while it works.
	return withLock(filepath.Join(t.dir, "carrying.lock"), func() error {
		for {
			entries, err := t.next()
			if err != nil || entries == nil {
				return err
			}
			for some := range slices.Chunk(entries, carryAtOnce) {
				if err := sink(ctx, some); err != nil {
					return fmt.Errorf("store %d lines of the audit trail: %w", len(some), err)
				}
			}
			if err := os.Remove(filepath.Join(t.dir, trailSending)); err != nil {
				return fmt.Errorf("forget stored lines of the audit trail: %w", err)
			}
		}
	})
}

// next gives the lines to store: those that an earlier attempt left, else the
// new ones; nil when there are none.
func (t *Trail) next() ([]Entry, error) {
	sending := filepath.Join(t.dir, trailSending)
	if _, err := os.Stat(sending); errors.Is(err, fs.ErrNotExist) {
		err := t.locked(func() error { return os.Rename(filepath.Join(t.dir, trailNew), sending) })
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("take lines of the audit trail: %w", err)
		}
	}
	b, err := os.ReadFile(sending)
	if err != nil {
		return nil, fmt.Errorf("read audit trail: %w", err)
	}
	return parseLines(b)
}

// parseLines reads whole lines; the cut end of one, left by a loss of power, was
// never acknowledged and is left out.
func parseLines(b []byte) ([]Entry, error) {
	entries := []Entry{}
	lines := bufio.NewScanner(bytes.NewReader(b))
	for lines.Scan() {
		var e Entry
		if err := json.Unmarshal(lines.Bytes(), &e); err == nil {
			entries = append(entries, e)
		}
	}
	return entries, lines.Err()
}
