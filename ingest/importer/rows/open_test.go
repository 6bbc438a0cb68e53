package rows

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"

	"duban/ingest/importer/mapping"
)

// with is a mapping of the columns a and time, which may both be absent, that keeps the rest;
// further lines are added to it.
func with(t testing.TB, lines ...string) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Parse("m.yaml", []byte("version: 1\ntopic: case-events\nsubject: a\nrest: keep\noptional: [a, time]\n"+
		"events: [{type: activity, at: time}]\n"+strings.Join(lines, "\n")))
	require.NoError(t, err)
	return m
}

func put(t testing.TB, name string, content []byte) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(p, content, 0o600))
	return p
}

// row is what a reader made of one row: its cells by column, or why it was refused.
type row struct {
	line  int64
	cells map[string]string
	why   Reason
}

// readAll reads a file to its end.
func readAll(t testing.TB, path string, m *mapping.Mapping) (r *Reader, out []row, err error) {
	t.Helper()
	r, err = Open(t.Context(), path, m)
	if err != nil {
		return nil, nil, err
	}
	t.Cleanup(func() { require.NoError(t, r.Close()) })
	for {
		rec, err := r.Next()
		var p *Problem
		switch {
		case errors.Is(err, io.EOF):
			return r, out, nil
		case errors.As(err, &p):
			out = append(out, row{line: p.Line, why: p.Reason})
		case err != nil:
			return r, out, err
		default:
			cells := map[string]string{}
			for i, name := range rec.cols.names {
				if v := rec.Cell(i); v != nil {
					cells[name] = string(v)
				}
			}
			out = append(out, row{line: rec.Line, cells: cells})
		}
	}
}

func gzipped(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, p := range parts {
		z := gzip.NewWriter(&b)
		_, err := z.Write([]byte(p))
		require.NoError(t, err)
		require.NoError(t, z.Close())
	}
	return b.Bytes()
}

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	z, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, z.Close()) }()
	return z.EncodeAll([]byte(text), nil)
}

