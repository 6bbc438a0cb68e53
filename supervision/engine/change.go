package engine

import (
	"context"
	"fmt"
	"strings"

	"duban/queries"
	"duban/supervision/alert"
	"duban/supervision/rule"
)

// changeOf says what differs between two marks of the rules: the calendar, or
// the rules and policy.
func changeOf(was, is string) string {
	calendarOf := func(mark string) string {
		_, after, _ := strings.Cut(mark, ", calendar ")
		version, _, _ := strings.Cut(after, ",")
		return version
	}
	if calendarOf(was) != calendarOf(is) {
		return alert.CalendarChanged
	}
	return alert.RuleChanged
}

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
	return e.hold(ctx, func(ctx context.Context, l *lease) error {
		if err := e.prepare(ctx, l); err != nil {
			return err
		}
		if err := e.replayPeriods(ctx, l); err != nil {
			return err
		}
		_, err := e.announce(ctx, l, e.announcer.Until())
		return err
	})
}

// replayPeriods asks the rules over hours and days that the original never asked
// in their version: closed periods are not judged again by a rule that has.
func (e *Engine) replayPeriods(ctx context.Context, l *lease) error {
	marks, err := e.marks(ctx)
	if err != nil {
		return err
	}
	for _, r := range append(e.cfg.Rules.Of(rule.EachDay, ""), e.cfg.Rules.Of(rule.EachHour, "")...) {
		if marks[fmt.Sprintf("periods of %s@%d", r.ID, r.Version)] != "" {
			continue
		}
		for more := true; more; {
			if more, err = e.periodsOf(ctx, l, r, marks, e.announcer.Until(), e.now().Add(periodTime)); err != nil {
				return err
			}
			if marks, err = e.marks(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}
