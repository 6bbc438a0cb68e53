package metrics_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"duban/metrics"
)

// item is a version of a service item, in force since the first of the year and known since.
func item(source, code string, more map[string]any) map[string]any {
	row := map[string]any{"source_sys": source, "task_code": code, "task_version": "1", "event_id": source + code, "name": "item " + code,
		"region_code": "610802", "org_code": "A", "item_type": "license", "project_type": "promised", "valid_from": "2026-01-01",
		"received_at": stored("2026-01-01 00:00"), "topic": "service-items"}
	maps.Copy(row, more)
	if p, ok := row["payload"].(map[string]any); ok {
		text, err := json.Marshal(p)
		if err != nil {
			panic(err)
		}
		row["payload"] = string(text)
	}
	return row
}

func guide(fields ...string) map[string]any {
	out := map[string]any{}
	for _, f := range fields {
		out[f] = true
	}
	return out
}

const requiredFields = "name type basis agency conditions materials process fee limits place contact samples complaint"

// places stores a part of the divisions of Shaanxi.
func (b *bench) places() {
	var rows []map[string]any
	for _, path := range [][]string{{"610000"}, {"610000", "610800"}, {"610000", "610800", "610802"}, {"610000", "610800", "610803"},
		{"610000", "610800", "610802", "610802001"}} {
		rows = append(rows, map[string]any{"region_code": path[len(path)-1], "path": path, "gov_level": len(path), "edition": "t"})
	}
	b.insert("regions", rows...)
}

func (b *bench) requireParts(req func(id string, by ...string) metrics.Request, want map[string][2]float64) {
	b.t.Helper()
	for id, parts := range want {
		assert.Equal(b.t, parts, b.parts(req(id)), id)
	}
}

// The catalogue as the guide counts it (5.2), from what is in force at the end of March.
func TestFiguresOfTheCatalogue(t *testing.T) {
	b := newBench(t)
	b.places()
	b.someItems()
	live := life("c", "2026-03-02 09:00", "2026-03-10")
	live.flat["task_code"], live.flat["f_at"] = "i1", []any{stored("2026-03-02 09:00")}
	b.cases(live)
	of := func(source string) func(string, ...string) metrics.Request {
		return func(id string, by ...string) metrics.Request {
			req := march(id, by...)
			req.Source = source
			return req
		}
	}
	b.requireParts(of("s"), map[string][2]float64{
		"A01": {3, 6}, "A02": {3, 5}, "A03": {1, 6}, "A04": {2, 3}, "A05": {1, 3}, "A06": {3, 3}, "A07": {1, 6},
		"A08": {20 + 10 + 10 + 0, 80}, "A09": {5 + 10 + 14, 5 + 20 + 28}, "A10": {13 + 12, 26}, "A13": {1, 2}, "A15": {2, 3}, "A15b": {1, 2},
		"A16": {1, -1}, "A18": {2, -1}, "A20": {1, 1}, "G03": {1, 6},
	})
	require.EqualValues(t, 1, b.one(of("s")("A01"))["unknown"])
	require.Equal(t, []string{"i3", "i4", "i5"}, b.listed(of("s")("A01"), "rest"))
	// Of items that say nothing of themselves there is no share, not even of nought.
	require.Equal(t, [2]float64{0, 1}, b.parts(of("t")("A01")))
	require.Nil(t, b.one(of("t")("A01"))["value"])
	// Each month has what was in force at its end.
	months := of("s")("A01", "month")
	months.From = at("2026-02-01")
	require.Equal(t, map[string][2]float64{"2026-02": {3, 7}, "2026-03": {3, 6}}, b.grouped(months))
	late := of("t")("A20")
	late.From, late.To = at("2026-02-01"), at("2026-03-01")
	require.Equal(t, [2]float64{0, 1}, b.parts(late))
	require.Equal(t, map[string][2]float64{"610800": {1, 3}}, b.grouped(of("u")("A14", "region")))
	require.Equal(t, []string{"K1"}, b.listed(of("u")("A14"), "numerator"))
}

