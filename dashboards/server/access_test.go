package server_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/server"
	"duban/dashboards/sitetest"
	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine/enginetest"
)

func TestWithoutUsersTheServerIsOpenAndTheLinkClosesIt(t *testing.T) {
	h := sitetest.NewHouse(t)
	r := h.Reader()
	require.Equal(t, http.StatusOK, r.Get("/").Status)
	require.Equal(t, http.StatusOK, r.Get("/quality").Status)
	for _, path := range []string{"/signin", "/users", "/audit", "/account"} {
		require.Equal(t, "/", r.Get(path).To, path)
	}
	require.Equal(t, http.StatusForbidden, r.Get("/setup?token=guess").Status)
	token, _, err := h.People.Users.OfferSetup()
	require.NoError(t, err)
	page := r.Get("/setup?token=" + token)
	require.Equal(t, http.StatusOK, page.Status)
	require.Contains(t, page.Body, "Set up the first administrator")
	bad := r.Post("/setup", "token", token, "name", "root", "password", "short", "again", "short")
	require.Equal(t, http.StatusUnprocessableEntity, bad.Status)
	require.Contains(t, bad.Body, "at least 12 characters")
	require.Contains(t, r.Post("/setup", "token", token, "name", "root", "password", sitetest.GoodPassword, "again", "other").Body,
		"two new passwords differ")
	done := r.Post("/setup", "token", token, "name", "root", "display", "周 <b>管理</b>", "password", sitetest.GoodPassword, "again",
		sitetest.GoodPassword)
	require.Equal(t, http.StatusSeeOther, done.Status)
	require.Contains(t, r.Get("/").Body, "周 &lt;b&gt;管理&lt;/b&gt;", "signed in, and named in the header")
	require.Equal(t, http.StatusForbidden, h.Reader().Get("/setup?token="+token).Status, "once")
	require.Equal(t, "/signin", h.Reader().Get("/").To, "closed from now on")
	require.Equal(t, http.StatusMisdirectedRequest, r.Get("/", "Host", "evil.example").Status)
	require.Equal(t, http.StatusOK, r.Get("/healthz", "Host", "duban.example").Status)
}

func TestClosedByDefault(t *testing.T) {
	h := sitetest.NewHouse(t)
	h.Add("root", access.Sysadmin)
	r := h.Reader()
	for name, path := range allPages(t) {
		a := r.Get(path)
		require.Equal(t, http.StatusSeeOther, a.Status, name)
		require.True(t, strings.HasPrefix(a.To, "/signin"), name)
		require.NotContains(t, a.Body, "<main", name)
	}
	for _, path := range []string{"/users", "/audit", "/account", "/users/u-1", "/cases/..%2f..%2fassets%2f"} {
		require.True(t, strings.HasPrefix(r.Get(path).To, "/signin"), path)
	}
	require.Equal(t, "/signin?next=%2Fcases%3Fq%3Da%252Fb", r.Get("/cases?q=a%2Fb").To)
	for _, path := range []string{"/api/v1/indicators", "/api/v1/indicators/D01", "/api/v1/none"} {
		a := r.Get(path)
		require.Equal(t, http.StatusUnauthorized, a.Status, path)
		require.Equal(t, "application/problem+json", a.Header.Get("Content-Type"))
		var problem struct {
			Status    int
			RequestID string `json:"request_id"`
		}
		require.NoError(t, json.Unmarshal([]byte(a.Body), &problem))
		require.Equal(t, http.StatusUnauthorized, problem.Status)
		require.NotEmpty(t, problem.RequestID)
	}
	require.Equal(t, "/signin", r.Post("/users", "name", "mallory", "role", "sysadmin").To)
	require.Equal(t, "/signin", r.Post("/users/u-1/disable", "confirm", "1").To)
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/signin"} {
		require.Equal(t, http.StatusOK, r.Get(path).Status, path)
	}
	css := regexp.MustCompile(`href="(/assets/base[^"]+)"`).FindStringSubmatch(r.Get("/signin").Body)
	require.Equal(t, http.StatusOK, r.Get(css[1]).Status)
	require.Equal(t, http.StatusUnauthorized, r.Get("/metrics", "X-Forwarded-For", "198.51.100.9").Status, "not for others")
	for _, site := range []string{"cross-site", "same-site"} {
		require.Equal(t, http.StatusForbidden, r.Get("/metrics", "Sec-Fetch-Site", site).Status, "not for a page of another site")
		require.Equal(t, http.StatusUnauthorized, r.Get("/metrics", "Sec-Fetch-Site", site, "Sec-Fetch-Mode", "navigate",
			"Sec-Fetch-Dest", "document").Status, "nor for its links")
	}
}

