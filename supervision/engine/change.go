package engine

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"duban/queries"
	"duban/supervision/alert"
)

// markWhy names the fold versions under which something other than facts moved
// the chains, until their alerts are announced.
const markWhy = "alerts_why"

// because notes why the chains of a version differ from what was announced, so
// that a crash before the announcement does not forget it.
func (e *Engine) because(ctx context.Context, l *lease, version uint64, why string) error {
	if e.cfg.Rules == nil {
		return nil
	}
	if e.looked.whys == nil {
		e.looked.whys = map[uint64]string{}
	}
	e.looked.whys[version] = why
	var all []string
	for v, w := range e.looked.whys {
		all = append(all, strconv.FormatUint(v, 10)+" "+w)
	}
	return e.saveMark(ctx, l, markWhy, strings.Join(all, ";"))
}

// readWhys takes over what because noted and no announcement has answered.
func (e *Engine) readWhys(text string) {
	for part := range strings.SplitSeq(text, ";") {
		v, why, ok := strings.Cut(part, " ")
		if version, err := strconv.ParseUint(v, 10, 64); ok && err == nil && version > e.looked.version {
			if e.looked.whys == nil {
				e.looked.whys = map[uint64]string{}
			}
			e.looked.whys[version] = why
		}
	}
}

// whyOf is why the steps of a candidate may differ from what was announced;
// empty for the arrival of facts.
func (e *Engine) whyOf(m map[string]any) string {
	if m["outage_moved"].(bool) {
		return alert.Outage
	}
	return e.looked.whys[m["chain_version"].(uint64)]
}

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
	res, err := reg.Run(ctx, main.Conn(), "change/tables", queries.Args{})
	if err != nil {
		return err
	}
	for _, row := range res.Rows {
		if err := reg.Exec(ctx, scratch.Conn(), "change/copy", queries.Args{"main": name, "name": row[0].(string)}); err != nil {
			return fmt.Errorf("copy table %s: %w", row[0], err)
		}
	}
	return nil
}

// Replay brings a copy of a database under the calendar, the policy and the
// rules of this engine, as far as the original had come and no further: what
// differs afterwards is what the change moves. It tells nobody.
func (e *Engine) Replay(ctx context.Context) error {
	defer e.links.closeAll()
	return e.hold(ctx, func(ctx context.Context, l *lease) error {
		if err := e.prepare(ctx, l); err != nil {
			return err
		}
		for {
			busy, err := e.evaluatePeriods(ctx, l, e.looked.until)
			if err != nil {
				return err
			}
			if !busy {
				return e.announce(ctx, l, later(e.looked.until, time.Unix(0, 0)))
			}
		}
	})
}
