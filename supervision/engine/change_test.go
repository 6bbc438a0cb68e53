package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// closing makes an engine by whose policy a day ends when the halls close.
func closing(t *testing.T, db *store.DB, instant time.Time) *engine.Engine {
	t.Helper()
	return enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
		c.Rules = catalogue(t).Only("R-DDL-03")
		c.Policy.Due.Mode = calendar.CloseOfBusiness
		c.LeaseTTL = 200 * time.Millisecond
		began := time.Now()
		d.Now = func() time.Time { return instant.Add(time.Since(began)) }
	})
}

// Case A of overdue is due on Monday 9 March at the end of the day, under the
// other policy when the halls close, so that at 20:00 its card appears.
func TestAChangeIsExplainedBeforeItIsApplied(t *testing.T) {
	db, scratch := storetest.New(t), storetest.New(t)
	enginetest.Insert(t, db, append(overdue("A"), life("1")...)...)
	require.NoError(t, at(t, db, march(9, 20), nil).CatchUp(t.Context()))
	before := states(t, db)
	reg, err := queries.Load()
	require.NoError(t, err)

	require.NoError(t, engine.CopyFrom(t.Context(), db, scratch, reg, db.Name()))
	require.NoError(t, closing(t, scratch, march(12, 9)).Replay(t.Context()))
	moved := func() (lines []string) {
		res, err := reg.Run(t.Context(), scratch.Conn(), "change/moved", queries.Args{"main": db.Name(), "max_rows": 100})
		require.NoError(t, err)
		for _, m := range res.Maps() {
			if m["rule_or_clock"] == "K3" || m["what"] != "due" {
				lines = append(lines, fmt.Sprintf("%s %s %s: %s > %s", m["what"], m["rule_or_clock"], m["subject_no"], m["was"], m["is"]))
			}
		}
		return lines
	}
	want := moved()
	require.Len(t, want, 3)
	require.Equal(t, "appears R-DDL-03 A:  > yellow", want[0])
	require.Regexp(t, `^due K3 1: 2026-03-09 23:59:59.999 > 2026-03-09 1\d:\d\d:`, want[1])
	require.Regexp(t, `^due K3 A: 2026-03-09 23:59:59.999 > 2026-03-09 1\d:\d\d:`, want[2])
	res, err := reg.Run(t.Context(), scratch.Conn(), "change/counts", queries.Args{"main": db.Name()})
	require.NoError(t, err)
	require.Equal(t, []any{"appears", "R-DDL-03", "org", uint64(1), uint64(0), "", "yellow"}, res.Rows[0])

	require.Equal(t, before, states(t, db), "nothing was written")
	require.Equal(t, 0, count(t, db, "alerts"))

	// Applied, it does just that; taken back, the history says why.
	require.NoError(t, closing(t, db, march(9, 20)).CatchUp(t.Context()))
	require.Equal(t, "raised yellow issued ", events(t, db))
	require.NoError(t, at(t, db, march(9, 20), nil).CatchUp(t.Context()))
	require.Equal(t, "raised yellow issued ; cancelled yellow cancelled rule_changed", events(t, db))
}

