package engine_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// randomLife is a case of March 2026 that may break its promise, its legal limit, both or
// none.
func randomLife(r *rand.Rand, no string) []any {
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	at := day(2) + r.Int64N(12)*24*3600_000
	hours := func(n int) int64 { at += 3600_000 * (1 + r.Int64N(int64(n))); return at }
	out := []any{fact(no, event.Apply, at, pick("", "", `{"item_type":"license"}`))}
	if r.IntN(12) > 0 {
		out = append(out, fact(no, event.Accept, hours(30), pick(`{"promise_days":3,"legal_days":5}`, `{"promise_days":5,"legal_days":10}`,
			`{"promise_days":4,"promise_unit":"C","legal_days":8,"legal_unit":"C"}`, `{"promise_days":0,"legal_days":2}`, `{"promise_days":2,"legal_days":40}`)))
	}
	for range r.IntN(3) {
		switch r.IntN(4) {
		case 0:
			out = append(out, fact(no, event.SuspendStart, hours(40), fmt.Sprintf(`{"suspend_type":"testing","approved_days":%d,"basis":"b"}`, r.IntN(4))), fact(no, event.SuspendEnd, hours(70), ""))
		case 1:
			out = append(out, fact(no, event.Extend, hours(40), `{"days":3,"approver_level":"agency_head"}`))
		case 2:
			out = append(out, fact(no, event.Visit, hours(40), ""))
		default:
			out = append(out, fact(no, event.StepStart, hours(40), `{"step_code":"a","limit_days":1}`))
		}
	}
	switch r.IntN(4) {
	case 0:
		out = append(out, fact(no, event.Decide, hours(200), `{"result_type":"approved"}`))
	case 1:
		out = append(out, fact(no, event.Finish, hours(200), `{"result_type":"denied"}`))
	}
	return out
}

// waysRound are facts of later instants that would like to take a verdict back: of the case
// itself, of every type but corrections, or of another case that names it as its parent.
func waysRound(r *rand.Rand, no, other string) []any {
	types := slices.DeleteFunc(event.CaseTypes(), func(x event.CaseType) bool { return x == event.Void || x == event.Amend })
	payloads := []string{
		"", `{"promise_days":90,"legal_days":365}`, `{"suspend_type":"testing","approved_days":60,"basis":"b"}`, `{"suspend_type":"testing"}`, `{"days":100,"approver_level":"government_head"}`,
		`{"actor":"applicant"}`, `{"actor":"dept"}`, `{"result_type":"approved"}`, `{"to_org":"o3"}`, `{"project_type":"joint","project_code":"p"}`, `{"item_type":"confirm"}`,
		`{"source_due_at":"2027-01-01T00:00:00Z"}`, `{"parent_case_no":"` + other + `"}`, `{"parent_case_no":"` + no + `"}`, `{"step_code":"a","limit_days":90}`,
	}
	at := day(1) + 60*24*3600_000
	next := func() int64 { at += r.Int64N(200)*3600_000 + 1; return at }
	var out []any
	for range 1 + r.IntN(4) {
		out = append(out, fact(no, types[r.IntN(len(types))], next(), payloads[r.IntN(len(payloads))]))
	}
	if r.IntN(2) == 0 { // another case says that this one is its parent
		sub := no + "-dummy"
		out = append(out, fact(sub, event.Apply, next(), `{"parent_case_no":"`+no+`"}`))
		switch r.IntN(4) {
		case 0:
			out = append(out, fact(sub, event.Withdraw, next(), ""))
		case 1:
			out = append(out, fact(sub, event.Accept, next(), `{"promise_days":5}`))
		case 2: // and back
			out = append(out, fact(no, event.Activity, next(), `{"parent_case_no":"`+sub+`"}`))
		}
	}
	if r.IntN(4) == 0 { // an old case says so
		out = append(out, fact(other, event.Visit, next(), `{"parent_case_no":"`+no+`"}`))
	}
	return out
}

// A verdict that stood is not withdrawn by what happens afterwards, neither in the figures
// nor in the chains of the cards: asked as of the same instant they are the same, and
// asked later who was late is late. The named ways (docs/supervision.md, section 10) are
// not among the facts.
func TestNoLaterFactTakesACaseOutOfTheFigures(t *testing.T) {
	const lives = 250
	db := storetest.New(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	look := func(instant time.Time) {
		t.Helper()
		require.NoError(t, enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
			c.Rules = catalogue(t).Only("R-DDL-03", "R-DDL-04")
			began := time.Now()
			d.Now = func() time.Time { return instant.Add(time.Since(began)) }
		}).CatchUp(t.Context()))
	}
	// listed are the cases of a figure: true = in the numerator.
	listed := func(id string, asOf time.Time) map[string]bool {
		t.Helper()
		res, err := reg.Run(t.Context(), db.Conn(), "indicator/"+id+"_cases", queries.Args{"as_of": asOf, "limit": uint64(10_000), "direction": int8(1)})
		require.NoError(t, err)
		out := map[string]bool{}
		for _, m := range res.Maps() {
			out[fmt.Sprint(m["case_no"])] = m["in_numerator"].(bool)
		}
		return out
	}
	chains := func(until time.Time) []string {
		return lines(t, db, `SELECT concat(rule_id, ' ', subject_no, ' ', toString(step_at[1]), ' ', toString(due_at)) AS line FROM alert_chains FINAL
			WHERE NOT gone AND step_severity[1] != '' AND step_at[1] <= '`+until.UTC().Format(time.DateTime)+`' ORDER BY line`)
	}
	r := rand.New(rand.NewPCG(11, 3))
	var first, later []any
	no := func(i int) string { return fmt.Sprintf("c%03d", i) }
	for i := range lives {
		first = append(first, randomLife(r, no(i))...)
		later = append(later, waysRound(r, no(i), no((i+7)%lives))...)
	}
	then, end := march(1, 9).AddDate(0, 0, 59), march(1, 9).AddDate(0, 0, 200)
	enginetest.Insert(t, db, first...)
	look(then)
	before := map[string]map[string]bool{}
	ids := []string{"D01", "D03", "C05", "D08", "C04", "C01", "C02"}
	for _, id := range ids {
		before[id] = listed(id, then)
	}
	cards := chains(then)
	require.Greater(t, len(cards), lives/2)

	enginetest.Insert(t, db, later...)
	look(end)
	for _, id := range ids {
		require.Equal(t, before[id], listed(id, then), "%s as of the same instant", id)
	}
	require.Equal(t, cards, chains(then), "the chains that had begun")
	for _, id := range []string{"D01", "D03"} {
		now, late := listed(id, end), 0
		for c, inTime := range before[id] {
			if inTime {
				continue
			}
			late++
			good, counts := now[c]
			require.True(t, counts && !good, "%s: %s was late, then it is counted %v, in time %v: %v", id, c, counts, good, told(t, db, c))
		}
		require.Greater(t, late, lives/5, id)
		t.Logf("%s: %d of %d were late", id, late, len(before[id]))
	}
	// What was open and late is open and late, or has ended late: it never is nothing.
	backlog, ended := listed("C05", end), listed("D01", end)
	for c := range maps.Keys(before["C05"]) {
		_, still := backlog[c]
		inTime, has := ended[c]
		require.True(t, still || has && !inTime, "C05: %s", c)
	}
}

// told is what was told of a case.
func told(t *testing.T, db *store.DB, no string) []string {
	return lines(t, db, `SELECT concat(toString(f.2), ' ', f.1, ' ', f.3) FROM cases FINAL ARRAY JOIN arrayZip(f_type, f_at, f_payload) AS f WHERE case_no = '`+no+`'`)
}
