package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/supervision/engine/enginetest"
)

// stateOf is the state of the one alert of a rule about a subject; empty when there is none.
func stateOf(t *testing.T, db *store.DB, ruleID, no string) string {
	t.Helper()
	var s string
	scan(t, db, "SELECT ifNull((SELECT any(concat(toString(state), if(state = 'closed', concat(' ', toString(severity)), ''))) FROM alerts FINAL WHERE rule_id = '"+ruleID+"' AND subject_no = '"+no+"'), '')", &s)
	return s
}

// Only the types of event that its rule names take an announced card back by themselves, when
// they are about the time before the due, are first told and came before a late end was
// (domain guide 2.6; docs/supervision.md, section 1). What travels with them excuses nothing.
// Limits of five working days from Monday 2 March 2026: all was due by Monday the 9th.
func TestOnlyWhatARuleNamesTakesItsCardBack(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-DDL-03", "R-DDL-04", "R-DDL-08", "R-DDL-10", "R-DEN-02")
	const long, approved = `{"promise_days":200,"promise_unit":"W","legal_days":200,"legal_unit":"W"}`, `{"result_type":"approved"}`
	told := func(no string, typ event.CaseType, at time.Time, payload string, came time.Time) event.Case {
		return arrived(fact(no, typ, at.UnixMilli(), payload), came)
	}
	live := func(no string, typ event.CaseType, at time.Time, payload string) event.Case {
		return told(no, typ, at, payload, at)
	}
	quarter := func(d, h, m int) time.Time { return march(d, h).Add(time.Duration(m) * time.Minute) }
	wave := func(facts ...event.Case) {
		for _, f := range facts {
			enginetest.Insert(t, db, f)
		}
	}
	for _, no := range []string{"REOPENED", "DELIVERED", "STEP-TOLD", "MOVED", "PAID", "RESUMED", "PAUSED"} {
		wave(live(no, event.Apply, march(2, 9), ""), live(no, event.Accept, march(2, 10), `{"promise_days":5,"promise_unit":"W"}`))
	}
	for _, no := range []string{"PAUSED-LATE", "TWO-STEPS", "HANDED-OVER", "DENIED", "DENIED-STEP", "DENIED-MOVE", "DENIED-END"} {
		wave(live(no, event.Apply, march(2, 9), ""), live(no, event.Accept, march(2, 10), long))
	}
	wave(live("EXTENDED", event.Apply, march(2, 9), ""), live("EXTENDED", event.Accept, march(2, 10), `{"promise_days":5,"promise_unit":"W","legal_days":5,"legal_unit":"W"}`))
	wave(live("REOPENED", event.Finish, march(9, 14), approved), live("REOPENED", event.Reopen, quarter(9, 14, 30), ""),
		live("STEP-TOLD", event.StepStart, march(6, 9), `{"step_code":"a","limit_days":20}`),
		live("PAUSED-LATE", event.StepStart, march(6, 9), `{"step_code":"a","limit_days":1}`),
		live("TWO-STEPS", event.StepStart, march(6, 9), `{"step_code":"a","limit_days":1}`), live("TWO-STEPS", event.StepStart, march(6, 10), `{"step_code":"b","limit_days":1}`),
		live("HANDED-OVER", event.Finish, march(2, 12), approved)) // ten working days for the delivery: 16 March
	for _, no := range []string{"DENIED", "DENIED-STEP", "DENIED-MOVE", "DENIED-END"} {
		wave(live(no, event.Decide, march(9, 14), `{"result_type":"denied"}`))
	}
	look(march(10, 1))

	// What the life cycle had no place for, though it is dated in time, is no confirmation and no excuse.
	wave(told("REOPENED", event.Decide, quarter(9, 14, 15), approved, march(10, 8)))
	// What moves no clock was told before the end in time.
	after := quarter(10, 0, 30)
	wave(told("DELIVERED", event.Deliver, after, "", march(10, 8)), told("STEP-TOLD", event.StepEnd, after, `{"step_code":"a"}`, march(10, 8)),
		told("MOVED", event.Transfer, after, "", march(10, 8)), told("PAID", event.FeePaid, after, "", march(10, 8)), told("RESUMED", event.SuspendEnd, after, "", march(10, 8)),
		told("TWO-STEPS", event.StepEnd, after, `{"step_code":"b"}`, march(10, 8)))
	look(quarter(10, 8, 5))
	for _, no := range []string{"DELIVERED", "STEP-TOLD", "MOVED", "PAID", "RESUMED"} {
		wave(told(no, event.Finish, march(9, 23), approved, march(10, 9)))
	}
	wave(told("TWO-STEPS", event.StepEnd, march(9, 22), `{"step_code":"a"}`, march(10, 9)))
	// The day's grace of 2.6 is that of a finish that is told late; what moves the due is to be told before it.
	wave(told("PAUSED", event.SuspendStart, march(9, 18), `{"suspend_type":"testing","approved_days":20,"basis":"b"}`, march(10, 9)),
		told("EXTENDED", event.Extend, march(9, 18), `{"days":10,"approver":"h","approver_level":"agency_head","reason":"r","told_applicant":true}`, march(10, 9)))
	// The late ends.
	wave(live("REOPENED", event.Finish, march(10, 9), approved), live("PAUSED-LATE", event.StepEnd, march(10, 9), `{"step_code":"a"}`))
	look(quarter(10, 9, 5))
	wave(told("REOPENED", event.Withdraw, march(9, 23), "", march(10, 10)),
		told("PAUSED-LATE", event.SuspendStart, march(9, 18), `{"suspend_type":"testing","approved_days":20,"basis":"b"}`, march(10, 10)))
	// A reason that is given the day after excuses nothing, whatever is told with it.
	for no, typ := range map[string]event.CaseType{"DENIED": "", "DENIED-STEP": event.StepStart, "DENIED-MOVE": event.Transfer, "DENIED-END": event.SuspendEnd} {
		if typ != "" {
			wave(told(no, typ, march(9, 13), `{"step_code":"z"}`, march(10, 10)))
		}
		wave(told(no, event.Finish, march(10, 9), `{"result_type":"denied","reason":"because","legal_basis":"law","remedy_notice":true}`, march(10, 10)))
	}
	look(march(10, 11))
	look(march(17, 1))
	wave(live("HANDED-OVER", event.Deliver, march(17, 9), ""))
	look(quarter(17, 9, 5))
	wave(told("HANDED-OVER", event.Reopen, march(16, 23), "", march(17, 10)))
	look(march(17, 11))
	for _, c := range []struct{ no, rule, state string }{
		{"REOPENED", "R-DDL-03", "review"}, {"DELIVERED", "R-DDL-03", "cancelled"}, {"STEP-TOLD", "R-DDL-03", "cancelled"},
		{"MOVED", "R-DDL-03", "cancelled"}, {"PAID", "R-DDL-03", "cancelled"}, {"RESUMED", "R-DDL-03", "cancelled"},
		{"PAUSED", "R-DDL-03", "review"}, {"EXTENDED", "R-DDL-04", "review"},
		{"PAUSED-LATE", "R-DDL-08", "review"}, {"HANDED-OVER", "R-DDL-10", "review"},
		{"DENIED", "R-DEN-02", "review"}, {"DENIED-STEP", "R-DEN-02", "review"}, {"DENIED-MOVE", "R-DEN-02", "review"}, {"DENIED-END", "R-DEN-02", "review"},
	} {
		require.Equal(t, c.state, stateOf(t, db, c.rule, c.no), c.no)
	}
	// The step that ended in time; the other one was late.
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE subject_no = 'TWO-STEPS' AND state = 'cancelled'"))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE subject_no = 'TWO-STEPS' AND state = 'issued'"))
}

