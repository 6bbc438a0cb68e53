package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/server"
)

// The files of people's work go row by row, as those of all other
// lists do: they end where files end, and say so.
func TestEveryFileOfAListEndsWhereFilesEnd(t *testing.T) {
	h := workHouse(t)
	putCards(t, h.db, card{id: "appealed2", org: "office", region: county, state: "appealed", severity: "red",
		events: []happening{{"raised", day(time.June, 1), ""}, {"appeal", day(time.June, 9), `{"ground":"wrong_data","evidence":["log 8"]}`}}})
	_, err := h.people.Users.Add(t.Context(), access.User{Name: "wang", Role: access.Supervisor}, goodPassword)
	require.NoError(t, err)
	cut := *h
	cut.site = serve(t, h.db, server.Config{Listen: "127.0.0.1:0"}, h.people, func(d *kit.Deps) { d.FileRows = 1 })
	whole, short := h.reader(), cut.reader()
	whole.signIn("wang")
	short.signIn("wang")
	for _, path := range []string{"/orders?format=csv", "/work?kind=rating&format=csv", "/todo?format=csv", "/appeals?format=csv"} {
		all, first := whole.get(path), short.get(path)
		require.Equal(t, 200, all.status, path)
		require.Equal(t, 200, first.status, path)
		lines := strings.SplitAfter(all.body, "\n")
		require.Greater(t, len(lines), 3, "%s has two rows at least: %s", path, all.body)
		require.Empty(t, all.header.Get("X-Truncated"), path)
		require.Equal(t, strings.Join(lines[:2], ""), first.body, path)
		require.Equal(t, "true", first.header.Get("X-Truncated"), path)
		require.Equal(t, all.header.Get("Content-Disposition"), first.header.Get("Content-Disposition"))
	}
	for _, path := range []string{"/risk?table=risk_cases&format=csv", "/risk?table=risk_tickets&format=csv",
		"/profiles/cases?indicator=suspension&format=csv"} {
		require.Equal(t, whole.get(path).body, short.get(path).body, "%s has its columns without a row", path)
		require.Equal(t, 200, whole.get(path).status, path)
	}
}
