package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/server"
	"duban/dashboards/sitetest"
	"duban/internal/store/storetest"
	"duban/queries"
)

// A question is answered whole or not at all, and what would be right is said: each
// dimension once and four at most, instants that the tables can hold, a period that is one.
func TestAQuestionOfAProgramIsBounded(t *testing.T) {
	db := storetest.New(t)
	sitetest.Fill(t, db)
	reg, err := queries.Load()
	require.NoError(t, err)
	api := &server.API{Queries: reg, Conn: db.Conn(), Log: slog.New(slog.DiscardHandler), Now: sitetest.Now}
	router := chi.NewRouter()
	router.Get("/{id}", api.Indicator)
	ask := func(address string) (int, string) {
		w := httptest.NewRecorder()
		router.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
		return w.Code, w.Body.String()
	}
	long := strings.Repeat("org,", 3000)
	for address, want := range map[string]string{
		"/C01?by=org,org":                       `twice: each once, of `,
		"/C01?by=" + long + "org":               `longer than 400 bytes`,
		"/C01?by=" + long[:80] + "org":          `by 4 at most of `,
		"/C01?by=org,region,item,window,source": `by 4 at most of `,
		"/C01?by=mood":                          `it can be by: `,
		"/C01?by=org&by=item":                   `by is given twice`,
		"/C01?as_of=0001-01-01":                 `want a year from 1970 to 2200`,
		"/C01?as_of=9999-01-01":                 `want a year from 1970 to 2200`,
		"/C01?from=0001-01-01":                  `want a year from 1970 to 2200`,
		"/C01?from=2026-02-01&to=2026-01-01":    `the period is empty`,
		"/C01?region=x":                         `want 6, 9 or 12 digits`,
		"/C01?org=" + strings.Repeat("x", 401):  `longer than 400 bytes`,
		"/C01?source=%00":                       `line breaks`,
		"/C01?format=xml":                       `want json or csv`,
	} {
		status, body := ask(address)
		require.Equal(t, http.StatusBadRequest, status, address[:min(len(address), 60)])
		require.Contains(t, body, want, address[:min(len(address), 60)])
	}
	status, body := ask("/C01?by=org,item,channel,source")
	require.Equal(t, http.StatusOK, status, body)

	// 44 cases were applied for on four days.
	api.Limits = queries.Limits{Rows: 3, Bytes: 1 << 20}
	status, body = ask("/C01?by=day")
	require.Equal(t, http.StatusBadRequest, status, body)
	require.Contains(t, body, "over 3 rows")
	api.Limits.Rows = 4
	status, _ = ask("/C01?by=day")
	require.Equal(t, http.StatusOK, status)
	api.Limits = queries.Limits{Rows: 100, Bytes: 64}
	status, body = ask("/C01?by=day")
	require.Equal(t, http.StatusBadRequest, status, body)
}

// A form that comes byte by byte is not waited for; an answer that takes long is.
func TestASlowFormIsNotWaitedFor(t *testing.T) {
	people := sitetest.NewPeople(t)
	s := sitetest.Serve(t, storetest.New(t), server.Config{Listen: "127.0.0.1:0", FormTime: 300 * time.Millisecond}, people)
	h := &sitetest.House{Site: s, People: people}
	h.Add("root", access.Sysadmin)
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.Base, "http://"))
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	began := time.Now()
	_, err = fmt.Fprintf(conn, "POST /signin HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "+
		"application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\nname=")
	require.NoError(t, err)
	require.NoError(t, conn.SetReadDeadline(began.Add(20*time.Second)))
	_, err = io.ReadAll(conn)
	require.NoError(t, err, "the server has ended the connection")
	require.GreaterOrEqual(t, time.Since(began), 300*time.Millisecond)

	r := h.Reader()
	r.SignIn("root")
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.Base+"/alerts/stream?since=x", nil)
	require.NoError(t, err)
	a, err := r.Client.Do(q)
	require.NoError(t, err)
	defer func() { _ = a.Body.Close() }()
	lines, beats := bufio.NewScanner(a.Body), 0
	for beats < 2 && lines.Scan() { // the second comes two seconds after the first
		if strings.HasPrefix(lines.Text(), "id: ") {
			beats++
		}
	}
	require.Equal(t, 2, beats)
}

// Nothing about people is kept on its way, be it a page, a file or an answer to a program.
func TestNothingButTheAssetsIsKeptOnItsWay(t *testing.T) {
	s := sitetest.NewSite(t)
	for _, path := range []string{"/", "/cases?format=csv", "/api/v1/indicators", "/api/v1/indicators/C01",
		"/api/v1/indicators/C01?format=csv", "/api/v1/indicators/Z", "/no/such", "/healthz", "/readyz", "/metrics"} {
		_, _, header := s.Get(path)
		require.Equal(t, "no-store", header.Get("Cache-Control"), path)
	}
}

