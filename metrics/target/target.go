package target

import (
	"embed"
	"errors"
	"fmt"
	"time"

	"github.com/goccy/go-yaml"

	"duban/metrics"
	"duban/supervision/lawzone"
)

//go:embed seeds.yaml
var files embed.FS

// Status says where a target stands (domain guide 5.9).
type Status string

// The statuses. Unknown is a target of which nothing was measured, or that has no number to
// reach; before its date one without a baseline has no path to be behind of.
const (
	Met     Status = "met"
	OnTrack Status = "on_track"
	Behind  Status = "behind"
	Missed  Status = "missed"
	Unknown Status = "unknown"
)

// Target is what a figure of a place, or of an organisation, is to reach by a day.
type Target struct {
	ID     string `yaml:"id"`
	Region string `yaml:"region"`
	Org    string `yaml:"org"`
	// Indicator is empty for a milestone, which is reached or not.
	Indicator string `yaml:"indicator"`
	Zh        string `yaml:"zh"`
	En        string `yaml:"en"`
	// Recorded is the value that the plan itself reports, as it writes it.
	Recorded string `yaml:"recorded"`
	// Baseline held on the day Since; both are missing in most plans. Goal is missing where a
	// plan records and sets nothing.
	Baseline *float64 `yaml:"baseline"`
	Since    string   `yaml:"since"`
	Goal     *float64 `yaml:"target"`
	// Lower is set where less is better.
	Lower bool `yaml:"lower"`
	// Due is the day by whose end it is to be reached, empty when the plan gives none.
	Due    string `yaml:"due"`
	Source string `yaml:"source"`
}

// Seeds are the targets that are preloaded, in the order of the guide.
func Seeds() ([]Target, error) {
	text, err := files.ReadFile("seeds.yaml")
	if err != nil {
		return nil, fmt.Errorf("read the targets: %w", err)
	}
	var all []Target
	if err := yaml.UnmarshalWithOptions(text, &all, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read the targets: %w", err)
	}
	var problems []error
	for _, t := range all {
		problems = append(problems, t.check())
	}
	return all, errors.Join(problems...)
}

func (t Target) check() error {
	if t.ID == "" || t.Region == "" || t.Zh == "" || t.En == "" || t.Source == "" {
		return fmt.Errorf("target %q: wants an id, a region, names in both languages and a source", t.ID)
	}
	if t.Indicator != "" {
		if _, err := metrics.Find(t.Indicator); err != nil {
			return fmt.Errorf("target %s: %w", t.ID, err)
		}
	}
	for _, d := range []string{t.Since, t.Due} {
		if d == "" {
			continue
		}
		if _, err := day(d); err != nil {
			return fmt.Errorf("target %s: %w", t.ID, err)
		}
	}
	return nil
}

// day is the first instant of a local day.
func day(text string) (time.Time, error) {
	d, err := time.ParseInLocation(time.DateOnly, text, lawzone.Zone)
	if err != nil {
		return d, fmt.Errorf("%q is no day: %w", text, err)
	}
	return d, nil
}

// span is the time from the baseline of a target to the first instant after its day; ok is
// false where either is not known.
func (t Target) span() (since, until time.Time, ok bool) {
	since, errSince := day(t.Since)
	until, errUntil := day(t.Due)
	return since, until.AddDate(0, 0, 1), errSince == nil && errUntil == nil && since.Before(until)
}

// StatusAt says where the target stands with a value at an instant: met when it is reached,
// missed when its day is over, else behind when the value is short of the straight path from
// the baseline.
func (t Target) StatusAt(value *float64, at time.Time) Status {
	if value == nil || t.Goal == nil {
		return Unknown
	}
	if t.reaches(*value, *t.Goal) {
		return Met
	}
	if due, err := day(t.Due); err == nil && !at.Before(due.AddDate(0, 0, 1)) {
		return Missed
	}
	since, until, ok := t.span()
	if !ok || t.Baseline == nil {
		return Unknown
	}
	path := *t.Baseline + (*t.Goal-*t.Baseline)*min(max(share(since, until, at), 0), 1)
	if t.reaches(*value, path) {
		return OnTrack
	}
	return Behind
}

// Progress is how much of the way from the baseline to the goal is done; nil where either is
// not known.
func (t Target) Progress(value *float64) *float64 {
	if value == nil || t.Goal == nil || t.Baseline == nil || *t.Goal == *t.Baseline {
		return nil
	}
	p := (*value - *t.Baseline) / (*t.Goal - *t.Baseline)
	return &p
}

// Projection is the value on the day when things go on as since the baseline; nil where there
// is no baseline, before it, and after the day.
func (t Target) Projection(value *float64, at time.Time) *float64 {
	since, until, ok := t.span()
	if value == nil || t.Baseline == nil || !ok || !at.After(since) || !at.Before(until) {
		return nil
	}
	p := *t.Baseline + (*value-*t.Baseline)/share(since, until, at)
	return &p
}

func (t Target) reaches(value, goal float64) bool {
	if t.Lower {
		return value <= goal
	}
	return value >= goal
}

// share is how much of the time between two instants is over.
func share(since, until, at time.Time) float64 {
	return float64(at.Sub(since)) / float64(until.Sub(since))
}
