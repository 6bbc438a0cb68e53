package upkeep

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"duban/internal/blank"
)

// Finding is something that was found wrong with what is stored. It is told until
// somebody has taken note of it.
type Finding struct {
	// ID names what was found: the same thing is found once.
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
	// Acknowledged is when somebody took note, zero as long as nobody has; By who, and
	// Reason why that is enough.
	Acknowledged time.Time `json:"acknowledged,omitzero"`
	By           string    `json:"by,omitempty"`
	Reason       string    `json:"reason,omitempty"`
}

// Findings are kept in the data folder: they have to be told when the database cannot be
// asked.
type Findings struct {
	path string
	mu   sync.Mutex
}

// OpenFindings knows those of a data folder.
func OpenFindings(dir string) *Findings {
	return &Findings{path: filepath.Join(dir, "findings.json")}
}

// All returns every finding, the oldest first.
func (f *Findings) All() ([]Finding, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.read()
}

// Open returns those that nobody has taken note of.
func (f *Findings) Open() ([]Finding, error) {
	all, err := f.All()
	var open []Finding
	for _, x := range all {
		if x.Acknowledged.IsZero() {
			open = append(open, x)
		}
	}
	return open, err
}

// Add keeps findings and returns those that are new.
func (f *Findings) Add(found []Finding) ([]Finding, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all, err := f.read()
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, x := range all {
		known[x.ID] = true
	}
	var added []Finding
	for _, x := range found {
		if !known[x.ID] {
			known[x.ID] = true
			added = append(added, x)
		}
	}
	if len(added) == 0 {
		return nil, nil
	}
	return added, f.write(append(all, added...))
}

// Acknowledge notes that somebody has taken note of every open finding, and returns how
// many there were.
func (f *Findings) Acknowledge(at time.Time, by, reason string) (int, error) {
	if reason = blank.Trim(reason); reason == "" {
		return 0, errors.New("say why: a finding is acknowledged with a reason")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	all, err := f.read()
	if err != nil {
		return 0, err
	}
	n := 0
	for i := range all {
		if all[i].Acknowledged.IsZero() {
			all[i].Acknowledged, all[i].By, all[i].Reason = at, by, reason
			n++
		}
	}
	if n == 0 {
		return 0, nil
	}
	return n, f.write(all)
}

func (f *Findings) read() ([]Finding, error) {
	b, err := os.ReadFile(f.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read findings: %w", err)
	}
	var all []Finding
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, fmt.Errorf("%s is damaged: %w", f.path, err)
	}
	return all, nil
}

func (f *Findings) write(all []Finding) error { return replaceFile(f.path, all) }

// replaceFile writes v in one step: the old content or the new is there, even when the
// disk is full.
func replaceFile(path string, v any) error {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return fmt.Errorf("encode %s: %w", path, err)
	}
	tmp := path + ".tmp"
	file, err := os.OpenFile(tmp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = file.Write(append(b, '\n'))
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