// A card that another version of the item takes back is no late fact, and who publishes the
// catalogue is often who is measured: a supervisor decides. The first word about an item that
// nobody knew is the rest of a load, when it comes within the day and the case was loaded too:
// told as a whole after its due. Who had the case before then had it due by what was in force.
func TestAChangedItemSaysSo(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-DDL-03")
	item := func(task string, days int32, came time.Time) event.Item {
		x := event.Item{SourceSys: "s", TaskCode: task, TaskVersion: "1", EventID: task, Name: "n", ValidFrom: 19000, PromiseDays: &days, PromiseUnit: "W",
			LegalDays: new(int32(60)), LegalUnit: "W"}
		x.Origin.ReceivedAt = came.UnixMilli()
		return x
	}
	of := func(no, task, payload string) []any {
		apply, accept := fact(no, event.Apply, day(2), ""), fact(no, event.Accept, day(2), payload)
		apply.TaskCode, accept.TaskCode = task, task
		came := march(2, 10)
		if no == "LOADED" || no == "TOO-LATE" {
			came = march(32, 1)
		}
		return []any{arrived(apply, came), arrived(accept, came)}
	}
	enginetest.Insert(t, db, item("known", 5, march(1, 9)), item("other", 5, march(1, 9)), item("pair", 5, march(1, 9)), item("dated", 5, march(1, 9)))
	enginetest.Insert(t, db, of("TOGETHER", "pair", "")...)
	enginetest.Insert(t, db, append(append(append(of("REVISED", "known", ""), append(of("FOREIGN", "other", ""), of("DATED", "dated", "")...)...), of("BESIDE", "apart", `{"promise_days":5,"promise_unit":"W"}`)...),
		of("LIVE", "unheard", "")...)...)
	look(march(10, 1)) // five working days end with the 9th; the law's twenty, of what has no promise, with the 30th
	// A finish in time that is told at once takes the card back, and excuses no longer limit that comes with it.
	longer := item("pair", 60, march(10, 2))
	longer.Revision = 1
	enginetest.Insert(t, db, longer, arrived(fact("TOGETHER", event.Finish, march(9, 20).UnixMilli(), `{"result_type":"approved"}`), march(10, 2)))
	look(march(10, 3))
	look(march(31, 1))
	revised, foreign, first := item("known", 60, march(31, 2)), item("other", 60, march(31, 2)), item("unheard", 60, march(31, 2))
	revised.Revision, foreign.SourceSys, foreign.EventID, foreign.TaskVersion = 1, "another", "f", "2"
	// Told when the item was known, it was not in force before, unless somebody approved that.
	backdated := item("dated", 60, march(31, 2))
	backdated.EventID, backdated.TaskVersion = "d", "2"
	foreign.Payload = `{"revision_approver":"h"}`
	enginetest.Insert(t, db, revised, foreign, backdated, first, arrived(fact("BESIDE", event.Withdraw, march(9, 9).UnixMilli(), ""), march(31, 2)))
	look(march(31, 3))
	enginetest.Insert(t, db, append(of("LOADED", "load", ""), of("TOO-LATE", "late", "")...)...)
	look(march(32, 2))
	enginetest.Insert(t, db, item("load", 60, march(32, 3)))
	look(march(32, 4))
	enginetest.Insert(t, db, item("late", 60, march(34, 2)))
	look(march(34, 3))
	for no, want := range map[string]string{"REVISED": "review catalogue_changed", "FOREIGN": "review catalogue_changed", "DATED": "issued ", "BESIDE": "review late_data", "TOGETHER": "review catalogue_changed",
		"LIVE": "review catalogue_changed", "LOADED": "cancelled catalogue_changed", "TOO-LATE": "review catalogue_changed"} {
		var got string
		scan(t, db, "SELECT argMax(concat(toString(state), ' ', reason), seq) FROM alert_events FINAL WHERE alert_id IN (SELECT alert_id FROM alerts WHERE subject_no = '"+no+"')", &got)
		require.Equal(t, want, got, no)
	}
	for _, asOf := range []time.Time{march(20, 9), march(34, 3)} {
		require.False(t, onTime(t, db, "D01", "DATED", asOf), "five working days were in force at the acceptance")
	}
}

// onTime reports how a case counts in a figure as of an instant.
func onTime(t *testing.T, db *store.DB, id, no string, asOf time.Time) bool {
	t.Helper()
	reg, err := queries.Load()
	require.NoError(t, err)
	res, err := reg.Run(t.Context(), db.Conn(), "indicator/"+id+"_cases", queries.Args{"as_of": asOf, "limit": uint64(100), "direction": int8(1)})
	require.NoError(t, err)
	for _, m := range res.Maps() {
		if m["case_no"] == no {
			return m["in_numerator"].(bool)
		}
	}
	require.Fail(t, "not counted", no)
	return false
}
