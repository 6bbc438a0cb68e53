package plan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/supervision/divisions"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/truth"
	"duban/supervision/simulate/world"
)

// lawful lets nobody break a rule.
type lawful struct{}

func (lawful) Case(uint64, int64) bool   { return false }
func (lawful) Ticket(uint64, int64) bool { return false }

func planner(t *testing.T, seed uint64) *plan.Planner {
	t.Helper()
	days, err := world.LoadWorkdays()
	require.NoError(t, err)
	table, err := divisions.Load()
	require.NoError(t, err)
	from, end := world.DayOf(2025, 7, 1), world.DayOf(2026, 7, 1)
	w, err := world.New(table, days, "610000", "610800", from, end-1)
	require.NoError(t, err)
	p := plan.New(w, truth.Oracle{World: w}, seed, end, end)
	p.Injector = lawful{}
	return p
}

var monday = world.DayOf(2025, 9, 15)

func TestTheLifeOfACaseDependsOnTheSeedAndItsNumberAlone(t *testing.T) {
	one, other, another := planner(t, 7), planner(t, 7), planner(t, 8)
	var a, b, c plan.Subject
	differ := 0
	for i := range int64(200) {
		one.PlanCase(&a, plan.StreamCase, i, monday)
		other.PlanTicket(&b, plan.StreamTicket, i, monday) // what was planned in between is nobody's business
		other.PlanCase(&b, plan.StreamCase, i, monday)
		require.Equal(t, a, b, "case %d", i)
		another.PlanCase(&c, plan.StreamCase, i, monday)
		if len(c.Facts) != len(a.Facts) || c.Item != a.Item {
			differ++
		}
	}
	require.Greater(t, differ, 150, "another seed is another province")
}

func TestALifeBeginsOnItsDayAndGoesForward(t *testing.T) {
	p := planner(t, 7)
	var s plan.Subject
	for i := range int64(2000) {
		p.PlanCase(&s, plan.StreamCase, i, monday)
		require.Equal(t, string(event.Apply), s.Facts[0].Type)
		require.Equal(t, monday, world.LocalDay(s.Facts[0].At))
		require.Empty(t, s.Planted)
		var last int64
		for k := range s.Facts {
			if f := &s.Facts[k]; f.About == plan.AboutCase && f.Revision == 0 {
				require.GreaterOrEqual(t, f.At, last, "case %d, fact %d (%s)", i, k, f.Type)
				last = f.At
			}
		}
	}
}

// Of what happens from the end on nothing is sent, and the rest is sent after it happened,
// each fact once where there are no faults.
func TestWhatHappensAfterTheEndIsNotSent(t *testing.T) {
	p := planner(t, 7)
	end := world.StartOf(monday + 14)
	var s plan.Subject
	dropped := 0
	for i := range int64(500) {
		p.PlanCase(&s, plan.StreamCase, i, monday)
		planned := len(s.Facts)
		require.Equal(t, [3]int64{}, p.Schedule(end, 0, 0))
		dropped += planned - len(s.Facts)
		require.Len(t, s.Sends, len(s.Facts))
		for _, x := range s.Sends {
			require.Less(t, s.Facts[x.Fact].At, end)
			require.Greater(t, x.At, s.Facts[x.Fact].At)
		}
	}
	require.Positive(t, dropped)
}
