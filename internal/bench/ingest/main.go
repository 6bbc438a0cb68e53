// Command ingest measures the way from topic to table: events per second and
// CPU seconds per million events of broker, ingest and ClickHouse together,
// beside ClickHouse's own INSERT … SELECT … FROM file(…, JSONEachRow) of the
// same rows in the same run. It writes the result with the facts of the
// machine to docs/bench/ingest.json.
//
// Broker, ClickHouse and ingest run as processes of their own, so that each
// one's CPU time and memory can be told.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"duban/internal/bench/shared"
	"duban/internal/store"
)

// Options of a run.
type options struct {
	events, runs, rate, seconds int
	batch                       int
	out, compression, dir       string
	profile                     string
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
	var o options
	flag.IntVar(&o.events, "events", 4_000_000, "events per run")
	flag.IntVar(&o.runs, "runs", 3, "runs of each way; the median counts")
	flag.IntVar(&o.rate, "rate", 5000, "events per second of the freshness run")
	flag.IntVar(&o.seconds, "seconds", 20, "length of the freshness run; 0 leaves it out")
	flag.IntVar(&o.batch, "batch", 0, "messages per batch (default: that of the product)")
	flag.StringVar(&o.compression, "compression", "lz4", "compression of the messages")
	flag.StringVar(&o.out, "out", "docs/bench/ingest.json", "result file")
	flag.StringVar(&o.dir, "dir", "", "folder for data (default: a temporary one)")
	flag.StringVar(&o.profile, "profile", "", "write a CPU profile of ingest to this file")
	flag.Parse()
	if o.dir == "" {
		dir, err := os.MkdirTemp("", "duban-bench-")
		if err != nil {
			return err
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
		return err
	}
	if err := os.MkdirAll(filepath.Dir(o.out), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(o.out, append(text, '\n'), 0o644); err != nil {
		return err
	}
	fmt.Printf("%s\n", text)
	return nil
}

// measure starts the engines and runs both ways in turn.
func measure(ctx context.Context, o options) (*result, error) {
	lib, err := store.FindLibrary()
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	server := store.DefaultServerConfig()
	server.UserFiles = true // one of the ways that are compared inserts from a file
	e, err := store.StartEmbedded(ctx, store.EmbeddedConfig{
		Dir: filepath.Join(o.dir, "clickhouse"), Command: []string{self, "child", "clickhouse"}, Library: lib, Server: server,
	})
	if err != nil {
		return nil, err
	}
	defer func() { _ = e.Close() }()
	broker, err := shared.StartProcess("broker", filepath.Join(o.dir, "broker"))
	if err != nil {
		return nil, err
	}
	defer broker.Stop()
	b := &bench{o: o, engine: e, broker: broker, addr: broker.Line}
	res := &result{At: time.Now().UTC().Truncate(time.Second), Machine: machine(ctx, e.DSN()), Events: o.events, Seed: seed}
	if res.BytesPerEvent, err = b.generate(ctx); err != nil {
		return nil, err
	}
	for range o.runs {
		file, err := b.fileInsert(ctx, 1)
		if err != nil {
			return nil, err
		}
		raw, err := b.fileInsert(ctx, 0)
		if err != nil {
			return nil, err
		}
		topic, err := b.ingest(ctx)
		if err != nil {
			return nil, err
		}
		res.FileInsert.Runs = append(res.FileInsert.Runs, file)
		res.FileInsertRaw.Runs = append(res.FileInsertRaw.Runs, raw)
		res.Ingest.Runs = append(res.Ingest.Runs, topic)
		fmt.Fprintf(os.Stderr, "file insert %.0f events/s, %.2f CPU s/million (%.0f, %.2f without optimize_on_insert); ingest %.0f events/s, "+
			"%.2f CPU s/million (broker %.2f, ingest %.2f, ClickHouse %.2f), peak %d MB\n",
			file.EventsPerSecond, file.CPUPerMillion, raw.EventsPerSecond, raw.CPUPerMillion, topic.EventsPerSecond, topic.CPUPerMillion,
			topic.BrokerCPU, topic.IngestCPU, topic.ClickHouseCPU, topic.PeakRSSMB)
	}
	res.settle()
	if o.seconds > 0 {
		if res.Freshness, err = b.freshness(ctx); err != nil {
			return nil, err
		}
	}
	return res, nil
}
