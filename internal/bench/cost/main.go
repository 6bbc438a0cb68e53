package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"time"

	"duban/internal/bench/shared"
)

// options of a run.
type options struct {
	binary  string
	events  int
	rates   [2]int // messages a second
	seconds int
	demo    int
	longest time.Duration
	out     string
	log     func(string, ...any)
	dir     string
	only    string
}

// result is what the file holds; CPU is in seconds of one core, cores are CPU seconds a second.
type result struct {
	At        time.Time    `json:"at"`
	Machine   shared.Facts `json:"machine"`
	Idle      *idle        `json:"idle,omitempty"`
	FirstLoad *firstLoad   `json:"first_load,omitempty"`
	Running   []running    `json:"running,omitempty"`
	Demo      *firstLoad   `json:"demo,omitempty"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	o := options{log: func(format string, a ...any) { fmt.Fprintf(os.Stderr, format+"\n", a...) }}
	flag.StringVar(&o.binary, "binary", "bin/duban", "program to measure (make binary)")
	flag.IntVar(&o.events, "events", 200_000, "events of one simulated year for the first load")
	flag.IntVar(&o.rates[0], "rate", 200, "messages a second, the lower rate")
	flag.IntVar(&o.rates[1], "peak", 2000, "messages a second, the higher rate")
	flag.IntVar(&o.seconds, "seconds", 60, "how long each state is measured")
	flag.IntVar(&o.demo, "demo", 40_000, "events of the demo's province")
	flag.DurationVar(&o.longest, "longest", 30*time.Minute, "give up waiting for idle after this time")
	flag.StringVar(&o.out, "out", "docs/bench/cost.json", "file of the results; empty writes none")
	flag.StringVar(&o.only, "only", "", "idle, load, running or demo; empty measures all")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if _, err := os.Stat(o.binary); err != nil {
		return fmt.Errorf("%w; run make binary first", err)
	}
	dir, err := os.MkdirTemp("", "duban-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	o.dir = dir
	r := result{At: time.Now().UTC()}
	if err := o.instance(ctx, &r); err != nil {
		return err
	}
	if o.wants("demo") {
		if r.Demo, err = o.demoAtRest(ctx); err != nil {
			return err
		}
	}
	return o.write(&r)
}

func (o *options) wants(what string) bool { return o.only == "" || o.only == what }

// instance measures one instance: empty, with its first load, with events that keep coming.
func (o *options) instance(ctx context.Context, r *result) error {
	if o.only == "demo" {
		return nil
	}
	p, err := o.start(ctx, "up", filepath.Join(o.dir, "instance"))
	if err != nil {
		return err
	}
	defer p.stop()
	r.Machine = shared.Machine(ctx, p.dsn())
	if o.wants("idle") {
		if r.Idle, err = o.idleFor(ctx, p); err != nil {
			return err
		}
	}
	if o.wants("load") || o.wants("running") {
		if r.FirstLoad, err = o.firstLoad(ctx, p); err != nil {
			return err
		}
	}
	if !o.wants("running") {
		return nil
	}
	for i, rate := range o.rates {
		x, err := o.runningAt(ctx, p, rate, i)
		if err != nil {
			return err
		}
		r.Running = append(r.Running, *x)
	}
	return nil
}

func (o *options) write(r *result) error {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	fmt.Println(string(b))
	if o.out == "" || o.only != "" {
		return nil
	}
	return os.WriteFile(o.out, append(b, '\n'), 0o644)
}

func number(n int) string { return strconv.Itoa(n) }