// So for tickets. Consultations of Wednesday 4 March 2026 were due after three working days,
// with Monday the 9th.
func TestOnlyWhatARuleNamesTakesTheCardOfATicketBack(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-HOT-02", "R-HOT-07")
	n := 0
	told := func(no string, typ event.TicketType, at time.Time, org, payload string, came time.Time) {
		n++
		x := event.Ticket{SourceSys: "s", TicketNo: no, EventID: no + "-" + string(typ) + at.Format("02T15:04"), Type: typ, OccurredAt: at.UnixMilli(), RegionCode: "610102", OrgCode: org, Payload: payload}
		if typ == event.TReceive {
			x.Kind = "consult"
		}
		x.Origin.ReceivedAt = came.UnixMilli() + int64(n)
		enginetest.Insert(t, db, x)
	}
	answered := []string{"ANSWERED", "EXTENDED", "RETURNED", "IN-TIME", "CLOSED", "SIGNED"}
	for _, no := range answered {
		told(no, event.TReceive, march(4, 9), "", "", march(4, 9))
		told(no, event.TDispatch, march(4, 10), "A", "", march(4, 10))
		told(no, event.TSign, march(4, 11), "A", "", march(4, 11))
	}
	handed := map[string]event.TicketType{"NOTED": "", "NOTED-SIGN": event.TSign, "NOTED-SENT": event.TDispatch, "NOTED-URGED": event.TUrge, "NOTED-GRANTED": event.TExtendApprove}
	for no := range handed {
		told(no, event.TReceive, march(6, 9), "", `{"linkage":"110"}`, march(6, 9))
	}
	look(march(6, 18))
	look(march(10, 1))
	// An answer that the life cycle has no place for; a signature again, before the reply that was in time.
	told("ANSWERED", event.TAnswerDirect, march(9, 15), "", "", march(10, 8))
	told("SIGNED", event.TSign, march(10, 0), "A", "", march(10, 8))
	told("CLOSED", event.TClose, march(10, 0), "", "", march(10, 8))
	look(march(10, 8).Add(5 * time.Minute))
	for _, no := range []string{"ANSWERED", "EXTENDED", "RETURNED"} {
		told(no, event.TReply, march(10, 9), "A", "", march(10, 9))
	}
	for _, no := range []string{"IN-TIME", "CLOSED", "SIGNED"} {
		told(no, event.TReply, march(9, 20), "A", "", march(10, 9))
	}
	look(march(10, 9).Add(5 * time.Minute))
	told("ANSWERED", event.THang, march(9, 16), "", "", march(10, 10))
	told("EXTENDED", event.TExtendRequest, march(9, 14), "A", `{"days":10}`, march(10, 10))
	told("EXTENDED", event.TExtendApprove, march(9, 15), "", `{"days":10,"approved":true}`, march(10, 10))
	told("RETURNED", event.TReturn, march(9, 15), "A", `{}`, march(10, 10))
	told("RETURNED", event.TRedispatch, march(9, 16), "B", `{}`, march(10, 10))
	for no, typ := range handed {
		told(no, event.TNote, march(10, 8), "", `{"handover_at":"2026-03-06T10:00:00+08:00"}`, march(10, 10))
		if typ != "" {
			told(no, typ, march(9, 15), "A", `{"days":1,"approved":true}`, march(10, 10))
		}
	}
	look(march(10, 11))
	for no, state := range map[string]string{"ANSWERED": "review", "EXTENDED": "review", "RETURNED": "review", "CLOSED": "review",
		"IN-TIME": "closed warning", "SIGNED": "closed warning"} { // mode A: the warning of its last day was cleared
		require.Equal(t, state, stateOf(t, db, "R-HOT-02", no), no)
	}
	for no := range handed {
		require.Equal(t, "review", stateOf(t, db, "R-HOT-07", no), no)
	}
}

