package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"duban/dashboards/access"
	"duban/ingest"
	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/broker"
	"duban/internal/config"
	"duban/internal/instance"
	"duban/internal/store"
	"duban/internal/upkeep"
	"duban/queries"
	"duban/supervision/engine"
)

// stack is everything that the roles stand on. Parts are started in order and
// stopped in reverse.
type stack struct {
	cfg     config.Config
	log     *slog.Logger
	metrics *prometheus.Registry
	reg     *queries.Registry
	db      *store.DB
	reader  *store.DB // what pages and the API ask through: it cannot write
	kafka   *source.Client
	brokers []string
	broker  *broker.Broker  // nil with outside brokers
	engine  *store.Embedded // nil with an outside server
	access  *access.Service // nil until the web server is prepared
	counts  *engine.Engine  // by which the pages count days; nil until the web server is prepared
	room    *upkeep.Room    // nil where nothing is written
	found   *upkeep.Findings
	parts   *upkeep.Parts // nil with an outside server
	// pipeline is nil in a process that does not read the topics.
	pipeline *ingest.Pipeline
	// supervisor holds nil in a process without the supervise role.
	supervisor atomic.Pointer[engine.Engine]
	started    time.Time

	// owner is set in the process that owns the data folder and so writes
	// endpoints.json.
	owner bool
	mu    sync.Mutex // guards http, pipeline and the writing of endpoints.json
	http  string
	stops []func() error
}

// newStack prepares what needs no engine.
func newStack(cfg config.Config, log *slog.Logger) (*stack, error) {
	// What the roles write is of the account of the service alone, whatever a library
	// asks for.
	syscall.Umask(0o077)
	if cfg.MemoryLimitMB > 0 && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(int64(cfg.MemoryLimitMB) << 20)
	}
	reg, err := queries.Load()
	if err != nil {
		return nil, err
	}
	m := prometheus.NewRegistry()
	m.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if err := countQueries(reg, m); err != nil {
		return nil, err
	}
	return &stack{cfg: cfg, log: log, metrics: m, reg: reg, started: time.Now()}, nil
}

// countQueries keeps by name how often each statement was run and how long it took, so
// that whoever wonders what costs finds it.
func countQueries(reg *queries.Registry, m *prometheus.Registry) error {
	seconds := prometheus.NewSummaryVec(prometheus.SummaryOpts{
		Namespace: "duban", Name: "query_seconds", Help: "Time that named statements took, answers read.",
	}, []string{"query"})
	reg.Observe(func(name string, took time.Duration) { seconds.WithLabelValues(name).Observe(took.Seconds()) })
	return m.Register(seconds)
}

func (s *stack) onStop(f func() error) { s.stops = append(s.stops, f) }

// stop ends everything that was started, last first.
func (s *stack) stop() error {
	var errs []error
	for _, v := range slices.Backward(s.stops) {
		errs = append(errs, v())
	}
	s.stops = nil
	return errors.Join(errs...)
}

// own takes the data folder and starts the embedded engines that the
// configuration does not replace, then connects and migrates.
func (s *stack) own(ctx context.Context) error {
	release, err := instance.Lock(s.cfg.Data)
	if err != nil {
		return err
	}
	s.owner = true
	s.onStop(func() error { release(); return nil })
	s.onStop(func() error { return instance.Remove(s.cfg.Data) })
	if err := s.watchRoom(); err != nil {
		return err
	}
	if s.brokers = s.cfg.Kafka.Brokers; len(s.brokers) == 0 {
		if err := s.startBroker(); err != nil {
			return err
		}
	}
	where := s.cfg.ClickHouse
	if where.DSN == "" {
		if err := s.startEngine(ctx); err != nil {
			return err
		}
		where.DSN, where.ReaderDSN = s.engine.DSN(), s.engine.ReaderDSN()
	}
	if err := s.connect(where); err != nil {
		return err
	}
	if err := s.db.EnsureDatabase(ctx); err != nil {
		return err
	}
	if s.engine != nil {
		if err := s.watchParts(ctx); err != nil {
			return err
		}
	}
	return queries.Migrate(ctx, s.db.Conn(), s.reg, time.Now)
}

