package engine

import (
	"context"
	"maps"
	"slices"
	"time"

	"duban/supervision/announce"
)

// warnEvery is how often it is said that alerts wait.
const warnEvery = time.Minute

// watermark is the instant up to which rules may speak: everything that arrived
// before it was stored when the round began, and is folded when the round ends
// and has left nothing behind.
func (e *Engine) watermark(ctx context.Context) time.Time {
	w := e.now().UTC().Truncate(time.Millisecond)
	if e.cfg.Arrived == nil {
		return w
	}
	arrived, err := e.cfg.Arrived(ctx)
	if err != nil {
		// Not to know what is pending is no reason to speak.
		if now := e.now(); now.Sub(e.warnedAt) >= warnEvery {
			e.warnedAt = now
			e.log.Warn("ingest backlog unknown, deferring alerts", "error", err)
		}
		return e.announcer.Until()
	}
	if arrived.Before(w) {
		w = arrived.UTC().Truncate(time.Millisecond)
	}
	return w
}

// announce brings the alerts to a watermark, and notes the health of the rules. It scans
// them only if something was written since the last time or the instant of a step was
// passed, and reports whether it did.
func (e *Engine) announce(ctx context.Context, l *lease, watermark time.Time) (scanned bool, err error) {
	if e.cfg.Rules == nil {
		return false, nil
	}
	if scanned, err = e.mustScan(ctx, l, watermark); err != nil {
		return false, err
	}
	version, began := l.version(), e.now()
	if scanned {
		days := announce.Rejudging{Lateness: e.rules.lateness, Rules: slices.Sorted(maps.Keys(e.rules.rejudging))}
		if err := e.announcer.Announce(ctx, version, watermark, days); err != nil {
			return false, err
		}
		clear(e.rules.lateness)
		e.in.lookSeconds.Observe(e.now().Sub(began).Seconds())
		e.calm.next = nil
	} else {
		e.announcer.Pass(version, watermark)
	}
	e.in.watermark.Set(float64(watermark.Unix()))
	if err := e.saveHealth(ctx, version, watermark); err != nil {
		return false, err
	}
	if err := e.announcer.Save(ctx, l.version); err != nil {
		return false, err
	}
	e.calm.version = l.rounds
	return scanned, nil
}
