package movement_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
	"duban/supervision/movement"
)

// ledger is what the rows of movements add up to.
func ledger(t *testing.T, db *store.DB) []string {
	t.Helper()
	rows, err := db.Conn().Query(t.Context(), `SELECT formatRowNoNewline('CSV', *) AS line FROM (
		SELECT * EXCEPT (n, known_at, round), sum(n) AS total FROM movements GROUP BY ALL HAVING total != 0) ORDER BY line`)
	require.NoError(t, err)
	var out []string
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		out = append(out, line)
	}
	require.NoError(t, rows.Err())
	return out
}

// sets is what movement_sets say that they add up to, one row per subject.
func sets(t *testing.T, db *store.DB) []string {
	t.Helper()
	rows, err := db.Conn().Query(t.Context(), `SELECT formatRowNoNewline('CSV', *) AS line FROM (
		SELECT subject_kind, source_sys, subject, sum(r.n) AS total, count()
		FROM movement_sets FINAL ARRAY JOIN m AS r GROUP BY ALL) ORDER BY line`)
	require.NoError(t, err)
	var out []string
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		out = append(out, line)
	}
	require.NoError(t, rows.Err())
	return out
}

// differences hold the whole ledger against the states.
func differences(t *testing.T, db *store.DB) map[string][]movement.Difference {
	t.Helper()
	reg, err := queries.Load()
	require.NoError(t, err)
	found, err := movement.Differences(t.Context(), reg, db.Conn(), 1, 100)
	require.NoError(t, err)
	return found
}

func count(t *testing.T, db *store.DB, table string) (n uint64) {
	t.Helper()
	require.NoError(t, db.Conn().QueryRow(t.Context(), "SELECT count() FROM "+table).Scan(&n))
	return n
}

func keeping(c *engine.Config, _ *engine.Deps) { c.Movements = true }

// The ledger is the same whether the facts come all at once or in pieces, whether engines
// are cut short in the midst of their work or not, whether they write it in their turn or
// beside it while another one waits for the lease, and repeating adds no row.
func TestTheLedgerConverges(t *testing.T) {
	l := enginetest.NewLives(3)
	facts := l.Tell(50, 25, 80)
	whole, pieces := storetest.New(t), storetest.New(t)
	enginetest.Insert(t, whole, facts...)
	require.NoError(t, enginetest.New(t, whole, keeping).CatchUp(t.Context()))
	want := ledger(t, whole)
	require.Greater(t, len(want), 400)

	cut := 0
	for rest := facts; len(rest) > 0; {
		n := min(len(rest), 100+rand.IntN(200))
		enginetest.Insert(t, pieces, rest[:n]...)
		rest = rest[n:]
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(200+rand.IntN(2500))*time.Millisecond)
		if l.Chance(50) {
			if enginetest.New(t, pieces, keeping).CatchUp(ctx) != nil {
				cut++
			}
		} else {
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() { _ = enginetest.New(t, pieces, keeping).Run(ctx) })
			}
			both.Wait()
			cut++
		}
		cancel()
	}
	t.Logf("%d engines were cut short", cut)
	require.NoError(t, enginetest.New(t, pieces, keeping).CatchUp(t.Context()))
	require.Equal(t, want, ledger(t, pieces))
	require.Equal(t, sets(t, whole), sets(t, pieces))

	require.Empty(t, differences(t, whole))
	require.Empty(t, differences(t, pieces))

	rows := count(t, whole, "movements")
	require.NoError(t, enginetest.New(t, whole, keeping).Recompute(t.Context()))
	require.NoError(t, enginetest.New(t, whole, keeping).CatchUp(t.Context()))
	require.Equal(t, rows, count(t, whole, "movements"), "nothing moved, so nothing is written")
}

// What an engine wrote and did not confirm is undone, and written again: rows without
// the set that says what they add up to, and a set without its rows.
func TestAPartThatWasCutShortIsWrittenAnew(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, enginetest.NewLives(5).Tell(20, 10, 0)...)
	require.NoError(t, enginetest.New(t, db, keeping).CatchUp(t.Context()))
	want := ledger(t, db)
	for _, statement := range []string{
		`INSERT INTO movements SELECT * REPLACE ((SELECT max(round) + 1 FROM movement_sets) AS round)
		FROM movements WHERE subject_kind = 'case' AND n = 1 LIMIT 7`,
		`INSERT INTO movement_sets SELECT * REPLACE ((SELECT max(round) + 1 FROM movement_sets) AS round, arrayPopBack(m) AS m)
		FROM movement_sets WHERE subject_kind = 'ticket' LIMIT 3`,
	} {
		require.NoError(t, db.Conn().Exec(t.Context(), statement))
	}
	require.NotEqual(t, want, ledger(t, db))
	found := differences(t, db)
	require.Len(t, found["case"], 7)
	require.Equal(t, int64(-1), found["case"][0].Lacks, "a row that is there twice is one too much")
	require.Empty(t, found["ticket"], "rows are held against the states, not sets")
	require.NoError(t, enginetest.New(t, db, keeping).CatchUp(t.Context()))
	require.Equal(t, want, ledger(t, db))
}
