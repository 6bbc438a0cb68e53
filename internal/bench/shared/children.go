package shared

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"duban/ingest"
	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/broker"
	"duban/internal/store"
	"duban/queries"
)

// Child is the body of the processes that the bench starts; each ends when
// its standard input closes.
func Child(role string, args []string) error {
	switch role {
	case "clickhouse":
		return store.RunChildArgs(args)
	case "broker":
		return brokerChild(args[0])
	case "ingest":
		return ingestChild(args[0], args[1], args[2], args[3], args[4])
	}
	return fmt.Errorf("unknown child %q", role)
}

func brokerChild(dir string) error {
	var topics []string
	for _, t := range event.Topics() {
		topics = append(topics, string(t))
	}
	b, err := broker.Start(broker.Config{Dir: dir, Topics: topics})
	if err != nil {
		return err
	}
	fmt.Println(b.Addr())
	_, _ = io.Copy(io.Discard, os.Stdin)
	return b.Close()
}

func ingestChild(addr, dsn, group, profile, batch string) error {
	if profile != "" {
		f, err := os.Create(profile)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	db, err := store.Open(dsn)
	if err != nil {
		return err
	}
	kafka, err := source.NewClient([]string{addr}, "bench", source.Security{})
	if err != nil {
		return err
	}
	reg, err := queries.Load()
	if err != nil {
		return err
	}
	cfg := ingest.DefaultConfig()
	cfg.Group, cfg.TokenKey = group, []byte("a token key for the benchmark")
	if n, err := strconv.Atoi(batch); err == nil && n > 0 {
		cfg.BatchRows = n
	}
	p, err := ingest.New(cfg, ingest.Deps{Kafka: kafka, Store: db, Queries: reg,
		Log:     slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Metrics: prometheus.NewRegistry(), Now: time.Now})
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	fmt.Println("running")
	return p.Run(ctx)
}

// Process is a running child; Line is the first line it printed.
type Process struct {
	cmd *exec.Cmd
	in  io.Closer
	// Line is the first line that it printed.
	Line string
}

// StartProcess starts this program again as a child.
func StartProcess(args ...string) (*Process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, append([]string{"child"}, args...)...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", filepath.Base(args[0]), err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", args[0], err)
	}
	return &Process{cmd: cmd, in: in, Line: strings.TrimSpace(line)}, nil
}

// PID is the process id of the child.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Stop ends the child and waits for it.
func (p *Process) Stop() {
	_ = p.in.Close()
	_ = p.cmd.Wait()
}