// A stream ends with its session at the next beat, and the others go on.
func TestAStreamEndsWithItsSession(t *testing.T) {
	h := sitetest.NewHouse(t)
	ids := map[string]string{}
	for _, name := range []string{"stays", "disabled", "demoted", "leaves"} {
		ids[name] = h.Add(name, access.Supervisor).ID
	}
	ended, first := make(chan string, 4), make(chan struct{}, 4)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	readers := map[string]*sitetest.Reader{}
	for name := range ids {
		r := h.Reader()
		r.SignIn(name)
		readers[name] = r
		go func() {
			q, _ := http.NewRequestWithContext(ctx, http.MethodGet, h.Base+"/alerts/stream?since=x", nil)
			a, err := r.Client.Do(q)
			if err != nil {
				ended <- "error of " + name
				return
			}
			lines := bufio.NewScanner(a.Body)
			lines.Scan()
			first <- struct{}{}
			for lines.Scan() {
			}
			_ = a.Body.Close()
			ended <- name
		}()
	}
	for range ids {
		<-first
	}
	require.NoError(t, h.People.Users.SetDisabled(ids["disabled"], true))
	require.NoError(t, h.People.Users.SetRole(ids["demoted"], access.Public, "", "", ""))
	require.Equal(t, http.StatusSeeOther, readers["leaves"].Post("/signout").Status)
	gone := map[string]bool{}
	for len(gone) < 3 {
		select {
		case name := <-ended:
			gone[name] = true
		case <-time.After(20 * time.Second):
			t.Fatalf("streams that ended: %v", gone)
		}
	}
	require.Equal(t, map[string]bool{"disabled": true, "demoted": true, "leaves": true}, gone)
}

// The mark by which pages hear of something moves when something happens and then alone: an
// insert that is repeated, and the merge that takes it away again, are nothing.
func TestTheMarkOfPagesMovesWithWhatHappensAlone(t *testing.T) {
	h := sitetest.WorkHouse(t)
	reg, err := queries.Load()
	require.NoError(t, err)
	mark := func() []any {
		res, err := reg.Run(t.Context(), h.DB.Conn(), "page/pulse", nil)
		require.NoError(t, err)
		return res.Rows[0]
	}
	before := mark()
	require.NoError(t, h.DB.Conn().Exec(t.Context(), "INSERT INTO alert_events SELECT * FROM alert_events"))
	require.NoError(t, h.DB.Conn().Exec(t.Context(), "INSERT INTO work_events SELECT * FROM work_events"))
	require.Equal(t, before, mark(), "the same lines once more")
	require.NoError(t, h.DB.Conn().Exec(t.Context(), "OPTIMIZE TABLE alert_events FINAL"))
	require.Equal(t, before, mark())
	require.NoError(t, h.DB.Conn().Exec(t.Context(), "INSERT INTO alert_events SELECT * REPLACE (seq + 100 AS seq) FROM alert_events LIMIT 1"))
	require.NotEqual(t, before, mark(), "a further line of the same round")
}

// What is told to the public is about five at least (domain guide 8.2); the one organisation
// with fewer is not to be had by subtraction either.
func TestThePublicReadsNoSmallCells(t *testing.T) {
	h := sitetest.NewHouse(t)
	sitetest.Fill(t, h.DB)
	for name, role := range map[string]access.Role{"public": access.Public, "li": access.Supervisor} {
		_, err := h.People.Users.Add(t.Context(), access.User{Name: name, Role: role}, sitetest.GoodPassword)
		require.NoError(t, err)
	}
	all, public := h.Reader(), h.Reader()
	all.SignIn("li")
	public.SignIn("public")
	counts := func(r *sitetest.Reader, by string) map[string]any {
		a := r.Get("/api/v1/indicators/C01?by=" + by)
		require.Equal(t, http.StatusOK, a.Status, a.Body)
		var out struct{ Rows []map[string]any }
		require.NoError(t, json.Unmarshal([]byte(a.Body), &out))
		got := map[string]any{}
		for _, row := range out.Rows {
			got[fmt.Sprint(row[strings.Split(by, ",")[0]])] = row["value"]
		}
		return got
	}
	// 43 cases of one organisation, one of another: with the total of 44 either tells the other.
	require.Equal(t, map[string]any{sitetest.OrgCode: 43., sitetest.OtherOrg: 1.}, counts(all, "org"))
	require.Equal(t, map[string]any{sitetest.OrgCode: nil, sitetest.OtherOrg: nil}, counts(public, "org"))
	// 40 in March, and 1, 1 and 2 in the months after it, which their total does not tell apart.
	require.Equal(t, map[string]any{"2026-03": 40., "2026-04": nil, "2026-05": nil, "2026-06": nil}, counts(public, "month"))
	a := public.Get("/api/v1/indicators/C01?by=org&format=csv")
	require.NotContains(t, a.Body, ",43")
	require.NotContains(t, a.Body, ",1\n")
	file := public.Get("/indicators/C01?by=org&format=csv&table=values").Body
	require.Contains(t, file, sitetest.OtherOrg)
	require.NotRegexp(t, `,(1|43)(,|\r?\n)`, file)
	require.Contains(t, public.Get("/indicators/C01?by=org").Body, "fewer than 5")
	require.NotContains(t, all.Get("/indicators/C01?by=org").Body, "fewer than 5")
	require.Equal(t, http.StatusForbidden, public.Get("/process").Status, "a variant is often a single case")
}
