package engine_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

var errCut = errors.New("the connection was cut")

// faulty is a database that can be cut off at a statement.
type faulty struct {
	*store.DB
	mu sync.Mutex
	// before is asked before every statement and every dial ("native"); an error
	// is the statement's.
	before func(statement string) error
}

func (f *faulty) ask(statement string) error {
	f.mu.Lock()
	before := f.before
	f.mu.Unlock()
	if before == nil {
		return nil
	}
	return before(statement)
}

func (f *faulty) set(before func(string) error) {
	f.mu.Lock()
	f.before = before
	f.mu.Unlock()
}

func (f *faulty) Conn() queries.Conn { return &faultyConn{f.DB.Conn(), f} }

func (f *faulty) Native(ctx context.Context) (*ch.Client, error) {
	if err := f.ask("native"); err != nil {
		return nil, err
	}
	return f.DB.Native(ctx)
}

type faultyConn struct {
	queries.Conn
	f *faulty
}

func (c *faultyConn) Query(ctx context.Context, query string, args ...any) (driver.Rows, error) {
	if err := c.f.ask(query); err != nil {
		return nil, err
	}
	return c.Conn.Query(ctx, query, args...)
}

func (c *faultyConn) Exec(ctx context.Context, query string, args ...any) error {
	if err := c.f.ask(query); err != nil {
		return err
	}
	return c.Conn.Exec(ctx, query, args...)
}

func TestACrashBetweenStatesAndCursorRepeatsTheRound(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, append(life("1"), life("2")...)...)
	f := &faulty{DB: db}
	f.set(func(s string) error {
		if strings.Contains(s, "INTO fold_cursors") {
			return errCut
		}
		return nil
	})
	e := enginetest.New(t, db, func(_ *engine.Config, d *engine.Deps) { d.Store = f })
	require.ErrorIs(t, e.CatchUp(t.Context()), errCut)
	require.Equal(t, 0, count(t, db, "fold_cursors"))
	require.Equal(t, 2, count(t, db, "cases FINAL"), "the states were written")
	before := states(t, db)
	var old, renewed uint64
	scan(t, db, "SELECT max(fold_version) FROM cases", &old)

	f.set(nil)
	require.NoError(t, e.CatchUp(t.Context()))
	require.Equal(t, before, states(t, db))
	scan(t, db, "SELECT min(fold_version) FROM cases FINAL", &renewed)
	require.Greater(t, renewed, old)
	require.NotZero(t, count(t, db, "fold_cursors"))
}

func TestAnEngineRunsOnWhenTheDatabaseComesBack(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, life("1")...)
	f := &faulty{DB: db}
	var refused atomic.Int32
	f.set(func(string) error { refused.Add(1); return errCut })
	e := enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) { d.Store, c.MaxBackoff = f, 50*time.Millisecond })
	ended := run(t, e)
	require.Eventually(t, func() bool { return refused.Load() >= 3 }, 20*time.Second, 5*time.Millisecond, "it goes on asking")
	require.Equal(t, 0, count(t, db, "cases"))
	f.set(nil)
	require.Eventually(t, func() bool { return count(t, db, "cases") == 1 }, 20*time.Second, 20*time.Millisecond)
	require.NoError(t, ended())
}

// run runs an engine until the returned function is called, which waits for
// its end.
func run(t *testing.T, e *engine.Engine) (end func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	var once sync.Once
	var err error
	end = func() error {
		once.Do(func() { cancel(); err = <-done })
		return err
	}
	t.Cleanup(func() { _ = end() })
	return end
}
