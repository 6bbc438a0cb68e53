package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// legal makes an engine with rule R-DDL-04, whose cards are red.
func legal(t *testing.T, db *store.DB, instant time.Time) *engine.Engine {
	t.Helper()
	return enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
		c.Rules = catalogue(t).Only("R-DDL-04")
		began := time.Now()
		d.Now = func() time.Time { return instant.Add(time.Since(began)) }
	})
}

// illegal is a case that is over its legal due from Tuesday 10 March 2026 on.
func illegal(no, org, staff string) event.Case {
	f := fact(no, event.Accept, day(2), `{"promise_days":5,"promise_unit":"W","legal_days":5,"legal_unit":"W"}`)
	f.OrgCode, f.StaffID = org, staff
	return f
}

func alertOf(t *testing.T, db *store.DB, no string) (id string) {
	t.Helper()
	scan(t, db, "SELECT alert_id FROM alerts FINAL WHERE subject_no = '"+no+"'", &id)
	return id
}

func TestRedCardsOpenOneOrderPerOrganisationRuleAndDay(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, illegal("A", "org", ""), illegal("B", "org", ""), illegal("X", "other", ""))
	require.NoError(t, legal(t, db, march(10, 1)).CatchUp(t.Context()))
	require.Equal(t, 2, count(t, db, "work_items FINAL WHERE kind = 'order'"))
	require.Equal(t, 1, count(t, db, `work_items FINAL WHERE kind = 'order' AND state = 'issued' AND seq = 1 AND org_code = 'org' AND origin = 'rule' AND length(alerts) = 2
		AND arraySort(subjects) = ['case/s/A', 'case/s/B'] AND due_at = '2026-03-11 15:59:59.999' AND final_due_at = '2026-03-17 15:59:59.999'
		AND JSONExtractString(data, 'rule') = 'R-DDL-04' AND JSONExtractString(data, 'day') = '2026-03-10'`))

	// A late card of the day joins; looking again does nothing.
	enginetest.Insert(t, db, illegal("C", "org", ""))
	require.NoError(t, legal(t, db, march(10, 9)).CatchUp(t.Context()))
	require.NoError(t, legal(t, db, march(10, 10)).CatchUp(t.Context()))
	require.Equal(t, 1, count(t, db, "work_items FINAL WHERE kind = 'order' AND org_code = 'org' AND seq = 2 AND length(alerts) = 3 AND state = 'issued'"))
	require.Equal(t, 1, count(t, db, "work_events FINAL WHERE event = 'join' AND actor = ''"))

	// A revoked card leaves, the last one takes the order along.
	gone := func(id, no string, hour int) event.Action {
		a := does(id, "supervisor", "alert", alertOf(t, db, no), "revoke", 1, `{"comment":"c","ground":"wrong_data"}`)
		a.OccurredAt = march(10, hour).UnixMilli()
		return a
	}
	enginetest.Insert(t, db, gone("1", "A", 11), gone("2", "X", 11))
	require.NoError(t, legal(t, db, march(10, 12)).CatchUp(t.Context()))
	require.Equal(t, 1, count(t, db, "work_items FINAL WHERE kind = 'order' AND org_code = 'org' AND arraySort(subjects) = ['case/s/B', 'case/s/C'] AND length(alerts) = 2 AND state = 'issued'"))
	require.Equal(t, 1, count(t, db, "work_items FINAL WHERE kind = 'order' AND org_code = 'other' AND state = 'revoked' AND empty(alerts)"))

	// More than ten working days over its due: eleven on 1 April.
	require.NoError(t, legal(t, db, march(31, 9)).CatchUp(t.Context()))
	require.Equal(t, 0, count(t, db, "work_items FINAL WHERE kind = 'referral'"))
	require.NoError(t, legal(t, db, march(32, 9)).CatchUp(t.Context()))
	require.Equal(t, 1, count(t, db, "work_items FINAL WHERE kind = 'referral' AND state = 'proposed' AND org_code = 'org' AND JSONExtractString(data, 'basis') = 'order_overdue' AND length(alerts) = 2"))
}

