package cases_test

import (
	"fmt"
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

// A limit in hours is over by minutes and hours, in the time that it is counted in.
// Halls are open 9-12 and 13:30-17:30; it is noon of Monday 15 June 2026. By hand:
// MINUTES, 2 hours from 09:10, was due at 11:10, 50 minutes of opening time ago; HOURS,
// 4 hours from Friday 09:00, was due on Friday 14:30 and finished at 17:30; WEEKEND, the
// same and open, has 3 hours of Friday and 3 of Monday. A ticket that is urgent has an
// hour to be signed for, of any time: SOON was sent at 10:10, OLD at 08:00.
func TestLimitsInHoursAreOverByMinutesAndHours(t *testing.T) {
	db := storetest.New(t)
	var facts []any
	for no, x := range map[string]struct{ day, hour, minute, limit, end int }{
		"MINUTES": {15, 9, 10, 2, 0}, "HOURS": {12, 9, 0, 4, 17}, "WEEKEND": {12, 9, 0, 4, 0},
	} {
		from := sitetest.Local(time.June, x.day, x.hour) + int64(x.minute)*60_000
		facts = append(facts, sitetest.Fact(no, 1, event.Apply, from-60_000, ""), sitetest.Fact(no, 2, event.Accept, from,
			fmt.Sprintf(`{"promise_days":%d,"promise_unit":"H","legal_days":20,"legal_unit":"W"}`, x.limit)))
		if x.end > 0 {
			facts = append(facts, sitetest.Fact(no, 3, event.Finish, sitetest.Local(time.June, x.day, x.end)+30*60_000,
				`{"result_type":"approved"}`))
		}
	}
	for no, at := range map[string]int64{"SOON": sitetest.Local(time.June, 15, 10) + 10*60_000, "OLD": sitetest.Local(time.June, 15, 8)} {
		for i, kind := range []event.TicketType{event.TReceive, event.TDispatch} {
			facts = append(facts, event.Ticket{SourceSys: "12345", TicketNo: no, EventID: fmt.Sprint(no, i), Seq: int64(i), Type: kind,
				OccurredAt: at, RegionCode: sitetest.County, OrgCode: sitetest.OrgCode, Channel: "phone", Kind: "complaint",
				Payload: `{"urgent":true}`})
		}
	}
	enginetest.Insert(t, db, facts...)
	reg, err := queries.Load()
	require.NoError(t, err)
	rules, err := rule.Load(reg, "")
	require.NoError(t, err)
	require.NoError(t, enginetest.New(t, db, func(c *engine.Config, d *engine.Deps) {
		c.Rules = rules.Only("R-DDL-03", "R-HOT-01")
		d.Now = sitetest.Now
	}).CatchUp(t.Context()))
	s := sitetest.Serve(t, db, server.Config{Listen: "127.0.0.1:0"}, nil)

	for lang, want := range map[string]map[string]string{
		"en": {"MINUTES": "50 minutes of opening time late", "HOURS": "3 opening hours late", "WEEKEND": "6 opening hours late",
			"SOON": "50 minutes late", "OLD": "3 hours late"},
		"zh-CN": {"MINUTES": "已超 50 分钟（办公时间）", "HOURS": "已超 3 小时（办公时间）", "WEEKEND": "已超 6 小时（办公时间）",
			"SOON": "已超 50 分钟", "OLD": "已超 3 小时"},
	} {
		cards := map[string]string{}
		for _, r := range s.Table("/alerts?format=csv&lang=" + lang) {
			cards[r[5]] = r[11]
		}
		require.Equal(t, want, cards)
		cases := map[string]string{}
		for _, r := range s.Table("/cases?source=hall&format=csv&lang=" + lang) {
			cases[r[0]] = r[len(r)-4]
		}
		for no, text := range want {
			_, wall, _ := s.Get("/alerts?lang=" + lang)
			require.Contains(t, wall, text)
			if no == "SOON" || no == "OLD" {
				continue
			}
			require.Equal(t, text, cases[no])
			_, body, _ := s.Get(sitetest.CasePath(no) + "?lang=" + lang)
			require.Contains(t, body, text)
			_, body, _ = s.Get("/cases?source=hall&lang=" + lang)
			require.Contains(t, body, text)
		}
	}
}
