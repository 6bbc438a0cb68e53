package server_test

import (
	"bufio"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/page/kit"
	"duban/dashboards/server"
	"duban/dashboards/sitetest"
	"duban/internal/store/storetest"
)

// A file goes from the database to its reader in batches: what it costs does not grow with
// its rows. It ends where files end, and says so.
func TestAFileIsNotHeldInMemory(t *testing.T) {
	db := storetest.New(t)
	const all, most = 200_000, 150_000
	require.NoError(t, db.Conn().Exec(t.Context(), `INSERT INTO cases
		(source_sys, case_no, fold_version, org_code, region_code, task_code, channel,
			first_at, last_at, h_at, h_state, h_excluded, h_applied_at, h_accepted_at)
		SELECT 'hall', concat('CASE-2026-', leftPad(toString(number), 9, '0')), 1,
			concat('116101020160', toString(number % 90)), '610102', concat('T', toString(number % 500)), 'web',
			at, at, [at], ['accepted'], [''], [at], [at]
		FROM (SELECT number, toDateTime64('2026-06-01 01:00:00', 3, 'UTC') + number AS at FROM numbers(200000))`))
	s := sitetest.Serve(t, db, server.Config{Listen: "127.0.0.1:0"}, nil, func(d *kit.Deps) { d.FileRows = most })

	var most64, stop atomic.Uint64
	var m runtime.MemStats
	defer debug.SetGCPercent(debug.SetGCPercent(20)) // what is held, hardly more
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, done := m.HeapAlloc, make(chan struct{})
	go func() {
		defer close(done)
		var m runtime.MemStats
		for stop.Load() == 0 {
			runtime.ReadMemStats(&m)
			most64.Store(max(most64.Load(), m.HeapAlloc))
			time.Sleep(10 * time.Millisecond)
		}
	}()
	began := time.Now()
	res, err := http.Get(s.Base + "/cases?format=csv")
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Equal(t, "true", res.Header.Get("X-Truncated"))
	lines, last := 0, ""
	for in := bufio.NewScanner(res.Body); in.Scan(); lines++ {
		if last = in.Text(); lines == 1 {
			require.True(t, strings.HasPrefix(last, "CASE-2026-000199999,hall,11610102016019,610102,T499,web,accepted,"), last)
		}
	}
	stop.Store(1)
	<-done
	require.Equal(t, most+1, lines)
	require.True(t, strings.HasPrefix(last, "CASE-2026-000050000,"), last)
	grown := (most64.Load() - min(before, most64.Load())) >> 20
	t.Logf("%d rows in %v, heap grew by %d MB at most", lines-1, time.Since(began), grown)
	require.Less(t, grown, uint64(64))
}
