package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"duban/queries"
	"duban/supervision/checkpoint"
	"duban/supervision/fold"
)

// foldProgram changes whenever the fold gives other states for the same facts.
const foldProgram = "11"

// basis names what the states depend on besides the facts and the catalogue.
func (e *Engine) basis() (checkpoint.Basis, error) {
	policy, err := json.Marshal(e.cfg.Policy)
	if err != nil {
		return checkpoint.Basis{}, fmt.Errorf("encode policy: %w", err)
	}
	sum := sha256.Sum256(policy)
	return checkpoint.Basis{Program: foldProgram, Calendar: e.Calendar().Version(), Policy: hex.EncodeToString(sum[:8])}, nil
}

// settleBasis folds everything again when the calendar, the policy or the
// program is not what the states were folded with.
func (e *Engine) settleBasis(ctx context.Context, l *lease) error {
	_, was, want, err := e.bases(ctx)
	if err != nil || was == want {
		return err
	}
	next, err := e.folder.Cursors(ctx)
	if err != nil {
		return err
	}
	if len(next) == 0 { // nothing is folded yet
		return e.checkpoint(ctx, l, want)
	}
	e.log.Info("folding everything again", "was", was.String(), "is", want.String())
	if err := e.foldEverything(ctx, l); err != nil {
		return err
	}
	return e.checkpoint(ctx, l, want)
}

// answerRequests folds everything again when somebody asked for it.
func (e *Engine) answerRequests(ctx context.Context, l *lease) error {
	marks, err := e.marks(ctx)
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
	e.log.Info("folding everything again on request", "request", asked.ID)
	if err := e.foldEverything(ctx, l); err != nil {
		return err
	}
	if err := e.saveMark(ctx, l, markRules, ""); err != nil {
		return err
	}
	if err := e.settleRules(ctx, l); err != nil {
		return err
	}
	return e.checkpoint(ctx, l, checkpoint.Answered(asked))
}

// Recompute has every subject folded again from all of its facts, by the
// engine that holds the lease, and waits for it. It runs that engine itself
// when no other one does.
func (e *Engine) Recompute(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	request := checkpoint.Requested{ID: newOwner()}
	if err := requestRecompute(ctx, e.db.Conn(), e.reg, request, e.now()); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	for {
		if answered, err := e.answered(ctx); err == nil && answered.ID == request.ID {
			cancel()
			return <-ended
		}
		if err := e.sleep(ctx, e.cfg.Poll); err != nil {
			return err
		}
	}
}

// RequestRecompute asks the engine that works, or the next one, to fold every subject again from
// all of its facts.
func RequestRecompute(ctx context.Context, conn queries.Conn, reg *queries.Registry, now time.Time) error {
	return requestRecompute(ctx, conn, reg, checkpoint.Requested{ID: newOwner()}, now)
}

func requestRecompute(ctx context.Context, conn queries.Conn, reg *queries.Registry, r checkpoint.Requested, now time.Time) error {
	return checkpoint.Save(ctx, reg, conn, r, uint64(now.UnixNano()), now) //nolint:gosec // after 1970
}

// DerivedTables are the tables whose rows a recompute makes again, all of them, from the facts.
func DerivedTables() []string {
	return []string{"cases", "tickets", "rating_states", "alert_chains", "alert_timers"}
}

// foldEverything folds all subjects of all kinds under one version.
func (e *Engine) foldEverything(ctx context.Context, l *lease) error {
	n, version := &fold.Counts{}, l.version()
	if err := e.folder.Cases(ctx, "engine/facts_of_all_cases", queries.Args{}, version, n); err != nil {
		return err
	}
	if err := e.folder.Tickets(ctx, "engine/facts_of_all_tickets", queries.Args{}, version, n); err != nil {
		return err
	}
	if err := e.folder.Ratings(ctx, "engine/facts_of_all_ratings", queries.Args{}, version, n); err != nil {
		return err
	}
	return e.casework.OpenRatingOrders(ctx, version) // another policy may make ratings count that did not
}

func (e *Engine) answered(ctx context.Context) (checkpoint.Answered, error) {
	marks, err := e.marks(ctx)
	if err != nil {
		return checkpoint.Answered{}, err
	}
	return marks.Answered()
}
