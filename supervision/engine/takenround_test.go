package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine/enginetest"
)

// More ways round for a case. All limits end with Monday 9 March 2026; the engine was down when
// its announcements are later than the 10th at 01:00 (docs/supervision.md, sections 1 and 10).
func TestNoFreeRiderTakesACardBack(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-DDL-03", "R-DDL-06", "R-DDL-08", "R-JNT-01")
	const long, approved = `{"promise_days":200,"promise_unit":"W","legal_days":200,"legal_unit":"W"}`, `{"result_type":"approved"}`
	told := func(no string, typ event.CaseType, at time.Time, payload string, came time.Time) {
		enginetest.Insert(t, db, arrived(fact(no, typ, at.UnixMilli(), payload), came))
	}
	live := func(no string, typ event.CaseType, at time.Time, payload string) { told(no, typ, at, payload, at) }
	amended := func(no string, came time.Time) {
		enginetest.Insert(t, db, corrects(overdue(no)[1].(event.Case), event.Amend, came, `,"set":{"payload":{"promise_days":7}}`))
	}
	at := func(d, h, m int) time.Time { return march(d, h).Add(time.Duration(m) * time.Minute) }
	for _, no := range []string{"BEHIND", "UNSENT", "SHIFTED", "DUMMY"} {
		for _, f := range overdue(no) {
			enginetest.Insert(t, db, arrived(f.(event.Case), time.UnixMilli(f.(event.Case).OccurredAt).Add(time.Minute)))
		}
	}
	for _, no := range []string{"EXTENDED", "PART"} {
		when := map[string]time.Time{"EXTENDED": march(2, 10), "PART": march(12, 9)}[no] // told with the stage long over
		told(no, event.Apply, march(2, 9), `{"project_type":"joint"}`, when)
		told(no, event.Accept, march(2, 10), `{"stage_days":5,"promise_days":200,"legal_days":200}`, when)
		live(no+"-1", event.Apply, march(2, 11), `{"parent_case_no":"`+no+`"}`)
		live(no+"-1", event.Accept, march(2, 12), long)
	}
	live("DUMMY-1", event.Apply, march(3, 9), `{"parent_case_no":"DUMMY"}`)
	live("DUMMY-1", event.Accept, march(3, 10), long)
	for _, no := range []string{"STEPS", "QUICK"} {
		live(no, event.Apply, march(2, 9), "")
	}
	live("STEPS", event.Accept, march(2, 10), long)
	live("STEPS", event.StepStart, march(6, 9), `{"step_code":"a","limit_days":1}`)
	look(march(6, 10))
	look(march(10, 1))
	// Honest batches of the night, whose other facts made what happened possible.
	told("STEPS", event.StepEnd, march(9, 16), `{"step_code":"a"}`, march(10, 2))
	told("STEPS", event.StepStart, at(9, 16, 1), `{"step_code":"b","limit_days":3}`, march(10, 2))
	told("QUICK", event.Accept, march(9, 10), long, march(10, 2))
	told("QUICK", event.Finish, at(9, 10, 40), approved, march(10, 2))
	// What arrived before the announcement of an engine that was behind, beside what came after it.
	amended("BEHIND", at(10, 0, 20))
	told("BEHIND", event.SuspendEnd, march(9, 15), "", march(10, 2))
	told("UNSENT", event.SuspendStart, march(6, 9), `{"suspend_type":"testing","approved_days":20,"basis":"b"}`, at(10, 0, 20))
	told("UNSENT", event.SuspendEnd, march(9, 15), "", march(10, 2))
	look(march(10, 3))
	// The sub-case that made an ordinary case a joint one is withdrawn after its due.
	live("DUMMY-1", event.Withdraw, march(10, 9), "")
	told("EXTENDED", event.Extend, march(9, 9), `{"days":2,"approver":"h","approver_level":"government_head","reason":"r","told_applicant":true}`, march(10, 12))
	look(march(10, 13))
	require.Equal(t, "review", stateOf(t, db, "R-JNT-01", "EXTENDED"))
	// An amend moves the card, and what comes later would take it back.
	amended("SHIFTED", at(10, 23, 30))
	look(march(12, 1))
	told("SHIFTED", event.Finish, march(11, 22), approved, march(12, 10))
	live("EXTENDED-1", event.Finish, march(11, 10), approved) // what waits for a supervisor closes by nothing else
	look(march(12, 11))
	told("PART-1", event.Finish, march(9, 20), approved, march(12, 15))
	look(march(12, 16))
	for _, c := range []struct{ no, rule, state string }{
		{"STEPS", "R-DDL-08", "cancelled"}, {"QUICK", "R-DDL-06", "cancelled"}, {"BEHIND", "R-DDL-03", "review"}, {"UNSENT", "R-DDL-03", "review"},
		{"SHIFTED", "R-DDL-03", "review"}, {"EXTENDED", "R-JNT-01", "review"}, {"PART", "R-JNT-01", "review"}, {"DUMMY", "R-DDL-03", "issued"},
	} {
		require.Equal(t, c.state, stateOf(t, db, c.rule, c.no), c.no)
	}
	// Somebody has to answer for the case whose only part was withdrawn: it is open, and late.
	reg, err := queries.Load()
	require.NoError(t, err)
	res, err := reg.Run(t.Context(), db.Conn(), "indicator/D01_cases", queries.Args{"as_of": march(13, 1), "limit": uint64(100), "direction": int8(1)})
	require.NoError(t, err)
	counted := map[string]bool{}
	for _, m := range res.Maps() {
		counted[fmt.Sprint(m["case_no"])] = m["in_numerator"].(bool)
	}
	late, ok := counted["DUMMY"]
	require.True(t, ok, "%v", counted)
	require.False(t, late)
}