// join uses engines that run already: outside ones or those of an instance.
func (s *stack) join(ctx context.Context, c *client) error {
	s.brokers = c.brokers
	if err := s.watchRoom(); err != nil {
		return err
	}
	if err := s.connect(c.cfg.ClickHouse); err != nil {
		return err
	}
	if err := s.db.Ping(ctx); err != nil {
		return err
	}
	return queries.CheckSchema(ctx, s.db.Conn(), s.reg)
}

func (s *stack) startBroker() error {
	var topics []string
	for _, t := range event.Topics() {
		topics = append(topics, string(t))
	}
	b, err := broker.Start(broker.Config{
		Dir: filepath.Join(s.cfg.Data, "broker"), Topics: topics, Partitions: int32(s.cfg.Kafka.Partitions), //nolint:gosec // validated to 1…1024
		Full: s.room.Now,
		Log:  s.log.With("part", "broker"),
		Sync: true, // what is acknowledged is durable: the intake and the pages say so
	})
	if err != nil {
		return err
	}
	s.brokers, s.broker = []string{b.Addr()}, b
	s.onStop(b.Close)
	return nil
}

func (s *stack) startEngine(ctx context.Context) error {
	lib, err := store.FindLibrary()
	if err != nil {
		return err
	}
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find own program: %w", err)
	}
	server := store.DefaultServerConfig()
	server.MaxMemoryBytes = int64(s.cfg.ClickHouse.MaxMemoryMB) << 20
	server.KeepFreeBytes = minFree(s.cfg) / 2 // what is small may still be written below the limit
	s.engine, err = store.StartEmbedded(ctx, store.EmbeddedConfig{
		Dir: filepath.Join(s.cfg.Data, "clickhouse"), Command: []string{exe, childCommand},
		Library: lib, Server: server, Log: s.log,
		OnState: func(up bool) {
			s.engineStarted(up)
			if up {
				s.recheck()
			}
			if err := s.writeEndpoints(); err != nil {
				s.log.Error("write endpoints", "error", err)
			}
		},
	})
	if err != nil {
		return err
	}
	s.onStop(s.engine.Close)
	return nil
}

func (s *stack) connect(where config.ClickHouse) error {
	var err error
	if s.db, err = store.Open(where.DSN); err != nil {
		return err
	}
	s.onStop(s.db.Close)
	if s.reader, err = openReader(where); err != nil {
		return err
	}
	s.onStop(s.reader.Close)
	sec, err := security(s.cfg.Kafka)
	if err != nil {
		return err
	}
	if s.kafka, err = source.NewClient(s.brokers, "duban", sec); err != nil {
		return err
	}
	s.onStop(func() error { s.kafka.Close(); return nil })
	return nil
}

// writeEndpoints tells client commands where things are; it does nothing
// until the web server listens.
func (s *stack) writeEndpoints() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.owner || s.http == "" {
		return nil
	}
	e := instance.Endpoints{HTTP: s.http, ClickHouse: s.db.DSN(), Kafka: s.brokers, PID: os.Getpid(), Version: version}
	if s.engine != nil {
		e.Reader = s.engine.ReaderDSN()
		e.ChildPIDs = map[string]int{"clickhouse": s.engine.PID()}
	}
	return instance.Write(s.cfg.Data, e)
}

// recheck has ingest look whether the engine still holds everything: one that
// was started again may have set parts of tables aside.
func (s *stack) recheck() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pipeline != nil {
		s.pipeline.Recheck()
	}
}

// serving remembers where the web server listens and writes endpoints.json.
func (s *stack) serving(address string) error {
	s.mu.Lock()
	s.http = address
	s.mu.Unlock()
	return s.writeEndpoints()
}