func TestSignIn(t *testing.T) {
	h := sitetest.NewHouse(t)
	h.Add("root", access.Sysadmin)
	u := h.Add("li", access.Supervisor)
	r := h.Reader()

	page := r.Get("/signin?next=/cases")
	require.Contains(t, page.Body, `name="next" value="/cases"`)
	require.Contains(t, r.Get("/signin?next=//evil.example").Body, `name="next" value="/"`)
	require.NotContains(t, page.Body, `class="nav"`)
	unknown, wrong := r.Post("/signin", "name", "nobody", "password", "x"), r.Post("/signin", "name", "li", "password", "x")
	require.Equal(t, http.StatusUnauthorized, wrong.Status)
	id := regexp.MustCompile(`[0-9a-f-]{36}`)
	require.Equal(t, id.ReplaceAllString(strings.ReplaceAll(unknown.Body, "nobody", "li"), ""), id.ReplaceAllString(wrong.Body, ""),
		"an unknown name looks the same")
	require.Contains(t, wrong.Body, "The name or the password is wrong")

	a := r.Post("/signin", "name", "LI", "password", sitetest.GoodPassword, "next", "/cases?q=x")
	require.Equal(t, "/cases?q=x", a.To)
	cookie := strings.Join(a.Header.Values("Set-Cookie"), "\n")
	require.Contains(t, cookie, "HttpOnly")
	require.Contains(t, cookie, "SameSite=Lax")
	require.Equal(t, "/", h.Reader().Post("/signin", "name", "li", "password", sitetest.GoodPassword, "next", "//evil.example").To)

	body := r.Get("/").Body
	require.Contains(t, body, `action="/signout"`)
	require.Contains(t, body, "supervisor")
	require.NotContains(t, body, `href="/users"`)
	require.Equal(t, http.StatusOK, r.Get("/api/v1/indicators").Status)
	require.Equal(t, "/cases", r.Get("/signin?next=/cases").To, "who is signed in goes on")

	cross := r.Send(http.MethodPost, "/signout", url.Values{}, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
	require.Equal(t, http.StatusForbidden, cross.Status)
	cross = r.Send(http.MethodPost, "/signin", url.Values{"name": {"li"}, "password": {sitetest.GoodPassword}}, "Origin",
		"https://evil.example")
	require.Equal(t, http.StatusForbidden, cross.Status)
	require.Equal(t, http.StatusOK, r.Get("/").Status, "still signed in")
	same := r.Send(http.MethodPost, "/signout", url.Values{}, "Sec-Fetch-Site", "same-origin")
	require.Equal(t, "/signin", same.To)
	require.Equal(t, "/signin", r.Get("/").To)

	r.SignIn("li")
	require.NoError(t, h.People.Users.SetDisabled(u.ID, true))
	require.Equal(t, "/signin", r.Get("/").To, "a disabled user is out at once")
	require.Equal(t, http.StatusUnauthorized, r.Post("/signin", "name", "li", "password", sitetest.GoodPassword).Status)

	secure := h.Reader().Send(http.MethodPost, "/signin", url.Values{"name": {"root"}, "password": {sitetest.GoodPassword}},
		"X-Forwarded-Proto", "https")
	cookies := secure.Header.Values("Set-Cookie")
	require.Len(t, cookies, 2, "the session, and the browser that is known from now on")
	require.Contains(t, strings.Join(cookies, "\n"), "__Host-duban-session=")
	for _, c := range cookies {
		require.Contains(t, c, "Secure")
		require.Contains(t, c, "HttpOnly")
	}
}

func TestUsersAreManagedBySysadminsOnly(t *testing.T) {
	h := sitetest.NewHouse(t)
	h.Add("root", access.Sysadmin)
	for _, role := range access.Roles() {
		if role == access.Sysadmin {
			continue
		}
		h.Add("x-"+strings.ReplaceAll(string(role), "_", "-"), role)
		r := h.Reader()
		r.SignIn("x-" + strings.ReplaceAll(string(role), "_", "-"))
		for _, path := range []string{"/users", "/users/u-1", "/users?format=csv"} {
			require.Equal(t, http.StatusForbidden, r.Get(path).Status, "%s %s", role, path)
		}
		require.Equal(t, http.StatusForbidden, r.Post("/users", "name", "mallory", "role", "sysadmin").Status, role)
		require.Equal(t, http.StatusForbidden, r.Post("/users/u-1/disable", "confirm", "1").Status, role)
		want := http.StatusForbidden
		if role == access.Auditor {
			want = http.StatusOK
		}
		require.Equal(t, want, r.Get("/audit").Status, role)
		if role == access.Public || role == access.Auditor {
			require.Equal(t, http.StatusForbidden, r.Get("/cases").Status, role)
		}
		require.Equal(t, http.StatusUnauthorized, h.Reader().Get("/metrics", "Host", "localhost", "Via", "1.1 proxy").Status)
	}
	_, err := h.People.Users.ByName("mallory")
	require.ErrorIs(t, err, access.ErrNoUser)
}

func TestASysadminAddsChangesAndDisablesUsers(t *testing.T) {
	h := sitetest.NewHouse(t)
	h.Add("root", access.Sysadmin)
	r := h.Reader()
	r.SignIn("root")
	require.Contains(t, r.Get("/users").Body, "Users: 1")
	bad := r.Post("/users", "name", "wang", "role", "handler")
	require.Equal(t, http.StatusUnprocessableEntity, bad.Status)
	require.Contains(t, bad.Body, "acts for one organisation")
	added := r.Post("/users", "name", "Wang", "display", `=cmd|"<i>`, "role", "handler", "org", sitetest.OrgCode)
	require.Equal(t, http.StatusOK, added.Status)
	handed := regexp.MustCompile(`<output class="code">([^<]+)</output>`).FindStringSubmatch(added.Body)
	require.NotNil(t, handed)
	require.NotContains(t, added.Body, "<i>")
	require.NotContains(t, r.Get("/users/u-2").Body, handed[1], "it is shown once")

	w := h.Reader()
	require.Equal(t, "/", w.Post("/signin", "name", "wang", "password", handed[1]).To)
	require.Equal(t, "/account", w.Get("/").To, "nothing before the password is one's own")
	require.Equal(t, http.StatusForbidden, w.Get("/api/v1/indicators").Status)
	require.Contains(t, w.Get("/account").Body, "Choose your own")
	require.Equal(t, http.StatusUnprocessableEntity, w.Post("/account", "present", "wrong", "password", sitetest.NewPassword,
		"again", sitetest.NewPassword).Status)
	require.Equal(t, "/account?done=password", w.Post("/account", "present", handed[1], "password", sitetest.NewPassword, "again",
		sitetest.NewPassword).To)
	require.Equal(t, http.StatusOK, w.Get("/").Status, "the session goes on")

	require.Equal(t, http.StatusUnprocessableEntity, r.Post("/users/u-2/disable").Status, "not without confirmation")
	require.Equal(t, http.StatusOK, w.Get("/").Status)
	require.Equal(t, "/users/u-2?done=role", r.Post("/users/u-2/role", "confirm", "1", "role", "dept_manager", "org", sitetest.OrgCode).To)
	require.Equal(t, "/signin", w.Get("/").To)
	require.Equal(t, "/users/u-2?done=disabled", r.Post("/users/u-2/disable", "confirm", "1").To)
	require.Contains(t, r.Get("/users/u-2?done=disabled").Body, "The user has been disabled.")
	require.Equal(t, http.StatusUnauthorized, w.Post("/signin", "name", "wang", "password", sitetest.NewPassword).Status)
	require.Contains(t, r.Post("/users/u-1/disable", "confirm", "1").Body, "last system administrator")
	require.Equal(t, "/users/u-2?done=enabled", r.Post("/users/u-2/enable", "confirm", "1").To)
	reset := r.Post("/users/u-2/password", "confirm", "1")
	require.Regexp(t, `<output class="code">`, reset.Body)
	require.Equal(t, http.StatusUnauthorized, w.Post("/signin", "name", "wang", "password", sitetest.NewPassword).Status)
	for _, path := range []string{"/users/u-99", "/users/x"} {
		require.Equal(t, http.StatusNotFound, r.Get(path).Status, path)
	}
	require.Equal(t, http.StatusNotFound, r.Post("/users/u-2/promote", "confirm", "1").Status)
	require.Contains(t, r.Get("/users?format=csv").Body, `"'=cmd|""<i>"`, "no formula in a spreadsheet")
	require.Equal(t, http.StatusOK, r.Get("/metrics", "X-Forwarded-For", "198.51.100.9").Status)

	trail(t, h)
}

// trail checks the audit page after what the test before it did.
func trail(t *testing.T, h *sitetest.House) {
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
			if err := reg.Exec(ctx, h.DB.Conn(), "audit/record", args); err != nil {
				return err
			}
		}
		return nil
	}
	require.NoError(t, h.People.Trail.Carry(t.Context(), sink))
	// An auditor without limits: one of an organisation reads its trail alone.
	_, err = h.People.Users.Add(t.Context(), access.User{Name: "aud", Role: access.Auditor}, sitetest.GoodPassword)
	require.NoError(t, err)
	h.Add("own", access.Auditor)
	own := h.Reader()
	own.SignIn("own")
	lines := own.Columns("/audit?format=csv", "user_id", "target_id")
	require.NotEmpty(t, lines)
	for _, line := range lines {
		require.Regexp(t, `(^| )u-2($| )`, line, "what the handler of the organisation did, or what was done to him")
	}
	r := h.Reader()
	r.SignIn("aud")
	rows := func(filter string) [][]string {
		t.Helper()
		a := r.Get("/audit?format=csv&" + filter)
		require.Equal(t, http.StatusOK, a.Status, a.Body)
		all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.Body, "\ufeff"))).ReadAll()
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
	all := r.Get("/audit?format=csv").Body
	for _, secret := range []string{"wang", "Wang", "cmd", sitetest.GoodPassword, sitetest.NewPassword} {
		require.NotContains(t, all, secret)
	}
	page := r.Get("/audit?what=user_added")
	require.Contains(t, page.Body, "Lines: 1")
	require.Contains(t, page.Body, "user added")
	require.Equal(t, http.StatusBadRequest, r.Get("/audit?what=nonsense").Status)
	require.Equal(t, http.StatusBadRequest, r.Get("/audit?outcome=maybe").Status)
}

