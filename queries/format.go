package queries

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"duban/supervision/lawzone"
)

// ListSeparator joins the elements of an array in tables and CSV files.
const ListSeparator = " > "

// Write writes the result as table, json or csv.
func (r *Result) Write(w io.Writer, format string) error {
	switch format {
	case "table":
		return r.WriteTable(w)
	case "json":
		return r.WriteJSON(w)
	case "csv":
		return r.WriteCSV(w)
	default:
		return fmt.Errorf("unknown format %q: want table, json or csv", format)
	}
}

// WriteJSON writes {"query", "as_of", "known_at" where there is one, "params", "columns", "rows"}: rows are
// flat objects in the order of the columns, instants are RFC 3339 in +08:00,
// null is a missing value; a number that is not finite is null too.
func (r *Result) WriteJSON(w io.Writer) error {
	out := bufio.NewWriter(w)
	params := map[string]any{}
	for name, v := range r.Args {
		params[name] = jsonValue(v, "")
	}
	if len(r.By) > 0 {
		params["by"] = r.By
	}
	columns := make([]map[string]string, len(r.Columns))
	for i, c := range r.Columns {
		columns[i] = map[string]string{"name": c.Name, "type": c.Type, "help": c.Help}
	}
	name := ""
	if r.Query != nil {
		name = r.Query.Name
	}
	_, _ = out.WriteString(`{"query":`)
	if err := writeJSON(out, name); err != nil {
		return err
	}
	type part struct {
		key   string
		value any
	}
	parts := []part{{"as_of", params["as_of"]}, {"params", params}, {"columns", columns}}
	if !r.KnownAt.IsZero() {
		parts = slices.Insert(parts, 1, part{"known_at", instant(r.KnownAt, "")})
	}
	for _, part := range parts {
		_, _ = fmt.Fprintf(out, ",%q:", part.key)
		if err := writeJSON(out, part.value); err != nil {
			return err
		}
	}
	if len(r.MissingInput) > 0 {
		_, _ = out.WriteString(`,"missing_input":`)
		if err := writeJSON(out, r.MissingInput); err != nil {
			return err
		}
	}
	_, _ = out.WriteString(`,"rows":[`)
	for i, row := range r.Rows {
		if i > 0 {
			_, _ = out.WriteString(",")
		}
		_, _ = out.WriteString("\n{")
		for j, c := range r.Columns {
			if j > 0 {
				_, _ = out.WriteString(",")
			}
			if err := writeJSON(out, c.Name); err != nil {
				return err
			}
			_, _ = out.WriteString(":")
			if err := writeJSON(out, jsonValue(row[j], c.Type)); err != nil {
				return fmt.Errorf("write column %s of row %d: %w", c.Name, i+1, err)
			}
		}
		_, _ = out.WriteString("}")
	}
	_, _ = out.WriteString("\n]}\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write JSON of %s: %w", name, err)
	}
	return nil
}

func writeJSON(w *bufio.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(bytes.TrimRight(b.Bytes(), "\n"))
	return err
}

// Harmless keeps a spreadsheet from running a text as a formula: such a text gets a
// quotation mark in front. The full-width forms count as well, which spreadsheets of
// Chinese and Japanese offices read as the narrow ones; blanks and what is not seen
// before them do not hide them.
func Harmless(s string) string {
	first := strings.TrimLeftFunc(s, func(r rune) bool { return r == ' ' || r == '\u3000' || unicode.Is(unicode.Cf, r) })
	if r, _ := utf8.DecodeRuneInString(first); strings.ContainsRune("=+-@\t\r\n＝＋－＠", r) && first != "" {
		return "'" + s
	}
	return s
}

// WriteCSV writes a header line and one line per row; null is an empty cell.
func (r *Result) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	line := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		line[i] = c.Name
	}
	if err := out.Write(line); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	for _, row := range r.Rows {
		for i, c := range r.Columns {
			line[i] = cell(row[i], c.Type, "")
			if writtenByPeople(row[i]) {
				line[i] = Harmless(line[i])
			}
		}
		if err := out.Write(line); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// writtenByPeople reports whether a value is made of text: itself, where it points, or
// the elements that a list joins. Numbers below zero are no formulas.
func writtenByPeople(v any) bool {
	if v == nil {
		return false
	}
	t := reflect.TypeOf(v)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		t = t.Elem()
	}
	return t.Kind() == reflect.String || t.Kind() == reflect.Map || t.Kind() == reflect.Interface
}

// WriteTable writes a table for a terminal; null is a dash.
func (r *Result) WriteTable(w io.Writer) error {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault
	var header table.Row
	var configs []table.ColumnConfig
	for i, c := range r.Columns {
		header = append(header, c.Name)
		if numeric(c.Type) {
			configs = append(configs, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight})
		}
	}
	t.AppendHeader(header)
	t.SetColumnConfigs(configs)
	for _, row := range r.Rows {
		var line table.Row
		for i, c := range r.Columns {
			line = append(line, cell(row[i], c.Type, "—"))
		}
		t.AppendRow(line)
	}
	if _, err := io.WriteString(w, t.Render()+"\n"); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

// jsonValue turns a value of a column into what encoding/json writes.
func jsonValue(v any, chType string) any {
	switch v := v.(type) {
	case nil, string, bool:
		return v
	case Suppressed:
		return nil
	case time.Time:
		return instant(v, chType)
	case float64:
		return finite(v)
	case float32:
		return finite(float64(v))
	}
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.Pointer:
		if rv.IsNil() {
			return nil
		}
		return jsonValue(rv.Elem().Interface(), chType)
	case reflect.Slice, reflect.Array:
		list := make([]any, rv.Len())
		for i := range list {
			list[i] = jsonValue(rv.Index(i).Interface(), chType)
		}
		return list
	case reflect.Map:
		object := make(map[string]any, rv.Len())
		for _, k := range rv.MapKeys() {
			object[fmt.Sprint(k.Interface())] = jsonValue(rv.MapIndex(k).Interface(), chType)
		}
		return object
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// cell writes a value for people and CSV files.
func cell(v any, chType, null string) string {
	switch v := jsonValue(v, chType).(type) {
	case nil:
		return null
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = cell(e, chType, null)
		}
		return strings.Join(parts, ListSeparator)
	case map[string]any:
		parts := make([]string, 0, len(v))
		for k, e := range v {
			parts = append(parts, k+"="+cell(e, chType, null))
		}
		sort.Strings(parts)
		return strings.Join(parts, ListSeparator)
	default:
		return fmt.Sprint(v)
	}
}

func finite(v float64) any {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return v
}

// instant writes an instant in the zone of law, a date as it is.
func instant(t time.Time, chType string) string {
	if strings.Contains(chType, "Date") && !strings.Contains(chType, "DateTime") {
		return t.Format(time.DateOnly)
	}
	return t.In(lawzone.Zone).Format("2006-01-02T15:04:05.999Z07:00")
}

func numeric(chType string) bool {
	chType = strings.TrimPrefix(chType, "Nullable(")
	for _, p := range []string{"Int", "UInt", "Float", "Decimal"} {
		if strings.HasPrefix(chType, p) {
			return true
		}
	}
	return false
}
