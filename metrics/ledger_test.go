package metrics_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// questions is how many are asked in a run of the tests; DUBAN_QUESTIONS asks for more.
func questions(t *testing.T, usual int) int {
	t.Helper()
	if text := os.Getenv("DUBAN_QUESTIONS"); text != "" {
		n, err := strconv.Atoi(text)
		require.NoError(t, err)
		return n
	}
	return usual
}

// inLedger are the indicators that are read from movements.
var inLedger = []string{"C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "D01", "D02", "D03", "D04", "F01", "F06", "F07"}

// ask makes a random question about an indicator, by one grain or two, a period and an instant.
func ask(l *enginetest.Lives, id string) (queries.Args, []string) {
	begin := time.Date(2026, 2, 1, 16, 0, 0, 0, time.UTC)
	instant := func() time.Time {
		switch l.IntN(4) {
		case 0:
			return begin.AddDate(0, 0, l.IntN(110)) // midnight in Shanghai
		case 1:
			return begin.AddDate(0, 0, l.IntN(110)).Add(-time.Millisecond)
		case 2:
			return time.Date(2026, time.Month(3+l.IntN(3)), 1, -8, 0, 0, 0, time.UTC) // month end
		}
		return begin.Add(time.Duration(l.IntN(110*24*60)) * time.Minute)
	}
	args := queries.Args{"as_of": instant()}
	if l.Chance(60) {
		args["from"] = instant()
	}
	if l.Chance(60) {
		args["to"] = instant()
		if from, ok := args["from"].(time.Time); ok && !from.Before(args["to"].(time.Time)) {
			delete(args, "to")
		}
	}
	for name, of := range map[string][]string{"source": {"a", "b", "h"}, "org": {"o1", "o2"}, "region": {"610100", "610102", "610000"}} {
		if l.Chance(20) {
			args[name] = l.One(of...)
		}
	}
	grains := []string{"", "", "region", "city", "county", "org", "channel", "source", "day", "month", "quarter", "year"}
	if id[0] == 'F' {
		grains = append(grains, "kind")
	} else {
		grains = append(grains, "item", "window", "project_type")
	}
	var by []string
	for range 1 + l.IntN(3)/2 {
		if g := l.One(grains...); g != "" && (len(by) == 0 || by[0] != g) {
			by = append(by, g)
		}
	}
	return args, by
}

// Figures read from the ledger of movements equal those computed from the states, for any
// filter, grain, period and instant, with lives that were voided, amended, reopened and joint.
func TestFiguresOfTheLedgerEqualThoseOfTheStates(t *testing.T) {
	reg, err := queries.Load()
	require.NoError(t, err)
	seed := uint64(1)
	if text := os.Getenv("DUBAN_SEED"); text != "" {
		seed, err = strconv.ParseUint(text, 10, 64)
		require.NoError(t, err)
	}
	l := enginetest.NewLives(seed)
	db := storetest.New(t)
	facts := l.Tell(400, 150, 400)
	e := enginetest.New(t, db, func(c *engine.Config, _ *engine.Deps) { c.RoundDeliveries, c.Movements = 1500, true })
	for rest := facts; len(rest) > 0; {
		n := min(len(rest), 400+l.IntN(900))
		enginetest.Insert(t, db, rest[:n]...)
		require.NoError(t, e.CatchUp(t.Context()))
		rest = rest[n:]
	}
	differ := map[string]int{}
	for n := range questions(t, 90) {
		id := inLedger[n%len(inLedger)]
		args, by := ask(l, id)
		want, err := reg.Run(t.Context(), db.Conn(), "indicator/"+id, args, by...)
		require.NoError(t, err)
		got, err := reg.Run(t.Context(), db.Conn(), "figures/"+id, args, by...)
		require.NoError(t, err, "%s %v by %v", id, args, by)
		if !equalRows(want, got) {
			differ[id]++
			if differ[id] <= 3 {
				t.Errorf("%s %v by %v:\nstates %v\nledger %v", id, args, by, less(want, got), less(got, want))
			}
		}
	}
	require.Empty(t, differ)
}

func lines(r *queries.Result) []string {
	var out []string
	for _, row := range r.Rows {
		out = append(out, fmt.Sprint(row...))
	}
	return out
}

func equalRows(a, b *queries.Result) bool { return fmt.Sprint(lines(a)) == fmt.Sprint(lines(b)) }

// less are the rows of a that b does not have.
func less(a, b *queries.Result) []string {
	has := map[string]bool{}
	for _, line := range lines(b) {
		has[line] = true
	}
	var out []string
	for _, line := range lines(a) {
		if !has[line] {
			out = append(out, line)
		}
	}
	return out
}

// A figure as known at an instant stays the same for ever, whatever arrives later about the
// time before: the second half of all facts comes after it.
func TestAFigureAsKnownThenStays(t *testing.T) {
	reg, err := queries.Load()
	require.NoError(t, err)
	l := enginetest.NewLives(4)
	db := storetest.New(t)
	facts := l.Tell(80, 40, 100)
	l.Shuffle(len(facts), func(i, j int) { facts[i], facts[j] = facts[j], facts[i] })
	keeping := func(c *engine.Config, _ *engine.Deps) { c.Movements = true }
	enginetest.Insert(t, db, facts[:len(facts)/2]...)
	require.NoError(t, enginetest.New(t, db, keeping).CatchUp(t.Context()))
	known := time.Now()
	type question struct {
		id   string
		args queries.Args
		by   []string
		then []string
	}
	var asked []question
	for _, id := range inLedger {
		q := question{id: id, args: queries.Args{"as_of": time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)}, by: []string{"org"}}
		now, err := reg.Run(t.Context(), db.Conn(), "figures/"+id, q.args, q.by...)
		require.NoError(t, err)
		q.then = lines(now)
		asked = append(asked, q)
	}
	enginetest.Insert(t, db, facts[len(facts)/2:]...)
	require.NoError(t, enginetest.New(t, db, keeping).CatchUp(t.Context()))
	moved := 0
	for _, q := range asked {
		now, err := reg.Run(t.Context(), db.Conn(), "figures/"+q.id, q.args, q.by...)
		require.NoError(t, err)
		q.args["known_at"] = known
		then, err := reg.Run(t.Context(), db.Conn(), "figures/"+q.id, q.args, q.by...)
		require.NoError(t, err)
		require.Equal(t, q.then, lines(then), q.id)
		if fmt.Sprint(lines(now)) != fmt.Sprint(q.then) {
			moved++
		}
	}
	require.Greater(t, moved, 10, "the facts that came later moved most figures")
}
