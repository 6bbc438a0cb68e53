package discretion_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/discretion"
	"duban/queries"
)

// What sources call their topics, activities and attributes is shown without the telephone
// numbers that somebody wrote into it; an attribute that is personal by its name not at all.
func TestTheWordsOfSourcesAreMasked(t *testing.T) {
	res := &queries.Result{
		Columns: []queries.Column{
			{Name: "topic"}, {Name: "activity"}, {Name: "activities"}, {Name: "attribute:boss"}, {Name: "attribute:phone"}, {Name: "numerator"},
		},
		Rows: [][]any{
			{"complaint of 13812345679", "taken 13955556666", []string{"taken 13955556666", "done"}, "call 13877778888", "unlisted", uint64(1)},
			{nil, "done", []string{}, "", "", uint64(2)},
		},
	}
	discretion.MaskWords(res)
	for _, v := range res.Rows[0][:4] {
		require.NotRegexp(t, "13812345679|13955556666|13877778888", v)
	}
	require.Contains(t, res.Rows[0][0], "complaint of ")
	require.Equal(t, "done", res.Rows[0][2].([]string)[1])
	require.Equal(t, discretion.Masked, res.Rows[0][4])
	require.Equal(t, []any{nil, "done", []string{}, "", "", uint64(2)}, res.Rows[1])
}
