package world

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func day(t *testing.T, text string) int32 {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	require.NoError(t, err)
	return DayOf(d.Year(), int(d.Month()), d.Day())
}

// The vectors of domain guide 2.4, which come from a published rule manual and
// from the State Council's notices.
func TestDueDaysAreThoseOfTheDomainGuide(t *testing.T) {
	w, err := LoadWorkdays()
	require.NoError(t, err)
	for _, v := range []struct {
		accepted string
		limit    int32
		due      string
	}{
		{"2018-10-15", 7, "2018-10-24"},
		{"2018-10-15", 10, "2018-10-29"},
		{"2018-10-15", 13, "2018-11-01"},
		{"2017-01-20", 5, "2017-01-26"},
		{"2022-12-29", 3, "2023-01-04"},
		{"2024-02-07", 5, "2024-02-20"},
		{"2019-09-27", 5, "2019-10-10"},
		{"2019-09-27", 20, "2019-10-30"},
		{"2020-01-21", 5, "2020-02-05"},
		{"2025-09-27", 3, "2025-09-30"},
	} {
		require.Equal(t, v.due, Date(w.Add(day(t, v.accepted), v.limit)).Format(time.DateOnly), "%s + %d", v.accepted, v.limit)
		require.Equal(t, v.limit, w.Count(day(t, v.accepted), day(t, v.due)), "%s to %s", v.accepted, v.due)
	}
}

func TestZeroDaysIsTodayOrTheNextWorkingDay(t *testing.T) {
	w, err := LoadWorkdays()
	require.NoError(t, err)
	require.Equal(t, day(t, "2026-06-29"), w.Add(day(t, "2026-06-29"), 0), "a Monday")
	require.Equal(t, day(t, "2026-06-29"), w.Add(day(t, "2026-06-27"), 0), "a Saturday")
	require.True(t, w.Working(day(t, "2026-01-04")), "a Sunday that is worked")
	require.Zero(t, w.Count(day(t, "2026-06-29"), day(t, "2026-06-29")))
}

func TestInstantsFallOnDaysOfShanghai(t *testing.T) {
	at := time.Date(2026, 6, 30, 16, 0, 0, 0, time.UTC).UnixMilli()
	require.Equal(t, day(t, "2026-07-01"), LocalDay(at))
	require.Equal(t, day(t, "2026-06-30"), LocalDay(at-1))
	require.Equal(t, at, StartOf(LocalDay(at)))
	require.Equal(t, at-1, EndOf(day(t, "2026-06-30")))
}
