package target_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/metrics/target"
	"duban/queries"
	"duban/supervision/engine/enginetest"

	"duban/ingest/event"
	"duban/supervision/lawzone"
)

func at(text string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, text, lawzone.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func p(v float64) *float64 { return &v }

// From 20 % on 1 January to 80 % by the end of the hundredth day, 10 April: the straight path
// is at 50 % after fifty days.
func TestATargetIsHeldAgainstTheStraightPath(t *testing.T) {
	up := target.Target{Baseline: p(0.2), Since: "2026-01-01", Goal: p(0.8), Due: "2026-04-10"}
	down := target.Target{Baseline: p(10), Since: "2026-01-01", Goal: p(4), Due: "2026-04-10", Lower: true}
	for _, c := range []struct {
		name  string
		of    target.Target
		value *float64
		day   string
		want  target.Status
	}{
		{"reached", up, p(0.8), "2026-02-20", target.Met},
		{"on the path", up, p(0.5), "2026-02-20", target.OnTrack},
		{"short of it", up, p(0.49), "2026-02-20", target.Behind},
		{"its day is not over", up, p(0.79), "2026-04-10", target.Behind},
		{"its day is over", up, p(0.79), "2026-04-11", target.Missed},
		{"reached after it", up, p(0.81), "2026-05-01", target.Met},
		{"less is better, on the path", down, p(7), "2026-02-20", target.OnTrack},
		{"less is better, short", down, p(8), "2026-02-20", target.Behind},
		{"nothing was measured", up, nil, "2026-05-01", target.Unknown},
		{"records and sets nothing", target.Target{Due: "2026-04-10"}, p(1), "2026-05-01", target.Unknown},
		{"no baseline, no path", target.Target{Goal: p(1), Due: "2026-04-10"}, p(0.5), "2026-02-20", target.Unknown},
		{"no baseline, and over", target.Target{Goal: p(1), Due: "2026-04-10"}, p(0.5), "2026-05-01", target.Missed},
	} {
		require.Equal(t, c.want, c.of.StatusAt(c.value, at(c.day)), c.name)
	}
	require.InDelta(t, 0.5, *up.Progress(p(0.5)), 1e-12)
	require.InDelta(t, 0.6, *up.Projection(p(0.4), at("2026-02-20")), 1e-12) // 0.2 in half of the time
	require.Nil(t, up.Projection(p(0.4), at("2026-05-01")))
}

// All of domain guide 5.9 is there: five plans and the reference.
func TestTheTargetsOfTheGuideArePreloaded(t *testing.T) {
	all, err := target.Seeds()
	require.NoError(t, err)
	of, ids := map[string]int{}, map[string]bool{}
	for _, s := range all {
		of[s.Source]++
		require.False(t, ids[s.ID], s.ID)
		ids[s.ID] = true
	}
	require.Equal(t, map[string]int{"domain guide 5.9, seed 000": 9, "domain guide 5.9, seed 001": 11, "domain guide 5.9, seed 002": 17,
		"domain guide 5.9, seed 003": 4, "domain guide 5.9, seed 004": 8, "domain guide 5.9, reference": 10}, of)
}

func TestTargetsAreEvaluatedAsOfAnInstant(t *testing.T) {
	db := storetest.New(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	depth := func(v int32) *int32 { return &v }
	for i := range int32(4) { // three of four items are online
		enginetest.Insert(t, db, event.Item{SourceSys: "cat", EventID: string('a' + i), TaskCode: string('a' + i), TaskVersion: "1", Name: "n",
			RegionCode: "210100", ValidFrom: 17000, OnlineDepth: depth(min(i, 1) * 2)})
	}
	enginetest.Insert(t, db, event.Measurement{SourceSys: "office", EventID: "1", Name: "targets", OrgCode: "A", RegionCode: "210100",
		From: at("2026-01-01").UnixMilli(), To: at("2026-04-11").UnixMilli(), EmittedAt: at("2026-02-20").UnixMilli(),
		Values:  []event.Value{{Name: "actual", Number: 0.4}, {Name: "baseline", Number: 0.2}, {Name: "target", Number: 0.8}},
		Payload: `{"target":"online share"}`})
	res, err := target.List(t.Context(), reg, db.Conn(), "210100", at("2026-02-20"))
	require.NoError(t, err)
	rows := map[string]map[string]any{}
	for _, m := range res.Maps() {
		rows[m["id"].(string)] = m
	}
	require.Equal(t, 0.75, rows["shenyang-online-75"]["value"])
	require.Equal(t, "met", rows["shenyang-online-75"]["status"])
	require.Equal(t, "missed", rows["shenyang-online-all"]["status"])
	require.Equal(t, "unknown", rows["shenyang-hotline"]["status"], "nobody says how many numbers were merged")
	own := rows["online share"]
	require.Equal(t, "behind", own["status"])
	require.InDelta(t, 0.6, own["projection"], 1e-9)
	require.NotContains(t, rows, "zhejiang-app")
	res, err = target.List(t.Context(), reg, db.Conn(), "210100", at("2026-02-19"))
	require.NoError(t, err)
	for _, m := range res.Maps() {
		require.NotEqual(t, "online share", m["id"], "it was not measured yet")
	}
}
