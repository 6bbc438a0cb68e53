// Package server serves the pages, the query API and the probes over HTTP. It
// binds loopback addresses only: until access control exists, whoever reaches
// it sees everything.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"duban/dashboards/page"
	"duban/internal/config"
)

// Config says where the server listens.
type Config struct {
	// Listen is HOST:PORT on the loopback interface; port 0 takes a free one.
	Listen string
	// ShutdownTimeout bounds the wait for requests in flight.
	ShutdownTimeout time.Duration
}

// Ready tells whether the server can answer: nil, or what is missing.
type Ready func(ctx context.Context) error

// Deps are what the server joins together.
type Deps struct {
	Site    *page.Site
	Assets  http.Handler
	API     *API
	Ready   Ready
	Metrics *prometheus.Registry
	// Intake answers POST /api/v1/events; nil leaves it out.
	Intake http.Handler
	Log    *slog.Logger
}

// Server is the HTTP server.
type Server struct {
	cfg  Config
	log  *slog.Logger
	http *http.Server
	ln   net.Listener
}

// New prepares a server and refuses an address that other machines can reach.
func New(cfg Config, d Deps) (*Server, error) {
	if err := config.CheckLoopback(cfg.Listen); err != nil {
		return nil, fmt.Errorf("listen address: %w", err)
	}
	if cfg.ShutdownTimeout == 0 {
		cfg.ShutdownTimeout = 5 * time.Second
	}
	handler, err := routes(d)
	if err != nil {
		return nil, err
	}
	return &Server{cfg: cfg, log: d.Log, http: &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       5 * time.Minute, // an intake body may be long
		WriteTimeout:      5 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(d.Log.Handler(), slog.LevelDebug),
	}}, nil
}

// Listen binds the address and returns the base URL; connections wait until
// Run.
func (s *Server) Listen() (string, error) {
	ln, err := net.Listen("tcp", s.cfg.Listen)
	if err != nil {
		return "", fmt.Errorf("listen on %s: %w", s.cfg.Listen, err)
	}
	s.ln = ln
	return "http://" + ln.Addr().String(), nil
}

// Run serves until ctx ends, then waits for requests in flight.
func (s *Server) Run(ctx context.Context) error {
	ended := make(chan error, 1)
	go func() { ended <- s.http.Serve(s.ln) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.ShutdownTimeout)
	defer cancel()
	err := s.http.Shutdown(detached)
	if errors.Is(err, context.DeadlineExceeded) {
		s.log.Warn("requests still in flight were cut off")
		err = s.http.Close()
	}
	<-ended
	return err
}
