package ingest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/ingest/source"
	"duban/internal/broker/brokertest"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
)

// rig is a broker, a database and what is needed to run pipelines on them.
type rig struct {
	t     testing.TB
	addr  string
	db    *store.DB
	reg   *queries.Registry
	kafka *source.Client
	pub   *source.KafkaPublisher
}

func newRig(t testing.TB) *rig {
	t.Helper()
	return rigOn(t, storetest.New(t))
}

func rigOn(t testing.TB, db *store.DB) *rig {
	t.Helper()
	return rigWith(t, brokertest.New(t), db)
}

// rigOnDisk has a broker that keeps its messages on disk: the memory of this
// process is that of the pipeline.
func rigOnDisk(t testing.TB) *rig {
	t.Helper()
	return rigWith(t, brokertest.Start(t, t.TempDir()).Addr(), storetest.New(t))
}

func rigWith(t testing.TB, broker string, db *store.DB) *rig {
	t.Helper()
	r := &rig{t: t, addr: broker, db: db}
	var err error
	r.reg, err = queries.Load()
	require.NoError(t, err)
	r.kafka, err = source.NewClient([]string{r.addr}, "test", source.Security{})
	require.NoError(t, err)
	r.pub, err = source.NewPublisher([]string{r.addr}, source.PublisherOptions{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = r.pub.Close(); r.kafka.Close() })
	return r
}

func testConfig() Config {
	cfg := DefaultConfig()
	cfg.TokenKey = []byte("a token key for the tests of ingest")
	cfg.BatchAge = 50 * time.Millisecond
	cfg.SessionTimeout = 6 * time.Second
	cfg.ProducerTimes = true // as with the embedded broker, which leaves the time to its senders
	return cfg
}

func (r *rig) pipeline(cfg Config, metrics *prometheus.Registry) *Pipeline {
	r.t.Helper()
	p, err := New(cfg, Deps{Kafka: r.kafka, Store: r.db, Queries: r.reg, Log: r.pipelineLog(), Metrics: metrics, Now: time.Now})
	require.NoError(r.t, err)
	return p
}

func (r *rig) pipelineLog() *slog.Logger {
	return slog.New(slog.NewTextHandler(testWriter{r.t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Logf("%s", p)
	return len(p), nil
}

// start runs a pipeline until the returned function is called, which waits
// for its end; it is called at the end of the test if not before.
func (r *rig) start(cfg Config) (stop func()) {
	r.t.Helper()
	return r.startWith(cfg, prometheus.NewRegistry())
}

func (r *rig) startWith(cfg Config, metrics *prometheus.Registry) (stop func()) {
	r.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	p, done := r.pipeline(cfg, metrics), make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			select {
			case err := <-done:
				require.NoError(r.t, err)
			case <-time.After(30 * time.Second):
				r.t.Error("the pipeline does not stop")
			}
		})
	}
	r.t.Cleanup(stop)
	return stop
}

func (r *rig) publish(topic event.Topic, key, value string) {
	r.t.Helper()
	require.NoError(r.t, r.pub.Publish(r.t.Context(), topic, []byte(key), []byte(value)))
}

func (r *rig) flush() {
	r.t.Helper()
	require.NoError(r.t, r.pub.Flush(r.t.Context()))
}

// settled waits until nothing is pending, checks the identity and returns the
// report by topic.
func (r *rig) settled() map[event.Topic]TopicStatus {
	r.t.Helper()
	a := NewAuditor(r.kafka, r.db.Conn(), r.reg)
	deadline := time.Now().Add(60 * time.Second)
	for {
		pending, err := a.Pending(r.t.Context())
		require.NoError(r.t, err)
		left := int64(0)
		for _, n := range pending {
			left += n
		}
		if left == 0 {
			break
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("still pending after a minute: %v", pending)
		}
		time.Sleep(20 * time.Millisecond)
	}
	rep, err := a.Status(r.t.Context())
	require.NoError(r.t, err)
	out := map[event.Topic]TopicStatus{}
	for _, s := range rep.Topics {
		require.True(r.t, s.IdentityHolds, "%+v", s)
		require.Zero(r.t, s.Missing, "%+v", s)
		out[s.Topic] = s
	}
	return out
}

// count runs a count over a table of the test's database.
func (r *rig) count(sql string, args ...any) uint64 {
	r.t.Helper()
	var n uint64
	require.NoError(r.t, r.db.Conn().QueryRow(r.t.Context(), sql, args...).Scan(&n))
	return n
}

// total is the sum of a counter over its labels.
func total(t testing.TB, metrics *prometheus.Registry, name string) (sum float64) {
	t.Helper()
	families, err := metrics.Gather()
	require.NoError(t, err)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name {
				sum += m.GetCounter().GetValue()
			}
		}
	}
	return sum
}

func caseEvent(caseNo string, n int, more string) (key, value string) {
	return event.PartitionKey("hall", caseNo), fmt.Sprintf(
		`{"event_id":"%s-%d","source_sys":"hall","case_no":"%s","seq":%d,"event_type":"apply","event_time":"%s"%s}`,
		caseNo, n, caseNo, n, "2026-02-27T09:00:00+08:00", more)
}
