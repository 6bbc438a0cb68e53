package server_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/server"
	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine/enginetest"
)

const (
	goodPassword = "correct horse battery"
	newPassword  = "a password of my own"
)

// house is a server with users, over a database without facts.
type house struct {
	*site
	people *access.Service
	db     *store.DB
}

func newPeople(t *testing.T) *access.Service {
	t.Helper()
	return access.New(access.Deps{Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler), Now: time.Now, RequestID: server.RequestID})
}

func newHouse(t *testing.T) *house {
	t.Helper()
	db, people := storetest.New(t), newPeople(t)
	return &house{site: serve(t, db, server.Config{Listen: "127.0.0.1:0", Hosts: []string{"duban.example"}}, people), people: people, db: db}
}

func (h *house) add(name string, role access.Role) access.User {
	h.t.Helper()
	org := orgCode
	if role == access.Sysadmin { // who has no limits
		org = ""
	}
	u, err := h.people.Users.Add(h.t.Context(), access.User{Name: name, Role: role, OrgCode: org}, goodPassword)
	require.NoError(h.t, err)
	return u
}

// reader is a browser without script.
type reader struct {
	t      *testing.T
	base   string
	client *http.Client
}

type answer struct {
	status int
	body   string
	to     string
	header http.Header
}

func (h *house) reader() *reader {
	jar, err := cookiejar.New(nil)
	require.NoError(h.t, err)
	return &reader{t: h.t, base: h.base,
		client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (r *reader) send(method, path string, form url.Values, header ...string) answer {
	r.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	q, err := http.NewRequestWithContext(r.t.Context(), method, r.base+path, body)
	require.NoError(r.t, err)
	if form != nil {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	q.Header.Set("Accept-Language", "en")
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			q.Host = header[i+1]
		}
		q.Header.Set(header[i], header[i+1])
	}
	res, err := r.client.Do(q)
	require.NoError(r.t, err)
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	require.NoError(r.t, err)
	return answer{res.StatusCode, string(b), res.Header.Get("Location"), res.Header}
}

func (r *reader) get(path string, header ...string) answer {
	r.t.Helper()
	return r.send(http.MethodGet, path, nil, header...)
}

func (r *reader) post(path string, pairs ...string) answer {
	r.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return r.send(http.MethodPost, path, form)
}

func (r *reader) signIn(name string) {
	r.t.Helper()
	a := r.post("/signin", "name", name, "password", goodPassword)
	require.Equal(r.t, http.StatusSeeOther, a.status, a.body)
	require.Equal(r.t, "/", a.to)
}

func TestWithoutUsersTheServerIsOpenAndTheLinkClosesIt(t *testing.T) {
	h := newHouse(t)
	r := h.reader()
	require.Equal(t, http.StatusOK, r.get("/").status)
	require.Equal(t, http.StatusOK, r.get("/quality").status)
	for _, path := range []string{"/signin", "/users", "/audit", "/account"} {
		require.Equal(t, "/", r.get(path).to, path)
	}
	require.Equal(t, http.StatusForbidden, r.get("/setup?token=guess").status)
	token, _, err := h.people.Users.OfferSetup()
	require.NoError(t, err)
	page := r.get("/setup?token=" + token)
	require.Equal(t, http.StatusOK, page.status)
	require.Contains(t, page.body, "Set up the first administrator")
	bad := r.post("/setup", "token", token, "name", "root", "password", "short", "again", "short")
	require.Equal(t, http.StatusUnprocessableEntity, bad.status)
	require.Contains(t, bad.body, "at least 12 characters")
	require.Contains(t, r.post("/setup", "token", token, "name", "root", "password", goodPassword, "again", "other").body,
		"two new passwords differ")
	done := r.post("/setup", "token", token, "name", "root", "display", "周 <b>管理</b>", "password", goodPassword, "again", goodPassword)
	require.Equal(t, http.StatusSeeOther, done.status)
	require.Contains(t, r.get("/").body, "周 &lt;b&gt;管理&lt;/b&gt;", "signed in, and named in the header")
	require.Equal(t, http.StatusForbidden, h.reader().get("/setup?token="+token).status, "once")
	require.Equal(t, "/signin", h.reader().get("/").to, "closed from now on")
	require.Equal(t, http.StatusMisdirectedRequest, r.get("/", "Host", "evil.example").status)
	require.Equal(t, http.StatusOK, r.get("/healthz", "Host", "duban.example").status)
}

func TestClosedByDefault(t *testing.T) {
	h := newHouse(t)
	h.add("root", access.Sysadmin)
	r := h.reader()
	for name, path := range allPages(t) {
		a := r.get(path)
		require.Equal(t, http.StatusSeeOther, a.status, name)
		require.True(t, strings.HasPrefix(a.to, "/signin"), name)
		require.NotContains(t, a.body, "<main", name)
	}
	for _, path := range []string{"/users", "/audit", "/account", "/users/u-1", "/cases/..%2f..%2fassets%2f"} {
		require.True(t, strings.HasPrefix(r.get(path).to, "/signin"), path)
	}
	require.Equal(t, "/signin?next=%2Fcases%3Fq%3Da%252Fb", r.get("/cases?q=a%2Fb").to)
	for _, path := range []string{"/api/v1/indicators", "/api/v1/indicators/D01", "/api/v1/none"} {
		a := r.get(path)
		require.Equal(t, http.StatusUnauthorized, a.status, path)
		require.Equal(t, "application/problem+json", a.header.Get("Content-Type"))
		var problem struct {
			Status    int
			RequestID string `json:"request_id"`
		}
		require.NoError(t, json.Unmarshal([]byte(a.body), &problem))
		require.Equal(t, http.StatusUnauthorized, problem.Status)
		require.NotEmpty(t, problem.RequestID)
	}
	require.Equal(t, "/signin", r.post("/users", "name", "mallory", "role", "sysadmin").to)
	require.Equal(t, "/signin", r.post("/users/u-1/disable", "confirm", "1").to)
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/signin"} {
		require.Equal(t, http.StatusOK, r.get(path).status, path)
	}
	css := regexp.MustCompile(`href="(/assets/base[^"]+)"`).FindStringSubmatch(r.get("/signin").body)
	require.Equal(t, http.StatusOK, r.get(css[1]).status)
	require.Equal(t, http.StatusUnauthorized, r.get("/metrics", "X-Forwarded-For", "198.51.100.9").status, "not for others")
}

