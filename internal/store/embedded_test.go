package store_test

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store"
	"duban/internal/store/storetest"
)

func start(t *testing.T, dir string) *store.Embedded {
	t.Helper()
	command, err := storetest.ChildCommand()
	require.NoError(t, err)
	lib, err := store.FindLibrary()
	require.NoError(t, err)
	e, err := store.StartEmbedded(t.Context(), store.EmbeddedConfig{
		Dir: dir, Command: command, Library: lib, Server: store.DefaultServerConfig(),
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = e.Close() })
	return e
}

func open(t *testing.T, dsn string) *store.DB {
	t.Helper()
	db, err := store.Open(dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestAKilledServerComesBackWithItsData(t *testing.T) {
	e := start(t, t.TempDir())
	db := open(t, e.DSN())
	ctx := t.Context()
	require.NoError(t, db.Conn().Exec(ctx, "CREATE TABLE kept (n UInt32) ENGINE = MergeTree ORDER BY n"))
	require.NoError(t, db.Conn().Exec(ctx, "INSERT INTO kept SELECT number FROM numbers(1000)"))
	for range 3 {
		pid := e.PID()
		require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
		require.Eventually(t, func() bool {
			return e.PID() != 0 && e.PID() != pid && db.Ping(ctx) == nil
		}, 30*time.Second, 50*time.Millisecond, "the supervisor starts it again on the same port")
		var n uint64
		require.NoError(t, db.Conn().QueryRow(ctx, "SELECT count() FROM kept").Scan(&n))
		require.EqualValues(t, 1000, n)
	}
	require.Equal(t, 3, e.Restarts())
}

func TestCloseEndsTheServerAndKeepsItsData(t *testing.T) {
	dir := t.TempDir()
	e := start(t, dir)
	require.NoError(t, open(t, e.DSN()).Conn().Exec(t.Context(), "CREATE TABLE kept (n UInt32) ENGINE = MergeTree ORDER BY n"))
	pid := e.PID()
	require.NoError(t, e.Close())
	require.ErrorIs(t, syscall.Kill(pid, 0), syscall.ESRCH, "no process is left behind")
	again := start(t, dir)
	require.NoError(t, open(t, again.DSN()).Conn().Exec(t.Context(), "INSERT INTO kept VALUES (1)"))
}

func TestOnlyTheOwnerMayReadAndWrite(t *testing.T) {
	e := start(t, t.TempDir())
	ctx := t.Context()
	owner := open(t, e.DSN())
	require.NoError(t, owner.Conn().Exec(ctx, "CREATE TABLE secret (n UInt32) ENGINE = MergeTree ORDER BY n"))

	reader := open(t, e.ReaderDSN())
	require.NoError(t, reader.Conn().Exec(ctx, "SELECT * FROM secret"))
	require.Error(t, reader.Conn().Exec(ctx, "INSERT INTO secret VALUES (1)"))
	require.Error(t, reader.Conn().Exec(ctx, "DROP TABLE secret"))
	require.NoError(t, reader.Conn().Exec(ctx, "SELECT * FROM secret SETTINGS max_execution_time = 5"), "a deadline of one's own")
	require.Error(t, reader.Conn().Exec(ctx, "SELECT * FROM secret SETTINGS max_execution_time = 3600"), "but none beyond the limit")
	require.Error(t, reader.Conn().Exec(ctx, "SELECT * FROM secret SETTINGS max_memory_usage = 0"))
	require.Error(t, reader.Conn().Exec(ctx, "SELECT * FROM secret SETTINGS readonly = 0"))
	require.Error(t, reader.Conn().Exec(ctx, "SELECT * FROM file('/etc/passwd', 'LineAsString')"))
	require.Error(t, reader.Conn().Exec(ctx, "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')"))

	asReader, err := store.OpenReadOnly(e.DSN())
	require.NoError(t, err)
	defer func() { _ = asReader.Close() }()
	require.NoError(t, asReader.Conn().Exec(ctx, "SELECT * FROM secret"))
	require.ErrorContains(t, asReader.Conn().Exec(ctx, "INSERT INTO secret VALUES (1)"), "readonly")
	require.ErrorContains(t, asReader.Conn().Exec(ctx, "DELETE FROM secret WHERE 1"), "readonly")
}

func TestTheFolderHoldsNoReadableSecrets(t *testing.T) {
	dir := t.TempDir()
	start(t, dir)
	info, err := os.Stat(filepath.Join(dir, "passwords"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestAMissingLibraryIsExplained(t *testing.T) {
	t.Setenv(store.LibraryEnv, filepath.Join(t.TempDir(), "nowhere.so"))
	_, err := store.FindLibrary()
	require.ErrorContains(t, err, store.LibraryEnv)
}

func TestABrokenLibraryIsReportedAndDoesNotHang(t *testing.T) {
	command, err := storetest.ChildCommand()
	require.NoError(t, err)
	lib := filepath.Join(t.TempDir(), "broken.so")
	require.NoError(t, os.WriteFile(lib, []byte("not a library"), 0o600))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	_, err = store.StartEmbedded(ctx, store.EmbeddedConfig{Dir: t.TempDir(), Command: command, Library: lib,
		Server: store.DefaultServerConfig()})
	require.ErrorContains(t, err, "broken.so")
}

func hostOf(t *testing.T, dsn string) string {
	t.Helper()
	db, err := store.Open(dsn)
	require.NoError(t, err)
	defer func() { _ = db.Close() }()
	return db.Addr()
}
