package queries_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/queries"
)

func TestEveryEmbeddedQueryIsWellFormed(t *testing.T) {
	_, err := queries.Load()
	require.NoError(t, err)
}

func TestMigrateTwiceIsANoOp(t *testing.T) {
	db := storetest.Empty(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	require.ErrorContains(t, queries.CheckSchema(t.Context(), db.Conn(), reg), "database is behind")
	require.NoError(t, queries.Migrate(t.Context(), db.Conn(), reg, time.Now))
	require.NoError(t, queries.CheckSchema(t.Context(), db.Conn(), reg))
	before, err := reg.Run(t.Context(), db.Conn(), "engine/list_schema_migrations", nil)
	require.NoError(t, err)
	require.NotEmpty(t, before.Rows)
	require.NoError(t, queries.Migrate(t.Context(), db.Conn(), reg, time.Now))
	after, err := reg.Run(t.Context(), db.Conn(), "engine/list_schema_migrations", nil)
	require.NoError(t, err)
	require.Equal(t, before.Rows, after.Rows)
}
