package inject

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/supervision/divisions"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/truth"
	"duban/supervision/simulate/world"
)

func injector(t *testing.T, share float64) *Injector {
	t.Helper()
	days, err := world.LoadWorkdays()
	require.NoError(t, err)
	table, err := divisions.Load()
	require.NoError(t, err)
	from, end := world.DayOf(2025, 7, 1), world.DayOf(2026, 7, 1)
	w, err := world.New(table, days, "610000", "610800", from, end-1)
	require.NoError(t, err)
	return New(plan.New(w, truth.Oracle{World: w}, 7, end, end), share, 4000)
}

var monday = world.DayOf(2025, 9, 15)

// broken counts the lives of a share by the rule that they break.
func broken(t *testing.T, share float64) (cases, tickets map[string]int) {
	t.Helper()
	p := injector(t, share)
	cases, tickets = map[string]int{}, map[string]int{}
	var s plan.Subject
	for i := range int64(4000) {
		p.PlanCase(&s, plan.StreamCase, i, monday)
		cases[s.Planted]++
		p.PlanTicket(&s, plan.StreamTicket, i, monday)
		tickets[s.Planted]++
	}
	return cases, tickets
}

func TestWithoutAShareNobodyBreaksARule(t *testing.T) {
	cases, tickets := broken(t, 0)
	require.Equal(t, map[string]int{"": 4000}, cases)
	require.Equal(t, map[string]int{"": 4000}, tickets)
}

func TestEveryWayToBreakARuleIsTaken(t *testing.T) {
	cases, tickets := broken(t, 1)
	require.Zero(t, cases[""])
	for _, v := range caseViolations {
		require.Positive(t, cases[v.rule], v.rule)
	}
	for _, v := range ticketViolations {
		require.Positive(t, tickets[v.rule], v.rule)
	}
	require.Positive(t, tickets["R-HOT-06"], "callers who come back")
}

// A share is one of all lives: of 4,000 a quarter are about 1,000 (a deviation of 27).
func TestAShareOfTheLivesBreaksARule(t *testing.T) {
	cases, _ := broken(t, 0.25)
	require.InDelta(t, 3000, cases[""], 110)
}

// The third of four tickets of one caller is the one too many.
func TestACallerComesBackThreeTimes(t *testing.T) {
	p := injector(t, 1)
	callers := map[string][]int32{}
	var s plan.Subject
	for i := range int64(400) {
		p.PlanTicket(&s, plan.StreamTicket, i, monday)
		if s.Repetition == 0 {
			continue
		}
		callers[s.Caller] = append(callers[s.Caller], s.Repetition)
		require.Equal(t, s.Repetition == 3, s.Planted == "R-HOT-06", "ticket %d", i)
	}
	require.NotEmpty(t, callers)
	for caller, list := range callers {
		require.Equal(t, []int32{1, 2, 3, 4}, list, caller)
	}
}
