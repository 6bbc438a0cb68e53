package risk_test

import (
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/queries"
)

// On eight working Mondays two tickets come, on a holiday Monday fifty, on the
// next working Monday, 2026-05-04, twenty.
func TestVolumeIsComparedWithTheSameWeekdayAndKindOfDay(t *testing.T) {
	b := newBench(t)
	var facts []row
	add := func(day string, n int) {
		for i := range n {
			start := at(day).Add(9 * time.Hour).Add(time.Duration(i) * time.Minute)
			facts = append(facts, ticket(day+"/"+strconv.Itoa(i), "A", start, start.Add(100*hour), time.Time{}))
		}
	}
	for _, day := range []string{"2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30", "2026-04-13",
		"2026-04-20", "2026-04-27"} {
		add(day, 2)
	}
	add("2026-04-06", 50) // a holiday Monday is no measure for working ones
	add("2026-05-04", 20)
	b.insert("tickets", facts...)
	rows := b.run("risk/volume_anomalies", queries.Args{"as_of": at("2026-05-05"), "calendar": "test", "beyond": 4, "max_rows": 100})
	require.Len(t, rows, 2, "the source as a whole, and its organisation")
	for _, r := range rows {
		require.Equal(t, "2026-05-04", r["day"].(time.Time).Format(time.DateOnly))
		require.Equal(t, uint64(20), r["subjects"])
		require.Equal(t, uint64(8), r["earlier"])
		require.Equal(t, 2.0, r["mean"])
		require.InDelta(t, math.Sqrt2, r["deviation"], 1e-9, "all alike: chance alone, the root of the mean")
		require.InDelta(t, 18/math.Sqrt2, r["z"], 1e-9)
		require.Equal(t, "surge", r["verdict"])
	}
	require.Empty(t,
		b.run("risk/volume_anomalies", queries.Args{"as_of": at("2026-05-04 12:00"), "calendar": "test", "beyond": 4, "max_rows": 100}),
		"the day has not ended")
}

// Seven organisations of one level and line, ten cases each, all terminated or
// finished; O1 ended four itself a day before the due, O2 one, the others none.
func TestProfileHoldsOrganisationsAgainstTheirPeers(t *testing.T) {
	b := newBench(t)
	var facts, orgs []row
	accepted, due := at("2026-03-02 10:00"), at("2026-03-11").Add(24*hour-time.Millisecond)
	near := at("2026-03-10 15:00") // one working day before the due
	for o := 1; o <= 7; o++ {
		org := "O" + strconv.Itoa(o)
		orgs = append(orgs, row{"org_code": org, "event_id": org, "gov_level": 3, "org_line": "tax", "valid_from": "2020-01-01", "name": org,
			"region_code": "610802"})
		for i := range 10 {
			end, payload := "finish", "{}"
			if o == 1 && i < 4 || o == 2 && i < 1 {
				end, payload = "terminate", `{"actor":"dept"}`
			}
			facts = append(facts, row{
				"source_sys": "hall", "case_no": org + "/" + strconv.Itoa(i), "org_code": org, "region_code": "610802", "calendar_version": "test",
				"fold_version": 1, "first_at": stored(accepted),
				"f_type": []any{"accept", end}, "f_at": []any{stored(accepted), stored(near)}, "f_pushed_at": []any{nil, nil},
				"f_payload": []any{"{}", payload},
				"h_at":      []any{stored(accepted)}, "h_promise_due": []any{stored(due)}, "h_excluded": []any{""},
			})
		}
	}
	b.insert("organisations", orgs...)
	b.insert("cases", facts...)
	args := queries.Args{"as_of": at("2026-04-01"), "from": at("2026-03-01"), "calendar": "test"}
	found := map[string]row{}
	for _, r := range b.run("risk/gaming_profile", args) {
		if r["indicator"] == "terminate_due" {
			found[r["org_code"].(string)] = r
		}
	}
	require.Len(t, found, 7)
	r := found["O1"]
	require.Equal(t, uint64(4), r["hits"])
	require.Equal(t, uint64(10), r["base"])
	require.Equal(t, uint64(6), r["peers"])
	require.Equal(t, "line", r["peer_group"])
	require.Equal(t, 0.0, r["median"])
	// Rates 0.4, 0.1 and five times 0: MAD 0; all together 5 of 70.
	p := 5.5 / 71
	require.InDelta(t, 0.4/math.Sqrt(p*(1-p)/10), r["z"], 1e-9)

	cases := b.run("risk/gaming_cases", queries.Args{"as_of": at("2026-04-01"), "from": at("2026-03-01"), "calendar": "test",
		"indicator": "terminate_due", "org": "O1", "max_rows": 10})
	require.Len(t, cases, 4)
	require.Equal(t, "near_due", cases[0]["why"])
	require.Equal(t, uint64(4), cases[0]["total"])

	args["as_of"] = at("2026-03-10 14:00")
	for _, r := range b.run("risk/gaming_profile", args) {
		require.NotEqual(t, "terminate_due", r["indicator"], "nothing had ended yet")
	}
}
