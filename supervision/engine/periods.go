package engine

import (
	"context"
	"fmt"
	"time"

	"duban/queries"
	"duban/supervision/lawzone"
	"duban/supervision/rule"
)

// day is a local day.
const day = 24 * time.Hour

// periodTime bounds how long closed periods are judged before the fold and the
// alerts have their turn again; at least one is.
const periodTime = time.Second

// evaluatePeriods asks the rules over hours and days about the local periods that
// have closed since they were asked last; busy when there are more.
func (e *Engine) evaluatePeriods(ctx context.Context, l *lease, watermark time.Time) (busy bool, err error) {
	// Before everything of a first load was folded once no period is known to be over, and
	// nothing is known from which to begin.
	if e.cfg.Rules == nil || watermark.Unix() <= 0 {
		return false, nil
	}
	rules := append(e.cfg.Rules.Of(rule.EachDay, ""), e.cfg.Rules.Of(rule.EachHour, "")...)
	if len(rules) == 0 {
		return false, nil
	}
	marks, err := e.keptMarks(ctx)
	if err != nil {
		return false, err
	}
	if err := e.promote(ctx, l, marks); err != nil {
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
	done, err := readProgress(marks[progressMark(r)])
	if err != nil {
		return false, fmt.Errorf("read mark %s: %w", progressMark(r), err)
	}
	changed := done.upTo.IsZero() // the start is kept, as it costs a look at all states
	if changed {
		if done.upTo, err = e.periodStart(ctx, r, watermark); err != nil {
			return false, err
		}
	}
	if r.Evaluation == rule.EachDay && done.rewind(marks[markAgain]) {
		changed = true
	}
	closed, version := watermark.Add(-time.Duration(r.Hold)), uint64(0)
	for version == 0 || e.now().Before(limit) {
		from, until, ok := nextPeriod(r, done.upTo, closed)
		if !ok {
			break
		}
		if version == 0 {
			version = l.version()
		}
		if done.rejudging && done.version == 0 {
			done.version = version
			e.rules.rejudging[r.ID] = true
			// Whoever takes over must know that half of what the rule says is not all.
			if err := e.saveMark(ctx, l, progressMark(r), done.String()); err != nil {
				return false, err
			}
		}
		if err := e.ask(ctx, r, queries.Args{"from": from, "until": until}, version); err != nil {
			return false, err
		}
		if _, failed := e.rules.behind[r.ID]; failed {
			break
		}
		done.upTo = until
	}
	_, failed := e.rules.behind[r.ID]
	_, _, more = nextPeriod(r, done.upTo, closed)
	more = more && !failed
	if done.rejudging {
		e.rules.lateness[r.ID] = done.lag
		if !more && !failed {
			changed = true
			if err := e.endRejudging(ctx, l, r, &done); err != nil {
				return false, err
			}
		}
	}
	if version > 0 {
		if err := e.writeTimers(ctx, version); err != nil {
			return false, err
		}
	}
	if version == 0 && !changed {
		return false, nil
	}
	return more, e.saveMark(ctx, l, progressMark(r), done.String())
}

// most is how many days a rule that takes many periods is asked about at once.
const most = 92

// nextPeriod is the next closed period, or run of them, that a rule is asked about;
// false when it has not closed yet.
func nextPeriod(r *rule.Rule, from, closed time.Time) (begin, until time.Time, ok bool) {
	if r.Evaluation == rule.EachHour {
		return from, runEnd(r, from, closed, time.Hour), !from.Add(time.Hour).After(closed)
	}
	if r.Closes == rule.ClosesMonth {
		at := from.In(lawzone.Zone)
		until = time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, lawzone.Zone)
		return until.Add(-day), until, !until.After(closed)
	}
	return from, runEnd(r, from, closed, day), !from.Add(day).After(closed)
}

// runEnd is the end of the next period of a length, or of all closed ones up to most days
// for a rule that takes many.
func runEnd(r *rule.Rule, from, closed time.Time, length time.Duration) time.Time {
	n := time.Duration(1)
	if r.AtOnce {
		n = max(n, min(closed.Sub(from), most*day)/length)
	}
	return from.Add(n * length)
}

// judgedBack is how far back rules over periods look when they are asked for the
// first time: a little more than the year that an assessment covers. What is older
// is closed (domain guide 7.4).
const judgedBack = 400 * day

// periodStart is the beginning of the first period for a rule that was never asked: the
// earliest fact of what lived lately; without one, the day before.
func (e *Engine) periodStart(ctx context.Context, r *rule.Rule, watermark time.Time) (time.Time, error) {
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
	return startOfDay(first), nil
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
