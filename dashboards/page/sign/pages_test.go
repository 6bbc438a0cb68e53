package sign_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/sitetest"
)

// The way in, the own account, the way out; passwords that are wrong or differ change
// nothing.
func TestTheWayInAndOut(t *testing.T) {
	h := sitetest.NewHouse(t)
	h.Add("root", access.Sysadmin)
	r := h.Reader()
	for _, c := range []struct {
		name, path string
		form       []string // nil asks for the page
		status     int
		to         string
		holds      string
	}{
		{"nobody has an account", "/account", nil, http.StatusSeeOther, "/signin?next=%2Faccount", ""},
		{"the page to sign in", "/signin", nil, http.StatusOK, "", `name="password"`},
		{"a wrong password", "/signin", []string{"name", "root", "password", "no"}, http.StatusUnauthorized, "", `value="root"`},
		{"the first user exists", "/setup?token=x", nil, http.StatusForbidden, "", ""},
		{"a page of elsewhere is no next", "/signin", []string{"name", "root", "password", sitetest.GoodPassword, "next", "//evil.example/"},
			http.StatusSeeOther, "/", ""},
		{"who is in goes on", "/signin?next=/cases", nil, http.StatusSeeOther, "/cases", ""},
		{"the own account", "/account", nil, http.StatusOK, "", "root"},
		{"two that differ", "/account", []string{"present", sitetest.GoodPassword, "password", sitetest.NewPassword, "again", "x"},
			http.StatusUnprocessableEntity, "", ""},
		{"a wrong present one", "/account", []string{"present", "x", "password", sitetest.NewPassword, "again", sitetest.NewPassword},
			http.StatusUnprocessableEntity, "", ""},
		{"a new one", "/account", []string{"present", sitetest.GoodPassword, "password", sitetest.NewPassword, "again", sitetest.NewPassword},
			http.StatusSeeOther, "/account?done=password", ""},
		{"the way out", "/signout", []string{}, http.StatusSeeOther, "/signin", ""},
		{"out is out", "/account", nil, http.StatusSeeOther, "/signin?next=%2Faccount", ""},
	} {
		var a sitetest.Answer
		if c.form == nil {
			a = r.Get(c.path)
		} else {
			a = r.Post(c.path, c.form...)
		}
		require.Equal(t, c.status, a.Status, "%s: %s", c.name, a.Body)
		require.Equal(t, c.to, a.To, c.name)
		require.Contains(t, a.Body, c.holds, c.name)
	}
}