func TestBeyondLoopbackNeedsUsersAndNames(t *testing.T) {
	people := sitetest.NewPeople(t)
	_, err := server.New(server.Config{Listen: "0.0.0.0:0", Hosts: []string{"duban.example"}}, server.Deps{Access: people})
	require.ErrorContains(t, err, "there is no user yet")
	_, err = people.Users.Add(t.Context(), access.User{Name: "root", Role: access.Sysadmin}, sitetest.GoodPassword)
	require.NoError(t, err)
	_, err = server.New(server.Config{Listen: "0.0.0.0:0"}, server.Deps{Access: people})
	require.ErrorContains(t, err, "server.hosts")

	s := sitetest.Serve(t, storetest.New(t), server.Config{Listen: "0.0.0.0:0", Hosts: []string{"duban.example"}}, people)
	r := (&sitetest.House{Site: s}).Reader()
	require.Equal(t, "/signin", r.Get("/", "Host", "duban.example").To)
	require.Equal(t, "/signin", r.Get("/", "Host", "DUBAN.example:8443").To)
	require.Equal(t, http.StatusOK, r.Get("/healthz", "Host", "localhost").Status, "a program of this machine")
	require.Equal(t, http.StatusMisdirectedRequest, r.Get("/", "Host", "evil.example").Status)
}

