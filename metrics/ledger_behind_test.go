package metrics_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/metrics"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// While facts keep coming the ledger is behind the states. What it lacks is added to it, and the
// answer is that of the states to the byte: after a fold, and in the midst of the pass after it, whose
// rows are there in part, and of the next one.
func TestFiguresOfTheLedgerEqualThoseOfTheStatesWhileItIsBehind(t *testing.T) {
	reg, err := queries.Load()
	require.NoError(t, err)
	var mu sync.Mutex
	var asked []string
	reg.Observe(func(name string, _ time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, name)
	})
	l := enginetest.NewLives(11)
	db := storetest.New(t)
	facts := l.Tell(200, 80, 200)
	l.Shuffle(len(facts), func(i, j int) { facts[i], facts[j] = facts[j], facts[i] })
	states := enginetest.New(t, db, func(c *engine.Config, _ *engine.Deps) { c.Movements = false })
	next := func(n int) {
		n = min(n, len(facts))
		enginetest.Insert(t, db, facts[:n]...)
		facts = facts[n:]
	}
	ask := func(what string) {
		t.Helper()
		for n := range questions(t, 15) {
			req := ask(l, inLedger[n%len(inLedger)])
			want, err := metrics.Evaluate(metrics.FromStates(t.Context()), reg, db.Conn(), req)
			require.NoError(t, err)
			got, err := metrics.Evaluate(t.Context(), reg, db.Conn(), req)
			require.NoError(t, err, "%+v", req)
			require.Equal(t, "figures/"+req.ID+queries.NowSuffix, asked[len(asked)-1], "it is read from the ledger")
			require.Equal(t, written(t, want), written(t, got), "%s: %+v", what, req)
			require.Zero(t, got.KnownAt, "what is known now is not recorded yet")
		}
	}
	next(len(facts) / 2)
	require.NoError(t, enginetest.New(t, db, keeping).CatchUp(t.Context()))
	next(250)
	require.NoError(t, states.CatchUp(t.Context()))
	ask("after a fold")

	pass, err := queries.Select[struct {
		Through uint64 `ch:"through"`
		Round   uint64 `ch:"round"`
	}]("figures/standing", "known_at", "behind", "joined", "subjects").One(t.Context(), reg, db.Conn(), queries.Args{})
	require.NoError(t, err)
	// The half of a pass: cases up to one of them, and all tickets.
	for _, args := range []queries.Args{{"until_source": "a", "until_subject": "c2"}, {}} {
		args["since"], args["round"], args["known_at"] = pass.Through, pass.Round+1, time.Now()
		name := "figures/write_cases"
		if len(args) == 3 {
			name = "figures/write_tickets"
		}
		require.NoError(t, reg.Exec(t.Context(), db.Conn(), name, args))
	}
	ask("in the midst of a pass")
	require.NoError(t, enginetest.New(t, db, keeping).CatchUp(t.Context()))
	next(len(facts))
	require.NoError(t, states.CatchUp(t.Context()))
	ask("after what that pass wrote was undone")
}
