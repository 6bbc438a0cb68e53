package metrics_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/metrics"
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
func ask(l *enginetest.Lives, id string) metrics.Request {
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
	req := metrics.Request{ID: id, AsOf: instant()}
	if l.Chance(60) {
		req.From = instant()
	}
	if l.Chance(60) {
		if to := instant(); req.From.Before(to) {
			req.To = to
		}
	}
	maybe := func(of ...string) string {
		if l.Chance(20) {
			return l.One(of...)
		}
		return ""
	}
	req.Source, req.Org, req.Region = maybe("a", "b", "h"), maybe("o1", "o2"), maybe("610100", "610102", "610000")
	grains := []string{"", "", "region", "city", "county", "org", "channel", "source", "day", "month", "quarter", "year",
		"province", "township", "village", "line", "gov_level"}
	if id[0] == 'F' {
		grains = append(grains, "kind", "called_number")
	} else {
		grains = append(grains, "item", "window", "project_type", "item_type")
	}
	for range 1 + l.IntN(3)/2 {
		if g := l.One(grains...); g != "" && (len(req.By) == 0 || req.By[0] != g) {
			req.By = append(req.By, g)
		}
	}
	return req
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
		req := ask(l, inLedger[n%len(inLedger)])
		want, err := metrics.Evaluate(metrics.FromStates(t.Context()), reg, db.Conn(), req)
		require.NoError(t, err)
		require.Equal(t, "indicator/"+req.ID, want.Query.Name)
		got, err := metrics.Evaluate(t.Context(), reg, db.Conn(), req)
		require.NoError(t, err, "%+v", req)
		if !slices.Contains(req.By, "line") && !slices.Contains(req.By, "gov_level") {
			require.False(t, got.KnownAt.IsZero(), "it is read from the ledger")
		}
		if !equalRows(want, got) {
			differ[req.ID]++
			if differ[req.ID] <= 3 {
				t.Errorf("%+v:\nstates %v\nledger %v", req, less(want, got), less(got, want))
			}
			continue
		}
		require.Zero(t, want.KnownAt)
		require.Equal(t, written(t, want), written(t, got, asOfNow))
	}
	require.Empty(t, differ)
}

func asOfNow(r *queries.Result) { r.KnownAt = time.Time{} }

// written is an answer as JSON.
func written(t *testing.T, r *queries.Result, change ...func(*queries.Result)) string {
	t.Helper()
	own := *r
	for _, f := range change {
		f(&own)
	}
	var b bytes.Buffer
	require.NoError(t, own.WriteJSON(&b))
	return b.String()
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

// A figure as known at an instant stays the same for ever, to the byte, whatever arrives later
// about the time before: the second half of all facts comes after it.
func TestAFigureAsKnownThenStays(t *testing.T) {
	reg, err := queries.Load()
	require.NoError(t, err)
	l := enginetest.NewLives(4)
	db := storetest.New(t)
	facts := l.Tell(80, 40, 100)
	l.Shuffle(len(facts), func(i, j int) { facts[i], facts[j] = facts[j], facts[i] })
	before := time.Now()
	enginetest.Insert(t, db, facts[:len(facts)/2]...)
	require.NoError(t, enginetest.New(t, db, keeping).CatchUp(t.Context()))
	var known time.Time
	then := map[string]string{}
	of := func(id string) metrics.Request {
		return metrics.Request{ID: id, AsOf: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), By: []string{"org"}}
	}
	for _, id := range inLedger {
		res, err := metrics.Evaluate(t.Context(), reg, db.Conn(), of(id))
		require.NoError(t, err)
		require.NotZero(t, res.KnownAt)
		known, then[id] = res.KnownAt, written(t, res)
	}
	enginetest.Insert(t, db, facts[len(facts)/2:]...)
	require.NoError(t, enginetest.New(t, db, keeping).CatchUp(t.Context()))
	moved := 0
	for _, id := range inLedger {
		now, err := metrics.Evaluate(t.Context(), reg, db.Conn(), of(id))
		require.NoError(t, err)
		require.True(t, now.KnownAt.After(known))
		if req := of(id); written(t, now) != then[id] {
			moved++
			req.KnownAt = known
			res, err := metrics.Evaluate(t.Context(), reg, db.Conn(), req)
			require.NoError(t, err)
			require.Equal(t, then[id], written(t, res), id)
			req.KnownAt = now.KnownAt.Add(-time.Millisecond)
			res, err = metrics.Evaluate(t.Context(), reg, db.Conn(), req)
			require.NoError(t, err)
			require.Equal(t, then[id], written(t, res), "within the pass that brought the rest nothing is known of it")
		}
	}
	require.Greater(t, moved, 10, "the facts that came later moved most figures")

	for reason, ask := range map[metrics.Reason]func(*metrics.Request){
		metrics.NoLedger:     func(r *metrics.Request) { r.ID = "D05" },
		metrics.NoGrain:      func(r *metrics.Request) { r.By = []string{"line"} },
		metrics.BeforeLedger: func(r *metrics.Request) { r.KnownAt = before },
	} {
		req := of("D01")
		req.KnownAt = known
		ask(&req)
		_, err := metrics.Evaluate(t.Context(), reg, db.Conn(), req)
		var refused *metrics.NotKnownError
		require.ErrorAs(t, err, &refused, reason)
		require.Equal(t, reason, refused.Reason)
	}
	_, err = metrics.Cases(t.Context(), reg, db.Conn(), metrics.CasesRequest{Request: metrics.Request{ID: "D01", AsOf: known, KnownAt: known}})
	require.ErrorContains(t, err, "listed as it is known now")
}