func (b *bench) someItems() {
	b.t.Helper()
	required := strings.Fields(requiredFields)
	b.insert("items",
		item("s", "i1", map[string]any{"online_depth": 4, "limit_visits": 0, "promise_days": 0, "legal_days": 20, "baseline_promise_days": 5,
			"payload": map[string]any{"guide": guide(required...), "in_hall": true, "hall_required": true, "hall_authorised": true,
				"channels": []string{"hall", "app"}}}),
		item("s", "i2", map[string]any{"online_depth": 2, "limit_visits": 1, "promise_days": 10, "legal_days": 20, "baseline_promise_days": 20,
			"payload": map[string]any{"guide": guide(required[1:]...), "in_hall": true, "hall_required": true,
				"accept_levels": []string{"village"}}}),
		// 28 and 14 calendar days are 20 and 10 working days
		item("s", "i3", map[string]any{"online_depth": 1, "limit_visits": 2, "promise_days": 14, "promise_unit": "C", "legal_days": 28,
			"legal_unit": "C", "baseline_promise_days": 28, "payload": map[string]any{"hall_required": true, "online_unsuitable": true,
				"offline_reason": "an inspection on the spot", "offline_reason_confirmed": true}}),
		// a promise over the legal limit counts as that; a reason that nobody confirmed is none
		item("s", "i4", map[string]any{"online_depth": 0, "promise_days": 30, "legal_days": 20, "region_code": "610802001",
			"payload": map[string]any{"online_unsuitable": true, "offline_reason": "too hard"}}),
		item("s", "i5", nil),
		item("s", "i6", map[string]any{"online_depth": 4, "valid_to": "2026-03-15"}),
		item("s", "i7", map[string]any{"online_depth": 0}),
		item("s", "i7", map[string]any{"task_version": "2", "event_id": "si7/2", "online_depth": 3, "valid_from": "2026-03-10",
			"received_at": stored("2026-03-20 09:00")}),
		item("s", "i8", map[string]any{"online_depth": 4, "valid_from": "2026-04-02"}),
		// 20 working days from 2 February end on 2 March
		item("t", "i9", nil),
		item("t", "i9", map[string]any{"task_version": "2", "event_id": "ti9/2", "valid_from": "2026-02-02",
			"received_at": stored("2026-03-03 09:00")}),
		item("u", "a", map[string]any{"catalog_code": "K1", "name": "n1"}),
		item("u", "b", map[string]any{"catalog_code": "K1", "name": "n1", "region_code": "610803"}),
		item("u", "c", map[string]any{"catalog_code": "K2", "name": "n2"}),
		item("u", "d", map[string]any{"catalog_code": "K2", "name": "n2 by another name", "region_code": "610803"}),
		item("u", "e", map[string]any{"catalog_code": "K3", "name": "n3"}),
		item("u", "f", map[string]any{"catalog_code": "K4", "name": "n4"}),
		item("u", "g", map[string]any{"catalog_code": "K4", "name": "n4", "region_code": "610803"}),
		item("u", "h", map[string]any{"catalog_code": "K5", "name": "n4", "region_code": "610803"}))
}

// The seeds: 163 of 379 provincial licence items are 43.0 %.
func TestTheShareOfShaanxi(t *testing.T) {
	b := newBench(t)
	var rows []map[string]any
	for i := range 379 {
		depth := 1
		if i < 163 {
			depth = 2 + i%3
		}
		rows = append(rows, item("s", fmt.Sprint(i), map[string]any{"online_depth": depth, "region_code": "610000"}))
	}
	b.insert("items", rows...)
	require.Equal(t, [2]float64{163, 379}, b.parts(march("A01")))
	require.InDelta(t, 0.430, b.one(march("A01"))["value"], 0.0005)
}

func TestFiguresOfTheDirectory(t *testing.T) {
	b := newBench(t)
	b.places()
	b.fourOrganisations()
	b.requireParts(march, map[string][2]float64{"A12": {1, 2}, "A19": {1, 2}, "A17": {2, 5}})
	require.Equal(t, map[string][2]float64{"1": {0, 1}, "2": {0, 1}, "3": {1, 2}, "4": {1, 1}}, b.grouped(march("A17", "gov_level")))
	require.Equal(t, map[string][2]float64{"health": {1, 2}}, b.grouped(march("A12", "line")))
	city := march("A17")
	city.Region = "610802"
	require.Equal(t, [2]float64{2, 2}, b.parts(city))
}

func (b *bench) fourOrganisations() {
	b.t.Helper()
	org := func(code, region, payload string) map[string]any {
		return map[string]any{"source_sys": "d", "org_code": code, "event_id": code, "name": code, "region_code": region, "gov_level": 3,
			"org_line": "health", "valid_from": "2026-01-01", "payload": payload, "received_at": stored("2026-01-01 00:00"),
			"topic": "organisations"}
	}
	b.insert("organisations",
		org("o1", "610802", `{"lists_published":{"power":true,"duty":true,"service":true},"service_list_done":true,"service_point":true}`),
		org("o2", "610802", `{"lists_published":{"power":true,"service":true},"service_list_done":false}`),
		org("o3", "610803", `{}`),
		org("o4", "610802001", `{"service_point":true}`))
}
