package importer

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"duban/ingest/importer/rows"
)

// publishAll runs files and returns what was published.
func publishAll(t testing.TB, mappingOf string, files ...string) (*sink, Summary) {
	t.Helper()
	s := &sink{}
	sum, err := Run(context.Background(), files, sampleMapping(t, mappingOf), s, Options{})
	require.NoError(t, err)
	require.Zero(t, sum.Refused, "%v", sum.Problems)
	require.EqualValues(t, len(s.values), sum.Events)
	return s, sum
}

// facts returns the distinct messages without seq, which tells where a record
// stood, sorted; and the distinct event ids.
func facts(t testing.TB, s *sink) (claims, ids []string) {
	t.Helper()
	c, i := map[string]bool{}, map[string]bool{}
	for k, v := range s.values {
		id, rest, ok := strings.Cut(v, ",")
		if !ok || !strings.HasPrefix(id, `{"event_id":"`) {
			t.Fatal(v)
		}
		if strings.HasPrefix(rest, `"seq":`) {
			_, rest, _ = strings.Cut(rest, ",")
		}
		c[s.keys[k]+id+rest] = true
		i[id] = true
	}
	return slices.Sorted(maps.Keys(c)), slices.Sorted(maps.Keys(i))
}

func readSample(t testing.TB, name string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join(testdata, "samples", name))
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		r, err = gzip.NewReader(f)
		require.NoError(t, err)
	}
	rows, err := csv.NewReader(r).ReadAll()
	require.NoError(t, err)
	return rows
}

func write(t testing.TB, name string, b []byte) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(p, b, 0o600))
	return p
}

func asCSV(t testing.TB, rows [][]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	require.NoError(t, w.WriteAll(rows))
	return b.Bytes()
}

func asNDJSON(t testing.TB, rows [][]string) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, r := range rows[1:] {
		m := map[string]any{}
		for i, v := range r {
			if v != "" {
				m[rows[0][i]] = v
			}
		}
		require.NoError(t, json.NewEncoder(&b).Encode(m))
	}
	return b.Bytes()
}

func asParquet(t testing.TB, rows [][]string) []byte {
	t.Helper()
	var fields []arrow.Field
	for _, n := range rows[0] {
		fields = append(fields, arrow.Field{Name: n, Type: arrow.BinaryTypes.String, Nullable: true})
	}
	schema := arrow.NewSchema(fields, nil)
	rb := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer rb.Release()
	for _, r := range rows[1:] {
		for i, v := range r {
			if v == "" {
				rb.Field(i).AppendNull()
			} else {
				rb.Field(i).(*array.StringBuilder).Append(v)
			}
		}
	}
	rec := rb.NewRecordBatch()
	defer rec.Release()
	var b bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &b, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	require.NoError(t, err)
	require.NoError(t, w.Write(rec))
	require.NoError(t, w.Close())
	return b.Bytes()
}

