package kit

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"duban/queries"
	"duban/supervision/lawzone"
)

// FileBatch is how many rows of a file are in memory at once.
const FileBatch = 1000

// fileTime bounds how long a file may take, its reader included: a connection to the
// database is held until the last row is sent. The driver asks the server for five seconds
// more than a context has, and the reader of the database may have sixty.
const fileTime = 50 * time.Second

// Source hands over the rows of a file in batches.
type Source func(ctx context.Context, each func(*queries.Result) error) error

// SendFile answers with a list as a file, row by row from the database. table writes a batch
// of rows; its Raw alone are in a file, so it needs no names. At most most rows are in it;
// a file that is cut says so in its head. One that cannot be ended is broken off, so that
// nobody takes it for a whole one.
func (q *Request) SendFile(w http.ResponseWriter, id string, most int, from Source, table func([]Row) *Table) {
	ctx, cancel := context.WithTimeout(q.HTTP.Context(), fileTime)
	defer cancel()
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(fileTime))
	var f *csvFile
	err := from(queries.InPieces(ctx, fileTime), func(res *queries.Result) error {
		rows := RowsOf(res)
		t := table(rows)
		if f == nil {
			t.ID = id
			if len(rows) > 0 && rows[0].Whole("total") > int64(most) {
				t.Cut = q.T("table.cut", "Shown", q.Count(int64(most)), "All", q.Count(rows[0].Whole("total")))
			}
			f = beginCSV(w, t)
		}
		return f.write(t)
	})
	if err == nil && f == nil {
		t := table(nil)
		t.ID = id
		f = beginCSV(w, t)
	}
	if err == nil {
		err = f.end()
	}
	switch {
	case err == nil:
	case f == nil:
		q.Fail(w, err)
	default:
		q.Log.ErrorContext(ctx, "write file", "request_id", q.RequestID(ctx), "error", err.Error())
		panic(http.ErrAbortHandler) // the way of net/http to cut a connection
	}
}

// SendQuery sends the rows of a named query as a file.
func (q *Request) SendQuery(w http.ResponseWriter, id, query string, args queries.Args, table func([]Row) *Table) {
	args["max_rows"], args["skip"] = q.FileLimit(), 0
	q.SendFile(w, id, q.FileLimit(), func(ctx context.Context, each func(*queries.Result) error) error {
		return q.Queries.Stream(ctx, query, args, FileBatch, each)
	}, table)
}

// csvFile writes tables of the same columns, one after the other, as one file.
type csvFile struct {
	to     io.Writer
	csv    *csv.Writer
	record []string
	failed error
}

// beginCSV sends the head of the answer and of the file.
func beginCSV(w http.ResponseWriter, t *Table) *csvFile {
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="duban-`+t.ID+`.csv"`)
	if t.Cut != "" {
		h.Set("X-Truncated", "true")
	}
	return newCSV(w, t)
}

// newCSV writes UTF-8 with a byte-order mark, which spreadsheets need to read Chinese, and
// the names of the columns.
func newCSV(w io.Writer, t *Table) *csvFile {
	f := &csvFile{to: w, csv: csv.NewWriter(w), record: make([]string, len(t.Columns))}
	if _, f.failed = io.WriteString(w, "\ufeff"); f.failed != nil {
		return f
	}
	for i, c := range t.Columns {
		f.record[i] = c.Key
	}
	f.failed = f.csv.Write(f.record)
	return f
}

// write adds the rows of a table. Times are RFC 3339 in the zone of law, null is an empty
// field.
func (f *csvFile) write(t *Table) error {
	for _, row := range t.Rows {
		if f.failed != nil {
			break
		}
		for i, c := range row {
			f.record[i] = csvText(c.Raw)
		}
		f.failed = f.csv.Write(f.record)
	}
	return f.failed
}

// end sends what is left.
func (f *csvFile) end() error {
	f.csv.Flush()
	if f.failed == nil {
		f.failed = f.csv.Error()
	}
	return f.failed
}

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
