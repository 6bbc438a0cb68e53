package engine

import (
	"context"
	"time"

	"duban/queries"
	"duban/supervision/checkpoint"
)

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
		if err := sleep(ctx, e.cfg.Poll); err != nil {
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

func (e *Engine) answered(ctx context.Context) (checkpoint.Answered, error) {
	marks, err := e.marks.Stored(ctx)
	if err != nil {
		return checkpoint.Answered{}, err
	}
	return marks.Answered()
}
