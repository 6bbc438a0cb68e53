package kit

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/queries"
)

// A file that cannot be ended is broken off: nobody takes the rows that came for all.
func TestAFileThatFailsMidwayIsBrokenOff(t *testing.T) {
	s := &Site{Deps: Deps{Log: slog.New(slog.DiscardHandler), RequestID: func(context.Context) string { return "" }}}
	batch := &queries.Result{Columns: []queries.Column{{Name: "n"}}, Rows: [][]any{{"1"}, {"2"}}}
	var fails error
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		(&Request{Site: s, HTTP: r}).SendFile(w, "x", 10, func(_ context.Context, each func(*queries.Result) error) error {
			for range 3 {
				if err := each(batch); err != nil {
					return err
				}
			}
			return fails
		}, func(rows []Row) *Table {
			t := &Table{Columns: []Column{{Key: "n"}}}
			for _, x := range rows {
				t.Rows = append(t.Rows, []Cell{{Raw: x["n"]}})
			}
			return t
		})
	}))
	defer h.Close()
	h.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	get := func() (string, error) {
		res, err := http.Get(h.URL)
		if err != nil {
			return "", err
		}
		defer func() { _ = res.Body.Close() }()
		b, err := io.ReadAll(res.Body)
		return string(b), err
	}
	body, err := get()
	require.NoError(t, err)
	require.Equal(t, "\ufeffn\n1\n2\n1\n2\n1\n2\n", body)
	fails = errors.New("the database went away")
	_, err = get()
	require.Error(t, err)
}