func gz(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(b)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

func zst(t testing.TB, b []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	return w.EncodeAll(b, nil)
}

const waboCSV, waboXES = testdata + "/samples/wabo-receipt.csv.gz", testdata + "/samples/wabo-receipt.xes.gz"

// The same log is the same facts in every format and compression; the names of
// the compressed files do not give the compression away.
func TestEveryFormatGivesTheSameFacts(t *testing.T) {
	want, sum := publishAll(t, waboXES, waboXES)
	wantFacts, wantIDs := facts(t, want)
	require.EqualValues(t, 12774, sum.Events)
	require.Len(t, wantIDs, 12774)
	rows := readSample(t, "wabo-receipt.csv.gz")
	files := map[string]string{
		"csv": waboCSV, "csv unpacked": write(t, "wabo-receipt.csv", asCSV(t, rows)),
		"csv zst":    write(t, "wabo-receipt.csv", zst(t, asCSV(t, rows))),
		"ndjson":     write(t, "wabo-receipt.ndjson", asNDJSON(t, rows)),
		"ndjson gz":  write(t, "wabo-receipt.data", gz(t, asNDJSON(t, rows))),
		"parquet":    write(t, "wabo-receipt.parquet", asParquet(t, rows)),
		"parquet gz": write(t, "wabo-receipt.bin", gz(t, asParquet(t, rows))),
		"xes plain": func() string {
			f, err := os.Open(waboXES)
			require.NoError(t, err)
			defer func() { _ = f.Close() }()
			z, err := gzip.NewReader(f)
			require.NoError(t, err)
			b, err := io.ReadAll(z)
			require.NoError(t, err)
			return write(t, "wabo-receipt.xml", b)
		}(),
	}
	for name, f := range files {
		t.Run(name, func(t *testing.T) {
			got, _ := publishAll(t, waboXES, f)
			gotFacts, _ := facts(t, got)
			require.Equal(t, wantFacts, gotFacts)
		})
	}
}

// Rows in another order, or in a second file, are the same facts; so are rows
// given twice, unless they are steps of a log, of which every one happened.
func TestOrderAndRepetitionChangeNothing(t *testing.T) {
	for _, name := range []string{"wabo-receipt.csv.gz", "boston-311-animals-2016.csv.gz", "karlsruhe-reports-2016.csv.gz",
		"baltimore-311-sample.csv.gz"} {
		t.Run(name, func(t *testing.T) {
			original := filepath.Join(testdata, "samples", name)
			whole, _ := publishAll(t, name, original)
			want, _ := facts(t, whole)
			rows := readSample(t, name)
			shuffle := func(rows [][]string) string {
				rand.New(rand.NewPCG(1, 0)).Shuffle(len(rows)-1, func(i, j int) { rows[i+1], rows[j+1] = rows[j+1], rows[i+1] })
				return write(t, name, gz(t, asCSV(t, rows)))
			}
			twice := [][]string{rows[0]}
			for _, r := range rows[1:] {
				twice = append(twice, r, r)
			}
			m := sampleMapping(t, name)
			for _, g := range m.Events {
				for _, r := range g {
					r.Each = false // as equal_events: once
				}
			}
			for _, files := range [][]string{{shuffle(twice)}, {original, original}, {shuffle(rows), original}} {
				s := &sink{}
				_, err := Run(context.Background(), files, m, s, Options{})
				require.NoError(t, err)
				got, _ := facts(t, s)
				require.Equal(t, want, got)
			}
			got, _ := publishAll(t, name, shuffle(rows), original)
			gotFacts, _ := facts(t, got)
			require.Equal(t, want, gotFacts)
		})
	}
}

// member returns the text of a member of a message; the samples have no quotes
// in the members that are asked for.
func member(message, name string) string {
	_, rest, _ := strings.Cut(message, `"`+name+`":"`)
	v, _, _ := strings.Cut(rest, `"`)
	return v
}

func golden(t testing.TB, stem string) map[string]any {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(testdata, "golden", stem+".json"))
	require.NoError(t, err)
	var g map[string]any
	require.NoError(t, json.Unmarshal(b, &g))
	return g
}

func number(t testing.TB, g map[string]any, path ...string) int {
	t.Helper()
	var v any = g
	for _, p := range path {
		v = v.(map[string]any)[p]
	}
	return int(v.(float64))
}

