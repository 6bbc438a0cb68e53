package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"duban/internal/bench/shared"
	"duban/internal/store"
)

// options of a run.
type options struct {
	only          []string
	open          int
	history       []int
	rate, seconds int
	out, dir      string
	log           *slog.Logger
}

// result is what the file holds.
type result struct {
	At      time.Time    `json:"at"`
	Machine shared.Facts `json:"machine"`
	Sweep   *sweep       `json:"sweep,omitempty"`
	Growth  []growth     `json:"growth,omitempty"`
	Latency *latency     `json:"latency,omitempty"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) > 2 && os.Args[1] == "child" {
		return shared.Child(os.Args[2], os.Args[3:])
	}
	o, err := parse()
	if err != nil {
		return err
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

func parse() (options, error) {
	var o options
	only := flag.String("only", "sweep,growth,latency", "what is measured")
	history := flag.String("history", "1,5,20", "sizes of the history in millions of events")
	flag.IntVar(&o.open, "open", 1_000_000, "open cases of the sweep")
	flag.IntVar(&o.rate, "rate", 2000, "events per second of latency and growth")
	flag.IntVar(&o.seconds, "seconds", 60, "length of latency; growth takes a quarter of it for each size")
	flag.StringVar(&o.out, "out", "docs/bench/rules.json", "result file")
	flag.StringVar(&o.dir, "dir", "", "folder for data (default: a temporary one)")
	verbose := flag.Bool("v", false, "log what the engine does")
	flag.Parse()
	o.only = strings.Split(*only, ",")
	for s := range strings.SplitSeq(*history, ",") {
		n, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return o, fmt.Errorf("-history: %q is no number of millions", s)
		}
		o.history = append(o.history, int(n*1e6))
	}
	o.log = slog.New(slog.DiscardHandler)
	if *verbose {
		o.log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	return o, nil
}

// measure starts ClickHouse and runs what was asked for, each on a fresh database.
func measure(ctx context.Context, o options) (*result, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own program: %w", err)
	}
	library, err := store.FindLibrary()
	if err != nil {
		return nil, err
	}
	server, err := store.StartEmbedded(ctx, store.EmbeddedConfig{
		Dir: filepath.Join(o.dir, "clickhouse"), Command: []string{self, "child", "clickhouse"}, Library: library,
		Server: store.DefaultServerConfig(),
	})
	if err != nil {
		return nil, err
	}
	defer func() { _ = server.Close() }()
	b := &bench{o: o, server: server}
	res := &result{At: time.Now().UTC().Truncate(time.Second)}
	if slices.Contains(o.only, "sweep") {
		if res.Sweep, err = b.sweep(ctx); err != nil {
			return nil, fmt.Errorf("sweep: %w", err)
		}
	}
	if slices.Contains(o.only, "growth") {
		for _, events := range o.history {
			g, err := b.growth(ctx, events)
			if err != nil {
				return nil, fmt.Errorf("growth: %w", err)
			}
			res.Growth = append(res.Growth, *g)
		}
	}
	if slices.Contains(o.only, "latency") {
		if res.Latency, err = b.latency(ctx); err != nil {
			return nil, fmt.Errorf("latency: %w", err)
		}
	}
	res.Machine = shared.Machine(ctx, server.DSN())
	return res, nil
}

// say tells on standard error what is going on, because it takes minutes.
func say(format string, args ...any) {
	_, _ = fmt.Fprintf(io.Writer(os.Stderr), time.Now().Format("15:04:05 ")+format+"\n", args...)
}
