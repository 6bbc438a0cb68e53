package lifecycle_test

import (
	"strings"
	"testing"

	"duban/ingest/event"
	"duban/supervision/calendar"
	"duban/supervision/lifecycle"
	"duban/supervision/lifecycle/items"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	limits  = `{"legal_days":10,"legal_unit":"W","promise_days":7,"promise_unit":"W"}`
	ownCase = `{"limit_regime":"source","source_due_at":"2018-10-24T12:00:00+08:00","source_on_time":"OVERDUE"}`
)

// accepted is a case applied for and accepted on Monday 2018-10-15. In 2018 the
// weeks from 10-08 to 12-28 are plain: 10-15 + 5 wd = 10-22, + 7 = 10-24,
// + 10 = 10-29, + 20 = 11-12.
func accepted(payload string, more ...fact) []fact {
	return append([]fact{{"10-15 09", "apply", ""}, {"10-15 10", "accept", payload}}, more...)
}

// Each case is worked by hand from the article or section in its name. "as of"
// is the end of 2018 unless given.
func TestCaseRules(t *testing.T) {
	extendsPromise := policyOfTests()
	extendsPromise.ExtendMovesPromise = true
	same := policyOfTests()
	same.Due.Mode = calendar.SameInstant
	for _, v := range []struct {
		name   string
		facts  []fact
		asOf   string
		policy *lifecycle.Policy
		want   string
		// illegal lists type<state of illegal transitions; clocks are written
		// as by clockLines.
		illegal string
		names   string
		clocks  string
	}{
		{name: "2.3: K3 and K4 run from acceptance to the decision, the finish changes nothing",
			facts: accepted(limits, fact{"10-22 11", "decide", `{"result_type":"approved"}`}, fact{"10-23 11", "finish", ""}),
			want:  "finished due 10-24 promise legal 10-29 stop 10-22_11:00 net 5 margin 2/5",
			names: "K2 K3 K4 K5",
			clocks: "K2#1 10-15_09:00 due 10-22 stop 10-15_10:00 5W met\nK3#1 10-15_10:00 due 10-24 stop 10-22_11:00 7W met\n" +
				"K4#1 10-15_10:00 due 10-29 stop 10-22_11:00 10W met\nK5#1 10-22_11:00 due 11-05 10W running"},
		{name: "2.4: the last millisecond of the due day is in time",
			facts: accepted(limits, fact{"2018-10-24 23:59:59.999", "finish", ""}),
			want:  "finished due 10-24 promise legal 10-29 stop 10-24 net 7 margin 0/3"},
		{name: "2.4: the next millisecond is overdue by at least one day",
			facts: accepted(limits, fact{"10-25 00", "finish", ""}),
			want:  "finished due 10-24 promise legal 10-29 stop 10-25_00:00 net 8 margin -1/2", names: "K3",
			clocks: "K3#1 10-15_10:00 due 10-24 stop 10-25_00:00 7W missed"},
		{name: "2.4: overdue on a Saturday counts one day although none is a working day",
			facts: accepted(`{"promise_days":4}`, fact{"10-20 12", "finish", ""}),
			want:  "finished due 10-19 promise legal 11-12 stop 10-20_12:00 net 4 margin -1/16"},
		{name: "2.4, [ES]: same instant, one second over is overdue", policy: &same,
			facts: accepted(limits, fact{"2018-10-24 10:00:01.000", "finish", ""}),
			want:  "finished due 10-24_10:00 promise legal 10-29_10:00 stop 10-24_10:00 net 7 margin -1/3"},
		{name: "2.4: acceptance on a Saturday starts counting on Monday",
			facts: []fact{{"10-13 09", "apply", ""}, {"10-13 10", "accept", limits}},
			want:  "accepted due 10-23 promise legal 10-26"},
		{name: "2.4: an immediate item is due on the day of acceptance",
			facts: accepted(`{"promise_days":0,"legal_days":10}`), want: "accepted due 10-15 promise legal 10-29"},
		{name: "2.4: an immediate item accepted after closing is due the next working day",
			facts: []fact{{"10-19 09", "apply", ""}, {"10-19 18", "accept", `{"promise_days":0}`}},
			want:  "accepted due 10-22 promise legal 11-16"},
		{name: "art. 42: no legal limit anywhere means 20 working days, and a missing promise binds to it",
			facts: accepted(""), want: "accepted due 11-12 legal legal 11-12", names: "K3 K4",
			clocks: "K3#1 10-15_10:00 due 11-12 20W running\nK4#1 10-15_10:00 due 11-12 20W running"},
		{name: "2.4: a promise longer than the law allows does not bind",
			facts: accepted(`{"legal_days":10,"promise_days":15}`), want: "accepted due 10-29 legal legal 10-29"},
		{name: "2.4: a promise in another unit is compared by where it ends",
			facts: accepted(`{"legal_days":10,"promise_days":15,"promise_unit":"C"}`), want: "accepted due 10-29 legal legal 10-29"},
		{name: "2.4: a promise in calendar days that ends within the legal limit binds",
			facts: accepted(`{"legal_days":10,"promise_days":5,"promise_unit":"C"}`),
			want:  "accepted due 10-22 promise legal 10-29"}, // 10-20 is a Saturday
		{name: "2.4, art. 45: a special procedure of 3 days moves both limits (vector 2018-10-15)",
			facts: accepted(limits, fact{"10-17 10", "suspend_start", `{"suspend_type":"hearing","approved_days":5}`},
				fact{"10-22 09", "suspend_end", ""}),
			want: "processing due 10-29 promise legal 11-01", names: "K3 K4 K7",
			clocks: "K3#1 10-15_10:00 due 10-29 7W paused 3 running\nK4#1 10-15_10:00 due 11-01 10W paused 3 running\n" +
				"K7#1 10-17_10:00 due 10-24 stop 10-22_09:00 5W met"},
		{name: "2.4: beyond the approved days the clock runs again",
			facts: accepted(limits, fact{"10-17 10", "suspend_start", `{"suspend_type":"testing","approved_days":2}`},
				fact{"10-26 09", "suspend_end", ""}),
			want: "processing due 10-26 promise legal 10-31", names: "K7",
			clocks: "K7#1 10-17_10:00 due 10-19 stop 10-26_09:00 2W missed"},
		{name: "2.4: while a capped pause is open the due is provisional and reckons with the cap",
			facts: accepted(limits, fact{"10-17 10", "suspend_start", `{"suspend_type":"testing","approved_days":2}`}), asOf: "10-19 23",
			want: "suspended due 10-26 promise legal 10-31 provisional paused-until 10-19"},
		{name: "2.4: when the cap is used up the due is firm although the suspension is open",
			facts: accepted(limits, fact{"10-17 10", "suspend_start", `{"suspend_type":"testing","approved_days":2}`}), asOf: "10-20 00",
			want: "suspended due 10-26 promise legal 10-31"},
		// Domain guide 2.2: it must carry them. One that does not would stop the clocks for ever.
		{name: "2.4: a suspension without approved days takes out none",
			facts: accepted(limits, fact{"10-17 10", "suspend_start", `{"suspend_type":"testing"}`}),
			want:  "suspended due 10-24 promise legal 10-29", names: "K7", clocks: "K7#1 10-17_10:00 due 10-17 0W running"},
		// From 2018-10-18 to 2019-10-17 there are 261 Mondays to Fridays, 18 of them off by the
		// notices of the State Council, and 7 days that make up for it: 250 working days. Five of
		// seven days were left: 2019-10-24.
		{name: "2.4: an approval of a hundred years takes out a year",
			facts: accepted(limits, fact{"10-17 10", "suspend_start", `{"suspend_type":"testing","approved_days":36525}`}),
			want:  "suspended due 10-24 promise legal 10-29 provisional paused-until 10-17", names: "K7",
			clocks: "K7#1 10-17_10:00 due 10-17 250W running"},
		{name: "2.4: no approved days, no paused day",
			facts: accepted(limits, fact{"10-17 10", "suspend_start", `{"suspend_type":"testing","approved_days":0}`},
				fact{"10-22 09", "suspend_end", ""}),
			want: "processing due 10-24 promise legal 10-29"},
		{name: "2.4: adjoining suspensions count no day twice",
			facts: accepted(limits,
				fact{"10-16 10", "suspend_start", `{"approved_days":5}`}, fact{"10-18 10", "suspend_end", ""},
				fact{"10-18 15", "suspend_start", `{"approved_days":5}`}, fact{"10-22 10", "suspend_end", ""}),
			want: "processing due 10-30 promise legal 11-02"}, // 17, 18, 19, 22
		{name: "art. 42: an extension moves the legal limit only",
			facts: accepted(limits, fact{"10-18 10", "extend", `{"days":10}`}),
			want:  "accepted due 10-24 promise legal 11-12", names: "K3 K4",
			clocks: "K3#1 10-15_10:00 due 10-24 7W running\nK4#1 10-15_10:00 due 11-12 10W extended 10 running"},
		{name: "2.2: an extension moves the promise too where the policy says so", policy: &extendsPromise,
			facts: accepted(limits, fact{"10-18 10", "extend", `{"days":10}`}),
			want:  "accepted due 11-07 promise legal 11-12"},
		{name: "2.4: an extension moves a promised due that is the legal one",
			facts: accepted(`{"legal_days":10}`, fact{"10-18 10", "extend", `{"days":5}`}),
			want:  "accepted due 11-05 legal legal 11-05"},
		{name: "2.2: an extension while suspended is illegal and moves nothing",
			facts: accepted(limits, fact{"10-16 10", "suspend_start", `{"approved_days":1}`}, fact{"10-16 11", "extend", `{"days":10}`},
				fact{"10-17 10", "suspend_end", ""}),
			want: "processing due 10-25 promise legal 10-30", illegal: "extend<suspended"},
		{name: "art. 32: each correction loop restarts the acceptance clock at 0",
			facts: []fact{{"10-15 09", "apply", ""}, {"10-18 10", "correction_notice", `{"notice_no":"1"}`}, {"10-25 09", "correction_submit", ""},
				{"10-30 10", "accept", limits}},
			want: "accepted due 11-08 promise legal 11-13", names: "K2",
			clocks: "K2#1 10-15_09:00 due 10-22 stop 10-18_10:00 5W met\nK2#2 10-25_09:00 due 11-01 stop 10-30_10:00 5W met"},
		{name: "art. 32: silence for five working days is acceptance on the day of receipt",
			facts: []fact{{"10-15 09", "apply", ""}}, asOf: "10-23 00",
			want: "accepted due 11-12 legal legal 11-12 deemed", names: "K2", clocks: "K2#1 10-15_09:00 due 10-22 5W missed"},
		{name: "art. 32: until the last moment the case is not accepted",
			facts: []fact{{"10-15 09", "apply", ""}}, asOf: "2018-10-22 23:59:59.999", want: "submitted"},
		{name: "art. 32: a late acceptance is a missed K2, no illegal step, and the limits run from receipt",
			facts: []fact{{"10-15 09", "apply", ""}, {"10-25 10", "accept", limits}},
			want:  "accepted due 10-24 promise legal 10-29 deemed", names: "K2 K3",
			clocks: "K2#1 10-15_09:00 due 10-22 stop 10-25_10:00 5W missed\nK3#1 10-15_09:00 due 10-24 7W running"},
		{name: "art. 32: of a case that was deemed accepted the result is the first answer",
			facts: []fact{{"10-15 09", "apply", ""}, {"10-25 10", "decide", `{"result_type":"denied"}`}},
			want:  "decided due 11-12 legal legal 11-12 deemed stop 10-25_10:00 net 8 margin 12/12", names: "K2",
			clocks: "K2#1 10-15_09:00 due 10-22 stop 10-25_10:00 5W missed"},
		{name: "art. 43: a late acceptance for preliminary review below starts it with the receipt",
			facts: []fact{{"10-15 09", "apply", ""}, {"10-25 10", "accept", `{"promise_days":7,"promise_unit":"W","legal_days":10,` +
				`"legal_unit":"W","level":"lower"}`}},
			want: "accepted due 10-24 promise legal 10-29 deemed", names: "K10",
			clocks: "K10#1 10-15_09:00 due 11-12 20W running"},
		{name: "art. 32: a notice after the acceptance limit comes too late to stop the case",
			facts: []fact{{"10-15 09", "apply", ""}, {"10-25 10", "correction_notice", ""}, {"10-26 10", "step_start", `{"step_code":"a"}`}},
			want:  "processing due 11-12 legal legal 11-12 deemed", illegal: "correction_notice<accepted", names: "K2",
			clocks: "K2#1 10-15_09:00 due 10-22 stop 10-25_10:00 5W missed"},
		{name: "art. 32: after a correction the receipt is that of the corrected papers",
			facts: []fact{{"10-15 09", "apply", ""}, {"10-16 10", "correction_notice", ""}, {"10-22 09", "correction_submit", ""}},
			want:  "accepted due 11-19 legal legal 11-19 deemed"},
		{name: "2.2: a pre-review rejection stops the acceptance clock",
			facts: []fact{{"10-15 09", "apply", ""}, {"10-16 10", "prereview_reject", ""}}, want: "correcting", names: "K2",
			clocks: "K2#1 10-15_09:00 due 10-22 stop 10-16_10:00 5W met"},
		{name: "C1: refused acceptance is out of timeliness",
			facts: []fact{{"10-15 09", "apply", ""}, {"10-16 10", "not_accept", ""}}, want: "not_accepted [not_accepted]"},
		{name: "C2: a withdrawn case is out of timeliness, its clocks are cancelled",
			facts: accepted(limits, fact{"10-24 10", "withdraw", ""}),
			want:  "withdrawn [withdrawn] due 10-24 promise legal 10-29 stop 10-24_10:00 net 7 margin 0/3", names: "K3",
			clocks: "K3#1 10-15_10:00 due 10-24 stop 10-24_10:00 7W cancelled"},
		// C1: what is open past its due counts overdue then, and no end takes that back; each
		// clock by its own due.
		{name: "C1: a case that is withdrawn after its due was overdue",
			facts: accepted(limits, fact{"10-26 10", "withdraw", ""}),
			want:  "withdrawn due 10-24 promise legal 10-29 stop 10-26_10:00 net 9 margin -2/1", names: "K3 K4",
			clocks: "K3#1 10-15_10:00 due 10-24 stop 10-26_10:00 7W missed\nK4#1 10-15_10:00 due 10-29 stop 10-26_10:00 10W cancelled"},
		{name: "C2: terminated by the applicant is out",
			facts: accepted(limits, fact{"10-24 10", "terminate", `{"actor":"applicant"}`}),
			want:  "terminated [terminated_by_applicant] due 10-24 promise legal 10-29 stop 10-24_10:00 net 7 margin 0/3"},
		{name: "C1: terminated by the applicant after the due was overdue",
			facts: accepted(limits, fact{"10-30 10", "terminate", `{"actor":"applicant"}`}),
			want:  "terminated due 10-24 promise legal 10-29 stop 10-30_10:00 net 11 margin -4/-1"},
		{name: "C1: what was decided late stays so when the applicant is said to have given up",
			facts: accepted(limits, fact{"10-26 10", "decide", ""}, fact{"10-26 11", "terminate", `{"actor":"applicant"}`}),
			want:  "terminated due 10-24 promise legal 10-29 stop 10-26_10:00 net 9 margin -2/1"},
		// 2.4 and C1: a pause that begins after a due moves it not; the other due had not passed.
		{name: "C1: a suspension after the due does not undo it",
			facts: accepted(limits, fact{"10-25 10", "suspend_start", `{"suspend_type":"testing","approved_days":60}`},
				fact{"10-26 10", "suspend_end", ""}),
			want: "processing due 10-24 promise legal 10-30", names: "K3 K4",
			clocks: "K3#1 10-15_10:00 due 10-24 7W running\nK4#1 10-15_10:00 due 10-30 10W paused 1 running"},
		{name: "C1: while it is suspended after the due its promise is not paused",
			facts: accepted(limits, fact{"10-25 10", "suspend_start", `{"suspend_type":"testing","approved_days":3}`}),
			want:  "suspended due 10-24 promise legal 11-01 provisional legal-paused-until 10-30", asOf: "10-26 10"},
		// Art. 42: an extension is granted before the limit has passed. 20 working days of
		// another act that are extended by 100 the day after stay 20.
		{name: "art. 42: an extension after the due moves no due of any act",
			facts: accepted(`{"item_type":"confirm","promise_days":7,"legal_days":10}`, fact{"10-30 10", "extend", `{"days":100}`},
				fact{"12-03 10", "finish", ""}),
			want: "finished due 10-24 promise legal 10-29 stop 12-03_10:00 net 35 margin -28/-25", names: "K4",
			clocks: "K4#1 10-15_10:00 due 10-29 stop 12-03_10:00 10W missed"},
		{name: "C8: what a case is, is settled by its acceptance: no licence becomes another act later",
			facts: accepted(`{"item_type":"license","promise_days":7,"legal_days":10}`, fact{"10-17 10", "extend", `{"days":100}`},
				fact{"11-20 10", "visit", `{"item_type":"confirm","project_type":"joint"}`}),
			want: "accepted due 10-24 promise legal 11-12"},
		{name: "art. 32: who answers when the promise of a case deemed accepted has run out gets no more time",
			facts: []fact{{"10-15 09", "apply", ""}, {"11-13 10", "accept", `{"promise_days":60,"legal_days":90}`}},
			want:  "accepted due 11-12 legal legal 11-12 deemed"},
		{name: "a source moves its own deadline only before it has passed",
			facts: []fact{{"10-15 09", "apply", `{"limit_regime":"source","source_due_at":"2018-10-20T09:00:00+08:00"}`},
				{"10-19 09", "visit", `{"source_due_at":"2018-10-22T09:00:00+08:00"}`},
				{"10-23 09", "visit", `{"source_due_at":"2018-12-22T09:00:00+08:00"}`}},
			want: "submitted due 10-22_09:00 source"},
		{name: "C3: terminated by the department before the due is out",
			facts: accepted(limits, fact{"10-24 10", "terminate", `{"actor":"dept"}`}),
			want:  "terminated [terminated_before_due] due 10-24 promise legal 10-29 stop 10-24_10:00 net 7 margin 0/3"},
		{name: "C3: terminated by the department after the due counts overdue",
			facts: accepted(limits, fact{"10-25 10", "terminate", ""}),
			want:  "terminated due 10-24 promise legal 10-29 stop 10-25_10:00 net 8 margin -1/2", names: "K3 K4",
			clocks: "K3#1 10-15_10:00 due 10-24 stop 10-25_10:00 7W missed\nK4#1 10-15_10:00 due 10-29 stop 10-25_10:00 10W cancelled"},
		{name: "C3: terminated before acceptance never had a due",
			facts: []fact{{"10-15 09", "apply", ""}, {"10-16 10", "terminate", ""}}, want: "terminated [terminated_before_due]", names: "K2",
			clocks: "K2#1 10-15_09:00 due 10-22 stop 10-16_10:00 5W cancelled"},
		{name: "2.2: a termination after the decision leaves the decision as the stop",
			facts: accepted(limits, fact{"10-19 10", "decide", ""}, fact{"10-26 10", "terminate", ""}),
			want:  "terminated due 10-24 promise legal 10-29 stop 10-19_10:00 net 4 margin 3/6"},
		{name: "2.2: finish while suspended is illegal, ends the suspension and the case",
			facts: accepted(limits, fact{"10-17 10", "suspend_start", `{"approved_days":10}`}, fact{"10-19 10", "finish", ""}),
			want:  "finished due 10-26 promise legal 10-31 stop 10-19_10:00 net 2 margin 5/8", illegal: "finish<suspended"},
		{name: "2.2: decide while suspended is illegal and changes nothing",
			facts: accepted(limits, fact{"10-17 10", "suspend_start", `{"approved_days":1}`}, fact{"10-17 15", "decide", ""}),
			want:  "suspended due 10-25 promise legal 10-30", illegal: "decide<suspended"},
		{name: "2.2, 2.6: what is not listed is kept, counted and moves nothing",
			facts: accepted(limits, fact{"10-16 10", "accept", `{"promise_days":1}`}, fact{"10-17 10", "finish", ""}, fact{"10-18 10", "decide", ""},
				fact{"10-19 10", "suspend_start", ""}, fact{"10-20 10", "visit", ""}, fact{"10-20 11", "material", ""}),
			want:    "finished due 10-24 promise legal 10-29 stop 10-17_10:00 net 2 margin 5/8",
			illegal: "accept<accepted decide<finished suspend_start<finished"},
		{name: "2.2: finish before acceptance is illegal; the law goes on",
			facts: []fact{{"10-15 09", "apply", ""}, {"10-16 10", "finish", ""}}, asOf: "10-17 00", want: "submitted", illegal: "finish<submitted"},
		{name: "2.2: reopening resumes with the time that was left (2 days)",
			facts: accepted(limits, fact{"10-22 10", "finish", `{"result_type":"approved"}`}, fact{"10-29 10", "reopen", ""}),
			want:  "processing due 10-31 promise legal 11-05", names: "K3 K5",
			clocks: "K3#1 10-15_10:00 due 10-31 7W paused 5 running\nK5#1 10-22_10:00 due 11-05 stop 10-29_10:00 10W cancelled"},
		{name: "2.2: reopening an overdue case leaves it as overdue as it was",
			facts: accepted(limits, fact{"10-26 10", "finish", ""}, fact{"11-01 10", "reopen", ""}, fact{"11-01 11", "finish", ""}),
			// The promise had run out before the gap began, which moves nothing then; the law's
			// limit of 10-29 had not, and goes on with the time that was left.
			want: "finished due 10-24 promise legal 11-02 stop 11-01_11:00 net 13 margin -6/1"},
		{name: "2.2: the second finish of a reopened case is its stop",
			facts: accepted(limits, fact{"10-22 10", "finish", ""}, fact{"10-29 10", "reopen", ""}, fact{"10-31 10", "finish", ""}),
			want:  "finished due 10-31 promise legal 11-05 stop 10-31_10:00 net 7 margin 0/3"},
		{name: "2.2: a reopened termination counts again",
			facts: accepted(limits, fact{"10-22 10", "terminate", ""}, fact{"10-22 15", "reopen", ""}),
			want:  "processing due 10-24 promise legal 10-29"},
		{name: "2.2: deemed consent finishes a sub-case",
			facts: accepted(`{"promise_days":7,"legal_days":10,"parent_case_no":"p"}`, fact{"10-24 10", "deemed_consent", ""}),
			want:  "finished due 10-24 promise legal 10-29 stop 10-24_10:00 net 7 margin 0/3"},
		{name: "art. 50: or a case that a rule grants by silence",
			facts: accepted(limits, fact{"10-25 00", "deemed_consent", `{"rule":"art. 50"}`}),
			want:  "finished due 10-24 promise legal 10-29 stop 10-25_00:00 net 8 margin -1/2"},
		{name: "2.5: nobody is silent while the limit runs",
			facts: accepted(limits, fact{"10-24 23", "deemed_consent", `{"rule":"art. 50"}`}),
			want:  "accepted due 10-24 promise legal 10-29", illegal: "deemed_consent<accepted"},
		{name: "2.2: no silence finishes a case that is nobody's part, without a rule",
			facts: accepted(limits, fact{"10-24 10", "deemed_consent", ""}),
			want:  "accepted due 10-24 promise legal 10-29", illegal: "deemed_consent<accepted"},
		{name: "2.2: accepted after a notice without a submission is illegal, but the authority's time runs",
			facts: []fact{{"10-12 09", "apply", ""}, {"10-12 10", "correction_notice", ""}, {"10-15 10", "accept", limits}},
			want:  "accepted due 10-24 promise legal 10-29", illegal: "accept<correcting", names: "K2 K3 K8",
			clocks: "K2#1 10-12_09:00 due 10-19 stop 10-12_10:00 5W met\nK8#1 10-12_10:00 due 11-12 stop 10-15_10:00 30C cancelled\n" +
				"K3#1 10-15_10:00 due 10-24 7W running"},
		{name: "art. 44: delivery within 10 working days of the approval",
			facts: accepted(limits, fact{"10-22 10", "decide", `{"result_type":"approved"}`}, fact{"11-06 10", "deliver", ""}),
			want:  "delivered due 10-24 promise legal 10-29 stop 10-22_10:00 net 5 margin 2/5", names: "K5",
			clocks: "K5#1 10-22_10:00 due 11-05 stop 11-06_10:00 10W missed"},
		{name: "2.6: a case without apply or accept is incomplete but has its state",
			facts: []fact{{"10-15 09", "step_start", `{"step_code":"a"}`}, {"10-16 09", "finish", ""}}, want: "finished [incomplete]"},
		{name: "C4: test cases are out", facts: []fact{{"10-15 09", "apply", `{"is_test":true}`}, {"10-15 10", "accept", "{}"}},
			want: "accepted [test] due 11-12 legal legal 11-12"},
		{name: "C5: secret cases are out", facts: []fact{{"10-15 09", "apply", `{"secret":true}`}, {"10-15 10", "accept", "{}"}},
			want: "accepted [secret] due 11-12 legal legal 11-12"},
		// 25, 28 to 31 December, 4 and 5 January (1 January is off: 国务院令第795号, article 2).
		{name: "2.4: a due in an unpublished year is provisional",
			facts: []fact{{"2026-12-24 09", "apply", ""}, {"2026-12-24 10", "accept", limits}}, asOf: "2026-12-24 11",
			want: "accepted due 01-05 promise legal 01-08 provisional"},
		{name: "source regime: only the source's own deadline, from the application, activities move nothing",
			facts: []fact{{"10-15 09", "apply", ownCase}, {"10-16 09", "activity", ""}, {"10-23 09", "activity", ""}, {"10-25 09", "finish", ""},
				{"10-26 09", "activity", ""}},
			want: "finished due 10-24_12:00 source stop 10-25_09:00 net 8 margin -1", names: "K2 K3 K4",
			clocks: "K3#1 10-15_09:00 due 10-24_12:00 stop 10-25_09:00 missed"},
		{name: "source regime: nothing is deemed accepted", facts: []fact{{"10-15 09", "apply", ownCase}},
			want: "submitted due 10-24_12:00 source"},
		{name: "source regime: without a deadline there is no due",
			facts: []fact{{"10-15 09", "apply", `{"limit_regime":"source"}`}, {"10-25 09", "finish", ""}},
			want:  "finished stop 10-25_09:00 net 8", names: "K3", clocks: "K3#1 10-15_09:00 stop 10-25_09:00 unlimited"},
		{name: "source regime: without application the first fact is the start",
			facts: []fact{{"10-15 09", "activity", ownCase}, {"10-17 09", "finish", ""}},
			want:  "finished [incomplete] due 10-24_12:00 source stop 10-17_09:00 net 2 margin 5"},
		{name: "a deadline of the source is kept beside the computed ones",
			facts: accepted(`{"promise_days":7,"legal_days":10,"source_due_at":"2018-10-20T00:00:00Z"}`),
			want:  "accepted due 10-24 promise legal 10-29"},
	} {
		t.Run(v.name, func(t *testing.T) {
			policy := policyOfTests()
			if v.policy != nil {
				policy = *v.policy
			}
			s := lifecycle.FoldCase(caseFacts(v.facts...), nil, cal(t), policy)
			asOf := at("12-31 00")
			if v.asOf != "" {
				asOf = at(v.asOf)
			}
			got, ok := lifecycle.AsOf(s.History, asOf)
			require.True(t, ok)
			assert.Equal(t, v.want, line(got))
			var illegal []string
			for _, x := range s.Illegal {
				illegal = append(illegal, x.Type+"<"+x.From)
			}
			assert.Equal(t, v.illegal, strings.Join(illegal, " "))
			if v.names != "" {
				assert.Equal(t, v.clocks, clockLines(s.Clocks, v.names))
			}
		})
	}
}

