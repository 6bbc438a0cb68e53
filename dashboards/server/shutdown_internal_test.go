package server

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"duban/dashboards/route"

	"github.com/stretchr/testify/require"
)

// A page that lies open listens without end: going down does not wait for it, nor cut it off as if it were a request in flight.
func TestAnOpenStreamEndsWhenTheServerGoesDown(t *testing.T) {
	ended := make(chan string, 1)
	s := newServer(Config{Listen: "127.0.0.1:0", ShutdownTimeout: time.Minute}, Deps{Log: slog.New(slog.DiscardHandler)},
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_ = http.NewResponseController(w).Flush()
			select {
			case <-route.Closing(r.Context()):
				ended <- "told"
			case <-r.Context().Done():
				ended <- "cut off"
			}
		}))
	address, err := s.Listen()
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	down := make(chan error, 1)
	go func() { down <- s.Run(ctx) }()
	a, err := http.Get(address) //nolint:noctx // it ends with the server
	require.NoError(t, err)
	defer func() { _ = a.Body.Close() }()
	stop()
	require.NoError(t, <-down)
	require.Equal(t, "told", <-ended)
	_, err = io.ReadAll(a.Body)
	require.NoError(t, err, "the stream has an end")
}