// What is published agrees with the figures that other tools computed from the
// raw files.
func TestFactsAgreeWithTheGoldenFigures(t *testing.T) {
	for _, c := range []struct {
		file, subject string
		types         map[string][]string // event type → path of its golden count
	}{
		{"wabo-receipt.xes.gz", "case_no", map[string][]string{"activity": {"events"}, "apply": {"indicators", "C01"},
			"accept": {"indicators", "C02"}, "finish": {"indicators", "C03"}}},
		{"wabo-receipt.csv.gz", "case_no", map[string][]string{"activity": {"events"}, "finish": {"indicators", "C03"}}},
		{"bpic2020-domestic-declarations.xes.gz", "case_no", map[string][]string{"apply": {"indicators", "C01"}, "accept": {"indicators", "C02"},
			"finish": {"indicators", "C03"}}},
		{"bpic2012-loan-applications.xes.gz", "case_no", map[string][]string{"apply": {"indicators", "C01"}, "accept": {"indicators", "C02"},
			"finish": {"indicators", "C03"}, "not_accept": {"indicators", "not_accepted"}, "terminate": {"indicators", "terminated"}}},
		{"running-example.csv", "case_no", map[string][]string{"apply": {"indicators", "C01"}, "finish": {"indicators", "C03"}}},
		{"boston-311-animals-2016.csv.gz", "ticket_no", map[string][]string{"t_receive": {"received"}, "t_close": {"closed"}}},
		{"boston-311-animals-2017.csv.gz", "ticket_no", map[string][]string{"t_receive": {"received"}, "t_close": {"closed"}}},
		{"baltimore-311-sample.csv.gz", "ticket_no", map[string][]string{"t_receive": {"rows"}, "t_close": {"closed"}}},
		{"karlsruhe-reports-2016.csv.gz", "ticket_no", map[string][]string{}},
	} {
		t.Run(c.file, func(t *testing.T) {
			stem, _, _ := strings.Cut(c.file, ".")
			g := golden(t, stem)
			s, _ := publishAll(t, c.file, filepath.Join(testdata, "samples", c.file))
			_, ids := facts(t, s)
			require.Len(t, ids, number(t, g, "facts"), "distinct facts")
			types, activities, subjects := map[string]int{}, map[string]int{}, map[string]bool{}
			departments, channels := map[string]map[string]bool{}, map[string]int{}
			seen := map[string]bool{}
			for _, v := range s.values {
				id := member(v, "event_id")
				if seen[id] {
					continue
				}
				seen[id] = true
				types[member(v, "event_type")]++
				subject := member(v, c.subject)
				_, attributes, _ := strings.Cut(v, `"attributes":{`)
				if ch := member(attributes, "channel"); ch != "" && !subjects[subject] {
					channels[ch]++
				}
				subjects[subject] = true
				if act := member(v, "activity"); act != "" {
					activities[act]++
				}
				org := member(v, "org_code")
				if departments[org] == nil {
					departments[org] = map[string]bool{}
				}
				departments[org][subject] = true
			}
			for typ, path := range c.types {
				require.Equal(t, number(t, g, path...), types[typ], typ)
			}
			if c.subject == "case_no" {
				require.Len(t, subjects, number(t, g, "cases"))
				want := map[string]int{}
				for k, v := range g["activity_counts"].(map[string]any) {
					want[k] = int(v.(float64))
				}
				require.Equal(t, want, activities)
			} else {
				require.Len(t, subjects, number(t, g, "tickets"))
			}
			if d, ok := g["departments"].(map[string]any); ok {
				require.Len(t, departments, len(d))
				for k, v := range d {
					require.Len(t, departments[k], int(v.(float64)), k)
				}
			}
			if w, ok := g["channels_as_written"].(map[string]any); ok {
				require.Len(t, channels, len(w))
				for k, v := range w {
					require.EqualValues(t, v.(map[string]any)["numerator"], channels[k], k)
				}
			}
		})
	}
}

// Facts of a log that say something of the case as a whole carry no activity,
// so that counts of activities stay those of the log.
func TestOnlyTheLogsOwnEventsCarryAnActivity(t *testing.T) {
	s, _ := publishAll(t, waboXES, waboXES)
	for _, v := range s.values {
		require.Equal(t, strings.Contains(v, `"event_type":"activity"`), strings.Contains(v, `"activity":"`), v)
	}
}

// Neighbouring events with the same time keep the order of the log.
func TestSeqIsThePositionInTheTrace(t *testing.T) {
	s, _ := publishAll(t, "bpic2012-loan-applications.xes.gz", testdata+"/samples/bpic2012-loan-applications.xes.gz")
	last := map[string]int{}
	for i, v := range s.values {
		last[s.keys[i]]++
		if !strings.Contains(v, fmt.Sprintf(`"seq":%d,`, last[s.keys[i]])) {
			t.Fatalf("event %d of its trace: %s", last[s.keys[i]], v)
		}
	}
	require.Len(t, last, 13087)
}

// A request closed before it was opened is published as the city says it.
func TestClosedBeforeOpenedIsKept(t *testing.T) {
	s, sum := publishAll(t, "boston-311-animals-2016.csv.gz", testdata+"/samples/boston-311-animals-2016.csv.gz")
	times := map[string]map[string]string{}
	for _, v := range s.values {
		var m map[string]any
		require.NoError(t, json.Unmarshal([]byte(v), &m))
		n := m["ticket_no"].(string)
		if times[n] == nil {
			times[n] = map[string]string{}
		}
		times[n][m["event_type"].(string)] = m["event_time"].(string)
	}
	var early []string
	for n, x := range times {
		if c, ok := x["t_close"]; ok && c < x["t_receive"] {
			early = append(early, n)
		}
	}
	sort.Strings(early)
	require.Equal(t, fmt.Sprint(golden(t, "boston-311-animals-2016")["closed_before_opened"]), fmt.Sprint(early))
	require.Equal(t, []Count{{rows.ReasonReversed, "", int64(len(early))}}, sum.NoticesBy, "the load says so")
}