func TestHistoryOfACase(t *testing.T) {
	s := lifecycle.FoldCase(caseFacts(accepted(limits,
		fact{"10-17 10", "suspend_start", `{"approved_days":2}`}, fact{"10-24 10", "suspend_end", ""},
		fact{"10-25 10", "finish", `{"result_type":"denied"}`}, fact{"10-26 09", "deliver", ""})...), nil, cal(t), policyOfTests())
	var got []string
	for _, x := range s.History {
		got = append(got, show(x.At)+" "+line(x))
	}
	assert.Equal(t, []string{
		"10-15_09:00 submitted",
		"10-15_10:00 accepted due 10-24 promise legal 10-29",
		"10-17_10:00 suspended due 10-26 promise legal 10-31 provisional paused-until 10-19",
		"10-20_00:00 suspended due 10-26 promise legal 10-31",
		"10-24_10:00 processing due 10-26 promise legal 10-31",
		"10-25_10:00 finished due 10-26 promise legal 10-31 stop 10-25_10:00 net 6 margin 1/4",
		"10-26_09:00 delivered due 10-26 promise legal 10-31 stop 10-25_10:00 net 6 margin 1/4",
	}, got)
	end := s.History[len(s.History)-1]
	assert.Equal(t, at("10-15 09"), end.AppliedAt)
	assert.Equal(t, at("10-15 10"), end.AcceptedAt)
	assert.Equal(t, at("10-25 10"), end.FinishedAt)
	assert.Equal(t, at("10-26 09"), end.DeliveredAt)
	assert.Zero(t, end.DecidedAt)
	assert.Equal(t, uint16(1), end.Suspensions)
	assert.Equal(t, "denied", s.ResultType)
	assert.Equal(t, uint32(6), s.Facts)
	_, before := lifecycle.AsOf(s.History, at("10-15 08"))
	assert.False(t, before, "no fact yet")
}

