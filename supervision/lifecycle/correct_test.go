package lifecycle_test

import (
	"fmt"
	"testing"
	"time"

	"duban/ingest/event"
	"duban/supervision/lifecycle"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func fold(t *testing.T, facts []event.Case) lifecycle.CaseState {
	t.Helper()
	return lifecycle.FoldCase(facts, nil, cal(t), policyOfTests())
}

func asOf(t *testing.T, s lifecycle.CaseState, when string) string {
	t.Helper()
	x, ok := lifecycle.AsOf(s.History, at(when))
	require.True(t, ok, "a snapshot at %s", when)
	return line(x)
}

// Domain guide 2.2, void: what was known before the void stays as it was known.
func TestVoidTakesAFactBackFromThenOn(t *testing.T) {
	s := fold(t,
		caseFacts(accepted(limits, fact{"10-22 10", "finish", ""}, fact{"10-23 15", "void", `{"target_event_id":"e03","approver":"x"}`})...))
	assert.Equal(t, "finished due 10-24 promise legal 10-29 stop 10-22_10:00 net 5 margin 2/5", asOf(t, s, "10-23 14"))
	assert.Equal(t, "accepted due 10-24 promise legal 10-29", asOf(t, s, "10-23 15"))
	assert.Equal(t, uint32(3), s.Facts, "apply, accept and the void; not the finish")
	assert.Zero(t, s.History[len(s.History)-1].FinishedAt)
	assert.Equal(t, at("10-23 15"), s.LastAt)
}

func TestVoidOfTheOnlyFactLeavesAVoidCase(t *testing.T) {
	s := fold(t, caseFacts(fact{"10-15 09", "apply", ""}, fact{"10-16 09", "void", `{"target_event_id":"e01"}`}))
	assert.Equal(t, "submitted", asOf(t, s, "10-15 10"))
	assert.Equal(t, " [void]", asOf(t, s, "10-16 10"))
	s = fold(t, caseFacts(fact{"10-16 09", "void", `{"target_event_id":"e01x"}`}))
	assert.Equal(t, " [void]", asOf(t, s, "10-16 10"), "a void that arrived before its target")
	assert.Equal(t, at("10-16 09"), s.FirstAt)
}

func TestVoidOfTheAcceptanceLetsTheLawDeem(t *testing.T) {
	s := fold(t, caseFacts(accepted(limits, fact{"10-16 10", "void", `{"target_event_id":"e02"}`})...))
	assert.Equal(t, "submitted", asOf(t, s, "10-16 10"))
	assert.Equal(t, "accepted due 11-12 legal legal 11-12 deemed", asOf(t, s, "10-23 00"))
}

func TestAmendMovesAFactFromThenOn(t *testing.T) {
	s := fold(t, caseFacts(accepted(limits, fact{"10-25 10", "finish", ""},
		fact{"10-29 10", "amend", `{"target_event_id":"e03","set":{"event_time":"2018-10-24T10:00:00+08:00"}}`})...))
	assert.Equal(t, "finished due 10-24 promise legal 10-29 stop 10-25_10:00 net 8 margin -1/2", asOf(t, s, "10-29 09"))
	assert.Equal(t, "finished due 10-24 promise legal 10-29 stop 10-24_10:00 net 7 margin 0/3", asOf(t, s, "10-29 10"))
}

func TestAmendReplacesPayloadKeys(t *testing.T) {
	s := fold(t, caseFacts(accepted(limits,
		fact{"10-16 10", "amend", `{"target_event_id":"e02","set":{"payload":{"promise_days":5}}}`},
		fact{"10-17 10", "amend", `{"target_event_id":"e02","set":{"payload":{"legal_days":null}}}`})...))
	assert.Equal(t, "accepted due 10-24 promise legal 10-29", asOf(t, s, "10-16 09"))
	assert.Equal(t, "accepted due 10-22 promise legal 10-29", asOf(t, s, "10-16 10"), "the other keys stay")
	assert.Equal(t, "accepted due 10-22 promise legal 11-12", asOf(t, s, "10-17 10"), "null takes a key away; both amends hold")
}

func TestVoidOfAnAmendBringsTheFirstWordBack(t *testing.T) {
	s := fold(t, caseFacts(accepted(limits,
		fact{"10-16 10", "amend", `{"target_event_id":"e02","set":{"payload":{"promise_days":5}}}`},
		fact{"10-17 10", "void", `{"target_event_id":"e03"}`})...))
	assert.Equal(t, "accepted due 10-22 promise legal 10-29", asOf(t, s, "10-16 10"))
	assert.Equal(t, "accepted due 10-24 promise legal 10-29", asOf(t, s, "10-17 10"))
	s = fold(t, caseFacts(accepted(limits, fact{"10-22 10", "finish", ""},
		fact{"10-23 10", "void", `{"target_event_id":"e03"}`}, fact{"10-24 10", "void", `{"target_event_id":"e04"}`})...))
	assert.Equal(t, "accepted due 10-24 promise legal 10-29", asOf(t, s, "10-23 10"))
	assert.Equal(t, "finished due 10-24 promise legal 10-29 stop 10-22_10:00 net 5 margin 2/5", asOf(t, s, "10-24 10"))
}

func TestCorrectionThatNamesAFactOfLater(t *testing.T) {
	s := fold(t, caseFacts(accepted(limits, fact{"10-22 10", "finish", ""},
		fact{"10-18 10", "amend", `{"target_event_id":"e03","set":{"event_time":"2018-10-19T10:00:00+08:00"}}`})...))
	assert.Equal(t, "accepted due 10-24 promise legal 10-29", asOf(t, s, "10-20 10"), "the finish has not been said yet")
	assert.Equal(t, "finished due 10-24 promise legal 10-29 stop 10-19_10:00 net 4 margin 3/6", asOf(t, s, "10-22 10"))
}

// One broken source must not hold up all others: the work is about facts times
// corrections.
func TestLargeCorrectedCase(t *testing.T) {
	var list []fact
	for i := range 4000 {
		list = append(list, fact{"10-15 09", "activity", ""})
		if i%20 == 0 {
			list = append(list, fact{"10-16 09", "void", fmt.Sprintf(`{"target_event_id":"e%02d"}`, len(list))})
		}
	}
	facts := caseFacts(list...)
	for i := range facts {
		facts[i].OccurredAt += int64(i) * 1000
	}
	start := time.Now()
	s := fold(t, facts)
	assert.Less(t, time.Since(start), 20*time.Second)
	assert.Equal(t, uint32(4000), s.Facts, "200 voids, and 3800 of 4000 activities")
}

// Domain guide 2.6.
func TestHigherRevisionSupersedes(t *testing.T) {
	facts := caseFacts(accepted(limits, fact{"10-22 10", "finish", `{"result_type":"approved"}`},
		fact{"10-22 10", "finish", `{"result_type":"denied"}`})...)
	facts[3].EventID, facts[3].Revision = facts[2].EventID, 1
	s := fold(t, facts)
	assert.Equal(t, "denied", s.ResultType)
	assert.Equal(t, uint32(3), s.Facts)
	assert.False(t, s.Conflict)
	assert.Empty(t, s.Illegal)

	facts[3].OccurredAt = at("10-26 10")
	s = fold(t, facts)
	assert.Contains(t, asOf(t, s, "10-25 10"), "stop 10-22_10:00 net 5 margin 2/5", "revision 1 was not said yet")
	assert.Contains(t, asOf(t, s, "10-26 10"), "stop 10-26_10:00 net 9 margin -2/1")

	facts[3].OccurredAt = at("10-19 10")
	s = fold(t, facts)
	assert.Contains(t, asOf(t, s, "10-19 10"), "stop 10-19_10:00")
	assert.Len(t, s.History, 3)
}

func TestConflictingRewriteFirstArrivalStands(t *testing.T) {
	facts := caseFacts(accepted(limits, fact{"10-22 10", "finish", ""}, fact{"10-20 10", "finish", ""})...)
	facts[3].EventID = facts[2].EventID
	s := fold(t, facts)
	assert.True(t, s.Conflict)
	assert.Contains(t, asOf(t, s, "10-30 10"), "stop 10-22_10:00")

	facts[3].Origin.ReceivedAt = facts[2].Origin.ReceivedAt - 5
	s = fold(t, facts)
	assert.True(t, s.Conflict)
	assert.Contains(t, asOf(t, s, "10-30 10"), "stop 10-20_10:00")

	facts[3] = facts[2]
	facts[3].Seq, facts[3].EmittedAt, facts[3].Origin.Offset = 9, 9, 99
	s = fold(t, facts)
	assert.False(t, s.Conflict, "only the sending differs: a redelivery")
	assert.Equal(t, uint32(3), s.Facts)

	facts[2].Content, facts[3].Content = 1, 2
	assert.True(t, fold(t, facts).Conflict, "the content hash decides where there is one")
}

func TestFactsOfOneInstantFoldByRank(t *testing.T) {
	s := fold(t, caseFacts(fact{"10-15 09", "finish", ""}, fact{"10-15 09", "accept", limits}, fact{"10-15 09", "apply", ""}))
	require.Len(t, s.History, 1)
	assert.Equal(t, "finished due 10-24 promise legal 10-29 stop 10-15_09:00 net 0 margin 7/10", line(s.History[0]))
	assert.Empty(t, s.Illegal)
}
