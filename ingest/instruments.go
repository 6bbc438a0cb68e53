package ingest

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"duban/ingest/event"
	"duban/ingest/sink"
)

// instruments are the Prometheus instruments of a pipeline.
type instruments struct {
	messages  *prometheus.CounterVec
	bytes     *prometheus.CounterVec
	rejects   *prometheus.CounterVec
	batchRows *prometheus.HistogramVec
	insert    *prometheus.HistogramVec
	failures  *prometheus.CounterVec
	freshness *prometheus.HistogramVec
	pending   *prometheus.GaugeVec
	held      prometheus.Gauge
	commits   *prometheus.CounterVec
	lost      *prometheus.CounterVec
}

func newInstruments(reg prometheus.Registerer) (*instruments, error) {
	in := &instruments{
		messages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "duban_ingest_messages_total", Help: "Messages whose fate is stored, by outcome (fact, rejected)."}, []string{"topic", "outcome"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "duban_ingest_read_bytes_total", Help: "Bytes of message values read."}, []string{"topic"}),
		rejects: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "duban_ingest_rejects_total", Help: "Messages refused while decoding, by reason."}, []string{"topic", "reason"}),
		batchRows: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "duban_ingest_batch_rows", Help: "Messages per stored batch.", Buckets: prometheus.ExponentialBuckets(10, 4, 8)},
			[]string{"topic"}),
		insert: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "duban_ingest_insert_seconds", Help: "Duration of acknowledged inserts.", Buckets: prometheus.ExponentialBuckets(0.002, 2.5, 10)},
			[]string{"table"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "duban_ingest_insert_failures_total", Help: "Failed inserts by class (retryable, permanent, unknown)."},
			[]string{"table", "class"}),
		freshness: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "duban_ingest_freshness_seconds",
			Help:    "From the arrival of the oldest message of a batch at the broker until the batch is stored.",
			Buckets: []float64{0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 30, 120, 600}}, []string{"topic"}),
		pending: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "duban_ingest_pending_rows", Help: "Messages behind the last stored one, as of the last fetch."}, []string{"topic", "partition"}),
		held: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "duban_ingest_batches_bytes", Help: "Memory of batches that are being filled or written."}),
		commits: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "duban_ingest_commits_total", Help: "Commits of offsets by result (ok, failed)."}, []string{"topic", "result"}),
		lost: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "duban_ingest_lost_messages_total", Help: "Messages that the broker no longer had when they were to be read, noticed by this " +
				"process, by kind (unread, stored)."}, []string{"topic", "kind"}),
	}
	for _, c := range []prometheus.Collector{in.messages, in.bytes, in.rejects, in.batchRows, in.insert, in.failures, in.freshness, in.pending,
		in.held, in.commits, in.lost} {
		if err := reg.Register(c); err != nil {
			return nil, err
		}
	}
	return in, nil
}

// observe is told of every insert.
func (in *instruments) observe(table string, _ int, took time.Duration, failure string) {
	if failure != "" {
		in.failures.WithLabelValues(table, failure).Inc()
		return
	}
	in.insert.WithLabelValues(table).Observe(took.Seconds())
}

func (in *instruments) stored(topic event.Topic, b *sink.Batch, now time.Time) {
	t := string(topic)
	in.messages.WithLabelValues(t, "fact").Add(float64(b.Facts()))
	in.messages.WithLabelValues(t, "rejected").Add(float64(b.Rejects()))
	in.batchRows.WithLabelValues(t).Observe(float64(b.Rows()))
	in.freshness.WithLabelValues(t).Observe(max(0, float64(now.UnixMilli()-b.Oldest())/1000))
}
