package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/supervision/engine/enginetest"
)

// An engine that did not work for days raises what it would have raised, by what was known
// then: limits of five working days from Monday 2 March 2026 were over with the 9th, and what
// says otherwise came later (docs/supervision.md, section 1).
func TestWhatWasDueWhileNoEngineWorkedIsAnnounced(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-DDL-03")
	soon := func(f any) any {
		x := f.(event.Case)
		return arrived(x, time.UnixMilli(x.OccurredAt).Add(time.Minute))
	}
	finish := func(no string, came time.Time) any {
		return arrived(fact(no, event.Finish, march(9, 16).UnixMilli(), `{"result_type":"approved"}`), came)
	}
	for _, f := range overdue("KNOWN") {
		enginetest.Insert(t, db, soon(f))
	}
	look(march(5, 12))
	require.Zero(t, count(t, db, "alerts FINAL"))
	for _, no := range []string{"LATE", "SOON"} { // the whole life is told while no engine works
		for _, f := range overdue(no) {
			x := f.(event.Case)
			enginetest.Insert(t, db, arrived(x, march(6, 12)))
		}
	}
	enginetest.Insert(t, db, finish("SOON", march(10, 10)), finish("KNOWN", march(12, 14)), finish("LATE", march(12, 14)))
	look(march(13, 9))
	for no, want := range map[string]string{
		"KNOWN": "raised 2026-03-10 00:00, review", "LATE": "raised 2026-03-10 00:00, review", "SOON": "raised 2026-03-10 00:00, cancelled",
	} {
		var history string
		scan(t, db, `SELECT arrayStringConcat(groupArray(if(event = 'raised', concat(event, ' ', formatDateTime(effective_at, '%Y-%m-%d %H:%i', 'Asia/Shanghai')), toString(event))), ', ')
			FROM (SELECT * FROM alert_events FINAL WHERE alert_id IN (SELECT alert_id FROM alerts WHERE subject_no = '`+no+`') ORDER BY seq)`, &history)
		require.Equal(t, want, history, no)
	}
	require.Equal(t, 3, count(t, db, "cases FINAL WHERE h_state[-1] = 'finished'"), "all is folded")
}

// A message that claims to arrive in a hundred years holds nobody up.
func TestAnArrivalAheadHoldsNobodyUp(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-DDL-03")
	insert := func(came time.Time, facts ...any) {
		for _, f := range facts {
			enginetest.Insert(t, db, arrived(f.(event.Case), came))
		}
	}
	insert(march(5, 10), overdue("FIRST")...)
	look(march(5, 12))
	insert(march(5, 12).AddDate(100, 0, 0), overdue("AHEAD")...)
	insert(march(12, 10), overdue("NEXT")...)
	look(march(12, 12))
	require.Equal(t, []string{"AHEAD", "FIRST", "NEXT"}, lines(t, db, "SELECT subject_no FROM alerts FINAL WHERE severity = 'yellow' ORDER BY 1"))
}
