package notify

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
)

// instruments are the Prometheus figures of notices. Channels are kinds, never
// addresses.
type instruments struct {
	notices  *prometheus.CounterVec
	messages *prometheus.CounterVec
	repeats  prometheus.Counter
	history  prometheus.Counter
	seconds  *prometheus.HistogramVec
	waiting  prometheus.Gauge
	problems prometheus.Gauge
}

func newInstruments(reg prometheus.Registerer) (*instruments, error) {
	opts := func(name, help string) prometheus.CounterOpts {
		return prometheus.CounterOpts{Namespace: "duban", Subsystem: "notify", Name: name, Help: help}
	}
	in := &instruments{
		notices: prometheus.NewCounterVec(opts("notices_total", "Notices by the state that they were planned with or came to."),
			[]string{"state"}),
		messages: prometheus.NewCounterVec(opts("messages_total", "Attempts to send a message."),
			[]string{"channel", "outcome", "reason"}),
		repeats: prometheus.NewCounter(opts("possible_repeats_total", "Messages sent again because an attempt before left no record.")),
		history: prometheus.NewCounter(opts("history_events_total", "Events that nobody was told of because they happened too long ago.")),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "duban", Subsystem: "notify", Name: "send_seconds",
			Help: "Duration of an attempt to send.", Buckets: prometheus.ExponentialBuckets(0.01, 2, 12)}, []string{"channel"}),
		waiting: prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "duban", Subsystem: "notify", Name: "waiting_events",
			Help: "Events whose window is still open."}),
		problems: prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "duban", Subsystem: "notify", Name: "directory_problems",
			Help: "Contacts and channels of the directory that cannot be used."}),
	}
	var errs []error
	for _, c := range []prometheus.Collector{in.notices, in.messages, in.repeats, in.history, in.seconds, in.waiting, in.problems} {
		errs = append(errs, reg.Register(c))
	}
	return in, errors.Join(errs...)
}
