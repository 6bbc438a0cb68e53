package metrics_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/metrics"
	"duban/queries"
	"duban/supervision/engine/enginetest"
)

// applied is an application of somebody for something at a source.
func applied(source, no, applicant, item, when string) event.Case {
	return event.Case{
		SourceSys: source, CaseNo: no, EventID: source + no, Type: event.Apply, OccurredAt: at(when).UnixMilli(), TaskCode: item, OrgCode: "o",
		RegionCode: "610102",
		Payload:    `{"applicant_id":"` + applicant + `"}`,
	}
}

// Domain guide 5.3, B05: equal applicant and item within a day in two sources.
func TestDoubleEntry(t *testing.T) {
	b := newBench(t)
	enginetest.Insert(t, b.db,
		applied("hall", "1", "p1", "t1", "2026-03-02 09:00"), applied("line", "a", "p1", "t1", "2026-03-03 09:00"), // the day to the minute
		applied("hall", "2", "p2", "t1", "2026-03-02 09:00"), applied("line", "b", "p2", "t1", "2026-03-03 09:01"), // a minute more
		applied("hall", "3", "p3", "t1", "2026-03-02 09:00"), applied("line", "c", "p3", "t2", "2026-03-02 09:00"), // another item
		applied("hall", "4", "p4", "t1", "2026-03-02 09:00"), applied("hall", "5", "p4", "t1", "2026-03-02 10:00"), // one source
		applied("hall", "6", "", "t1", "2026-03-02 09:00"), applied("line", "d", "", "t1", "2026-03-02 09:00"), // nobody knows who
		applied("hall", "7", "p5", "t1", "2026-03-31 20:00"), applied("line", "e", "p5", "t1", "2026-04-01 08:00")) // over the end of the month
	enginetest.Fold(t, b.db)
	march := metrics.Request{ID: "B05", From: at("2026-03-01"), To: at("2026-04-01"), AsOf: at("2026-04-02")}
	require.Equal(t, [2]float64{3, 11}, b.parts(march))
	listed := b.listed(march, "numerator")
	slices.Sort(listed)
	require.Equal(t, []string{"1", "7", "a"}, listed)
	march.AsOf = at("2026-03-31 23:00")
	require.Equal(t, [2]float64{2, 11}, b.parts(march), "what comes in April is not known yet")
}

// A clock that is eight hours off is told by the lag (domain guide 2.6, bad clock); a
// source that reports at night is late and no clock.
func TestAClockWholeHoursOffShowsInTheLag(t *testing.T) {
	b := newBench(t)
	var facts []any
	add := func(source string, i int, lag time.Duration) {
		f := applied(source, fmt.Sprint(i), "", "t1", "2026-03-02 09:00")
		f.OccurredAt += int64(i) * 600_000
		f.Origin.ReceivedAt = f.OccurredAt + lag.Milliseconds()
		facts = append(facts, f)
	}
	for i := range 60 {
		add("right", i, time.Duration(i%7)*time.Second)
		add("utc", i, 8*time.Hour+time.Duration(i%20)*time.Minute)
		add("nightly", i, time.Duration(60-i)*600*time.Second+8*time.Hour)
		if i < 49 {
			add("few", i, 8*time.Hour)
		}
	}
	enginetest.Insert(t, b.db, facts...)
	res, err := b.reg.Run(t.Context(), b.db.Conn(), "page/quality_late", nil)
	require.NoError(t, err)
	shifts := map[string]int64{}
	for _, m := range res.Maps() {
		shifts[m["source_sys"].(string)] = m["shift_hours"].(int64)
	}
	require.Equal(t, map[string]int64{"right": 0, "utc": 8, "nightly": 0, "few": 0}, shifts)

	enginetest.Fold(t, b.db)
	res, err = b.reg.Run(t.Context(), b.db.Conn(), "page/quality_twice", queries.Args{"max_rows": 5})
	require.NoError(t, err)
	first := res.Maps()[0]
	require.Equal(t, uint64(60), first["total"])
	require.Len(t, first["sources"], 3)
}
