package scalar

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"duban/ingest/deadletter"
)

// compareWithLibrary: what Instant takes, time.Parse takes with the same
// meaning.
func compareWithLibrary(t *testing.T, s string) {
	ms, bad := Instant([]byte(s))
	if bad != "" {
		return
	}
	want, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatalf("%q is taken, the library says %v", s, err)
	}
	if want.UnixMilli() != ms {
		t.Fatalf("%q is %d, the library says %d", s, ms, want.UnixMilli())
	}
}

func TestInstantsMeanWhatTheLibrarySays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		at := time.Unix(rapid.Int64Range(-2e9, 9e9).Draw(rt, "s"), rapid.Int64Range(0, 999999999).Draw(rt, "ns"))
		zone := time.FixedZone("", rapid.IntRange(-23*60-59, 23*60+59).Draw(rt, "zone")*60)
		s := at.In(zone).Format(time.RFC3339Nano)
		ms, bad := Instant([]byte(s))
		if bad != "" || ms != at.UnixMilli() {
			rt.Fatalf("%s: got %d %s, want %d", s, ms, bad, at.UnixMilli())
		}
	})
}

func TestInstantRefusals(t *testing.T) {
	for s, want := range map[string]deadletter.Reason{
		"2026-02-27T09:00:00": deadletter.TimeWithoutZone, "2026-02-27T09:00:00.5": deadletter.TimeWithoutZone,
		"2026-02-27T09:00Z": deadletter.InvalidTime, "2026-02-27 09:00:00Z": deadletter.InvalidTime,
		"2026-02-27T09:00:00z": deadletter.InvalidTime, "2026-02-27T09:00:00+0800": deadletter.InvalidTime,
		"2026-02-27T09:00:00.Z": deadletter.InvalidTime, "2025-02-29T09:00:00Z": deadletter.InvalidTime,
		"2026-02-27T09:00:60Z": deadletter.InvalidTime, "2026-02-27T09:00:00-24:00": deadletter.InvalidTime, "": deadletter.InvalidTime,
	} {
		_, bad := Instant([]byte(s))
		require.Equal(t, want, bad, s)
	}
}

func TestDaysCountFrom1970(t *testing.T) {
	for s, want := range map[string]int32{"1970-01-01": 0, "1969-12-31": -1, "2000-02-29": 11016, "1900-01-01": MinDay, "2299-12-31": MaxDay} {
		d, ok := Day([]byte(s))
		require.True(t, ok)
		require.Equal(t, want, d, s)
	}
}

// FuzzInstant compares with the meaning of RFC 3339 in the standard library.
func FuzzInstant(f *testing.F) {
	for _, s := range []string{"2026-02-27T09:00:00+08:00", "2000-02-29T23:59:59.999999999Z", "1900-02-29T00:00:00Z",
		"2026-02-27T09:00:00", "x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { compareWithLibrary(t, s) })
}
