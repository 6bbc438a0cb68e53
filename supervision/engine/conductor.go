package engine

import (
	"context"
	"fmt"
	"time"
)

// Stage is one part of the work under the lease.
type Stage struct {
	Name string
	// Run does what there is to do; an error ends the turn, and the next one repeats it.
	Run func(ctx context.Context, t *Turn) error
}

// Turn is one pass through all stages: what they tell those after them.
type Turn struct {
	lease *lease
	// Watermark is up to which instant states are complete.
	Watermark time.Time
	// Settled: no load is under way, so that periods which were never judged can be.
	Settled bool
	// Folded: there was something to fold; Backlog: there is more, which the next turn folds.
	Folded, Backlog bool
	// Behind: the watermark is that of an arrival while no engine worked; the next turn goes on.
	Behind bool
	// Periods: rules over periods are not through all that have closed.
	Periods bool
	// Moving: the ledger of movements is not yet where the states are.
	Moving bool
	// Scanned: alerts were scanned.
	Scanned bool
}

// next gives the version under which a stage writes.
func (t *Turn) next() uint64 { return t.lease.version() }

// conduct lists the stages in the direction of the data. Each reads the tables before it and
// writes its own; what goes wrong between two of them is done again by the next turn.
func (e *Engine) conduct() []Stage {
	return []Stage{
		{"watermark", e.announcing.watermark},
		{"fold", e.folding.run},
		{"movements", e.moving.run},
		{"evaluate", e.evaluate},
		{"announce", e.announcing.run},
		{"casework", e.follow},
		{"notify", e.notify},
	}
}

// turn goes through all stages; busy when there was something to do.
func (e *Engine) turn(ctx context.Context, l *lease, settled bool) (busy bool, err error) {
	t := &Turn{lease: l, Settled: settled}
	for _, s := range e.stages {
		if err := s.Run(ctx, t); err != nil {
			return false, fmt.Errorf("stage %s: %w", s.Name, err)
		}
	}
	if t.Folded {
		e.foldedAt = e.now()
	}
	e.backlog = t.Backlog || t.Behind || t.Periods || t.Moving
	return t.Folded || t.Behind || t.Periods || t.Moving, nil
}

// evaluate has the rules over periods evaluated, and those that failed; rules about subjects
// are with the fold, before its cursors move.
func (e *Engine) evaluate(ctx context.Context, t *Turn) (err error) {
	if t.Periods, err = e.evaluator.Periods(ctx, t.next, t.Watermark, t.Settled); err != nil {
		return err
	}
	return e.evaluator.Retry(ctx, t.next)
}

// follow opens the orders and proposes the referrals that alerts call for.
func (e *Engine) follow(ctx context.Context, t *Turn) error {
	return e.casework.Follow(ctx, t.next)
}

// notify has people told.
func (e *Engine) notify(ctx context.Context, t *Turn) error {
	if e.cfg.Notify == nil {
		return nil
	}
	changed := t.Scanned || !e.announcing.calm.holds(t.lease)
	if err := e.cfg.Notify(ctx, e.now(), e.announcer.Version(), changed); err != nil {
		// People are told later; alerts do not wait for that.
		e.log.Warn("notices interrupted, trying again", "error", err)
	}
	return nil
}

// prepare brings an engine that has just got the lease to where the states are.
func (e *Engine) prepare(ctx context.Context, l *lease) error {
	if _, err := e.RefreshCalendar(ctx); err != nil {
		return err
	}
	if err := e.folder.Resume(ctx); err != nil {
		return err
	}
	if err := e.folder.WriteReference(ctx); err != nil {
		return err
	}
	if err := e.folder.LoadCatalogue(ctx); err != nil {
		return err
	}
	e.casework.Restart()
	e.daily.restart()
	return e.reconciler.all(ctx, l.version)
}

// requestsEvery is how often it is asked whether a person wants everything folded again
// or has put another calendar into force.
const requestsEvery = 10 * time.Second

// settledLatest is how long after an engine began periods that were never judged are judged
// although facts keep coming.
const settledLatest = 10 * time.Minute

// work is what the holder of the lease does until ctx ends.
func (e *Engine) work(ctx context.Context, l *lease) error {
	if err := e.prepare(ctx, l); err != nil {
		return err
	}
	begun := e.now()
	e.foldedAt, e.moving.beside = begun, true
	for {
		if err := e.cfg.room(ctx); err != nil {
			return err
		}
		began := e.now()
		busy, err := e.turn(ctx, l, began.Sub(e.foldedAt) >= e.cfg.quiet() || began.Sub(begun) >= settledLatest)
		if err == nil {
			err = e.daily.run(ctx, l.version, busy)
		}
		if err != nil {
			return err
		}
		if e.now().Sub(e.requestedAt) >= min(requestsEvery, 40*e.cfg.Poll) {
			if err := e.reconciler.requests(ctx, l.version); err != nil {
				return err
			}
			if err := e.reconciler.followCalendar(ctx, l.version); err != nil {
				return err
			}
			e.requestedAt = e.now()
		}
		if err := e.pace.rest(ctx, e.pauseAfter(busy, e.now().Sub(began))); err != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
