package process_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/metrics/process"
	"duban/queries"
	"duban/supervision/engine/enginetest"
)

var asOf = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// run computes a measure and returns its rows by column.
func run(t testing.TB, db *store.DB, req process.Request) []map[string]any {
	t.Helper()
	reg, err := queries.Load()
	require.NoError(t, err)
	if req.AsOf.IsZero() {
		req.AsOf = asOf
	}
	res, err := process.Run(t.Context(), reg, db.Conn(), req)
	require.NoError(t, err)
	return res.Maps()
}

// fact is an activity of a case so many hours after the start of March 2026.
func fact(no, activity string, hours float64, seq int64) event.Case {
	when := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(hours * float64(time.Hour)))
	return event.Case{
		SourceSys: "log", CaseNo: no, EventID: no + "-" + activity + "-" + when.Format("150405") + string(rune('a'+seq)), Seq: seq,
		Type: event.Activity, OccurredAt: when.UnixMilli(), Activity: activity,
	}
}

func variants(rows []map[string]any) map[string]uint64 {
	out := map[string]uint64{}
	for _, r := range rows {
		name := ""
		for _, a := range r["activities"].([]string) {
			name += a + " "
		}
		out[name] = r["cases"].(uint64)
	}
	return out
}

func TestEqualTimesKeepTheOrderOfTheSource(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, fact("1", "z", 1, 0), fact("1", "b", 1, 2), fact("1", "a", 1, 1), fact("1", "end", 2, 3),
		fact("other", "no", 0, 0))
	require.Equal(t, map[string]uint64{"z a b end ": 1, "no ": 1},
		variants(run(t, db, process.Request{Kind: process.Variants, Source: "log"})))
}

// Three times a then b after 1, 2 and 6 hours, once the way back after 10.
func TestDirectlyFollowsGraph(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db,
		fact("1", "a", 0, 0), fact("1", "b", 1, 1),
		fact("2", "a", 0, 0), fact("2", "b", 2, 1), fact("2", "a", 12, 2),
		fact("3", "a", 0, 0), fact("3", "b", 6, 1))
	rows := run(t, db, process.Request{Kind: process.DFG, Source: "log"})
	require.Equal(t, []map[string]any{
		{"from": "a", "to": "b", "count": uint64(3), "mean_hours": 3.0, "median_hours": 2.0, "p90_hours": 5.2, "total_hours": 9.0},
		{"from": "b", "to": "a", "count": uint64(1), "mean_hours": 10.0, "median_hours": 10.0, "p90_hours": 10.0, "total_hours": 10.0},
	}, rows)
	acts := run(t, db, process.Request{Kind: process.Activities, Source: "log"})
	require.Equal(t, "a", acts[0]["activity"])
	for column, want := range map[string]uint64{"count": 4, "cases": 3, "starts": 3, "ends": 1} {
		require.Equal(t, want, acts[0][column], column)
	}
}

// Ten cases of 1 to 10 hours: by linear interpolation (type 7) the median is 5.5
// and the 90th percentile 9.1, by nearest rank 5 and 9.
func TestDurationsUnderBothDefinitions(t *testing.T) {
	db := storetest.New(t)
	for i := range 10 {
		no := string(rune('a' + i))
		enginetest.Insert(t, db, fact(no, "in", 0, 0), fact(no, "out", float64(i+1), 1))
	}
	rows := run(t, db, process.Request{Kind: process.Durations, Source: "log"})
	require.Len(t, rows, 1)
	require.Equal(t, "activities", rows[0]["span"])
	require.Equal(t, uint64(10), rows[0]["cases"])
	for column, want := range map[string]float64{
		"mean_hours": 5.5, "median_hours": 5.5, "median_hours_nearest": 5, "p90_hours": 9.1, "p90_hours_nearest": 9,
		"min_hours": 1, "max_hours": 10, "total_hours": 55,
	} {
		require.InDelta(t, want, rows[0][column], 1e-12, column)
	}
}

func TestOnlyFactsInForceCount(t *testing.T) {
	db := storetest.New(t)
	first := fact("1", "a", 0, 0)
	wrong, right := fact("1", "b", 1, 1), fact("1", "c", 1, 1)
	right.EventID, right.Revision = wrong.EventID, 1
	taken := fact("1", "d", 3, 2)
	void := event.Case{SourceSys: "log", CaseNo: "1", EventID: "v", Type: event.Void, OccurredAt: fact("", "", 5, 0).OccurredAt,
		Payload: `{"target_event_id":"` + taken.EventID + `"}`}
	enginetest.Insert(t, db, taken, first, first, wrong, right, void, first, fact("1", "", 2, 0))
	ask := func(hours float64) map[string]uint64 {
		return variants(run(t, db,
			process.Request{Kind: process.Variants, Source: "log", AsOf: time.UnixMilli(fact("", "", hours, 0).OccurredAt)}))
	}
	require.Equal(t, map[string]uint64{"a ": 1}, ask(0.5))
	require.Equal(t, map[string]uint64{"a c d ": 1}, ask(4), "the void is not there yet")
	require.Equal(t, map[string]uint64{"a c ": 1}, ask(5))
}

func TestLifecycleFilterAndClassifier(t *testing.T) {
	db := storetest.New(t)
	start, complete := fact("1", "work", 0, 0), fact("1", "work", 2, 1)
	start.Lifecycle, complete.Lifecycle = "START", "COMPLETE"
	enginetest.Insert(t, db, start, complete, event.Ticket{
		SourceSys: "log", TicketNo: "1", EventID: "t", Type: event.TReceive, OccurredAt: start.OccurredAt, Activity: "call",
	})
	ask := func(req process.Request) map[string]uint64 {
		req.Kind, req.Source = process.Variants, "log"
		return variants(run(t, db, req))
	}
	require.Equal(t, map[string]uint64{"work work ": 1, "call ": 1}, ask(process.Request{}))
	require.Equal(t, map[string]uint64{"work ": 1}, ask(process.Request{Lifecycle: "complete"}))
	require.Equal(t, map[string]uint64{"work+START work+COMPLETE ": 1},
		ask(process.Request{Subject: "case", Classifier: process.ByActivityTransition}))
	require.Equal(t, map[string]uint64{"call ": 1}, ask(process.Request{Subject: "ticket"}))
	require.Empty(t, ask(process.Request{From: time.UnixMilli(start.OccurredAt + 1)}), "a case is where it begins")
	require.Len(t, ask(process.Request{From: time.UnixMilli(start.OccurredAt), To: time.UnixMilli(start.OccurredAt + 1)}), 2)
}

func TestARequestThatCannotBeAnsweredSaysWhy(t *testing.T) {
	for want, req := range map[string]process.Request{
		"there are: dfg, variants, durations, activities": {Kind: "graph", Source: "log", AsOf: asOf},
		"needs a source system":                           {Kind: process.DFG, AsOf: asOf},
		"needs the instant":                               {Kind: process.DFG, Source: "log"},
		"want case or ticket":                             {Kind: process.DFG, Source: "log", AsOf: asOf, Subject: "org"},
		"unknown classifier":                              {Kind: process.DFG, Source: "log", AsOf: asOf, Classifier: "x"},
	} {
		_, err := process.Run(t.Context(), nil, nil, req)
		require.ErrorContains(t, err, want)
	}
}
