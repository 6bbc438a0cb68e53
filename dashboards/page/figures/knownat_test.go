package figures_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/server"
	"duban/dashboards/sitetest"
	"duban/internal/store/storetest"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
	"duban/supervision/lawzone"
)

// What arrives late changes the figure of a past instant, and not the one that was known: the
// page, its stamp and the API tell both, and refuse where they cannot.
func TestAPageIsToldAsItWasKnown(t *testing.T) {
	db := storetest.New(t)
	s := sitetest.Serve(t, db, server.Config{Listen: "127.0.0.1:0"}, nil)
	fold := func(known time.Time) {
		require.NoError(t, enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
			c.Movements, d.Known = true, func() time.Time { return known }
		}).CatchUp(t.Context()))
	}
	const asOf = "?as_of=2026-04-01T00:00:00%2B08:00&lang=en"
	file := func(query string) string {
		status, body, _ := s.Get("/api/v1/indicators/C03" + asOf + query)
		require.Equal(t, 200, status, body)
		return body
	}
	enginetest.Insert(t, db, sitetest.Run("PROMPT", time.March, 2, 5)...)
	enginetest.Fold(t, db)
	_, page, _ := s.Get("/indicators/C03" + asOf)
	require.Contains(t, page, "the ledger of figures is catching up")
	require.NotContains(t, file(""), "known_at")

	first := sitetest.Now().Add(-2 * time.Hour)
	fold(first)
	then := file("")
	require.Contains(t, then, `"known_at":"2026-06-15T10:00:00+08:00"`)
	enginetest.Insert(t, db, sitetest.Run("LATE", time.March, 3, 6)...)
	fold(sitetest.Now().Add(-time.Hour))
	require.Contains(t, file(""), `"numerator":2,`)
	known := "&known_at=" + url.QueryEscape(sitetest.Now().Add(-90*time.Minute).In(lawzone.Zone).Format(time.RFC3339))
	require.Equal(t, then, file(known), "the same bytes")

	value := func(page string) string {
		_, rest, _ := strings.Cut(page, `<span class="value">`)
		v, _, _ := strings.Cut(rest, "<")
		return v
	}
	_, page, _ = s.Get("/indicators/C03" + asOf)
	require.Equal(t, "2", value(page))
	require.Contains(t, page, "<dt>As known at</dt><dd><time>2026-06-15 11:00:00")
	status, page, _ := s.Get("/indicators/C03" + asOf + known)
	require.Equal(t, 200, status)
	require.Equal(t, "1", value(page))
	require.Contains(t, page, "<dt>As known at</dt><dd><time>2026-06-15 10:30:00")
	require.Contains(t, page, "known_at=2026", "its other groupings are as known then, too")

	for path, want := range map[string]string{
		"/indicators/D05" + asOf + known:                                  "computed from the states as they are known now",
		"/indicators/C03" + asOf + known + "&by=line":                     "does not hold this grouping",
		"/indicators/C03" + asOf + "&known_at=2026-01-01":                 "The ledger of figures began after",
		"/indicators/C03" + asOf + "&known_at=2026-06-16":                 "known_at",
		"/" + asOf + known:                                                "known_at",
		"/api/v1/indicators/D05" + asOf + known:                           "not kept in the ledger of movements",
		"/api/v1/indicators/C03" + asOf + "&known_at=2026-06-16":          "has not come yet",
		"/api/v1/indicators/C03" + asOf + "&known_at=2026-01-01&by=month": "did not know anything yet",
	} {
		status, body, _ := s.Get(path)
		require.Equal(t, 400, status, path)
		require.Contains(t, body, want, path)
	}
}
