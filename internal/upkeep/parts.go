package upkeep

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"duban/queries"
)

// part is a part of a table, as the engine knows it or as it was known before.
type part struct {
	Table     string `json:"table"`
	Name      string `json:"name"`
	Partition string `json:"partition"`
	First     int64  `json:"first"`
	Last      int64  `json:"last"`
	Rows      uint64 `json:"rows"`
	path      string
	reason    string
}

// covers reports whether everything that was inserted into q is in p.
func (p part) covers(q part) bool {
	return p.Table == q.Table && p.Partition == q.Partition && p.First <= q.First && p.Last >= q.Last
}

// Parts looks after the parts of the embedded engine.
type Parts struct {
	cfg  PartsConfig
	seen map[string]bool // paths of parts that were whole
	// errors is how many errors of damage the server had told of, restarted when it was
	// last started again for one of them.
	errors    uint64
	restarted time.Time
	saved     time.Time
}

// PartsConfig is what Parts needs.
type PartsConfig struct {
	// Dir is the data folder, where the parts that are known are remembered.
	Dir      string
	Conn     queries.Conn
	Queries  *queries.Registry
	Findings *Findings
	Log      *slog.Logger
	Now      func() time.Time
	// Restart starts the engine again.
	Restart func(why error)
	// Remedies say, by table, what becomes of its lost rows; a table without one is told with
	// the remedy of "".
	Remedies map[string]string
	// Derived are the tables whose rows are made again from the facts by Refold, which is
	// asked to when some are lost; may be nil.
	Derived []string
	Refold  func(ctx context.Context) error
}

const (
	// lookEvery is how often new parts are looked at; a broken one is noticed long before
	// the engine removes those that it was made of, which is after minutes.
	lookEvery = 15 * time.Second
	// saveEvery is how often the parts are remembered.
	saveEvery = 30 * time.Second
	// restartPause is the least time between two restarts for damage that a restart did
	// not mend.
	restartPause = 10 * time.Minute
)

// NewParts prepares the watch.
func NewParts(cfg PartsConfig) *Parts { return &Parts{cfg: cfg, seen: map[string]bool{}} }

func (p *Parts) remembered() string { return filepath.Join(p.cfg.Dir, "parts.json") }

// Started compares what is there after a start with what was there before, and keeps what
// is missing or was set aside as findings.
func (p *Parts) Started(ctx context.Context) error {
	active, err := p.active(ctx)
	if err != nil {
		return err
	}
	aside, err := p.detached(ctx)
	if err != nil {
		return err
	}
	before, err := readParts(p.remembered())
	if err != nil {
		return err
	}
	now := p.cfg.Now()
	var found []Finding
	refold := false
	lost := func(table, text string) string {
		refold = refold || slices.Contains(p.cfg.Derived, table)
		remedy, ok := p.cfg.Remedies[table]
		if !ok {
			remedy = p.cfg.Remedies[""]
		}
		return strings.TrimSuffix(text+"; "+remedy, "; ")
	}
	for _, d := range aside {
		there, known := rowsIn(active, d), rowsIn(before, d)
		text := fmt.Sprintf("table %s: part %s was broken (%s) and set aside; what was inserted into it is there again, from the parts it was "+
			"made of (%d rows)", d.Table, d.Name, d.reason, there)
		if there == 0 || there < known {
			text = lost(d.Table, fmt.Sprintf("table %s: part %s was broken (%s) and set aside; of its rows %d are there and %s are lost here",
				d.Table, d.Name, d.reason, there, atLeast(known, there)))
		}
		found = append(found, Finding{ID: "detached " + d.Table + "/" + d.Name, At: now, Text: text})
	}
	var gone []part
	for _, b := range before {
		if b.Rows > 0 && rowsIn(active, b) < b.Rows && !covered(active, b) && !covered(aside, b) {
			gone = append(gone, b)
		}
	}
	if f, many := manyGone(gone, active, now); many {
		found = append(found, f)
		for _, b := range gone {
			_ = lost(b.Table, "")
		}
		gone = nil
	}
	for _, b := range gone {
		found = append(found, Finding{ID: "missing " + b.Table + "/" + b.Name, At: now,
			Text: lost(b.Table, fmt.Sprintf("table %s: part %s with %d rows was there and is gone; %d rows of it are there", b.Table, b.Name,
				b.Rows, rowsIn(active, b)))})
	}
	// Asked for before it is told, and so again at the next start when it fails; what was set
	// aside is found at every start.
	if refold && p.cfg.Refold != nil && p.anyNew(found) {
		if err := p.cfg.Refold(ctx); err != nil {
			return fmt.Errorf("have lost rows folded again: %w", err)
		}
	}
	added, err := p.cfg.Findings.Add(found)
	if err != nil {
		return err
	}
	for _, f := range added {
		p.cfg.Log.Error("stored data is damaged", "finding", f.Text)
	}
	p.errors = 0
	return p.save(active)
}

