package rows

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-faster/jx"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode/utf32"

	xunicode "golang.org/x/text/encoding/unicode"

	"golang.org/x/text/encoding"
)

// headBytes is how much of a file is looked at to find out what it is.
const headBytes = 64 << 10

// kinds are files that are no text and no table that is read here, by their
// first bytes (and what must follow somewhere in the head), with what to do.
var kinds = []struct{ magic, within, is, do string }{
	{"PK\x03\x04", "xl/", "an Excel workbook (XLSX)", "save the sheet as CSV UTF-8"},
	{"PK\x03\x04", "word/", "a Word document (DOCX)", "save its table as CSV UTF-8"},
	{"PK\x03\x04", "opendocument", "an OpenDocument file", "save the sheet as CSV UTF-8"},
	{"PK\x03\x04", "[Content_Types].xml", "an Office document", "save the sheet as CSV UTF-8"},
	{"PK", "", "a ZIP archive", "unpack it first; only gzip and zstd are unpacked here"},
	{"\xd0\xcf\x11\xe0", "", "an old Office document (XLS or DOC)", "save the sheet as CSV UTF-8"},
	{"\x89PNG", "", "a picture (PNG)", "load the table itself"},
	{"\xff\xd8\xff", "", "a picture (JPEG)", "load the table itself"},
	{"GIF8", "", "a picture (GIF)", "load the table itself"},
	{"%PDF", "", "a PDF document", "ask for the table as CSV"},
	{"BZh", "", "compressed with bzip2", "unpack it first; only gzip and zstd are unpacked here"},
	{"\xfd7zXZ", "", "compressed with xz", "unpack it first; only gzip and zstd are unpacked here"},
	{"7z\xbc\xaf", "", "a 7-Zip archive", "unpack it first; only gzip and zstd are unpacked here"},
	{"Rar!", "", "a RAR archive", "unpack it first; only gzip and zstd are unpacked here"},
	{"\x1f\x9d", "", "compressed with compress (.Z)", "unpack it first; only gzip and zstd are unpacked here"},
	{"\x04\x22\x4d\x18", "", "compressed with LZ4", "unpack it first; only gzip and zstd are unpacked here"},
	{"\xff\x06\x00\x00sNaPpY", "", "compressed with Snappy", "unpack it first; only gzip and zstd are unpacked here"},
	{"PARE", "", "an encrypted Parquet file", "write it without encryption"},
	{"ARROW1", "", "an Arrow or Feather file", "write it as Parquet"},
	{"ORC", "", "an ORC file", "write it as Parquet"},
	{"Obj\x01", "", "an Avro file", "write it as Parquet or NDJSON"},
	{"SQLite format 3", "", "an SQLite database", "export the table as CSV"},
	{"\x7fELF", "", "a program", "load the table itself"},
	{"MZ", "\x00\x00", "a program", "load the table itself"},
}

// mark is a byte-order mark: it says how a text is encoded, whatever else does.
type mark struct {
	bytes string
	name  string
	enc   encoding.Encoding
}

var marks = []mark{
	{"\xff\xfe\x00\x00", "utf-32le", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)},
	{"\x00\x00\xfe\xff", "utf-32be", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)},
	{"\xef\xbb\xbf", "", nil},
	{"\xff\xfe", "utf-16le", xunicode.UTF16(xunicode.LittleEndian, xunicode.IgnoreBOM)},
	{"\xfe\xff", "utf-16be", xunicode.UTF16(xunicode.BigEndian, xunicode.IgnoreBOM)},
}

// markOf returns the byte-order mark at the start of a text.
func markOf(head []byte) (mark, bool) {
	for _, m := range marks {
		if bytes.HasPrefix(head, []byte(m.bytes)) {
			return m, true
		}
	}
	return mark{}, false
}

// foreign says what a file is that is none of the formats read here, and what
// to do about it; nil when it may be one of them. Texts are looked at after they
// were decoded (strange).
func foreign(head []byte) error {
	for _, k := range kinds {
		if bytes.HasPrefix(head, []byte(k.magic)) && bytes.Contains(head, []byte(k.within)) {
			return fmt.Errorf("the file is %s, which is not read here: %s", k.is, k.do)
		}
	}
	return nil
}

// strange says what is wrong with a text as a table. declared is whether the
// mapping says its encoding.
func strange(head []byte, declared bool) error {
	start := bytes.ToLower(bytes.TrimLeft(head[:min(len(head), 1024)], " \t\r\n\ufeff"))
	for _, tag := range []string{"<!doctype html", "<html", "<table", "<meta", "<head", "<body"} {
		if bytes.HasPrefix(start, []byte(tag)) {
			return errors.New("the file is an HTML page (what some systems call an export to Excel): open it in a spreadsheet and save the sheet " +
				"as CSV UTF-8")
		}
	}
	if bytes.Contains(start, []byte("excel.sheet")) || bytes.Contains(start, []byte("urn:schemas-microsoft-com:office:spreadsheet")) {
		return errors.New("the file is an XML spreadsheet: open it and save the sheet as CSV UTF-8")
	}
	if bytes.HasPrefix(start, []byte("{\\rtf")) {
		return errors.New("the file is a Rich Text document: save its table as CSV UTF-8")
	}
	if zeros := bytes.Count(head, []byte{0}); zeros > 0 {
		if guess := wide(head); guess != "" && !declared {
			return fmt.Errorf("the text looks like %s without a byte-order mark: set input.encoding: %s", guess, guess)
		}
		return errors.New("the file is not text: it holds bytes of zero; nothing that is read here looks like it")
	}
	return nil
}

