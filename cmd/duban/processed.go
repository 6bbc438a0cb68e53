package main

import (
	"context"
	"errors"
	"time"

	"duban/cmd/duban/internal/shell"
	"duban/internal/instance"
)

// awayAtMost is how long an instance that is started anew is waited for.
const awayAtMost = 2 * time.Minute

// errRestarted says that the instance that was asked is gone or another process by now,
// at other addresses.
var errRestarted = errors.New("the instance was started anew")

// waitUntilProcessed waits until an instance has folded and announced everything that was
// published before an instant. One that is started anew meanwhile is waited for.
func waitUntilProcessed(ctx context.Context, c *shell.Common, since time.Time) error {
	away := time.Now()
	for {
		err := waitOnce(ctx, c, since)
		if errors.Is(err, errRestarted) {
			away = time.Now()
		} else if !errors.Is(err, instance.ErrNotRunning) || time.Since(away) > awayAtMost {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(500 * time.Millisecond):
		}
	}
}

// waitOnce waits as long as the instance is the one that it found.
func waitOnce(ctx context.Context, c *shell.Common, since time.Time) error {
	cfg, err := c.Load(nil)
	if err != nil {
		return err
	}
	// Before the client is made: it must not be that of a process that went between.
	found, absent := instance.Read(cfg.Data)
	cl, err := c.Open()
	if err != nil {
		return err
	}
	defer cl.Close()
	if _, err := instance.Read(cfg.Data); absent != nil && err == nil {
		return errRestarted
	}
	watched, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if absent == nil { // else the engines are others'
		go func() {
			tick := time.NewTicker(500 * time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-watched.Done():
					return
				case <-tick.C:
				}
				if now, err := instance.Read(cfg.Data); err != nil || now.PID != found.PID || now.ClickHouse != found.ClickHouse {
					stop(errRestarted)
					return
				}
			}
		}()
	}
	err = waitAnnounced(watched, cl, since)
	if cause := context.Cause(watched); errors.Is(cause, errRestarted) {
		return cause
	}
	return err
}
