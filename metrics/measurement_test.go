package metrics_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/queries"
)

// Totals that are counted elsewhere add up by organisation: each by its highest
// revision, the first arrival of that, and only periods that lie within the asked one.
func TestMeasuredTotalsAddUp(t *testing.T) {
	b := newBench(t)
	m := func(id string, revision, precedence int, org, from, to string, good float64) map[string]any {
		return map[string]any{"source_sys": "box", "event_id": id, "revision": revision, "precedence": precedence, "name": "ratings",
			"org_code":    org,
			"region_code": "610802", "period_from": stored(from), "period_to": stored(to), "values": map[string]float64{"good": good, "bad": 1},
			"content": uint64(good)}
	}
	b.insert("measurements",
		m("a", 0, 9, "A", "2026-03-01 00:00", "2026-04-01 00:00", 12),
		m("a", 1, 8, "A", "2026-03-01 00:00", "2026-04-01 00:00", 13), // corrected
		m("a", 1, 5, "A", "2026-03-01 00:00", "2026-04-01 00:00", 99), // rewritten later
		m("b", 0, 9, "A", "2026-02-01 00:00", "2026-03-01 00:00", 10),
		m("c", 0, 9, "B", "2026-03-01 00:00", "2026-04-01 00:00", 7),
		m("d", 0, 9, "B", "2026-04-01 00:00", "2026-05-01 00:00", 100), // not over yet
	)
	ask := func(args queries.Args) map[string]float64 {
		args["as_of"] = at("2026-04-01 00:00")
		res, err := b.reg.Run(t.Context(), b.db.Conn(), "quality/measurements", args)
		require.NoError(t, err)
		out := map[string]float64{}
		for _, r := range res.Maps() {
			out[r["org_code"].(string)+" "+r["number"].(string)] = r["total"].(float64)
		}
		return out
	}
	require.Equal(t, map[string]float64{"A good": 23, "A bad": 2, "B good": 7, "B bad": 1}, ask(queries.Args{}))
	require.Equal(t, map[string]float64{"A good": 13, "A bad": 1},
		ask(queries.Args{"org": "A", "from": at("2026-03-01 00:00"), "name": "ratings"}))
	require.Equal(t, map[string]float64{"A good": 10, "A bad": 1}, ask(queries.Args{"to": at("2026-03-01 00:00")}))
	require.Empty(t, ask(queries.Args{"source": "nosuch"}))
}
