package desk_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/sitetest"
)

// Who is signed in sees what there is; what there is not is refused rather than shown as
// something else.
func TestListsOfAlertsAndWork(t *testing.T) {
	h := sitetest.WorkHouse(t)
	_, err := h.People.Users.Add(t.Context(), access.User{Name: "boss", Role: access.Supervisor}, sitetest.GoodPassword)
	require.NoError(t, err)
	r := h.Reader()
	r.SignIn("boss")
	r.Answers(t,
		sitetest.Row{Path: "/alerts", Status: http.StatusOK},
		sitetest.Row{Path: "/alerts?format=csv", Status: http.StatusOK, Holds: []string{"alert_id,severity,alert_state,rule_id,"}},
		sitetest.Row{Path: "/alerts?severity=blue", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/alerts?state=lost", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/alerts?group=some", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/alerts?page=0", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/alerts/a0000000", Status: http.StatusNotFound},
		sitetest.Row{Path: "/orders", Status: http.StatusOK},
		sitetest.Row{Path: "/orders?group=ended", Status: http.StatusOK},
		sitetest.Row{Path: "/orders?format=csv", Status: http.StatusOK, Holds: []string{"work_id,work_kind,title,work_state,"}},
		sitetest.Row{Path: "/orders?state=lost", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/orders?level=highest", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/work?kind=exposure", Status: http.StatusOK},
		sitetest.Row{Path: "/work?kind=order", Status: http.StatusSeeOther},
		sitetest.Row{Path: "/work?kind=leave", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/work/order/none", Status: http.StatusNotFound},
		sitetest.Row{Path: "/work/leave/x", Status: http.StatusNotFound},
		sitetest.Row{Path: "/work/alert/a1000000", Status: http.StatusSeeOther},
		sitetest.Row{Path: "/todo", Status: http.StatusOK},
		sitetest.Row{Path: "/todo?format=csv", Status: http.StatusOK, Holds: []string{"task,work_kind,work_id,title,"}},
		sitetest.Row{Path: "/todo?task=alert.sleep", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/appeals", Status: http.StatusOK},
		sitetest.Row{Path: "/appeals?format=csv", Status: http.StatusOK, Holds: []string{"alert_id,severity,rule_id,subject_no,"}},
		sitetest.Row{Path: "/appeals?page=-1", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/outages", Status: http.StatusOK},
		sitetest.Row{Path: "/outages?format=csv&table=outages", Status: http.StatusOK, Holds: []string{"outage_scope,from_at,until_at,"}},
		sitetest.Row{Path: "/outages?format=csv&table=none", Status: http.StatusNotFound},
		sitetest.Row{Path: "/orders/new", Status: http.StatusOK},
		sitetest.Row{Path: "/work/leave/new", Status: http.StatusNotFound},
	)
	for _, c := range []struct {
		path   string
		form   url.Values
		status int
	}{
		{"/alerts/actions", url.Values{}, http.StatusBadRequest},                                         // nothing to do
		{"/alerts/actions", url.Values{"action": {"ack"}, "alert": {"a1000000"}}, http.StatusBadRequest}, // no number
		{"/work/actions", url.Values{"action": {"ack"}, "matter": {"leave/x/1"}}, http.StatusBadRequest}, // no such kind
		{"/outages/actions", url.Values{"action": {"forget"}}, http.StatusBadRequest},                    // no such action
		{"/outages/actions", url.Values{"action": {"end"}, "outage": {"x/last"}}, http.StatusBadRequest}, // no number
		{"/alerts/actions", url.Values{"action": {"ack"}, "alert": {"a1000000/1"}}, http.StatusSeeOther}, // back to where one came from
		{"/outages/actions", url.Values{"action": {"end"}, "outage": {"o-1/1"}}, http.StatusSeeOther},    // whatever becomes of it
		{"/alerts/actions", url.Values{"action": {""}, "alert": {"a1000000/1"}}, http.StatusBadRequest},  // no action
		{"/work/actions", url.Values{"one": {"reply/order/o1/none"}}, http.StatusBadRequest},             // no number
		{"/work/actions", url.Values{"one": {"reply/order/o1/1"}, "answer": {"x"}}, http.StatusSeeOther}, // a button of a row
		{"/orders/new", url.Values{"id": {"short"}, "org_code": {"office"}}, http.StatusBadRequest},      // the form was tampered with
		{"/work/leave/new", url.Values{"id": {"short"}, "org_code": {"office"}}, http.StatusNotFound},    // no such kind
	} {
		require.Equal(t, c.status, r.Send(http.MethodPost, c.path, c.form).Status, "%s %v", c.path, c.form)
	}
}
