package halls

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/config"
	"duban/supervision/calendar"
	"duban/supervision/lawzone"
	"duban/supervision/lifecycle"
)

// The nearest division above a case whose hours are named gives them, by the
// division at acceptance: 610802 lies in 610800, 610102 in 610100.
func TestHallHoursAreThoseOfTheNearestDivisionAbove(t *testing.T) {
	halls, err := ByDivision([]config.Hall{
		{Region: "610000", From: "2020-01-01", Open: []string{"09:00-17:00"}},
		{Region: "610800", From: "2020-01-01", Open: []string{"08:00-12:00", "14:00-18:00"}},
		{Region: "610800", From: "2026-05-01", Open: []string{"08:00-12:00", "15:00-18:00"}},
		{Region: "610802001", From: "2020-01-01", Open: []string{"10:00-16:00"}},
	})
	require.NoError(t, err)
	policy := lifecycle.DefaultPolicy()
	policy.Halls = halls
	cal, err := calendar.Default()
	require.NoError(t, err)
	due := func(region, accepted string) string {
		at, err := time.ParseInLocation("2006-01-02 15:04", accepted, lawzone.Zone)
		require.NoError(t, err)
		fact := func(typ event.CaseType, payload string) event.Case {
			return event.Case{SourceSys: "s", CaseNo: "1", EventID: string(typ), Type: typ, OccurredAt: at.UnixMilli(),
				RegionCode: region, Payload: payload}
		}
		s := lifecycle.FoldCase([]event.Case{fact(event.Apply, ""),
			fact(event.Accept, `{"promise_days":4,"promise_unit":"H","legal_days":20,"legal_unit":"W"}`)}, nil, cal, policy)
		return time.UnixMilli(s.History[len(s.History)-1].PromiseDue).In(lawzone.Zone).Format("2006-01-02 15:04")
	}
	require.Equal(t, "2026-04-21 15:00", due("610802", "2026-04-21 09:00"))
	require.Equal(t, "2026-05-20 16:00", due("610802", "2026-05-20 09:00"), "from 1 May the afternoon begins at 15:00")
	require.Equal(t, "2026-05-20 16:00", due("610802003", "2026-05-20 09:00"), "a township of it")
	require.Equal(t, "2026-05-20 14:00", due("610802001", "2026-05-20 09:00"), "a township with hours of its own")
	require.Equal(t, "2026-05-20 13:00", due("610102", "2026-05-20 09:00"))
	require.Equal(t, "2026-05-20 14:30", due("410202", "2026-05-20 09:00"), "elsewhere as before")

	for name, bad := range map[string]config.Hall{
		"no division":   {Region: "999999", From: "2020-01-01", Open: []string{"09:00-17:00"}},
		"no day":        {Region: "610000", From: "soon", Open: []string{"09:00-17:00"}},
		"no hours":      {Region: "610000", From: "2020-01-01"},
		"hours of 9-17": {Region: "610000", From: "2020-01-01", Open: []string{"9-17"}},
	} {
		_, err := ByDivision([]config.Hall{bad})
		require.Error(t, err, name)
	}
}
