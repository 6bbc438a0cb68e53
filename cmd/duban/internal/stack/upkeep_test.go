package stack

import (
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/internal/upkeep"
	"duban/queries"
)

// What merges replaced is a multiple of what it was merged into. On a disk that is full it must
// go like on any other, or there would never be room again.
func TestReplacedPartsAreRemovedFromAFullDisk(t *testing.T) {
	command, err := storetest.ChildCommand()
	require.NoError(t, err)
	lib, err := store.FindLibrary()
	require.NoError(t, err)
	server := store.DefaultServerConfig()
	server.KeepReplaced = 5 * time.Second
	s := &Stack{log: slog.New(slog.DiscardHandler)}
	s.reg, err = queries.Load()
	require.NoError(t, err)
	s.engine, err = store.StartEmbedded(t.Context(), store.EmbeddedConfig{Dir: t.TempDir(), Command: command, Library: lib, Server: server})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.engine.Close() })
	s.db, err = store.Open(s.engine.DSN())
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.db.Close() })
	var free atomic.Uint64
	free.Store(1000)
	s.room, err = upkeep.NewRoom(upkeep.RoomConfig{
		Dir: t.TempDir(), Limit: 100, Every: 100 * time.Millisecond, Log: s.log, Metrics: prometheus.NewRegistry(),
		Changed: s.mergeWhenRoom, Free: func(string) (upkeep.Space, error) { return upkeep.Space{Bytes: free.Load(), Files: 1e6}, nil },
	})
	require.NoError(t, err)
	go func() { _ = s.room.Run(t.Context()) }()

	exec := func(statement string) { require.NoError(t, s.db.Conn().Exec(t.Context(), statement)) }
	replaced := func() (n uint64) {
		require.NoError(t, s.db.Conn().QueryRow(t.Context(), "SELECT count() FROM system.parts WHERE table = 'facts' AND NOT active").Scan(&n))
		return n
	}
	exec("CREATE TABLE facts (n UInt64) ENGINE = MergeTree ORDER BY n")
	for range 5 {
		exec("INSERT INTO facts SELECT number FROM numbers(1000)")
	}
	exec("OPTIMIZE TABLE facts FINAL")
	require.NotZero(t, replaced())
	free.Store(99)
	require.Eventually(t, func() bool { return s.room.Err() != nil }, 5*time.Second, 10*time.Millisecond)
	require.Eventually(t, func() bool { return replaced() == 0 }, 2*time.Minute, 200*time.Millisecond)
	require.Error(t, s.room.Err(), "the disk is full all the time")
	var rows uint64
	require.NoError(t, s.db.Conn().QueryRow(t.Context(), "SELECT count() FROM facts").Scan(&rows))
	require.EqualValues(t, 5000, rows)
}

// The folder of an emptied database has no tables when its lost parts are noticed, which is
// before the schema is made: what is lost is asked for all the same, and the start goes on.
func TestAnEmptiedDatabaseIsFoldedAgain(t *testing.T) {
	reg, err := queries.Load()
	require.NoError(t, err)
	s := &Stack{log: slog.New(slog.DiscardHandler), db: storetest.Empty(t), reg: reg}
	require.NoError(t, s.refold(t.Context()))
	var marks uint64
	require.NoError(t, s.db.Conn().QueryRow(t.Context(), "SELECT count() FROM fold_marks").Scan(&marks))
	require.NotZero(t, marks)
}
