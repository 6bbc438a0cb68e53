package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
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

// What a source says about the past of a sub-case takes its late parent out of no figure
// (docs/supervision.md, section 10): that one which had ended went on after all, or that there was
// one, is said after the parent's due and more than a day after its moment. Told in time
// it makes a joint case, counted by its sub-cases (C5). Five working days from Monday 2 March end with 9
// March, one with the 3rd.
func TestNoSubCaseOfThePastTakesItsParentOutOfTheFigures(t *testing.T) {
	db := storetest.New(t)
	look, listed := looking(t, db, "R-DDL-03"), parents(t, db)
	soon := func(f event.Case) any { return arrived(f, time.UnixMilli(f.OccurredAt).Add(time.Minute)) }
	parent := func(no, promise string) []any {
		return []any{soon(fact(no, event.Apply, day(2), "")), soon(fact(no, event.Accept, day(2), promise))}
	}
	const five, long = `{"promise_days":5,"promise_unit":"W","legal_days":5,"legal_unit":"W"}`, `{"promise_days":60,"promise_unit":"W","legal_days":90,"legal_unit":"W"}`
	part := func(no string) []event.Case {
		return []event.Case{fact("S-"+no, event.Apply, day(2), `{"parent_case_no":"`+no+`"}`), fact("S-"+no, event.Accept, day(2), long)}
	}
	reopen := func(no string) event.Case { return fact("S-"+no, event.Reopen, day(5), `{"reason":"x"}`) }
	finish := func(no string) event.Case { return fact("S-"+no, event.Finish, day(3), `{"result_type":"approved"}`) }
	for _, no := range []string{"P-REOPENED", "P-FINISHED", "P-KEPT", "P-NIGHT"} {
		enginetest.Insert(t, db, parent(no, five)...)
		for _, f := range part(no) {
			enginetest.Insert(t, db, soon(f))
		}
		enginetest.Insert(t, db, soon(fact("S-"+no, event.Terminate, day(4), `{"actor":"dept"}`)))
	}
	enginetest.Insert(t, db, parent("P-NAMED", `{"promise_days":1,"promise_unit":"W","legal_days":1,"legal_unit":"W"}`)...)
	enginetest.Insert(t, db, soon(reopen("P-KEPT")))
	// Accepted on the last day, told with the others of the day.
	enginetest.Insert(t, db, parent("P-BATCH", five)...)
	for _, f := range part("P-BATCH") {
		f.OccurredAt += day(9) - day(2)
		enginetest.Insert(t, db, arrived(f, march(10, 2)))
	}
	// The night after it.
	enginetest.Insert(t, db, arrived(fact("S-P-NIGHT", event.Reopen, march(9, 20).UnixMilli(), `{"reason":"x"}`), march(10, 2)))
	look(march(4, 9))
	for _, f := range part("P-NAMED") {
		enginetest.Insert(t, db, arrived(f, march(4, 10))) // within three days, when it was late
	}
	look(march(10, 9))
	enginetest.Insert(t, db, arrived(reopen("P-REOPENED"), march(12, 10)), arrived(finish("P-FINISHED"), march(12, 10)))
	look(march(12, 12))
	for _, id := range []string{"D01", "D03", "C05"} {
		late, good := listed(id, march(12, 12))
		if id == "C05" {
			late, good = good, late
		}
		require.Equal(t, []string{"P-FINISHED", "P-NAMED", "P-REOPENED"}, late, id)
		require.Empty(t, good, id)
	}
}

// parents returns what lists the cases of a figure that are parents here, by their number: those
// in the numerator, and the others.
func parents(t *testing.T, db *store.DB) func(id string, asOf time.Time) (others, numerator []string) {
	reg, err := queries.Load()
	require.NoError(t, err)
	return func(id string, asOf time.Time) (others, numerator []string) {
		t.Helper()
		res, err := reg.Run(t.Context(), db.Conn(), "indicator/"+id+"_cases", queries.Args{"as_of": asOf, "limit": uint64(100), "direction": int8(1)})
		require.NoError(t, err)
		for _, m := range res.Maps() {
			if no := m["case_no"].(string); strings.HasPrefix(no, "P") && m["in_numerator"].(bool) {
				numerator = append(numerator, no)
			} else if strings.HasPrefix(no, "P") {
				others = append(others, no)
			}
		}
		slices.Sort(others)
		return others, numerator
	}
}

// Every case is counted, itself or by its sub-cases (C5): a parent that goes on beyond its due
// when all its sub-cases are done answers for itself, whatever becomes of it and of them. One that
// stopped in time, or has a sub-case that goes on, is counted by these. Five working days from
// Monday 2 March end with 9 March.
func TestAParentWhoseSubCasesAreDoneAnswersForItself(t *testing.T) {
	db := storetest.New(t)
	look, listed := looking(t, db, "R-DDL-03"), parents(t, db)
	const five = `{"promise_days":5,"promise_unit":"W","legal_days":5,"legal_unit":"W"}`
	live := func(no string, typ event.CaseType, at time.Time, payload string) {
		enginetest.Insert(t, db, arrived(fact(no, typ, at.UnixMilli(), payload), at.Add(time.Minute)))
	}
	for _, no := range []string{"P-LEFT", "P-DONE", "P-GOES", "P-REVIVED", "P-QUIT"} {
		live(no, event.Apply, march(2, 9), "")
		live(no, event.Accept, march(2, 9), five)
		live("S-"+no, event.Apply, march(2, 10), `{"parent_case_no":"`+no+`"}`)
		live("S-"+no, event.Accept, march(2, 10), `{"promise_days":60,"promise_unit":"W","legal_days":90,"legal_unit":"W"}`)
		if no != "P-GOES" && no != "P-QUIT" {
			live("S-"+no, event.Finish, march(3, 10), `{"result_type":"approved"}`)
		}
	}
	live("P-DONE", event.Finish, march(6, 10), `{"result_type":"approved"}`)
	live("S-P-QUIT", event.Withdraw, march(6, 11), "") // the answer as of before it stays
	look(march(6, 12))
	for _, no := range []string{"C04", "C05"} {
		others, numerator := listed(no, march(6, 10))
		require.Empty(t, append(others, numerator...), "counted by its sub-case until then")
	}
	for id, want := range map[string][]string{"D01": nil, "C05": nil, "C04": {"P-QUIT"}} {
		others, numerator := listed(id, march(6, 12))
		require.Equal(t, want, append(others, numerator...), id)
	}
	look(march(10, 9))
	late := []string{"P-LEFT", "P-QUIT", "P-REVIVED"}
	require.Equal(t, late, lines(t, db, "SELECT subject_no FROM alerts FINAL WHERE rule_id = 'R-DDL-03' AND severity = 'yellow' AND state = 'issued' ORDER BY 1"))
	live("P-LEFT", event.Finish, march(11, 9), `{"result_type":"approved"}`)
	enginetest.Insert(t, db, arrived(fact("S-P-REVIVED", event.Reopen, march(4, 9).UnixMilli(), `{"reason":"x"}`), march(11, 10)))
	look(march(11, 12))
	others, _ := listed("D01", march(11, 12))
	require.Equal(t, late, others)
	others, numerator := listed("C05", march(11, 12))
	require.ElementsMatch(t, []string{"P-QUIT", "P-REVIVED"}, append(others, numerator...))
	require.Equal(t, late, lines(t, db, "SELECT subject_no FROM alerts FINAL WHERE rule_id = 'R-DDL-03' AND severity = 'yellow' AND state = 'issued' ORDER BY 1"))
}
