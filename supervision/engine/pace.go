package engine

import (
	"context"
	"time"
)

// pace is how long an engine rests between two turns.
type pace struct {
	poll time.Duration
	// idle is the last rest in which nothing happened; it grows while that goes on.
	idle time.Duration
	// wake and urgent are filled by Wake.
	wake, urgent chan struct{}
}

const (
	// idlePolls is the longest rest of an engine for which nothing comes, in polls: what
	// other processes store is noticed that late.
	idlePolls = 8
	// gatherShare and gatherLongest: facts that keep coming are gathered for so many
	// times as long as the last turn took, since a turn costs about the same for a few
	// facts as for thousands; never longer than gatherLongest, as people wait for alerts.
	gatherShare   = 3
	gatherLongest = 4 * time.Second
)

func newPace(poll time.Duration) *pace {
	return &pace{poll: poll, wake: make(chan struct{}, 1), urgent: make(chan struct{}, 1)}
}

// Wake tells an engine of the same process that something was stored, so that it need
// not find out; urgent when a person waits for what comes of it. It never waits.
func (e *Engine) Wake(urgent bool) {
	if urgent {
		select {
		case e.pace.urgent <- struct{}{}:
		default:
		}
	}
	select {
	case e.pace.wake <- struct{}{}:
	default:
	}
}

// rest is a pause; whether the news of facts ends it before its time.
type rest struct {
	length time.Duration
	light  bool
}

// pauseAfter is how long to rest after a turn: not at all while there is more than a
// turn takes.
func (e *Engine) pauseAfter(busy bool, took time.Duration) rest {
	p := e.pace
	switch {
	case e.backlog:
		p.idle = 0
		return rest{}
	case busy:
		p.idle = 0
		return rest{length: min(gatherShare*took, gatherLongest)}
	}
	p.idle = min(max(2*p.idle, p.poll), idlePolls*p.poll)
	length := p.idle
	if e.announcing.calm.next != nil {
		length = min(length, max(e.announcing.calm.next.Sub(e.now()), p.poll))
	}
	return rest{length: length, light: true}
}

func (p *pace) rest(ctx context.Context, r rest) error {
	if r.length <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(r.length)
	defer t.Stop()
	wake := p.wake
	if !r.light {
		wake = nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-p.urgent:
		p.idle = 0
	case <-wake:
		p.idle = 0
	case <-t.C:
	}
	return nil
}
