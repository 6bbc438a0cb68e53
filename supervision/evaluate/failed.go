package evaluate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"duban/queries"
	"duban/supervision/checkpoint"
	"duban/supervision/rule"
)

// Basis is what alerts are evaluated with on states that stand on a basis.
func (e *Evaluator) Basis(states checkpoint.Basis) checkpoint.Rules {
	return checkpoint.Rules{Hash: e.rules.Hash(e.reg), Basis: states}
}

// Everything evaluates every rule about every subject under a version, takes back the
// chains of rules that are no more, and notes with what that was done, last; next
// gives the versions of checkpoints.
func (e *Evaluator) Everything(ctx context.Context, next func() uint64, version uint64, with checkpoint.Rules) error {
	current := []string{}
	for _, r := range e.rules.All() {
		if !r.Suspended {
			current = append(current, fmt.Sprintf("%s@%d", r.ID, r.Version))
		}
	}
	if err := e.everySubject(ctx, e.rules.Of(rule.EachFold, ""), version); err != nil {
		return err
	}
	if err := e.reg.Exec(ctx, e.conn(), "engine/gone_chains_of_old_rules", queries.Args{
		"current": current, "fold_version": version, "at": e.now(),
	}); err != nil {
		return err
	}
	if err := e.SaveFailed(ctx, next); err != nil {
		return err
	}
	return e.marks.Save(ctx, with, next())
}

// Retry evaluates rules that failed about everything, when it is time.
func (e *Evaluator) Retry(ctx context.Context, next func() uint64) error {
	for id, s := range e.states {
		if !s.failed() {
			continue
		}
		r, ok := e.rules.Get(id)
		if !ok {
			s.retryAt = time.Time{}
			continue
		}
		if r.Evaluation != rule.EachFold || e.now().Before(s.retryAt) {
			continue // rules over periods are evaluated again with their next period
		}
		if err := e.everySubject(ctx, []*rule.Rule{r}, next()); err != nil {
			return err
		}
	}
	return e.SaveFailed(ctx, next)
}

// SaveFailed keeps which rules about folded subjects have failed, before the checkpoint is
// moved that says that they were evaluated: an engine that starts after this one must
// know.
func (e *Evaluator) SaveFailed(ctx context.Context, next func() uint64) error {
	if e.rules == nil {
		return nil
	}
	ids := []string{}
	for id, s := range e.states {
		if r, ok := e.rules.Get(id); ok && s.failed() && r.Evaluation == rule.EachFold {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	if slices.Equal(ids, e.savedFailed) {
		return nil
	}
	if err := e.marks.Save(ctx, checkpoint.FailedRules{IDs: ids}, next()); err != nil {
		return err
	}
	e.savedFailed = ids
	return nil
}

// readFailed takes up which rules failed before.
func (e *Evaluator) readFailed(marks checkpoint.Set) error {
	failed, err := marks.FailedRules()
	if err != nil {
		return err
	}
	e.savedFailed = failed.IDs
	for _, id := range failed.IDs {
		if s := e.state(id); !s.failed() {
			s.retryAt = e.now()
		}
	}
	return nil
}
