package lifecycle_test

import (
	"testing"

	"duban/ingest/event"
	"duban/supervision/lifecycle"
	"duban/supervision/lifecycle/items"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSteps(t *testing.T) {
	facts := caseFacts(accepted(limits,
		fact{"10-15 12", "step_start", `{"step_code":"review","limit_days":2}`},
		fact{"10-18 12", "step_end", `{"step_code":"review"}`},
		fact{"10-18 18", "step_start", `{"step_code":"sign"}`},
		fact{"10-18 20", "step_start", `{"step_code":"print"}`},
		fact{"10-22 18", "step_end", `{"step_code":"sign"}`},
		fact{"10-23 00", "step_end", `{"step_code":"seal"}`},
		fact{"10-23 06", "step_start", `{"step_code":"review"}`})...)
	facts[4].OrgCode = "o2"
	s := fold(t, facts)
	require.Len(t, s.Steps, 5)
	net := func(i int) lifecycle.NullFloat64 { return s.Steps[i].NetDays }
	wait := func(i int) lifecycle.NullFloat64 { return s.Steps[i].WaitHours }
	known := func(v float64) lifecycle.NullFloat64 { return lifecycle.NullFloat64{V: v, OK: true} }

	assert.Equal(t, "review", s.Steps[0].Code)
	assert.Equal(t, known(3), net(0), "Monday noon to Thursday noon")
	assert.False(t, wait(0).OK, "the first step waits for nothing")
	assert.Equal(t, "o2", s.Steps[1].Org)
	assert.Equal(t, known(2), net(1), "Thursday 18:00 to Monday 18:00 without the weekend")
	assert.Equal(t, known(6), wait(1))
	assert.False(t, net(2).OK, "print was never closed")
	assert.Zero(t, s.Steps[2].EndAt)
	assert.Equal(t, known(0), wait(2), "it overlaps the step before")
	assert.Equal(t, "seal", s.Steps[3].Code)
	assert.Equal(t, s.Steps[3].StartAt, s.Steps[3].EndAt)
	assert.False(t, net(3).OK, "an end without a start has no length")
	assert.False(t, wait(3).OK)
	assert.Equal(t, known(6), wait(4), "since the end of the step before, although its start is not known")

	// K6: 2 wd from Monday 15th = 17th.
	assert.Equal(t, "K6#1 10-15_12:00 due 10-17 stop 10-18_12:00 2W missed", clockLines(s.Clocks, "K6"))
}

func TestStepTimeLeavesPausesOut(t *testing.T) {
	s := fold(t, caseFacts(accepted(limits,
		fact{"10-15 12", "step_start", `{"step_code":"test","limit_days":2}`},
		fact{"10-16 00", "suspend_start", `{"approved_days":1}`}, // until the end of 10-17
		fact{"10-18 12", "suspend_end", ""},
		fact{"10-18 12", "step_end", `{"step_code":"test"}`})...))
	assert.Equal(t, lifecycle.NullFloat64{V: 1, OK: true}, s.Steps[0].NetDays, "half of 15, half of 18; 16 and 17 paused")
	assert.Equal(t, "K6#1 10-15_12:00 due 10-18 stop 10-18_12:00 2W paused 1 met", clockLines(s.Clocks, "K6"))
}

// A step that is late stays late: two working days from Monday 15th end with the 17th,
// and the pause of the 18th comes when they are over.
func TestAPauseThatBeginsWhenAStepIsLateMovesNothing(t *testing.T) {
	s := fold(t, caseFacts(accepted(limits,
		fact{"10-15 12", "step_start", `{"step_code":"test","limit_days":2}`},
		fact{"10-18 09", "suspend_start", `{"approved_days":5}`},
		fact{"10-22 09", "suspend_end", ""},
		fact{"10-22 12", "step_end", `{"step_code":"test"}`})...))
	assert.Equal(t, "K6#1 10-15_12:00 due 10-17 stop 10-22_12:00 2W missed", clockLines(s.Clocks, "K6"))
}

// Domain guide 2.2: where the fee wait pauses, it pauses K6 too, and how long is known when
// the fee is paid. Two working days from Monday 15th; the notice of the 16th comes in time,
// so until the 18th, when the fee is paid, the step has no due: 17 and 18 are taken out, and
// the second day is the 19th. That holds as well when the notice is known by an amend that
// was made after the 17th: nothing that is said later takes a verdict back that the amend
// has left standing (docs/supervision.md, section 10).
func TestAStepHasNoDueWhileItsFeeIsNotPaid(t *testing.T) {
	items := items.New([]event.Item{
		{EventID: "1", TaskCode: "pauses", TaskVersion: "1", LegalDays: intp(10), FeePauses: true},
	})
	fold := func(more ...fact) string {
		facts := caseFacts(accepted("", more...)...)
		facts[1].TaskCode = "pauses"
		s := lifecycle.FoldCase(facts, items, cal(t), policyOfTests())
		return clockLines(s.Clocks, "K6")
	}
	start, notice := fact{"10-15 12", "step_start", `{"step_code":"review","limit_days":2}`}, fact{"10-16 10", "fee_notice", ""}
	assert.Equal(t, "K6#1 10-15_12:00 2W provisional running", fold(start, notice))
	assert.Equal(t, "K6#1 10-15_12:00 due 10-19 2W paused 2 running", fold(start, notice, fact{"10-18 10", "fee_paid", ""}))
	assert.Equal(t, "K6#1 10-15_12:00 due 10-17 2W running", fold(start, fact{"10-18 10", "fee_notice", ""}),
		"it was late when the notice came")
	assert.Equal(t, "K6#1 10-15_12:00 2W provisional running", fold(start, fact{"10-18 11", "fee_notice", ""},
		fact{"10-18 12", "amend", `{"target_event_id":"e04","approver":"u","set":{"event_time":"2018-10-16T10:00:00+08:00"}}`}))
	// The step ends before the fee is paid: all days since the notice are taken out, then and for good.
	end := fact{"10-22 10", "step_end", `{"step_code":"review"}`}
	assert.Equal(t, "K6#1 10-15_12:00 due 10-23 stop 10-22_10:00 2W paused 4 met", fold(start, notice, end))
	assert.Equal(t, "K6#1 10-15_12:00 due 10-23 stop 10-22_10:00 2W paused 4 met", fold(start, notice, end, fact{"10-25 10", "fee_paid", ""}))
}

// Each run of K6 keeps its number, by which cards are known: two working days from Monday
// 15th are over with the 17th, whatever limit the end of an earlier step names on the 19th.
func TestAClockOfAStepKeepsItsNumber(t *testing.T) {
	facts := accepted(limits, fact{"10-15 12", "step_start", `{"step_code":"review"}`},
		fact{"10-15 18", "step_start", `{"step_code":"sign","limit_days":2}`})
	sign := "K6#1 10-15_18:00 due 10-17 2W running"
	assert.Equal(t, sign, clockLines(fold(t, caseFacts(facts...)).Clocks, "K6"))
	s := fold(t, caseFacts(append(facts, fact{"10-19 10", "step_end", `{"step_code":"review","limit_days":9}`})...))
	assert.Equal(t, "K6#2 10-15_12:00 due 10-26 stop 10-19_10:00 9W met\n"+sign, clockLines(s.Clocks, "K6"))
}

func TestStepsOutOfOrderAreKept(t *testing.T) {
	s := fold(t, caseFacts(fact{"10-15 09", "apply", ""}, fact{"10-15 12", "step_start", `{"step_code":"a"}`}))
	assert.Len(t, s.Steps, 1)
	require.Len(t, s.Illegal, 1)
	assert.Equal(t, lifecycle.Submitted, s.History[0].State)
}

func TestRepeatedStepsPairInOrder(t *testing.T) {
	s := fold(t, caseFacts(accepted(limits,
		fact{"10-16 08", "step_start", `{"step_code":"a"}`}, fact{"10-16 10", "step_start", `{"step_code":"a"}`},
		fact{"10-16 12", "step_end", `{"step_code":"a"}`}, fact{"10-16 20", "step_end", `{"step_code":"a"}`})...))
	require.Len(t, s.Steps, 2)
	assert.Equal(t, at("10-16 12"), s.Steps[0].EndAt)
	assert.Equal(t, at("10-16 20"), s.Steps[1].EndAt)
}

// A step that was never closed ends with the case: with its decision, else its end. One that is over its limit by then
// is missed, another is asked for by nobody, and goes on when the case is taken up again.
func TestAStepThatIsOpenEndsWithTheCase(t *testing.T) {
	start := fact{"10-15 12", "step_start", `{"step_code":"review","limit_days":2}`}
	k6 := func(more ...fact) string {
		return clockLines(fold(t, caseFacts(accepted(limits, append([]fact{start}, more...)...)...)).Clocks, "K6")
	}
	assert.Equal(t, "K6#1 10-15_12:00 due 10-17 stop 10-16_12:00 2W cancelled", k6(fact{"10-16 12", "finish", ""}))
	assert.Equal(t, "K6#1 10-15_12:00 due 10-17 stop 10-16_12:00 2W cancelled",
		k6(fact{"10-16 12", "decide", ""}, fact{"10-22 12", "finish", ""}))
	assert.Equal(t, "K6#1 10-15_12:00 due 10-17 stop 10-16_12:00 2W cancelled", k6(fact{"10-16 12", "withdraw", ""}))
	assert.Equal(t, "K6#1 10-15_12:00 due 10-17 stop 10-18_12:00 2W missed", k6(fact{"10-18 12", "finish", ""}))
	assert.Equal(t, "K6#1 10-15_12:00 due 10-17 2W running", k6())
	assert.Equal(t, "K6#1 10-15_12:00 due 10-19 2W paused 2 running", k6(fact{"10-16 12", "finish", ""}, fact{"10-18 12", "reopen", ""}))
}
