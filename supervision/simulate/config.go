package simulate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"duban/supervision/lawzone"
	"duban/supervision/simulate/world"
)

// Config says what province to make. Start from DefaultConfig.
type Config struct {
	// Seed chooses one of 2^64 provinces; the same configuration always gives
	// the same bytes.
	Seed uint64
	// Events is about how many facts about cases, tickets and ratings there
	// are (within a few percent). Organisations, items, redeliveries,
	// conflicting rewrites and malformed messages come on top.
	Events int64
	// From and To are the first and the last local day of the period; only
	// their dates in Asia/Shanghai count.
	From, To time.Time
	// AsOf is the instant that the ledger describes; zero means the end of To.
	AsOf time.Time
	// Province and City are six-digit codes. The city gets organisations on
	// all levels, so it should be one with villages: 610800, 210100 or 410200.
	Province, City string
	// Source is the source_sys of every message.
	Source string
	// Faults is the share of messages that are sent twice, and the share that
	// are sent hours or days late and so out of order.
	Faults float64
	// Conflicts is the share of facts that are sent again under the same
	// identity with other content.
	Conflicts float64
	// Violations is the share of cases, tickets, items and organisations that
	// break a rule of supervision on purpose.
	Violations float64
	// Malformed is how many messages are sent that no reader may accept.
	Malformed int64
	// OpenSubjects bounds the memory: so many lives are under way at most, at
	// up to eight kilobytes each. With more, messages leave less nearly in the
	// order of their time.
	OpenSubjects int
	// Pace, when it is set, is asked before each message about a subject with
	// the instant at which its source sends it; it returns when the message may
	// leave. It decides nothing but the speed.
	Pace func(ctx context.Context, at time.Time) error
	// Settle, when it is set, is called once when everything is published but
	// what people do about it: the work on orders that the product opens for bad
	// ratings, and times that are moved after a card. It returns when the product
	// has seen what was published.
	Settle func(ctx context.Context) error
	// Cases and Tickets receive one line of JSON per case and per ticket, in
	// the order of their beginning; nil writes none.
	Cases, Tickets io.Writer
	// Alerts receives one line of JSON per alert that supervision has to raise
	// by AsOf, in the order of the subjects; nil writes none.
	Alerts io.Writer
}

// DefaultConfig is Shaanxi with Yulin from July 2025 through June 2026.
func DefaultConfig() Config {
	return Config{
		Seed:         1,
		Events:       100_000,
		From:         time.Date(2025, 7, 1, 0, 0, 0, 0, lawzone.Zone),
		To:           time.Date(2026, 6, 30, 0, 0, 0, 0, lawzone.Zone),
		Province:     "610000",
		City:         "610800",
		Source:       "simulated-province",
		Faults:       0.002,
		OpenSubjects: 16384,
	}
}

// Validate names everything that is wrong with the configuration.
func (c Config) Validate() error {
	var wrong []error
	refuse := func(bad bool, format string, args ...any) {
		if bad {
			wrong = append(wrong, fmt.Errorf(format, args...))
		}
	}
	from, to := c.days()
	refuse(c.Events < 1 || c.Events > math.MaxInt32, "events: %d is not between 1 and %d", c.Events, math.MaxInt32)
	refuse(from > to, "from: the period begins after its end")
	refuse(from < world.DayOf(2007, 1, 1) || to > world.DayOf(2027, 6, 30), "from, to: the calendar covers 2007-01-01 to 2027-06-30 only")
	if at := c.AsOf.UnixMilli(); !c.AsOf.IsZero() {
		refuse(at < world.StartOf(from) || at > world.StartOf(to+1), "as-of: not within the period")
	}
	refuse(c.Source == "", "source: empty")
	refuse(!plain(c.Source), "source: only letters, digits, points, dashes and underscores")
	refuse(!(c.Faults >= 0 && c.Faults <= 1), "faults: %g is not between 0 and 1", c.Faults)
	refuse(!(c.Conflicts >= 0 && c.Conflicts <= 1), "conflicts: %g is not between 0 and 1", c.Conflicts)
	refuse(!(c.Violations >= 0 && c.Violations <= 1), "violations: %g is not between 0 and 1", c.Violations)
	refuse(c.Malformed < 0, "malformed: %d is negative", c.Malformed)
	refuse(c.OpenSubjects < 1, "open-subjects: %d is not positive", c.OpenSubjects)
	return errors.Join(wrong...)
}

// plain reports whether a word needs no escapes in JSON.
func plain(word string) bool {
	for _, r := range word {
		if (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '_' && r != '.' {
			return false
		}
	}
	return true
}

// days returns the first and the last local day of the period.
func (c Config) days() (from, to int32) {
	return world.LocalDay(c.From.UnixMilli()), world.LocalDay(c.To.UnixMilli())
}
