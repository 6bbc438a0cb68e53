package stack

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

// ChildCommand is the hidden command whose process is the embedded engine.
const ChildCommand = "clickhouse-child"

// Stack is everything that the roles stand on. Parts are started in order and
// stopped in reverse.
type Stack struct {
	Cfg     config.Config
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
	version    string // of the program

	// owner is set in the process that owns the data folder and so writes
	// endpoints.json.
	owner bool
	mu    sync.Mutex // guards http, pipeline and the writing of endpoints.json
	http  string
	stops []func() error
}

// New prepares what needs no engine.
func New(cfg config.Config, log *slog.Logger, version string) (*Stack, error) {
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
	return &Stack{Cfg: cfg, log: log, metrics: m, reg: reg, version: version, started: time.Now()}, nil
}

// Configured is a stack of which only the configuration is asked.
func Configured(cfg config.Config, reg *queries.Registry) *Stack { return &Stack{Cfg: cfg, reg: reg} }

// countQueries keeps by name how often each statement was run and how long it took, so
// that whoever wonders what costs finds it.
func countQueries(reg *queries.Registry, m *prometheus.Registry) error {
	seconds := prometheus.NewSummaryVec(prometheus.SummaryOpts{
		Namespace: "duban", Name: "query_seconds", Help: "Time that named statements took, answers read.",
	}, []string{"query"})
	reg.Observe(func(name string, took time.Duration) { seconds.WithLabelValues(name).Observe(took.Seconds()) })
	return m.Register(seconds)
}

func (s *Stack) onStop(f func() error) { s.stops = append(s.stops, f) }

// Stop ends everything that was started, last first.
func (s *Stack) Stop() error {
	var errs []error
	for _, v := range slices.Backward(s.stops) {
		errs = append(errs, v())
	}
	s.stops = nil
	return errors.Join(errs...)
}

// Own takes the data folder and starts the embedded engines that the
// configuration does not replace, then connects and migrates.
func (s *Stack) Own(ctx context.Context) error {
	release, err := instance.Lock(s.Cfg.Data)
	if err != nil {
		return err
	}
	s.owner = true
	s.onStop(func() error { release(); return nil })
	s.onStop(func() error { return instance.Remove(s.Cfg.Data) })
	if err := s.watchRoom(); err != nil {
		return err
	}
	if s.brokers = s.Cfg.Kafka.Brokers; len(s.brokers) == 0 {
		if err := s.startBroker(); err != nil {
			return err
		}
	}
	where := s.Cfg.ClickHouse
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

// Join uses engines that run already: outside ones or those of an instance.
func (s *Stack) Join(ctx context.Context, where config.ClickHouse, brokers []string) error {
	s.brokers = brokers
	if err := s.watchRoom(); err != nil {
		return err
	}
	if err := s.connect(where); err != nil {
		return err
	}
	if err := s.db.Ping(ctx); err != nil {
		return err
	}
	return queries.CheckSchema(ctx, s.db.Conn(), s.reg)
}

func (s *Stack) startBroker() error {
	var topics []string
	for _, t := range event.Topics() {
		topics = append(topics, string(t))
	}
	b, err := broker.Start(broker.Config{
		Dir: filepath.Join(s.Cfg.Data, "broker"), Topics: topics, Partitions: int32(s.Cfg.Kafka.Partitions), //nolint:gosec // validated to 1…1024
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

func (s *Stack) startEngine(ctx context.Context) error {
	lib, err := store.FindLibrary()
	if err != nil {
		return err
	}
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find own program: %w", err)
	}
	server := store.DefaultServerConfig()
	server.MaxMemoryBytes = int64(s.Cfg.ClickHouse.MaxMemoryMB) << 20
	server.KeepFreeBytes = MinFree(s.Cfg) / 2 // what is small may still be written below the limit
	s.engine, err = store.StartEmbedded(ctx, store.EmbeddedConfig{
		Dir: filepath.Join(s.Cfg.Data, "clickhouse"), Command: []string{exe, ChildCommand},
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

func (s *Stack) connect(where config.ClickHouse) error {
	var err error
	if s.db, err = store.Open(where.DSN); err != nil {
		return err
	}
	s.onStop(s.db.Close)
	if s.reader, err = OpenReader(where); err != nil {
		return err
	}
	s.onStop(s.reader.Close)
	sec, err := Security(s.Cfg.Kafka)
	if err != nil {
		return err
	}
	if s.kafka, err = source.NewClient(s.brokers, "duban", sec); err != nil {
		return err
	}
	s.onStop(func() error { s.kafka.Close(); return nil })
	return nil
}

// OpenReader connects as the user who may only read, or, where none is named,
// as the one who may write with writing refused.
func OpenReader(c config.ClickHouse) (*store.DB, error) {
	if c.ReaderDSN != "" {
		return store.Open(c.ReaderDSN)
	}
	return store.OpenReadOnly(c.DSN)
}

// writeEndpoints tells client commands where things are; it does nothing
// until the web server listens.
func (s *Stack) writeEndpoints() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.owner || s.http == "" {
		return nil
	}
	e := instance.Endpoints{HTTP: s.http, ClickHouse: s.db.DSN(), Kafka: s.brokers, PID: os.Getpid(), Version: s.version}
	if s.engine != nil {
		e.Reader = s.engine.ReaderDSN()
		e.ChildPIDs = map[string]int{"clickhouse": s.engine.PID()}
	}
	return instance.Write(s.Cfg.Data, e)
}

// recheck has ingest look whether the engine still holds everything: one that
// was started again may have set parts of tables aside.
func (s *Stack) recheck() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pipeline != nil {
		s.pipeline.Recheck()
	}
}

// serving remembers where the web server listens and writes endpoints.json.
func (s *Stack) serving(address string) error {
	s.mu.Lock()
	s.http = address
	s.mu.Unlock()
	return s.writeEndpoints()
}
