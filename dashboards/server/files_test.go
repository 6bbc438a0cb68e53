package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/server"
	"duban/dashboards/sitetest"
)

// The files of people's work go row by row, as those of all other
// lists do: they end where files end, and say so.
func TestEveryFileOfAListEndsWhereFilesEnd(t *testing.T) {
	h := sitetest.WorkHouse(t)
	sitetest.PutCards(t, h.DB, sitetest.Card{ID: "appealed2", Org: "office", Region: sitetest.County, State: "appealed", Severity: "red",
		Events: []sitetest.Happening{{Name: "raised", At: sitetest.Day(time.June, 1), Payload: ""},
			{Name: "appeal", At: sitetest.Day(time.June, 9), Payload: `{"ground":"wrong_data","evidence":["log 8"]}`}}})
	_, err := h.People.Users.Add(t.Context(), access.User{Name: "wang", Role: access.Supervisor}, sitetest.GoodPassword)
	require.NoError(t, err)
	cut := *h
	cut.Site = sitetest.Serve(t, h.DB, server.Config{Listen: "127.0.0.1:0"}, h.People, func(d *kit.Deps) { d.FileRows = 1 })
	whole, short := h.Reader(), cut.Reader()
	whole.SignIn("wang")
	short.SignIn("wang")
	for _, path := range []string{"/orders?format=csv", "/work?kind=rating&format=csv", "/todo?format=csv", "/appeals?format=csv"} {
		all, first := whole.Get(path), short.Get(path)
		require.Equal(t, 200, all.Status, path)
		require.Equal(t, 200, first.Status, path)
		lines := strings.SplitAfter(all.Body, "\n")
		require.Greater(t, len(lines), 3, "%s has two rows at least: %s", path, all.Body)
		require.Empty(t, all.Header.Get("X-Truncated"), path)
		require.Equal(t, strings.Join(lines[:2], ""), first.Body, path)
		require.Equal(t, "true", first.Header.Get("X-Truncated"), path)
		require.Equal(t, all.Header.Get("Content-Disposition"), first.Header.Get("Content-Disposition"))
	}
	for _, path := range []string{"/risk?table=risk_cases&format=csv", "/risk?table=risk_tickets&format=csv",
		"/profiles/cases?indicator=suspension&format=csv"} {
		require.Equal(t, whole.Get(path).Body, short.Get(path).Body, "%s has its columns without a row", path)
		require.Equal(t, 200, whole.Get(path).Status, path)
	}
}
