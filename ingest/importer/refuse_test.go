package importer

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"duban/ingest/importer/mapping"
	"duban/ingest/importer/rows"

	"github.com/stretchr/testify/require"
)

func parse(t testing.TB, text string) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Parse("m.yaml", []byte(text))
	require.NoError(t, err)
	return m
}

// simple maps three columns: a case number, a kind of step and a local time.
const simple = `version: 1
topic: case-events
time: {formats: iso8601, zone: America/New_York}
subject: id
codes: {kinds: {values: {in: apply, out: finish}, default: refuse}}
events:
  - {name: step, type: {column: kind, codes: kinds}, at: time}
`

// run loads one file made of text.
func run(t testing.TB, m, name, text string, opt Options) (*sink, Summary) {
	t.Helper()
	s := &sink{}
	sum, err := Run(context.Background(), []string{write(t, name, []byte(text))}, parse(t, m), s, opt)
	require.NoError(t, err)
	require.Equal(t, sum.Records, sum.Refused+sum.Skipped+int64(recordsPublished(t, m, s)), "every record is accounted for")
	return s, sum
}

// recordsPublished counts the rows that messages come from by their sequence
// numbers, of which every row has as many as the mapping has events of rows.
func recordsPublished(t testing.TB, m string, s *sink) int {
	perRow := 0
	for _, g := range parse(t, m).Events {
		if !g[0].PerCase {
			perRow++
		}
	}
	records := map[int]bool{}
	for _, v := range s.values {
		_, rest, ok := strings.Cut(v, `"seq":`)
		if !ok {
			if strings.Contains(v, `"org_code"`) && !strings.Contains(v, "_no") {
				return len(s.values) // organisations have no order
			}
			continue
		}
		text, _, _ := strings.Cut(rest, ",")
		n, err := strconv.Atoi(text)
		require.NoError(t, err)
		if n > 0 {
			records[(n-1)/perRow] = true
		}
	}
	return len(records)
}

func listed(sum Summary) []string {
	var out []string
	for _, p := range sum.Problems {
		out = append(out, fmt.Sprintf("%d %s %s", p.Line, p.Reason, p.Column))
	}
	return out
}

func TestBadRowsAreRefusedWithTheirPlace(t *testing.T) {
	s, sum := run(t, simple, "a.csv", "\xef\xbb\xbfid,kind,time\r\n"+ // byte-order mark
		"1,in,2016-11-05 10:00:00\r\n"+ // 2 good
		"2,in\r\n"+ // 3
		"3,in,2016-11-05 10:00:00,x\r\n"+ // 4
		"4,in,05.11.2016\r\n"+ // 5
		"5,in,2016-11-06 01:30:00\r\n"+ // 6: occurs twice in New York
		"6,in,2018-03-11 02:30:00\r\n"+ // 7: does not exist there
		",in,2016-11-05 10:00:00\r\n"+ // 8
		"8,onward,2016-11-05 10:00:00\r\n"+ // 9
		"9,in,\r\n"+ // 10
		"10,in,1999-12-31 00:00:00\r\n"+ // 11
		"11,in,2031-01-01 00:00:00\r\n"+ // 12
		"12,\"in\"x,2016-11-05 10:00:00\r\n"+ // 13
		"\"13\n13\",in,2016-11-05 10:00:00\r\n"+ // 14, 15: a line break is no number
		"\"14\",\"in\",\"2016-11-05 10:00:00\"\r\n"+ // 16 good
		"\r\n"+ // an empty line is no row
		"15,in,2016-11-05 10:00:00\xff\r\n"+ // 18
		"\xff,in,2016-11-05 10:00:00\r\n"+ // 19
		"16,out,2016-11-05 10:00:00", // 20 good, no line end
		Options{Now: func() time.Time { return time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) }})
	require.Equal(t, []string{
		"3 ragged_row ", "4 ragged_row ", "5 invalid_time time", "6 ambiguous_time time", "7 nonexistent_time time",
		"8 missing_value id", "9 unknown_code kind", "10 missing_value time", "11 time_too_early time",
		"12 time_in_future time", "13 bad_quote ", "14 invalid_identifier id", "18 invalid_utf8 time", "19 invalid_utf8 id",
	}, listed(sum))
	require.Len(t, s.values, 3)
	require.EqualValues(t, 14, sum.Refused)
	require.Contains(t, sum.Problems[2].Error(), `a.csv:5: column "time": invalid_time`)
	require.Equal(t, "05.11.2016", sum.Problems[2].Value)
	require.NotContains(t, sum.Problems[2].Error(), "05.11.2016", "messages that may be logged show no cell")
}