func TestSubjectColumnsAreThoseOfTheAcceptance(t *testing.T) {
	facts := caseFacts(accepted(`{"project_code":"p","parent_case_no":"c0","attributes":{"b":"2","a":"1"}}`,
		fact{"10-16 10", "visit", `{"attributes":{"a":"9"}}`}, fact{"10-16 11", "visit", ""}, fact{"10-17 10", "transfer", `{"to_org":"o3"}`},
		fact{"10-18 10", "material", ""})...)
	facts[0].RegionCode, facts[0].OrgCode, facts[0].ApplyChannel, facts[0].WindowID = "610000", "o1", "web", "w1"
	facts[1].RegionCode, facts[1].OrgCode, facts[1].AcceptOrg, facts[1].StaffID = "610100", "o2", "hall", "st"
	facts[5].OrgCode, facts[5].RegionCode, facts[5].Activity = "o9", "999999", "check"
	s := lifecycle.FoldCase(facts, nil, cal(t), policyOfTests())
	assert.Equal(t, []string{"610100", "o2", "hall", "o3", "web", "w1", "st", "p", "c0"},
		[]string{s.RegionCode, s.OrgCode, s.AcceptOrg, s.HandleOrg, s.Channel, s.WindowID, s.StaffID, s.ProjectCode, s.ParentCase})
	assert.Equal(t, []lifecycle.Attribute{{Key: "a", Value: "9"}, {Key: "b", Value: "2"}}, s.Attributes)
	assert.Equal(t, uint32(1), s.Activities)
	assert.Equal(t, uint16(2), s.History[len(s.History)-1].Visits)
	assert.Empty(t, s.Illegal)
	assert.Contains(t, clockLines(s.Clocks, "K1"), "K1#1 10-15_09:00 due 10-17 stop 10-15_10:00 2W met", "applied for online")
}

