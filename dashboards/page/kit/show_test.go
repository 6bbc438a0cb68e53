package kit_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
)

type showing func(*kit.Request, context.Context, http.ResponseWriter) error

// shown asks a page that only shows for an address.
func shown(t *testing.T, address string, answer showing, keep ...string) *httptest.ResponseRecorder {
	t.Helper()
	pages := kit.NewShown(func(q *kit.Request) *kit.Request { return q })
	pages.Show(route.Route{Pattern: "/a", Rule: route.Needs(access.FigureView), Scope: route.ByFilter()}, answer, keep...)
	d := deps(t)
	d.RequestID = func(context.Context) string { return "request-7" }
	s, err := kit.New(d, pages.Room(fstest.MapFS{"templates/page_a.html": {Data: []byte(`{{define "content"}}{{.Body}}{{end}}`)}}))
	require.NoError(t, err)
	w := httptest.NewRecorder()
	q := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	q.Header.Set("Accept-Language", "en")
	s.Routes()[0].Handler.ServeHTTP(w, q)
	return w
}

// What hinders a page is answered by the page of that error, once, and says nothing of what
// went wrong inside.
func TestWhatHindersAPageIsAnsweredByThePageOfThatError(t *testing.T) {
	for name, c := range map[string]struct {
		address string
		err     error
		status  int
		says    string
		asked   bool
	}{
		"nothing":                    {"/a", nil, http.StatusOK, "the page", true},
		"no such subject":            {"/a", fmt.Errorf("case 7: %w", kit.ErrNotFound), http.StatusNotFound, "", true},
		"a parameter that is wrong":  {"/a", kit.BadAddress("colour"), http.StatusBadRequest, "colour", true},
		"a database that failed":     {"/a", errors.New("table cases: broken"), http.StatusInternalServerError, "request-7", true},
		"a reader who went":          {"/a", context.Canceled, http.StatusOK, "", true}, // nobody is left to answer
		"an instant that is none":    {"/a?as_of=yesterday", nil, http.StatusBadRequest, "as_of", false},
		"a period that ends at once": {"/a?from=2026-03-02&to=2026-03-01", nil, http.StatusBadRequest, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			asked := false
			w := shown(t, c.address, func(_ *kit.Request, _ context.Context, w http.ResponseWriter) error {
				asked = true
				if c.err == nil {
					_, _ = w.Write([]byte("the page"))
				}
				return c.err
			})
			require.Equal(t, c.status, w.Code)
			require.Contains(t, w.Body.String(), c.says)
			require.NotContains(t, w.Body.String(), "broken")
			require.Equal(t, c.asked, asked, "a page is not asked for what its address cannot mean")
		})
	}
}

// A page may cost the database half a minute, and its links keep what belongs to its state.
func TestAPageHasItsTimeAndKeepsItsState(t *testing.T) {
	began := time.Now()
	w := shown(t, "/a?q=x%26y&sort=due&colour=red&region=610802", func(q *kit.Request, ctx context.Context, w http.ResponseWriter) error {
		end, bounded := ctx.Deadline()
		require.True(t, bounded)
		require.WithinDuration(t, began.Add(kit.Timeout), end, 5*time.Second)
		_, _ = w.Write([]byte(q.Here("sort", "number") + " " + q.CSVHref("rows")))
		return nil
	}, "q", "sort")
	require.Equal(t, "/a?q=x%26y&region=610802&sort=number /a?format=csv&q=x%26y&region=610802&sort=due&table=rows", w.Body.String())
}

