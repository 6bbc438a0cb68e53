package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/supervision/calendar"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

func TestAFoldWritesStatesCursorsAndReferenceData(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, life("1")...)
	enginetest.Insert(t, db,
		event.Ticket{SourceSys: "s", TicketNo: "t", EventID: "a", Type: event.TReceive, OccurredAt: day(2), Kind: "help"},
		event.Rating{SourceSys: "r", RatingID: "1", SubjectSys: "s", CaseNo: "1", Level: 5, RatedAt: day(7), ServedAt: day(6)},
		event.Organisation{SourceSys: "s", EventID: "o", OrgCode: "org", Name: "n", ValidFrom: 19000},
	)
	enginetest.Fold(t, db)

	var state, basis string
	var due, stop time.Time
	var margin int32
	scan(t, db, "SELECT h_state[-1], h_promise_due[-1], h_stop_at[-1], h_margin_days[-1], h_promise_basis[-1] FROM cases FINAL",
		&state, &due, &stop, &margin, &basis)
	require.Equal(t, "finished", state)
	require.Equal(t, "promise", basis)
	// Accepted on Monday 2 March, five working days: Monday 9 March, 23:59:59.999 in Shanghai.
	require.Equal(t, time.Date(2026, 3, 9, 15, 59, 59, 999_000_000, time.UTC), due.UTC())
	require.Equal(t, day(6), stop.UnixMilli())
	require.EqualValues(t, 1, margin, "from Friday 6 to Monday 9 March")
	require.Equal(t, 1, count(t, db, "tickets FINAL WHERE h_state[-1] = 'received'"))
	require.Equal(t, 1, count(t, db, "rating_states FINAL WHERE subject_kind = 'case' AND subject_sys = 's' AND r_status = ['valid']"))

	require.Equal(t, 0, count(t, db, "deliveries AS d LEFT JOIN (SELECT * FROM fold_cursors FINAL) AS c ON c.topic = d.topic AND c.partition = d.partition WHERE d.offset >= c.next_offset"), "every delivery is below a cursor")
	require.Equal(t, 1, count(t, db, "calendar_days FINAL WHERE day = '2026-10-01' AND NOT is_workday"))
	require.Equal(t, 1, count(t, db, "regions FINAL WHERE region_code = '610102' AND path[1] = '610000'"))
}

func TestALateFactMovesTheHistory(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, life("1")...)
	enginetest.Fold(t, db)
	before := states(t, db)
	// It was suspended from the 3rd to the 5th, which is learned last.
	enginetest.Insert(t, db,
		fact("1", event.SuspendEnd, day(5), ""),
		fact("1", event.SuspendStart, day(3), `{"suspend_type":"expert_review","approved_days":10}`))
	enginetest.Fold(t, db)
	require.NotEqual(t, before, states(t, db))
	var due time.Time
	scan(t, db, "SELECT h_promise_due[-1] FROM cases FINAL", &due)
	// Two working days (the 4th and the 5th) are taken out: 9 → 11 March.
	require.Equal(t, time.Date(2026, 3, 11, 15, 59, 59, 999_000_000, time.UTC), due.UTC())
	require.Equal(t, 1, count(t, db, "cases FINAL"))
}

func TestItemsThatComeAfterTheirCasesRefoldThem(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, fact("1", event.Apply, day(2), ""), fact("1", event.Accept, day(2), ""))
	enginetest.Fold(t, db)
	require.Equal(t, 1, count(t, db, "cases FINAL WHERE NOT item_known"))
	promise, legal := int32(3), int32(20)
	item := event.Item{
		SourceSys: "s", EventID: "i", TaskCode: "task", TaskVersion: "1", Name: "n", ItemType: "license", ValidFrom: 20000,
		PromiseDays: &promise, PromiseUnit: "W", LegalDays: &legal, LegalUnit: "W",
	}
	enginetest.Insert(t, db, item)
	enginetest.Fold(t, db)
	var due time.Time
	scan(t, db, "SELECT h_promise_due[-1] FROM cases FINAL WHERE item_known AND item_type = 'license'", &due)
	require.Equal(t, time.Date(2026, 3, 5, 15, 59, 59, 999_000_000, time.UTC), due.UTC())

	promise = 4 // a corrected item moves the case again
	item.Revision = 1
	enginetest.Insert(t, db, item)
	enginetest.Fold(t, db)
	scan(t, db, "SELECT h_promise_due[-1] FROM cases FINAL", &due)
	require.Equal(t, time.Date(2026, 3, 6, 15, 59, 59, 999_000_000, time.UTC), due.UTC())
}

