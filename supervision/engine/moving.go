package engine

import (
	"context"
	"errors"
	"time"

	"duban/queries"
)

// moving has the ledger of movements follow the states: beside the fold and the alerts where
// the engine keeps running, so that filling it holds nobody up; in the turn where it runs once.
type moving struct {
	*parts
	// beside: the engine keeps running.
	beside bool
	// done receives how the pass under way ended; nil when there is none.
	done chan error
	// notBefore is when to try again after a failure.
	notBefore time.Time
}

// movingRetry is how long the ledger waits after a failure.
const movingRetry = 15 * time.Second

// run is a stage: no fold is under way, so all states up to the last version are written.
func (m *moving) run(ctx context.Context, t *Turn) error {
	if !m.cfg.Movements {
		return nil
	}
	w := m.movements
	if !m.beside {
		if !w.Behind() {
			return nil
		}
		w.Begin(t.lease.current())
		if err := w.Follow(ctx, t.lease.ledgerVersion); err != nil {
			return err
		}
		t.Moving = w.Behind()
		return nil
	}
	if m.done != nil {
		select {
		case err := <-m.done:
			m.end(ctx, err)
		default:
			return nil
		}
	}
	if m.now().Before(m.notBefore) || !w.Due() {
		return nil
	}
	w.Begin(t.lease.current())
	m.done = make(chan error, 1)
	// One thread leaves the others to the fold and to readers.
	go func(done chan<- error) { done <- w.Follow(queries.OneThread(ctx), t.lease.ledgerVersion) }(m.done)
	return nil
}

// end takes up how a pass ended. Figures are computed from the states meanwhile, so a
// failure stops nothing.
func (m *moving) end(ctx context.Context, err error) {
	m.done = nil
	if err != nil && ctx.Err() == nil && !errors.Is(err, context.Canceled) {
		m.notBefore = m.now().Add(movingRetry)
		m.log.Warn("ledger of movements interrupted, trying again", "error", err)
	}
}

// await waits until the pass under way has ended; whoever calls has ended its context.
func (m *moving) await() {
	if m.done != nil {
		<-m.done
		m.done = nil
	}
}
