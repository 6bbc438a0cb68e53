package page

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"duban/queries"
	"duban/supervision/lawzone"
)

// writeCSV writes a table as UTF-8 with a byte-order mark, which spreadsheets
// need to read Chinese. Times are RFC 3339 in the zone of law, null is an
// empty field.
func writeCSV(w io.Writer, t *Table) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	cw := csv.NewWriter(w)
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = c.Key
	}
	if err := cw.Write(record); err != nil {
		return err
	}
	for _, row := range t.Rows {
		for i, c := range row {
			record[i] = csvText(c.Raw)
		}
		if err := cw.Write(record); err != nil {
			return err
		}
	}
	cw.Flush()
	return cw.Error()
}

func csvText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case time.Time:
		if v.IsZero() || v.Unix() == 0 {
			return ""
		}
		return v.In(lawzone.Zone).Format("2006-01-02T15:04:05.000Z07:00")
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case float32:
		return strconv.FormatFloat(float64(v), 'f', -1, 32)
	case string:
		return queries.Harmless(v)
	default:
		return fmt.Sprint(v)
	}
}

// serveCSV answers with the table as a file.
func serveCSV(w http.ResponseWriter, t *Table) error {
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="duban-`+t.ID+`.csv"`)
	if t.Cut != "" {
		h.Set("X-Truncated", "true")
	}
	return writeCSV(w, t)
}
