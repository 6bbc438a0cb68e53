package data_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/server"
	"duban/dashboards/sitetest"
	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// What a source asks for and does not get stands on the page about the data: how many of its
// subjects are judged by the law although it gave them limits of their own.
func TestRefusedLimitsOfSourcesAreCounted(t *testing.T) {
	db := storetest.New(t)
	asks := `{"limit_regime":"source","source_due_at":"2026-06-30T00:00:00Z"}`
	enginetest.Insert(t, db, sitetest.Fact("ASKS-1", 1, event.Apply, sitetest.Local(time.June, 1, 9), asks),
		sitetest.Fact("ASKS-1", 2, event.Accept,
			sitetest.Local(time.June, 1, 10), ""),
		sitetest.Fact("ASKS-2", 1, event.Apply, sitetest.Local(time.June, 1, 9), asks), sitetest.Fact("PLAIN", 1, event.Apply,
			sitetest.Local(time.June, 1, 9), ""),
		event.Ticket{SourceSys: "12345", TicketNo: "T-1", EventID: "t1", Type: event.TReceive, OccurredAt: sitetest.Local(time.June, 1, 9),
			RegionCode: sitetest.County, OrgCode: sitetest.OrgCode, Channel: "phone", Kind: "consult", Payload: asks})
	fold := func(own ...string) {
		require.NoError(t, enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
			c.Policy.OwnLimits = own
			d.Now = sitetest.Now
		}).CatchUp(t.Context()))
	}
	fold("12345")
	s := sitetest.Serve(t, db, server.Config{Listen: "127.0.0.1:0"}, nil)
	require.Equal(t, [][]string{{"hall", "case", "2", "3"}}, s.Table("/quality?format=csv&table=own_limits"))
	_, body, _ := s.Get("/quality?lang=en")
	require.Contains(t, body, "Limits of their own that were refused")
}
