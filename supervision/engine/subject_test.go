package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
	"duban/supervision/lawzone"
)

// asked answers a question of a page about a subject of source s; instants are
// texts in Beijing time.
func asked(t *testing.T, db *store.DB, name string, args queries.Args) []map[string]any {
	t.Helper()
	reg, err := queries.Load()
	require.NoError(t, err)
	args["source"] = "s"
	res, err := reg.Run(t.Context(), db.Conn(), name, args)
	require.NoError(t, err)
	var out []map[string]any
	for _, r := range res.Rows {
		m := map[string]any{}
		for i, c := range res.Columns {
			switch v := r[i].(type) {
			case time.Time:
				m[c.Name] = beijing(v)
			case *time.Time:
				if v != nil {
					m[c.Name] = beijing(*v)
				}
			default:
				m[c.Name] = v
			}
		}
		out = append(out, m)
	}
	return out
}

func beijing(t time.Time) string {
	return t.In(lawzone.Zone).Format("2006-01-02 15:04:05.000")
}

// The page of a case tells which step comes next, and that an outage puts it off.
func TestWhatComesNextIsToldUntilItIsSaid(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db, append(overdue("A"), declares("1", "sysadmin", "o1", "declare", 0, 9, 20,
		`{"scope":"source","code":"s","from":"2026-03-09T18:00:00+08:00","until":"2026-03-11T12:00:00+08:00","reason":"断电"}`))...)
	require.NoError(t, at(t, db, march(9, 21), nil).CatchUp(t.Context()))
	args := func(as time.Time) queries.Args { return queries.Args{"kind": "case", "subject_no": "A", "as_of": as} }
	next := func(as time.Time) queries.Args {
		a := args(as)
		a["rule_ids"], a["rule_categories"] = []string{"R-DDL-03"}, []string{"timeliness"}
		return a
	}
	ahead := asked(t, db, "page/subject_ahead", next(march(9, 21)))
	require.Len(t, ahead, 1)
	require.Equal(t, "2026-03-10 00:00:00.000", ahead[0]["reached_at"])
	require.Equal(t, "2026-03-11 12:00:00.000", ahead[0]["said_at"])
	require.Equal(t, "yellow", ahead[0]["severity"])
	require.Len(t, asked(t, db, "page/subject_ahead", next(march(10, 9))), 1, "reached, but held back")
	require.Empty(t, asked(t, db, "page/subject_alerts", args(march(10, 9))))
	require.NoError(t, at(t, db, march(11, 13), nil).CatchUp(t.Context()))
	require.Empty(t, asked(t, db, "page/subject_ahead", next(march(11, 13))))
	said := asked(t, db, "page/subject_alerts", args(march(11, 13)))
	require.Len(t, said, 1)
	require.Equal(t, "issued", said[0]["state"])
	require.Empty(t, asked(t, db, "page/subject_alerts", args(march(11, 11))), "not yet raised then")
}

