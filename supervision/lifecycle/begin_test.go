package lifecycle_test

import (
	"testing"

	"duban/supervision/lifecycle"

	"github.com/stretchr/testify/assert"
)

// An end that is put before the beginning ends nothing: the case of Monday 15 October is due on the 24th (seven working days) and
// counts, whatever somebody says of the 12th.
func TestAnEndBeforeTheBeginningEndsNothing(t *testing.T) {
	want := asOf(t, fold(t, caseFacts(accepted(limits)...)), "12-31 00")
	for _, end := range []fact{
		{"10-12 10", "withdraw", ""}, {"10-12 10", "finish", `{"result_type":"approved"}`}, {"10-12 10", "decide", `{"result_type":"denied"}`},
		{"10-12 10", "not_accept", ""}, {"10-12 10", "terminate", `{"actor":"applicant"}`},
		{"10-12 10", "deemed_consent", ""}, {"10-12 10", "deliver", ""},
	} {
		s := fold(t, caseFacts(append([]fact{end}, accepted(limits)...)...))
		assert.Equal(t, want, asOf(t, s, "12-31 00"), end.typ)
		assert.False(t, s.FactEntries[0].Legal, end.typ)
		assert.Equal(t, "incomplete", string(s.History[0].Excluded), "as was known before it began")
		assert.Len(t, s.Illegal, 1)
		assert.Empty(t, s.ResultType)
	}
}

// Nor does anything else move what begins later: that somebody set to work, asked for something, paused or took it up again
// before the application leaves the acceptance as it is.
func TestWhatIsBeforeTheBeginningMovesNothing(t *testing.T) {
	want := asOf(t, fold(t, caseFacts(accepted(limits)...)), "12-31 00")
	for _, f := range []fact{
		{"10-12 10", "step_start", `{"step_code":"a"}`}, {"10-12 10", "step_end", `{"step_code":"a"}`}, {"10-12 10", "reopen", `{"reason":"x"}`},
		{"10-12 10", "suspend_start", `{"suspend_type":"testing","approved_days":60,"basis":"x"}`}, {"10-12 10", "suspend_end", ""},
		{"10-12 10", "suspend_start", `{"suspend_type":"testing"}`}, {"10-12 10", "correction_notice", ""}, {"10-12 10", "correction_submit", ""},

		{"10-12 10", "prereview_reject", ""}, {"10-12 10", "transfer", ""}, {"10-12 10", "fee_notice", ""},
		{"10-12 10", "extend", `{"days":9,"approver_level":"agency_head"}`},
	} {
		s := fold(t, caseFacts(append([]fact{f}, accepted(limits)...)...))
		got := asOf(t, s, "12-31 00")
		assert.Contains(t, got, want, f.typ)
	}
}

// A submission of 12 September that nobody answered is accepted by law; an application of after that changes nothing when it is
// told afterwards, and ends what had not begun when it had been told before.
func TestASubmissionThatTheLawAcceptedHasBegun(t *testing.T) {
	life := append([]fact{{"09-12 10", "correction_submit", ""}}, accepted(limits)...)
	facts := caseFacts(life...)
	for i := range facts {
		facts[i].Origin.ReceivedAt = int64(100 + i)
	}
	s := fold(t, facts)
	assert.True(t, s.History[len(s.History)-1].Deemed)
	facts[0].Origin.ReceivedAt = 200
	s = fold(t, facts)
	assert.Contains(t, asOf(t, s, "12-31 00"), "accepted due 10-24 promise legal 10-29")
	assert.False(t, s.History[len(s.History)-1].Deemed)
	// A second submission does not make the first one untold.
	more := caseFacts(append([]fact{{"09-12 09", "correction_submit", ""}}, life...)...)
	for i := range more {
		more[i].Origin.ReceivedAt = 300
	}
	more[1].Origin.ReceivedAt = 100
	assert.True(t, fold(t, more).History[len(fold(t, more).History)-1].Deemed)
}

// When a part became one goes by who said so first, whatever is said again with an earlier time.
func TestAPartIsToldByTheFirstWhoSaidSo(t *testing.T) {
	facts := caseFacts(fact{"10-15 08", "material", `{"parent_case_no":"p"}`}, fact{"10-15 09", "apply", `{"parent_case_no":"p"}`},
		fact{"10-15 09", "accept", `{"parent_case_no":"p"}`}, fact{"10-15 10", "accept", `{"parent_case_no":"p"}`})
	for i, told := range []int64{900, 100, 900, 200} {
		facts[i].Origin.ReceivedAt = told
	}
	assert.Equal(t, int64(200), fold(t, facts).MemberToldAt)
}

// The same of a ticket of the 15th, which is due on the 22nd (five working days).
func TestAnEndBeforeTheReceiptEndsNoTicket(t *testing.T) {
	for _, end := range []fact{{"10-12 10", "t_close", ""}, {"10-12 10", "t_invalid", ""}, {"10-12 10", "t_merge", ""},
		{"10-12 10", "t_reply@o1", ""}, {"10-12 10", "t_sign@o1", ""},
		{"10-12 10", "t_process@o1", ""}, {"10-12 10", "t_hang", ""}, {"10-12 10", "t_return@o1", ""},
		{"10-12 10", "t_extend_request@o1", `{"days":9}`}, {"10-12 10", "t_reopen", ""}, {"10-12 10", "t_visit", ""},
		{"10-12 10", "t_answer_direct", ""}} {
		s := lifecycle.FoldTicket(ticketFacts(append([]fact{end}, signed("")...)...), cal(t), policyOfTests())
		assert.Equal(t, "signed at o1 due 10-22 rule", ticketLine(s.History[len(s.History)-1]), end.typ)
	}
}