func TestLimitsOfTheCatalogue(t *testing.T) {
	day := func(s string) int32 { d, _ := calendar.ParseDay(s); return int32(d) }
	items := items.New([]event.Item{
		{EventID: "1", TaskCode: "t", TaskVersion: "1", ValidFrom: day("2017-01-01"), ValidTo: day("2018-10-15"), LegalDays: intp(20),
			PromiseDays: intp(12), ItemType: "license"},
		{EventID: "2", TaskCode: "t", TaskVersion: "2", ValidFrom: day("2018-10-15"), LegalDays: intp(10), PromiseDays: intp(7),
			ItemType: "confirm", ProjectType: "promised"},
		{EventID: "3", TaskCode: "cd", TaskVersion: "1", ValidFrom: day("2017-01-01"), LegalDays: intp(5), LegalUnit: "C", RollForward: true},
		{EventID: "4", TaskCode: "cn", TaskVersion: "1", ValidFrom: day("2017-01-01"), LegalDays: intp(5), LegalUnit: "C"},
		{EventID: "2", Revision: 1, TaskCode: "t", TaskVersion: "2", ValidFrom: day("2018-10-15"), LegalDays: intp(10), PromiseDays: intp(6),
			ItemType: "confirm", ProjectType: "promised"},
	})
	fold := func(task, version, payload string) (string, lifecycle.CaseState) {
		facts := caseFacts(accepted(payload)...)
		facts[1].TaskCode, facts[1].TaskVersion = task, version
		s := lifecycle.FoldCase(facts, items, cal(t), policyOfTests())
		return line(s.History[len(s.History)-1]), s
	}
	got, s := fold("t", "", "")
	assert.Equal(t, "accepted due 10-23 promise legal 10-29", got, "the version in force on the day of acceptance, its highest revision")
	assert.True(t, s.ItemKnown)
	assert.Equal(t, "2 confirm promised", s.TaskVersion+" "+s.ItemType+" "+s.ProjectType)
	got, s = fold("t", "1", "")
	assert.Equal(t, "accepted due 10-23 promise legal 10-29", got,
		"domain guide 1.2: the version in force at the acceptance governs, not an old one that is named")
	assert.Equal(t, "confirm", s.ItemType)
	got, s = fold("t", "9", "")
	assert.Equal(t, "accepted due 10-23 promise legal 10-29", got,
		"a version that the catalogue does not hold: the one in force, a typo gives no more time")
	assert.Equal(t, "2", s.TaskVersion)
	assert.True(t, s.ItemKnown)
	got, s = fold("none", "9", "")
	assert.Equal(t, "accepted due 11-12 legal legal 11-12", got, "an item that the catalogue does not hold: art. 42")
	assert.False(t, s.ItemKnown)
	got, _ = fold("t", "", `{"promise_days":3}`)
	assert.Equal(t, "accepted due 10-18 promise legal 10-29", got, "the acceptance notice wins over the catalogue")
	got, _ = fold("cd", "", "")
	assert.Equal(t, "accepted due 10-22 legal legal 10-22", got, "10-20 is a Saturday, rolled forward")
	got, _ = fold("cn", "", "")
	assert.Equal(t, "accepted due 10-20 legal legal 10-20", got, "not rolled forward")

	facts := caseFacts(fact{"10-12 09", "apply", ""}, fact{"10-16 09", "finish", ""})
	facts[0].TaskCode = "t"
	s = lifecycle.FoldCase(facts, items, cal(t), policyOfTests())
	assert.Equal(t, "1", s.TaskVersion, "deemed accepted on 10-12, when version 1 was in force")
}

