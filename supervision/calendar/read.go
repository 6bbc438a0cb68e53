package calendar

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// MaxNoticeBytes bounds the file of a notice; that of a year has about 3 KB.
const MaxNoticeBytes = 1 << 20

// ReadNotice reads the notice of a year that somebody wrote: JSON or YAML with
//
//	year: 2027
//	document: 国办发明电〔2026〕…号   # optional
//	issued: 2026-11-05               # optional
//	papers: [https://…]              # optional
//	days:
//	  - {name: 元旦, date: 2027-01-01, isOffDay: true}
//
// or, when the name ends in .csv, a table with the columns date, name and
// isOffDay; its year is that of most days. Problems say what is wrong in which
// line; with any, the notice is not to be used.
func ReadNotice(name string, data []byte) (Notice, []Problem) {
	switch {
	case len(data) > MaxNoticeBytes:
		return Notice{},
			[]Problem{{Code: "too_large", Text: fmt.Sprintf("the file has %d bytes, at most %d are read", len(data), MaxNoticeBytes)}}
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return Notice{}, []Problem{{Code: "workbook", Text: "the file is a workbook or another ZIP archive: save it as CSV in UTF-8"}}
	case !utf8.Valid(data):
		line := 1 + bytes.Count(data[:validPrefix(data)], []byte("\n"))
		return Notice{}, []Problem{{Line: line, Code: "encoding", Text: "the text is not UTF-8: save it as CSV or YAML in UTF-8"}}
	case strings.HasSuffix(strings.ToLower(name), ".csv"):
		return readTable(data)
	}
	return readTree(data)
}