// Accepted without an organisation: what names one by the due of the 24th fills it, what does so afterwards charges nobody.
func TestNothingFillsTheOrganisationAfterTheDue(t *testing.T) {
	for when, want := range map[string]string{"10-24 10": "o9", "10-25 10": ""} {
		facts := caseFacts(accepted(limits, fact{when, "material", ""})...)
		facts[2].OrgCode = "o9"
		assert.Equal(t, want, fold(t, facts).OrgCode, when)
	}
}

// Applied for with o7, accepted by nobody and finished late: whom the law takes for the one who accepted stays so, whoever says
// afterwards that he did.
func TestAnAcceptanceAfterTheEndMovesNothing(t *testing.T) {
	for name, end := range map[string]string{"finished": "finish", "withdrawn": "withdraw"} {
		facts := caseFacts(fact{"10-15 09", "apply", ""}, fact{"12-20 10", end, `{"result_type":"approved"}`},
			fact{"12-21 10", "accept", `{"project_type":"joint","parent_case_no":"p"}`})
		facts[0].OrgCode, facts[2].OrgCode = "o7", "o8"
		facts[2].RegionCode, facts[2].TaskCode = "610102", "other"
		s := fold(t, facts)
		assert.Equal(t, "o7", s.OrgCode, name)
		assert.Empty(t, s.ProjectType+s.ParentCase+s.RegionCode+s.TaskCode, name)
	}
}

// What is dated before the application has no clock and is counted nowhere: a procedure of 12 October, a hearing asked for, a
// notice, a review of a lower authority.
func TestWhatIsBeforeTheBeginningHasNoClock(t *testing.T) {
	for _, f := range []fact{
		{"10-12 10", "suspend_start", `{"suspend_type":"testing","approved_days":1}`}, {"10-12 10", "activity", `{"hearing_request":true}`},
		{"10-12 10", "correction_notice", ""}, {"10-12 10", "correction_submit", ""}, {"10-12 10", "decide", `{"result_type":"approved"}`},
		{"10-12 10", "step_start", `{"step_code":"a","limit_days":1}`},
	} {
		s := fold(t, caseFacts(append([]fact{f}, accepted(limits)...)...))
		end := s.History[len(s.History)-1]
		assert.Zero(t, end.Corrections+end.Suspensions, f.typ)
		for _, k := range s.Clocks {
			assert.GreaterOrEqual(t, k.StartAt, at("10-15 00"), "%s %s", f.typ, k.Clock)
		}
	}
	s := lifecycle.FoldTicket(ticketFacts(append([]fact{{"10-10 10", "t_redispatch@o9", ""}}, signed("")...)...), cal(t), policyOfTests())
	for _, k := range s.Clocks {
		assert.GreaterOrEqual(t, k.StartAt, at("10-15 00"), k.Clock)
	}
}

// Nor the window, the division and the item, and none of them when another limit ran out (K2 of an application of 15 October, with
// the 22nd), or the case is over: what becomes joint or a licence by an item that is named then stays what it was.
func TestNothingDescribesACaseAfterALimitOrTheEnd(t *testing.T) {
	applied := []fact{{"10-15 09", "apply", ""}}
	for name, v := range map[string]struct {
		facts []fact
		takes bool
	}{
		"in time":         {accepted(limits, fact{"10-24 10", "material", ""}), true},
		"after K3":        {accepted(limits, fact{"10-25 10", "material", ""}), false},
		"after the end":   {accepted(limits, fact{"10-17 10", "finish", ""}, fact{"10-18 10", "deliver", ""}), false},
		"before K2":       {append(applied, fact{"10-22 10", "material", ""}), true},
		"K2 is over":      {append(applied, fact{"10-23 10", "material", ""}), false},
		"with the result": {accepted(limits, fact{"10-17 10", "finish", ""}), true},
	} {
		facts := caseFacts(v.facts...)
		x := &facts[len(facts)-1]
		x.OrgCode, x.WindowID, x.RegionCode, x.TaskCode = "o9", "w9", "610102", "t9"
		s := fold(t, facts)
		assert.Equal(t, v.takes, s.OrgCode+s.WindowID+s.RegionCode+s.TaskCode == "o9w9610102t9", name)
		assert.Equal(t, !v.takes, s.OrgCode+s.WindowID+s.RegionCode+s.TaskCode == "", name)
	}
}

// A process of the source's own may tell its end first: but what was said before anybody knew of such a process moves nothing.
func TestAnEndBeforeItsOwnProcessIsKnownEndsNothing(t *testing.T) {
	own := []fact{{"10-15 09", "apply", ownCase}, {"10-16 10", "activity", ""}}
	s := fold(t, caseFacts(append([]fact{{"10-12 10", "finish", ""}}, own...)...))
	assert.Equal(t, asOf(t, fold(t, caseFacts(own...)), "12-31 00"), asOf(t, s, "12-31 00"))

	ticket := []fact{{"10-15 09", "t_receive", ownCase}, {"10-15 10", "t_dispatch@o1", ""}}
	for _, end := range []string{"t_close", "t_reply@o1", "t_answer_direct"} {
		s := lifecycle.FoldTicket(ticketFacts(append([]fact{{"10-12 10", end, ""}}, ticket...)...), cal(t), policyOfTests())
		assert.Equal(t, "dispatched at o1 due 10-24_12:00 source", ticketLine(s.History[len(s.History)-1]), end)
	}
}
