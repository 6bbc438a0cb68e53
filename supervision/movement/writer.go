package movement

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"slices"
	"time"

	"duban/queries"
	"duban/supervision/checkpoint"
)

const (
	// partSubjects is how many subjects are compared at a time.
	partSubjects = 60_000
	// leastRest and longestRest bound the time between two passes, restShare is how many times
	// as long as a pass it is: one costs about the same for a few subjects as for thousands.
	leastRest, longestRest, restShare = 3 * time.Second, 30 * time.Second, 5
	// aloneEvery is how often it is looked whether earlier statements have ended.
	aloneEvery = 50 * time.Millisecond
	// Organisation is the kind of the organisations, which have no movements: figures as known
	// then are of those that were known then.
	Organisation = "organisation"
)

// Deps are what a writer works with and by; all are required.
type Deps struct {
	Queries *queries.Registry
	Conn    func() queries.Conn
	// Marks are of the writer alone: it works beside others.
	Marks *checkpoint.Keeper
	Log   *slog.Logger
	// Now is the clock of known_at.
	Now func() time.Time
	// Folded counts the folds of each kind of subject, so that nothing is asked when
	// nothing was folded.
	Folded func(kind string) uint64
}

// Writer brings the ledger to where the states are; the holder of the lease alone uses it.
// Due and Begin are for whoever folds, between two folds; Follow may run beside it.
type Writer struct {
	Deps
	// id tells its statements from those of other writers, in other databases of the server as well.
	id string
	// sure: what earlier holders left was looked at.
	sure bool
	// seen is how many folds of each kind the ledger has seen; nil: not known.
	seen map[string]uint64
	// target and due are those of the pass that was begun.
	target uint64
	due    []string
	// notBefore is when the next pass may begin, told when the progress of this was told last.
	notBefore, told time.Time
	// latest is the last instant under which rows were recorded.
	latest time.Time
}

// New makes a writer; it does no I/O.
func New(d Deps) *Writer { return &Writer{Deps: d, id: rand.Text()} }

// Forget has the writer look at what other holders of the lease left.
func (w *Writer) Forget() {
	w.Marks.Forget()
	w.sure, w.seen, w.notBefore = false, nil, time.Time{}
}

type place struct {
	Source  string `ch:"source_sys"`
	Subject string `ch:"subject"`
}

// kind is one kind of subject; the passes take them in the order of kinds.
type kind struct {
	name, write string
	next        queries.Typed[place]
}

var kinds = []kind{
	{"case", "figures/write_cases", queries.Select[place]("figures/next_cases")},
	{"ticket", "figures/write_tickets", queries.Select[place]("figures/next_tickets")},
}

var selectUnsure = queries.Select[struct {
	Found bool `ch:"found"`
}]("figures/unsure")

var selectRunning = queries.Select[struct {
	Running uint64 `ch:"running"`
}]("figures/running")

// Behind reports whether something was folded that the ledger has not seen.
func (w *Writer) Behind() bool { return len(w.changed()) > 0 }

// Due reports whether a pass is to begin now: after a short rest, which gathers what is folded
// meanwhile.
func (w *Writer) Due() bool { return w.Behind() && !w.Now().Before(w.notBefore) }

func (w *Writer) changed() []string {
	var out []string
	for name, n := range w.counts() {
		if seen, ok := w.seen[name]; !ok || seen != n {
			out = append(out, name)
		}
	}
	return out
}

func (w *Writer) counts() map[string]uint64 {
	seen := map[string]uint64{Organisation: w.Folded(Organisation)}
	for _, k := range kinds {
		seen[k.name] = w.Folded(k.name)
	}
	return seen
}

// Begin says what the next pass is about: the states up to a fold version, which all have to
// be written.
func (w *Writer) Begin(version uint64) {
	w.due, w.target = w.changed(), version
	w.seen = w.counts()
}

// Follow makes the pass that was begun, or ends one that another holder began; then Behind
// says that there is more. next gives the versions under which it writes.
func (w *Writer) Follow(ctx context.Context, next func() uint64) (err error) {
	began := w.Now()
	defer func() {
		took := w.Now().Sub(began)
		w.notBefore = w.Now().Add(min(max(restShare*took, leastRest), longestRest))
		if err != nil { // a write that failed may have been made all the same
			w.sure, w.seen = false, nil
		}
	}()
	marks, err := w.Marks.Kept(ctx)
	if err != nil {
		return err
	}
	mark, err := marks.Movements()
	if err != nil {
		return err
	}
	if !w.sure {
		if err := w.undo(ctx, next, &mark); err != nil {
			return err
		}
	}
	if mark.Target == 0 {
		mark.Target, mark.Kind = w.target, ""
	} else {
		w.seen = nil // what was folded before that pass began is not known
	}
	return w.pass(ctx, next, mark)
}