// While the ledger is not where the states are, figures are computed from these: nobody reads
// yesterday's figure for today's.
func TestFiguresAreOfTheStatesWhileTheLedgerCatchesUp(t *testing.T) {
	reg, err := queries.Load()
	require.NoError(t, err)
	db := storetest.New(t)
	l := enginetest.NewLives(6)
	facts := l.Tell(30, 10, 0)
	half := len(facts) / 2
	ask := func(known bool) *queries.Result {
		t.Helper()
		res, err := metrics.Evaluate(t.Context(), reg, db.Conn(), metrics.Request{ID: "C01", AsOf: time.Now()})
		require.NoError(t, err)
		require.Equal(t, known, !res.KnownAt.IsZero())
		want, err := metrics.Evaluate(metrics.FromStates(t.Context()), reg, db.Conn(), metrics.Request{ID: "C01", AsOf: time.Now()})
		require.NoError(t, err)
		require.Equal(t, lines(want), lines(res))
		return res
	}
	enginetest.Insert(t, db, facts[:half]...)
	enginetest.Fold(t, db)
	ask(false) // there is no ledger
	require.NoError(t, enginetest.New(t, db, keeping).CatchUp(t.Context()))
	first := ask(true)
	enginetest.Insert(t, db, facts[half:]...)
	enginetest.Fold(t, db)
	require.NotEqual(t, lines(first), lines(ask(false)))
	require.NoError(t, enginetest.New(t, db, keeping).CatchUp(t.Context()))
	ask(true)
	// Whom the figures of an organisation count with is told by the directory, see queries/fragment/org_filter_then.sql.
	went := event.Organisation{SourceSys: "d", OrgCode: "o2", EventID: "m", Name: "o2", ValidFrom: 18262, ValidTo: 20454,
		Payload: `{"successor_code":"o1"}`}
	went.Origin.ReceivedAt = time.Now().UnixMilli()
	enginetest.Insert(t, db, went)
	ask(false)
	require.NoError(t, enginetest.New(t, db, keeping).CatchUp(t.Context()))
	now := ask(true)
	of := func(known time.Time) []string {
		res, err := metrics.Evaluate(t.Context(), reg, db.Conn(), metrics.Request{ID: "C01", Org: "o1", AsOf: time.Now(), KnownAt: known})
		require.NoError(t, err)
		return lines(res)
	}
	require.NotEqual(t, of(now.KnownAt.Add(-time.Millisecond)), of(now.KnownAt), "before, o2 had not gone into o1")
}

func keeping(c *engine.Config, _ *engine.Deps) { c.Movements = true }
