package metrics_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/stretchr/testify/require"

	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/metrics"
	"duban/queries"
	"duban/supervision/lawzone"
)

// at reads "2026-03-02 10:00", or "2026-03-02" for midnight, in local time.
func at(text string) time.Time {
	layout := "2006-01-02 15:04:05.999"
	switch len(text) {
	case 10:
		layout = time.DateOnly
	case 16:
		layout = "2006-01-02 15:04"
	}
	v, err := time.ParseInLocation(layout, text, lawzone.Zone)
	if err != nil {
		panic(err)
	}
	return v.UTC()
}

// endOf is the last instant of a local day.
func endOf(day string) string { return day + " 23:59:59.999" }

// stored writes an instant as the tables read it; empty is null.
func stored(text string) any {
	if text == "" {
		return nil
	}
	return at(text).Format("2006-01-02 15:04:05.000")
}

// step is one element of the history of a case or ticket; what it leaves out
// stays as it was.
type step map[string]any

// subject is a row of cases or tickets: flat columns and a history.
type subject struct {
	flat    map[string]any
	history []step
}

var instants = map[string]bool{
	"applied_at": true, "accepted_at": true, "decided_at": true, "finished_at": true, "delivered_at": true, "stop_at": true,
	"promise_due": true, "legal_due": true, "pause_until": true, "received_at": true, "dispatched_at": true, "closed_at": true, "due_at": true,
	"missed_due": true,
}

var caseColumns = []string{
	"state", "excluded", "applied_at", "accepted_at", "decided_at", "finished_at", "delivered_at", "stop_at", "promise_due",
	"promise_basis", "legal_due", "provisional", "pause_until", "deemed", "net_days", "margin_days", "legal_margin_days",
	"corrections", "visits", "suspensions", "extensions",
}

var ticketColumns = []string{
	"state", "excluded", "org", "received_at", "dispatched_at", "stop_at", "closed_at", "due_at", "due_basis", "provisional",
	"net_days", "margin_days", "redos", "extensions", "missed_due", "missed_org",
}

var zero = map[string]any{
	"state": "", "excluded": "", "promise_basis": "none", "due_basis": "none", "org": "", "provisional": false, "deemed": false,
	"corrections": 0, "visits": 0, "suspensions": 0, "extensions": 0, "redos": 0, "missed_org": "",
}

// row turns a subject into the columns of its table.
func (s subject) row(columns []string) map[string]any {
	row := map[string]any{"calendar_version": "test", "fold_version": 1}
	maps.Copy(row, s.flat)
	now := map[string]any{}
	for _, c := range columns {
		now[c] = zero[c]
		row["h_"+c] = []any{}
	}
	row["h_at"] = []any{}
	for i, h := range s.history {
		for k, v := range h {
			if instants[k] {
				v = stored(v.(string))
			}
			now[k] = v
		}
		when := stored(h["at"].(string))
		row["h_at"] = append(row["h_at"].([]any), when)
		if i == 0 {
			row["first_at"] = when
		}
		row["last_at"] = when
		for _, c := range columns {
			row["h_"+c] = append(row["h_"+c].([]any), now[c])
		}
	}
	return row
}

type bench struct {
	t   *testing.T
	db  *store.DB
	reg *queries.Registry
}

func newBench(t *testing.T) *bench {
	t.Helper()
	reg, err := queries.Load()
	require.NoError(t, err)
	b := &bench{t: t, db: storetest.New(t), reg: reg}
	b.calendar()
	return b
}

// calendar stores Monday to Friday of the first half of 2026 as working days.
func (b *bench) calendar() {
	var rows []map[string]any
	n := 0
	for d := at("2026-01-01").In(lawzone.Zone); d.Year() == 2026 && d.Month() < 7; d = d.AddDate(0, 0, 1) {
		working := d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
		if working {
			n++
		}
		rows = append(rows, map[string]any{"version": "test", "day": d.Format(time.DateOnly), "is_workday": working, "workday_index": n})
	}
	b.insert("calendar_days", rows...)
	b.insert("calendar_days", rows...) // a calendar that is stored twice must not double anything
}

