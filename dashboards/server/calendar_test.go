package server_test

import (
	"context"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/queries"
	"duban/supervision/almanac"
)

// Who may loads a notice in two steps: what it changes is shown, then it is put into
// force, with who and why; all others see nothing of it.
func TestACalendarIsLoadedOnAPageInTwoSteps(t *testing.T) {
	h := newHouse(t)
	raw, err := os.ReadFile("../../supervision/calendar/testdata/made-up-2027.yaml")
	require.NoError(t, err)
	notice := string(raw)
	root := h.add("root", access.Sysadmin)
	h.add("wang", access.Handler)

	other := h.reader()
	other.signIn("wang")
	require.Equal(t, http.StatusForbidden, other.get("/calendar").status)
	require.Equal(t, http.StatusForbidden, other.post("/calendar/preview", "notice", notice).status)
	require.Equal(t, http.StatusForbidden, other.post("/calendar/adopt", "notice", notice, "version", "x", "reason", "x").status)

	me := h.reader()
	me.signIn("root")
	a := me.get("/calendar")
	require.Equal(t, http.StatusOK, a.status)
	require.Contains(t, a.body, "cn-2026-08-07")

	a = me.post("/calendar/preview", "notice", strings.Replace(notice, "date: 2027-02-20", "date: 2027-02-18", 1))
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Contains(t, a.body, "line 18: 2027-02-18 is no weekend day")
	require.NotContains(t, a.body, "/calendar/adopt")

	a = me.post("/calendar/preview", "notice", notice)
	require.Equal(t, http.StatusOK, a.status)
	require.Contains(t, a.body, "2027-02-09")
	version := regexp.MustCompile(`name="version" value="([^"]+)"`).FindStringSubmatch(a.body)
	require.Len(t, version, 2)
	reg, err := queries.Load()
	require.NoError(t, err)
	inForce := func() string {
		c, err := almanac.New(reg, h.db.Conn(), "", now).InForce(t.Context())
		require.NoError(t, err)
		return c.Version()
	}
	require.Equal(t, "cn-2026-08-07", inForce(), "looking puts nothing into force")

	require.Equal(t, http.StatusUnprocessableEntity, me.post("/calendar/adopt", "notice", notice, "version", version[1], "reason", " ").status)
	require.Equal(t, http.StatusUnprocessableEntity, me.post("/calendar/adopt", "notice", notice, "version", "cn-other", "reason", "x").status,
		"what was shown is another one")
	require.Equal(t, "cn-2026-08-07", inForce())
	a = me.post("/calendar/adopt", "notice", notice, "version", version[1], "reason", "试办发〔2026〕1号")
	require.Equal(t, http.StatusSeeOther, a.status)
	require.Equal(t, version[1], inForce())
	a = me.get("/calendar?done=1")
	require.Contains(t, a.body, "试办发〔2026〕1号")
	require.Contains(t, a.body, root.ID)
	versions, err := almanac.New(reg, h.db.Conn(), "", now).Versions(t.Context())
	require.NoError(t, err)
	require.Equal(t, root.ID, versions[len(versions)-1].PutBy)
	lines := 0
	require.NoError(t, h.people.Trail.Carry(t.Context(), func(_ context.Context, entries []access.Entry) error {
		for _, e := range entries {
			if e.What == string(access.CalendarManage) && e.TargetID == version[1] && e.UserID == root.ID && e.Outcome == access.Done {
				lines++
			}
		}
		return nil
	}))
	require.Equal(t, 1, lines, "the audit trail has the deed")
}
