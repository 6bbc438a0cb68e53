package cases_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/server"
	"duban/dashboards/sitetest"
	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
	"duban/supervision/rule"
)

// A joint case has the limit of its stage (domain guide 2.5, K9), also on its page: its own
// promise of five working days from Monday 1 June 2026 was over on the 8th, the forty-five
// of the stage end with Tuesday 4 August (19 June is the Dragon Boat festival).
func TestThePageOfAJointCaseTellsItsStage(t *testing.T) {
	db := storetest.New(t)
	sub := sitetest.Fact("JOINT-1", 1, event.Apply, sitetest.Local(time.June, 2, 9), `{"parent_case_no":"JOINT"}`)
	accepted := sitetest.Fact("JOINT-1", 2, event.Accept, sitetest.Local(time.June, 2, 10), "") // it counts from here
	enginetest.Insert(t, db, append(sitetest.Run("JOINT", time.June, 1, 0),
		append(sitetest.Run("ALONE", time.June, 1, 0), sub, accepted)...)...)
	reg, err := queries.Load()
	require.NoError(t, err)
	rules, err := rule.Load(reg, "")
	require.NoError(t, err)
	require.NoError(t, enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
		c.Rules = rules.Only("R-JNT-01")
		d.Now = sitetest.Now
	}).CatchUp(t.Context()))
	s := sitetest.Serve(t, db, server.Config{Listen: "127.0.0.1:0"}, nil)

	status, page, _ := s.Get(sitetest.CasePath("ALONE"), "Accept-Language", "en")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "2026-06-08 23:59:59")
	require.NotContains(t, page, "joint stage (K9)")
	require.Contains(t, page, `<span class="clock-id">K1<`)

	status, page, _ = s.Get(sitetest.CasePath("JOINT"), "Accept-Language", "en")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "joint stage (K9)")
	require.Contains(t, page, "2026-08-04 23:59:59")
	require.Contains(t, page, sitetest.CasePath("JOINT-1"))
	require.NotContains(t, page, `<span class="clock-id">K3<`, "its own promise binds nobody")
}
