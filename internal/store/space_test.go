package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/internal/store"
	"duban/internal/store/storetest"
)

// The engine itself looks at the room on the disk before every insert.
func TestTheEngineLeavesRoomOnTheDisk(t *testing.T) {
	command, err := storetest.ChildCommand()
	require.NoError(t, err)
	lib, err := store.FindLibrary()
	require.NoError(t, err)
	server := store.DefaultServerConfig()
	server.KeepFreeBytes = 1 << 60 // more than there is
	e, err := store.StartEmbedded(t.Context(), store.EmbeddedConfig{Dir: t.TempDir(), Command: command, Library: lib, Server: server})
	require.NoError(t, err)
	t.Cleanup(func() { _ = e.Close() })
	db := open(t, e.DSN())
	require.NoError(t, db.Conn().Exec(t.Context(), "CREATE TABLE kept (n UInt32) ENGINE = MergeTree ORDER BY n"))
	require.ErrorContains(t, db.Conn().Exec(t.Context(), "INSERT INTO kept VALUES (1)"), "code: 243")
}