// A quote that is never closed costs its own row and not the rest of the file.
func TestAStrayQuoteCostsOneRow(t *testing.T) {
	rows := "id,kind,time\n\"1,in,2016-11-05 10:00:00\n" + strings.Repeat("2,in,2016-11-05 10:00:00\n", 80_000)
	s, sum := run(t, simple, "a.csv", rows, Options{})
	require.Equal(t, []string{"2 bad_quote "}, listed(sum))
	require.Len(t, s.values, 80_000)
	s, sum = run(t, simple, "a.csv", "id,kind,time\n\"1,in,2016-11-05 10:00:00\n2,in,2016-11-05 10:00:00\n", Options{})
	require.Equal(t, []string{"2 bad_quote "}, listed(sum))
	require.Len(t, s.values, 1)
}

func TestRowsThatAreTooLongAreRefused(t *testing.T) {
	long := strings.Repeat("x", rows.MaxRecordBytes+10)
	s, sum := run(t, simple, "a.csv", "id,kind,time\n"+long+"\n2,in,2016-11-05 10:00:00\n", Options{})
	require.Equal(t, []string{"2 too_long "}, listed(sum))
	require.Len(t, s.values, 1)
	s, sum = run(t, simple, "a.ndjson", `{"id":"`+long+"\"}\n{\"id\":2,\"kind\":\"in\",\"time\":\"2016-11-05 10:00:00\"}\n", Options{})
	require.Equal(t, []string{"1 too_long "}, listed(sum))
	require.Len(t, s.values, 1)
}

func TestBadNDJSONIsRefused(t *testing.T) {
	s, sum := run(t, simple, "a.ndjson", strings.Join([]string{
		`{"id":1,"kind":"in","time":"2016-11-05T10:00:00Z","more":{"a":[1]}}`, ``, `[1]`, `{"id":2`,
		`{"id":3,"kind":"in","time":"2016-11-05T10:00:00Z"} {}`, `{"id":4,"id":4,"kind":"in","time":"2016-11-05T10:00:00Z"}`,
		`{"id":5,"kind":"in","time":null}`, `{"id":6,"kind":"in","time":"2016-11-05T10:00:00Z"} x`, strings.Repeat(`{"a":`, 99),
	}, "\n"), Options{})
	require.Equal(t, []string{"3 malformed_json ", "4 malformed_json ", "5 malformed_json ", "6 duplicate_key id",
		"7 missing_value time", "8 malformed_json ", "9 malformed_json "}, listed(sum))
	require.Len(t, s.values, 1)
	require.Equal(t, []string{"more.a"}, sum.Files[0].UnusedColumns)
}

func TestFilesThatCannotBeReadSayWhy(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"empty", "a.csv", "", "the file is empty"},
		{"missing column", "a.csv", "id,kinds,time\n", `the file has no column "kind" (did you mean "kinds"?)`},
		{"column twice", "a.csv", "id,kind,kind,time\n", `the column "kind" of the mapping occurs 2 times in the header; write "kind#1"`},
		{"cut gzip", "a.csv.gz", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x01", "unexpected EOF"},
		{"no log", "a.xes", "<?xml version=\"1.0\"?><html/>", "the file holds <html>, not a <log>"},
		{"open element", "a.xes", "<log><trace>", "the file ends inside <trace>"},
		{"crossed elements", "a.xes", "<log><trace></log></trace>", "</log> closes an element that is not open"},
		{"no Parquet", "a.parquet", "PAR1 and nothing more", "read Parquet footer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Run(context.Background(), []string{write(t, c.file, []byte(c.text))}, parse(t, simple), &sink{}, Options{})
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, c.file)
		})
	}
	_, err := Run(context.Background(), []string{"/nowhere.csv"}, parse(t, simple), &sink{}, Options{})
	require.ErrorIs(t, err, os.ErrNotExist)
}

