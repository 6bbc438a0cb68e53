package engine_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// An engine for which nothing comes asks the database next to nothing, and yet tells of
// a card when its instant comes: the promise of 2 March + 5 working days ends with
// 9 March, so that R-DDL-03 begins on 10 March at 00:00 (docs/supervision.md, section 2).
func TestAnIdleEngineAsksLittleAndMissesNoStep(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, overdue("A")...)
	var mu sync.Mutex
	asked := map[string]int{}
	midnight := march(10, 0)
	began := time.Now()
	e := enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
		c.Rules, c.Poll, c.LeaseTTL = catalogue(t).Only("R-DDL-03"), 50*time.Millisecond, 10*time.Second
		d.Now = func() time.Time { return midnight.Add(time.Since(began) - 8*time.Second) }
		reg, err := queries.Load()
		require.NoError(t, err)
		reg.Observe(func(name string, _ time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			asked[name]++
		})
		d.Queries = reg
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	require.Eventually(t, func() bool { return count(t, db, "cases FINAL") == 1 }, 7*time.Second, 20*time.Millisecond)
	require.Zero(t, count(t, db, "alerts"), "the card is not due yet")
	require.Eventually(t, func() bool { return count(t, db, "alerts FINAL WHERE severity = 'yellow'") == 1 }, 20*time.Second, 20*time.Millisecond)

	// Whatever is left from the announcement is done by then.
	time.Sleep(time.Second)
	mu.Lock()
	clear(asked)
	mu.Unlock()
	time.Sleep(4 * time.Second)
	cancel()
	require.NoError(t, <-ended)
	mu.Lock()
	defer mu.Unlock()
	require.Zero(t, asked["engine/alert_candidates"], "no alert is scanned: %v", asked)
	require.LessOrEqual(t, asked["engine/deliveries_ends"], 14, "a rest of eight polls: %v", asked)
	total := 0
	for _, n := range asked {
		total += n
	}
	require.LessOrEqual(t, total, 30, "%v", asked)
}
