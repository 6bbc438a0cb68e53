package metrics_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/metrics"
)

type values map[string]float64

// measured is what another system counted from one instant to another.
func measured(id, name, org, from, to string, v values) map[string]any {
	return map[string]any{"source_sys": "box", "event_id": id, "name": name, "org_code": org, "region_code": "450000",
		"period_from": stored(from), "period_to": stored(to), "values": v, "precedence": 1}
}

// Inputs that other systems own, by the guide (5.2 to 5.8). The ratios are those of the
// seeds: 296 of 330 city systems (89.7 %), 311 of 345 of the region, 175 of 246 items.
func TestFiguresOfOtherSystems(t *testing.T) {
	b := newBench(t)
	b.someMeasurements()
	b.cases(
		life("fast", "2026-03-02 09:00", "2026-03-10", stop("2026-03-06 15:00", 2, 4)),
		life("slow", "2026-03-02 09:00", "2026-03-10", stop("2026-03-17 15:00", -5, 11)),
	)
	b.requireParts(march, map[string][2]float64{
		"B01": {296 + 15, 330 + 15}, "B02": {175, 246}, "B04": {1500, -1}, "B06": {31, -1}, "B06b": {127, -1}, "B06c": {316, -1},
		"B13": {6, 8}, "B14": {33, 330}, "B15": {9, 10}, "A11": {49, 50}, "C10": {150, 200}, "C21": {900, 2},
		"D07": {6 - 1, 20}, "F02": {95, 100}, "F03": {80, 100}, "F19": {38, 40}, "G12": {17, 20}, "G13": {179, 2},
	})
	cities := march("B01")
	cities.Org = "cities"
	require.Equal(t, [2]float64{296, 330}, b.parts(cities))
	months := metrics.Request{ID: "B01", By: []string{"month"}, To: at("2026-04-01"), AsOf: at("2026-04-01")}
	require.Equal(t, map[string][2]float64{"2026-02": {200, 300}, "2026-03": {311, 345}}, b.grouped(months))
	require.Equal(t, map[string][2]float64{"2026-03-01": {1000, -1}, "2026-03-31": {500, -1}}, b.grouped(march("B04", "day")))
	res, err := metrics.Evaluate(t.Context(), b.reg, b.db.Conn(), march("B03"))
	require.NoError(t, err)
	classes := map[string][2]float64{}
	for _, m := range res.Maps() {
		classes[m["class"].(string)] = partsOf(m)
	}
	require.Equal(t, map[string][2]float64{"now": {60, 71}, "superior_agreed": {6, 71}, "fee_pending": {2, 71}, "province_first": {2, 71},
		"superior_refused": {1, 71}}, classes)

	// What nobody measured names its input, and is not nought.
	before := metrics.Request{ID: "B04", AsOf: at("2026-02-01")}
	res, err = metrics.Evaluate(t.Context(), b.reg, b.db.Conn(), before)
	require.NoError(t, err)
	def, err := metrics.Find("B04")
	require.NoError(t, err)
	require.NoError(t, metrics.NameMissing(t.Context(), b.reg, b.db.Conn(), def, res))
	require.Nil(t, res.Maps()[0]["value"])
	def, err = metrics.Find("F01")
	require.NoError(t, err)
	res, err = metrics.Evaluate(t.Context(), b.reg, b.db.Conn(), march("F01"))
	require.NoError(t, err)
	require.NoError(t, metrics.NameMissing(t.Context(), b.reg, b.db.Conn(), def, res))
	require.Equal(t, []string{"hotline-tickets"}, res.MissingInput)
	require.Nil(t, res.Maps()[0]["value"])
	var out bytes.Buffer
	require.NoError(t, res.WriteJSON(&out))
	require.Contains(t, out.String(), `"missing_input":["hotline-tickets"]`)
}

func (b *bench) someMeasurements() {
	b.t.Helper()
	const feb, mar, apr, may = "2026-02-01 00:00", "2026-03-01 00:00", "2026-04-01 00:00", "2026-05-01 00:00"
	b.insert("measurements",
		measured("r1", "system_register", "cities", mar, apr, values{"registered": 330, "connected": 296, "unified_login": 33}),
		measured("r0", "system_register", "cities", feb, mar, values{"registered": 300, "connected": 200}), // the last one stands
		measured("r2", "system_register", "region", mar, apr, values{"registered": 15, "connected": 15}),
		measured("r3", "system_register", "region", apr, may, values{"registered": 16, "connected": 15}), // not over yet
		measured("k", "item_connection", "", mar, apr, values{"items": 246, "connected": 175, "now": 60, "superior_agreed": 6, "fee_pending": 2,
			"province_first": 2, "superior_refused": 1}),
		measured("e1", "exchange", "A", mar, "2026-03-02 00:00", values{"records": 1000}),
		measured("e2", "exchange", "A", "2026-03-31 00:00", apr, values{"records": 500}),
		measured("e3", "exchange", "A", "2026-02-28 00:00", "2026-03-02 00:00", values{"records": 77}), // lies in no month
		measured("p", "exchange_platform", "", feb, mar, values{"orgs": 31, "datasets": 127, "terabytes": 316}),
		measured("s", "sharing_requests", "A", mar, apr, values{"requests": 8, "on_time": 6}),
		measured("c", "credit_checks", "A", mar, apr, values{"required": 10, "done": 9}),
		measured("g", "guide_checks", "A", mar, apr, values{"checked": 50, "without_error": 49}),
		measured("f", "online_forms", "A", mar, apr, values{"started": 200, "submitted": 150}),
		measured("h", "hotline_calls", "H", mar, apr, values{"queued": 105, "answered": 95, "answered_15s": 80, "abandoned_5s": 5}),
		measured("n", "number_merge", "", mar, apr, values{"to_merge": 40, "merged": 38}),
		measured("x", "spot_checks", "A", mar, apr, values{"checks": 20, "passed": 17}),
		measured("t1", "third_party_score", "A", mar, apr, values{"score": 88}),
		measured("t2", "third_party_score", "B", mar, apr, values{"score": 91}),
		measured("m", "handling_cost", "A", mar, apr, values{"cost": 900}))
	base := measured("b", "time_baseline", "", feb, mar, values{"days": 10})
	base["payload"] = `{"task_code":"T1"}`
	b.insert("measurements", base)
}