// knownAt is the instant under which rows are recorded: after the last pass that is through,
// whatever the clock says.
func (w *Writer) knownAt(mark checkpoint.Movements) time.Time {
	at := w.Now().UTC().Truncate(time.Millisecond)
	for _, least := range []time.Time{mark.KnownAt.Add(time.Millisecond), w.latest} {
		if at.Before(least) {
			at = least
		}
	}
	w.latest = at
	return at
}

// write runs a statement that others can see running.
func (w *Writer) write(ctx context.Context, name string, round uint64, args queries.Args) error {
	return w.Queries.Exec(queries.Known(ctx, fmt.Sprintf("duban-movements-%s-%d", w.id, round)), w.Conn(), name, args)
}

// alone waits until no statement of another holder, or of an earlier turn, writes any more:
// the server goes on with what its client has given up, and what comes after the look at
// what is unsure would never be undone.
func (w *Writer) alone(ctx context.Context) error {
	for {
		others, err := selectRunning.One(ctx, w.Queries, w.Conn(), queries.Args{})
		if err != nil || others.Running == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(aloneEvery):
		}
	}
}

// undo takes back what was not confirmed to be written as a whole, and writes it anew.
func (w *Writer) undo(ctx context.Context, next func() uint64, mark *checkpoint.Movements) error {
	if err := w.alone(ctx); err != nil {
		return err
	}
	unsure, err := selectUnsure.One(ctx, w.Queries, w.Conn(), queries.Args{"confirmed": mark.Round})
	if err != nil || !unsure.Found {
		w.sure = err == nil
		return err
	}
	round, at := next(), w.knownAt(*mark)
	args := queries.Args{"confirmed": mark.Round, "round": round, "known_at": at}
	if err := w.write(ctx, "figures/undo_rounds", round, args); err != nil {
		return err
	}
	for _, k := range kinds {
		own := next()
		args := queries.Args{"since": uint64(math.MaxUint64), "undone": round, "round": own, "known_at": at}
		if err := w.write(ctx, k.write, own, args); err != nil {
			return err
		}
	}
	mark.Round = next()
	if err := w.Marks.Save(ctx, *mark, mark.Round); err != nil {
		return err
	}
	w.sure = true
	return nil
}

// pass writes part after part until all kinds are through.
func (w *Writer) pass(ctx context.Context, next func() uint64, mark checkpoint.Movements) error {
	first := mark.Through == 0
	begun := slices.IndexFunc(kinds, func(k kind) bool { return k.name == mark.Kind }) // -1: from the first on
	for i, k := range kinds {
		if i < begun || begun < 0 && !slices.Contains(w.due, k.name) {
			continue
		}
		if mark.Kind != k.name {
			mark.Kind, mark.Source, mark.Subject = k.name, "", ""
		}
		for through := false; !through; {
			if err := w.tell(ctx, mark); err != nil {
				return err
			}
			var err error
			if through, err = w.part(ctx, next, k, &mark); err != nil {
				return fmt.Errorf("movements of %ss: %w", k.name, err)
			}
		}
	}
	mark = checkpoint.Movements{Through: mark.Target, Round: mark.Round, KnownAt: w.knownAt(mark)}
	if err := w.Marks.Save(ctx, mark, next()); err != nil {
		return err
	}
	// What is not noted here is not known then, and the next pass, which follows, notes it.
	args := queries.Args{"known_at": mark.KnownAt, "through": mark.Through, "round": mark.Round}
	if err := w.Queries.Exec(ctx, w.Conn(), "figures/end_pass", args); err != nil {
		return err
	}
	if first {
		w.Log.Info("the ledger of movements is filled")
	}
	return nil
}

// part writes the next subjects of a kind; through: they were the last.
func (w *Writer) part(ctx context.Context, next func() uint64, k kind, mark *checkpoint.Movements) (through bool, err error) {
	args := queries.Args{"since": mark.Through, "after_source": mark.Source, "after_subject": mark.Subject}
	last, err := k.next.All(ctx, w.Queries, w.Conn(), with(args, "size", uint64(partSubjects-1)))
	if err != nil {
		return false, err
	}
	round := next()
	args["round"], args["known_at"] = round, w.knownAt(*mark)
	if len(last) > 0 {
		args["until_source"], args["until_subject"] = last[0].Source, last[0].Subject
	}
	if err := w.write(ctx, k.write, round, args); err != nil {
		return false, err
	}
	mark.Round = round
	if len(last) == 0 {
		return true, nil
	}
	mark.Source, mark.Subject = last[0].Source, last[0].Subject
	return false, w.Marks.Save(ctx, *mark, round)
}

func with(args queries.Args, name string, value any) queries.Args {
	out := maps.Clone(args)
	out[name] = value
	return out
}
