package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store"
)

// stateTables are the tables that a fold writes.
func stateTables() []string { return []string{"cases", "tickets", "rating_states"} }

// states returns every row of the state tables, without the two columns that
// differ between folds of the same facts.
func states(t testing.TB, db *store.DB) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, table := range stateTables() {
		rows, err := db.Conn().Query(t.Context(),
			"SELECT formatRowNoNewline('JSONEachRow', * EXCEPT (fold_version, folded_at)) AS line FROM "+table+" FINAL ORDER BY line")
		require.NoError(t, err)
		out[table] = []string{}
		for rows.Next() {
			var line string
			require.NoError(t, rows.Scan(&line))
			out[table] = append(out[table], line)
		}
		require.NoError(t, rows.Err())
	}
	return out
}

// scan reads one row.
func scan(t testing.TB, db *store.DB, query string, into ...any) {
	t.Helper()
	require.NoError(t, db.Conn().QueryRow(t.Context(), query).Scan(into...), query)
}

func count(t testing.TB, db *store.DB, from string) int {
	t.Helper()
	var n uint64
	scan(t, db, "SELECT count() FROM "+from, &n)
	return int(n)
}

// day returns nine o'clock of a day of March 2026 in Shanghai; 2 March is a
// Monday and the month has no holiday.
func day(n int) int64 { return time.Date(2026, 3, n, 1, 0, 0, 0, time.UTC).UnixMilli() }

// fact returns a fact of case no of source s.
func fact(no string, typ event.CaseType, at int64, payload string) event.Case {
	return event.Case{
		SourceSys: "s", CaseNo: no, EventID: fmt.Sprintf("%s-%s-%d", no, typ, at), Type: typ, OccurredAt: at,
		RegionCode: "610102", OrgCode: "org", TaskCode: "task", Payload: payload,
	}
}

// life returns an ordinary case: applied and accepted on 2 March, finished on
// the 6th, with a promise of five working days.
func life(no string) []any {
	return []any{
		fact(no, event.Apply, day(2), ""),
		fact(no, event.Accept, day(2)+3600_000, `{"promise_days":5,"promise_unit":"W","legal_days":20,"legal_unit":"W"}`),
		fact(no, event.Finish, day(6), `{"result_type":"approved"}`),
	}
}