// The facts of fill lie in county 610802; OPEN is of orgCode, SMALL of otherOrg.
func TestAUserSeesTheOwnScopeOnly(t *testing.T) {
	h := sitetest.NewHouse(t)
	enginetest.Insert(t, h.DB, append(sitetest.Run("OPEN", time.May, 6, 0), func() any {
		small := sitetest.Fact("SMALL", 1, event.Apply, sitetest.Local(time.June, 1, 9), "")
		small.OrgCode = sitetest.OtherOrg
		return small
	}())...)
	enginetest.Fold(t, h.DB)
	as := func(name string, u access.User) *sitetest.Reader {
		t.Helper()
		u.Name = name
		_, err := h.People.Users.Add(t.Context(), u, sitetest.GoodPassword)
		require.NoError(t, err)
		r := h.Reader()
		r.SignIn(name)
		return r
	}
	numbers := func(r *sitetest.Reader) (out []string) {
		t.Helper()
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(r.Get("/cases?format=csv").Body, "\ufeff"))).ReadAll()
		require.NoError(t, err)
		for _, row := range rows[1:] {
			out = append(out, row[0])
		}
		return out
	}
	all := as("all", access.User{Role: access.Analyst})
	require.ElementsMatch(t, []string{"OPEN", "SMALL"}, numbers(all))
	require.Equal(t, http.StatusOK, all.Get(sitetest.CasePath("SMALL")).Status)

	own := as("own", access.User{Role: access.DeptManager, OrgCode: sitetest.OrgCode})
	require.Equal(t, []string{"OPEN"}, numbers(own))
	require.Equal(t, http.StatusOK, own.Get(sitetest.CasePath("OPEN")).Status)
	require.Equal(t, http.StatusNotFound, own.Get(sitetest.CasePath("SMALL")).Status)
	require.Equal(t, http.StatusNotFound, own.Get(sitetest.CasePath("SMALL")+"?format=csv&table=facts").Status)
	for _, path := range []string{"/orgs/" + sitetest.OtherOrg, "/cases?org=" + sitetest.OtherOrg, "/risk?org=" + sitetest.OtherOrg,
		"/profiles?org=" + sitetest.OtherOrg,
		"/profiles/cases?indicator=rewrite&org=" + sitetest.OtherOrg, "/process", "/quality", "/quality/rejects",
		"/api/v1/indicators/C01?org=" + sitetest.OtherOrg} {
		require.Equal(t, http.StatusForbidden, own.Get(path).Status, path)
	}
	count := func(r *sitetest.Reader) string {
		t.Helper()
		a := r.Get("/api/v1/indicators/C01?format=csv&from=2026-01-01&to=2026-12-31")
		require.Equal(t, http.StatusOK, a.Status)
		return a.Body
	}
	require.NotEqual(t, count(all), count(own))
	require.Regexp(t, `(?m)^2(,|$)`, count(all))
	require.Regexp(t, `(?m)^1(,|$)`, count(own))
	require.NotContains(t, own.Get("/").Body, sitetest.OtherOrg)

	here := as("here", access.User{Role: access.Supervisor, ScopeRegion: "610800"})
	require.ElementsMatch(t, []string{"OPEN", "SMALL"}, numbers(here))
	require.Equal(t, http.StatusOK, here.Get("/regions/610802").Status)
	for _, path := range []string{"/regions/610000", "/regions/620000", "/cases?region=610000", "/risk?region=610000",
		"/profiles/cases?indicator=rewrite&region=610000", "/?region=110000"} {
		require.Equal(t, http.StatusForbidden, here.Get(path).Status, path)
	}
	there := as("there", access.User{Role: access.Supervisor, ScopeRegion: "620000"})
	require.Empty(t, numbers(there))
	require.Equal(t, http.StatusNotFound, there.Get(sitetest.CasePath("OPEN")).Status)
	line := as("line", access.User{Role: access.Supervisor, Line: "housing"})
	require.Equal(t, http.StatusForbidden, line.Get("/cases").Status, "no figure knows lines")
	require.Equal(t, http.StatusOK, line.Get("/account").Status)
}
