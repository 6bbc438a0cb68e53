package divisions_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/supervision/divisions"
)

func load(t *testing.T) *divisions.Table {
	t.Helper()
	table, err := divisions.Load()
	require.NoError(t, err)
	return table
}

// The numbers of rows are those of the source files: 31 provinces, 342 cities,
// 2,978 counties of which three repeat the code of their city, 41,352
// townships, 8,458 villages.
func TestEveryRowOfTheSourceIsThere(t *testing.T) {
	var got [6]int
	for d := range load(t).All() {
		got[d.Level]++
	}
	require.Equal(t, [6]int{0, 31, 342, 2978 - 3, 41352, 8458}, got)
	require.Equal(t, divisions.Count, load(t).Len())
}

func TestPathRunsFromTheProvinceDown(t *testing.T) {
	table := load(t)
	for code, want := range map[string][]string{
		"610000":       {"610000"},
		"610800":       {"610000", "610800"},
		"610802":       {"610000", "610800", "610802"},
		"610802001001": {"610000", "610800", "610802", "610802001", "610802001001"},
		// A district of a municipality hangs from the province.
		"110101": {"110000", "110101"},
		// A county run by the province itself (济源市).
		"419001": {"410000", "419001"},
		// Cities without counties: townships hang from the city.
		"441900003": {"440000", "441900", "441900003"},
		"620201100": {"620000", "620200", "620201100"},
		"999999":    nil,
	} {
		require.Equal(t, want, table.Path(code), code)
	}
}

func TestEntriesThatAreNoPlacesAreVirtualAndNobodysParent(t *testing.T) {
	table := load(t)
	for _, code := range []string{"110100", "500200", "419000", "659000", "620201"} {
		d, ok := table.Lookup(code)
		require.True(t, ok, code)
		require.True(t, d.Virtual, code)
		require.Empty(t, table.Children(code), code)
	}
	zone, ok := table.Lookup("130171")
	require.True(t, ok)
	require.True(t, zone.Virtual)
	zones := 0
	for d := range table.All() {
		if d.Level == divisions.County && d.Code[4] == '7' {
			zones++
			require.True(t, d.Virtual, d.Code)
		}
	}
	require.Equal(t, 124, zones)
}

func TestLookupKnowsNameLevelAndParent(t *testing.T) {
	table := load(t)
	d, ok := table.Lookup("610881")
	require.True(t, ok)
	require.Equal(t, divisions.Division{Code: "610881", Name: "神木市", Parent: "610800", Level: divisions.County}, d)
	p, ok := table.Parent("610881")
	require.True(t, ok)
	require.Equal(t, "榆林市", p.Name)
	_, ok = table.Parent("610000")
	require.False(t, ok)
	level, ok := table.Level("610802001001")
	require.True(t, ok)
	require.Equal(t, divisions.Village, level)
	require.Len(t, table.Children("610800"), 12)
	require.Len(t, table.Children(""), 31)
}

// Every row of table regions ends its path with itself, starts it with a
// province, and never passes through an entry that is not a place; the levels
// rise along it.
func TestRowsAreFitForTheTable(t *testing.T) {
	table := load(t)
	rows := 0
	last := ""
	for row := range table.Rows() {
		rows++
		require.Less(t, last, row.Code)
		last = row.Code
		require.Contains(t, []int{6, 9, 12}, len(row.Code))
		require.NotEmpty(t, row.Name)
		require.Equal(t, divisions.Edition, row.Edition)
		require.Equal(t, row.Code, row.Path[len(row.Path)-1])
		levels := make([]int8, len(row.Path))
		for i, code := range row.Path {
			d, ok := table.Lookup(code)
			require.True(t, ok)
			levels[i] = d.Level
		}
		require.Equal(t, divisions.Province, levels[0])
		require.True(t, slices.IsSorted(levels), row.Code)
	}
	require.Equal(t, table.Len(), rows)
}
