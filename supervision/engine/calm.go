package engine

import (
	"context"
	"time"

	"duban/queries"
)

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

// mustScan reports whether a scan up to a watermark can find anything.
func (e *Engine) mustScan(ctx context.Context, l *lease, watermark time.Time) (bool, error) {
	if !e.calm.holds(l) {
		return true, nil
	}
	if e.calm.next == nil {
		row, err := selectNextWake.One(ctx, e.reg, e.db.Conn(), queries.Args{"after": e.announcer.Until()})
		if err != nil {
			return false, err
		}
		if e.calm.next = row.Next; e.calm.next == nil {
			latest := watermark.Add(wakeAtLatest)
			e.calm.next = &latest
		}
	}
	return !watermark.Before(*e.calm.next), nil
}

// wakeAtLatest is when alerts are scanned again although no step lies ahead.
const wakeAtLatest = time.Hour
