package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// Until everything of a first load is folded once, or what is pending is known, the
// watermark stands at its beginning. Rules over days wait: from there they would go through
// every day since 1970, one statement each.
func TestRulesOverDaysBeginWithTheFirstFactAndNotIn1970(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, overdue("A")...)
	run := func(pending error, done func() bool) {
		e := enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
			c.Rules = catalogue(t).Only("R-DAT-01", "R-DDL-03")
			c.Arrived = func(context.Context) (time.Time, error) { return march(20, 9), pending }
			began := time.Now()
			d.Now = func() time.Time { return march(20, 9).Add(time.Since(began)) }
		})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- e.Run(ctx) }()
		require.Eventually(t, done, 20*time.Second, 20*time.Millisecond)
		cancel()
		require.NoError(t, <-ended)
	}
	run(errors.New("no broker"), func() bool { return count(t, db, "cases FINAL") == 1 })
	require.Zero(t, count(t, db, "fold_marks FINAL WHERE startsWith(name, 'periods of')"), "no day is known to be over")
	run(nil, func() bool {
		return count(t, db, "fold_marks FINAL WHERE name = 'periods of R-DAT-01@1' AND JSONExtractString(value, 'up_to') = '2026-03-19T16:00:00Z'") == 1
	})
}
