// Package server serves the pages, the query API and the probes over HTTP. As
// long as there is no user it is open and binds loopback addresses only; once
// there is one, everything needs a sign-in.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/internal/config"
)

// Config says where the server listens.
type Config struct {
	// Listen is HOST:PORT; port 0 takes a free one. An address that other
	// machines can reach needs Hosts and at least one user.
	Listen string
	// Hosts are the host names that the server answers to besides those of the
	// machine itself.
	Hosts []string
	// PlainHTTP lets other machines ask over connections that are not encrypted, with
	// sessions and tokens that anybody on the way can read.
	PlainHTTP bool
	// FormTime bounds how long a request may take to arrive (default 15 s): forms are
	// short. The intake, whose bodies are not, gives itself more once it knows the token.
	FormTime time.Duration
	// ShutdownTimeout bounds the wait for requests in flight.
	ShutdownTimeout time.Duration
}

// Ready tells whether the server can answer: nil, or what is missing.
type Ready func(ctx context.Context) error

// Deps are what the server joins together.
type Deps struct {
	Site   *kit.Site
	Assets http.Handler
	API    *API
	Ready  Ready
	// Degraded says what is wrong with a server that answers all the same; may be nil.
	Degraded func() error
	Metrics  *prometheus.Registry
	// Access knows the users; nil serves everybody on loopback addresses.
	Access *access.Service
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

// New prepares a server. It refuses an address that other machines can reach
// while there is nobody to ask for a password.
func New(cfg Config, d Deps) (*Server, error) {
	loopback := config.CheckLoopback(cfg.Listen)
	if loopback != nil {
		if err := checkReachable(cfg, d); err != nil {
			return nil, fmt.Errorf("listen address: %w: %w", loopback, err)
		}
	}
	if cfg.ShutdownTimeout == 0 {
		cfg.ShutdownTimeout = 5 * time.Second
	}
	if cfg.FormTime == 0 {
		cfg.FormTime = formTime
	}
	handler, err := routes(cfg, d)
	if err != nil {
		return nil, err
	}
	return newServer(cfg, d, handler), nil
}

// newServer serves a handler. A stream, which would outlast any wait, ends when the shutdown begins.
func newServer(cfg Config, d Deps, handler http.Handler) *Server {
	closing, cancel := context.WithCancel(context.Background())
	s := &Server{cfg: cfg, log: d.Log, http: &http.Server{
		Handler:           handler,
		BaseContext:       func(net.Listener) context.Context { return route.WithClosing(context.Background(), closing.Done()) },
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       cfg.FormTime, // of a body; see slowBodies
		WriteTimeout:      5 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(d.Log.Handler(), slog.LevelDebug),
	}}
	s.http.RegisterOnShutdown(cancel)
	return s
}

// checkReachable says what is missing for other machines to reach the server.
func checkReachable(cfg Config, d Deps) error {
	if d.Access == nil {
		return errors.New("there is no access control")
	}
	any, err := d.Access.Users.Any()
	switch {
	case err != nil:
		return err
	case !any:
		return errors.New("there is no user yet: add one with `duban user add`, or by the link that `duban up` prints on a loopback address")
	case len(cfg.Hosts) == 0:
		return errors.New("server.hosts names no host that it answers to")
	}
	return nil
}

// Listen binds the address and returns the base URL; connections wait until
// Run.
func (s *Server) Listen() (string, error) {
	ln, err := net.Listen("tcp", s.cfg.Listen)
	if err != nil {
		return "", fmt.Errorf("listen on %s: %w", s.cfg.Listen, err)
	}
	s.ln = ln
	address := ln.Addr().(*net.TCPAddr)
	host := address.IP.String()
	if address.IP.IsUnspecified() {
		host = "127.0.0.1" // where programs of this machine find it
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(address.Port)), nil
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
