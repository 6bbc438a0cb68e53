package evaluate

import (
	"context"
	"time"

	"duban/queries"
	"duban/supervision/checkpoint"
	"duban/supervision/lawzone"
	"duban/supervision/rule"
)

// day is a local day.
const day = 24 * time.Hour

// periodTime bounds how long closed periods are judged before the fold and the
// alerts have their turn again; at least one is.
const periodTime = time.Second

// Periods evaluates the rules over hours, days and months about the local periods that
// have closed since they were evaluated last; more when it left some. next gives the
// versions under which it writes. A rule that was never evaluated waits until a load is
// settled: what it found in half of a load would all have to be found again.
func (e *Evaluator) Periods(ctx context.Context, next func() uint64, watermark time.Time, settled bool) (more bool, err error) {
	// Before everything of a first load was folded once no period is known to be over, and
	// nothing is known from which to begin.
	if e.rules == nil || watermark.Unix() <= 0 {
		return false, nil
	}
	rules := e.overPeriods()
	if len(rules) == 0 {
		return false, nil
	}
	if err := e.promoteLate(ctx, next); err != nil {
		return false, err
	}
	marks, err := e.marks.Kept(ctx)
	if err != nil {
		return false, err
	}
	until := e.now().Add(periodTime)
	// The rules take turns, so that none waits for the past of another.
	for i := range rules {
		r := rules[(i+e.turn)%len(rules)]
		if i > 0 && e.now().After(until) {
			e.turn += i
			return true, nil
		}
		if !settled {
			p, err := marks.Progress(r.ID, r.Version)
			if err != nil {
				return false, err
			}
			if p.UpTo.IsZero() {
				continue
			}
		}
		left, err := e.periodsOf(ctx, next, r, marks, watermark, until)
		if err != nil {
			return false, err
		}
		more = more || left
	}
	return more, nil
}

func (e *Evaluator) overPeriods() []*rule.Rule {
	return append(e.rules.Of(rule.EachDay, ""), e.rules.Of(rule.EachHour, "")...)
}

// Unjudged evaluates the rules over periods that were never evaluated in their version,
// about all periods up to a watermark: closed periods are not judged again by a rule
// that has.
func (e *Evaluator) Unjudged(ctx context.Context, next func() uint64, watermark time.Time) error {
	before, err := e.marks.Kept(ctx)
	if err != nil {
		return err
	}
	for _, r := range e.overPeriods() {
		if before.Has(checkpoint.Progress{Rule: r.ID, RuleVersion: r.Version}) {
			continue
		}
		for more := true; more; {
			marks, err := e.marks.Kept(ctx)
			if err != nil {
				return err
			}
			if more, err = e.periodsOf(ctx, next, r, marks, watermark, e.now().Add(periodTime)); err != nil {
				return err
			}
		}
	}
	return nil
}

// periodsOf evaluates one rule about its next closed periods, until limit.
func (e *Evaluator) periodsOf(
	ctx context.Context, next func() uint64, r *rule.Rule, marks checkpoint.Set, watermark, limit time.Time,
) (more bool, err error) {
	s := e.state(r.ID)
	if s.failed() && e.now().Before(s.retryAt) {
		return false, nil
	}
	done, err := marks.Progress(r.ID, r.Version)
	if err != nil {
		return false, err
	}
	changed := done.UpTo.IsZero() // the start is kept, as it costs a look at all states
	if changed {
		if done.UpTo, err = e.periodStart(ctx, r, watermark); err != nil {
			return false, err
		}
	}
	if r.Evaluation == rule.EachDay {
		late, err := marks.Rejudged()
		if err != nil {
			return false, err
		}
		changed = rewind(&done, late.LateFacts) || changed
	}
	closed, version := watermark.Add(-time.Duration(r.Hold)), uint64(0)
	for version == 0 || e.now().Before(limit) {
		from, until, ok := nextPeriod(r, done.UpTo, closed)
		if !ok {
			break
		}
		if version == 0 {
			version = next()
		}
		if done.Rejudging && done.Version == 0 {
			done.Version = version
			s.reevaluating = true
			// Whoever takes over must know that half of what the rule finds is not all.
			if err := e.marks.Save(ctx, done, next()); err != nil {
				return false, err
			}
		}
		if err := e.evaluate(ctx, r, queries.Args{"from": from, "until": until}, version); err != nil {
			return false, err
		}
		if s.failed() {
			break
		}
		done.UpTo = until.UTC()
	}
	_, _, more = nextPeriod(r, done.UpTo, closed)
	more = more && !s.failed()
	if done.Rejudging {
		s.lateness = done.LagMS
		if !more && !s.failed() {
			changed = true
			if err := e.endReevaluation(ctx, next, r, &done); err != nil {
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
	return more, e.marks.Save(ctx, done, next())
}

// daysAtOnce is how many days a rule that takes many periods is evaluated about at once.
const daysAtOnce = 92

// nextPeriod is the next closed period, or run of them, that a rule is evaluated about;
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

// runEnd is the end of the next period of a length, or of all closed ones up to daysAtOnce
// for a rule that takes many.
func runEnd(r *rule.Rule, from, closed time.Time, length time.Duration) time.Time {
	n := time.Duration(1)
	if r.AtOnce {
		n = max(n, min(closed.Sub(from), daysAtOnce*day)/length)
	}
	return from.Add(n * length)
}

// judgedBack is how far back rules over periods look when they are evaluated for the
// first time: a little more than the year that an assessment covers. What is older
// is closed (domain guide 7.4).
const judgedBack = 400 * day

// periodStart is the beginning of the first period for a rule that was never evaluated: the
// earliest fact of what lived lately; without one, the day before.
func (e *Evaluator) periodStart(ctx context.Context, r *rule.Rule, watermark time.Time) (time.Time, error) {
	since := watermark.Add(-judgedBack)
	if r.Evaluation == rule.EachHour {
		// Hours of long ago concern nobody.
		since = watermark.Add(-48 * time.Hour)
	}
	earliest, err := selectFirstFact.One(ctx, e.reg, e.conn(), queries.Args{"since": since})
	if err != nil {
		return time.Time{}, err
	}
	first := later(earliest.FirstAt, since)
	if first.After(watermark) {
		first = watermark.Add(-24 * time.Hour)
	}
	return startOfDay(first).UTC(), nil
}

// startOfDay is the first instant of the local day of an instant.
func startOfDay(t time.Time) time.Time {
	t = t.In(lawzone.Zone)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, lawzone.Zone)
}