func (b *bench) cases(subjects ...subject) {
	var rows []map[string]any
	for _, s := range subjects {
		rows = append(rows, s.row(caseColumns))
	}
	b.insert("cases", rows...)
}

func (b *bench) tickets(subjects ...subject) {
	var rows []map[string]any
	for _, s := range subjects {
		rows = append(rows, s.row(ticketColumns))
	}
	b.insert("tickets", rows...)
}

// insert stores rows through the server's own JSON reader.
func (b *bench) insert(table string, rows ...map[string]any) {
	b.t.Helper()
	ctx := clickhouse.Context(b.t.Context(), clickhouse.WithParameters(clickhouse.Parameters{"table": table}))
	read, err := os.ReadFile("testdata/columns.sql")
	require.NoError(b.t, err)
	res, err := b.db.Conn().Query(ctx, string(read))
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
	ctx = clickhouse.Context(b.t.Context(), clickhouse.WithParameters(clickhouse.Parameters{
		"table": table, "structure": escape.Replace(strings.Join(structure, ", ")), "rows": escape.Replace(text.String()),
	}))
	require.NoError(b.t, b.db.Conn().Exec(ctx, strings.ReplaceAll(string(write), "COLUMNS", strings.Join(names, ", "))))
}

// period is March 2026 in local time, asked at its end.
func march(id string, by ...string) metrics.Request {
	return metrics.Request{ID: id, By: by, From: at("2026-03-01"), To: at("2026-04-01"), AsOf: at("2026-04-01")}
}

// one evaluates an ungrouped figure.
func (b *bench) one(req metrics.Request) map[string]any {
	b.t.Helper()
	res, err := metrics.Evaluate(b.t.Context(), b.reg, b.db.Conn(), req)
	require.NoError(b.t, err)
	require.Len(b.t, res.Rows, 1)
	return res.Maps()[0]
}

// parts are numerator and denominator, -1 for a missing denominator.
func (b *bench) parts(req metrics.Request) [2]float64 {
	b.t.Helper()
	return partsOf(b.one(req))
}

func partsOf(m map[string]any) [2]float64 {
	out := [2]float64{number(m["numerator"]), -1}
	if m["denominator"] != nil {
		out[1] = number(m["denominator"])
	}
	return out
}

func number(v any) float64 {
	switch v := v.(type) {
	case uint64:
		return float64(v)
	case int64:
		return float64(v)
	case int32:
		return float64(v)
	case float64:
		return v
	}
	return -99
}

// grouped evaluates by dimensions; keys are joined by a blank.
func (b *bench) grouped(req metrics.Request) map[string][2]float64 {
	b.t.Helper()
	res, err := metrics.Evaluate(b.t.Context(), b.reg, b.db.Conn(), req)
	require.NoError(b.t, err)
	out := map[string][2]float64{}
	for _, m := range res.Maps() {
		var keys []string
		for _, name := range req.By {
			keys = append(keys, fmt.Sprint(m[name]))
		}
		out[strings.Join(keys, " ")] = partsOf(m)
	}
	return out
}

// listed returns the numbers of the cases behind a figure.
func (b *bench) listed(req metrics.Request, role string) []string {
	b.t.Helper()
	res, err := metrics.Cases(b.t.Context(), b.reg, b.db.Conn(), metrics.CasesRequest{Request: req, Role: role})
	require.NoError(b.t, err)
	out := []string{}
	for _, m := range res.Maps() {
		for _, k := range []string{"case_no", "ticket_no", "rating_id", "task_code", "event_id", "alert_id", "id", "subject_no", "org_code"} {
			if v, ok := m[k]; ok {
				out = append(out, v.(string))
				break
			}
		}
	}
	sort.Strings(out)
	return out
}
