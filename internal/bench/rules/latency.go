package main

import (
	"context"
	_ "embed"
	"fmt"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"duban/ingest"
	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/bench/shared"
	"duban/supervision/engine"
)

//go:embed latencies.sql
var latencies string

// lateEvery is the share of cases that come too late: their acceptance makes an alert
// of rule R-DDL-03 due at once.
const lateEvery = 20

// latency is the part about the time from arrival to alert.
type latency struct {
	EventsPerSecond float64 `json:"events_per_second"`
	Events          int     `json:"events"`
	// Alerts were due when the event arrived. An age is from the broker's time of the
	// event to recorded_at of the alert.
	Alerts       int     `json:"alerts"`
	P50Seconds   float64 `json:"p50_seconds"`
	P99Seconds   float64 `json:"p99_seconds"`
	MaxSeconds   float64 `json:"max_seconds"`
	RoundSeconds float64 `json:"mean_round_seconds"`
	Rounds       int     `json:"rounds"`
	LookMean     float64 `json:"mean_look_seconds"`
	DubanCPU     float64 `json:"duban_cpu_seconds"`
	ServerCPU    float64 `json:"clickhouse_cpu_seconds"`
}

func (b *bench) latency(ctx context.Context) (*latency, error) {
	say("latency: starting broker, ingest and engine")
	if err := b.fresh(ctx); err != nil {
		return nil, err
	}
	broker, err := shared.StartProcess("broker", filepath.Join(b.o.dir, "broker"))
	if err != nil {
		return nil, err
	}
	defer broker.Stop()
	intake, err := shared.StartProcess("ingest", broker.Line, b.server.DSN(), "bench-rules", "", "0")
	if err != nil {
		return nil, err
	}
	defer intake.Stop()
	kafka, err := source.NewClient([]string{broker.Line}, "bench", source.Security{})
	if err != nil {
		return nil, err
	}
	defer kafka.Close()
	rules, err := b.rules("")
	if err != nil {
		return nil, err
	}
	cfg, err := engine.DefaultConfig()
	if err != nil {
		return nil, err
	}
	cfg.Rules, cfg.Instance = rules, "bench"
	cfg.Arrived = ingest.NewFrontier(ingest.NewAuditor(kafka, b.db.Conn(), b.reg), time.Now).Arrived
	b.meters = prometheus.NewRegistry()
	e, err := engine.New(cfg, engine.Deps{Store: b.db, Queries: b.reg, Log: b.o.log, Metrics: b.meters, Now: time.Now})
	if err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- e.Run(running) }()
	time.Sleep(5 * time.Second) // the lease, and a first look
	say("latency: publishing")
	res := &latency{}
	late := 0
	used, err := b.spend(func() (err error) {
		if res.Events, late, res.EventsPerSecond, err = b.publish(ctx, broker.Line); err != nil {
			return err
		}
		return b.awaitAlerts(ctx, late, res)
	})
	if err != nil {
		return nil, err
	}
	res.DubanCPU, res.ServerCPU = used.DubanCPU, used.ClickHouseCPU
	sum, n, err := b.meter("duban_engine_round_seconds")
	if err != nil {
		return nil, err
	}
	res.Rounds, res.RoundSeconds = int(n), sum/float64(max(n, 1))
	if sum, n, err = b.meter("duban_engine_alerts_look_seconds"); err != nil {
		return nil, err
	}
	res.LookMean = sum / float64(max(n, 1))
	stop()
	return res, <-ended
}

// publish sends cases of five events each, two seconds apart, at the steady rate.
func (b *bench) publish(ctx context.Context, addr string) (sent, late int, rate float64, err error) {
	pub, err := source.NewPublisher([]string{addr}, source.PublisherOptions{})
	if err != nil {
		return 0, 0, 0, err
	}
	defer func() { _ = pub.Close() }()
	perSecond := b.o.rate / 5
	began := time.Now()
	for tick := 0; time.Since(began) < time.Duration(b.o.seconds)*time.Second; {
		for due := int(time.Since(began).Seconds() * float64(b.o.rate)); sent < due; tick++ {
			k := tick % 5
			c := tick/5 - 2*perSecond*k // event k of a case comes 2k seconds after its first
			if c < 0 {
				sent++ // nothing is there yet to be followed up: keep the pace
				continue
			}
			key, value, overdue := message(c, k, began)
			if err := pub.Publish(ctx, event.TopicCases, key, value); err != nil {
				return 0, 0, 0, err
			}
			sent++
			if overdue {
				late++
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	if err := pub.Flush(ctx); err != nil {
		return 0, 0, 0, err
	}
	return sent, late, float64(sent) / time.Since(began).Seconds(), nil
}

// message is event k of case c; overdue: its alert is due when it arrives.
func message(c, k int, at time.Time) (key, value []byte, overdue bool) {
	no := fmt.Sprintf("L%09d", c)
	overdue = c%lateEvery == 0
	first := at.Add(-time.Hour)
	if overdue {
		first = at.AddDate(0, 0, -60)
	}
	kind := []string{"apply", "accept", "step_start", "step_end", "finish"}[k]
	payload := []string{`{}`, `{"promise_days":5,"promise_unit":"W","legal_days":90,"legal_unit":"W"}`, `{"step_code":"review"}`,
		`{"step_code":"review"}`, `{"result_type":"approved"}`}[k]
	if k == 4 && overdue {
		first = time.Now().Add(-time.Hour)
	}
	value = fmt.Appendf(nil, `{"event_id":"%s-%d","source_sys":"bench","case_no":"%s","event_type":"%s","event_time":"%s",`+
		`"org_code":"org%d","region_code":"610102","task_code":"task%d","payload":%s}`,
		no, k, no, kind, first.Add(time.Duration(k)*time.Minute).UTC().Format(time.RFC3339), c%200, c%500, payload)
	return []byte("bench/" + no), value, overdue && k == 1
}

// awaitAlerts waits until all alerts are there, at most a minute, and reads their ages.
func (b *bench) awaitAlerts(ctx context.Context, want int, res *latency) error {
	for range 120 {
		var n uint64
		if err := b.db.Conn().QueryRow(ctx, latencies).Scan(&n, &res.P50Seconds, &res.P99Seconds, &res.MaxSeconds); err != nil {
			return fmt.Errorf("read ages of alerts: %w", err)
		}
		if res.Alerts = int(n); res.Alerts >= want {
			return nil
		}
		time.Sleep(500 * time.Millisecond)
	}
	return fmt.Errorf("%d alerts of %d a minute after the last event", res.Alerts, want)
}
