package workflow

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func when(a Action, moment string) Action {
	a.At, a.RecordedAt = at(moment), at(moment)
	return a
}

// Feedback in five working days and appeal in three from the day the card is
// announced (domain guide 6.1); decision on the appeal in five.
func TestLimitsOfACard(t *testing.T) {
	m := New(Alert, env(t))
	it := Item{Kind: Alert, ID: "1", OrgCode: "a", Appealable: true}
	raised := when(act(System, "raised", 0, `{"severity":"yellow"}`), "2026-03-02 10:00")
	raised.At = at("2026-02-27 00:00") // the step itself; the engine got to it on Monday
	it = accept(t, m, it, raised)
	require.Equal(t, endOf("2026-03-09"), it.FeedbackDue)
	require.Equal(t, endOf("2026-03-05"), it.AppealUntil)
	require.Equal(t, endOf("2026-03-09"), it.DueAt)

	it = accept(t, m, it, when(act(DeptManager, "appeal", 1, everything), "2026-03-05 17:00"))
	require.Equal(t, endOf("2026-03-12"), it.DueAt, "the supervisor decides")
	it = accept(t, m, it, when(act(Supervisor, "uphold", 2, everything), "2026-03-06 09:00"))
	require.Equal(t, endOf("2026-03-13"), it.DueAt, "what was upheld is to be answered, from then")
	require.Equal(t, keyNoAppeal, refused(t, m, it, act(DeptManager, "appeal", 3, everything)).Key, "upheld is decided")
	require.NotContains(t, m.Allowed(it, DeptManager, "a"), "appeal")
	it = accept(t, m, it, when(act(DeptManager, "feedback", 3, everything), "2026-03-09 09:00"))
	require.Equal(t, at("2026-03-09 09:00"), it.StoppedAt)
	it = accept(t, m, it, when(act(Supervisor, "reject_feedback", 4, everything), "2026-03-10 09:00"))
	require.Equal(t, endOf("2026-03-17"), it.FeedbackDue)
	require.Equal(t, keyNoAppeal, refused(t, m, it, when(act(DeptManager, "appeal", 5, everything), "2026-03-10 10:00")).Key,
		"a rejected feedback gives no new appeal")
}

// A graver card is another one, with its own time for an appeal, whatever was decided on
// the one before it (domain guide 6.1).
func TestAGraverCardCanBeAppealedAfterADecision(t *testing.T) {
	m := New(Alert, env(t))
	for decision, state := range map[string]State{"uphold": AlertUpheld, "escalate": AlertEscalated} {
		it := accept(t, m, Item{Kind: Alert, ID: "1", OrgCode: "a", Appealable: true},
			when(act(System, "raised", 0, `{"severity":"yellow"}`), "2026-03-02 10:00"))
		it = accept(t, m, it, when(act(DeptManager, "appeal", 1, everything), "2026-03-03 10:00"))
		it = accept(t, m, it, when(act(Supervisor, decision, 2, everything), "2026-03-04 10:00"))
		it = accept(t, m, it, when(act(System, "upgraded", 3, `{"severity":"red"}`), "2026-03-09 00:00"))
		require.Equal(t, state, it.State)
		require.Equal(t, endOf("2026-03-12"), it.AppealUntil, "Monday, and three working days")
		require.Equal(t, AlertAppealed, accept(t, m, it, when(act(DeptManager, "appeal", 4, everything), "2026-03-12 10:00")).State)
	}
}

// 27 September 2019 was a Friday, with work on the 29th and 12 October and the
// national holiday between: five working days end on 10 October (domain guide
// 2.4, test vectors).
func TestLimitsCountWorkingDays(t *testing.T) {
	m := New(Alert, env(t))
	it := accept(t, m, Item{Kind: Alert, ID: "1", Appealable: true}, when(act(System, "raised", 0, `{"severity":"red"}`), "2019-09-27 15:00"))
	require.Equal(t, endOf("2019-10-10"), it.FeedbackDue)
}

func TestAWarningAsksForNoFeedback(t *testing.T) {
	m := New(Alert, env(t))
	it := accept(t, m, Item{Kind: Alert, ID: "1", Appealable: true}, act(System, "raised", 0, `{"severity":"warning"}`))
	require.Zero(t, it.FeedbackDue)
	require.Zero(t, it.AppealUntil)
	it = accept(t, m, it, when(act(System, "upgraded", 1, `{"severity":"yellow"}`), "2026-03-04 00:00"))
	require.Equal(t, AlertIssued, it.State)
	require.Equal(t, endOf("2026-03-11"), it.FeedbackDue)
	require.Equal(t, endOf("2026-03-09"), it.AppealUntil)
}

