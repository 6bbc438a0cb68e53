package upkeep_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/internal/upkeep"
	"duban/queries"
)

type engine struct {
	*store.Embedded
	db       *store.DB
	parts    *upkeep.Parts
	findings *upkeep.Findings
}

func start(t *testing.T, dir string) *engine {
	t.Helper()
	command, err := storetest.ChildCommand()
	require.NoError(t, err)
	lib, err := store.FindLibrary()
	require.NoError(t, err)
	e, err := store.StartEmbedded(t.Context(), store.EmbeddedConfig{Dir: filepath.Join(dir, "clickhouse"), Command: command, Library: lib,
		Server: store.DefaultServerConfig()})
	require.NoError(t, err)
	t.Cleanup(func() { _ = e.Close() })
	db, err := store.Open(e.DSN())
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	reg, err := queries.Load()
	require.NoError(t, err)
	f := upkeep.OpenFindings(dir)
	return &engine{e, db, upkeep.NewParts(upkeep.PartsConfig{
		Dir: dir, Conn: db.Conn(), Queries: reg, Findings: f, Log: slog.New(slog.DiscardHandler), Now: time.Now, Restart: e.Restart,
	}), f}
}

// fill makes a table of five inserts of 1,000 rows each.
func (e *engine) fill(t *testing.T) {
	t.Helper()
	require.NoError(t, e.db.Conn().Exec(t.Context(), "CREATE TABLE facts (n UInt64) ENGINE = MergeTree ORDER BY n"))
	for i := range 5 {
		require.NoError(t, e.db.Conn().Exec(t.Context(), "INSERT INTO facts SELECT number + ? FROM numbers(1000)", 1000*i))
	}
}

func (e *engine) count(t *testing.T, query string) (n uint64) {
	t.Helper()
	require.NoError(t, e.db.Conn().QueryRow(t.Context(), query).Scan(&n))
	return n
}

func (e *engine) folder(t *testing.T) (path string) {
	t.Helper()
	require.NoError(t, e.db.Conn().QueryRow(t.Context(), "SELECT path FROM system.parts WHERE table = 'facts' AND active ORDER BY rows "+
		"DESC, name LIMIT 1").Scan(&path))
	return path
}

// A merge on a full disk was seen to put a part whose files are all empty in the place of
// five good ones, which the server removes after old_parts_lifetime.
func TestAMergedPartWithoutContentIsMadeAgainFromThoseBefore(t *testing.T) {
	dir := t.TempDir()
	e := start(t, dir)
	e.fill(t)
	require.NoError(t, e.parts.Started(t.Context()))
	require.NoError(t, e.db.Conn().Exec(t.Context(), "OPTIMIZE TABLE facts FINAL"))
	require.EqualValues(t, 1, e.count(t, "SELECT count() FROM system.parts WHERE table = 'facts' AND active"))
	files, err := os.ReadDir(e.folder(t))
	require.NoError(t, err)
	for _, f := range files {
		require.NoError(t, os.Truncate(filepath.Join(e.folder(t), f.Name()), 0))
	}
	pid := e.PID()
	require.NoError(t, e.parts.Look(t.Context()))
	require.Eventually(t, func() bool { return e.PID() != 0 && e.PID() != pid && e.db.Ping(t.Context()) == nil },
		30*time.Second, 50*time.Millisecond,
		"the engine is started again at once")
	require.EqualValues(t, 5000, e.count(t, "SELECT uniqExact(n) FROM facts"), "nothing is lost")
	require.NoError(t, e.parts.Started(t.Context()))
	open, err := e.findings.Open()
	require.NoError(t, err)
	require.Len(t, open, 1)
	require.Contains(t, open[0].Text, "table facts")
	require.Contains(t, open[0].Text, "is there again")
	require.Contains(t, open[0].Text, "(5000 rows)")
	require.NoError(t, e.parts.Look(t.Context()))
	require.Equal(t, 1, e.Restarts(), "once")
}

func TestAPartThatIsGoneIsTold(t *testing.T) {
	dir := t.TempDir()
	e := start(t, dir)
	e.fill(t)
	require.NoError(t, e.parts.Started(t.Context()))
	open, err := e.findings.Open()
	require.NoError(t, err)
	require.Empty(t, open)
	folder := e.folder(t)
	require.NoError(t, e.Close())
	require.NoError(t, os.RemoveAll(folder))
	e = start(t, dir)
	require.NoError(t, e.parts.Started(t.Context()))
	open, err = e.findings.Open()
	require.NoError(t, err)
	require.Len(t, open, 1)
	require.Contains(t, open[0].Text, "table facts: part "+filepath.Base(folder)+
		" with 1000 rows was there and is gone; 0 rows of it are there")
}

