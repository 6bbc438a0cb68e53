package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// The limit of a joint case is that of its stage (domain guide 2.5, K9), so what was said
// of its promise before its first sub-case came is taken back; a sub-case has its own. When
// its only sub-case turns out to be none, it is judged by its own promise again. Five
// working days from Monday 2 March end with 9 March.
func TestAJointCaseIsJudgedByItsStage(t *testing.T) {
	db := storetest.New(t)
	look := func(instant time.Time) []string {
		t.Helper()
		require.NoError(t, enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
			c.Rules = catalogue(t).Only("R-DDL-03", "R-JNT-02")
			began := time.Now()
			d.Now = func() time.Time { return instant.Add(time.Since(began)) }
		}).CatchUp(t.Context()))
		return lines(t, db, `SELECT concat(subject_no, ' ', rule_id) FROM alert_chains FINAL WHERE NOT gone AND step_severity[1] != '' AND step_at[1] <= '`+
			instant.UTC().Format(time.DateTime)+`' ORDER BY 1`)
	}
	promise := `{"promise_days":5,"promise_unit":"W","legal_days":20,"legal_unit":"W"}`
	enginetest.Insert(t, db, fact("P", event.Apply, day(2), ""), fact("P", event.Accept, day(2), promise))
	require.Equal(t, []string{"P R-DDL-03"}, look(march(10, 9)))

	first, second := fact("P-1", event.Apply, day(2), `{"parent_case_no":"P"}`), fact("P-2", event.Apply, day(3), `{"parent_case_no":"P"}`)
	enginetest.Insert(t, db, first, fact("P-1", event.Accept, day(2), promise))
	require.Equal(t, []string{"P-1 R-DDL-03"}, look(march(10, 10)))
	enginetest.Insert(t, db, second)
	require.Equal(t, []string{"P-1 R-DDL-03"}, look(march(10, 11)), "what is told of one sub-case leaves the others alone")

	for _, f := range []event.Case{first, second} {
		enginetest.Insert(t, db, fact(f.CaseNo, event.Amend, day(10), `{"target_event_id":"`+f.EventID+`","approver":"x","set":{"payload":{"parent_case_no":""}}}`))
	}
	require.Equal(t, []string{"P R-DDL-03", "P-1 R-DDL-03"}, look(march(10, 12)))
}

// A sub-case keeps its own promise when another case names it as its parent, whichever of
// them is told of last; a test case makes nothing a joint case. Five working days from
// Monday 2 March end with 9 March.
func TestASubCaseKeepsItsOwnPromise(t *testing.T) {
	db := storetest.New(t)
	look := func(instant time.Time) []string {
		t.Helper()
		require.NoError(t, enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
			c.Rules = catalogue(t).Only("R-DDL-03")
			began := time.Now()
			d.Now = func() time.Time { return instant.Add(time.Since(began)) }
		}).CatchUp(t.Context()))
		return lines(t, db, `SELECT subject_no FROM alert_chains FINAL WHERE NOT gone AND step_severity[1] != '' AND step_at[1] <= '`+
			instant.UTC().Format(time.DateTime)+`' ORDER BY 1`)
	}
	promise := `{"promise_days":5,"promise_unit":"W","legal_days":20,"legal_unit":"W"}`
	enginetest.Insert(t, db, fact("P", event.Apply, day(2), ""), fact("P", event.Accept, day(2), promise),
		fact("P-1", event.Apply, day(2), `{"parent_case_no":"P"}`), fact("P-1", event.Accept, day(2), promise),
		fact("X", event.Apply, day(2), ""), fact("X", event.Accept, day(2), promise))
	require.Equal(t, []string{"P-1", "X"}, look(march(10, 9)))

	enginetest.Insert(t, db, fact("P-1-1", event.Apply, day(3), `{"parent_case_no":"P-1"}`),
		fact("X-1", event.Apply, day(2), `{"parent_case_no":"X","is_test":true}`))
	require.Equal(t, []string{"P-1", "X"}, look(march(10, 10)))
	enginetest.Insert(t, db, fact("P-1", event.Visit, day(4), ""))
	require.Equal(t, []string{"P-1", "X"}, look(march(10, 11)))
}