func TestAHigherSeverityAsksAgain(t *testing.T) {
	m := New(Alert, env(t))
	for _, s := range []State{AlertAcked, AlertFedBack} {
		it := accept(t, m, in(Alert, s), when(act(System, "upgraded", 7, `{"severity":"red"}`), "2026-03-10 00:00"))
		require.Equal(t, AlertIssued, it.State)
		require.Equal(t, Red, it.Severity)
		require.Equal(t, endOf("2026-03-17"), it.FeedbackDue)
		require.Equal(t, endOf("2026-03-13"), it.AppealUntil)
	}
}

func TestAPendingAlertIsAnnouncedWhenItIsConfirmed(t *testing.T) {
	m := New(Alert, env(t))
	it := accept(t, m, Item{Kind: Alert, ID: "1", Appealable: true}, act(System, "raised", 0, `{"severity":"yellow","mode":"manual_confirm"}`))
	require.Equal(t, AlertPending, it.State)
	require.Zero(t, it.FeedbackDue)
	it = accept(t, m, it, act(System, "upgraded", 1, `{"severity":"red"}`))
	require.Zero(t, it.FeedbackDue)
	it = accept(t, m, it, when(act(Supervisor, "confirm", 2, ""), "2026-03-04 09:00"))
	require.Equal(t, AlertIssued, it.State)
	require.Equal(t, endOf("2026-03-11"), it.FeedbackDue)
	require.Equal(t, endOf("2026-03-09"), it.AppealUntil)
}

// Signed in one working day, due in five, extended once before the due, sent
// back in rounds (domain guide 6.3).
func TestLimitsOfAnOrder(t *testing.T) {
	m := New(Order, env(t))
	it := accept(t, m, Item{Kind: Order, ID: "1"}, act(Supervisor, "create", 0, `{"org_code":"a","title":"t","demand":"d","co_orgs":["b"],`+
		`"alerts":["9f"]}`))
	require.Equal(t, OrderDraft, it.State)
	require.Zero(t, it.DueAt, "a draft has no limit")
	require.Equal(t, []string{"b"}, it.CoOrgs)
	require.Equal(t, "normal", it.Level)
	it = accept(t, m, it, when(act(Supervisor, "issue", 1, ""), "2026-03-06 16:00")) // a Friday
	require.Equal(t, endOf("2026-03-09"), it.DueAt)
	require.Equal(t, endOf("2026-03-13"), it.FinalDueAt)
	it = accept(t, m, it, when(act(DeptManager, "sign", 2, ""), "2026-03-09 09:00"))
	require.Equal(t, endOf("2026-03-13"), it.DueAt)
	it = accept(t, m, it, when(act(DeptManager, "request_extension", 3, everything), "2026-03-12 09:00"))
	require.False(t, it.Extended, "a request is no extension")
	it = accept(t, m, it, when(act(Supervisor, "extend", 4, everything), "2026-03-12 10:00"))
	require.Equal(t, endOf("2026-03-18"), it.FinalDueAt, "three working days more")
	require.Equal(t, it.FinalDueAt, it.DueAt)
	require.Equal(t, keyExtended, refused(t, m, it, act(DeptManager, "request_extension", 5, everything)).Key)

	co := act(Handler, "co_reply", 5, `{"answer":"our part is done"}`)
	co.OrgCode = "b"
	it = accept(t, m, it, co)
	require.JSONEq(t, `{"b":"our part is done"}`, string(it.Data["co_replies"]))
	it = accept(t, m, it, when(act(DeptManager, "reply", 6, everything), "2026-03-17 09:00"))
	require.Equal(t, at("2026-03-17 09:00"), it.StoppedAt)
	it = accept(t, m, it, when(act(Supervisor, "return", 7, everything), "2026-03-17 10:00"))
	require.Zero(t, it.StoppedAt)
	require.EqualValues(t, 1, it.Round)
	require.Equal(t, endOf("2026-03-18"), it.FinalDueAt, "sent back on the same day is no new time")
	it = accept(t, m, it, when(act(DeptManager, "reply", 8, `{"answer":"better"}`), "2026-03-18 09:00"))
	it = accept(t, m, it, act(Supervisor, "accept", 9, ""))
	it = accept(t, m, it, when(act(Supervisor, "close", 10, ""), "2026-03-19 09:00"))
	require.Equal(t, at("2026-03-18 09:00"), it.StoppedAt)
	require.Equal(t, at("2026-03-19 09:00"), it.ClosedAt)
	require.Equal(t, `"better"`, string(it.Data["answer"]))
	it = accept(t, m, it, when(act(Supervisor, "reopen", 11, everything), "2026-03-20 09:00"))
	require.Zero(t, it.ClosedAt)
	require.Equal(t, endOf("2026-03-27"), it.FinalDueAt)
}

