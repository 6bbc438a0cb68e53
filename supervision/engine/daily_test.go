package engine_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// daily runs an engine at an instant until done says so, or for a second, and
// returns for which instants its daily work was done.
func daily(t *testing.T, db *store.DB, instant time.Time, fail error, done func() bool) (asOf []time.Time) {
	t.Helper()
	var calls atomic.Pointer[[]time.Time]
	calls.Store(&[]time.Time{})
	e := enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
		c.Rules = catalogue(t).Only("R-DDL-03")
		c.Daily = func(_ context.Context, at time.Time) error {
			all := append(*calls.Load(), at)
			calls.Store(&all)
			return fail
		}
		began := time.Now()
		d.Now = func() time.Time { return instant.Add(time.Since(began)) }
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	if done == nil {
		time.Sleep(time.Second)
	} else {
		require.Eventually(t, done, 20*time.Second, 20*time.Millisecond)
	}
	cancel()
	require.NoError(t, <-ended)
	return *calls.Load()
}

func TestTheDailyWorkIsDoneOnceADay(t *testing.T) {
	db := storetest.New(t)
	noted := func(value string) func() bool {
		return func() bool {
			return count(t, db, "fold_marks FINAL WHERE name = 'daily early-warning' AND value = '"+value+"'") == 1
		}
	}
	require.Empty(t, daily(t, db, march(2, 9), nil, nil), "nothing is folded, there is nothing to learn from")
	enginetest.Insert(t, db, overdue("A")...)

	// A failure shows and is tried again later; the fold goes on.
	failed := daily(t, db, march(3, 9), errors.New("no memory\nand more"), func() bool {
		return count(t, db, "rule_runs FINAL WHERE rule_id = 'early-warning' AND error = 'no memory'") == 1
	})
	require.Equal(t, []time.Time{march(3, 0)}, failed)
	require.Equal(t, 1, count(t, db, "cases FINAL"))

	require.Equal(t, []time.Time{march(3, 0)}, daily(t, db, march(3, 10), nil, noted(`{"day":"2026-03-03","facts":2}`)))
	require.Empty(t, daily(t, db, march(3, 23), nil, nil), "another engine, the same day")
	require.Equal(t, []time.Time{march(4, 0)}, daily(t, db, march(4, 1), nil, noted(`{"day":"2026-03-04","facts":2}`)))

	// A load that brings more than there was is worth a second look.
	enginetest.Insert(t, db, append(life("1"), life("2")...)...)
	require.Equal(t, []time.Time{march(4, 0)}, daily(t, db, march(4, 2), nil, noted(`{"day":"2026-03-04","facts":8}`)))
}
