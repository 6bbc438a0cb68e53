package fold

import (
	"context"
	"log/slog"
	"time"

	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/lifecycle"
	"duban/supervision/lifecycle/items"
	"duban/supervision/statestore"
)

// Deps are what a folder works with and by; all are required.
type Deps struct {
	Queries *queries.Registry
	Conn    func() queries.Conn
	Pool    *statestore.Pool
	Log     *slog.Logger
	// Now is the clock of folded_at.
	Now func() time.Time
	// Calendar is the one in force.
	Calendar func() *calendar.Calendar
	// Policy is what the jurisdiction decides about clocks.
	Policy lifecycle.Policy
	// Workers is how many goroutines fold.
	Workers int
	// RoundDeliveries bounds the deliveries of one topic in one span.
	RoundDeliveries int
	// FollowStep is how much of what arrived while no engine worked is folded before alerts
	// are announced.
	FollowStep time.Duration
}

// Folder folds; the holder of the lease alone uses it, but for explanations.
type Folder struct {
	reg             *queries.Registry
	conn            func() queries.Conn
	pool            *statestore.Pool
	log             *slog.Logger
	now             func() time.Time
	calendar        func() *calendar.Calendar
	policy          lifecycle.Policy
	workers         int
	roundDeliveries int
	followStep      time.Duration
	// catalogue is the one that the fold uses.
	catalogue *items.Catalogue
	explained explained
	// cursors are those of the table, which the holder of the lease alone writes; nil
	// when they have to be read.
	cursors map[Position]uint64
	// known is up to which arrival facts are read.
	known time.Time
	// passes counts the folds by the name of what was folded.
	passes map[string]uint64
}

// Passes is how often subjects of a kind (case, ticket, rating) were folded.
func (f *Folder) Passes(kind string) uint64 { return f.passes[kind] }

// Passed counts that something of a kind came that is not folded.
func (f *Folder) Passed(kind string) { f.passes[kind]++ }

// Forget has the cursors read from their table again: another engine may have moved them.
func (f *Folder) Forget() { f.cursors = nil }

// New makes a folder; it does no I/O.
func New(d Deps) *Folder {
	return &Folder{
		reg: d.Queries, conn: d.Conn, pool: d.Pool, log: d.Log, now: d.Now, calendar: d.Calendar, policy: d.Policy,
		workers: d.Workers, roundDeliveries: d.RoundDeliveries, followStep: d.FollowStep,
		catalogue: items.New(nil), known: endOfTime, passes: map[string]uint64{},
	}
}

// Cases folds the cases whose facts a named query reads.
func (f *Folder) Cases(ctx context.Context, query string, args queries.Args, version uint64, n *Counts) error {
	f.passes["case"]++
	return foldFacts(ctx, f, caseKind(), query, f.asKnown(args), version, n)
}

// Tickets folds the tickets whose facts a named query reads.
func (f *Folder) Tickets(ctx context.Context, query string, args queries.Args, version uint64, n *Counts) error {
	f.passes["ticket"]++
	return foldFacts(ctx, f, ticketKind(), query, f.asKnown(args), version, n)
}

// Ratings folds the rated subjects whose facts a named query reads.
func (f *Folder) Ratings(ctx context.Context, query string, args queries.Args, version uint64, n *Counts) error {
	f.passes["rating"]++
	return foldFacts(ctx, f, ratingKind(f.calendar(), f.policy), query, f.asKnown(args), version, n)
}
