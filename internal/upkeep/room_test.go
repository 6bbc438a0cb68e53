package upkeep_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"duban/internal/upkeep"
)

func TestWorkWaitsUntilThereIsRoomAndSomeMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var free atomic.Uint64
		free.Store(1000)
		var changes []bool
		r, err := upkeep.NewRoom(upkeep.RoomConfig{
			Dir: "/somewhere", Limit: 100, Every: time.Millisecond, Log: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(),
			Free:    func(string) (upkeep.Space, error) { return upkeep.Space{Bytes: free.Load(), Files: 1e6}, nil },
			Changed: func(_ context.Context, full bool) { changes = append(changes, full) },
		})
		require.NoError(t, err)
		require.NoError(t, r.Wait(t.Context()))
		free.Store(99)
		var full *upkeep.FullError
		require.ErrorAs(t, r.Now(), &full, "at once")
		require.NoError(t, r.Err(), "the watch has not looked yet")
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- r.Run(ctx) }()
		time.Sleep(2 * time.Millisecond) // two looks
		synctest.Wait()
		require.ErrorContains(t, r.Err(), "disk full")
		waiting := make(chan error, 1)
		go func() { waiting <- r.Wait(t.Context()) }()
		free.Store(124) // over the limit, by less than a quarter
		time.Sleep(20 * time.Millisecond)
		synctest.Wait()
		require.Error(t, r.Err())
		require.Empty(t, waiting)
		free.Store(125)
		require.NoError(t, <-waiting)
		require.NoError(t, r.Err())
		stop()
		require.ErrorIs(t, <-done, context.Canceled)
		require.Equal(t, []bool{true, false}, changes)
	})
}

// ext4 has a number of files that is fixed when it is made: many small ones use it up while
// there is room for their bytes.
func TestADiskThatTakesNoMoreFilesIsFull(t *testing.T) {
	files := uint64(4999)
	r, err := upkeep.NewRoom(upkeep.RoomConfig{
		Dir: "/somewhere", Limit: 100, Log: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry(),
		Free: func(string) (upkeep.Space, error) { return upkeep.Space{Bytes: 1000, Files: files}, nil },
	})
	require.NoError(t, err)
	require.ErrorContains(t, r.Err(), "disk full: only 4999 more files can be made")
	require.ErrorContains(t, r.Now(), "disk full")
	free, err := upkeep.Free(t.TempDir())
	require.NoError(t, err)
	require.Greater(t, free.Files, uint64(5000), "of this machine")
}

func TestAFolderWithoutLimitHasRoom(t *testing.T) {
	var none *upkeep.Room
	require.NoError(t, none.Err())
	require.NoError(t, none.Now())
	require.NoError(t, none.Wait(t.Context()))
	_, err := upkeep.Check(t.TempDir(), 0)
	require.NoError(t, err)
	_, err = upkeep.Check(t.TempDir(), 1<<62)
	require.ErrorContains(t, err, "disk full")
	_, err = upkeep.Check(filepath.Join(t.TempDir(), "none"), 1)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestFindingsAreToldUntilTheyAreAcknowledged(t *testing.T) {
	dir := t.TempDir()
	f := upkeep.OpenFindings(dir)
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	added, err := f.Add([]upkeep.Finding{{ID: "a", At: at, Text: "one"}, {ID: "b", At: at, Text: "two"}})
	require.NoError(t, err)
	require.Len(t, added, 2)
	added, err = f.Add([]upkeep.Finding{{ID: "a", At: at, Text: "one"}})
	require.NoError(t, err)
	require.Empty(t, added, "the same is found once")
	_, err = f.Acknowledge(at, "root", "\u200b\u3000 ")
	require.ErrorContains(t, err, "reason")
	_, err = f.Acknowledge(at, "root", "")
	require.ErrorContains(t, err, "why")
	n, err := f.Acknowledge(at, "root", "restored from the broker")
	require.NoError(t, err)
	require.Equal(t, 2, n)
	f = upkeep.OpenFindings(dir)
	open, err := f.Open()
	require.NoError(t, err)
	require.Empty(t, open)
	all, err := f.All()
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, "restored from the broker", all[1].Reason)
	info, err := os.Stat(filepath.Join(dir, "findings.json"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}
