package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/supervision/engine/enginetest"
)

// Cases of overdue are over their promise at 00:00 of Tuesday 10 March 2026.

// declares is an action on an outage, done at an hour of a day of March.
func declares(id, role, outage, action string, seq uint32, d, h int, payload string) event.Action {
	a := does(id, role, "outage", outage, action, seq, payload)
	a.OccurredAt = march(d, h).UnixMilli()
	return a
}

func TestStepsWithinAnOutageAreSaidAfterItsEnd(t *testing.T) {
	db := storetest.New(t)
	other := fact("B", event.Accept, day(2), `{"promise_days":5,"promise_unit":"W"}`)
	other.SourceSys = "other"
	enginetest.Insert(t, db, append(overdue("A"), other, declares("1", "sysadmin", "o1", "declare", 0, 9, 20,
		`{"scope":"source","code":"s","from":"2026-03-09T18:00:00+08:00","until":"2026-03-11T12:00:00+08:00","reason":"断电"}`))...)
	require.NoError(t, at(t, db, march(10, 9), nil).CatchUp(t.Context()))
	require.Equal(t, "accepted 1", result(t, db, "1"))
	require.Equal(t, 1, count(t, db, "alerts FINAL"), "the other source has no outage")
	require.Equal(t, 0, count(t, db, "alerts FINAL WHERE source_sys = 's'"))
	require.NoError(t, at(t, db, march(11, 13), nil).CatchUp(t.Context()))
	require.Equal(t, 1, count(t, db, `alerts FINAL WHERE source_sys = 's' AND state = 'issued' AND raised_at = '2026-03-11 04:00:00' AND due_at = '2026-03-09 15:59:59.999'
		AND evidence['outage'] = 'o1' AND evidence['outage_until'] = '2026-03-11 04:00:00.000'`))
	require.Equal(t, "", func() (s string) {
		scan(t, db, "SELECT evidence['outage'] FROM alerts FINAL WHERE source_sys = 'other'", &s)
		return s
	}())
}

// What the facts that arrive after the outage take back is never said.
func TestAnOutageGivesLateFactsTimeToArrive(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, append(overdue("A"), declares("1", "sysadmin", "o1", "declare", 0, 9, 20,
		`{"scope":"source","code":"s","from":"2026-03-09T18:00:00+08:00","until":"2026-03-11T12:00:00+08:00","reason":"断电"}`))...)
	require.NoError(t, at(t, db, march(11, 9), nil).CatchUp(t.Context()))
	enginetest.Insert(t, db, fact("A", event.Finish, day(9), `{"result_type":"approved"}`))
	require.NoError(t, at(t, db, march(12, 9), nil).CatchUp(t.Context()))
	require.Equal(t, 0, count(t, db, "alert_events"))
}

// An excuse takes back what was said already and never comes; revoked, all of
// it comes, and the history tells.
func TestAnExcuseTakesBackAndItsRevocationGivesBack(t *testing.T) {
	db := storetest.New(t)
	facts := overdue("A")
	elsewhere := fact("B", event.Accept, day(2), `{"promise_days":5,"promise_unit":"W"}`)
	elsewhere.OrgCode = "elsewhere"
	enginetest.Insert(t, db, append(facts, elsewhere,
		event.Organisation{SourceSys: "s", EventID: "o", OrgCode: "org", Name: "n", ParentCode: "above", ValidFrom: 19000},
		event.Organisation{SourceSys: "s", EventID: "p", OrgCode: "above", Name: "n", ParentCode: "org", ValidFrom: 19000})...) // a circle
	require.NoError(t, at(t, db, march(10, 1), nil).CatchUp(t.Context()))
	require.Equal(t, "raised yellow issued ; raised yellow issued ", events(t, db))
	enginetest.Insert(t, db,
		declares("1", "sysadmin", "o1", "declare", 0, 10, 8,
			`{"scope":"org","code":"above","from":"2026-03-09T08:00:00+08:00","until":"2026-03-10T18:00:00+08:00","reason":"大厅停电","effect":"excuse","ground":"system_error","evidence":["供电局通知"]}`),
		declares("2", "supervisor", "o1", "declare", 0, 10, 8,
			`{"scope":"org","code":"above","from":"2026-03-09T08:00:00+08:00","until":"2026-03-10T18:00:00+08:00","reason":"大厅停电","effect":"excuse","ground":"system_error","evidence":["供电局通知"]}`))
	require.NoError(t, at(t, db, march(10, 9), nil).CatchUp(t.Context()))
	require.Contains(t, result(t, db, "1"), "forbidden")
	require.Equal(t, "accepted 1", result(t, db, "2"))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE subject_no = 'A' AND state = 'cancelled' AND NOT active"))
	require.Equal(t, 1, count(t, db, "alert_events FINAL WHERE event = 'cancelled' AND reason = 'outage'"))
	require.NoError(t, at(t, db, march(20, 9), nil).CatchUp(t.Context()))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE state = 'issued'"), "the excuse stands for good, and elsewhere there was none")
	enginetest.Insert(t, db, declares("3", "supervisor", "o1", "revoke", 1, 20, 10, `{"comment":"查无此事"}`))
	require.NoError(t, at(t, db, march(20, 11), nil).CatchUp(t.Context()))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE subject_no = 'A' AND state = 'issued' AND raised_at = '2026-03-09 16:00:00'"))
	require.Equal(t, 3, count(t, db, "alert_events FINAL WHERE alert_id = (SELECT alert_id FROM alerts FINAL WHERE subject_no = 'A')"))
}

