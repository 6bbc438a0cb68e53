package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/prometheus/client_golang/prometheus"

	"duban/internal/bench/shared"
	"duban/internal/store"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/rule"
)

//go:embed fill_open_cases.sql
var fillOpenCases string

// today is the instant at which the engine's clock stands when the cases are there:
// a Monday, 08:00 in Shanghai.
var today = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// bench holds what the parts share.
type bench struct {
	o      options
	server *store.Embedded
	db     *store.DB
	reg    *queries.Registry
	// meters of the engine made last.
	meters *prometheus.Registry
}

// fresh makes an empty, migrated database.
func (b *bench) fresh(ctx context.Context) (err error) {
	if b.db != nil {
		_ = b.db.Close()
	}
	if b.db, err = store.Open(b.server.DSN()); err != nil {
		return err
	}
	if err := b.db.DropDatabase(ctx); err != nil {
		return err
	}
	if err := b.db.EnsureDatabase(ctx); err != nil {
		return err
	}
	if b.reg, err = queries.Load(); err != nil {
		return err
	}
	return queries.Migrate(ctx, b.db.Conn(), b.reg, time.Now)
}

// cases fills the database with finished cases of five facts and open ones of four,
// and folds them without asking any rule.
func (b *bench) cases(ctx context.Context, finished, open int) error {
	if finished > 0 {
		if err := shared.Exec(ctx, b.db, "finished cases", shared.FinishedCases,
			clickhouse.Parameters{"cases": strconv.Itoa(finished), "spread": "1000"}); err != nil {
			return err
		}
	}
	if err := shared.Exec(ctx, b.db, "open cases", fillOpenCases, clickhouse.Parameters{
		"cases": strconv.Itoa(open), "base": strconv.Itoa((finished/4 + 6000) * 5), "today": today.Format("2006-01-02 15:04:05"),
	}); err != nil {
		return err
	}
	if err := shared.Deliver(ctx, b.db, false); err != nil {
		return err
	}
	e, err := b.engine(nil, today, 0)
	if err != nil {
		return err
	}
	return e.CatchUp(ctx)
}

// engine makes one with some rules whose clock stands at an instant and goes on.
func (b *bench) engine(rules *rule.Catalogue, instant time.Time, poll time.Duration) (*engine.Engine, error) {
	cfg, err := engine.DefaultConfig()
	if err != nil {
		return nil, err
	}
	cfg.Instance, cfg.Rules = "bench", rules
	if poll > 0 {
		cfg.Poll = poll
	}
	b.meters = prometheus.NewRegistry()
	began := time.Now()
	return engine.New(cfg, engine.Deps{
		Store: b.db, Queries: b.reg, Log: b.o.log, Metrics: b.meters, Now: func() time.Time { return instant.Add(time.Since(began)) },
	})
}

// rules are those of the product that are asked in a way, or all.
func (b *bench) rules(way string) (*rule.Catalogue, error) {
	all, err := rule.Load(b.reg, "")
	if err != nil || way == "" {
		return all, err
	}
	return all.Keep(func(r *rule.Rule) bool { return r.Evaluation == way }), nil
}

// meter sums up a histogram or counter of the engine over its labels: the sum of what
// was observed and how often.
func (b *bench) meter(name string) (sum float64, n uint64, err error) {
	families, err := b.meters.Gather()
	if err != nil {
		return 0, 0, fmt.Errorf("read meters: %w", err)
	}
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			if h := m.GetHistogram(); h != nil {
				sum, n = sum+h.GetSampleSum(), n+h.GetSampleCount()
			} else {
				sum += m.GetCounter().GetValue()
			}
		}
	}
	return sum, n, nil
}

func (b *bench) count(ctx context.Context, from string) (n uint64, err error) {
	if err = b.db.Conn().QueryRow(ctx, "SELECT count() FROM "+from).Scan(&n); err != nil {
		return 0, fmt.Errorf("count %s: %w", from, err)
	}
	return n, nil
}

// spent is what a piece of work took.
type spent struct {
	Seconds       float64 `json:"seconds"`
	DubanCPU      float64 `json:"duban_cpu_seconds"`
	ClickHouseCPU float64 `json:"clickhouse_cpu_seconds"`
}

func (b *bench) spend(what func() error) (spent, error) {
	own, other, began := shared.CPUSeconds(os.Getpid()), shared.CPUSeconds(b.server.PID()), time.Now()
	err := what()
	return spent{time.Since(began).Seconds(), shared.CPUSeconds(os.Getpid()) - own, shared.CPUSeconds(b.server.PID()) - other}, err
}