func TestFeeWaitPausesWhereTheItemSaysSo(t *testing.T) {
	items := items.New([]event.Item{
		{EventID: "1", TaskCode: "pauses", TaskVersion: "1", LegalDays: intp(10), FeePauses: true},
		{EventID: "2", TaskCode: "runs", TaskVersion: "1", LegalDays: intp(10)},
	})
	fold := func(task string, more ...fact) lifecycle.CaseState {
		facts := caseFacts(accepted("", more...)...)
		facts[1].TaskCode = task
		return lifecycle.FoldCase(facts, items, cal(t), policyOfTests())
	}
	wait := []fact{{"10-16 10", "fee_notice", ""}, {"10-19 10", "fee_paid", ""}}
	s := fold("pauses", wait...)
	assert.Equal(t, "accepted due 11-01 legal legal 11-01", line(s.History[len(s.History)-1]), "17, 18, 19 paused")
	s = fold("runs", wait...)
	assert.Equal(t, "accepted due 10-29 legal legal 10-29", line(s.History[len(s.History)-1]))
	s = fold("pauses", fact{"10-16 10", "fee_notice", ""}, fact{"10-18 10", "suspend_start", `{"approved_days":9}`},
		fact{"10-19 10", "fee_paid", ""}, fact{"10-23 10", "suspend_end", ""})
	assert.Equal(t, "processing due 11-05 legal legal 11-05", line(s.History[len(s.History)-1]), "the union 17 to 23: five days")
}

