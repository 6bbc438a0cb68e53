package queries

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// A figure of the ledger stands for one of the states, so that a program in which one can be
// grouped by what the other cannot does not start.
func TestAFigureOfTheLedgerIsGroupedAsThatOfTheStates(t *testing.T) {
	files := func(ledger, states string) fstest.MapFS {
		text := func(dims string) *fstest.MapFile {
			return &fstest.MapFile{Data: []byte("-- purpose: test\n-- grain: one row per group\n-- source: domain guide 5.5\n" +
				"-- column: n UInt64 = number\n-- dims: " + dims + "\nSELECT {{dims}} count() AS n FROM t {{group}}\n")}
		}
		return fstest.MapFS{
			"dimension/a.yaml": {Data: []byte("- {name: place, sql: p, zh: 地, en: place}\n")},
			"dimension/b.yaml": {Data: []byte("- {name: month, sql: m, zh: 月, en: month}\n")},
			"figures/X01.sql":  text(ledger), "indicator/X01.sql": text(states),
			"figures/X02.sql": text(ledger), // stands for none
		}
	}
	_, err := load(files("a", "a"))
	require.NoError(t, err)
	_, err = load(files("a", "b"))
	require.ErrorContains(t, err, `figures/X01 is grouped by the dimensions "a", and indicator/X01, for which it stands, by "b"`)
	require.NotContains(t, err.Error(), "X02")
}

func TestGroupingIsCheckedWithoutAsking(t *testing.T) {
	r, err := load(small())
	require.NoError(t, err)
	require.NoError(t, r.CheckGrouping("page/q"))
	require.NoError(t, r.CheckGrouping("page/q", "place", "month"))
	var wrong *GroupingError
	require.ErrorAs(t, r.CheckGrouping("page/q", "moon"), &wrong)
	require.ErrorContains(t, wrong, `page/q cannot be grouped by "moon"; it can be by: place, day, month`)
	require.ErrorContains(t, r.CheckGrouping("page/q", "day", "day"), "twice")
	require.ErrorContains(t, r.CheckGrouping("page/x", "day"), "there is no query")
}

// Null is nought to a reader of numbers; a text that stands there by mistake is not.
func TestNumbersOfAColumn(t *testing.T) {
	half, none := 0.5, (*float64)(nil)
	res := &Result{
		Columns: []Column{{Name: "id"}, {Name: "n"}},
		Rows:    [][]any{{"a", uint64(7)}, {"b", int32(-2)}, {"c", &half}, {"d", none}, {"e", nil}},
	}
	got, err := res.Numbers("n")
	require.NoError(t, err)
	require.Equal(t, []float64{7, -2, 0.5, 0, 0}, got)
	_, err = res.Numbers("id")
	require.ErrorContains(t, err, "column id holds string")
	_, err = res.Numbers("m")
	require.ErrorContains(t, err, "no column m")
}