func TestALeaderSetsTheDate(t *testing.T) {
	m := New(Order, env(t))
	it := accept(t, m, Item{Kind: Order, ID: "1"}, act(Leader, "create", 0, `{"org_code":"a","title":"t","demand":"d","due":"2026-03-30",`+
		`"issue":true}`))
	require.Equal(t, OrderIssued, it.State)
	require.Equal(t, endOf("2026-03-30"), it.FinalDueAt)
	require.Equal(t, endOf("2026-03-03"), it.DueAt)
	require.Equal(t, "leader", it.Level)
	require.Equal(t, "leader", it.Origin)
	it = accept(t, m, Item{Kind: Order, ID: "2"}, act(Leader, "create", 0, `{"org_code":"a","title":"t","demand":"d",`+
		`"due":"2026-03-02T18:00:00+08:00","issue":true}`))
	require.Equal(t, at("2026-03-02 18:00"), it.DueAt, "who has until tonight does not sign tomorrow")
}

// Verified in one working day, a claim decided in three, fixed in five or with
// reason in fifteen, the fix visited in three (domain guide 4).
func TestLimitsOfABadRating(t *testing.T) {
	m := New(Rating, env(t))
	it := accept(t, m, Item{Kind: Rating, ID: "1"}, act(System, "create", 0, `{"org_code":"a","level":1,"subjects":["case/s/1"]}`))
	require.Equal(t, endOf("2026-03-03"), it.DueAt)
	claimed := accept(t, m, it, act(DeptManager, "claim_invalid", 1, everything))
	require.Equal(t, endOf("2026-03-05"), claimed.DueAt)
	it = accept(t, m, it, act(HotlineAdmin, "verify", 1, everything))
	require.Equal(t, endOf("2026-03-09"), it.DueAt)
	longer := accept(t, m, it, act(Supervisor, "extend", 2, everything))
	require.Equal(t, endOf("2026-03-23"), longer.FinalDueAt, "fifteen working days from 2 March")
	it = accept(t, m, it, when(act(Handler, "rectify", 2, everything), "2026-03-09 15:00"))
	require.Equal(t, endOf("2026-03-12"), it.DueAt)
	require.Equal(t, endOf("2026-03-09"), it.FinalDueAt, "on time is judged by the limit of the fix")
	it = accept(t, m, it, when(act(HotlineAdmin, "reject", 3, everything), "2026-03-11 15:00"))
	require.EqualValues(t, 1, it.Round)
	require.Equal(t, endOf("2026-03-18"), it.FinalDueAt)
}

func TestAnExposureIsAnsweredInFiveWorkingDays(t *testing.T) {
	m := New(Exposure, env(t))
	it := accept(t, m, in(Exposure, ExposureReviewed), when(act(Supervisor, "publish", 7, ""), "2026-03-02 10:00"))
	require.Equal(t, endOf("2026-03-09"), it.DueAt)
}

// For as long as the answer is read nobody has to answer: answered on Friday 6 March,
// one working day before the due, and sent back on Wednesday 25 March, the order is due on
// the 26th; one that was answered too late stays due when it was.
func TestTheTimeOfReadingAnAnswerIsNotCharged(t *testing.T) {
	m := New(Order, env(t))
	for replied, due := range map[string]string{"2026-03-06 15:00": "2026-03-26", "2026-03-10 09:00": "2026-03-09"} {
		it := accept(t, m, Item{Kind: Order, ID: "1"}, act(Supervisor, "create", 0, `{"org_code":"a","title":"t","demand":"d","issue":true}`))
		require.Equal(t, endOf("2026-03-09"), it.FinalDueAt)
		it = accept(t, m, it, act(DeptManager, "sign", 1, ""))
		it = accept(t, m, it, when(act(DeptManager, "reply", 2, everything), replied))
		it = accept(t, m, it, when(act(Supervisor, "return", 3, `{"comment":"c"}`), "2026-03-25 10:00"))
		require.Equal(t, endOf(due), it.FinalDueAt, replied)
		require.Equal(t, it.FinalDueAt, it.DueAt)
	}
}