// wide tells UTF-16 by where its zero bytes stand.
func wide(head []byte) string {
	even, odd := 0, 0
	for i, c := range head {
		if c == 0 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	switch half := len(head) / 2; {
	case odd > half/5 && even*10 < odd:
		return "utf-16le"
	case even > half/5 && odd*10 < even:
		return "utf-16be"
	}
	return ""
}

// guessEncoding names the encoding in which bytes that are not UTF-8 make sense,
// for messages alone.
func guessEncoding(b []byte) string {
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	if err == nil && !bytes.Contains(out, replacement) {
		for _, r := range string(out) {
			if unicode.Is(unicode.Han, r) {
				return "gb18030"
			}
		}
	}
	return "windows-1252"
}

// utf8Header is an error when the names of columns are not UTF-8.
func utf8Header(row []byte, encoding string) error {
	if utf8.Valid(row) {
		return nil
	}
	if encoding != "" {
		return fmt.Errorf("the header row cannot be read as %s; set another input.encoding", encoding)
	}
	guess := guessEncoding(row)
	return fmt.Errorf("the header row is not UTF-8; it can be read as %s: set input.encoding: %s, or save the file as UTF-8", guess, guess)
}

// delimiters that spreadsheets and databases write.
const delimiters = ",;\t|"

// delimiterHint says which other delimiter a header row holds, for messages: a
// delimiter is never guessed in silence.
func delimiterHint(row []byte, delim byte) string {
	best, most := byte(0), bytes.Count(row, []byte{delim})
	for i := range len(delimiters) {
		if n := bytes.Count(row, []byte{delimiters[i]}); n > most {
			best, most = delimiters[i], n
		}
	}
	if best == 0 {
		return ""
	}
	return fmt.Sprintf("; the row holds %d %s and %d %s, so the delimiter is probably another one: set input.delimiter: %s",
		most, delimiterName(best), bytes.Count(row, []byte{delim}), delimiterName(delim), delimiterWord(best))
}

func delimiterName(c byte) string {
	switch c {
	case ',':
		return "commas"
	case ';':
		return "semicolons"
	case '\t':
		return "tabs"
	case '|':
		return "vertical bars"
	}
	return fmt.Sprintf("%q", string(rune(c)))
}

func delimiterWord(c byte) string {
	if c == '\t' {
		return "tab"
	}
	return fmt.Sprintf("%q", string(rune(c)))
}

// loneCR is an error when lines end as they did on old Macintoshes: the whole
// file would be one row.
func loneCR(head []byte) error {
	if n := bytes.Count(head, []byte{'\r'}); n > 0 && !bytes.Contains(head, []byte{'\n'}) && n > bytes.Count(head, []byte("\r\x00")) {
		if n == 1 && head[len(head)-1] == '\r' {
			return nil // the head ends between CR and LF, or the file does
		}
		return errors.New(`lines end with a lone carriage return (old Macintosh); convert them, for example with: tr '\r' '\n'`)
	}
	return nil
}

// firstLineIsObject reports whether a text begins with a JSON object on one line.
func firstLineIsObject(head []byte) bool {
	line, _, whole := bytes.Cut(head, []byte{'\n'})
	line = bytes.TrimSpace(line)
	if len(line) == 0 || line[0] != '{' {
		return false
	}
	if !whole && len(head) >= headBytes {
		return true // a line longer than the head
	}
	return jx.Valid(line)
}

// columnNames shows names of columns in a message: the first ones, shortened.
// What does not look like a name (numbers and dates of a file without a header,
// bytes that are no text) is shown by its position, so that a message holds no
// cell.
func columnNames(names []string) string {
	var out []string
	for i, n := range names {
		if i == 30 {
			out = append(out, fmt.Sprintf("and %d more", len(names)-i))
			break
		}
		digits := 0
		printable := utf8.ValidString(n)
		for _, r := range n {
			if unicode.IsDigit(r) {
				digits++
			}
			printable = printable && unicode.IsPrint(r)
		}
		switch {
		case !printable || digits > 4 || len(n) > 160:
			out = append(out, fmt.Sprintf("#%d", i+1))
		default:
			out = append(out, fmt.Sprintf("%q", shorten(n, 40)))
		}
	}
	return strings.Join(out, ", ")
}

// shorten cuts a text to n bytes at a rune.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// maxMessageBytes bounds what an error of a file says.
const maxMessageBytes = 1000

// shortError is an error whose text is short and printable, whatever a library
// put into it.
type shortError struct{ error }

func (e shortError) Error() string {
	s := strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) && r != ' ' {
			return '·'
		}
		return r
	}, e.error.Error())
	return shorten(s, maxMessageBytes)
}

func (e shortError) Unwrap() error { return e.error }
