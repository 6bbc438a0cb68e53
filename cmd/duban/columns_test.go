package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/metrics"
	"duban/queries"
	"duban/supervision/acceptance"
)

// The program trusts the headers of its queries when it reads their rows; here the
// server confirms them, for every package that is linked into the program.
func TestTheServerGivesTheColumnsThatHeadersDeclare(t *testing.T) {
	db := storetest.New(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	asked, err := queries.WithTable(t.Context(), acceptance.Table(nil)) // some ask about a ledger that they bring along
	require.NoError(t, err)
	asked, err = queries.WithTable(asked, metrics.BehindTable()) // and some about what figures lack
	require.NoError(t, err)
	require.NoError(t, reg.CheckSelections(asked, db.Conn()))
}
