package queries_test

import (
	"context"
	"errors"
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

// Names come from sources: what is in them reaches the server as it is.
func TestTextsReachTheServerAsTheyAre(t *testing.T) {
	db := storetest.Empty(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	require.NoError(t, queries.Migrate(t.Context(), db.Conn(), reg, time.Now))
	odd := []string{`it's`, `a\b`, `\`, `'`, `\'`, `"`, "tab\tand\nline", "长城", "", "[,]", `\N`, "a\rb"}
	for _, id := range odd {
		require.NoError(t, db.Conn().Exec(t.Context(), "INSERT INTO work_items (kind, id) VALUES ('order', ?)", id))
	}
	res, err := reg.Run(t.Context(), db.Conn(), "work/items_of", queries.Args{"ids": odd})
	require.NoError(t, err)
	var got []string
	for _, m := range res.Maps() {
		got = append(got, m["id"].(string))
	}
	require.ElementsMatch(t, odd, got)
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

// What a server says no to is told from a server that was not asked, whatever the words are.
func TestWhatTheServerRefuses(t *testing.T) {
	db := storetest.Empty(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	_, err = reg.Run(t.Context(), db.Conn(), "engine/list_schema_migrations", nil) // there is no such table yet
	require.True(t, queries.Refused(err), "%v", err)

	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = reg.Run(gone, db.Conn(), "engine/list_schema_migrations", nil)
	require.Error(t, err)
	require.False(t, queries.Refused(err), "%v", err)
	require.False(t, queries.Refused(errors.New("read tcp: code: 60, message: a proxy said it")))
}
