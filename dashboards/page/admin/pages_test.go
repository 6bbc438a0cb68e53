package admin_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/sitetest"
)

// Users, trail and calendar are for those who run the product; what there is not is
// refused, and what was typed wrong changes nothing.
func TestPagesOfThoseWhoRunTheProduct(t *testing.T) {
	h := sitetest.NewHouse(t)
	h.Add("root", access.Sysadmin)
	clerk := h.Add("clerk", access.Handler)
	r := h.Reader()
	r.SignIn("root")
	r.Answers(t,
		sitetest.Row{Path: "/users", Status: http.StatusOK, Holds: []string{"clerk", "root"}},
		sitetest.Row{Path: "/users?format=csv", Status: http.StatusOK,
			Holds: []string{"sign_in_name,display_name,role,scope,state,created_at\n"}},
		sitetest.Row{Path: "/users/" + clerk.ID, Status: http.StatusOK, Holds: []string{"clerk"}},
		sitetest.Row{Path: "/users/none", Status: http.StatusNotFound},
		sitetest.Row{Path: "/audit", Status: http.StatusOK},
		sitetest.Row{Path: "/audit?format=csv", Status: http.StatusOK,
			Holds: []string{"at,user_id,role,what,target_kind,target_id,outcome,remote,request_id\n"}},
		sitetest.Row{Path: "/audit?what=none", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/audit?outcome=none", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/audit?page=0", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/calendar", Status: http.StatusOK},
		sitetest.Row{Path: "/calendar/versions/none", Status: http.StatusNotFound},
	)
	for _, c := range []struct {
		path   string
		form   []string
		status int
	}{
		{"/users", []string{"name", "", "role", "supervisor"}, http.StatusUnprocessableEntity},
		{"/users", []string{"name", "second", "role", "emperor"}, http.StatusUnprocessableEntity},
		{"/users/none/disable", []string{"confirm", "1"}, http.StatusNotFound},
		{"/users/" + clerk.ID + "/disable", nil, http.StatusUnprocessableEntity}, // not confirmed
		{"/users/" + clerk.ID + "/promote", []string{"confirm", "1"}, http.StatusNotFound},
		{"/calendar/preview", []string{"notice", ""}, http.StatusUnprocessableEntity},
		{"/calendar/explain", []string{"version", "none"}, http.StatusNotFound},
		{"/calendar/adopt", []string{"version", "none"}, http.StatusNotFound},
	} {
		require.Equal(t, c.status, r.Post(c.path, c.form...).Status, "%s %v", c.path, c.form)
	}
	other := h.Reader()
	other.SignIn("clerk")
	for _, path := range []string{"/users", "/users/" + clerk.ID, "/audit", "/calendar"} {
		require.Equal(t, http.StatusForbidden, other.Get(path).Status, path)
	}
}