// validPrefix is how many bytes of data are UTF-8 before the first that is not.
func validPrefix(data []byte) (n int) {
	for n < len(data) {
		r, size := utf8.DecodeRune(data[n:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		n += size
	}
	return n
}

// readTree reads JSON or YAML. JSON knows tabs between its parts, YAML does not.
func readTree(data []byte) (n Notice, problems []Problem) {
	bad := func(line int, code, value, format string, args ...any) {
		problems = append(problems, Problem{Line: line, Code: code, Value: value, Text: fmt.Sprintf(format, args...)})
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if t := bytes.TrimSpace(data); len(t) > 0 && t[0] == '{' {
		data = bytes.ReplaceAll(data, []byte("\t"), []byte(" "))
	}
	tree, err := parser.ParseBytes(data, 0)
	if err != nil || len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		line, text := 0, "it is not one document of JSON or YAML"
		var syntax *yaml.SyntaxError
		if errors.As(err, &syntax) && syntax.Token != nil {
			line, text = syntax.Token.Position.Line, syntax.Message
		}
		bad(line, "syntax", "", "%s", text)
		return n, problems
	}
	top, ok := fields(tree.Docs[0].Body)
	if !ok {
		bad(1, "syntax", "", "the file must have the keys year and days")
		return n, problems
	}
	var days ast.Node
	for _, f := range top {
		line := lineOf(f.Key)
		switch key, value := word(f.Key), word(f.Value); key {
		case "year":
			if n.Year, err = strconv.Atoi(value); err != nil || n.Year < 2000 || n.Year > 2299 {
				bad(line, "year", value, "year %q is not a year from 2000 to 2299", value)
				n.Year = 0
			}
		case "document", "doc_no":
			n.Document = value
		case "issued", "issued_on":
			if _, err := ParseDay(value); err != nil {
				bad(line, "date", value, "issued: %q is not a date YYYY-MM-DD", value)
			}
			n.Issued = value
		case "papers", "source":
			n.Papers = append(n.Papers, words(f.Value)...)
		case "days":
			days = f.Value
		case "$schema", "$id":
		default:
			bad(line, "unknown_key", key, "unknown key %q: known are year, document, issued, papers and days", key)
		}
	}
	if n.Year == 0 && len(problems) == 0 {
		bad(1, "year", "", "year is missing")
	}
	list, ok := days.(*ast.SequenceNode)
	if days == nil || !ok {
		bad(1, "empty", "", "days is missing or no list")
		return n, problems
	}
	for _, item := range list.Values {
		d, more := readDay(item)
		if problems = append(problems, more...); len(more) == 0 {
			n.Days = append(n.Days, d)
		}
	}
	return n, problems
}

// readDay reads one entry of days.
func readDay(item ast.Node) (d NoticeDay, problems []Problem) {
	d.Line = lineOf(item)
	parts, ok := fields(item)
	if !ok {
		return d, []Problem{{Line: d.Line, Code: "day", Text: "a day needs date, isOffDay and name"}}
	}
	d.Line = lineOf(parts[0].Key)
	date, off := "", ""
	for _, f := range parts {
		switch key, value := word(f.Key), word(f.Value); key {
		case "name":
			d.Name = value
		case "date":
			date = value
		case "isOffDay", "is_off_day":
			off = value
		default:
			problems = append(problems, Problem{Line: lineOf(f.Key), Code: "unknown_key", Value: key,
				Text: fmt.Sprintf("unknown key %q of a day: known are name, date and isOffDay", key)})
		}
	}
	return d, append(problems, d.set(date, off)...)
}

// set fills in date and kind of a day as they are written.
func (d *NoticeDay) set(date, off string) (problems []Problem) {
	day, err := ParseDay(strings.TrimSpace(date))
	if err != nil {
		problems = append(problems,
			Problem{Line: d.Line, Code: "date", Value: date, Text: fmt.Sprintf("date %q is not a day written YYYY-MM-DD", date)})
	}
	d.Day = day
	if d.Off, err = strconv.ParseBool(strings.TrimSpace(off)); err != nil {
		problems = append(problems, Problem{Line: d.Line, Code: "is_off_day", Value: off,
			Text: fmt.Sprintf("isOffDay %q is not true (a day off) or false (a make-up working day)", off)})
	}
	return problems
}

// readTable reads CSV with a heading.
func readTable(data []byte) (n Notice, problems []Problem) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	r.FieldsPerRecord = -1
	heading, err := r.Read()
	if err != nil {
		return n, []Problem{{Line: 1, Code: "empty", Text: "the table has no heading"}}
	}
	at := map[string]int{"date": -1, "name": -1, "isoffday": -1}
	for i, h := range heading {
		at[strings.ToLower(strings.ReplaceAll(strings.TrimSpace(h), "_", ""))] = i
	}
	for _, want := range []string{"date", "name", "isoffday"} {
		if at[want] < 0 {
			problems = append(problems, Problem{Line: 1, Code: "column", Value: want, Text: fmt.Sprintf("the heading has no column %s; wanted "+
				"are date, name and isOffDay", want)})
		}
	}
	if len(problems) > 0 {
		return n, problems
	}
	years := map[int]int{}
	for {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		line, _ := r.FieldPos(0)
		if err != nil || len(row) != len(heading) {
			return n, append(problems, Problem{Line: line, Code: "syntax", Text: "the row has not as many cells as the heading"})
		}
		d := NoticeDay{Line: line, Name: strings.TrimSpace(row[at["name"]])}
		if more := d.set(row[at["date"]], row[at["isoffday"]]); len(more) > 0 {
			problems = append(problems, more...)
			continue
		}
		n.Days = append(n.Days, d)
		y := d.Day.Year()
		if years[y]++; years[y] > years[n.Year] {
			n.Year = y
		}
	}
	return n, problems
}

// fields are the pairs of a mapping; false when the node is none or has none.
func fields(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch m := n.(type) {
	case *ast.MappingNode:
		return m.Values, len(m.Values) > 0
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{m}, true
	}
	return nil, false
}

// word is the text of a scalar; empty for anything else.
func word(n ast.Node) string {
	switch s := n.(type) {
	case *ast.StringNode:
		return s.Value
	case ast.ScalarNode:
		if t := s.GetToken(); t != nil {
			return t.Value
		}
	}
	return ""
}

// words are the texts of a list of scalars, or of one.
func words(n ast.Node) (out []string) {
	if list, ok := n.(*ast.SequenceNode); ok {
		for _, item := range list.Values {
			out = append(out, word(item))
		}
		return out
	}
	if w := word(n); w != "" {
		out = append(out, w)
	}
	return out
}

func lineOf(n ast.Node) int {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 0
	}
	return n.GetToken().Position.Line
}
