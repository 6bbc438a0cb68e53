package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// arrived is a fact that the broker got at an instant.
func arrived(f event.Case, at time.Time) event.Case {
	f.Origin.ReceivedAt = at.UnixMilli()
	return f
}

// corrects makes a void or an amend with an approver, made and arrived at an instant.
func corrects(target event.Case, typ event.CaseType, at time.Time, set string) event.Case {
	return arrived(fact(target.CaseNo, typ, at.UnixMilli(), fmt.Sprintf(`{"target_event_id":%q,"approver":"h","reason":"r"%s}`, target.EventID, set)), at.Add(time.Minute))
}

// looking returns a function that lets the engine catch up at an instant.
func looking(t *testing.T, db *store.DB, rules ...string) func(time.Time) {
	t.Helper()
	return func(instant time.Time) {
		t.Helper()
		require.NoError(t, enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
			c.Rules = catalogue(t).Only(rules...)
			began := time.Now()
			d.Now = func() time.Time { return instant.Add(time.Since(began)) }
		}).CatchUp(t.Context()))
	}
}

// What a card says is not undone by what happens after the due (docs/supervision.md,
// section 1). Domain guide 2.6: a late finish that was pushed within 24 hours takes the card
// back, by its own lag; every way to tell a told fact anew leaves the card to a supervisor,
// and one that moves its time is R-DAT-05. Due on Monday 9 March 2026, the card of the 10th.
func TestNoCardIsTalkedAway(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-DDL-01", "R-DDL-03", "R-DAT-05")
	accept := func(no string) event.Case { return overdue(no)[1].(event.Case) }
	finish := func(no string, at time.Time) event.Case {
		return arrived(fact(no, event.Finish, at.UnixMilli(), `{"result_type":"approved"}`), at.Add(time.Minute))
	}
	inTime, tooLate := march(9, 23), march(10, 9)
	again := func(no string) event.Case {
		f := arrived(finish(no, inTime), march(10, 10).Add(2*time.Minute))
		f.EventID = no + "-again"
		return f
	}
	revised := finish("REVISED", tooLate)
	revised.Revision, revised.OccurredAt = 1, inTime.UnixMilli()
	decided := again("DECIDED")
	decided.Type = event.Decide
	const moved = `,"set":{"event_time":"2026-03-09T23:00:00+08:00"}`
	amended := corrects(finish("BACKWARD", tooLate), event.Amend, march(10, 10), moved)
	amended.OccurredAt = march(9, 22).UnixMilli() // says it was made before what it corrects was

	later := accept("RESTARTED")
	later.EventID, later.OccurredAt = "restarted", march(5, 9).UnixMilli()
	cases := map[string]struct {
		facts   []event.Case // after the card
		state   string
		suspect bool
	}{
		"TIMELY":    {[]event.Case{arrived(finish("TIMELY", inTime), march(10, 10))}, "cancelled", false},
		"UNRELATED": {[]event.Case{arrived(fact("UNRELATED", event.Material, day(3), ""), march(10, 10)), arrived(finish("UNRELATED", inTime), march(10, 10))}, "cancelled", false},
		"LATE":      {[]event.Case{arrived(finish("LATE", march(8, 23)), march(10, 10))}, "review", false},
		"VOIDED":    {[]event.Case{finish("VOIDED", tooLate), corrects(finish("VOIDED", tooLate), event.Void, march(10, 10), ""), again("VOIDED")}, "review", true},
		"DECIDED":   {[]event.Case{finish("DECIDED", tooLate), corrects(finish("DECIDED", tooLate), event.Void, march(10, 10), ""), decided}, "review", true},
		"SECOND":    {[]event.Case{finish("SECOND", tooLate), again("SECOND")}, "review", true},
		"AMENDED":   {[]event.Case{finish("AMENDED", tooLate), corrects(finish("AMENDED", tooLate), event.Amend, march(10, 10), moved)}, "review", true},
		"BACKWARD":  {[]event.Case{finish("BACKWARD", tooLate), amended}, "review", true},
		"REVISED":   {[]event.Case{finish("REVISED", tooLate), arrived(revised, march(10, 10))}, "review", true},
		"UNSTARTED": {[]event.Case{corrects(accept("UNSTARTED"), event.Void, march(10, 10), "")}, "review", false},
		"RESTARTED": {[]event.Case{corrects(accept("RESTARTED"), event.Void, march(10, 10), ""), arrived(later, march(10, 10).Add(2*time.Minute))}, "review", true},
		"PROMISED":  {[]event.Case{corrects(accept("PROMISED"), event.Amend, march(10, 10), `,"set":{"payload":{"promise_days":20}}`)}, "review", false},
		"ENDED":     {[]event.Case{finish("ENDED", tooLate)}, "issued", false},
	}
	for no := range cases {
		enginetest.Insert(t, db, overdue(no)...)
	}
	look(march(9, 18)) // warned on the day of the due
	look(march(10, 1))
	require.Equal(t, len(cases), count(t, db, "alerts FINAL WHERE rule_id = 'R-DDL-03' AND state = 'issued'"))
	for _, until := range []time.Time{march(10, 9).Add(30 * time.Minute), march(10, 12)} {
		for _, c := range cases {
			for _, f := range c.facts {
				if at := time.UnixMilli(f.Origin.ReceivedAt); !at.After(until) && at.After(until.Add(-150*time.Minute)) {
					enginetest.Insert(t, db, f)
				}
			}
		}
		look(until)
	}
	look(march(10, 14))
	for no, want := range cases {
		t.Run(no, func(t *testing.T) {
			var state string
			scan(t, db, "SELECT toString(state) FROM alerts FINAL WHERE rule_id = 'R-DDL-03' AND subject_no = '"+no+"'", &state)
			require.Equal(t, want.state, state)
			require.Equal(t, want.suspect, count(t, db, "alerts FINAL WHERE rule_id = 'R-DAT-05' AND clock_no = 'moved' AND subject_no = '"+no+"'") == 1, "R-DAT-05")
			if want.state == "issued" {
				return
			}
			var trace string
			scan(t, db, "SELECT payload FROM alert_events FINAL WHERE reason = 'late_data' AND alert_id = (SELECT alert_id FROM alerts FINAL WHERE rule_id = 'R-DDL-03' AND subject_no = '"+no+"')", &trace)
			require.Contains(t, trace, want.facts[len(want.facts)-1].EventID, "the history names the fact")
		})
	}
	require.Zero(t, count(t, db, "alerts FINAL WHERE state = 'review' AND severity = 'warning'"), "review is for cards")
}