func TestAnotherCalendarRefoldsEveryCase(t *testing.T) {
	db := storetest.New(t)
	// Domain guide 2.4: accepted on 2020-01-21, five working days: 3 February
	// by the first notice, 5 February by the amended one.
	at := time.Date(2020, 1, 21, 1, 0, 0, 0, time.UTC).UnixMilli()
	enginetest.Insert(t, db, fact("1", event.Apply, at, ""), fact("1", event.Accept, at, `{"promise_days":5,"promise_unit":"W"}`))
	for version, want := range map[string]string{calendar.CN20191121: "2020-02-03", calendar.CN20260807: "2020-02-05"} {
		cal, err := calendar.Load(version)
		require.NoError(t, err)
		e := enginetest.New(t, db, func(c *engine.Config, _ *engine.Deps) { c.Calendar = cal })
		require.NoError(t, e.CatchUp(t.Context()))
		var due, stored string
		scan(t, db, "SELECT toString(toDate(h_promise_due[-1], 'Asia/Shanghai')), calendar_version FROM cases FINAL", &due, &stored)
		require.Equal(t, want, due)
		require.Equal(t, version, stored)
	}
}

func TestSubjectsLargerThanABatchAreFoldedWhole(t *testing.T) {
	db := storetest.New(t)
	facts := append(life("0"), life("2")...)
	for i := range 20_000 { // more than a batch and more than a block of the server
		f := fact("1", event.Activity, day(2)+int64(i), "")
		f.EventID, f.Activity = fmt.Sprint(i), "step"
		facts = append(facts, f)
	}
	enginetest.Insert(t, db, facts...)
	enginetest.Fold(t, db)
	require.Equal(t, 3, count(t, db, "cases"))
	require.Equal(t, 1, count(t, db, "cases WHERE case_no = '1' AND facts = 20000 AND activities = 20000"))
	require.Equal(t, 2, count(t, db, "cases WHERE facts = 3"))
}

func TestNothingNewMeansNothingWritten(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, life("1")...)
	enginetest.Fold(t, db)
	enginetest.Fold(t, db)
	require.Equal(t, 1, count(t, db, "cases"), "no second version")
}

// What was read from the broker once more lies below the cursors and is folded
// all the same; a cursor beyond the end of the ledger goes back to it.
func TestWhatComesAgainBelowTheCursorIsFolded(t *testing.T) {
	db := storetest.New(t)
	for _, no := range []string{"1", "2", "3"} {
		enginetest.Insert(t, db, life(no)...)
	}
	enginetest.Fold(t, db)
	want := states(t, db)
	exec := func(sql string) { require.NoError(t, db.Conn().Exec(t.Context(), sql)) }
	// Facts of a case were lost and came again under their old places; the states
	// that stand were folded without them.
	exec("CREATE TABLE kept AS case_events")
	exec("INSERT INTO kept SELECT * FROM case_events WHERE case_no = '2'")
	exec("ALTER TABLE case_events DELETE WHERE case_no = '2' SETTINGS mutations_sync = 2")
	exec("ALTER TABLE cases DELETE WHERE case_no = '2' SETTINGS mutations_sync = 2")
	enginetest.Fold(t, db)
	require.Equal(t, 2, count(t, db, "cases FINAL"), "nothing new, nothing folded")
	exec("INSERT INTO case_events SELECT * FROM kept")
	exec(`INSERT INTO rereads (topic, partition, from_offset, until_offset, asked_at, reason, read_at, step)
		SELECT topic, partition, min(offset), max(offset) + 1, now64(3), 'facts_lost', now64(3), 1 FROM kept GROUP BY topic, partition`)
	enginetest.Fold(t, db)
	require.Equal(t, want, states(t, db))
	require.Equal(t, 0, count(t, db, "rereads FINAL WHERE step < 2"))

	// The end of the ledger is lost as well, and another fact comes in its place.
	exec("ALTER TABLE deliveries DELETE WHERE topic = 'case-events' AND subject != '1' SETTINGS mutations_sync = 2")
	exec("ALTER TABLE case_events DELETE WHERE case_no != '1' SETTINGS mutations_sync = 2")
	enginetest.Fold(t, db)
	enginetest.Insert(t, db, life("4")...)
	enginetest.Fold(t, db)
	require.Equal(t, 1, count(t, db, "cases FINAL WHERE case_no = '4' AND h_state[-1] = 'finished'"))
}