// The K2 that ran out decides the day of receipt, also when the facts end before
// it does.
func TestDeemedAcceptanceIsOnTheDayOfReceipt(t *testing.T) {
	for _, more := range [][]fact{nil, {{"10-29 12", "material", ""}}} {
		s := fold(t,
			caseFacts(append([]fact{{"10-15 09", "apply", ""}, {"10-16 10", "correction_notice", ""}, {"10-22 09", "correction_submit", ""}},
				more...)...))
		end := s.History[len(s.History)-1]
		assert.Equal(t, at("10-30 00"), end.At)
		assert.Equal(t, at("10-22 09"), end.AcceptedAt)
		assert.Equal(t, "K2#1 10-15_09:00 due 10-22 stop 10-16_10:00 5W met\nK2#2 10-22_09:00 due 10-29 5W missed\nK3#1 10-22_09:00 due 11-19 "+
			"20W running", clockLines(s.Clocks, "K2 K3"),
			"the limit runs out by itself: K2 is missed and K3 has run since the receipt (art. 32)")
	}
	s := fold(t, caseFacts(fact{"10-15 09", "apply", ""}, fact{"10-30 12", "material", ""}))
	assert.Equal(t, "K2#1 10-15_09:00 due 10-22 5W missed\nK3#1 10-15_09:00 due 11-12 20W running", clockLines(s.Clocks, "K2 K3"))
}
