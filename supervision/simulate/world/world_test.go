package world

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/supervision/divisions"
)

func TestTheProvinceIsWellFormed(t *testing.T) {
	days, err := LoadWorkdays()
	require.NoError(t, err)
	table, err := divisions.Load()
	require.NoError(t, err)
	// Every city that has villages can be the one with all five levels.
	for province, city := range map[string]string{"210000": "210100", "410000": "410200"} {
		w, err := New(table, days, province, city, DayOf(2025, 7, 1), DayOf(2026, 6, 30))
		require.NoError(t, err)
		villages := 0
		for _, o := range w.Orgs {
			villages += One(o.Level == divisions.Village)
		}
		require.Positive(t, villages, city)
	}
	w, err := New(table, days, "610000", "610800", DayOf(2025, 7, 1), DayOf(2026, 6, 30))
	require.NoError(t, err)
	levels, codes := [6]int{}, map[string]bool{}
	for _, o := range w.Orgs {
		levels[o.Level]++
		require.True(t, creditCodeValid(o.Code), o.Code)
		require.False(t, codes[o.Code], o.Code)
		codes[o.Code] = true
		require.Equal(t, w.Orgs[o.Peer].Region, o.Region)
		require.Equal(t, w.Orgs[o.Window].Region, o.Region)
	}
	for _, o := range w.Orgs {
		require.True(t, o.Parent == "" || codes[o.Parent], o.Name)
	}
	for level := divisions.Province; level <= divisions.Village; level++ {
		require.Positive(t, levels[level], level)
	}
	require.GreaterOrEqual(t, len(w.titles), 60)
	tasks := map[string]bool{}
	for _, it := range w.Items {
		require.Len(t, it.Task, 31)
		require.False(t, tasks[it.Task])
		tasks[it.Task] = true
	}
	for _, title := range w.titles {
		require.Len(t, title.Catalog, 12, title.Name)
		require.False(t, title.Pause != "" && title.Immediate(), title.Name)
	}
	require.Len(t, w.Regions[w.regionIndex["610802001001"]].Path, 5)
}
