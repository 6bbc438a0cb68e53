package rows

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"duban/ingest/importer/mapping"

	"github.com/stretchr/testify/require"
)

// anyColumns is a mapping of nothing in particular, for fuzzing readers.
func anyColumns(t testing.TB) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Parse("m.yaml", []byte("version: 1\ntopic: case-events\nsubject: a\nrest: keep\noptional: [a, time]\n"+
		"events: [{type: activity, at: time}]"))
	require.NoError(t, err)
	return m
}

// drain reads a source to its end, with a bound on what it may yield, and
// returns the records and the number of refusals.
func drain(t testing.TB, src interface{ next(*Record) error }, cols *Columns, atMost int) (recs []map[string]string,
	refused int, err error) {
	rec := Record{cols: cols}
	for {
		err := src.next(&rec)
		var p *Problem
		switch {
		case errors.Is(err, io.EOF):
			return recs, refused, nil
		case errors.As(err, &p):
			refused++
		case err != nil:
			return recs, refused, err
		default:
			m := map[string]string{}
			for i, v := range rec.vals {
				if v != nil {
					m[cols.names[i]] = string(v)
				}
			}
			recs = append(recs, m)
		}
		if len(recs)+refused > atMost {
			t.Fatal("a reader yields more records than the file has bytes")
		}
	}
}

// FuzzCSV compares the reader with encoding/csv: what that reads, ours reads
// the same, also when the bytes come one by one; nothing makes it panic or
// loop.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a,b\r\n\"1\r\n2\",\"x\"\"y\"\r\n", "a\n\"\n", "a,b\n1,2,3\n\n4", "a\n\"x\"y\nz", "a\n\"\"\"\"\n",
		"a,b\n\"1\"\r", "a\r\n1\r\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m := anyColumns(t)
		read := func(r io.Reader) ([]map[string]string, int, error) {
			cols := newColumns(m)
			return drain(t, newCSV(newWindow(r), m, cols), cols, len(b)+1)
		}
		got, refused, err := read(bytes.NewReader(b))
		got1, refused1, err1 := read(iotest.OneByteReader(bytes.NewReader(b)))
		require.Equal(t, got, got1)
		require.Equal(t, refused, refused1)
		require.Equal(t, err == nil, err1 == nil)
		// encoding/csv turns \r\n inside quotes into \n; we keep cells as they are.
		if bytes.Contains(b, []byte("\r")) || err != nil {
			return
		}
		ref := csv.NewReader(bytes.NewReader(b))
		want, referr := ref.ReadAll()
		if referr != nil || len(want) == 0 {
			return
		}
		require.Zero(t, refused)
		require.Len(t, got, len(want)-1)
		for i, row := range want[1:] {
			var cells int
			for _, v := range got[i] {
				for j, w := range row {
					if w == v {
						cells++
						row[j] = "\x00taken"
						break
					}
				}
			}
			require.Equal(t, len(got[i]), cells, "row %d: %q is not in %q", i, got[i], row)
		}
	})
}

// FuzzNDJSON checks that every line is a record, a refusal or blank, and that
// what encoding/json refuses is refused.
func FuzzNDJSON(f *testing.F) {
	for _, s := range []string{`{"a":1}`, "{\"a\":{\"b\":\"x\"}}\n[]\n{", `{"a":"\u00e9"} x`, `{"a":[1,{"b":2}],"c":null}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		cols := newColumns(anyColumns(t))
		recs, refused, err := drain(t, &ndjsonSource{w: newWindow(bytes.NewReader(b)), cols: cols}, cols, len(b)+1)
		require.NoError(t, err)
		lines, valid := 0, 0
		for l := range bytes.SplitSeq(b, []byte("\n")) {
			l = bytes.TrimSuffix(l, []byte("\r"))
			if len(bytes.TrimSpace(l)) == 0 {
				continue
			}
			lines++
			var m map[string]json.RawMessage
			if json.Unmarshal(l, &m) == nil && m != nil {
				valid++
			}
		}
		require.Equal(t, lines, len(recs)+refused)
		require.LessOrEqual(t, len(recs), valid)
	})
}

// FuzzXES checks that no input makes the reader panic or loop, and that the
// number of records is the number of events and of traces without any.
func FuzzXES(f *testing.F) {
	for _, s := range []string{
		"<log><trace><string key='a' value='1'/><event><string key='b' value='2'/></event></trace></log>",
		"<log><trace/><event/><trace><event/><event/></trace></log>", "<log><trace><event></trace></log>",
		"<?xml version='1.0' encoding='utf-16'?><log/>",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		cols := newColumns(anyColumns(t))
		recs, refused, err := drain(t, newXES(bytes.NewReader(b), cols), cols, len(b)+1)
		if err == nil {
			require.LessOrEqual(t, len(recs)+refused, strings.Count(string(b), "<event")+strings.Count(string(b), "<trace")+strings.Count(string(b),
				":event")+strings.Count(string(b), ":trace"))
		}
	})
}