// What takes a case out of supervision counts from its first fact on; said afterwards, or
// by a first fact that comes in hindsight, it takes no card back by itself.
func TestNoFlagWipesACard(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-DDL-03")
	at := march(10, 10)
	said := func(no string, when int64, payload string) event.Case {
		return arrived(fact(no, event.Activity, when, payload), at)
	}
	cases := map[string]struct {
		fact  event.Case
		state string
	}{
		"TEST":    {said("TEST", at.UnixMilli(), `{"is_test":true}`), "issued"},
		"SECRET":  {said("SECRET", at.UnixMilli(), `{"secret":true}`), "issued"},
		"OWN":     {said("OWN", day(3), `{"limit_regime":"source","source_due_at":"2027-12-31T00:00:00Z"}`), "issued"},
		"BEFORE":  {said("BEFORE", day(2)-1, `{"is_test":true}`), "issued"}, // something was due before it was told
		"FOUNDED": {said("FOUNDED", day(2)-1, `{"limit_regime":"source","source_due_at":"2027-12-31T00:00:00Z"}`), "review"},
		"AMENDED": {corrects(overdue("AMENDED")[1].(event.Case), event.Amend, at, `,"set":{"payload":{"is_test":true}}`), "review"},
	}
	for no := range cases {
		for _, f := range overdue(no) {
			enginetest.Insert(t, db, arrived(f.(event.Case), march(9, 17)))
		}
	}
	look(march(10, 1))
	for _, c := range cases {
		enginetest.Insert(t, db, c.fact)
	}
	look(march(10, 12))
	for no, want := range cases {
		var state string
		scan(t, db, "SELECT toString(state) FROM alerts FINAL WHERE subject_no = '"+no+"'", &state)
		require.Equal(t, want.state, state, no)
	}
}