// What cannot be ordered about keeps nobody else from being ordered about, and the turn
// from going on.
func TestACardWithoutAnOrganisationStopsNothing(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, illegal("A", "\u3000", ""), illegal("B", "org", ""))
	require.NoError(t, legal(t, db, march(10, 1)).CatchUp(t.Context()))
	require.Equal(t, 2, count(t, db, "alerts FINAL WHERE severity = 'red'"))
	require.Equal(t, 1, count(t, db, "work_items FINAL WHERE kind = 'order'"))
	require.Equal(t, 1, count(t, db, "work_items FINAL WHERE kind = 'order' AND org_code = 'org' AND state = 'issued'"))
}

// Who loads the data of last year is not ordered about.
func TestOldCardsOpenNoOrder(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, illegal("A", "org", "p"))
	require.NoError(t, legal(t, db, march(10, 0).AddDate(0, 0, 31)).CatchUp(t.Context()))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE state = 'issued'"))
	require.Equal(t, 0, count(t, db, "work_items"))
}

// Three red cards on one member of staff in a quarter; two are not enough, nor
// are those of different people.
func TestThreeRedCardsInAQuarterProposeAReferral(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, illegal("A", "org", "p"), illegal("B", "org", "p"), illegal("C", "org", "q"))
	require.NoError(t, legal(t, db, march(10, 1)).CatchUp(t.Context()))
	require.Equal(t, 0, count(t, db, "work_items WHERE kind = 'referral'"))
	enginetest.Insert(t, db, illegal("D", "org", "p"))
	require.NoError(t, legal(t, db, march(11, 1)).CatchUp(t.Context()))
	require.NoError(t, legal(t, db, march(12, 1)).CatchUp(t.Context()))
	require.Equal(t, 1, count(t, db, `work_items FINAL WHERE kind = 'referral' AND seq = 1 AND state = 'proposed' AND JSONExtractString(data, 'staff_id') = 'p'
		AND JSONExtractString(data, 'basis') = 'red_cards' AND length(alerts) = 3 AND arraySort(subjects) = ['case/s/A', 'case/s/B', 'case/s/D']`))
	var id string
	scan(t, db, "SELECT id FROM work_items FINAL WHERE kind = 'referral'", &id)
	adopt := does("1", "supervisor", "referral", id, "adopt", 1, "")
	enginetest.Insert(t, db, adopt)
	require.NoError(t, legal(t, db, march(12, 2)).CatchUp(t.Context()))
	require.Equal(t, 1, count(t, db, "work_items FINAL WHERE kind = 'referral' AND state = 'draft'"))
}

// Proved: a supervisor closed a red card of R-FEE-01 after its feedback.
func TestAProvedCardProposesAReferral(t *testing.T) {
	db := storetest.New(t)
	issue(t, db, "fee", "org")
	issue(t, db, "doubt", "org")
	require.NoError(t, db.Conn().Exec(t.Context(), "INSERT INTO alerts SELECT * REPLACE ('R-FEE-01' AS rule_id, 'red' AS severity, 2 AS fold_version, if(alert_id = 'fee', 'fed_back', state) AS state) FROM alerts FINAL"))
	enginetest.Insert(t, db, does("1", "supervisor", "alert", "fee", "accept_feedback", 1, ""))
	require.NoError(t, legal(t, db, march(3, 12)).CatchUp(t.Context()))
	require.Equal(t, "accepted 2", result(t, db, "1"))
	require.Equal(t, 1, count(t, db, "work_items FINAL WHERE kind = 'referral' AND alerts = ['fee'] AND JSONExtractString(data, 'basis') = 'proved_violation'"))
	require.Equal(t, 1, count(t, db, "work_items FINAL"))
}