func TestSignIn(t *testing.T) {
	h := newHouse(t)
	h.add("root", access.Sysadmin)
	u := h.add("li", access.Supervisor)
	r := h.reader()

	page := r.get("/signin?next=/cases")
	require.Contains(t, page.body, `name="next" value="/cases"`)
	require.Contains(t, r.get("/signin?next=//evil.example").body, `name="next" value="/"`)
	require.NotContains(t, page.body, `class="nav"`)
	unknown, wrong := r.post("/signin", "name", "nobody", "password", "x"), r.post("/signin", "name", "li", "password", "x")
	require.Equal(t, http.StatusUnauthorized, wrong.status)
	id := regexp.MustCompile(`[0-9a-f-]{36}`)
	require.Equal(t, id.ReplaceAllString(strings.ReplaceAll(unknown.body, "nobody", "li"), ""), id.ReplaceAllString(wrong.body, ""),
		"an unknown name looks the same")
	require.Contains(t, wrong.body, "The name or the password is wrong")

	a := r.post("/signin", "name", "LI", "password", goodPassword, "next", "/cases?q=x")
	require.Equal(t, "/cases?q=x", a.to)
	cookie := strings.Join(a.header.Values("Set-Cookie"), "\n")
	require.Contains(t, cookie, "HttpOnly")
	require.Contains(t, cookie, "SameSite=Lax")
	require.Equal(t, "/", h.reader().post("/signin", "name", "li", "password", goodPassword, "next", "//evil.example").to)

	body := r.get("/").body
	require.Contains(t, body, `action="/signout"`)
	require.Contains(t, body, "supervisor")
	require.NotContains(t, body, `href="/users"`)
	require.Equal(t, http.StatusOK, r.get("/api/v1/indicators").status)
	require.Equal(t, "/cases", r.get("/signin?next=/cases").to, "who is signed in goes on")

	cross := r.send(http.MethodPost, "/signout", url.Values{}, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
	require.Equal(t, http.StatusForbidden, cross.status)
	cross = r.send(http.MethodPost, "/signin", url.Values{"name": {"li"}, "password": {goodPassword}}, "Origin", "https://evil.example")
	require.Equal(t, http.StatusForbidden, cross.status)
	require.Equal(t, http.StatusOK, r.get("/").status, "still signed in")
	same := r.send(http.MethodPost, "/signout", url.Values{}, "Sec-Fetch-Site", "same-origin")
	require.Equal(t, "/signin", same.to)
	require.Equal(t, "/signin", r.get("/").to)

	r.signIn("li")
	require.NoError(t, h.people.Users.SetDisabled(u.ID, true))
	require.Equal(t, "/signin", r.get("/").to, "a disabled user is out at once")
	require.Equal(t, http.StatusUnauthorized, r.post("/signin", "name", "li", "password", goodPassword).status)

	secure := h.reader().send(http.MethodPost, "/signin", url.Values{"name": {"root"}, "password": {goodPassword}},
		"X-Forwarded-Proto", "https")
	cookies := secure.header.Values("Set-Cookie")
	require.Len(t, cookies, 2, "the session, and the browser that is known from now on")
	require.Contains(t, strings.Join(cookies, "\n"), "__Host-duban-session=")
	for _, c := range cookies {
		require.Contains(t, c, "Secure")
		require.Contains(t, c, "HttpOnly")
	}
}

func TestUsersAreManagedBySysadminsOnly(t *testing.T) {
	h := newHouse(t)
	h.add("root", access.Sysadmin)
	for _, role := range access.Roles() {
		if role == access.Sysadmin {
			continue
		}
		h.add("x-"+strings.ReplaceAll(string(role), "_", "-"), role)
		r := h.reader()
		r.signIn("x-" + strings.ReplaceAll(string(role), "_", "-"))
		for _, path := range []string{"/users", "/users/u-1", "/users?format=csv"} {
			require.Equal(t, http.StatusForbidden, r.get(path).status, "%s %s", role, path)
		}
		require.Equal(t, http.StatusForbidden, r.post("/users", "name", "mallory", "role", "sysadmin").status, role)
		require.Equal(t, http.StatusForbidden, r.post("/users/u-1/disable", "confirm", "1").status, role)
		want := http.StatusForbidden
		if role == access.Auditor {
			want = http.StatusOK
		}
		require.Equal(t, want, r.get("/audit").status, role)
		if role == access.Public || role == access.Auditor {
			require.Equal(t, http.StatusForbidden, r.get("/cases").status, role)
		}
		require.Equal(t, http.StatusUnauthorized, h.reader().get("/metrics", "Host", "localhost", "Via", "1.1 proxy").status)
	}
	_, err := h.people.Users.ByName("mallory")
	require.ErrorIs(t, err, access.ErrNoUser)
}

func TestASysadminAddsChangesAndDisablesUsers(t *testing.T) {
	h := newHouse(t)
	h.add("root", access.Sysadmin)
	r := h.reader()
	r.signIn("root")
	require.Contains(t, r.get("/users").body, "Users: 1")
	bad := r.post("/users", "name", "wang", "role", "handler")
	require.Equal(t, http.StatusUnprocessableEntity, bad.status)
	require.Contains(t, bad.body, "acts for one organisation")
	added := r.post("/users", "name", "Wang", "display", `=cmd|"<i>`, "role", "handler", "org", orgCode)
	require.Equal(t, http.StatusOK, added.status)
	handed := regexp.MustCompile(`<output class="code">([^<]+)</output>`).FindStringSubmatch(added.body)
	require.NotNil(t, handed)
	require.NotContains(t, added.body, "<i>")
	require.NotContains(t, r.get("/users/u-2").body, handed[1], "it is shown once")

	w := h.reader()
	require.Equal(t, "/", w.post("/signin", "name", "wang", "password", handed[1]).to)
	require.Equal(t, "/account", w.get("/").to, "nothing before the password is one's own")
	require.Equal(t, http.StatusForbidden, w.get("/api/v1/indicators").status)
	require.Contains(t, w.get("/account").body, "Choose your own")
	require.Equal(t, http.StatusUnprocessableEntity, w.post("/account", "present", "wrong", "password", newPassword,
		"again", newPassword).status)
	require.Equal(t, "/account?done=password", w.post("/account", "present", handed[1], "password", newPassword, "again", newPassword).to)
	require.Equal(t, http.StatusOK, w.get("/").status, "the session goes on")

	require.Equal(t, http.StatusUnprocessableEntity, r.post("/users/u-2/disable").status, "not without confirmation")
	require.Equal(t, http.StatusOK, w.get("/").status)
	require.Equal(t, "/users/u-2?done=role", r.post("/users/u-2/role", "confirm", "1", "role", "dept_manager", "org", orgCode).to)
	require.Equal(t, "/signin", w.get("/").to)
	require.Equal(t, "/users/u-2?done=disabled", r.post("/users/u-2/disable", "confirm", "1").to)
	require.Contains(t, r.get("/users/u-2?done=disabled").body, "The user has been disabled.")
	require.Equal(t, http.StatusUnauthorized, w.post("/signin", "name", "wang", "password", newPassword).status)
	require.Contains(t, r.post("/users/u-1/disable", "confirm", "1").body, "last system administrator")
	require.Equal(t, "/users/u-2?done=enabled", r.post("/users/u-2/enable", "confirm", "1").to)
	reset := r.post("/users/u-2/password", "confirm", "1")
	require.Regexp(t, `<output class="code">`, reset.body)
	require.Equal(t, http.StatusUnauthorized, w.post("/signin", "name", "wang", "password", newPassword).status)
	for _, path := range []string{"/users/u-99", "/users/x"} {
		require.Equal(t, http.StatusNotFound, r.get(path).status, path)
	}
	require.Equal(t, http.StatusNotFound, r.post("/users/u-2/promote", "confirm", "1").status)
	require.Contains(t, r.get("/users?format=csv").body, `"'=cmd|""<i>"`, "no formula in a spreadsheet")
	require.Equal(t, http.StatusOK, r.get("/metrics", "X-Forwarded-For", "198.51.100.9").status)

	h.trail(t)
}

// trail checks the audit page after what the test before it did.
func (h *house) trail(t *testing.T) {
	t.Helper()
	reg, err := queries.Load()
	require.NoError(t, err)
	sink := func(ctx context.Context, entries []access.Entry) error {
		at := []time.Time{}
		cols := map[string][]string{}
		for _, e := range entries {
			at = append(at, e.At)
			for k, v := range map[string]string{"id": e.ID, "user_id": e.UserID, "role": string(e.Role), "what": e.What, "target_kind": e.TargetKind,
				"target_id": e.TargetID, "outcome": e.Outcome, "request_id": e.RequestID, "remote": e.Remote} {
				cols[k] = append(cols[k], v)
			}
		}
		args := queries.Args{"at": at}
		for k, v := range cols {
			args[k] = v
		}
		// Twice: a line whose answer was lost is sent again.
		for range 2 {
			if err := reg.Exec(ctx, h.db.Conn(), "audit/record", args); err != nil {
				return err
			}
		}
		return nil
	}
	require.NoError(t, h.people.Trail.Carry(t.Context(), sink))
	// An auditor without limits: one of an organisation reads its trail alone.
	_, err = h.people.Users.Add(t.Context(), access.User{Name: "aud", Role: access.Auditor}, goodPassword)
	require.NoError(t, err)
	h.add("own", access.Auditor)
	own := h.reader()
	own.signIn("own")
	lines := own.columns("/audit?format=csv", "user_id", "target_id")
	require.NotEmpty(t, lines)
	for _, line := range lines {
		require.Regexp(t, `(^| )u-2($| )`, line, "what the handler of the organisation did, or what was done to him")
	}
	r := h.reader()
	r.signIn("aud")
	rows := func(filter string) [][]string {
		t.Helper()
		a := r.get("/audit?format=csv&" + filter)
		require.Equal(t, http.StatusOK, a.status, a.body)
		all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
		require.NoError(t, err)
		require.Equal(t, []string{"at", "user_id", "role", "what", "target_kind", "target_id", "outcome", "remote", "request_id"}, all[0])
		return all[1:]
	}
	require.Len(t, rows("what=sign_in"), 2)
	require.Len(t, rows("what=sign_in_failed"), 2)
	require.Len(t, rows("what=role_changed&user=u-1&outcome=done&target=u-2"), 1)
	require.Len(t, rows("what=user_disabled"), 2)
	require.Len(t, rows("what=user_disabled&outcome=invalid"), 1)
	require.Empty(t, rows("to=2020-01-01"))
	first := rows("what=user_added")[0]
	require.Equal(t, []string{"u-1", "sysadmin", "user_added", "user", "u-2", "done", "127.0.0.0/24"}, first[1:8])
	require.NotEmpty(t, first[8])
	all := r.get("/audit?format=csv").body
	for _, secret := range []string{"wang", "Wang", "cmd", goodPassword, newPassword} {
		require.NotContains(t, all, secret)
	}
	page := r.get("/audit?what=user_added")
	require.Contains(t, page.body, "Lines: 1")
	require.Contains(t, page.body, "user added")
	require.Equal(t, http.StatusBadRequest, r.get("/audit?what=nonsense").status)
	require.Equal(t, http.StatusBadRequest, r.get("/audit?outcome=maybe").status)
}

func TestBeyondLoopbackNeedsUsersAndNames(t *testing.T) {
	people := newPeople(t)
	_, err := server.New(server.Config{Listen: "0.0.0.0:0", Hosts: []string{"duban.example"}}, server.Deps{Access: people})
	require.ErrorContains(t, err, "there is no user yet")
	_, err = people.Users.Add(t.Context(), access.User{Name: "root", Role: access.Sysadmin}, goodPassword)
	require.NoError(t, err)
	_, err = server.New(server.Config{Listen: "0.0.0.0:0"}, server.Deps{Access: people})
	require.ErrorContains(t, err, "server.hosts")

	s := serve(t, storetest.New(t), server.Config{Listen: "0.0.0.0:0", Hosts: []string{"duban.example"}}, people)
	r := (&house{site: s}).reader()
	require.Equal(t, "/signin", r.get("/", "Host", "duban.example").to)
	require.Equal(t, "/signin", r.get("/", "Host", "DUBAN.example:8443").to)
	require.Equal(t, http.StatusOK, r.get("/healthz", "Host", "localhost").status, "a program of this machine")
	require.Equal(t, http.StatusMisdirectedRequest, r.get("/", "Host", "evil.example").status)
}

// The facts of fill lie in county 610802; OPEN is of orgCode, SMALL of otherOrg.
func TestAUserSeesTheOwnScopeOnly(t *testing.T) {
	h := newHouse(t)
	enginetest.Insert(t, h.db, append(run("OPEN", time.May, 6, 0), func() any {
		small := fact("SMALL", 1, event.Apply, local(time.June, 1, 9), "")
		small.OrgCode = otherOrg
		return small
	}())...)
	enginetest.Fold(t, h.db)
	as := func(name string, u access.User) *reader {
		t.Helper()
		u.Name = name
		_, err := h.people.Users.Add(t.Context(), u, goodPassword)
		require.NoError(t, err)
		r := h.reader()
		r.signIn(name)
		return r
	}
	numbers := func(r *reader) (out []string) {
		t.Helper()
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(r.get("/cases?format=csv").body, "\ufeff"))).ReadAll()
		require.NoError(t, err)
		for _, row := range rows[1:] {
			out = append(out, row[0])
		}
		return out
	}
	all := as("all", access.User{Role: access.Analyst})
	require.ElementsMatch(t, []string{"OPEN", "SMALL"}, numbers(all))
	require.Equal(t, http.StatusOK, all.get(casePath("SMALL")).status)

	own := as("own", access.User{Role: access.DeptManager, OrgCode: orgCode})
	require.Equal(t, []string{"OPEN"}, numbers(own))
	require.Equal(t, http.StatusOK, own.get(casePath("OPEN")).status)
	require.Equal(t, http.StatusNotFound, own.get(casePath("SMALL")).status)
	require.Equal(t, http.StatusNotFound, own.get(casePath("SMALL")+"?format=csv&table=facts").status)
	for _, path := range []string{"/orgs/" + otherOrg, "/cases?org=" + otherOrg, "/risk?org=" + otherOrg, "/profiles?org=" + otherOrg,
		"/profiles/cases?indicator=rewrite&org=" + otherOrg, "/process", "/quality", "/quality/rejects",
		"/api/v1/indicators/C01?org=" + otherOrg} {
		require.Equal(t, http.StatusForbidden, own.get(path).status, path)
	}
	count := func(r *reader) string {
		t.Helper()
		a := r.get("/api/v1/indicators/C01?format=csv&from=2026-01-01&to=2026-12-31")
		require.Equal(t, http.StatusOK, a.status)
		return a.body
	}
	require.NotEqual(t, count(all), count(own))
	require.Regexp(t, `(?m)^2(,|$)`, count(all))
	require.Regexp(t, `(?m)^1(,|$)`, count(own))
	require.NotContains(t, own.get("/").body, otherOrg)

	here := as("here", access.User{Role: access.Supervisor, ScopeRegion: "610800"})
	require.ElementsMatch(t, []string{"OPEN", "SMALL"}, numbers(here))
	require.Equal(t, http.StatusOK, here.get("/regions/610802").status)
	for _, path := range []string{"/regions/610000", "/regions/620000", "/cases?region=610000", "/risk?region=610000",
		"/profiles/cases?indicator=rewrite&region=610000", "/?region=110000"} {
		require.Equal(t, http.StatusForbidden, here.get(path).status, path)
	}
	there := as("there", access.User{Role: access.Supervisor, ScopeRegion: "620000"})
	require.Empty(t, numbers(there))
	require.Equal(t, http.StatusNotFound, there.get(casePath("OPEN")).status)
	line := as("line", access.User{Role: access.Supervisor, Line: "housing"})
	require.Equal(t, http.StatusForbidden, line.get("/cases").status, "no figure knows lines")
	require.Equal(t, http.StatusOK, line.get("/account").status)
}
