package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"duban/dashboards/access"
)

type idKey struct{}

// RequestID is the id of the request that ctx belongs to; "" outside one.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(idKey{}).(string)
	return id
}

// requestID gives every request an id of ours: one that came from outside
// would go into the log unchecked.
func requestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := uuid.NewString()
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), idKey{}, id)))
	})
}

// contentSecurityPolicy allows our own files and nothing else: no inline
// script, no inline style, no frame, no foreign host.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func securityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy)
		// What is shown or taken away here is about people: nothing keeps it on its way.
		// The assets, which are about nobody, say otherwise themselves.
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		next.ServeHTTP(w, r)
	})
}

// knownHost refuses a Host that is none of this server's names: without it a
// page of a foreign site whose name resolves to this machine could read
// everything. The names of the machine itself are good for its own programs.
func knownHost(hosts []string) func(http.Handler) http.Handler {
	known := map[string]bool{}
	for _, h := range hosts {
		known[access.HostName(h)] = true
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if known[access.HostName(r.Host)] || access.LoopbackHost(r.Host) && access.FromLoopback(r) {
				next.ServeHTTP(w, r)
				return
			}
			plain(w, http.StatusMisdirectedRequest, "this server does not answer to this host name; the configuration names those it answers to "+
				"(server.hosts)\n")
		})
	}
}

// recoverer turns a panic into the error page and logs where it came from.
func recoverer(d Deps) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				p := recover()
				if p == nil {
					return
				}
				if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(p) // the way of net/http to cut a connection
				}
				d.Log.Error("panic while answering", "request_id", RequestID(r.Context()), "panic", p, "stack", string(debug.Stack()))
				d.Site.InternalError(w, r)
			}()
			next.ServeHTTP(w, r)
		})
	}
}

// instruments count requests by route pattern, never by path: a path may name
// a case.
type instruments struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newInstruments(reg prometheus.Registerer) (*instruments, error) {
	in := &instruments{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "duban", Subsystem: "server", Name: "requests_total",
			Help: "Requests answered."}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "duban", Subsystem: "server", Name: "request_seconds",
			Help: "Time to answer a request.", Buckets: prometheus.ExponentialBuckets(0.002, 2, 13)}, []string{"route"}),
	}
	return in, errors.Join(reg.Register(in.requests), reg.Register(in.seconds))
}

func (in *instruments) observe(log *slog.Logger) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			started := time.Now()
			ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
			next.ServeHTTP(ww, r)
			route := chi.RouteContext(r.Context()).RoutePattern()
			if route == "" {
				route = "none"
			}
			status := max(ww.Status(), http.StatusOK)
			took := time.Since(started).Seconds()
			in.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
			in.seconds.WithLabelValues(route).Observe(took)
			log.Debug("request", "method", r.Method, "route", route, "status", status, "bytes", ww.BytesWritten(), "took_s", took, "request_id",
				RequestID(r.Context()))
		})
	}
}
