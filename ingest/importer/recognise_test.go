package importer

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

const twoRows = "id,kind,time\n1,in,2016-11-05 10:00:00\n2,in,2016-11-05 11:00:00\n"

func utf16(t testing.TB, s string, e unicode.Endianness, mark unicode.BOMPolicy) string {
	t.Helper()
	out, err := unicode.UTF16(e, mark).NewEncoder().String(s)
	require.NoError(t, err)
	return out
}

func gb18030(t testing.TB, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	require.NoError(t, err)
	return out
}

// A file that is not what it seems is named for what it is, with what to do; no
// message is long or holds a cell.
func TestFilesThatAreNotWhatTheySeemAreNamed(t *testing.T) {
	secret := "张三13900000000"
	cjk := strings.NewReplacer("id,", "编号,").Replace(twoRows)
	for _, c := range []struct{ name, file, text, want string }{
		{"XLSX", "a.csv", "PK\x03\x04\x14\x00\x00\x00[Content_Types].xml....xl/workbook.xml" + secret, "an Excel workbook (XLSX)"},
		{"ZIP", "a.csv.gz", "PK\x03\x04\x14\x00\x00\x00table.csv" + secret, "a ZIP archive"},
		{"XLS", "a.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + secret, "an old Office document"},
		{"HTML", "a.xls", "\r\n<html><table><tr><td>" + secret, "an HTML page"},
		{"PNG", "a.csv", "\x89PNG\r\n\x1a\n" + secret, "a picture (PNG)"},
		{"bzip2", "a.csv.bz2", "BZh91AY" + secret, "compressed with bzip2"},
		{"binary", "a.csv", "\x01\x02\x00\x00\x00\x00abc" + secret, "not text"},
		{"UTF-16 without a mark", "a.csv", utf16(t, twoRows, unicode.LittleEndian, unicode.IgnoreBOM), "set input.encoding: utf-16le"},
		{"GB18030", "a.csv", gb18030(t, cjk), "set input.encoding: gb18030"},
		{"semicolons", "a.csv", strings.ReplaceAll(twoRows, ",", ";"), `set input.delimiter: ";"`},
		{"tabs", "a.csv", strings.ReplaceAll(twoRows, ",", "\t"), "set input.delimiter: tab"},
		{"bars", "a.csv", strings.ReplaceAll(twoRows, ",", "|"), `set input.delimiter: "|"`},
		{"sep of another delimiter", "a.csv", "sep=;\n" + twoRows, "the file has no column"},
		{"lone CR", "a.csv", strings.ReplaceAll(twoRows, "\n", "\r"), "lone carriage return"},
		{"JSON over lines", "a.json", "{\n  \"id\": \"" + secret + "\"\n}\n", "over several lines"},
		{"an array that ends", "a.json", `[{"id":"1","kind":"in","time":"2016-11-05 10:00:00"},`, "ends inside the JSON array"},
		{"no header", "a.csv", secret + ",1,2016-11-05\n" + secret + ",2,2016-11-05\n", "its columns are: #1, \"1\", #3"},
		{"binary names", "a.csv", strings.Repeat("\x01\x02\x03,", 50_000) + "\n", "the file has no column"},
		{"a very long header", "a.csv", strings.Repeat("name of a column,", 50_000) + "x\n", "the file has no column"},
		{"garbage behind gzip", "a.csv.gz", string(gz(t, []byte(twoRows))) + "\x00\x00\x00rest", "stands behind the compressed data"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Check(context.Background(), []string{write(t, c.file, []byte(c.text))}, parse(t, simple), 0, Options{})
			require.ErrorContains(t, err, c.want)
			require.Less(t, len(err.Error()), 2000)
			require.NotContains(t, err.Error(), "13900000000") // the folder of the test has a number of its own
		})
	}
}

