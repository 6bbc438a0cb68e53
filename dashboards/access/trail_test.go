package access_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
)

func TestNoLineOfTheTrailIsLost(t *testing.T) {
	dir := t.TempDir()
	trail := access.NewTrail(dir, time.Now)
	stored := map[string]access.Entry{}
	keep := func(_ context.Context, entries []access.Entry) error {
		for _, e := range entries {
			stored[e.ID] = e
		}
		return nil
	}
	require.NoError(t, trail.Carry(t.Context(), keep), "nothing to carry")

	var wg sync.WaitGroup
	for range 4 { // processes
		other := access.NewTrail(dir, time.Now)
		wg.Go(func() {
			for range 10 {
				require.NoError(t, other.Record(access.Entry{UserID: "u-1", What: access.SignedIn}))
			}
		})
	}
	wg.Wait()
	away := errors.New("the database is away")
	require.ErrorIs(t, trail.Carry(t.Context(), func(context.Context, []access.Entry) error { return away }), away)
	require.NoError(t, trail.Record(access.Entry{UserID: "u-2", What: access.SignedOut}))
	require.NoError(t, trail.Carry(t.Context(), keep))
	require.Len(t, stored, 41)
	require.NoError(t, trail.Carry(t.Context(), func(context.Context, []access.Entry) error { return away }), "nothing is left")
}

func TestALineThatIsSentTwiceIsTheSame(t *testing.T) {
	trail := access.NewTrail(t.TempDir(), time.Now)
	require.NoError(t, trail.Record(access.Entry{What: access.SignedIn}))
	var first, second []access.Entry
	lost := errors.New("the answer was lost")
	require.ErrorIs(t, trail.Carry(t.Context(), func(_ context.Context, e []access.Entry) error { first = e; return lost }), lost)
	require.NoError(t, trail.Carry(t.Context(), func(_ context.Context, e []access.Entry) error { second = e; return nil }))
	require.Equal(t, first, second)
	require.NotEmpty(t, first[0].ID)
}

func TestACutLineDoesNotHoldUpTheOthers(t *testing.T) {
	dir := t.TempDir()
	trail := access.NewTrail(dir, time.Now)
	require.NoError(t, trail.Record(access.Entry{What: access.SignedIn}))
	f, err := os.OpenFile(filepath.Join(dir, "audit", "new.ndjson"), os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteString(`{"at":"2026-`)
	require.NoError(t, errors.Join(err, f.Close()))
	require.NoError(t, trail.Record(access.Entry{What: access.SignedOut}))
	var got []access.Entry
	require.NoError(t, trail.Carry(t.Context(), func(_ context.Context, e []access.Entry) error { got = e; return nil }))
	require.Len(t, got, 2)
}