// A table of a page is its own file: only the part that was asked for is loaded, and what the
// page does not have is not found.
func TestATableIsSentAsAFile(t *testing.T) {
	for address, c := range map[string]struct {
		status       int
		body, loaded string
	}{
		"/a":                              {http.StatusOK, "the page", ""},
		"/a?format=csv&table=rows":        {http.StatusOK, "\ufeffn\n7\n", "rows"},
		"/a?format=csv&table=chart":       {http.StatusNotFound, "", "chart"}, // a part without a table
		"/a?format=csv&table=other":       {http.StatusNotFound, "", ""},
		"/a?format=csv":                   {http.StatusNotFound, "", ""},
		"/a?format=csv&table=broken":      {http.StatusInternalServerError, "", "broken"},
		"/a?format=pdf&table=rows":        {http.StatusOK, "the page", ""},
		"/a?format=csv&table=rows&lang=x": {http.StatusOK, "\ufeffn\n7\n", "rows"},
	} {
		var loaded []string
		part := func(id string, p *kit.Panel, err error) kit.Part {
			return kit.Part{ID: id, Load: func(context.Context) (*kit.Panel, error) { loaded = append(loaded, id); return p, err }}
		}
		parts := []kit.Part{
			part("rows", &kit.Panel{Table: &kit.Table{Columns: []kit.Column{{Key: "n"}}, Rows: [][]kit.Cell{{{Text: "seven", Raw: 7}}}}}, nil),
			part("chart", &kit.Panel{}, nil), part("broken", nil, errors.New("no connection")),
		}
		w := shown(t, address, func(q *kit.Request, ctx context.Context, w http.ResponseWriter) error {
			if sent, err := q.SentTable(ctx, w, parts); sent || err != nil {
				return err
			}
			_, _ = w.Write([]byte("the page"))
			return nil
		})
		require.Equal(t, c.status, w.Code, address)
		if c.body != "" {
			require.Equal(t, c.body, w.Body.String(), address)
		}
		require.Equal(t, c.loaded, strings.Join(loaded, " "), address)
	}
}

// One part that fails leaves the others standing and can be tried again; when all of them
// fail there is no page.
func TestAPartThatFailsLeavesTheOthersStanding(t *testing.T) {
	good := kit.Part{ID: "volume", Load: func(context.Context) (*kit.Panel, error) { return &kit.Panel{Table: &kit.Table{}}, nil }}
	bad := kit.Part{ID: "trend", Load: func(context.Context) (*kit.Panel, error) { return nil, errors.New("memory limit") }}
	w := shown(t, "/a?region=610802", func(q *kit.Request, ctx context.Context, w http.ResponseWriter) error {
		panels, err := q.LoadAll(ctx, []kit.Part{good, bad})
		require.NoError(t, err)
		require.Empty(t, panels["volume"].Err)
		require.Equal(t, "/a?format=csv&region=610802&table=volume", panels["volume"].Table.CSV)
		require.Contains(t, panels["trend"].Err, "request-7")
		require.NotContains(t, panels["trend"].Err, "memory")
		require.Equal(t, "/a?region=610802", panels["trend"].Links[0].Href)
		_, err = q.LoadAll(ctx, []kit.Part{bad, bad})
		return err
	})
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
	require.Equal(t, "10", w.Header().Get("Retry-After"))
}

// Fifty rows stand on a page; the first has none before it and the last none behind it.
func TestAListIsLedThroughByFifties(t *testing.T) {
	for _, c := range []struct {
		page       string
		rows       int
		total      int64
		prev, next string
		text       string
	}{
		{"", 50, 120, "", "/a?page=2", "1–50"},
		{"2", 50, 120, "/a?page=1", "/a?page=3", "51–100"},
		{"3", 20, 120, "/a?page=2", "", "101–120"},
		{"", 50, 50, "", "", "1–50"}, // exactly one page
		{"", 0, 0, "", "", ""},
		{"9", 0, 120, "/a?page=8", "", ""}, // beyond the end: back
	} {
		shown(t, "/a?page="+c.page, func(q *kit.Request, _ context.Context, _ http.ResponseWriter) error {
			n, err := q.PageNumber()
			require.NoError(t, err)
			p := q.Pages(n, c.rows, c.total)
			require.Equal(t, c.prev, p.Prev, c)
			require.Equal(t, c.next, p.Next, c)
			require.Contains(t, p.Text, c.text, c)
			return nil
		})
	}
	for _, page := range []string{"0", "-1", "x", "1.5", "1000001", "9999999999999999999"} {
		shown(t, "/a?page="+page, func(q *kit.Request, _ context.Context, _ http.ResponseWriter) error {
			_, err := q.PageNumber()
			require.EqualError(t, err, kit.BadAddress("page").Error(), page)
			return nil
		})
	}
}