// A joint stage of five working days from 2 March 2026 (domain guide 2.5). The late end of a
// sub-case confirms the card of the stage as an end of its own would.
func TestALateSubCaseConfirmsTheCardOfItsStage(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-JNT-01")
	told := func(no string, typ event.CaseType, at time.Time, payload string, came time.Time) {
		enginetest.Insert(t, db, arrived(fact(no, typ, at.UnixMilli(), payload), came))
	}
	const long, approved = `{"promise_days":200,"promise_unit":"W","legal_days":200,"legal_unit":"W"}`, `{"result_type":"approved"}`
	parents := []string{"WITHDRAWN", "EXTENDED", "PART-OUT", "IN-TIME"}
	for _, no := range parents {
		told(no, event.Apply, march(2, 9), `{"project_type":"joint"}`, march(2, 9))
		told(no, event.Accept, march(2, 10), `{"stage_days":5,"promise_days":200,"legal_days":200}`, march(2, 10))
		told(no+"-1", event.Apply, march(2, 11), `{"parent_case_no":"`+no+`"}`, march(2, 11))
		told(no+"-1", event.Accept, march(2, 12), long, march(2, 12))
	}
	look(march(6, 10))
	look(march(10, 1))
	require.Equal(t, len(parents), count(t, db, "alerts FINAL WHERE rule_id = 'R-JNT-01' AND state = 'issued' AND severity = 'red'"))
	told("IN-TIME-1", event.Finish, march(9, 20), approved, march(10, 9))
	for _, no := range []string{"WITHDRAWN", "EXTENDED", "PART-OUT"} {
		told(no+"-1", event.Finish, march(10, 9), approved, march(10, 9))
	}
	look(march(10, 9).Add(5 * time.Minute))
	told("WITHDRAWN", event.Withdraw, march(9, 18), "", march(10, 10))
	told("EXTENDED", event.Extend, march(9, 18), `{"days":15,"approver":"x","approver_level":"government_head","reason":"r","told_applicant":true}`, march(10, 10))
	told("PART-OUT-1", event.Withdraw, march(9, 18), "", march(10, 10))
	look(march(10, 11))
	// A project whose only part was given up goes on by itself, and is late by itself.
	for no, state := range map[string]string{"WITHDRAWN": "review", "EXTENDED": "review", "PART-OUT": "issued", "IN-TIME": "closed warning"} {
		require.Equal(t, state, stateOf(t, db, "R-JNT-01", no), no)
	}
}
