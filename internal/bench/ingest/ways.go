package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/bench/shared"
	"duban/internal/store"
	"duban/queries"
)

// bench holds what the runs share.
type bench struct {
	o      options
	engine *store.Embedded
	broker *shared.Process
	addr   string
	n      int
}

// database makes an empty migrated database for one run.
func (b *bench) database(ctx context.Context) (*store.DB, string, error) {
	b.n++
	u, err := url.Parse(b.engine.DSN())
	if err != nil {
		return nil, "", err
	}
	u.Path = fmt.Sprintf("/bench_%d", b.n)
	db, err := store.Open(u.String())
	if err != nil {
		return nil, "", err
	}
	if err := db.EnsureDatabase(ctx); err != nil {
		return nil, "", err
	}
	reg, err := queries.Load()
	if err != nil {
		return nil, "", err
	}
	return db, u.String(), queries.Migrate(ctx, db.Conn(), reg, time.Now)
}

// drop removes the database of a run and waits until the server rests.
func (b *bench) drop(ctx context.Context, db *store.DB) {
	_ = db.DropDatabase(ctx)
	_ = db.Close()
	time.Sleep(2 * time.Second)
}

// fileInsert is ClickHouse's own way: the same rows from a file of JSON. It
// neither validates nor keeps a ledger. optimize is the setting
// optimize_on_insert: 1, ClickHouse's default, collapses redeliveries at once;
// 0 leaves that to later, as our inserts do.
func (b *bench) fileInsert(ctx context.Context, optimize int) (oneRun, error) {
	db, _, err := b.database(ctx)
	if err != nil {
		return oneRun{}, err
	}
	defer b.drop(ctx, db)
	text, err := os.ReadFile("internal/bench/ingest/file_insert.sql")
	if err != nil {
		return oneRun{}, fmt.Errorf("run the bench from the top folder of the project: %w", err)
	}
	cpu, began := cpuSeconds(b.engine.PID()), time.Now()
	with := clickhouse.Context(ctx, clickhouse.WithParameters(clickhouse.Parameters{"path": b.file()}),
		clickhouse.WithSettings(clickhouse.Settings{"optimize_on_insert": optimize}))
	if err := db.Conn().Exec(with, string(text)); err != nil {
		return oneRun{}, fmt.Errorf("insert from file: %w", err)
	}
	took := time.Since(began)
	r := b.oneRun(took)
	r.ClickHouseCPU = (cpuSeconds(b.engine.PID()) - cpu) / b.millions()
	r.CPUPerMillion = r.ClickHouseCPU
	return r, b.expect(ctx, db, "case_events")
}

// ingest is the product's way: from the start of the process, with an empty
// consumer group, until the last message is in the ledger.
func (b *bench) ingest(ctx context.Context) (oneRun, error) {
	db, dsn, err := b.database(ctx)
	if err != nil {
		return oneRun{}, err
	}
	defer b.drop(ctx, db)
	ch, br, began := cpuSeconds(b.engine.PID()), cpuSeconds(b.broker.PID()), time.Now()
	p, err := shared.StartProcess("ingest", b.addr, dsn, fmt.Sprintf("bench-%d", b.n), b.o.profile, strconv.Itoa(b.o.batch))
	if err != nil {
		return oneRun{}, err
	}
	defer p.Stop()
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		var n uint64
		if err := db.Conn().QueryRow(ctx, "SELECT count() FROM deliveries").Scan(&n); err != nil {
			return oneRun{}, err
		}
		if n >= uint64(b.o.events) {
			break
		}
		if time.Now().After(deadline) {
			return oneRun{}, fmt.Errorf("only %d of %d events after 5 minutes", n, b.o.events)
		}
	}
	r := b.oneRun(time.Since(began))
	r.ClickHouseCPU = (cpuSeconds(b.engine.PID()) - ch) / b.millions()
	r.BrokerCPU = (cpuSeconds(b.broker.PID()) - br) / b.millions()
	r.IngestCPU = cpuSeconds(p.PID()) / b.millions()
	r.CPUPerMillion = r.ClickHouseCPU + r.BrokerCPU + r.IngestCPU
	r.PeakRSSMB = peakRSSMB(p.PID())
	return r, b.expect(ctx, db, "case_events")
}

// file is where the events lie as lines of JSON.
func (b *bench) file() string {
	return filepath.Join(b.o.dir, "clickhouse", "user_files", "events.ndjson")
}

func (b *bench) millions() float64 { return float64(b.o.events) / 1e6 }

func (b *bench) oneRun(took time.Duration) oneRun {
	return oneRun{Seconds: took.Seconds(), EventsPerSecond: float64(b.o.events) / took.Seconds()}
}

// expect checks that every event is there: a fast loss is no result.
func (b *bench) expect(ctx context.Context, db *store.DB, table string) error {
	var n uint64
	if err := db.Conn().QueryRow(ctx, "SELECT uniqExact(event_id) FROM "+table).Scan(&n); err != nil {
		return err
	}
	if n != uint64(b.o.events) {
		return fmt.Errorf("%s holds %d events, want %d", table, n, b.o.events)
	}
	return nil
}

// freshness publishes at a steady rate and asks how old each event was when
// it was handed over, and how far behind a reader of the table ever was.
func (b *bench) freshness(ctx context.Context) (*freshness, error) {
	db, dsn, err := b.database(ctx)
	if err != nil {
		return nil, err
	}
	defer b.drop(ctx, db)
	kafka, err := source.NewClient([]string{b.addr}, "bench", source.Security{})
	if err != nil {
		return nil, err
	}
	defer kafka.Close()
	p, err := shared.StartProcess("ingest", b.addr, dsn, fmt.Sprintf("bench-%d", b.n), "", strconv.Itoa(b.o.batch))
	if err != nil {
		return nil, err
	}
	defer p.Stop()
	pub, err := source.NewPublisher([]string{b.addr}, source.PublisherOptions{})
	if err != nil {
		return nil, err
	}
	defer func() { _ = pub.Close() }()
	// Tickets: their topic is empty, so nothing older is in the way.
	const insertSlack = 2 * time.Second
	began, sent := time.Now(), 0
	for time.Since(began) < time.Duration(b.o.seconds)*time.Second {
		for due := int(time.Since(began).Seconds() * float64(b.o.rate)); sent < due; sent++ {
			value := fmt.Appendf(nil, `{"event_id":"t%d","source_sys":"s","ticket_no":"%d","event_type":"t_receive",`+
				`"event_time":"2026-02-27T09:00:00Z","payload":{"n":%d}}`, sent, sent/4, sent)
			if err := pub.Publish(ctx, event.TopicTickets, value[13:20], value); err != nil {
				return nil, err
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	if err := pub.Flush(ctx); err != nil {
		return nil, err
	}
	f := &freshness{EventsPerSecond: float64(sent) / time.Since(began).Seconds()}
	time.Sleep(insertSlack)
	row := db.Conn().QueryRow(ctx, `SELECT count(), quantileExact(0.5)(stored_at - received_at),
		quantileExact(0.99)(stored_at - received_at), max(stored_at - received_at)
		FROM (SELECT toFloat64(stored_at) AS stored_at, toFloat64(received_at) AS received_at FROM ticket_events)`)
	var n uint64
	if err := row.Scan(&n, &f.P50Seconds, &f.P99Seconds, &f.MaxSeconds); err != nil {
		return nil, err
	}
	if n < uint64(sent) {
		return nil, fmt.Errorf("%d of %d events are visible %s after the last one", n, sent, insertSlack)
	}
	return f, nil
}
