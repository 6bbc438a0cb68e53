package figures_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/directory"
	"duban/dashboards/server"
	"duban/dashboards/sitetest"
	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/engine/enginetest"
)

// An organisation is called as it was called at the asked instant; what merged
// stands below its successor from the first day that it is no more.
func TestOrganisationsAreNamedAndPlacedAsOfTheAskedInstant(t *testing.T) {
	db := storetest.New(t)
	day := func(m time.Month, d int) int32 { return int32(calendar.MakeDay(2026, m, d)) }
	org := func(code, id, name, payload string, from, to int32) event.Organisation {
		return event.Organisation{SourceSys: "dir", EventID: id, OrgCode: code, Name: name, ParentCode: "TOP", RegionCode: sitetest.County,
			ValidFrom: from, ValidTo: to, Payload: payload}
	}
	enginetest.Insert(t, db,
		org("REN", "r1", "审批局", "", day(1, 1), day(3, 1)), org("REN", "r2", "数据局", "", day(3, 1), 0),
		org("OLD", "m1", "规划局", "", day(1, 1), 0), org("OLD", "m2", "规划局", `{"successor_code":"NEW"}`, day(4, 1), day(5, 1)),
		org("NEW", "n1", "自然资源局", "", day(4, 1), 0))
	enginetest.Fold(t, db)
	s := sitetest.Serve(t, db, server.Config{Listen: "127.0.0.1:0"}, nil)
	for at, want := range map[string][2]string{
		"2026-02-28T23:59:59": {"审批局", "数据局"}, "2026-03-01T00:00:00": {"数据局", "审批局"}, "2025-12-31T00:00:00": {"审批局", "数据局"},
	} {
		_, body, _ := s.Get("/orgs/REN?as_of=" + at)
		require.Contains(t, body, want[0], at)
		require.NotContains(t, body, want[1], at)
	}

	reg, err := queries.Load()
	require.NoError(t, err)
	for _, v := range []struct {
		now  time.Time
		want []string
	}{
		{time.Date(2026, 4, 30, 12, 0, 0, 0, time.UTC), []string{"NEW"}},
		{time.Date(2026, 4, 30, 16, 0, 0, 0, time.UTC), []string{"NEW", "OLD"}}, // 1 May, 00:00 in Shanghai
	} {
		below, err := directory.New(reg.On(db.Conn()), func() time.Time { return v.now }).Below(t.Context(), "NEW")
		require.NoError(t, err)
		require.Equal(t, v.want, below, v.now)
	}
}
