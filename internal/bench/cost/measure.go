package main

import (
	"context"
	"fmt"
	"math"
	"os/exec"
	"strings"
	"time"
)

// idleBelow is how much of a core an idle tree may use, over idleSpan.
const (
	idleBelow = 0.05
	idleSpan  = 10 * time.Second
)

// idle is an instance in which nothing happens.
type idle struct {
	Seconds float64 `json:"seconds"`
	Cores   float64 `json:"cores"`
}

// firstLoad is the time from the last fold, or the word "ready", to idle.
type firstLoad struct {
	Events int `json:"events"`
	// IdleAfter and CPU are from the last fold (the demo: from "ready") to idle; of the
	// load before it, Load and LoadCPU.
	IdleAfter float64 `json:"idle_after_seconds"`
	CPU       float64 `json:"cpu_seconds"`
	Load      float64 `json:"before_seconds"`
	LoadCPU   float64 `json:"before_cpu_seconds"`
}

// running is an instance into which events keep coming.
type running struct {
	Rate    int     `json:"rate"`
	Seconds float64 `json:"seconds"`
	Cores   float64 `json:"cores"`
}

// idleFor lets an empty instance come to rest and measures it.
func (o *options) idleFor(ctx context.Context, p *instance) (*idle, error) {
	if _, _, err := o.untilIdle(ctx, p); err != nil {
		return nil, err
	}
	seconds, cpu, err := o.span(ctx, p, time.Duration(o.seconds)*time.Second)
	return &idle{Seconds: seconds, Cores: cpu / seconds}, err
}

// firstLoad sends a year of events and counts from the last fold to idle.
func (o *options) firstLoad(ctx context.Context, p *instance) (*firstLoad, error) {
	began, cpu := time.Now(), p.cpu()
	if err := o.call(ctx, "simulate", "--data", p.dir, "--events", number(o.events)); err != nil {
		return nil, err
	}
	if err := o.call(ctx, "status", "--data", p.dir, "--wait", "--timeout", o.longest.String()); err != nil {
		return nil, err
	}
	r := &firstLoad{Events: o.events, Load: time.Since(began).Seconds(), LoadCPU: p.cpu() - cpu}
	var err error
	r.IdleAfter, r.CPU, err = o.untilIdle(ctx, p)
	return r, err
}

// runningAt sends events at a rate, of another province each time, and measures the tree
// while they come, after a third of the time.
func (o *options) runningAt(ctx context.Context, p *instance, rate, i int) (*running, error) {
	if _, _, err := o.untilIdle(ctx, p); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	send := exec.CommandContext(ctx, o.binary, "simulate", "--data", p.dir, "--rate", number(rate), "--events", number(rate*o.seconds*2),
		"--seed", number(100+i), "--source", fmt.Sprintf("bench-%d", rate))
	if err := send.Start(); err != nil {
		return nil, err
	}
	defer func() { stop(); _ = send.Wait() }()
	if _, _, err := o.span(ctx, p, time.Duration(o.seconds)*time.Second/3); err != nil {
		return nil, err
	}
	seconds, cpu, err := o.span(ctx, p, time.Duration(o.seconds)*time.Second)
	return &running{Rate: rate, Seconds: seconds, Cores: cpu / seconds}, err
}

// demoAtRest starts the demo and counts from "ready" to idle.
func (o *options) demoAtRest(ctx context.Context) (*firstLoad, error) {
	p, err := o.start(ctx, "demo", o.dir+"/demo", "--events", number(o.demo))
	if err != nil {
		return nil, err
	}
	defer p.stop()
	r := &firstLoad{Events: o.demo, Load: p.ready.Sub(p.began).Seconds(), LoadCPU: p.cpuThen}
	r.IdleAfter, r.CPU, err = o.untilIdle(ctx, p)
	return r, err
}

// untilIdle waits until a tree is idle and returns the seconds and CPU seconds up to the
// beginning of the idle span.
func (o *options) untilIdle(ctx context.Context, p *instance) (seconds, cpu float64, err error) {
	began, first := time.Now(), p.cpu()
	for time.Since(began) < o.longest {
		at, before := time.Since(began).Seconds(), p.cpu()
		span, used, err := o.span(ctx, p, idleSpan)
		if err != nil {
			return 0, 0, err
		}
		if used/span < idleBelow {
			return at, before - first, nil
		}
	}
	return 0, 0, fmt.Errorf("not idle after %s; used %.1f CPU seconds", o.longest, p.cpu()-first)
}

// span lets time pass and returns how long it was and what the tree used.
func (o *options) span(ctx context.Context, p *instance, long time.Duration) (seconds, cpu float64, err error) {
	began, before := time.Now(), p.cpu()
	select {
	case <-ctx.Done():
		return 0, 0, ctx.Err()
	case <-time.After(long):
	}
	return time.Since(began).Seconds(), math.Max(p.cpu()-before, 0), nil
}

// call runs one command of the program to its end.
func (o *options) call(ctx context.Context, args ...string) error {
	out, err := exec.CommandContext(ctx, o.binary, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("duban %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return nil
}
