package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/prometheus/client_golang/prometheus"

	"duban/internal/bench/shared"
	"duban/internal/store"
	"duban/queries"
	"duban/supervision/engine"
)

//go:embed fill_late_facts.sql
var fillLateFacts string

// lateFacts is what arrives in a second at the rate that the product is made for.
const lateFacts = 5000

// oneRun is one measurement.
type oneRun struct {
	Seconds        float64 `json:"seconds"`
	CasesPerSecond float64 `json:"cases_per_second,omitempty"`
	DubanCPU       float64 `json:"duban_cpu_seconds"`
	ClickHouseCPU  float64 `json:"clickhouse_cpu_seconds"`
}

// result is what the file holds; the medians come first.
type result struct {
	At      time.Time    `json:"at"`
	Machine shared.Facts `json:"machine"`
	Cases   int          `json:"cases"`
	Facts   int          `json:"facts"`
	Spread  int          `json:"spread"`
	// RoundsSeconds folds in the order of arrival from the first delivery to
	// the last, RecomputeSeconds all subjects at once.
	RoundsSeconds    float64 `json:"rounds_seconds"`
	RecomputeSeconds float64 `json:"recompute_seconds"`
	// LateSeconds folds LateFacts more facts, each of a case somewhere in the
	// table, with what an engine does when it starts.
	LateFacts   int      `json:"late_facts"`
	LateSeconds float64  `json:"late_seconds"`
	PeakRSSMB   int      `json:"duban_peak_rss_mb"`
	Rounds      []oneRun `json:"rounds"`
	Recompute   []oneRun `json:"recompute"`
	Late        []oneRun `json:"late"`
}

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
		Dir: filepath.Join(o.dir, "clickhouse"), Command: []string{self, "child"}, Library: library, Server: store.DefaultServerConfig(),
	})
	if err != nil {
		return nil, err
	}
	defer func() { _ = server.Close() }()
	res := &result{At: time.Now().UTC().Truncate(time.Second), Cases: o.cases, Facts: 5 * o.cases, Spread: o.spread}
	for range o.runs {
		if err := oneCycle(ctx, o, server, res); err != nil {
			return nil, err
		}
	}
	res.Machine = shared.Machine(ctx, server.DSN())
	res.RoundsSeconds, res.RecomputeSeconds = median(res.Rounds), median(res.Recompute)
	res.LateFacts, res.LateSeconds = lateFacts, median(res.Late)
	res.PeakRSSMB = shared.PeakRSSMB(os.Getpid())
	return res, nil
}

func median(runs []oneRun) float64 {
	var s []float64
	for _, r := range runs {
		s = append(s, r.Seconds)
	}
	slices.Sort(s)
	return s[len(s)/2]
}

// oneCycle fills a fresh database and folds it both ways.
func oneCycle(ctx context.Context, o options, server *store.Embedded, res *result) error {
	db, err := store.Open(server.DSN())
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if err := db.DropDatabase(ctx); err != nil {
		return err
	}
	if err := db.EnsureDatabase(ctx); err != nil {
		return err
	}
	reg, err := queries.Load()
	if err != nil {
		return err
	}
	if err := queries.Migrate(ctx, db.Conn(), reg, time.Now); err != nil {
		return err
	}
	size := clickhouse.Parameters{"cases": strconv.Itoa(o.cases), "spread": strconv.Itoa(o.spread)}
	if err := shared.Exec(ctx, db, "case_events", shared.FinishedCases, size); err != nil {
		return err
	}
	if err := shared.Deliver(ctx, db, false); err != nil {
		return err
	}
	cfg, err := engine.DefaultConfig()
	if err != nil {
		return err
	}
	if o.round > 0 {
		cfg.RoundDeliveries = o.round
	}
	cfg.Instance, cfg.Movements = "bench", o.movements
	e, err := engine.New(cfg, engine.Deps{
		Store: db, Queries: reg, Log: o.log, Metrics: prometheus.NewRegistry(), Now: time.Now,
	})
	if err != nil {
		return err
	}
	run := func(what func(context.Context) error) (oneRun, error) {
		own, other, began := shared.CPUSeconds(os.Getpid()), shared.CPUSeconds(server.PID()), time.Now()
		if err := what(ctx); err != nil {
			return oneRun{}, err
		}
		r := oneRun{Seconds: time.Since(began).Seconds()}
		r.DubanCPU, r.ClickHouseCPU = shared.CPUSeconds(os.Getpid())-own, shared.CPUSeconds(server.PID())-other
		return r, nil
	}
	rounds, err := run(e.CatchUp)
	if err != nil {
		return err
	}
	if err := check(ctx, db, o.cases); err != nil {
		return err
	}
	size["late"] = strconv.Itoa(lateFacts)
	if err := shared.Exec(ctx, db, "late facts", fillLateFacts, size); err != nil {
		return err
	}
	if err := shared.Deliver(ctx, db, true); err != nil {
		return err
	}
	if err := shared.AwaitMerges(ctx, db); err != nil {
		return err
	}
	late, err := run(e.CatchUp)
	if err != nil {
		return err
	}
	recompute, err := run(e.Recompute)
	if err != nil {
		return err
	}
	rounds.CasesPerSecond, recompute.CasesPerSecond = float64(o.cases)/rounds.Seconds, float64(o.cases)/recompute.Seconds
	res.Late = append(res.Late, late)
	res.Rounds, res.Recompute = append(res.Rounds, rounds), append(res.Recompute, recompute)
	return nil
}

// check makes sure that what was measured is the whole work.
func check(ctx context.Context, db *store.DB, cases int) error {
	var states, finished uint64
	if err := db.Conn().QueryRow(ctx, checkStates).Scan(&states, &finished); err != nil {
		return fmt.Errorf("count states: %w", err)
	}
	if int(states) != cases || int(finished) != cases {
		return fmt.Errorf("%d states, %d of them finished, want %d", states, finished, cases)
	}
	return nil
}

//go:embed check_states.sql
var checkStates string
