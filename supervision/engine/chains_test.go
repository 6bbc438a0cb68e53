package engine_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// What the rules say of the subjects depends on the set of facts alone: not on the
// order of arrival in the ledger, on facts that come twice, or on how the stream is
// cut into rounds; and asking about what was touched gives what asking about
// everything gives.
func TestRulesSayTheSameWhateverThePiecesAndTheOrder(t *testing.T) {
	p := province{rand.New(rand.NewPCG(11, 7))}
	all := p.deliveries(260)
	// One or two of every family: each rule costs its time in every round.
	cat := catalogue(t).Only("R-DAT-02", "R-DAT-05", "R-DDL-03", "R-DDL-06", "R-DDL-09", "R-DEN-02", "R-HOT-01", "R-HOT-02", "R-OTN-03", "R-PRC-02")
	pieces, whole := storetest.New(t), storetest.New(t)

	e := enginetest.New(t, pieces, func(c *engine.Config, _ *engine.Deps) { c.Rules, c.RoundDeliveries = cat, 200 })
	for rest := all; len(rest) > 0; {
		n := min(60+p.r.IntN(60), len(rest))
		enginetest.Insert(t, pieces, rest[:n]...)
		require.NoError(t, e.CatchUp(t.Context()))
		rest = rest[n:]
	}
	incremental := chains(t, pieces)
	require.Greater(t, len(incremental), 10, "the input gives something to say")
	byRule := map[string]bool{}
	for _, line := range incremental {
		byRule[line[:len(`{"rule_id":"R-XXX-00`)]] = true
	}
	require.GreaterOrEqual(t, len(byRule), 5, "of several rules: %v", byRule)

	require.NoError(t, e.Recompute(t.Context()))
	require.Equal(t, incremental, chains(t, pieces), "recomputed")

	slices.SortStableFunc(all, func(a, b any) int { return int(partition(b)) - int(partition(a)) })
	enginetest.Insert(t, whole, all...)
	enginetest.Insert(t, whole, all...)
	w := enginetest.New(t, whole, func(c *engine.Config, _ *engine.Deps) { c.Rules = cat })
	require.NoError(t, w.CatchUp(t.Context()))
	require.Equal(t, incremental, chains(t, whole), "in one piece, in another order, twice")

	// What is announced does not depend on how a large change is cut.
	inOne := announced(t, whole)
	require.Greater(t, len(inOne), 5)
	reg, err := queries.Load()
	require.NoError(t, err)
	cuts, err := reg.Run(t.Context(), whole.Conn(), "engine/alert_pieces", queries.Args{"after_version": uint64(0), "until_version": uint64(math.MaxUint64), "piece": uint64(7), "every": uint64(1)})
	require.NoError(t, err)
	require.NotEmpty(t, cuts.Rows, "there is something to cut")
	require.NoError(t, whole.Conn().Exec(t.Context(), "TRUNCATE TABLE alerts"))
	require.NoError(t, whole.Conn().Exec(t.Context(), "TRUNCATE TABLE alert_events"))
	require.NoError(t, whole.Conn().Exec(t.Context(), "DELETE FROM fold_marks WHERE name IN ('alerts_looked', 'rules')"))
	c := enginetest.New(t, whole, func(c *engine.Config, _ *engine.Deps) { c.Rules, c.ChainsAtOnce = cat, 7 })
	require.NoError(t, c.CatchUp(t.Context()))
	require.Equal(t, inOne, announced(t, whole), "cut into pieces of seven chains")
}

// announced returns the alerts, one line each.
func announced(t *testing.T, db *store.DB) []string {
	t.Helper()
	return lines(t, db, `SELECT formatRowNoNewline('JSONEachRow', alert_id, rule_id, subject_no, state, severity, raised_at, severity_at, announced_at, announced_severity, active) AS line
		FROM alerts FINAL ORDER BY line`)
}

// chains returns what the rules say, one line per chain that holds.
func chains(t *testing.T, db *store.DB) []string {
	t.Helper()
	return lines(t, db, `SELECT formatRowNoNewline('JSONEachRow', rule_id, rule_version, chain, subject_kind, source_sys, subject_no, clock_no,
		org_code, region_code, task_code, window_id, staff_id, step_at, step_severity, due_at, evidence) AS line
		FROM alert_chains FINAL WHERE NOT gone ORDER BY line`)
}

func lines(t *testing.T, db *store.DB, query string) []string {
	t.Helper()
	rows, err := db.Conn().Query(t.Context(), query)
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
