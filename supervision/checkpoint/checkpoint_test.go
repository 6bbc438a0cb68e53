package checkpoint

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// text writes a checkpoint as Save does.
func text(t *testing.T, v Value) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

// Rows of earlier programs are read as they were meant, and are the same when they
// are written anew.
func TestCheckpointsOfEarlierProgramsAreTakenUp(t *testing.T) {
	basis := Basis{Program: "10", Calendar: "CN-2026.08.07", Policy: "0f1e2d3c4b5a6978"}
	late := LateFacts{DayS: 1772409600, LagMS: 90_000_000, SinceMS: 1772700000123, LastMS: 1772700100456}
	old := Set{
		"basis":                 "program 10, calendar CN-2026.08.07, policy 0f1e2d3c4b5a6978",
		"rules":                 "ab12 on program 10, calendar CN-2026.08.07, policy 0f1e2d3c4b5a6978",
		"recompute_requested":   "7f",
		"recompute_answered":    "7f",
		"daily early-warning":   "2026-03-03 1234",
		"rules behind":          "R-DDL-03 R-ORD-01",
		"alerts_looked":         "4294967297 1772700000123",
		"alerts_why":            "4294967298 rule_changed;4294967299 calendar_changed",
		"alerts_followed":       "4294967300",
		"periods touched":       "1772409600 90000000 1772700000123 1772700100456",
		"periods again":         "none",
		"periods of R-SAT-01@1": "2026-03-05T16:00:00Z",
		"periods of R-SAT-02@1": "2026-03-05T16:00:00Z true 1772409600 77 5 1772409600 90000000 1772700000123 1772700100456",
		"periods of R-SAT-03@2": "2026-03-05T16:00:00Z false 0 0 0 78/6 1772409600 90000000 1772700000123 1772700100456",
	}
	progress := func(s Set, rule string, version uint16) Progress {
		p, err := s.Progress(rule, version)
		require.NoError(t, err)
		return p
	}
	upTo := time.Date(2026, 3, 5, 16, 0, 0, 0, time.UTC)
	check := func(s Set) {
		t.Helper()
		b, err := s.Basis()
		require.NoError(t, err)
		require.Equal(t, basis, b)
		r, err := s.Rules()
		require.NoError(t, err)
		require.Equal(t, Rules{Hash: "ab12", Basis: basis}, r)
		q, err := s.Requested()
		require.NoError(t, err)
		require.Equal(t, "7f", q.ID)
		a, err := s.Answered()
		require.NoError(t, err)
		require.Equal(t, "7f", a.ID)
		d, err := s.Daily("early-warning")
		require.NoError(t, err)
		require.Equal(t, Daily{Work: "early-warning", Day: "2026-03-03", Facts: 1234}, d)
		f, err := s.FailedRules()
		require.NoError(t, err)
		require.Equal(t, []string{"R-DDL-03", "R-ORD-01"}, f.IDs)
		n, err := s.Announced()
		require.NoError(t, err)
		require.Equal(t, Announced{Version: 1<<32 | 1, UntilMS: 1772700000123}, n)
		w, err := s.Reasons()
		require.NoError(t, err)
		require.Equal(t, map[uint64]string{1<<32 | 2: "rule_changed", 1<<32 | 3: "calendar_changed"}, w.Of)
		l, err := s.Followed()
		require.NoError(t, err)
		require.EqualValues(t, 1<<32|4, l.Version)
		h, err := s.Touched()
		require.NoError(t, err)
		require.Equal(t, late, h.LateFacts)
		j, err := s.Rejudged()
		require.NoError(t, err)
		require.True(t, j.None())
		require.Equal(t, Progress{Rule: "R-SAT-01", RuleVersion: 1, UpTo: upTo}, progress(s, "R-SAT-01", 1))
		require.Equal(t, Progress{
			Rule: "R-SAT-02", RuleVersion: 1, UpTo: upTo, Rejudging: true, Again: late.Day(), Version: 77, LagMS: 5, TakenUp: late,
		}, progress(s, "R-SAT-02", 1))
		third := progress(s, "R-SAT-03", 2)
		require.Equal(t, []any{uint64(78), int64(6), late, false}, []any{third.Taken, third.TakenLagMS, third.TakenUp, third.Rejudging})
	}
	check(old)

	renewed := Set{}
	put := func(v Value, err error) {
		require.NoError(t, err)
		renewed[v.Name()] = text(t, v)
	}
	b, err := old.Basis()
	put(b, err)
	r, err := old.Rules()
	put(r, err)
	q, err := old.Requested()
	put(q, err)
	a, err := old.Answered()
	put(a, err)
	d, err := old.Daily("early-warning")
	put(d, err)
	f, err := old.FailedRules()
	put(f, err)
	n, err := old.Announced()
	put(n, err)
	w, err := old.Reasons()
	put(w, err)
	l, err := old.Followed()
	put(l, err)
	h, err := old.Touched()
	put(h, err)
	j, err := old.Rejudged()
	put(j, err)
	for _, x := range []struct {
		rule    string
		version uint16
	}{{"R-SAT-01", 1}, {"R-SAT-02", 1}, {"R-SAT-03", 2}} {
		put(progress(old, x.rule, x.version), nil)
	}
	require.Len(t, renewed, len(old), "every row has a type")
	check(renewed)
}

func TestWhatWasNeverWrittenIsZero(t *testing.T) {
	s := Set{}
	b, err := s.Basis()
	require.NoError(t, err)
	require.Equal(t, Basis{}, b)
	require.Empty(t, b.String())
	n, err := s.Announced()
	require.NoError(t, err)
	require.Equal(t, time.Unix(0, 0).UTC(), n.Until())
	p, err := s.Progress("R", 1)
	require.NoError(t, err)
	require.True(t, p.UpTo.IsZero())
	// So is what was taken away.
	s["rules"] = text(t, Rules{})
	r, err := s.Rules()
	require.NoError(t, err)
	require.Equal(t, Rules{}, r)
}

func TestACheckpointThatCannotBeReadIsNamed(t *testing.T) {
	_, err := Set{"alerts_looked": "yesterday"}.Announced()
	require.ErrorContains(t, err, "read checkpoint alerts_looked")
	_, err = Set{"periods of R@1": `{"up_to": 3}`}.Progress("R", 1)
	require.ErrorContains(t, err, "read checkpoint periods of R@1")
}

func TestOnlyTheCalendarDiffers(t *testing.T) {
	was := parseBasis("program 10, calendar A, policy p")
	require.True(t, was.OnlyCalendar(Basis{"10", "B", "p"}))
	require.False(t, was.OnlyCalendar(Basis{"11", "B", "p"}), "the program too")
	require.False(t, was.OnlyCalendar(Basis{"10", "A", "p"}), "nothing")
	require.False(t, Basis{}.OnlyCalendar(Basis{"10", "B", "p"}), "nothing was folded")
	require.False(t, parseBasis("of another kind").OnlyCalendar(Basis{"10", "B", "p"}))
}
