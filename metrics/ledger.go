package metrics

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"duban/queries"
	"duban/supervision/lawzone"
)

// Reason says why a figure cannot be told as it was known at an instant.
type Reason string

// The reasons.
const (
	// ListOfNow: what is behind a figure is listed as it is known now.
	ListOfNow Reason = "list"
	// NoLedger: the indicator is computed from the states as they are known now.
	NoLedger Reason = "indicator"
	// NoGrain: one of the grains is that of the states or of the directory as known now.
	NoGrain Reason = "grain"
	// BeforeLedger: the ledger of movements began later.
	BeforeLedger Reason = "begin"
)

// NotKnownError says that a figure cannot be told as it was known at an instant: another
// figure must not stand for it.
type NotKnownError struct {
	ID      string
	KnownAt time.Time
	Reason  Reason
}

// Error says why.
func (e *NotKnownError) Error() string {
	why := map[Reason]string{
		ListOfNow:    "what is behind a figure is listed as it is known now alone",
		NoLedger:     "the indicator is not kept in the ledger of movements",
		NoGrain:      "the ledger of movements does not hold what it is to be grouped by",
		BeforeLedger: "the ledger of movements did not know anything yet",
	}[e.Reason]
	return fmt.Sprintf("%s cannot be told as known at %s: %s", e.ID, e.KnownAt.In(lawzone.Zone).Format(time.RFC3339), why)
}

// Held reports whether the ledger of movements holds an indicator, as far as it can be
// grouped by what it holds.
func (d Definition) Held(reg *queries.Registry) bool {
	_, err := reg.Get("figures/" + d.ID)
	return err == nil
}

// heldBy reports whether the ledger holds all that is grouped by: not what a source says in
// its own words, nor the topic of a ticket, which is text.
func heldBy(by []string) bool {
	return !slices.ContainsFunc(by, func(name string) bool {
		_, _, named := queries.NamedDimension(name)
		return named || name == "topic"
	})
}

// askable reports whether what is grouped by is the same for ever: lines and levels are those
// that the directory of now has for the asked instant.
func askable(by []string) bool {
	return !slices.Contains(by, "line") && !slices.Contains(by, "gov_level")
}

var selectStanding = queries.Select[standing]("figures/standing")

// standing is what the ledger of movements knows.
type standing struct {
	// KnownAt is when its last pass was through, Through the fold version that it looked at all
	// subjects up to, Round the last one that it wrote under; zero: there was none.
	KnownAt time.Time `ch:"known_at"`
	Through uint64    `ch:"through"`
	Round   uint64    `ch:"round"`
	// Behind is how many subjects were folded since, of so many Subjects, and Joined: organisations came.
	Behind   uint64 `ch:"behind"`
	Joined   bool   `ch:"joined"`
	Subjects uint64 `ch:"subjects"`
	// asked is when it was asked for, behind what it lacks.
	asked  time.Time
	behind *behind
}

// stands: the ledger is where the states are.
func (s standing) stands() bool { return s.Through > 0 && s.Behind == 0 && !s.Joined }

const (
	// addedAlways, addedShare and addedMost bound what is added to a ledger that is behind: so many
	// subjects, or one of so many; more are computed from the states in less time.
	addedAlways, addedShare, addedMost = 2000, 30, 100_000
	// addedFor is how long a ledger that is behind may be added to by what was known of it: a pass
	// and the rest after it take longer, and what the last but one left is told by no set.
	addedFor = 3 * time.Second
)

// added: the ledger is behind, and what it lacks can be added.
func (s standing) added() bool {
	return s.Through > 0 && !s.stands() && s.Behind <= max(addedAlways, min(s.Subjects/addedShare, addedMost))
}

// reader is a query that answers from the ledger, and what it is to be told.
type reader struct {
	// name is empty where the ledger does not answer.
	name string
	args queries.Args
	// known is the instant as known at which it answers; zero: now, and what it lacks is brought along.
	known  time.Time
	ledger standing
}

// question is the context of a question to the ledger about some kinds of subjects.
func (r reader) question(ctx context.Context, reg *queries.Registry, conn queries.Conn, kinds ...Subject) (context.Context, error) {
	if !r.known.IsZero() {
		return ctx, nil
	}
	return r.ledger.bring(ctx, reg, conn, kinds...)
}

// at reads a query of the ledger as known at a pass.
func (s standing) at(name string) reader {
	return reader{name: name, args: queries.Args{"known_at": s.KnownAt}, known: s.KnownAt}
}

// now reads it as known now, as far as the ledger can tell.
func (s standing) now(name string) reader {
	switch {
	case s.stands():
		return s.at(name)
	case s.added():
		return reader{name: name + queries.NowSuffix, args: queries.Args{"passed_at": s.KnownAt}, ledger: s}
	}
	return reader{}
}

// ledgerFor says how the ledger answers.
func ledgerFor(ctx context.Context, reg *queries.Registry, conn queries.Conn, def Definition, req Request) (reader, error) {
	held := def.Held(reg)
	if req.KnownAt.IsZero() {
		if !held || !heldBy(req.By) || ctx.Value(statesKey{}) != nil {
			return reader{}, nil
		}
		s, err := standingNow(ctx, reg, conn)
		if err != nil {
			return reader{}, err
		}
		return s.now("figures/" + def.ID), nil
	}
	refuse := func(r Reason) error { return &NotKnownError{ID: def.ID, KnownAt: req.KnownAt, Reason: r} }
	switch {
	case !held:
		return reader{}, refuse(NoLedger)
	case !heldBy(req.By) || !askable(req.By):
		return reader{}, refuse(NoGrain)
	}
	s, found, err := selectStanding.First(ctx, reg, conn, queries.Args{"known_at": req.KnownAt})
	if err == nil && !found {
		err = refuse(BeforeLedger)
	}
	return s.at("figures/" + def.ID), err
}

type (
	statesKey   struct{}
	standingKey struct{}
)

// FromStates has figures computed from the states, whatever the ledger holds: the reference
// that it is held against.
func FromStates(ctx context.Context) context.Context {
	return context.WithValue(ctx, statesKey{}, true)
}

// Together has the figures that are evaluated under a context told by one state of the ledger,
// which is asked for once.
func Together(ctx context.Context) context.Context {
	return context.WithValue(ctx, standingKey{}, &standingOnce{})
}

type standingOnce struct {
	mu    sync.Mutex
	asked bool
	is    standing
}

// standingNow asks what the ledger knows, once for what is told together.
func standingNow(ctx context.Context, reg *queries.Registry, conn queries.Conn) (standing, error) {
	once, together := ctx.Value(standingKey{}).(*standingOnce)
	if !together {
		once = &standingOnce{}
	}
	once.mu.Lock()
	defer once.mu.Unlock()
	if once.asked && (once.is.stands() || time.Since(once.is.asked) < addedFor) {
		return once.is, nil
	}
	asked := time.Now()
	s, _, err := selectStanding.First(ctx, reg, conn, queries.Args{})
	if err == nil {
		s.asked, s.behind = asked, &behind{rows: map[Subject][]moved{}}
		once.asked, once.is = true, s
	}
	return s, err
}

// KnownAt is the instant as known at which the figures of the ledger are told now; zero while
// they are computed from the states.
func KnownAt(ctx context.Context, reg *queries.Registry, conn queries.Conn) (time.Time, error) {
	s, err := standingNow(ctx, reg, conn)
	if err != nil || !s.stands() {
		return time.Time{}, err
	}
	return s.KnownAt, nil
}
