package risk_test

import (
	"encoding/json"
	"os"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/stretchr/testify/require"

	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/lawzone"
)

// at reads "2026-03-02 10:00", or "2026-03-02" for midnight, in Asia/Shanghai.
func at(text string) time.Time {
	layout := "2006-01-02 15:04"
	if len(text) == 10 {
		layout = time.DateOnly
	}
	v, err := time.ParseInLocation(layout, text, lawzone.Zone)
	if err != nil {
		panic(err)
	}
	return v.UTC()
}

func stored(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02 15:04:05.000")
}

type row = map[string]any

type bench struct {
	t   *testing.T
	db  *store.DB
	reg *queries.Registry
}

// newBench makes a database whose calendar has Monday to Friday of 2026 as
// working days, but for Monday 2026-04-06.
func newBench(t *testing.T) *bench {
	t.Helper()
	reg, err := queries.Load()
	require.NoError(t, err)
	b := &bench{t: t, db: storetest.New(t), reg: reg}
	var days []row
	n := 0
	for d := at("2026-01-01").In(lawzone.Zone); d.Year() == 2026; d = d.AddDate(0, 0, 1) {
		working := d.Weekday() != time.Saturday && d.Weekday() != time.Sunday && d.Format(time.DateOnly) != "2026-04-06"
		if working {
			n++
		}
		days = append(days, row{"version": "test", "day": d.Format(time.DateOnly), "is_workday": working, "workday_index": n})
	}
	b.insert("calendar_days", days...)
	return b
}

// insert stores rows through the server's own JSON reader.
func (b *bench) insert(table string, rows ...row) {
	b.t.Helper()
	read, err := os.ReadFile("testdata/columns.sql")
	require.NoError(b.t, err)
	res, err := b.db.Conn().Query(clickhouse.Context(b.t.Context(), clickhouse.WithParameters(clickhouse.Parameters{"table": table})),
		string(read))
	require.NoError(b.t, err)
	types := map[string]string{}
	for res.Next() {
		var name, chType string
		require.NoError(b.t, res.Scan(&name, &chType))
		types[name] = chType
	}
	require.NoError(b.t, res.Close())
	used := map[string]bool{}
	var text strings.Builder
	for _, r := range rows {
		line, err := json.Marshal(r)
		require.NoError(b.t, err)
		text.Write(line)
		text.WriteByte('\n')
		for k := range r {
			require.Contains(b.t, types, k, table)
			used[k] = true
		}
	}
	var names, structure []string
	for k := range used {
		names = append(names, k)
	}
	sort.Strings(names)
	for _, k := range names {
		structure = append(structure, k+" "+types[k])
	}
	write, err := os.ReadFile("testdata/insert.sql")
	require.NoError(b.t, err)
	escape := strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\t", `\t`)
	ctx := clickhouse.Context(b.t.Context(), clickhouse.WithParameters(clickhouse.Parameters{
		"table": table, "structure": escape.Replace(strings.Join(structure, ", ")), "rows": escape.Replace(text.String()),
	}))
	require.NoError(b.t, b.db.Conn().Exec(ctx, strings.ReplaceAll(string(write), "COLUMNS", strings.Join(names, ", "))))
}

// ticket is a ticket with a due of its source's own; stopped is zero while it
// is open.
func ticket(no, topic string, start, due, stopped time.Time) row {
	r := row{
		"source_sys": "city", "ticket_no": no, "ticket_topic": topic, "org_code": "O", "calendar_version": "test", "fold_version": 1,
		"first_at": stored(start), "last_at": stored(start),
		"h_at": []any{stored(start)}, "h_state": []any{"received"}, "h_excluded": []any{""}, "h_org": []any{"O"},
		"h_received_at": []any{stored(start)}, "h_stop_at": []any{nil}, "h_due_at": []any{stored(due)}, "h_due_basis": []any{"source"},
	}
	if !stopped.IsZero() {
		for k, v := range map[string]any{
			"h_at": stored(stopped), "h_state": "closed", "h_excluded": "", "h_org": "O", "h_received_at": stored(start),
			"h_stop_at": stored(stopped), "h_due_at": stored(due), "h_due_basis": "source",
		} {
			r[k] = append(r[k].([]any), v)
		}
	}
	return r
}

// run runs a named query.
func (b *bench) run(name string, args queries.Args) []row {
	b.t.Helper()
	res, err := b.reg.Run(b.t.Context(), b.db.Conn(), name, args)
	require.NoError(b.t, err)
	out := make([]row, 0, len(res.Rows))
	return append(out, res.Maps()...)
}
