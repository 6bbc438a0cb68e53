package engine

import (
	"context"
	"fmt"

	"duban/queries"
)

// CopyFrom fills the empty, migrated database of this engine with the tables of
// another one on the same server.
func CopyFrom(ctx context.Context, main, scratch Store, reg *queries.Registry, name string) error {
	tables, err := selectTables.All(ctx, reg, main.Conn(), queries.Args{})
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := reg.Exec(ctx, scratch.Conn(), "change/copy", queries.Args{"main": name, "name": t.Name}); err != nil {
			return fmt.Errorf("copy table %s: %w", t.Name, err)
		}
	}
	return nil
}

// Replay brings a copy of a database under the calendar, the policy and the
// rules of this engine, as far as the original had come and no further: what
// differs afterwards is what the change moves. It tells nobody.
func (e *Engine) Replay(ctx context.Context) error {
	defer e.pool.Close()
	return e.runAsLeader(ctx, func(ctx context.Context, l *lease) error {
		if err := e.prepare(ctx, l); err != nil {
			return err
		}
		if err := e.evaluator.Unjudged(ctx, l.version, e.announcer.Until()); err != nil {
			return err
		}
		return e.announcing.run(ctx, &Turn{lease: l, Watermark: e.announcer.Until()})
	})
}
