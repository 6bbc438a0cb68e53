package kit

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"duban/queries"
	"duban/supervision/lawzone"
)

// writeCSV writes a table as a file.
func writeCSV(w io.Writer, t *Table) error {
	f := newCSV(w, t)
	_ = f.write(t)
	return f.end()
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

// ServeCSV answers with the table as a file.
func ServeCSV(w http.ResponseWriter, t *Table) error {
	f := beginCSV(w, t)
	_ = f.write(t)
	return f.end()
}
