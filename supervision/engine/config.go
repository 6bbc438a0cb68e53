package engine

import (
	"context"
	"errors"
	"runtime"
	"time"

	"duban/supervision/calendar"
	"duban/supervision/lifecycle"
	"duban/supervision/rule"
)

// Config says how an engine folds. Zero values of the fields after Policy are
// filled by DefaultConfig's.
type Config struct {
	// Calendar counts the working days until Calendars was asked; required.
	Calendar *calendar.Calendar
	// Calendars tells which version is in force; nil: Calendar, for ever.
	Calendars Calendars
	// Policy is what the jurisdiction decides about clocks.
	Policy lifecycle.Policy

	// Rules are what is asked about the states; nil asks nothing.
	Rules *rule.Catalogue
	// Notify is called by the holder of the lease after every turn, when all events
	// up to a fold version are written: people are told. changed says that there may be
	// events that were not there at the last call. Nil tells nobody.
	Notify func(ctx context.Context, now time.Time, version uint64, changed bool) error
	// Daily is called by the holder of the lease once a local day, as of its
	// beginning, beside the fold; nil does nothing.
	Daily func(ctx context.Context, asOf time.Time) error
	// Arrived tells up to which instant everything that arrived at the broker is
	// stored; rules do not speak about what comes after it. Nil: what is stored is
	// all there is.
	Arrived func(context.Context) (time.Time, error)
	// Appealable says whether an appeal is possible against the cards of a rule
	// (clear mode C); nil: against all.
	Appealable func(rule string, version uint16) bool

	// Room waits until there is room to store something; nil when there always is.
	Room func(ctx context.Context) error

	// Movements has the ledger under the figures follow the states; without it figures are
	// computed from the states.
	Movements bool

	// Lease is the name of the lease that guards the states; one per shard.
	Lease string
	// Instance names the engine across restarts, and only one process at a
	// time may use the name (the lock on a data folder guards it): then a
	// restarted engine takes its lease back at once. Empty: it waits for the
	// lease to run out.
	Instance string
	// LeaseTTL is how long a silent holder keeps the lease.
	LeaseTTL time.Duration
	// Poll is how long the engine waits when there is nothing to fold.
	Poll time.Duration
	// MaxBackoff bounds the wait after errors.
	MaxBackoff time.Duration
	// RoundDeliveries bounds the deliveries of one topic in one round.
	RoundDeliveries int
	// FollowStep is how much of what arrived while no engine worked is folded before alerts
	// are announced.
	FollowStep time.Duration
	// ChainsAtOnce bounds the chains that the server looks at in one statement when
	// alerts are announced: a first load changes all there are.
	ChainsAtOnce uint64
	// Workers is how many goroutines fold.
	Workers int
}

// DefaultConfig returns the defaults with the default calendar and policy.
func DefaultConfig() (Config, error) {
	cal, err := calendar.Default()
	if err != nil {
		return Config{}, err
	}
	return Config{Calendar: cal, Policy: lifecycle.DefaultPolicy(), Movements: true}.withDefaults(), nil
}

func (c Config) withDefaults() Config {
	if c.Lease == "" {
		c.Lease = "fold"
	}
	if c.LeaseTTL == 0 {
		c.LeaseTTL = 10 * time.Second
	}
	if c.Poll == 0 {
		c.Poll = 250 * time.Millisecond
	}
	if c.MaxBackoff == 0 {
		c.MaxBackoff = 5 * time.Second
	}
	if c.RoundDeliveries == 0 {
		c.RoundDeliveries = 500_000
	}
	if c.FollowStep == 0 {
		c.FollowStep = time.Hour
	}
	if c.ChainsAtOnce == 0 {
		c.ChainsAtOnce = 500_000
	}
	if c.Workers == 0 {
		c.Workers = max(1, runtime.GOMAXPROCS(0))
	}
	return c
}

func (c Config) appealable(rule string, version uint16) bool {
	return c.Appealable == nil || c.Appealable(rule, version)
}

// longestQuiet and quietPolls say how long nothing must have been folded until a load is
// taken to be over.
const (
	longestQuiet = 20 * time.Second
	quietPolls   = 20
)

func (c Config) quiet() time.Duration { return min(longestQuiet, quietPolls*c.Poll) }

func (c Config) room(ctx context.Context) error {
	if c.Room == nil {
		return nil
	}
	return c.Room(ctx)
}

// Validate reports every problem of the configuration.
func (c Config) Validate() error {
	var problems []error
	if c.Calendar == nil {
		problems = append(problems, errors.New("engine: no calendar"))
	}
	for _, d := range []struct {
		name  string
		value time.Duration
	}{{"lease TTL", c.LeaseTTL}, {"poll", c.Poll}, {"longest back-off", c.MaxBackoff}, {"step of following", c.FollowStep}} {
		if d.value < 0 {
			problems = append(problems, errors.New("engine: "+d.name+" is negative"))
		}
	}
	if c.RoundDeliveries < 0 || c.Workers < 0 {
		problems = append(problems, errors.New("engine: a size is negative"))
	}
	return errors.Join(problems...)
}
