package engine

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// instruments are the Prometheus figures of the engine.
type instruments struct {
	leading   prometheus.Gauge
	errors    prometheus.Counter
	rounds    *prometheus.CounterVec
	subjects  *prometheus.CounterVec
	facts     *prometheus.CounterVec
	conflicts *prometheus.CounterVec
	seconds   *prometheus.HistogramVec
	folded    *prometheus.GaugeVec
	lag       *prometheus.GaugeVec

	ruleErrors                    *prometheus.CounterVec
	ruleSeconds                   *prometheus.HistogramVec
	statementSeconds, lookSeconds prometheus.Histogram
	alerts                        *prometheus.CounterVec
	watermark                     prometheus.Gauge
	actions                       *prometheus.CounterVec
}

func newInstruments(reg prometheus.Registerer) (*instruments, error) {
	opts := func(name, help string) prometheus.CounterOpts {
		return prometheus.CounterOpts{Namespace: "duban", Subsystem: "engine", Name: name, Help: help}
	}
	in := &instruments{
		leading: prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "duban", Subsystem: "engine", Name: "leading",
			Help: "1 while this process holds the lease and folds."}),
		errors:   prometheus.NewCounter(opts("errors_total", "Interruptions of the fold.")),
		rounds:   prometheus.NewCounterVec(opts("rounds_total", "Rounds that folded something."), []string{"topic"}),
		subjects: prometheus.NewCounterVec(opts("subjects_total", "States written."), []string{"topic"}),
		facts:    prometheus.NewCounterVec(opts("facts_total", "Facts read to fold."), []string{"topic"}),
		conflicts: prometheus.NewCounterVec(opts("conflicts_total",
			"Identities found with more than one content; one that comes again counts again."), []string{"topic"}),
		actions: prometheus.NewCounterVec(opts("actions_total", "Actions of people by what became of them."), []string{"kind", "outcome"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "duban", Subsystem: "engine", Name: "round_seconds",
			Help: "Duration of a round.", Buckets: prometheus.ExponentialBuckets(0.01, 2, 13)}, []string{"topic"}),
		folded: prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "duban", Subsystem: "engine", Name: "watermark_seconds",
			Help: "Broker time of the latest message in the states, as Unix seconds."}, []string{"topic"}),
		lag: prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "duban", Subsystem: "engine", Name: "lag_deliveries",
			Help: "Offsets between what is folded and the end of the ledger, as the last round found it."}, []string{"topic"}),
	}
	in.ruleErrors = prometheus.NewCounterVec(opts("rule_errors_total", "Evaluations of a rule that failed."), []string{"rule"})
	in.ruleSeconds = prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "duban", Subsystem: "engine", Name: "rule_seconds",
		Help: "Duration of one evaluation of a rule by itself.", Buckets: prometheus.ExponentialBuckets(0.005, 2, 13)}, []string{"rule"})
	in.statementSeconds = prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "duban", Subsystem: "engine", Name: "rules_statement_seconds",
		Help: "Duration of one statement that asks several rules about a round.", Buckets: prometheus.ExponentialBuckets(0.005, 2, 13)})
	in.lookSeconds = prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "duban", Subsystem: "engine", Name: "alerts_look_seconds",
		Help: "Duration of one look for steps that were reached or taken back.", Buckets: prometheus.ExponentialBuckets(0.005, 2, 13)})
	in.alerts = prometheus.NewCounterVec(opts("alert_events_total", "Events of alerts by the system."), []string{"rule", "event"})
	in.watermark = prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "duban", Subsystem: "engine", Name: "alerts_watermark_seconds",
		Help: "Instant up to which alerts are announced, as Unix seconds."})
	var errs []error
	for _, c := range []prometheus.Collector{in.leading, in.errors, in.rounds, in.subjects, in.facts, in.conflicts, in.seconds, in.folded, in.lag,
		in.ruleErrors, in.ruleSeconds, in.statementSeconds, in.lookSeconds, in.alerts, in.watermark, in.actions} {
		errs = append(errs, reg.Register(c))
	}
	return in, errors.Join(errs...)
}

// evaluated counts an evaluation of a rule by itself.
func (in *instruments) evaluated(rule string, took time.Duration, failed bool) {
	if failed {
		in.ruleErrors.WithLabelValues(rule).Inc()
	}
	in.ruleSeconds.WithLabelValues(rule).Observe(took.Seconds())
}
