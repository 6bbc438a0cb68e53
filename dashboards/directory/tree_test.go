package directory_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/directory"
	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine/enginetest"
	"duban/supervision/lawzone"
)

// day counts days since 1970, as the directory dates its versions.
func day(y int, m time.Month, d int) int32 {
	return int32(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Below an organisation stands what the directory of the day says: who was moved is below its new
// parent from that day on, what was merged below what it went into, and a circle ends where it began.
func TestWhoStandsBelowWhomIsThatOfTheDay(t *testing.T) {
	db := storetest.New(t)
	org := func(id, code, parent string, from int32, payload string) event.Organisation {
		return event.Organisation{SourceSys: "dir", EventID: id, OrgCode: code, Name: code, ParentCode: parent, RegionCode: "610800",
			ValidFrom: from, Payload: payload}
	}
	old := day(2020, time.January, 1)
	merged := org("7", "hall", "county", old, `{"successor_code":"city"}`)
	merged.ValidTo = day(2026, time.June, 10)
	enginetest.Insert(t, db,
		org("1", "city", "", old, ""), org("2", "county", "city", old, ""), org("3", "office", "county", old, ""),
		org("4", "office", "town", day(2026, time.June, 10), ""), // moved on the 10th
		org("5", "left", "right", old, ""), org("6", "right", "left", old, ""), merged)
	reg, err := queries.Load()
	require.NoError(t, err)
	now := time.Date(2026, time.June, 9, 23, 59, 50, 0, lawzone.Zone)
	tree := directory.New(reg.On(db.Conn()), func() time.Time { return now })
	below := func(code string) []string {
		t.Helper()
		list, err := tree.Below(t.Context(), code)
		require.NoError(t, err)
		return list
	}
	require.Equal(t, []string{"city", "county", "hall", "office"}, below("city"))
	require.Equal(t, []string{"county", "hall", "office"}, below("county"))
	require.Equal(t, []string{"office"}, below("office"))
	require.Equal(t, []string{"town"}, below("town"))
	require.Equal(t, []string{"left", "right"}, below("left"))
	require.Equal(t, []string{"nobody knows it"}, below("nobody knows it"))
	require.Empty(t, below(""), "no organisation is not all of them")

	now = now.Add(20 * time.Second) // past midnight in Beijing: the 10th, though read within the half minute
	require.Equal(t, []string{"county"}, below("county"))
	require.Equal(t, []string{"town", "office"}, below("town"))
	require.Equal(t, []string{"city", "county", "hall"}, below("city"))

	// Who comes in is seen half a minute later, and not by every question.
	enginetest.Insert(t, db, org("8", "new", "county", old, ""))
	now = now.Add(29 * time.Second)
	require.Equal(t, []string{"county"}, below("county"))
	now = now.Add(2 * time.Second)
	require.Equal(t, []string{"county", "new"}, below("county"))
}
