package access_test

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
)

// visit is a reader with a cookie.
type visit struct {
	t      *testing.T
	s      *access.Service
	cookie string
	secure bool
	set    *http.Cookie
}

func newService(t *testing.T, dir string) *access.Service {
	t.Helper()
	return access.New(access.Deps{Dir: dir, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		RequestID: func(context.Context) string { return "r-1" }})
}

// do sends a request through the sessions to handle; the cookie is kept.
func (v *visit) do(handle http.HandlerFunc) {
	v.t.Helper()
	r := httptest.NewRequestWithContext(v.t.Context(), http.MethodGet, "/", nil)
	name := "duban-session"
	if v.secure {
		name = "__Host-duban-session"
	}
	if v.cookie != "" {
		r.AddCookie(&http.Cookie{Name: name, Value: v.cookie})
	}
	w := httptest.NewRecorder()
	v.s.Sessions.Wrap(func(*http.Request) bool { return v.secure }, handle).ServeHTTP(w, r)
	require.Equal(v.t, http.StatusOK, w.Code)
	v.set = nil
	for _, c := range w.Result().Cookies() {
		require.Equal(v.t, name, c.Name)
		v.set, v.cookie = c, c.Value
	}
}

func (v *visit) signIn(u access.User) {
	v.t.Helper()
	v.do(func(_ http.ResponseWriter, r *http.Request) {
		assert.NoError(v.t, v.s.Sessions.SignIn(r.Context(), u))
	})
}

// who is the id of the user that the cookie stands for.
func (v *visit) who() (id string) {
	v.t.Helper()
	v.do(func(_ http.ResponseWriter, r *http.Request) {
		u, _ := access.FromContext(r.Context())
		id = u.ID
	})
	return id
}

func TestASessionHasACookieThatOnlyTheServerReads(t *testing.T) {
	s := newService(t, t.TempDir())
	u := add(t, s.Users, "ab", access.Leader)
	for _, secure := range []bool{false, true} {
		v := &visit{t: t, s: s, secure: secure}
		require.Empty(t, v.who())
		require.Nil(t, v.set, "nobody gets a cookie for looking")
		v.signIn(u)
		require.True(t, v.set.HttpOnly)
		require.Equal(t, http.SameSiteLaxMode, v.set.SameSite)
		require.Equal(t, secure, v.set.Secure)
		require.Equal(t, "/", v.set.Path)
		require.Empty(t, v.set.Domain)
		require.True(t, v.set.Expires.IsZero(), "it ends with the browser")
		require.Equal(t, u.ID, v.who())
	}
}

func TestATokenFromBeforeTheSignInIsWorthNothing(t *testing.T) {
	s := newService(t, t.TempDir())
	u, other := add(t, s.Users, "ab", access.Leader), add(t, s.Users, "cd", access.Analyst)
	planted := strings.Repeat("A", 43)
	v := &visit{t: t, s: s, cookie: planted}
	v.signIn(u)
	require.NotEqual(t, planted, v.cookie)
	require.Empty(t, (&visit{t: t, s: s, cookie: planted}).who())
	first := v.cookie
	v.signIn(other) // over a living session
	require.NotEqual(t, first, v.cookie)
	require.Equal(t, other.ID, v.who())
	require.Empty(t, (&visit{t: t, s: s, cookie: first}).who())
}

func TestSigningOutEndsTheSessionAlsoForRequestsOnTheirWay(t *testing.T) {
	s := newService(t, t.TempDir())
	v := &visit{t: t, s: s}
	v.signIn(add(t, s.Users, "ab", access.Leader))
	token := v.cookie
	v.do(func(http.ResponseWriter, *http.Request) { // a slow request …
		(&visit{t: t, s: s, cookie: token}).do(func(_ http.ResponseWriter, r *http.Request) { // … and a sign-out meanwhile
			assert.NoError(t, s.Sessions.SignOut(r.Context()))
		})
	})
	require.Empty(t, (&visit{t: t, s: s, cookie: token}).who())
}