// A check counts to the end of the file and lists the first problems, so that
// what it says of a file is true of the whole of it.
func TestCheckCountsToTheEndAndListsTheFirstProblems(t *testing.T) {
	f := write(t, "a.csv", []byte("id,kind,time\n"+strings.Repeat("1,in,\n", 50)))
	sum, err := Check(context.Background(), []string{f}, parse(t, simple), 3, Options{})
	require.NoError(t, err)
	require.Len(t, sum.Problems, 3)
	require.EqualValues(t, 50, sum.Refused)
	require.EqualValues(t, 50, sum.Records)
}

// Rows of one case that disagree about the case give two facts, the same two
// in every order, and a notice.
func TestDisagreementAboutACaseIsVisible(t *testing.T) {
	m := `version: 1
topic: case-events
subject: id
equal_events: once
events:
  - {name: start, per: case, type: apply, at: start}
  - {name: step, type: activity, at: time, fields: {activity: what}}
`
	head := "id,start,time,what\n"
	a, b := "1,2020-01-01T00:00Z,2020-01-02T00:00Z,x\n", "1,2020-01-01T06:00Z,2020-01-03T00:00Z,y\n"
	s1, sum1 := run(t, m, "a.csv", head+a+a+b, Options{})
	s2, sum2 := run(t, m, "a.csv", head+b+a, Options{})
	for _, sum := range []Summary{sum1, sum2} {
		require.EqualValues(t, 1, sum.Notices)
		require.Equal(t, []Count{{rows.ReasonCaseDiffers, "", 1}}, sum.NoticesBy)
		require.Zero(t, sum.Refused)
	}
	f1, _ := facts(t, s1)
	f2, _ := facts(t, s2)
	require.Equal(t, f1, f2)
	require.Len(t, f1, 4)
}

func TestRowsThatBecomeNothingAreRefusedUnlessLeftOut(t *testing.T) {
	m := strings.Replace(simple, "at: time}", "at: time, when: {kind: {is_not: note}}}", 1)
	text := "id,kind,time\n1,note,2016-11-05 10:00:00\n2,in,2016-11-05 10:00:00\n"
	_, sum := run(t, m, "a.csv", text, Options{})
	require.Equal(t, []string{"2 no_event "}, listed(sum))
	_, sum = run(t, m+"skip: [{when: {kind: {is: note}}, reason: notes of staff}]\n", "a.csv", text, Options{})
	require.Empty(t, listed(sum))
	require.Equal(t, map[string]int64{"notes of staff": 1}, sum.SkippedBy)
}

func TestNoEventOfARowIsPublishedWhenOneIsBad(t *testing.T) {
	m := simple + "  - {name: second, type: activity, at: other}\noptional: []\n"
	s, sum := run(t, m, "a.csv", "id,kind,time,other\n1,in,2016-11-05 10:00:00,nonsense\n", Options{})
	require.Empty(t, s.values)
	require.Equal(t, []string{"2 invalid_time other"}, listed(sum))
}

func TestProgressEndsAtTheFilesSize(t *testing.T) {
	var last Progress
	f := filepath.Join(testdata, "samples", "boston-311-animals-2016.csv.gz")
	sum, err := Run(context.Background(), []string{f, f}, sampleMapping(t, f), &sink{drop: true}, Options{Progress: func(p Progress) {
		require.GreaterOrEqual(t, p.BytesRead, last.BytesRead)
		last = p
	}})
	require.NoError(t, err)
	require.Equal(t, last.BytesTotal, last.BytesRead)
	require.Equal(t, sum.Events, last.Events)
	require.Positive(t, last.Rate)
}

func TestALoadCanBeCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Run(ctx, []string{waboCSV}, sampleMapping(t, waboCSV), &sink{}, Options{})
	require.ErrorIs(t, err, context.Canceled)
}
