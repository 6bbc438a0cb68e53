package engine

import (
	"context"
	"time"

	"duban/queries"
	"duban/supervision/announce"
)

// warnEvery is how often it is said that alerts wait.
const warnEvery = time.Minute

// announcing says when alerts are announced, and up to when.
type announcing struct {
	*parts
	calm calm
	// warnedAt is when it was said last that alerts wait.
	warnedAt time.Time
}

// watermark finds the instant up to which rules may speak: everything that arrived
// before it was stored when the turn began, and is folded when the fold ends
// and has left nothing behind.
func (a *announcing) watermark(ctx context.Context, t *Turn) error {
	t.Watermark = a.now().UTC().Truncate(time.Millisecond)
	if a.cfg.Arrived == nil {
		return nil
	}
	arrived, err := a.cfg.Arrived(ctx)
	if err != nil {
		// Not to know what is pending is no reason to speak.
		if now := a.now(); now.Sub(a.warnedAt) >= warnEvery {
			a.warnedAt = now
			a.log.Warn("ingest backlog unknown, deferring alerts", "error", err)
		}
		t.Watermark = a.announcer.Until()
	} else if arrived.Before(t.Watermark) {
		t.Watermark = arrived.UTC().Truncate(time.Millisecond)
	}
	return nil
}

// run brings the alerts to the watermark, and notes the health of the rules. It scans
// them only if something was written since the last time or the instant of a step was
// passed.
func (a *announcing) run(ctx context.Context, t *Turn) (err error) {
	if a.cfg.Rules == nil {
		return nil
	}
	if t.Scanned, err = a.mustScan(ctx, t); err != nil {
		return err
	}
	version, began := t.next(), a.now()
	if t.Scanned {
		days := announce.Rejudging{Lateness: a.evaluator.Lateness(), Rules: a.evaluator.Reevaluating()}
		if err := a.announcer.Announce(ctx, version, t.Watermark, days); err != nil {
			return err
		}
		a.evaluator.Told()
		a.in.lookSeconds.Observe(a.now().Sub(began).Seconds())
		a.calm.next = nil
	} else {
		a.announcer.Pass(version, t.Watermark)
	}
	a.in.watermark.Set(float64(t.Watermark.Unix()))
	if err := a.evaluator.SaveHealth(ctx, version, t.Watermark); err != nil {
		return err
	}
	if err := a.announcer.Save(ctx, t.next); err != nil {
		return err
	}
	a.calm.version = t.lease.rounds
	return nil
}

// calm is what the holder of the lease knows of a time in which nothing happens: while
// no version was taken since the last scan of the alerts, nothing was written that they
// depend on, and only the passing of time can change them.
type calm struct {
	// version is the round of the lease after which nothing was written; zero before the
	// first scan.
	version uint64
	// next is when the first step is reached that lies ahead, or an outage ends; nil
	// when that was not asked yet.
	next *time.Time
}

// holds reports whether nothing was written since the last scan.
func (c calm) holds(l *lease) bool { return c.version != 0 && c.version == l.rounds }

var selectNextWake = queries.Select[struct {
	Next *time.Time `ch:"next"`
}]("engine/next_wake")

// mustScan reports whether a scan up to the watermark can find anything.
func (a *announcing) mustScan(ctx context.Context, t *Turn) (bool, error) {
	if !a.calm.holds(t.lease) {
		return true, nil
	}
	if a.calm.next == nil {
		row, err := selectNextWake.One(ctx, a.reg, a.db.Conn(), queries.Args{"after": a.announcer.Until()})
		if err != nil {
			return false, err
		}
		if a.calm.next = row.Next; a.calm.next == nil {
			latest := t.Watermark.Add(wakeAtLatest)
			a.calm.next = &latest
		}
	}
	return !t.Watermark.Before(*a.calm.next), nil
}

// wakeAtLatest is when alerts are scanned again although no step lies ahead.
const wakeAtLatest = time.Hour