func utf16le(text string) []byte {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

// The bytes of a file say what it is: the same two rows are read from each form of it.
func TestTheSameRowsAreReadFromEveryForm(t *testing.T) {
	const csv = "a,time,name\nC-1,2026-03-02,张三\nC-2,,\"li, \"\"si\"\"\"\n"
	const lines = `{"a":"C-1","time":"2026-03-02","name":"张三"}` + "\n\n" + `{"a":"C-2","time":"","name":"li, \"si\""}` + "\n"
	const array = "[\n" + `{"a":"C-1","time":"2026-03-02","name":"张三"} ,` + "\n" + `{"a":"C-2","time":"","name":"li, \"si\""}` + "]\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(csv)
	require.NoError(t, err)
	tabs := strings.ReplaceAll(csv, ",", "\t")
	for _, c := range []struct {
		name     string
		content  []byte
		mapping  string
		format   string
		encoding string
	}{
		{"plain.csv", []byte(csv), "", "csv", ""},
		{"crlf.csv", []byte(strings.ReplaceAll(csv, "\n", "\r\n")), "", "csv", ""},
		{"mark.csv", []byte("\xef\xbb\xbf" + csv), "", "csv", ""},
		{"wide.csv", utf16le(csv), "", "csv", "utf-16le"},
		{"gb.csv", []byte(gb), "input: {encoding: gb18030}", "csv", "gb18030"},
		{"sep.csv", []byte("sep=;\n" + strings.ReplaceAll(csv, "a,time,name\nC-1,2026-03-02,张三\nC-2,,", "a;time;name\nC-1;2026-03-02;张三\nC-2;;")),
			"", "csv", ""},
		{"rows.tsv", []byte(strings.ReplaceAll(tabs, "li\t", "li,")), "input: {delimiter: tab}", "csv", ""},
		{"noend.csv", []byte(strings.TrimSuffix(csv, "\n")), "", "csv", ""},
		{"packed.csv.gz", gzipped(t, csv), "", "csv", ""},
		{"packed.gz", gzipped(t, csv[:20], csv[20:]), "", "csv", ""}, // two members, as pigz and log rotation write
		{"filled.gz", append(gzipped(t, csv), make([]byte, 512)...), "", "csv", ""},
		{"packed.csv.zst", zipped(t, csv), "", "csv", ""},
		{"rows.ndjson", []byte(lines), "", "ndjson", ""},
		{"rows.dat", []byte(lines), "", "ndjson", ""},
		{"rows.json", []byte(array), "", "ndjson", ""},
		{"rows.jsonl.gz", gzipped(t, lines), "", "ndjson", ""},
	} {
		r, got, err := readAll(t, put(t, c.name, c.content), with(t, c.mapping))
		require.NoError(t, err, c.name)
		require.Len(t, got, 2, c.name)
		require.Equal(t, map[string]string{"a": "C-1", "time": "2026-03-02", "name": "张三"}, got[0].cells, c.name)
		require.Equal(t, "C-2", got[1].cells["a"], c.name)
		require.Contains(t, []string{`li, "si"`, `li; "si"`}, got[1].cells["name"], c.name)
		require.Empty(t, got[1].cells["time"], c.name)
		require.Equal(t, c.format, r.Format, c.name)
		require.Equal(t, c.encoding, r.Encoding, c.name)
		require.Equal(t, int64(len(c.content)), r.Size, c.name)
		require.Equal(t, r.Size, r.BytesRead(), "%s: progress comes to its end", c.name)
	}
}

// What is none of the formats is named, with what to do about it; no message holds a cell.
func TestWhatIsNoTableIsNamedWithWhatToDo(t *testing.T) {
	for _, c := range []struct {
		name, content, mapping, want string
	}{
		{"a.csv", "", "", "nothing could be read: the file is empty"},
		{"a.xlsx", "PK\x03\x04......xl/workbook.xml", "", "is an Excel workbook (XLSX), which is not read here: save the sheet as CSV UTF-8"},
		{"a.docx", "PK\x03\x04......word/document.xml", "", "a Word document (DOCX)"},
		{"a.zip", "PK\x03\x04......a.csv", "", "a ZIP archive, which is not read here: unpack it first"},
		{"a.xls", "\xd0\xcf\x11\xe0\xa1\xb1", "", "an old Office document (XLS or DOC)"},
		{"a.pdf", "%PDF-1.7", "", "a PDF document, which is not read here: ask for the table as CSV"},
		{"a.bz2", "BZh91AY", "", "compressed with bzip2"},
		{"a.xz", "\xfd7zXZ\x00", "", "compressed with xz"},
		{"a.avro", "Obj\x01\x02", "", "an Avro file, which is not read here: write it as Parquet or NDJSON"},
		{"a.db", "SQLite format 3\x00", "", "an SQLite database"},
		{"a.csv", "<html><table><tr><td>13800138000", "", "is an HTML page (what some systems call an export to Excel)"},
		{"a.xml", "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>", "", "is an XML spreadsheet"},
		{"a.rtf", "{\\rtf1 x}", "", "is a Rich Text document"},
		{"a.csv", "a\x00,\x00t\x00i\x00m\x00e\x00\n\x00", "", "looks like utf-16le without a byte-order mark: set input.encoding: utf-16le"},
		{"a.csv", "\x00a\x00,\x00t\x00i\x00m\x00e\x00\n", "", "looks like utf-16be"},
		{"a.csv", "a,time\n\x00\x01\x02,x\n", "", "the file is not text: it holds bytes of zero"},
		{"a.csv", "a,time\rC-1,x\rC-2,y\r", "", "lines end with a lone carriage return (old Macintosh)"},
		{"a.csv", "\xb0\xec\xbc\xfe,time\nx,y\n", "", "is not UTF-8; it can be read as gb18030: set input.encoding: gb18030"},
		{"a.csv.gz", "\x1f\x8b\x08\x00", "", "gzip: "},
		{"a.csv.gz", string(gzipped(t, "a,time\n")) + "tail", "", "something stands behind the compressed data"},
		{"a.csv.gz", string(gzipped(t, "a,time\n")) + "\x00\x00tail", "", "behind the compressed data and the zeros that follow it"},
		{"a.csv.gz", string(gzipped(t, strings.Repeat("a,time\n", 500))[:40]), "", "the file is damaged or cut off"},
		{"a.csv", "\"a\"x,time\n", "", "line 1: the header row cannot be read"},
		{"a.csv", "sep=;\na;time\n", "input: {delimiter: \",\"}",
			`the first line says that the delimiter is ";", the mapping says ",": mend one`},
	} {
		_, _, err := readAll(t, put(t, c.name, []byte(c.content)), with(t, c.mapping))
		require.ErrorContains(t, err, c.want, c.name)
		require.NotContains(t, err.Error(), "13800138000", "no cell in a message")
		require.Less(t, len(err.Error()), 1200, c.name)
	}
	_, err := Open(t.Context(), filepath.Join(t.TempDir(), "none.csv"), with(t))
	require.ErrorIs(t, err, os.ErrNotExist)
}

// A row that cannot be read is refused with its line and reason, and reading goes on behind it.
func TestABadRowCostsOneRow(t *testing.T) {
	long := strings.Repeat("x", MaxRecordBytes+1)
	for _, c := range []struct {
		name, content string
		want          []row
	}{
		{"ragged.csv", "a,time\nC-1,x,y\nC-2\nC-3,z,\nC-4,z\n", []row{{line: 2, why: ReasonRaggedRow}, {line: 3, why: ReasonRaggedRow},
			{line: 4, why: ReasonRaggedRow}, {line: 5, cells: map[string]string{"a": "C-4", "time": "z"}}}},
		{"quote.csv", "a,time\n\"C-1\"x,y\nC-2,z\n", []row{{line: 2, why: ReasonBadQuote},
			{line: 3, cells: map[string]string{"a": "C-2", "time": "z"}}}},
		{"inner.csv", "a,time\nC\"1,z\n", []row{{line: 2, cells: map[string]string{"a": `C"1`, "time": "z"}}}},
		{"open.csv", "a,time\n\"C-1,y\nC-2,z\n", []row{{line: 2, why: ReasonBadQuote},
			{line: 3, cells: map[string]string{"a": "C-2", "time": "z"}}}},
		{"within.csv", "a,time\n\"C\n1\",y\nC-2,z\n", []row{{line: 2, cells: map[string]string{"a": "C\n1", "time": "y"}},
			{line: 4, cells: map[string]string{"a": "C-2", "time": "z"}}}},
		{"empty.csv", "a,time\n\n\r\nC-1,y\n", []row{{line: 4, cells: map[string]string{"a": "C-1", "time": "y"}}}},
		{"long.csv", "a,time\n" + long + ",y\nC-2,z\n", []row{{line: 2, why: ReasonTooLong},
			{line: 3, cells: map[string]string{"a": "C-2", "time": "z"}}}},
		{"bad.ndjson", `{"a":"C-1"}` + "\n{\"a\":}\n[1]\n" + `{"a":"C-2"} x` + "\n" + `{"a":"C-3","a":"C-4"}` + "\n" + `{"a":"C-5"}`,
			[]row{{line: 1, cells: map[string]string{"a": "C-1"}}, {line: 2, why: ReasonMalformedJSON}, {line: 3, why: ReasonMalformedJSON},
				{line: 4, why: ReasonMalformedJSON}, {line: 5, why: ReasonDuplicateKey}, {line: 6, cells: map[string]string{"a": "C-5"}}}},
		{"deep.ndjson", `{"a":` + strings.Repeat(`{"b":`, 40) + "1" + strings.Repeat("}", 41) + "\n" + `{"a":"C-1"}` + "\n",
			[]row{{line: 1, why: ReasonMalformedJSON}, {line: 2, cells: map[string]string{"a": "C-1"}}}},
		{"long.ndjson", `{"a":"` + long + `"}` + "\n" + `{"a":"C-1"}` + "\n",
			[]row{{line: 1, why: ReasonTooLong}, {line: 2, cells: map[string]string{"a": "C-1"}}}},
		{"bad.json", `[{"a":"C-1"},` + "\n" + `{"a":"C-2","a":"x"}, {"a":"C-3"}]`, []row{{line: 1, cells: map[string]string{"a": "C-1"}},
			{line: 2, why: ReasonDuplicateKey}, {line: 2, cells: map[string]string{"a": "C-3"}}}},
	} {
		_, got, err := readAll(t, put(t, c.name, []byte(c.content)), with(t))
		require.NoError(t, err, c.name)
		require.Equal(t, c.want, got, c.name)
	}
}

// An array that is none ends the reading, after what came before it.
func TestABrokenArrayEndsTheFileWithItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"[{\"a\":\"C-1\"},\n{\"a\":\"C-2\"":                            "the file ends inside the JSON array",
		"[{\"a\":\"C-1\"},\n{\"a\":\"C-2\"}] x":                        "line 2: not a well-formed JSON array: something follows it",
		"[{\"a\":\"C-1\"},\n{\"a\":\"C-2\"}}, 3]":                      "line 2: not a well-formed JSON array: a bracket closes what is not open",
		"[{\"a\":\"C-1\"}, \"" + strings.Repeat("y", MaxRecordBytes+1): "an element is longer than 1048576 bytes",
	} {
		_, got, err := readAll(t, put(t, "a.json", []byte(text)), with(t))
		require.ErrorContains(t, err, want, "%.60s", text)
		require.NotEmpty(t, got, "%.60s", text)
		require.Equal(t, map[string]string{"a": "C-1"}, got[0].cells)
	}
	_, got, err := readAll(t, put(t, "a.json", []byte("[ ]\n")), with(t))
	require.NoError(t, err)
	require.Empty(t, got, "an empty array is one")
	_, got, err = readAll(t, put(t, "a.json", []byte(`[{"a":"C-1"} {"a":"C-2"}, {"a":"C-3"}]`)), with(t))
	require.NoError(t, err)
	require.Equal(t, []row{{line: 1, why: ReasonMalformedJSON}, {line: 1, cells: map[string]string{"a": "C-3"}}}, got)
}

