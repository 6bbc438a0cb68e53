package main

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"duban/internal/bench/shared"
)

//go:embed fill_new_events.sql
var fillNewEvents string

//go:embed fill_new_deliveries.sql
var fillNewDeliveries string

// growthOpen are the open cases beside the history; new events are about them.
const growthOpen = 100_000

// growth is the part about one size of the history.
type growth struct {
	HistoryEvents int `json:"history_events"`
	HistoryCases  int `json:"history_cases"`
	Chains        int `json:"alert_chains"`
	// Filled is how long it took to fold and judge the history.
	FillSeconds  float64 `json:"fold_seconds"`
	JudgeSeconds float64 `json:"judge_seconds"`
	// NewEvents came at the rate asked for, while an engine was running.
	NewEvents int   `json:"new_events"`
	Spent     spent `json:"spent"`
	// CPUPer1000 is CPU of Duban and ClickHouse together for 1,000 new events, what the
	// server spends on merges included.
	CPUPer1000        float64 `json:"cpu_seconds_per_1000_events"`
	DubanCPUPer1000   float64 `json:"duban_cpu_seconds_per_1000_events"`
	RoundSeconds      float64 `json:"mean_round_seconds"`
	Rounds            int     `json:"rounds"`
	RuleStatementMean float64 `json:"mean_rules_statement_seconds"`
	LookMean          float64 `json:"mean_look_seconds"`
	// IdleCPU is CPU per second of both while nothing comes.
	IdleCPU float64 `json:"idle_cpu_per_second"`
}

func (b *bench) growth(ctx context.Context, events int) (*growth, error) {
	finished := max(events-4*growthOpen, 0) / 5
	g := &growth{HistoryEvents: 5*finished + 4*growthOpen, HistoryCases: finished + growthOpen}
	say("growth: filling a history of %d events", g.HistoryEvents)
	if err := b.fresh(ctx); err != nil {
		return nil, err
	}
	began := time.Now()
	if err := b.cases(ctx, finished, growthOpen); err != nil {
		return nil, err
	}
	g.FillSeconds, began = time.Since(began).Seconds(), time.Now()
	say("growth: judging it")
	rules, err := b.rules("fold")
	if err != nil {
		return nil, err
	}
	e, err := b.engine(rules, today, 0)
	if err != nil {
		return nil, err
	}
	if err := e.CatchUp(ctx); err != nil {
		return nil, err
	}
	g.JudgeSeconds = time.Since(began).Seconds()
	n, err := b.count(ctx, "alert_chains FINAL WHERE NOT gone")
	if err != nil {
		return nil, err
	}
	g.Chains = int(n)
	say("growth: waiting for merges")
	if err := shared.AwaitMerges(ctx, b.db); err != nil {
		return nil, err
	}
	return g, b.newEvents(ctx, g)
}

// newEvents has an engine run while new events come second by second.
func (b *bench) newEvents(ctx context.Context, g *growth) error {
	rules, err := b.rules("fold")
	if err != nil {
		return err
	}
	start := today.Add(time.Hour)
	e, err := b.engine(rules, start, 0)
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- e.Run(running) }()
	time.Sleep(5 * time.Second) // the lease, and a first look
	idle, err := b.spend(func() error { time.Sleep(5 * time.Second); return nil })
	if err != nil {
		return err
	}
	g.IdleCPU = (idle.DubanCPU + idle.ClickHouseCPU) / idle.Seconds
	say("growth: new events")
	seconds, began := max(b.o.seconds/4, 1), time.Now()
	g.NewEvents = seconds * b.o.rate
	// Right behind what is there: a gap of offsets would cost rounds of its own, since
	// a round takes so many offsets of a partition.
	var last uint64
	if err := b.db.Conn().QueryRow(ctx, "SELECT max(`offset`) FROM case_events").Scan(&last); err != nil {
		return fmt.Errorf("read the last offset: %w", err)
	}
	base := int(last) + 1 //nolint:gosec // far below the limit
	g.Spent, err = b.spend(func() error {
		for i := range seconds {
			time.Sleep(time.Until(began.Add(time.Duration(i) * time.Second)))
			received := start.Add(time.Since(began)).Truncate(time.Millisecond).Format("2006-01-02 15:04:05.000")
			if err := shared.Exec(ctx, b.db, "new events", fillNewEvents, clickhouse.Parameters{
				"open": strconv.Itoa(growthOpen), "base": strconv.Itoa(base + i*b.o.rate), "events": strconv.Itoa(b.o.rate), "received": received,
			}); err != nil {
				return err
			}
			if err := shared.Exec(ctx, b.db, "new deliveries", fillNewDeliveries, clickhouse.Parameters{"received": received}); err != nil {
				return err
			}
		}
		return b.awaitFold(ctx, uint64(base+seconds*b.o.rate-b.o.rate))
	})
	if err != nil {
		return err
	}
	both := g.Spent.DubanCPU + g.Spent.ClickHouseCPU
	g.CPUPer1000, g.DubanCPUPer1000 = 1000*both/float64(g.NewEvents), 1000*g.Spent.DubanCPU/float64(g.NewEvents)
	for name, mean := range map[string]*float64{
		"duban_engine_round_seconds": &g.RoundSeconds, "duban_engine_rules_statement_seconds": &g.RuleStatementMean,
		"duban_engine_alerts_look_seconds": &g.LookMean,
	} {
		sum, n, err := b.meter(name)
		if err != nil {
			return err
		}
		if *mean = sum / float64(max(n, 1)); name == "duban_engine_round_seconds" {
			g.Rounds = int(n)
		}
	}
	stop()
	return <-ended
}

// awaitFold waits until every partition is folded beyond an offset.
func (b *bench) awaitFold(ctx context.Context, offset uint64) error {
	for {
		n, err := b.count(ctx, "(SELECT max(next_offset) AS o FROM fold_cursors WHERE topic = 'case-events' GROUP BY partition) WHERE o > "+
			strconv.FormatUint(offset, 10))
		if err != nil || n == 4 {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
}
