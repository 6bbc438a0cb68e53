package evaluate

import (
	"context"
	"time"

	"duban/queries"
	"duban/supervision/checkpoint"
	"duban/supervision/rule"
)

// rewind sets a rule about days back to the first day that late facts are about; it
// reports whether it took note of something new.
func rewind(p *checkpoint.Progress, late checkpoint.LateFacts) bool {
	if late.None() || late == p.TakenUp {
		return false
	}
	p.TakenUp = late
	if !late.Day().Before(p.UpTo) {
		return true
	}
	if !p.Rejudging || late.Day().Before(p.Again) {
		p.Again = late.Day()
	}
	// From the beginning, also when an earlier day was being evaluated again: what is not
	// found again after this is gone.
	p.Rejudging, p.UpTo, p.LagMS, p.Version = true, p.Again, max(p.LagMS, late.LagMS), 0
	return true
}

// endReevaluation takes back what a rule no longer found when it was evaluated again about
// all days since the first that late facts are about.
func (e *Evaluator) endReevaluation(ctx context.Context, next func() uint64, r *rule.Rule, p *checkpoint.Progress) error {
	if p.Version > 0 {
		p.Taken, p.TakenLagMS = next(), p.LagMS
		if err := e.reg.Exec(ctx, e.conn(), "engine/gone_chains_of_periods", queries.Args{
			"rule_id": r.ID, "rule_version": r.Version, "since": p.Again, "asked_since": p.Version, "fold_version": p.Taken, "at": e.now(),
		}); err != nil {
			return err
		}
		// What was found meanwhile was not announced: it is written once more, as a whole.
		if err := e.reg.Exec(ctx, e.conn(), "engine/say_again", queries.Args{
			"rule_id": r.ID, "rule_version": r.Version, "since": p.Again, "asked_since": p.Version, "fold_version": p.Taken,
		}); err != nil {
			return err
		}
	}
	p.Rejudging, p.Version, p.LagMS = false, 0, 0
	e.state(r.ID).reevaluating = false
	return nil
}

// readReevaluating takes up how late the facts were for which days were evaluated again,
// when what that took back was not announced before the engine ended, and which rules are
// being evaluated again.
func (e *Evaluator) readReevaluating(marks checkpoint.Set) error {
	for _, s := range e.states {
		s.reevaluating = false
	}
	announced, _ := e.announced()
	for _, r := range e.rules.Of(rule.EachDay, "") {
		p, err := marks.Progress(r.ID, r.Version)
		if err != nil {
			return err
		}
		s := e.state(r.ID)
		if p.Rejudging {
			s.lateness = max(s.lateness, p.LagMS)
			s.reevaluating = true
		}
		if p.Taken > announced {
			s.lateness = max(s.lateness, p.TakenLagMS)
		}
	}
	return nil
}

// later is the later of two instants.
func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
