package engine

import (
	"context"
	"fmt"
	"time"

	"duban/queries"
	"duban/supervision/rule"
)

// china is the zone of law as a fixed offset; it has had no daylight saving
// since 1991.
var china = time.FixedZone("Asia/Shanghai", 8*60*60)

// periodsPerRound bounds how many closed periods of one rule are judged before
// the fold has its turn again.
const periodsPerRound = 62

// evaluatePeriods asks the rules over hours and days about the local periods that
// have closed since they were asked last; busy when there are more.
func (e *Engine) evaluatePeriods(ctx context.Context, l *lease, watermark time.Time) (busy bool, err error) {
	if e.cfg.Rules == nil {
		return false, nil
	}
	rules := append(e.cfg.Rules.Of(rule.EachDay, ""), e.cfg.Rules.Of(rule.EachHour, "")...)
	if len(rules) == 0 {
		return false, nil
	}
	marks, err := e.marks(ctx)
	if err != nil {
		return false, err
	}
	for _, r := range rules {
		more, err := e.periodsOf(ctx, l, r, marks, watermark)
		if err != nil {
			return false, err
		}
		busy = busy || more
	}
	return busy, nil
}

// periodsOf asks one rule about its next closed periods.
func (e *Engine) periodsOf(ctx context.Context, l *lease, r *rule.Rule, marks map[string]string, watermark time.Time) (more bool, err error) {
	if at, failed := e.rules.behind[r.ID]; failed && e.now().Before(at) {
		return false, nil
	}
	mark := fmt.Sprintf("periods of %s@%d", r.ID, r.Version)
	from, err := e.periodStart(ctx, r, marks[mark])
	if err != nil || from.IsZero() {
		return false, err
	}
	version, n := uint64(0), 0
	for ; n < periodsPerRound; n++ {
		until := nextBoundary(r.Evaluation, from)
		if until.Add(time.Duration(r.Hold)).After(watermark) {
			break
		}
		if version == 0 {
			version = l.version()
		}
		if err := e.ask(ctx, r, queries.Args{"from": from, "until": until}, version); err != nil {
			return false, err
		}
		if _, failed := e.rules.behind[r.ID]; failed {
			break
		}
		from = until
	}
	if n == 0 {
		return false, nil
	}
	if err := e.writeTimers(ctx, version); err != nil {
		return false, err
	}
	return n == periodsPerRound, e.saveMark(ctx, l, mark, from.UTC().Format(time.RFC3339))
}

// periodStart is the beginning of the first period that was not judged; zero when
// there are no facts.
func (e *Engine) periodStart(ctx context.Context, r *rule.Rule, mark string) (time.Time, error) {
	if mark != "" {
		return time.Parse(time.RFC3339, mark)
	}
	res, err := e.reg.Run(ctx, e.db.Conn(), "engine/first_fact_day", queries.Args{})
	if err != nil {
		return time.Time{}, err
	}
	first := res.Rows[0][0].(time.Time)
	if first.Year() >= 2299 {
		return time.Time{}, nil
	}
	// Hours of years ago concern nobody: what is judged by the hour begins with
	// the last two days.
	if r.Evaluation == rule.EachHour {
		first = later(first, e.now().Add(-48*time.Hour))
	}
	first = first.In(china)
	return time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, china), nil
}

func nextBoundary(evaluation string, from time.Time) time.Time {
	if evaluation == rule.EachHour {
		return from.Add(time.Hour)
	}
	return from.Add(24 * time.Hour)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
