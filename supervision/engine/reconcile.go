package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"duban/queries"
	"duban/supervision/alert"
	"duban/supervision/checkpoint"
	"duban/supervision/fold"
)

// reconciler brings states and alerts under the calendar, the policy, the program and the
// rules in force where they were made with others. next gives the versions under which it
// writes.
type reconciler struct{ *parts }

// all reconciles everything.
func (r *reconciler) all(ctx context.Context, next func() uint64) error {
	if err := r.calendar(ctx, next); err != nil {
		return err
	}
	// Where more than the calendar differs, everything is folded and evaluated again.
	if err := r.states(ctx, next); err != nil {
		return err
	}
	return r.alerts(ctx, next)
}

// foldProgram changes whenever the fold gives other states for the same facts.
const foldProgram = "13"

// basis names what the states depend on besides the facts and the catalogue.
func (r *reconciler) basis() (checkpoint.Basis, error) {
	policy, err := json.Marshal(r.cfg.Policy)
	if err != nil {
		return checkpoint.Basis{}, fmt.Errorf("encode policy: %w", err)
	}
	sum := sha256.Sum256(policy)
	return checkpoint.Basis{Program: foldProgram, Calendar: r.Calendar().Version(), Policy: hex.EncodeToString(sum[:8])}, nil
}

// states folds everything again when the calendar, the policy or the
// program is not what the states were folded with.
func (r *reconciler) states(ctx context.Context, next func() uint64) error {
	_, was, want, err := r.bases(ctx)
	if err != nil || was == want {
		return err
	}
	cursors, err := r.folder.Cursors(ctx)
	if err != nil {
		return err
	}
	if len(cursors) == 0 { // nothing is folded yet
		return r.marks.Save(ctx, want, next())
	}
	r.log.Info("folding everything again", "was", was.String(), "is", want.String())
	if err := r.foldEverything(ctx, next); err != nil {
		return err
	}
	return r.marks.Save(ctx, want, next())
}

// requests folds everything again when somebody asked for it.
func (r *reconciler) requests(ctx context.Context, next func() uint64) error {
	marks, err := r.marks.Stored(ctx)
	if err != nil {
		return err
	}
	asked, err := marks.Requested()
	if err != nil {
		return err
	}
	answered, err := marks.Answered()
	if err != nil || asked.ID == "" || asked.ID == answered.ID {
		return err
	}
	r.log.Info("folding everything again on request", "request", asked.ID)
	if err := r.foldEverything(ctx, next); err != nil {
		return err
	}
	if err := r.marks.Save(ctx, checkpoint.Rules{}, next()); err != nil {
		return err
	}
	if err := r.alerts(ctx, next); err != nil {
		return err
	}
	return r.marks.Save(ctx, checkpoint.Answered(asked), next())
}

// foldEverything folds all subjects of all kinds under one version.
func (r *reconciler) foldEverything(ctx context.Context, next func() uint64) error {
	n, version := &fold.Counts{}, next()
	if err := r.folder.Cases(ctx, "engine/facts_of_all_cases", queries.Args{}, version, n); err != nil {
		return err
	}
	if err := r.folder.Tickets(ctx, "engine/facts_of_all_tickets", queries.Args{}, version, n); err != nil {
		return err
	}
	if err := r.folder.Ratings(ctx, "engine/facts_of_all_ratings", queries.Args{}, version, n); err != nil {
		return err
	}
	return r.casework.OpenRatingOrders(ctx, version) // another policy may make ratings count that did not
}

// bases are what the states were folded with and what they are to be folded with, beside the
// checkpoints that the first was read from.
func (r *reconciler) bases(ctx context.Context) (marks checkpoint.Set, was, want checkpoint.Basis, err error) {
	if want, err = r.basis(); err != nil {
		return nil, was, want, err
	}
	if marks, err = r.marks.Stored(ctx); err != nil {
		return nil, was, want, err
	}
	was, err = marks.Basis()
	return marks, was, want, err
}

// alerts evaluates every rule about every subject when the rules, or what the states stand
// on, are not what they were.
func (r *reconciler) alerts(ctx context.Context, next func() uint64) error {
	if r.cfg.Rules == nil {
		return nil
	}
	marks, _, basis, err := r.bases(ctx)
	if err != nil {
		return err
	}
	if err := r.takeUp(marks); err != nil {
		return err
	}
	was, err := marks.Rules()
	if err != nil {
		return err
	}
	want := r.evaluator.Basis(basis)
	if was == want {
		return nil
	}
	version := next()
	if was != (checkpoint.Rules{}) {
		r.log.Info("rules changed, evaluating all of them about everything", "was", was.String(), "is", want.String())
		reason := alert.RuleChanged
		if was.Basis.Calendar != want.Basis.Calendar {
			reason = alert.CalendarChanged
		}
		if err := r.announcer.Because(ctx, next, version, reason); err != nil {
			return err
		}
	}
	return r.evaluator.Everything(ctx, next, version, want)
}

// takeUp reads how far an engine before this one came with its alerts.
func (r *reconciler) takeUp(marks checkpoint.Set) error {
	if err := r.announcer.Read(marks); err != nil {
		return err
	}
	return r.evaluator.Read(marks)
}