func TestSessionsEndWithTheRightOfTheUser(t *testing.T) {
	for name, change := range map[string]func(*access.Service, access.User) error{
		"disabled": func(s *access.Service, u access.User) error { return s.Users.SetDisabled(u.ID, true) },
		"role":     func(s *access.Service, u access.User) error { return s.Users.SetRole(u.ID, access.Public, "", "", "") },
		"new password": func(s *access.Service, u access.User) error {
			return s.Users.SetPassword(t.Context(), u.ID, good+"!", false)
		},
	} {
		s := newService(t, t.TempDir())
		add(t, s.Users, "root", access.Sysadmin)
		u := add(t, s.Users, "ab", access.Leader)
		a, b := &visit{t: t, s: s}, &visit{t: t, s: s}
		a.signIn(u)
		b.signIn(u)
		require.Equal(t, u.ID, a.who())
		require.NoError(t, change(s, u))
		token := b.cookie
		require.Empty(t, a.who(), name)
		require.Empty(t, b.who(), name)
		require.NoError(t, s.Users.SetDisabled(u.ID, false))
		require.Empty(t, (&visit{t: t, s: s, cookie: token}).who(), "%s: being let in again does not revive it", name)
	}
}

func TestSessionsOutliveARestartAndAreNotToBeReadFromTheDisk(t *testing.T) {
	dir := t.TempDir()
	s := newService(t, dir)
	v := &visit{t: t, s: s}
	u := add(t, s.Users, "ab", access.Leader)
	v.signIn(u)
	v.s = newService(t, dir)
	require.Equal(t, u.ID, v.who())
	require.NoError(t, filepath.WalkDir(filepath.Join(dir, "sessions"), func(path string, d fs.DirEntry, err error) error {
		require.NoError(t, err)
		require.NotContains(t, path, v.cookie)
		info, err := d.Info()
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, path)
		if !d.IsDir() {
			b, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NotContains(t, string(b), v.cookie)
		}
		return nil
	}))
}

func TestSessionsEndAfterHalfAnHourOfRestAndTwelveHoursOfWork(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, dir)
		u := add(t, s.Users, "ab", access.Leader)
		v := &visit{t: t, s: s}
		v.signIn(u)
		time.Sleep(30*time.Minute - time.Second)
		require.Equal(t, u.ID, v.who())
		time.Sleep(30*time.Minute + time.Second)
		require.Empty(t, v.who(), "rest")

		v.signIn(u)
		for range 35 { // 20 minutes each: 11 h 40 min
			time.Sleep(20 * time.Minute)
			require.Equal(t, u.ID, v.who())
		}
		time.Sleep(20*time.Minute + time.Second)
		require.Empty(t, v.who(), "work")

		v.signIn(u)
		time.Sleep(13 * time.Hour)
		v.signIn(u)
		files, err := os.ReadDir(filepath.Join(dir, "sessions"))
		require.NoError(t, err)
		require.LessOrEqual(t, len(files), 3, "expired files are removed: %v", files)
	})
}

// An open page that listens or fetches itself again does not keep its session alive.
func TestAPageThatNobodyLooksAtDoesNotKeepItsSession(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, dir)
		v := &visit{t: t, s: s}
		v.signIn(add(t, s.Users, "ab", access.Leader))
		ask := func(path, by string) (id string) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
			r.AddCookie(&http.Cookie{Name: "duban-session", Value: v.cookie})
			if by != "" {
				r.Header.Set("X-Requested-With", by)
			}
			w := httptest.NewRecorder()
			s.Sessions.Wrap(func(*http.Request) bool { return false }, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				u, _ := access.FromContext(r.Context())
				id = u.ID
			})).ServeHTTP(w, r)
			require.Empty(t, w.Result().Cookies())
			return id
		}
		for range 5 { // 25 minutes
			time.Sleep(5 * time.Minute)
			require.NotEmpty(t, ask("/alerts/stream", ""))
			require.NotEmpty(t, ask("/todo", "live"))
		}
		time.Sleep(5*time.Minute + time.Second)
		require.Empty(t, ask("/alerts/stream", ""))
		require.Empty(t, ask("/todo", "live"))
		require.Empty(t, v.who())
	})
}