// What was sent before, within the tolerance, and took nothing back explains nothing that comes
// weeks later; an application in hindsight makes no history of a case that was told live.
func TestNoDepositTakesACardBack(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-DDL-03", "R-DDL-04", "R-JNT-01")
	const short, long = `{"promise_days":5,"promise_unit":"W","legal_days":5,"legal_unit":"W"}`, `{"promise_days":200,"promise_unit":"W","legal_days":200,"legal_unit":"W"}`
	told := func(no string, typ event.CaseType, at time.Time, payload string, came time.Time) {
		enginetest.Insert(t, db, arrived(fact(no, typ, at.UnixMilli(), payload), came))
	}
	live := func(no string, typ event.CaseType, at time.Time, payload string) { told(no, typ, at, payload, at) }
	for _, no := range []string{"REVIVED", "FINISHED"} {
		live(no, event.Apply, march(2, 9), "")
		live(no, event.Accept, march(2, 10), short)
		live(no+"-1", event.Apply, march(2, 11), `{"parent_case_no":"`+no+`"}`)
		live(no+"-1", event.Accept, march(3, 10), long)
		live(no+"-1", event.Terminate, march(6, 10), `{"actor":"dept"}`)
	}
	live("STAGE", event.Apply, march(2, 9), `{"project_type":"joint"}`)
	live("STAGE", event.Accept, march(2, 10), `{"stage_days":5,"promise_days":200,"legal_days":200}`)
	live("STAGE-1", event.Apply, march(2, 11), `{"parent_case_no":"STAGE"}`)
	live("STAGE-1", event.Accept, march(2, 12), short)
	live("STAGE-2", event.Apply, march(6, 11), `{"parent_case_no":"STAGE"}`) // dispatched late: the lead answers
	live("STAGE-2", event.Accept, march(6, 12), long)
	live("HISTORY", event.Accept, march(32, 10), short)
	look(march(9, 10))
	look(march(10, 1))
	for _, no := range []string{"REVIVED", "FINISHED"} {
		told(no, event.FeePaid, march(9, 15), "", march(10, 2)) // the deposit
	}
	told("STAGE-2", event.Finish, march(9, 20), `{"result_type":"approved"}`, march(10, 2))
	look(march(10, 3))
	told("REVIVED-1", event.Reopen, march(7, 10), "", march(25, 9))
	told("FINISHED-1", event.Finish, march(5, 10), `{"result_type":"approved"}`, march(25, 9))
	told("STAGE-2", event.Material, march(2, 12), "", march(25, 9))
	look(march(25, 10))
	look(march(41, 1))
	told("HISTORY", event.Apply, march(2, 9), "", march(41, 2))
	look(march(41, 3))
	told("HISTORY", event.Finish, march(20, 9), `{"result_type":"approved"}`, march(41, 4))
	look(march(41, 5))
	// A part of the past makes no parent: the cards of those two stand as they were issued.
	stands := map[string]string{"REVIVED": "issued", "FINISHED": "issued", "HISTORY": "review"}
	for _, no := range []string{"REVIVED", "FINISHED", "HISTORY"} {
		for _, rule := range []string{"R-DDL-03", "R-DDL-04"} {
			require.Contains(t, []string{stands[no], ""}, stateOf(t, db, rule, no), rule+" "+no)
		}
		require.Equal(t, stands[no], stateOf(t, db, "R-DDL-03", no), no)
	}
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE rule_id = 'R-JNT-01' AND subject_no = 'STAGE' AND clock_no = '' AND state = 'review'"))
}

// A hang or a request that the life cycle did not allow, made good by a signature that is
// told twenty days later, with a decision that nobody asked for in time. Consultations of 4 March
// 2026, due with the 9th. A reply in time is one, signed for or not: it never had a card.
func TestNoLateSignatureMakesAnAnswerGood(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-HOT-02")
	n := 0
	told := func(no string, typ event.TicketType, at time.Time, org, payload string, came time.Time) {
		n++
		x := event.Ticket{SourceSys: "s", TicketNo: no, EventID: fmt.Sprint(no, n), Type: typ, OccurredAt: at.UnixMilli(), RegionCode: "610102", OrgCode: org, Payload: payload}
		if typ == event.TReceive {
			x.Kind = "consult"
		}
		x.Origin.ReceivedAt = came.UnixMilli() + int64(n)
		enginetest.Insert(t, db, x)
	}
	early := map[string]event.TicketType{"HUNG": event.THang, "ASKED": event.TExtendRequest, "ALONE": event.THang, "REPLIED": event.TReply}
	for no, typ := range early {
		told(no, event.TReceive, march(4, 9), "", "", march(4, 9))
		told(no, event.TDispatch, march(4, 10), "A", "", march(4, 10))
		told(no, typ, march(9, 14), "A", `{"days":10}`, march(9, 14))
	}
	look(march(10, 1))
	look(march(24, 9))
	delete(early, "REPLIED")
	require.Equal(t, len(early), count(t, db, "alerts FINAL WHERE state = 'issued' AND severity = 'red'"))
	require.Zero(t, count(t, db, "alerts FINAL WHERE subject_no = 'REPLIED' AND severity IN ('yellow', 'red')"))
	for no := range early {
		told(no, event.TSign, march(5, 9), "A", "", march(25, 9))
		if no != "ALONE" {
			told(no, event.TExtendApprove, march(25, 9), "", `{"days":10,"approved":true}`, march(25, 9))
		}
	}
	look(march(25, 10))
	for no := range early {
		require.Equal(t, "review", stateOf(t, db, "R-HOT-02", no), no)
		require.Equal(t, 1, count(t, db, "alert_events FINAL WHERE event = 'review' AND payload LIKE '%t_sign "+no+"%'"), "the history names the signature: "+no)
	}
}
