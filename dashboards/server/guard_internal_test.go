package server

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
)

func TestFromAnotherMachineAPasswordPageIsRefusedInTheOpen(t *testing.T) {
	people := access.New(access.Deps{Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler), Now: time.Now,
		RequestID: func(context.Context) string { return "" }})
	_, err := people.Users.Add(t.Context(), access.User{Name: "root", Role: access.Sysadmin}, "correct horse battery")
	require.NoError(t, err)
	g := &guard{d: Deps{Access: people, Log: slog.New(slog.DiscardHandler)}}
	// What the pages register, over a handler that says that it was reached.
	reached := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	h := chi.NewRouter()
	own := ownRoutes(Deps{API: &API{}, Intake: reached, Metrics: prometheus.NewRegistry()})
	for _, rt := range slices.Concat(Pages(t).Routes(), own) {
		h.Handle(rt.Pattern, g.protect(rt, reached))
	}
	for _, c := range []struct {
		peer, path string
		status     int
	}{
		{"198.51.100.9:40000", pathSignIn, http.StatusForbidden}, {"198.51.100.9:40000", "/setup", http.StatusForbidden},
		{"198.51.100.9:40000", pathAccount, http.StatusForbidden},
		{"198.51.100.9:40000", "/cases", http.StatusForbidden}, {"198.51.100.9:40000", "/api/v1/indicators", http.StatusForbidden},
		{"198.51.100.9:40000", pathEvents, http.StatusForbidden},
		{"127.0.0.1:40000", pathEvents, http.StatusTeapot}, {"198.51.100.9:40000", "/assets/base.css", http.StatusTeapot},
		{"198.51.100.9:40000", "/healthz", http.StatusTeapot}, {"127.0.0.1:40000", pathSignIn, http.StatusTeapot},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, c.path, nil)
		r.RemoteAddr = c.peer
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		require.Equal(t, c.status, w.Code, "%s %s", c.peer, c.path)
	}
	g.plain = true
	for path, status := range map[string]int{pathEvents: http.StatusTeapot, pathSignIn: http.StatusForbidden} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, nil)
		r.RemoteAddr = "198.51.100.9:40000"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		require.Equal(t, status, w.Code, "where the network is said to be encrypted: %s", path)
	}
}
