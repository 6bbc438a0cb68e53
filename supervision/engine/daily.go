package engine

import (
	"context"
	"time"

	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/checkpoint"
)

// EarlyWarning is the name under which the daily work stands among the rules in
// their health.
const EarlyWarning = "early-warning"

const (
	// dailyLatest is how long after midnight, and after the engine began, it is done although
	// facts keep coming: in the midst of a first load it would be done for nothing.
	dailyLatest = 4 * time.Hour
	// dailyRetry is how long the daily work waits after a failure.
	dailyRetry = 15 * time.Minute
)

// daily does once a local day, as of its beginning, what is not a matter of
// moments, and again on a day on which more facts came than there were before:
// after a first load. It works beside the fold; what goes wrong shows in the
// health of the rules and stops nothing.
type daily struct {
	*parts
	dailyState
}

// dailyState is what the holder of the lease remembers of the daily work.
type dailyState struct {
	// begunAt is when the lease was taken.
	begunAt time.Time
	// busyAt is when something was folded last.
	busyAt time.Time
	// notBefore is when to try again; zero: at once.
	notBefore time.Time
	// done receives the result of work under way; nil when there is none.
	done chan error
	day  calendar.Day
	// facts is how many were folded when it began.
	facts uint64
	began time.Time
	// checkedAt is when it was asked last whether there is something to do, doneOn the day
	// on which there was nothing, as long as nothing is folded.
	checkedAt time.Time
	doneOn    calendar.Day
}

// restart forgets what was remembered under another lease.
func (d *daily) restart() { d.dailyState = dailyState{begunAt: d.now()} }

// run begins the work when it is due and takes up how it ended.
func (d *daily) run(ctx context.Context, next func() uint64, busy bool) error {
	if d.cfg.Daily == nil {
		return nil
	}
	now := d.now()
	if busy || d.busyAt.IsZero() {
		d.busyAt, d.doneOn = now, 0
	}
	if d.done != nil {
		select {
		case err := <-d.done:
			d.done = nil
			return d.end(ctx, next, err)
		default:
			return nil
		}
	}
	today := calendar.DayOf(now.UnixMilli())
	quiet := !busy && now.Sub(d.busyAt) >= d.cfg.quiet()
	late := min(now.UnixMilli()-today.Start(), now.Sub(d.begunAt).Milliseconds()) >= dailyLatest.Milliseconds()
	if d.doneOn == today || !quiet && !late || now.Before(d.notBefore) || now.Sub(d.checkedAt) < d.cfg.Poll {
		return nil
	}
	d.checkedAt = now
	due, facts, err := d.due(ctx, today, quiet)
	if err != nil || !due {
		d.notBefore = now.Add(longestQuiet)
		if err == nil && quiet {
			d.doneOn = today
		}
		return err
	}
	d.day, d.facts, d.began, d.done = today, facts, now, make(chan error, 1)
	go func(done chan<- error, asOf time.Time) { done <- d.cfg.Daily(ctx, asOf) }(d.done, time.UnixMilli(today.Start()).UTC())
	return nil
}

// due reports whether the work of a day is still to be done.
// With facts that keep coming it is once a day, whatever came since.
func (d *daily) due(ctx context.Context, today calendar.Day, quiet bool) (due bool, facts uint64, err error) {
	folded, err := selectFoldedFacts.One(ctx, d.reg, d.db.Conn(), queries.Args{})
	if err != nil {
		return false, 0, err
	}
	if facts = folded.Facts; facts == 0 {
		return false, 0, nil // there is nothing to learn from
	}
	marks, err := d.marks.Kept(ctx)
	if err != nil {
		return false, 0, err
	}
	done, err := marks.Daily(EarlyWarning)
	return done.Day != today.String() || quiet && facts > 2*done.Facts, facts, err
}

// end notes how the work went.
func (d *daily) end(ctx context.Context, next func() uint64, err error) error {
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		d.notBefore = d.now().Add(dailyRetry)
		d.in.ruleErrors.WithLabelValues(EarlyWarning).Inc()
		d.log.Error("daily work failed, it will be tried again", "work", EarlyWarning, "error", err)
	}
	d.evaluator.Note(EarlyWarning, d.now().Sub(d.began), err)
	if err != nil {
		return nil
	}
	return d.marks.Save(ctx, checkpoint.Daily{Work: EarlyWarning, Day: d.day.String(), Facts: d.facts}, next())
}
