package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

const (
	// watchEvery is how often a running server is asked whether it answers.
	watchEvery = 5 * time.Second
	// startPatience bounds a start that is not the first: loading much data takes its time.
	startPatience = 10 * time.Minute
)

// watch waits until the server answers, says so, and goes on asking; it returns when the
// child has to be started again, or with ctx. A process that lives is not yet one that
// serves: it can be stopped, or have lost its listener.
func (e *Embedded) watch(ctx context.Context, onReady func()) error {
	start, cancel := context.WithTimeoutCause(ctx, startPatience, fmt.Errorf("ClickHouse does not answer %s after its start", startPatience))
	defer cancel()
	if e.awaitReady(start) != nil {
		return context.Cause(start)
	}
	select { // what was found wrong with the one before
	case <-e.broken:
	default:
	}
	onReady()
	tick := time.NewTicker(min(watchEvery, e.cfg.DeafAfter/4))
	defer tick.Stop()
	heard := time.Now()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-e.broken:
			return err
		case <-tick.C:
		}
		err := e.ask(ctx)
		if err == nil {
			heard = time.Now()
			continue
		}
		if silent := time.Since(heard); silent >= e.cfg.DeafAfter && ctx.Err() == nil {
			return fmt.Errorf("ClickHouse has not answered for %s: %w", silent.Round(time.Second), err)
		}
	}
}

// ask returns nil when the server answers a new client at all, be it with a refusal.
func (e *Embedded) ask(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, e.cfg.DeafAfter/2)
	defer cancel()
	err := pingAnew(ctx, e.DSN())
	if ex := (*clickhouse.Exception)(nil); errors.As(err, &ex) {
		return nil
	}
	return err
}

// Restart ends the child and starts it again, because of what was found wrong with it.
func (e *Embedded) Restart(why error) {
	select {
	case e.broken <- why:
	default: // one is on its way
	}
}
