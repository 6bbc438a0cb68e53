package acceptance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// Expected is one alert that supervision has to have raised.
type Expected struct {
	Rule        string `json:"rule"`
	SubjectKind string `json:"subject_kind"`
	SubjectNo   string `json:"subject_no"`
	// ClockNo tells alerts of one rule and subject apart.
	ClockNo string `json:"clock_no"`
	// Severity is the gravest one that was reached, Since when it first was;
	// null where the rule counts from an arrival.
	Severity string     `json:"severity"`
	Since    *time.Time `json:"since"`
	// Active: the last step has a severity; else Cleared is when it ended.
	Active  bool       `json:"active"`
	Cleared *time.Time `json:"cleared_at"`
	// Tolerance is the share of its alerts by which a statistical rule may be
	// off; 0 = its alerts have to be these.
	Tolerance float64 `json:"tolerance"`
}

// Ledger is what a simulation expects.
type Ledger struct {
	Source string    `json:"source"`
	AsOf   time.Time `json:"as_of"`
	// From and To bound the period of the figures: from inclusive, to exclusive.
	From    time.Time     `json:"from"`
	To      time.Time     `json:"to"`
	Figures *FigureLedger `json:"figures"`
	Alerts  []Expected    `json:"-"`
}

// AlertsFile is the file with the alerts that belongs to a ledger: its
// neighbour, ledger-alerts.ndjson for ledger.json.
func AlertsFile(ledger string) string { return strings.TrimSuffix(ledger, ".json") + "-alerts.ndjson" }

// Read reads a ledger and its alerts as duban simulate wrote them. An error
// names the file and, of the alerts, the line.
func Read(path string) (*Ledger, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	l := &Ledger{}
	if err := json.Unmarshal(text, l); err != nil {
		return nil, fmt.Errorf("read the ledger %s: %w", path, err)
	}
	if l.Source == "" || l.AsOf.IsZero() {
		return nil, fmt.Errorf("read the ledger %s: it has no source or no as_of; duban simulate --ledger writes one", path)
	}
	f, err := os.Open(AlertsFile(path))
	if err != nil {
		return nil, fmt.Errorf("read the alerts that belong to the ledger: %w", err)
	}
	defer func() { _ = f.Close() }()
	if l.Alerts, err = ReadAlerts(f); err != nil {
		return nil, fmt.Errorf("%s %w", f.Name(), err)
	}
	return l, nil
}

// ReadAlerts reads lines of JSON, one per alert. There has to be one at least.
func ReadAlerts(r io.Reader) ([]Expected, error) {
	var out []Expected
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	for n := 1; s.Scan(); n++ {
		var e Expected
		d := json.NewDecoder(bytes.NewReader(s.Bytes()))
		d.DisallowUnknownFields()
		if err := d.Decode(&e); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if err := e.check(); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		out = append(out, e)
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w", len(out)+1, err)
	}
	if len(out) == 0 {
		return nil, errors.New("is empty: nothing is expected, so nothing can be compared")
	}
	return out, nil
}

func (e *Expected) check() error {
	switch {
	case e.Rule == "" || e.SubjectNo == "":
		return errors.New("an alert needs rule and subject_no")
	case !slices.Contains([]string{"notice", "warning", "yellow", "red"}, e.Severity):
		return fmt.Errorf("severity %q is not one of notice, warning, yellow, red", e.Severity)
	case !(e.Tolerance >= 0 && e.Tolerance < 1):
		return fmt.Errorf("tolerance %g is not a share from 0 to below 1", e.Tolerance)
	}
	return nil
}