// What says plainly what it is, is read.
func TestFilesThatSayWhatTheyAreAreRead(t *testing.T) {
	object := `{"id":"1","kind":"in","time":"2016-11-05 10:00:00"}`
	for _, c := range []struct{ name, file, text, input string }{
		{"UTF-16 with a mark", "a.csv", utf16(t, twoRows, unicode.LittleEndian, unicode.UseBOM), ""},
		{"big-endian", "a.csv", utf16(t, twoRows, unicode.BigEndian, unicode.UseBOM), ""},
		{"UTF-16 with a mark and an encoding", "a.csv", utf16(t, twoRows, unicode.LittleEndian, unicode.UseBOM), "{encoding: utf-16le}"},
		{"the mark wins", "a.csv", "\xef\xbb\xbf" + twoRows, "{encoding: gb18030}"},
		{"UTF-16 by the mapping", "a.csv", utf16(t, twoRows, unicode.LittleEndian, unicode.IgnoreBOM), "{encoding: utf-16le}"},
		{"sep", "a.csv", "sep=;\r\n" + strings.ReplaceAll(twoRows, ",", ";"), ""},
		{"sep as the mapping says", "a.csv", "sep=\t\n" + strings.ReplaceAll(twoRows, ",", "\t"), "{delimiter: tab}"},
		{"gzip filled up with zeros", "a.csv.gz", string(gz(t, []byte(twoRows))) + strings.Repeat("\x00", 10_000), ""},
		{"two gzip members", "a.csv.gz", string(gz(t, []byte(twoRows[:30]))) + string(gz(t, []byte(twoRows[30:]))), ""},
		{"a JSON array", "a.json", " [\n" + object + " ,\n" + strings.Replace(object, "1", "2", 1) + "\n]\n", ""},
		{"a JSON array in one line", "a.csv", "[" + object + "," + object + "]", ""},
		{"objects under another name", "a.csv", object + "\n" + object + "\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := simple
			if c.input != "" {
				m += "input: " + c.input + "\n"
			}
			_, sum := run(t, m, c.file, c.text, Options{})
			require.EqualValues(t, 2, sum.Events)
			require.Zero(t, sum.Refused)
		})
	}
}

// A workbook in UTF-16 that Excel calls Unicode text: tabs, a mark, CRLF.
func TestExcelsUnicodeTextIsRead(t *testing.T) {
	text := utf16(t, strings.ReplaceAll(strings.ReplaceAll(twoRows, ",", "\t"), "\n", "\r\n"), unicode.LittleEndian, unicode.UseBOM)
	_, sum := run(t, simple+"input: {delimiter: tab}\n", "a.txt", text, Options{})
	require.EqualValues(t, 2, sum.Events)
}

func TestRowsWithOneDelimiterMoreSaySo(t *testing.T) {
	_, sum := run(t, simple, "a.csv", "id,kind,time\n1,in,2016-11-05 10:00:00,\n", Options{})
	require.Equal(t, []string{"2 ragged_row "}, listed(sum))
	require.Contains(t, sum.Problems[0].Message, "one delimiter more than the header")
}

// Elements of an array that are no objects are refused one by one.
func TestElementsOfAnArrayAreRefusedOneByOne(t *testing.T) {
	_, sum := run(t, simple, "a.json", `[{"id":"1","kind":"in","time":"2016-11-05 10:00:00"},
[1,"],"],
{"id":"a\"]","kind":"in","time":"2016-11-05 10:00:00"}, 7, {"id":1,}]`, Options{})
	require.Equal(t, []string{"2 malformed_json ", "3 malformed_json ", "3 malformed_json "}, listed(sum))
	require.EqualValues(t, 2, sum.Events)
}

// A byte that the encoding does not know is refused, with the byte; it never
// becomes a character that stands for anything.
func TestABytesThatCannotBeDecodedIsRefused(t *testing.T) {
	m := strings.Replace(simple, "topic: case-events", "topic: case-events\ninput: {encoding: gb18030}", 1)
	m = strings.Replace(m, "at: time}", "at: time, fields: {org_code: office}}", 1)
	long := gb18030(t, strings.Repeat("9,in,2016-11-05 10:00:00,西安市第二分局\n", 20_000)) // over several blocks
	text := gb18030(t, "id,kind,time,office\n1,in,2016-11-05 10:00:00,城关") + "\xff\n" + gb18030(t, "2,in,2016-11-05 10:00:00,城关\n") + long +
		"3,\x80,2016-11-05 10:00:00,x\n4\xff,in,2016-11-05 10:00:00,x\n5,in,2016-11-05 10:00:00\xff,x\n" +
		gb18030(t, "6,in,2016-11-05 10:00:00,长安") + "\xb3"
	s := &sink{}
	sum, err := Run(context.Background(), []string{write(t, "a.csv", []byte(text))}, parse(t, m), s, Options{})
	require.NoError(t, err)
	require.Equal(t, []string{"2 invalid_utf8 office", "20004 unknown_code kind", "20005 invalid_utf8 id", "20006 invalid_utf8 time",
		"20007 invalid_utf8 office"}, listed(sum))
	require.Contains(t, sum.Problems[0].Message, "0xFF cannot be read as gb18030")
	require.Len(t, s.values, 20_001)
	require.Contains(t, s.values[0], `"org_code":"城关"`)
	require.NotContains(t, strings.Join(s.values, ""), "\uFFFD")
	require.Equal(t, 20_000, strings.Count(strings.Join(s.values, ""), "西安市第二分局"))
}
