package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// A promise that is amended after its due takes the cards of K3 and K4 back when a
// supervisor accepts it (domain guide 2.6, void and amend), however soon the amend says
// that it was made: that is its sender's word. Accepted on Monday 9 March with no working
// day more than the same day; due on the 10th.
func TestAnAmendedPromiseGoesToASupervisor(t *testing.T) {
	db := storetest.New(t)
	accept := func(no string, d int, days int) event.Case {
		return fact(no, event.Accept, day(d), fmt.Sprintf(`{"promise_days":%d,"promise_unit":"W","legal_days":%d,"legal_unit":"W"}`, days, days))
	}
	amend := func(target event.Case, at time.Time, days int) event.Case {
		f := fact(target.CaseNo, event.Amend, at.UnixMilli(), fmt.Sprintf(`{"target_event_id":%q,"approver":"x","set":{"payload":{"promise_days":%d,"legal_days":%d}}}`, target.EventID, days, days))
		f.Origin.ReceivedAt = march(11, 2).UnixMilli() // 18 hours after that of SHORT was made
		return f
	}
	look := func(instant time.Time) {
		t.Helper()
		require.NoError(t, enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
			c.Rules = catalogue(t).Only("R-DDL-03", "R-DDL-04")
			began := time.Now()
			d.Now = func() time.Time { return instant.Add(time.Since(began)) }
		}).CatchUp(t.Context()))
	}
	states := func(no string) (s string) {
		scan(t, db, "SELECT arrayStringConcat(groupArray(concat(rule_id, ' ', state)), ', ') FROM (SELECT * FROM alerts FINAL WHERE subject_no = '"+no+"' ORDER BY rule_id)", &s)
		return s
	}
	// Five working days from 2 March: due on the 9th. One from the 9th: due on the 10th.
	long, short, still := accept("LONG", 2, 5), accept("SHORT", 9, 1), accept("STILL", 2, 5)
	enginetest.Insert(t, db, long, short, still)
	look(march(10, 1)) // within the day: what is announced later is history
	look(march(11, 1))
	for _, no := range []string{"LONG", "SHORT", "STILL"} {
		require.Equal(t, "R-DDL-03 issued, R-DDL-04 issued", states(no), no)
	}
	// SHORT is amended 23 hours after its acceptance, said before the due and sent
	// late; LONG more than a week after it; STILL to a promise that is over as well.
	enginetest.Insert(t, db, amend(short, march(10, 8), 10), amend(long, march(11, 2), 20), amend(still, march(11, 2), 6))
	look(march(11, 10))
	require.Equal(t, "R-DDL-03 review, R-DDL-04 review", states("SHORT"))
	require.Equal(t, "R-DDL-03 review, R-DDL-04 review", states("LONG"))
	require.Equal(t, "R-DDL-03 issued, R-DDL-04 issued", states("STILL"))
	require.Equal(t, 2, count(t, db, "alerts FINAL WHERE subject_no = 'STILL' AND severity_at = '2026-03-10 16:00:00'"), "six working days: over since the 11th")
}
