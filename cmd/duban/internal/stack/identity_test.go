package stack

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/internal/config"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
)

func folderOf(t *testing.T, db *store.DB) *Stack {
	t.Helper()
	reg, err := queries.Load()
	require.NoError(t, err)
	s := &Stack{Cfg: config.Default(), db: db, reg: reg, log: slog.New(slog.DiscardHandler)}
	s.Cfg.Data = t.TempDir()
	s.access, err = newAccess(s)
	require.NoError(t, err)
	return s
}

// A server without users is open. On another machine, or by a mistyped --data, it would
// show everybody the data of an instance that has users, only in another folder.
func TestAServerOfAnotherFolderIsNotOpen(t *testing.T) {
	db := storetest.New(t)
	first := folderOf(t, db)
	require.NoError(t, first.checkOpen())
	require.NoError(t, first.checkOpen(), "again")
	second := folderOf(t, db)
	require.ErrorContains(t, second.checkOpen(), "belongs to another data folder than "+second.Cfg.Data)
	_, err := Users(second.Cfg).Add(t.Context(), access.User{Name: "zhou", Display: "周敏", Role: access.Sysadmin}, "korrekt-Pferd-Batterie-9")
	require.NoError(t, err)
	require.NoError(t, second.checkOpen(), "with users of its own it asks for a password")
}

func TestTheTokenKeyIsNotMadeAnewWhenThereAreData(t *testing.T) {
	db := storetest.New(t)
	s := folderOf(t, db)
	key, err := s.tokenKey()
	require.NoError(t, err)
	again, err := s.tokenKey()
	require.NoError(t, err)
	require.Equal(t, key, again)
	path := filepath.Join(s.Cfg.Data, "secrets", "token-key")
	require.NoError(t, os.Remove(path))
	_, err = s.tokenKey()
	require.ErrorContains(t, err, path+" is missing")
	require.NoFileExists(t, path, "none is made")
	require.NoError(t, os.WriteFile(path, []byte("another key of the right length, 32 bytes\n"), 0o600))
	_, err = s.tokenKey()
	require.ErrorContains(t, err, "is not the key")
	require.NoError(t, os.WriteFile(path, append(key, '\n'), 0o600))
	_, err = s.tokenKey()
	require.NoError(t, err)
}
