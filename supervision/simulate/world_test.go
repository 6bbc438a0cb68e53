package simulate

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/supervision/divisions"
)

func TestTheProvinceIsWellFormed(t *testing.T) {
	days, err := loadWorkdays()
	require.NoError(t, err)
	table, err := divisions.Load()
	require.NoError(t, err)
	// Every city that has villages can be the one with all five levels.
	for province, city := range map[string]string{"210000": "210100", "410000": "410200"} {
		w, err := newWorld(table, days, province, city, dayOf(2025, 7, 1), dayOf(2026, 6, 30))
		require.NoError(t, err)
		villages := 0
		for _, o := range w.orgs {
			villages += one(o.level == divisions.Village)
		}
		require.Positive(t, villages, city)
	}
	w, err := newWorld(table, days, "610000", "610800", dayOf(2025, 7, 1), dayOf(2026, 6, 30))
	require.NoError(t, err)
	levels, codes := [6]int{}, map[string]bool{}
	for _, o := range w.orgs {
		levels[o.level]++
		require.True(t, creditCodeValid(o.code), o.code)
		require.False(t, codes[o.code], o.code)
		codes[o.code] = true
		require.Equal(t, w.orgs[o.peer].region, o.region)
		require.Equal(t, w.orgs[o.window].region, o.region)
	}
	for _, o := range w.orgs {
		require.True(t, o.parent == "" || codes[o.parent], o.name)
	}
	for level := divisions.Province; level <= divisions.Village; level++ {
		require.Positive(t, levels[level], level)
	}
	require.GreaterOrEqual(t, len(w.titles), 60)
	tasks := map[string]bool{}
	for _, it := range w.items {
		require.Len(t, it.task, 31)
		require.False(t, tasks[it.task])
		tasks[it.task] = true
	}
	for _, title := range w.titles {
		require.Len(t, title.catalog, 12, title.name)
		require.False(t, title.pause != "" && title.immediate(), title.name)
	}
	require.Len(t, w.regions[w.regionIndex["610802001001"]].path, 5)
}