// A red step after the excuse is no matter of the excuse; ending an outage early
// lets what it held back come at that moment; a rule or category limits it.
func TestAnOutageCoversNoMoreThanItSays(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, append(overdue("A"), declares("1", "supervisor", "o1", "declare", 0, 9, 20,
		`{"scope":"region","code":"610100","from":"2026-03-09T18:00:00+08:00","until":"2026-03-20T12:00:00+08:00","reason":"r","categories":["hotline"]}`),
		declares("2", "supervisor", "o2", "declare", 0, 9, 20,
			`{"scope":"region","code":"610100","from":"2026-03-09T18:00:00+08:00","until":"2026-03-20T12:00:00+08:00","reason":"r","rules":["R-DDL-03"]}`))...)
	require.NoError(t, at(t, db, march(10, 9), nil).CatchUp(t.Context()))
	require.Equal(t, "", events(t, db), "o2 holds it back")
	enginetest.Insert(t, db, declares("3", "supervisor", "o2", "end", 1, 10, 12, ""))
	require.NoError(t, at(t, db, march(10, 13), nil).CatchUp(t.Context()))
	require.Equal(t, "accepted 2", result(t, db, "3"))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE state = 'issued' AND raised_at = '2026-03-10 04:00:00' AND evidence['outage'] = 'o2'"), "o1 is about the hotline alone")
}

// A hold holds back what is not said yet. A card that was announced before it was declared
// stands, whatever is told of the time before while it lasts; what is reached after it was
// declared waits for its end.
func TestAHoldTakesNoCardBackThatWasAnnouncedBefore(t *testing.T) {
	db := storetest.New(t)
	for _, no := range []string{"A", "B"} {
		for _, f := range overdue(no) {
			enginetest.Insert(t, db, arrived(f.(event.Case), time.UnixMilli(f.(event.Case).OccurredAt).Add(time.Minute)))
		}
	}
	enginetest.Insert(t, db, arrived(fact("C", event.Apply, march(3, 9).UnixMilli(), ""), march(3, 9)), // due on the 10th
		arrived(fact("C", event.Accept, march(3, 9).UnixMilli(), `{"promise_days":5,"promise_unit":"W"}`), march(3, 9)))
	require.NoError(t, at(t, db, march(10, 1), nil).CatchUp(t.Context()))
	require.Equal(t, "raised yellow issued ; raised yellow issued ", events(t, db))
	a := declares("1", "sysadmin", "o1", "declare", 0, 10, 9,
		`{"scope":"source","code":"s","from":"2026-03-09T18:00:00+08:00","until":"2026-04-05T12:00:00+08:00","reason":"断电"}`)
	a.Origin.ReceivedAt = march(10, 9).UnixMilli()
	enginetest.Insert(t, db, a)
	require.NoError(t, at(t, db, march(10, 10), nil).CatchUp(t.Context()))
	require.Equal(t, "accepted 1", result(t, db, "1"))
	require.Equal(t, 2, count(t, db, "alerts FINAL WHERE state = 'issued' AND raised_at = '2026-03-09 16:00:00' AND evidence['outage'] = ''"))
	enginetest.Insert(t, db, arrived(fact("A", event.Finish, march(9, 16).UnixMilli(), `{"result_type":"approved"}`), march(25, 10)))
	require.NoError(t, at(t, db, march(25, 11), nil).CatchUp(t.Context()))
	require.Equal(t, "review", stateOf(t, db, "R-DDL-03", "A"))
	require.Equal(t, "", stateOf(t, db, "R-DDL-03", "C"), "it was not said before")
	require.NoError(t, at(t, db, march(37, 11), nil).CatchUp(t.Context()))
	require.Equal(t, "issued", stateOf(t, db, "R-DDL-03", "B"))
	require.Equal(t, "issued", stateOf(t, db, "R-DDL-03", "C"))
	require.Equal(t, 0, count(t, db, "alert_events FINAL WHERE event = 'cancelled'"))
}