// An older copy of the folder is one finding and not one for each part that is not in it.
func TestAnOlderCopyIsOneFinding(t *testing.T) {
	dir := t.TempDir()
	e := start(t, dir)
	tables := []string{"a", "b", "c", "d"}
	for _, table := range tables {
		require.NoError(t, e.db.Conn().Exec(t.Context(), "CREATE TABLE "+table+" (n UInt64) ENGINE = MergeTree ORDER BY n"))
	}
	require.NoError(t, e.Close())
	clickhouse, older := filepath.Join(dir, "clickhouse"), filepath.Join(t.TempDir(), "older")
	require.NoError(t, os.CopyFS(older, os.DirFS(clickhouse)))
	e = start(t, dir)
	for i, table := range tables {
		require.NoError(t, e.db.Conn().Exec(t.Context(), "INSERT INTO "+table+" SELECT number FROM numbers(?)", 10*(i+1)))
	}
	require.NoError(t, e.parts.Started(t.Context()))
	require.NoError(t, e.Close())
	require.NoError(t, os.RemoveAll(clickhouse))
	require.NoError(t, os.CopyFS(clickhouse, os.DirFS(older)))
	e = start(t, dir)
	require.NoError(t, e.parts.Started(t.Context()))
	open, err := e.findings.Open()
	require.NoError(t, err)
	require.Len(t, open, 1)
	require.Contains(t, open[0].Text, "4 parts of 4 tables were there and are gone at once")
	require.Contains(t, open[0].Text, "rows that are not there: a 10, b 20, c 30, d 40.")
}

// Rows that can be made again are, once, and the finding says what becomes of the others.
func TestLostRowsThatAreDerivedAreFoldedAgainOnce(t *testing.T) {
	dir := t.TempDir()
	e := start(t, dir)
	e.fill(t)
	require.NoError(t, e.parts.Started(t.Context()))
	folder := e.folder(t)
	require.NoError(t, e.Close())
	require.NoError(t, os.RemoveAll(folder))
	asked, fails := 0, true
	reg, err := queries.Load()
	require.NoError(t, err)
	started := func(derived ...string) error {
		e := start(t, dir)
		defer func() { _ = e.Close() }()
		return upkeep.NewParts(upkeep.PartsConfig{
			Dir: dir, Conn: e.db.Conn(), Queries: reg, Findings: e.findings, Log: slog.New(slog.DiscardHandler), Now: time.Now, Restart: e.Restart,
			Remedies: map[string]string{"facts": "made again", "": "restore a backup"}, Derived: derived,
			Refold: func(context.Context) error {
				if fails {
					return errors.New("not now")
				}
				asked++
				return nil
			},
		}).Started(t.Context())
	}
	require.ErrorContains(t, started("facts"), "not now")
	fails = false
	require.NoError(t, started("facts"), "asked for again at the next start")
	require.NoError(t, started("facts"))
	require.Equal(t, 1, asked)
	open, err := upkeep.OpenFindings(dir).Open()
	require.NoError(t, err)
	require.Len(t, open, 1)
	require.Contains(t, open[0].Text, "0 rows of it are there; made again")
}

func TestADamagedPartIsSetAsideAndTold(t *testing.T) {
	dir := t.TempDir()
	e := start(t, dir)
	e.fill(t)
	require.NoError(t, e.parts.Started(t.Context()))
	data := filepath.Join(e.folder(t), "data.bin")
	info, err := os.Stat(data)
	require.NoError(t, err)
	require.NoError(t, e.Close())
	require.NoError(t, os.Truncate(data, info.Size()/2))
	e = start(t, dir)
	require.NoError(t, e.parts.Started(t.Context()))
	open, err := e.findings.Open()
	require.NoError(t, err)
	require.Len(t, open, 1)
	require.Contains(t, open[0].Text, "was broken (broken-on-start) and set aside; of its rows 0 are there and 1000 are lost here")
}

func TestMergesAreNoLoss(t *testing.T) {
	dir := t.TempDir()
	e := start(t, dir)
	e.fill(t)
	require.NoError(t, e.parts.Started(t.Context()))
	require.NoError(t, e.db.Conn().Exec(t.Context(), "OPTIMIZE TABLE facts FINAL"))
	require.NoError(t, e.db.Conn().Exec(t.Context(), "ALTER TABLE facts DELETE WHERE n < 2500 SETTINGS mutations_sync = 2"))
	require.NoError(t, e.Close())
	e = start(t, dir)
	require.NoError(t, e.parts.Started(t.Context()))
	open, err := e.findings.Open()
	require.NoError(t, err)
	require.Empty(t, open)
}
