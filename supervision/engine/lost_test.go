package engine_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// Rows of states that the database lost are folded again from the facts, and what the rules
// say of them is asked again. What was announced is not announced once more.
func TestLostRowsOfStatesAreFoldedAgain(t *testing.T) {
	p := province{rand.New(rand.NewPCG(5, 7))}
	db := storetest.New(t)
	cat := catalogue(t).Only("R-DDL-03", "R-DDL-06", "R-HOT-01", "R-HOT-02", "R-PRC-02")
	e := enginetest.New(t, db, func(c *engine.Config, _ *engine.Deps) { c.Rules = cat })
	enginetest.Insert(t, db, p.deliveries(260)...)
	require.NoError(t, e.CatchUp(t.Context()))
	wasStates, wasChains, wasAlerts := states(t, db), chains(t, db), announced(t, db)
	require.NotEmpty(t, wasChains)
	require.NotEmpty(t, wasAlerts)
	wasEvents := count(t, db, "alert_events FINAL")
	for _, table := range engine.DerivedTables() {
		require.NotZero(t, count(t, db, table), table)
		require.NoError(t, db.Conn().Exec(t.Context(), "DELETE FROM "+table+" WHERE rand() % 2 = 0"))
	}
	require.NotEqual(t, wasStates, states(t, db))
	require.NotEqual(t, wasChains, chains(t, db))

	require.NoError(t, e.Recompute(t.Context()))
	require.NoError(t, e.CatchUp(t.Context()))
	require.Equal(t, wasStates, states(t, db))
	require.Equal(t, wasChains, chains(t, db))
	require.Equal(t, wasAlerts, announced(t, db))
	require.Equal(t, wasEvents, count(t, db, "alert_events FINAL"))
}
