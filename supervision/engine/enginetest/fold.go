package enginetest

import (
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"duban/internal/store"
	"duban/queries"
	"duban/supervision/engine"
)

// Fold folds everything that was inserted, with the default calendar and
// policy.
func Fold(t testing.TB, db *store.DB) {
	t.Helper()
	if err := New(t, db, nil).CatchUp(t.Context()); err != nil {
		t.Fatalf("fold: %v", err)
	}
}

// New returns an engine on a test database with short waits and the default
// calendar and policy; change may alter its configuration and collaborators.
func New(t testing.TB, db *store.DB, change func(*engine.Config, *engine.Deps)) *engine.Engine {
	t.Helper()
	cfg, err := engine.DefaultConfig()
	if err != nil {
		t.Fatalf("configuration of the engine: %v", err)
	}
	reg, err := queries.Load()
	if err != nil {
		t.Fatalf("load queries: %v", err)
	}
	cfg.Policy.OwnLimits = []string{"*"} // what a source says of its limits counts, unless the test says otherwise
	cfg.LeaseTTL, cfg.Poll = time.Second, 10*time.Millisecond
	cfg.Movements = false // the ledger of figures costs time; a test that reads it says so
	deps := engine.Deps{
		Store: db, Queries: reg, Log: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(), Now: time.Now,
	}
	if change != nil {
		change(&cfg, &deps)
	}
	e, err := engine.New(cfg, deps)
	if err != nil {
		t.Fatalf("make engine: %v", err)
	}
	return e
}