// Objects within an object become columns with dots; lists stay text; null is no cell.
func TestObjectsBecomeColumnsWithDots(t *testing.T) {
	_, got, err := readAll(t, put(t, "a.ndjson", []byte(`{"a":{"b":{"c":7},"d":null},"list":[1,{"x":2}],"yes":true,"n":1.50}`)), with(t))
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a.b.c": "7", "list": `[1,{"x":2}]`, "yes": "true", "n": "1.50"}, got[0].cells)
}

// A column that the file has not is an error with its nearest name; what the mapping does not use
// is told.
func TestColumnsAreMatchedByName(t *testing.T) {
	parse := func(text string) *mapping.Mapping {
		m, err := mapping.Parse("m.yaml", []byte("version: 1\ntopic: case-events\nsubject: case\nevents: [{type: activity, at: time}]\n"+text))
		require.NoError(t, err)
		return m
	}
	for _, c := range []struct {
		mapping, header, want string
	}{
		{"", "case,tim\n", `the file has no column "time"`},
		{"", "case;time\n", "so the delimiter is probably another one: set input.delimiter: \";\""},
		{"", "case\ttime\n", "set input.delimiter: tab"},
		{"", "case,time,time\n", `the column "time" of the mapping occurs 2 times in the header; write "time#1", "time#2"`},
		{"aliases: {time: [when]}", "case,time,when\n", `the columns "time" and "when" of the header both stand for "time"`},
		{"", "2026-03-02,13800138000\n", "its columns are: #1, #2."}, // a file without a header: no cell is shown
	} {
		_, _, err := readAll(t, put(t, "a.csv", []byte(c.header)), parse(c.mapping))
		require.ErrorContains(t, err, c.want, c.header)
		require.NotContains(t, err.Error(), "13800138000")
	}
	r, got, err := readAll(t, put(t, "a.csv", []byte("case,when,note,,note\nC-1,x,1,2,3\n")),
		parse("aliases: {time: [when]}\nleave_out: [\"#4\"]"))
	require.NoError(t, err)
	require.Equal(t, map[string]string{"case": "C-1", "time": "x"}, got[0].cells)
	require.Equal(t, []string{"note#1", "note#2"}, r.UnusedColumns())
	require.Empty(t, r.UnseenColumns())
	r, _, err = readAll(t, put(t, "a.ndjson", []byte(`{"case":"C-1"}`)), parse(""))
	require.NoError(t, err)
	require.Equal(t, []string{"time"}, r.UnseenColumns())
}

