package figures_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/server"
	"duban/dashboards/sitetest"
	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine/enginetest"
)

// What sources say in their own words can be grouped by on the page and through
// the API; what nobody says is no way to group.
func TestFiguresCanBeGroupedByWhatTheSourceSays(t *testing.T) {
	db := storetest.New(t)
	_, err := queries.Load()
	require.NoError(t, err)
	var facts []any
	for i := range 5 {
		status := map[bool]string{true: "Closed (Duplicate)", false: "Open"}[i < 3]
		facts = append(facts, event.Ticket{SourceSys: "311", TicketNo: fmt.Sprint(i), EventID: fmt.Sprint("e", i), Type: event.TReceive,
			OccurredAt: sitetest.Local(time.June, 1, 9), RegionCode: sitetest.County, OrgCode: sitetest.OrgCode, Channel: "phone", Kind: "complaint",
			Payload: `{"attributes":{"status":"` + status + `","district":"<b>7</b>"}}`})
	}
	enginetest.Insert(t, db, facts...)
	enginetest.Fold(t, db)
	s := sitetest.Serve(t, db, server.Config{Listen: "127.0.0.1:0"}, nil)
	const period = "&from=2026-06-01&to=2026-06-15&source=311"

	_, body, _ := s.Get("/indicators/F01?by=attribute:status&lang=en" + period)
	require.Contains(t, body, "Group by what the source says")
	require.Contains(t, body, "Closed (Duplicate)")
	require.Contains(t, body, `by=attribute%3Adistrict`)
	require.Equal(t, [][]string{{"Closed (Duplicate)", "3"}, {"Open", "2"}},
		s.Table("/indicators/F01?by=attribute:status&format=csv&table=values"+period))
	_, body, _ = s.Get("/indicators/F01?by=attribute:district&lang=en" + period)
	require.Contains(t, body, "&lt;b&gt;7&lt;/b&gt;")
	for _, by := range []string{"attribute:colour", "attribute:", "attribute"} {
		status, _, _ := s.Get("/indicators/F01?by=" + by + period)
		require.Equal(t, http.StatusBadRequest, status, by)
	}

	status, body, _ := s.Get("/api/v1/indicators/F01?by=attribute:status,month&format=csv" + period)
	require.Equal(t, http.StatusOK, status, body)
	require.Contains(t, body, "attribute:status,month,numerator")
	require.Contains(t, body, "Closed (Duplicate),2026-06,3")
	for ask, want := range map[string]string{
		"by=attribute:colour" + period: `there is no attribute \"colour\"; there are: district, status`,
		"source=nosuch":                `there is no source system \"nosuch\"; there are: 311`,
		"org=nobody":                   `there is no organisation \"nobody\"`,
	} {
		status, body, _ = s.Get("/api/v1/indicators/F01?" + ask)
		require.Equal(t, http.StatusBadRequest, status, ask)
		require.Contains(t, body, want)
	}
}
