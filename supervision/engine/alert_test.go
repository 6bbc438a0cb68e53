package engine_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
	"duban/supervision/rule"
)

// catalogue is that of the product.
func catalogue(t *testing.T) *rule.Catalogue {
	t.Helper()
	cat, err := allRules()
	require.NoError(t, err)
	return cat
}

// allRules are read once for all tests: a catalogue is only read.
var allRules = sync.OnceValues(func() (*rule.Catalogue, error) {
	reg, err := queries.Load()
	if err != nil {
		return nil, err
	}
	return rule.Load(reg, "")
})

// at makes an engine with the rule R-DDL-03 whose clock stands at an instant and
// goes on from there.
func at(t *testing.T, db *store.DB, instant time.Time, arrived *time.Time) *engine.Engine {
	t.Helper()
	return enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
		c.Rules = catalogue(t).Only("R-DDL-03")
		began := time.Now()
		d.Now = func() time.Time { return instant.Add(time.Since(began)) }
		if arrived != nil {
			c.Arrived = func(context.Context) (time.Time, error) { return *arrived, nil }
		}
	})
}

// The case of life("1") without its finish: accepted on Monday 2 March 2026 with
// five working days, so that it is due on Monday 9 March and overdue on the 10th,
// 00:00 in Shanghai.
func overdue(no string) []any {
	return []any{fact(no, event.Apply, day(2), ""), fact(no, event.Accept, day(2), `{"promise_days":5,"promise_unit":"W"}`)}
}

func events(t *testing.T, db *store.DB) string {
	t.Helper()
	var s string
	scan(t, db, "SELECT arrayStringConcat(groupArray(concat(event, ' ', severity, ' ', state, ' ', reason)), '; ') FROM (SELECT * FROM alert_events FINAL ORDER BY alert_id, seq)", &s)
	return s
}

var march = func(d, h int) time.Time { return time.Date(2026, 3, d, h-8, 0, 0, 0, time.UTC) }

func TestACardIsRaisedByTheMereLapseOfTime(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, overdue("1")...)
	require.NoError(t, at(t, db, march(9, 23), nil).CatchUp(t.Context()))
	require.Equal(t, "", events(t, db))
	require.NoError(t, at(t, db, march(10, 0), nil).CatchUp(t.Context()))
	require.Equal(t, "raised yellow issued ", events(t, db))
	var raised, due, feedback, appeal time.Time
	scan(t, db, "SELECT raised_at, due_at, feedback_due, appeal_until FROM alerts FINAL", &raised, &due, &feedback, &appeal)
	require.Equal(t, march(10, 0), raised.UTC())
	require.Equal(t, march(10, 0).Add(-time.Millisecond), due.UTC())
	// Five working days after Tuesday 10 March: Tuesday 17; three: Friday 13.
	require.Equal(t, march(18, 0).Add(-time.Millisecond), feedback.UTC())
	require.Equal(t, march(14, 0).Add(-time.Millisecond), appeal.UTC())
	require.NoError(t, at(t, db, march(11, 0), nil).CatchUp(t.Context()))
	require.Equal(t, "raised yellow issued ", events(t, db), "looking again says nothing new")
}

// R-PRC-04 waits 72 hours for the beginning of the case (domain guide 2.6); nothing more
// arrives in the meantime, so that time alone brings the card.
func TestAStepThatIsHeldIsAnnouncedWhenTheWaitIsOver(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, fact("1", event.Finish, day(2), `{"result_type":"approved","cert_token":"c"}`)) // 9:00 on 2 March
	look := func(instant time.Time) string {
		e := enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
			c.Rules = catalogue(t).Only("R-PRC-04")
			d.Now = func() time.Time { return instant }
		})
		require.NoError(t, e.CatchUp(t.Context()))
		return events(t, db)
	}
	require.Equal(t, "", look(march(2, 12)))
	require.Equal(t, "", look(march(5, 9).Add(-time.Millisecond)))
	require.Equal(t, "raised red issued ", look(march(5, 9)))
	require.Equal(t, "raised red issued ", look(march(5, 12)))
}

// Who waits until everything up to an instant was announced waits for a mark that moves on
// though nothing is announced and no look is far from the one before.
func TestTheMarkOfAnnouncementsMovesOnWhenNothingHappens(t *testing.T) {
	db := storetest.New(t)
	began := time.Now()
	e := enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
		c.Rules, c.LeaseTTL = catalogue(t).Only("R-DDL-03"), time.Minute
		d.Now = func() time.Time { return march(20, 9).Add(4 * time.Since(began)) } // so that it takes seconds
	})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	defer func() { stop(); <-done }()
	reg, err := queries.Load()
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		res, err := reg.Run(t.Context(), db.Conn(), "ledger/looked", queries.Args{"source": ""})
		return err == nil && res.Rows[0][0].(time.Time).After(march(20, 9).Add(40*time.Second))
	}, time.Minute, 200*time.Millisecond)
}

