package simulate

import (
	"context"
	"time"

	"duban/supervision/lawzone"
)

// How far a live province reaches, in days before and after its start.
const (
	liveBefore = 30
	liveAfter  = 60
)

// Live makes a province around the present. Laws count days of the real
// calendar, so no instant is moved or pressed together: the province is planned
// on its true dates, and only the sending is paced.
func Live(cfg *Config, now time.Time, speed float64, changed func(flag string) bool) {
	if !changed("from") {
		cfg.From = now.AddDate(0, 0, -liveBefore)
	}
	if !changed("to") {
		cfg.To = now.AddDate(0, 0, liveAfter)
	}
	if !changed("violations") {
		cfg.Violations = 0.02
	}
	if !changed("source") {
		cfg.Source = "live-province" // a batch may be loaded beside it
	}
	cfg.OpenSubjects = max(cfg.OpenSubjects, 1<<17)
	day := cfg.From.In(lawzone.Zone)
	p := pacer{
		started: now, speed: speed, now: time.Now,
		from: time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, day.Location()),
	}
	cfg.Pace = p.wait
}

// pacer says what time it is in a live province. It begins at from and runs speed
// times as fast as the clock until it has caught up with it; from then on it is
// the clock. It is never ahead of it.
type pacer struct {
	started, from time.Time
	speed         float64
	now           func() time.Time
}

// at returns the province's time at an instant of the clock.
func (p pacer) at(now time.Time) time.Time {
	t := p.from.Add(time.Duration(float64(now.Sub(p.started)) * p.speed))
	if t.After(now) {
		return now
	}
	return t
}

// reached returns the first instant of the clock at which the province's time is at.
func (p pacer) reached(at time.Time) time.Time {
	fast := p.started.Add(time.Duration(float64(at.Sub(p.from)) / p.speed))
	if fast.Before(at) {
		return at
	}
	return fast
}

// wait returns when the province has reached an instant.
func (p pacer) wait(ctx context.Context, at time.Time) error {
	left := p.reached(at).Sub(p.now())
	if left <= 0 {
		return nil
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