// anyNew reports whether something was not found before.
func (p *Parts) anyNew(found []Finding) bool {
	all, err := p.cfg.Findings.All()
	return err != nil || slices.ContainsFunc(found, func(f Finding) bool {
		return !slices.ContainsFunc(all, func(a Finding) bool { return a.ID == f.ID })
	})
}

func atLeast(known, there uint64) string {
	if known > there {
		return fmt.Sprint(known - there)
	}
	return "the others"
}

// Look looks at the parts that are new and starts the engine again when one is broken.
func (p *Parts) Look(ctx context.Context) error {
	active, err := p.active(ctx)
	if err != nil {
		return err
	}
	damaged, err := p.damaged(ctx)
	if err != nil {
		return err
	}
	seen := make(map[string]bool, len(active))
	for _, a := range active {
		if p.seen[a.path] && !damaged {
			seen[a.path] = true
			continue
		}
		why, err := broken(a)
		if err != nil {
			continue // merged away since, or a folder that cannot be read: asked again
		}
		if why != "" {
			p.restart(fmt.Errorf("table %s: part %s is broken: %s", a.Table, a.Name, why))
			return nil
		}
		seen[a.path] = true
	}
	p.seen = seen
	if damaged && p.cfg.Now().Sub(p.restarted) > restartPause {
		p.restart(errors.New("ClickHouse reads damaged data"))
		return nil
	}
	if p.cfg.Now().Sub(p.saved) >= saveEvery {
		return p.save(active)
	}
	return nil
}

func (p *Parts) restart(why error) {
	p.restarted = p.cfg.Now()
	p.seen = map[string]bool{}
	p.cfg.Log.Error("stored data is damaged, starting ClickHouse again, which takes up the parts it was made of", "error", why)
	p.cfg.Restart(why)
}

// damaged reports whether the server has told of damage since it was last asked.
func (p *Parts) damaged(ctx context.Context) (bool, error) {
	told, err := selectDamage.One(ctx, p.cfg.Queries, p.cfg.Conn, nil)
	if err != nil {
		return false, err
	}
	grown := told.Errors > p.errors
	p.errors = told.Errors
	return grown, nil
}

// broken says what is wrong with the files of a part, nothing when they are whole. A part
// that was written to a full disk has files without content; its checksums tell the sizes
// of the others, so that the engine itself finds all else when it starts.
func broken(a part) (string, error) {
	for _, name := range []string{"checksums.txt", "columns.txt", "count.txt", "data.bin", "data.cmrk4"} {
		info, err := os.Stat(filepath.Join(a.path, name))
		if strings.HasPrefix(name, "data.") && (a.Rows == 0 || errors.Is(err, os.ErrNotExist)) {
			continue // a part without rows, or with files of its own for each column
		}
		if errors.Is(err, os.ErrNotExist) {
			if _, gone := os.Stat(a.path); gone != nil {
				return "", gone
			}
			return name + " is missing", nil
		}
		if err != nil {
			return "", err
		}
		if info.Size() == 0 {
			return name + " is empty", nil
		}
	}
	return "", nil
}

// Run looks until ctx ends; what goes wrong while the engine is away passes.
func (p *Parts) Run(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		look, cancel := context.WithTimeout(ctx, 30*time.Second)
		if err := p.Look(look); err != nil && ctx.Err() == nil {
			p.cfg.Log.Debug("parts not looked at", "error", err)
		}
		cancel()
	}
}

func (p *Parts) save(active []part) error {
	p.saved = p.cfg.Now()
	return replaceFile(p.remembered(), active)
}

// rowsIn counts the rows of those parts that lie within the inserts of q.
func rowsIn(parts []part, q part) (rows uint64) {
	for _, p := range parts {
		if q.covers(p) {
			rows += p.Rows
		}
	}
	return rows
}

func covered(parts []part, q part) bool {
	for _, p := range parts {
		if p.covers(q) {
			return true
		}
	}
	return false
}
