package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"runtime/pprof"

	"duban/internal/store"
)

// options of a run.
type options struct {
	cases, spread, runs, round int
	movements                  bool
	out, dir, profile          string
	log                        *slog.Logger
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) > 2 && os.Args[1] == "child" {
		return store.RunChildArgs(os.Args[2:])
	}
	var o options
	flag.IntVar(&o.cases, "cases", 1_000_000, "cases of five facts")
	flag.IntVar(&o.spread, "spread", 1000, "how many other cases of its partition arrive between two facts of a case")
	flag.IntVar(&o.runs, "runs", 1, "runs; the median counts")
	flag.IntVar(&o.round, "round", 0, "deliveries per round (default: that of the product)")
	flag.StringVar(&o.out, "out", "docs/bench/fold.json", "result file")
	flag.StringVar(&o.dir, "dir", "", "folder for data (default: a temporary one)")
	flag.StringVar(&o.profile, "profile", "", "write a CPU profile to this file")
	flag.BoolVar(&o.movements, "movements", false, "keep the ledger under the figures as well")
	verbose := flag.Bool("v", false, "log every round")
	flag.Parse()
	o.log = slog.New(slog.DiscardHandler)
	if *verbose {
		o.log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	// The soft limit of the product.
	debug.SetMemoryLimit(384 << 20)
	if o.dir == "" {
		dir, err := os.MkdirTemp("", "duban-bench-")
		if err != nil {
			return fmt.Errorf("make data folder: %w", err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		o.dir = dir
	}
	if o.profile != "" {
		f, err := os.Create(o.profile)
		if err != nil {
			return fmt.Errorf("make profile: %w", err)
		}
		defer func() { _ = f.Close() }()
		if err := pprof.StartCPUProfile(f); err != nil {
			return fmt.Errorf("start profile: %w", err)
		}
		defer pprof.StopCPUProfile()
	}
	res, err := measure(context.Background(), o)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(res, "", "  ")
	if err != nil {
		return fmt.Errorf("encode result: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(o.out), 0o755); err != nil {
		return fmt.Errorf("make result folder: %w", err)
	}
	if err := os.WriteFile(o.out, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	fmt.Printf("%s\n", text)
	return nil
}
