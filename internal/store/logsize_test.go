package store_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
)

// The log of the engine does not grow without end: it is begun anew, and no more than four
// older ones stand beside it.
func TestTheLogOfTheEngineIsBounded(t *testing.T) {
	command, err := storetest.ChildCommand()
	require.NoError(t, err)
	lib, err := store.FindLibrary()
	require.NoError(t, err)
	dir := t.TempDir()
	cfg := store.DefaultServerConfig()
	cfg.LogBytes = 200 // a line or two
	e, err := store.StartEmbedded(t.Context(), store.EmbeddedConfig{Dir: dir, Command: command, Library: lib, Server: cfg})
	require.NoError(t, err)
	db := open(t, e.DSN())
	reg, err := queries.Load()
	require.NoError(t, err)
	require.NoError(t, db.EnsureDatabase(t.Context()))
	require.NoError(t, queries.Migrate(t.Context(), db.Conn(), reg, time.Now)) // a hundred tables give it something to warn of
	require.NoError(t, e.Close())
	files, err := filepath.Glob(filepath.Join(dir, "log", "server.log*"))
	require.NoError(t, err)
	for _, f := range files {
		info, err := os.Stat(f)
		require.NoError(t, err)
		t.Logf("%s %d bytes", filepath.Base(f), info.Size())
	}
	require.LessOrEqual(t, len(files), 5)
	require.Greater(t, len(files), 1, "it was begun anew")
}
