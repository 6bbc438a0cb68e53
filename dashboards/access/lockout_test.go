package access_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
)

// door is a service whose sign-ins come from networks and browsers.
type door struct {
	t      *testing.T
	people *access.Service
	clock  *clock
}

func newDoor(t *testing.T) *door {
	t.Helper()
	c := newClock()
	people := access.New(access.Deps{Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler), Now: c.now,
		RequestID: func(context.Context) string { return "" }})
	return &door{t, people, c}
}

// try signs in from an address, with the cookies of a browser.
func (d *door) try(address, password string, cookies ...*http.Cookie) (cookie *http.Cookie, err error) {
	d.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/signin", nil)
	r.RemoteAddr = address + ":4000"
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	d.people.Sessions.Wrap(func(*http.Request) bool { return false }, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var u access.User
		if u, err = d.people.SignIn(r, "root", password); err == nil {
			d.people.Remember(w, r, u)
		}
	})).ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.Name == "duban-device" {
			cookie = c
		}
	}
	return cookie, err
}

// The name of the only administrator is known to many: what strangers type under it does
// not lock him out, wherever he has been before, and does not let them guess on either.
func TestStrangersDoNotLockAnybodyOut(t *testing.T) {
	d := newDoor(t)
	add(t, d.people.Users, "root", access.Sysadmin)
	const home, office = "198.51.100.9", "192.0.2.7"
	browser, err := d.try(home, good)
	require.NoError(t, err)
	require.True(t, browser.HttpOnly)
	for range 6 { // finding: six anonymous tries
		_, err = d.try("203.0.113.5", "guess")
		require.ErrorIs(t, err, access.ErrSignIn)
	}
	_, err = d.try("203.0.113.5", good)
	require.ErrorIs(t, err, access.ErrSignIn, "locked where the guesses came from")
	_, err = d.try(office, good)
	require.NoError(t, err, "and nowhere else")

	// Many networks guess side by side: strangers are locked out, known places are not.
	for i := range 60 {
		_, err = d.try(fmt.Sprintf("203.0.%d.1", i), "guess")
		require.ErrorIs(t, err, access.ErrSignIn)
	}
	_, err = d.try("203.0.200.1", good)
	require.ErrorIs(t, err, access.ErrSignIn, "a place that nobody knows")
	_, err = d.try(home, good)
	require.NoError(t, err, "a network from which he has signed in")
	// The guesses come from his own network too: the browser that he uses is known.
	for range 6 {
		_, err = d.try(home, "guess")
		require.ErrorIs(t, err, access.ErrSignIn)
	}
	_, err = d.try(home, good)
	require.ErrorIs(t, err, access.ErrSignIn)
	_, err = d.try(home, good, browser)
	require.NoError(t, err)
	_, err = d.try("203.0.200.1", good, browser)
	require.NoError(t, err)

	// A cookie that was made up, or is of another user, proves nothing.
	forged := *browser
	forged.Value = "u-1.AAAA.BBBB"
	_, err = d.try("203.0.210.1", good, &forged)
	require.ErrorIs(t, err, access.ErrSignIn)
	// Nor does a known browser guess without end.
	for range 6 {
		_, _ = d.try("203.0.201.1", "guess", browser)
	}
	_, err = d.try("203.0.201.1", good, browser)
	require.ErrorIs(t, err, access.ErrSignIn)
	d.clock.move(time.Hour)
	_, err = d.try("203.0.201.1", good, browser)
	require.NoError(t, err)
}
