package importer

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/importer/rows"
)

// Numbers that a spreadsheet or a program has shortened are refused where they
// tell cases apart: two cases would become one.
func TestShortenedIdentifiersAreRefused(t *testing.T) {
	text := "id,kind,time\n"
	for _, id := range []string{"6.10802E+17", "6.1080220240101E+17", "6,10802E+17", "1E+11", "610802202401010012.0", // refused
		"610802202401010012", "9007199254740991.0", "1E+05", "12E+17", "E17", "5.5", "2119.0", "1.2.3"} {
		text += `"` + id + `",in,2016-11-05 10:00:00` + "\n"
	}
	s, sum := run(t, simple, "a.csv", text, Options{})
	require.Equal(t, []string{"2 invalid_identifier id", "3 invalid_identifier id", "4 invalid_identifier id", "5 invalid_identifier id",
		"6 invalid_identifier id"}, listed(sum))
	require.Len(t, s.values, 8)
	// What cannot be seen is no number.
	_, sum = run(t, simple, "b.csv", "id,kind,time\n\u200b\u3000,in,2016-11-05 10:00:00\n\ufeff\u2060,in,2016-11-05 10:00:00\n", Options{})
	require.Equal(t, []string{"2 invalid_identifier id", "3 invalid_identifier id"}, listed(sum))
	require.Len(t, s.values, 8)
	_, sum = run(t, simple, "a.ndjson", `{"id":610802202401010012.0,"kind":"in","time":"2016-11-05 10:00:00"}`+"\n"+
		`{"id":610802202401010012,"kind":"in","time":"2016-11-05 10:00:00"}`, Options{})
	require.Equal(t, []string{"1 invalid_identifier id"}, listed(sum))
	require.Contains(t, sum.Problems[0].Message, "as text")
}

// The seven spellings that a person takes for one number are seven cases, and
// the load says so once for each that is not the first.
func TestLookAlikesAreTold(t *testing.T) {
	var text strings.Builder
	ids := []string{"P-1", "P-1 ", "P-1\u00a0", "Ｐ-1", "p-1", "P\u20101", "P-1\u200b", "P-1 ", "P-2", "P 1", "P--1"}
	for _, id := range ids {
		b, err := json.Marshal(map[string]string{"id": id, "kind": "in", "time": "2026-03-02T09:00:00+08:00", "org": "A"})
		require.NoError(t, err)
		text.Write(append(b, '\n'))
	}
	s := &sink{}
	sum, err := Run(context.Background(), []string{write(t, "a.ndjson", []byte(text.String()))}, parse(t, simple), s, Options{})
	require.NoError(t, err)
	require.Zero(t, sum.Refused)
	require.Equal(t, []Count{{rows.ReasonSimilarID, "id", 6}}, sum.NoticesBy)
	require.Len(t, s.values, len(ids), "nothing is merged or changed")
	// Departments too, but not what merely differs.
	m := strings.Replace(simple, "at: time}", "at: time, fields: {org_code: org, activity: kind}}", 1)
	_, sum = run(t, m, "b.csv", "id,kind,time,org\n1,in,2016-11-05 10:00:00,PARK\n2,in,2016-11-05 10:00:00,PARK \n3,in,2016-11-05 10:00:00,"+
		"PARKS\n4,in,2016-11-05 10:00:00,PARK \n", Options{})
	require.Equal(t, []Count{{rows.ReasonSimilarID, "org", 1}}, sum.NoticesBy)
	require.Equal(t, []string{"3 similar_identifier org"}, listed(sum))
}

// What is wrong with a code is said in words.
func TestFaultsOfCodesAreNamed(t *testing.T) {
	m := strings.Replace(simple, "at: time}", "at: time, fields: {org_code: org}}", 1)
	for cell, want := range map[string]string{"\"第一\n分局\"": "line break", "a\tb": "a tab", "a\x07b": "U+0007",
		strings.Repeat("x", 201): "has 201 bytes"} {
		_, sum := run(t, m, "a.csv", "id,kind,time,org\n1,in,2016-11-05 10:00:00,"+cell+"\n", Options{})
		require.Len(t, sum.Problems, 1, cell)
		require.Equal(t, rows.ReasonInvalidID, sum.Problems[0].Reason)
		require.Contains(t, sum.Problems[0].Message, want)
	}
}

// A day as a deadline lasts to its end (Civil Code of the PRC, article 203: the
// last day of a period ends at 24:00); a mapping can say what a day is anywhere.
func TestADayAsADeadlineIsItsEnd(t *testing.T) {
	load := func(due, at, text string) string {
		m := fmt.Sprintf(`version: 1
topic: hotline-tickets
time: {formats: [date, "yyyy-MM-dd HH:mm", excel, "d.M.yyyy"], zone: Asia/Shanghai}
subject: id
events:
  - {type: t_receive, at: %s, payload: {source_due_at: %s}}
`, at, due)
		s, sum := run(t, m, "a.csv", "id,at,due\n1,"+text+"\n", Options{})
		require.Empty(t, sum.Problems)
		_, v, _ := strings.Cut(s.values[0], `"event_time":`)
		return v
	}
	for _, c := range []struct{ due, at, text, want string }{
		{"due", "at", "2024-03-01,2024-03-08", `"2024-02-29T16:00:00Z","payload":{"source_due_at":"2024-03-08T15:59:59.999Z"}}`},
		{"due", "at", "2024-03-01 09:00,8.3.2024", `"2024-03-01T01:00:00Z","payload":{"source_due_at":"2024-03-08T15:59:59.999Z"}}`},
		// Excel 45359 = 2024-03-08
		{"due", "at", "2024-03-01,45359", `"2024-02-29T16:00:00Z","payload":{"source_due_at":"2024-03-08T15:59:59.999Z"}}`},
		{"due", "at", "2024-03-01,2024-03-08 10:00", `"2024-02-29T16:00:00Z","payload":{"source_due_at":"2024-03-08T02:00:00Z"}}`},
		{"{column: due, time: {day: start}}", "at", "2024-03-01,2024-03-08",
			`"2024-02-29T16:00:00Z","payload":{"source_due_at":"2024-03-07T16:00:00Z"}}`},
		{"due", "{column: at, time: {day: end}}", "2024-03-01,2024-03-08",
			`"2024-03-01T15:59:59.999Z","payload":{"source_due_at":"2024-03-08T15:59:59.999Z"}}`},
		{"due", "{column: at, time: {day: after}}", "2024-03-01,2024-03-08",
			`"2024-03-01T16:00:00Z","payload":{"source_due_at":"2024-03-08T15:59:59.999Z"}}`},
	} {
		require.Equal(t, c.want, load(c.due, c.at, c.text), "%s %s %s", c.due, c.at, c.text)
	}
}
