package metrics_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/metrics"
	"duban/queries"
)

// Hand-worked: of the table
//
//	      w1  w2  w3 | total
//	a     10   3  20 |  33
//	b      7   8   9 |  24
//
// a/w2 is about three. Row a would give it away by its total, so the smallest other of the
// row goes (a/w1); columns w1 and w2 then lack one cell each, so b/w1 and b/w2 go too.
func TestASmallCellIsNotToBeHadBySubtraction(t *testing.T) {
	res := &queries.Result{By: []string{"org", "window"},
		Columns: []queries.Column{{Name: "org"}, {Name: "window"}, {Name: "numerator"}, {Name: "denominator"}, {Name: "value"}},
		Rows: [][]any{
			{"a", "w1", uint64(9), uint64(10), .9}, {"a", "w2", uint64(3), uint64(3), 1.}, {"a", "w3", uint64(20), uint64(20), 1.},
			{"b", "w1", uint64(7), uint64(7), 1.}, {"b", "w2", uint64(8), uint64(8), 1.}, {"b", "w3", uint64(9), uint64(9), 1.},
			{"c", "w1", uint64(0), uint64(0), nil},
		}}
	metrics.Suppress(res, metrics.LeastPublic)
	var shown []string
	for _, row := range res.Rows {
		if _, gone := row[4].(queries.Suppressed); !gone {
			shown = append(shown, row[0].(string)+row[1].(string))
		} else {
			require.Equal(t, []any{queries.Suppressed{}, queries.Suppressed{}}, row[2:4])
		}
	}
	require.Equal(t, []string{"aw3", "bw3", "cw1"}, shown)

	// A count has no denominator; without dimensions there is one cell.
	count := &queries.Result{Columns: []queries.Column{{Name: "numerator"}, {Name: "denominator"}, {Name: "value"}},
		Rows: [][]any{{uint64(4), nil, 4.}}}
	metrics.Suppress(count, metrics.LeastPublic)
	require.Equal(t, []any{queries.Suppressed{}, queries.Suppressed{}, queries.Suppressed{}}, count.Rows[0])
	count.Rows[0] = []any{uint64(5), nil, 5.}
	metrics.Suppress(count, metrics.LeastPublic)
	require.Equal(t, []any{uint64(5), nil, 5.}, count.Rows[0])
}

// The words of a source that a suppressed row is grouped by may name the person that it is about.
func TestASuppressedRowDoesNotKeepTheWordsOfItsSource(t *testing.T) {
	res := &queries.Result{By: []string{"topic"},
		Columns: []queries.Column{{Name: "topic"}, {Name: "numerator"}, {Name: "denominator"}, {Name: "value"}},
		Rows:    [][]any{{"noise", uint64(30), nil, 30.}, {"complaint of somebody", uint64(1), nil, 1.}, {"roads", uint64(12), nil, 12.}}}
	metrics.Suppress(res, metrics.LeastPublic)
	require.Equal(t, "noise", res.Rows[0][0])
	require.Equal(t, "***", res.Rows[1][0])
	require.Equal(t, queries.Suppressed{}, res.Rows[1][1])
}