// More columns than can be kept are left out, and whoever reads knows it.
func TestAThousandColumnsAreKeptAndNoMore(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"a":"C-1"`)
	for i := range MaxExtraColumns + 5 {
		b.WriteString(`,"k` + strings.Repeat("x", i) + `":1`)
	}
	b.WriteString("}")
	r, got, err := readAll(t, put(t, "a.ndjson", []byte(b.String())), with(t))
	require.NoError(t, err)
	slots, complete := r.Columns().Rest()
	require.Len(t, slots, MaxExtraColumns)
	require.False(t, complete)
	require.Len(t, got[0].cells, MaxExtraColumns+1)
	require.Equal(t, "a", r.Columns().Name(r.Columns().Slot("a")))
}

// The shape of a cell tells what is wrong with it and nothing of what it says.
func TestTheShapeOfACellShowsNoneOfIt(t *testing.T) {
	for cell, want := range map[string]string{
		"2026-03-02 09:30": "9999-99-99 99:99", "02.03.26": "99.99.99", "张三": "aa", "+86 138": "+99 999", "": "",
		strings.Repeat("7", 50): strings.Repeat("9", 40) + "…",
	} {
		got := Shape([]byte(cell))
		if cell == "张三" {
			require.NotContains(t, got, "张")
			continue
		}
		require.Equal(t, want, got)
	}
	p := NewProblem(ReasonInvalidTime, "time", []byte(strings.Repeat("é", 60)), "has the shape %s", "aa")
	p.File, p.Line = "a.csv", 7
	require.Equal(t, `a.csv:7: column "time": invalid_time: has the shape aa`, p.Error())
	require.LessOrEqual(t, len(p.Value), 83)
	require.NotContains(t, p.Error(), "é")
}

// A byte that the encoding does not know is marked with its number, where libraries put U+FFFD.
func TestAByteThatIsNoTextIsMarked(t *testing.T) {
	e, err := mapping.Encoding("gb18030")
	require.NoError(t, err)
	out, err := io.ReadAll(decoded(bytes.NewReader([]byte("\xb0\xec\xff\xbc\xfeok")), e))
	require.NoError(t, err)
	require.Equal(t, "办\xffFF件ok", string(out))
	out, err = io.ReadAll(decoded(strings.NewReader(strings.Repeat("\xb0\xec", 5000)+"\xff"+strings.Repeat("\xbc\xfe", 5000)), e))
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("办", 5000)+"\xffFF"+strings.Repeat("件", 5000), string(out), "also across the ends of buffers")
}