func TestNothingIsSaidWhileMessagesAreOnTheirWay(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, overdue("1")...)
	arrived := march(9, 12)
	require.NoError(t, at(t, db, march(12, 0), &arrived).CatchUp(t.Context()))
	require.Equal(t, "", events(t, db))
	arrived = march(12, 0)
	require.NoError(t, at(t, db, march(12, 1), &arrived).CatchUp(t.Context()))
	require.Equal(t, "raised yellow issued ", events(t, db))
}

// Domain guide 2.6: a finish with an event time before the due, pushed within 24
// hours, takes the card back; pushed later it is reviewed.
func TestLateFactsCancelOrAreReviewed(t *testing.T) {
	db := storetest.New(t)
	for _, no := range []string{"A", "B", "C", "D", "E"} {
		enginetest.Insert(t, db, overdue(no)...)
	}
	require.NoError(t, at(t, db, march(10, 1), nil).CatchUp(t.Context()))
	require.Equal(t, 5, count(t, db, "alerts FINAL WHERE state = 'issued'"))
	// emitted is how long after the fact the source says it sent it, arrived how long
	// after it the broker had it.
	pushed := func(no string, typ event.CaseType, d int, emitted, arrived time.Duration) any {
		f := fact(no, typ, day(d), `{"result_type":"approved"}`)
		if emitted > 0 {
			f.EmittedAt = f.OccurredAt + emitted.Milliseconds()
		}
		f.Origin.ReceivedAt = f.OccurredAt + arrived.Milliseconds()
		return f
	}
	enginetest.Insert(t, db,
		pushed("A", event.Finish, 9, 24*time.Hour, 24*time.Hour),
		pushed("B", event.Finish, 9, 25*time.Hour, 25*time.Hour),
		// The source does not say when it sent, or says what the broker saw was not so.
		pushed("C", event.Finish, 9, 0, 25*time.Hour),
		pushed("D", event.Finish, 9, time.Minute, 25*time.Hour),
		// The late fact is not the last to come.
		pushed("E", event.Finish, 9, 25*time.Hour, 25*time.Hour), pushed("E", event.Deliver, 10, time.Hour, 26*time.Hour))
	require.NoError(t, at(t, db, march(11, 12), nil).CatchUp(t.Context()))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE subject_no = 'A' AND state = 'cancelled' AND closed_at IS NOT NULL"))
	require.Equal(t, 4, count(t, db, "alerts FINAL WHERE subject_no != 'A' AND state = 'review' AND closed_at IS NULL"))
	require.Equal(t, 5, count(t, db, "alert_events FINAL WHERE reason = 'late_data'"))
}

// A load of history says cards long after their instant; the rest of it, which comes
// within the day, takes back what was said too soon, however late each fact looks.
func TestTheRestOfAHistoryTakesBackWhatWasSaidTooSoon(t *testing.T) {
	db := storetest.New(t)
	for _, f := range append(overdue("A"), overdue("B")...) {
		enginetest.Insert(t, db, arrived(f.(event.Case), march(20, 8)))
	}
	require.NoError(t, at(t, db, march(20, 9), nil).CatchUp(t.Context()))
	require.Equal(t, 2, count(t, db, "alerts FINAL WHERE state = 'issued'"))
	finish := func(no string, arrived time.Time) any {
		f := fact(no, event.Finish, day(9), `{"result_type":"approved"}`)
		f.Origin.ReceivedAt = arrived.UnixMilli()
		return f
	}
	enginetest.Insert(t, db, finish("A", march(20, 10)), finish("B", march(21, 10)))
	require.NoError(t, at(t, db, march(21, 11), nil).CatchUp(t.Context()))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE subject_no = 'A' AND state = 'cancelled'"))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE subject_no = 'B' AND state = 'review'"))
}

func TestTheSameAlertsWhetherOneLooksOnceOrEveryDay(t *testing.T) {
	daily, once := storetest.New(t), storetest.New(t)
	facts := append(overdue("A"), life("1")...)
	facts = append(facts, overdue("B")...)
	enginetest.Insert(t, once, facts...)
	for i, f := range facts {
		enginetest.Insert(t, daily, arrived(f.(event.Case), march(7+i, 0)))
		require.NoError(t, at(t, daily, march(7+i, 1), nil).CatchUp(t.Context()))
	}
	require.NoError(t, at(t, daily, march(20, 1), nil).CatchUp(t.Context()))
	require.NoError(t, at(t, once, march(20, 1), nil).CatchUp(t.Context()))
	chains := "SELECT toString(groupArray((alert_id, subject_no, step_at, step_severity))) FROM (SELECT * FROM alert_chains FINAL WHERE NOT gone ORDER BY alert_id)"
	var a, b string
	scan(t, daily, chains, &a)
	scan(t, once, chains, &b)
	require.Equal(t, a, b)
	require.NotEmpty(t, a)
	require.Equal(t, 2, count(t, once, "alerts FINAL WHERE severity = 'yellow'"))
	// The finish of 1, of the 6th, came on the 11th: a supervisor takes its card back (domain guide 2.6).
	require.Equal(t, 1, count(t, daily, "alerts FINAL WHERE state = 'review'"))
	require.Equal(t, 2, count(t, daily, "alerts FINAL WHERE severity = 'yellow' AND state = 'issued'"))
}
