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

// periodTime bounds how long closed periods are judged before the fold and the
// alerts have their turn again; at least one is.
const periodTime = time.Second

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
	until := e.now().Add(periodTime)
	// The rules take turns, so that none waits for the past of another.
	for i := range rules {
		r := rules[(i+e.rules.turn)%len(rules)]
		if i > 0 && e.now().After(until) {
			e.rules.turn += i
			return true, nil
		}
		more, err := e.periodsOf(ctx, l, r, marks, watermark, until)
		if err != nil {
			return false, err
		}
		busy = busy || more
	}
	return busy, nil
}

// periodsOf asks one rule about its next closed periods.
func (e *Engine) periodsOf(ctx context.Context, l *lease, r *rule.Rule, marks map[string]string, watermark, limit time.Time) (more bool, err error) {
	if at, failed := e.rules.behind[r.ID]; failed && e.now().Before(at) {
		return false, nil
	}
	mark := fmt.Sprintf("periods of %s@%d", r.ID, r.Version)
	from, err := e.periodStart(ctx, r, marks[mark], watermark)
	if err != nil {
		return false, err
	}
	version, n, done := uint64(0), 0, false
	for ; n == 0 || e.now().Before(limit); n++ {
		until := nextBoundary(r.Evaluation, from)
		if until.Add(time.Duration(r.Hold)).After(watermark) {
			done = true
			break
		}
		if version == 0 {
			version = l.version()
		}
		if err := e.ask(ctx, r, queries.Args{"from": from, "until": until}, version); err != nil {
			return false, err
		}
		if _, failed := e.rules.behind[r.ID]; failed {
			done = true
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
	return !done, e.saveMark(ctx, l, mark, from.UTC().Format(time.RFC3339))
}

// judgedBack is how far back rules over periods look when they are asked for the
// first time: a little more than the year that an assessment covers. What is older
// is closed (domain guide 7.4).
const judgedBack = 400 * 24 * time.Hour

// periodStart is the beginning of the first period that was not judged. A rule that
// was never asked begins with the earliest fact of what lived lately; without one,
// with the day before.
func (e *Engine) periodStart(ctx context.Context, r *rule.Rule, mark string, watermark time.Time) (time.Time, error) {
	if mark != "" {
		return time.Parse(time.RFC3339, mark)
	}
	since := watermark.Add(-judgedBack)
	if r.Evaluation == rule.EachHour {
		// Hours of long ago concern nobody.
		since = watermark.Add(-48 * time.Hour)
	}
	res, err := e.reg.Run(ctx, e.db.Conn(), "engine/first_fact_day", queries.Args{"since": since})
	if err != nil {
		return time.Time{}, err
	}
	first := later(res.Rows[0][0].(time.Time), since)
	if first.After(watermark) {
		first = watermark.Add(-24 * time.Hour)
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