// K9 of a joint case: 45 working days after Monday 2 March 2026 are over on Friday
// 8 May (6 April is Qingming, 1 to 5 May are Labour Day), and it stops with the
// last sub-case.
func TestTheJointStageIsAClockOfTheParent(t *testing.T) {
	db := storetest.New(t)
	facts := []any{fact("P", event.Apply, day(2), ""), fact("P", event.Accept, day(2), `{"promise_days":60,"promise_unit":"W"}`)}
	for _, no := range []string{"P-1", "P-2"} {
		facts = append(facts, fact(no, event.Apply, day(3), `{"parent_case_no":"P"}`), fact(no, event.Accept, day(3), `{"promise_days":5,"promise_unit":"W"}`))
	}
	enginetest.Insert(t, db, append(facts, fact("P-1", event.Finish, day(6), `{"result_type":"approved"}`))...)
	judge := func(instant time.Time) {
		e := enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
			c.Rules = catalogue(t).Only("R-JNT-01")
			d.Now = func() time.Time { return instant }
		})
		require.NoError(t, e.CatchUp(t.Context()))
	}
	joint := func(as time.Time) map[string]any {
		for _, c := range asked(t, db, "page/case_clocks", queries.Args{"case_no": "P", "as_of": as}) {
			if c["clock"] == "K9" {
				return c
			}
		}
		return nil
	}
	judge(march(9, 9))
	k9 := joint(march(9, 9))
	require.Equal(t, "2026-03-02 09:00:00.000", k9["start_at"])
	require.Equal(t, "2026-05-08 23:59:59.999", k9["due_at"])
	require.Equal(t, "running", k9["outcome"])
	require.Nil(t, k9["stop_at"])
	require.Nil(t, joint(march(1, 9)), "not begun then")
	subs := asked(t, db, "page/joint_subs", queries.Args{"case_no": "P", "as_of": march(9, 9)})
	require.Len(t, subs, 2)
	require.Equal(t, "P-1", subs[0]["case_no"])
	require.Equal(t, "2026-03-10 23:59:59.999", subs[1]["promise_due"])
	require.Empty(t, asked(t, db, "page/joint_subs", queries.Args{"case_no": "P", "as_of": march(2, 12)}), "no sub-case yet")

	enginetest.Insert(t, db, fact("P-2", event.Finish, day(10), `{"result_type":"approved"}`))
	judge(march(11, 9))
	k9 = joint(march(11, 9))
	require.Equal(t, "met", k9["outcome"])
	require.Equal(t, "2026-03-10 09:00:00.000", k9["stop_at"])
}

// A sub-case that leaves its parent is no longer waited for: the parent's stage is that
// of the others, as a recompute would find.
func TestASubCaseThatLeavesMovesItsParent(t *testing.T) {
	db := storetest.New(t)
	facts := []any{fact("P", event.Apply, day(2), ""), fact("P", event.Accept, day(2), `{"promise_days":60,"promise_unit":"W"}`)}
	for _, no := range []string{"P-1", "P-2"} {
		facts = append(facts, fact(no, event.Apply, day(3), `{"parent_case_no":"P"}`), fact(no, event.Accept, day(3), `{"promise_days":5,"promise_unit":"W"}`))
	}
	enginetest.Insert(t, db, append(facts, fact("P-1", event.Finish, day(6), `{"result_type":"approved"}`))...)
	judge := func(instant time.Time) {
		e := enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
			c.Rules = catalogue(t).Only("R-JNT-01", "R-JNT-02")
			d.Now = func() time.Time { return instant }
		})
		require.NoError(t, e.CatchUp(t.Context()))
	}
	ended := func() (s string) {
		scan(t, db, "SELECT evidence['ended_at'] FROM alert_chains FINAL WHERE rule_id = 'R-JNT-01' AND clock_no = '' AND NOT gone", &s)
		return s
	}
	judge(march(9, 9))
	require.Equal(t, "", ended(), "P-2 is open")
	require.Equal(t, 3, count(t, db, "alert_chains FINAL WHERE rule_id = 'R-JNT-01' AND NOT gone"))
	// A test from the first fact on, by an amend: what a later fact says of it counts for nothing.
	test := func(no string) event.Case {
		return fact(no, event.Amend, day(9), `{"target_event_id":"`+fact(no, event.Apply, day(3), "").EventID+`","approver":"x","set":{"payload":{"is_test":true}}}`)
	}
	enginetest.Insert(t, db, test("P-2"))
	judge(march(9, 10))
	require.Equal(t, "2026-03-06 01:00:00.000", ended(), "the last of those that count")
	require.Equal(t, 2, count(t, db, "alert_chains FINAL WHERE rule_id = 'R-JNT-01' AND NOT gone"))
	before := chains(t, db)
	enginetest.Insert(t, db, test("P-1"))
	judge(march(9, 11))
	require.Equal(t, 0, count(t, db, "alert_chains FINAL WHERE rule_id IN ('R-JNT-01', 'R-JNT-02') AND NOT gone"), "no joint case is left; before: %v", before)
}
