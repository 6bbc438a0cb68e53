package movement

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"time"

	"duban/queries"
	"duban/supervision/checkpoint"
)

const (
	// partSubjects is how many subjects are compared at a time.
	partSubjects = 60_000
	// turnTime is how long the ledger is worked on in one turn; the rest is for the next.
	turnTime = 2 * time.Second
	// busyPause is how long it waits between two passes while facts keep coming.
	busyPause = 5 * time.Second
)

// Deps are what a writer works with and by; all are required.
type Deps struct {
	Queries *queries.Registry
	Conn    func() queries.Conn
	Marks   *checkpoint.Keeper
	Log     *slog.Logger
	// Now is the clock of known_at.
	Now func() time.Time
	// Folded counts the folds of each kind of subject, so that nothing is asked when
	// nothing was folded.
	Folded func(kind string) uint64
}

// Writer brings the ledger to where the states are; the holder of the lease alone uses it.
type Writer struct {
	Deps
	// sure: what earlier holders left was looked at.
	sure bool
	// under: a pass is under way.
	under bool
	// seen is how many folds of each kind the ledger has seen.
	seen map[string]uint64
	// passed is when the last pass ended, told when its progress was told last.
	passed, told time.Time
}

// New makes a writer; it does no I/O.
func New(d Deps) *Writer { return &Writer{Deps: d} }

// Forget has the writer look at what other holders of the lease left.
func (w *Writer) Forget() { w.sure, w.under, w.seen = false, false, nil }

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

// Run goes on with the pass under way, or begins one when something was folded. more says
// that the ledger is not yet where the states are; busy that facts keep coming, so that
// a new pass may wait. next gives the versions under which it writes.
func (w *Writer) Run(ctx context.Context, next func() uint64, busy bool) (more bool, err error) {
	if w.sure && !w.under && !w.behind() {
		return false, nil
	}
	// A write that failed may have been made all the same.
	defer func() { w.sure = w.sure && err == nil }()
	marks, err := w.Marks.Kept(ctx)
	if err != nil {
		return false, err
	}
	mark, err := marks.Movements()
	if err != nil {
		return false, err
	}
	now := w.Now()
	if mark.Target == 0 && busy && w.sure && now.Sub(w.passed) < busyPause {
		return false, nil // the turn that finds nothing to fold does it
	}
	if !w.sure {
		if err := w.undo(ctx, next, &mark); err != nil {
			return false, err
		}
	}
	if mark.Target == 0 {
		w.seen = w.counts()
		mark.Target, mark.Kind, mark.Source, mark.Subject = next(), kinds[0].name, "", ""
	} else if w.seen == nil {
		w.seen = map[string]uint64{} // what was folded before the pass began is not known
	}
	w.under = true
	return w.pass(ctx, next, mark, now)
}

// behind reports whether something was folded that the ledger has not seen.
func (w *Writer) behind() bool {
	for _, k := range kinds {
		if n, ok := w.seen[k.name]; !ok || n != w.Folded(k.name) {
			return true
		}
	}
	return false
}

func (w *Writer) counts() map[string]uint64 {
	seen := map[string]uint64{}
	for _, k := range kinds {
		seen[k.name] = w.Folded(k.name)
	}
	return seen
}

// undo takes back what was not confirmed to be written as a whole, and writes it anew.
func (w *Writer) undo(ctx context.Context, next func() uint64, mark *checkpoint.Movements) error {
	round, at := next(), w.Now()
	args := queries.Args{"confirmed": mark.Round, "round": round, "known_at": at}
	if err := w.Queries.Exec(ctx, w.Conn(), "figures/undo_rounds", args); err != nil {
		return err
	}
	for _, k := range kinds {
		args := queries.Args{"since": uint64(math.MaxUint64), "undone": round, "round": next(), "known_at": at}
		if err := w.Queries.Exec(ctx, w.Conn(), k.write, args); err != nil {
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

// pass writes part after part until all kinds are through or the time of the turn is over.
func (w *Writer) pass(ctx context.Context, next func() uint64, mark checkpoint.Movements, began time.Time) (more bool, err error) {
	for i, k := range kinds {
		if mark.Kind != k.name {
			continue
		}
		for {
			if w.Now().Sub(began) > turnTime {
				w.tell(mark)
				return true, w.Marks.Save(ctx, mark, next())
			}
			through, err := w.part(ctx, next, k, &mark)
			if err != nil {
				return false, fmt.Errorf("movements of %ss: %w", k.name, err)
			}
			if through {
				break
			}
		}
		if i+1 < len(kinds) {
			mark.Kind, mark.Source, mark.Subject = kinds[i+1].name, "", ""
		}
	}
	if mark.Through == 0 {
		w.Log.Info("the ledger of movements is filled")
	}
	mark = checkpoint.Movements{Through: mark.Target, Round: mark.Round, KnownAt: w.Now().UTC().Truncate(time.Millisecond)}
	w.passed, w.under = w.Now(), false
	return w.behind(), w.Marks.Save(ctx, mark, next())
}

// part writes the next subjects of a kind; through: they were the last.
func (w *Writer) part(ctx context.Context, next func() uint64, k kind, mark *checkpoint.Movements) (through bool, err error) {
	args := queries.Args{"since": mark.Through, "after_source": mark.Source, "after_subject": mark.Subject, "size": uint64(partSubjects - 1)}
	last, err := k.next.All(ctx, w.Queries, w.Conn(), args)
	if err != nil {
		return false, err
	}
	delete(args, "size")
	round := next()
	args["round"], args["known_at"] = round, w.Now()
	if len(last) > 0 {
		args["until_source"], args["until_subject"] = last[0].Source, last[0].Subject
	}
	if err := w.Queries.Exec(ctx, w.Conn(), k.write, args); err != nil {
		return false, err
	}
	mark.Round = round
	if len(last) == 0 {
		return true, nil
	}
	mark.Source, mark.Subject = last[0].Source, last[0].Subject
	return false, w.Marks.Save(ctx, *mark, round)
}

// tell says how far a long pass has come.
func (w *Writer) tell(mark checkpoint.Movements) {
	if w.Now().Sub(w.told) < 10*time.Second {
		return
	}
	w.told = w.Now()
	w.Log.Info("filling the ledger of movements", "kind", mark.Kind, "source", mark.Source, "subject", mark.Subject)
}
