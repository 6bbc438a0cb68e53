package calendar_test

import (
	"testing"
	"time"

	"duban/supervision/calendar"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// at reads a local time of Asia/Shanghai.
func at(t testing.TB, s string) int64 {
	t.Helper()
	v, err := time.Parse("2006-01-02 15:04:05.999 -07:00", s+" +08:00")
	require.NoError(t, err)
	return v.UnixMilli()
}

func TestDueMoment(t *testing.T) {
	c := load(t, calendar.DefaultVersion)
	for _, v := range []struct {
		name, start string
		limit       calendar.Limit
		extra       int32
		mode        calendar.DueMode
		want        string
	}{
		{"working days, end of day (2.4)", "2018-10-15 09:30:00", calendar.Limit{N: 7, Unit: "W"}, 0, "", "2018-10-24 23:59:59.999"},
		{"three paused days (2.4)", "2018-10-15 09:30:00", calendar.Limit{N: 10, Unit: "W"}, 3, calendar.EndOfDay, "2018-11-01 23:59:59.999"},
		{"close of business", "2018-10-15 09:30:00", calendar.Limit{N: 7, Unit: "W"}, 0, calendar.CloseOfBusiness, "2018-10-24 17:30:00"},
		{"same instant", "2018-10-15 09:30:00", calendar.Limit{N: 7, Unit: "W"}, 0, calendar.SameInstant, "2018-10-24 09:30:00"},
		{"an empty unit is working days", "2018-10-15 09:30:00", calendar.Limit{N: 7}, 0, "", "2018-10-24 23:59:59.999"},
		{"the local day decides, not the UTC day", "2018-10-15 00:30:00", calendar.Limit{N: 1}, 0, "", "2018-10-16 23:59:59.999"},
		{"calendar days ending on a Saturday stay", "2024-05-17 10:00:00", calendar.Limit{N: 8, Unit: "C"}, 0, "", "2024-05-25 23:59:59.999"},
		{"calendar days roll forward", "2024-05-17 10:00:00", calendar.Limit{N: 8, Unit: "C", RollForward: true}, 0, "",
			"2024-05-27 23:59:59.999"},
		{"calendar days roll to a make-up Saturday", "2024-05-01 10:00:00", calendar.Limit{N: 3, Unit: "C", RollForward: true}, 0, "",
			"2024-05-06 23:59:59.999"},
		{"a calendar-day limit that ends on a working weekend day", "2024-05-06 10:00:00", calendar.Limit{N: 5, Unit: "C", RollForward: true}, 0,
			"", "2024-05-11 23:59:59.999"},
		{"months clip to the end of February", "2024-01-31 10:00:00", calendar.Limit{N: 1, Unit: "M"}, 0, "", "2024-02-29 23:59:59.999"},
		{"months over the year", "2023-11-30 10:00:00", calendar.Limit{N: 3, Unit: "M"}, 0, "", "2024-02-29 23:59:59.999"},
		{"hours within a day skip the lunch break", "2024-05-15 11:00:00", calendar.Limit{N: 2, Unit: "H"}, 0, "", "2024-05-15 14:30:00"},
		{"hours that end at noon end at noon", "2024-05-15 10:00:00", calendar.Limit{N: 2, Unit: "H"}, 0, "", "2024-05-15 12:00:00"},
		{"hours over the weekend", "2024-05-17 17:00:00", calendar.Limit{N: 2, Unit: "H"}, 0, "", "2024-05-20 10:30:00"},
		{"hours from a day off", "2024-05-18 17:00:00", calendar.Limit{N: 1, Unit: "H"}, 0, "", "2024-05-20 10:00:00"},
		{"hours over several days", "2024-05-15 09:00:00", calendar.Limit{N: 15, Unit: "H"}, 0, "", "2024-05-17 10:00:00"},
		{"hours that fill days", "2024-05-15 09:00:00", calendar.Limit{N: 14, Unit: "H"}, 0, "", "2024-05-16 17:30:00"},
		{"hours after closing", "2024-05-15 18:00:00", calendar.Limit{N: 1, Unit: "H"}, 0, "", "2024-05-16 10:00:00"},
		{"immediate on a working day", "2024-05-15 09:00:00", calendar.Limit{}, 0, "", "2024-05-15 23:59:59.999"},
		{"immediate after closing", "2024-05-17 17:30:00", calendar.Limit{}, 0, "", "2024-05-20 23:59:59.999"},
		{"immediate on a Saturday", "2024-05-18 10:00:00", calendar.Limit{}, 0, "", "2024-05-20 23:59:59.999"},
		{"immediate on a make-up Saturday", "2024-05-11 10:00:00", calendar.Limit{}, 0, "", "2024-05-11 23:59:59.999"},
		{"immediate, close of business", "2024-05-15 09:00:00", calendar.Limit{}, 0, calendar.CloseOfBusiness, "2024-05-15 17:30:00"},
		{"immediate has no same instant", "2024-05-15 09:00:00", calendar.Limit{}, 0, calendar.SameInstant, "2024-05-15 23:59:59.999"},
		{"immediate with a paused day", "2024-05-15 09:00:00", calendar.Limit{}, 1, "", "2024-05-16 23:59:59.999"},
		{"calendar days with paused working days", "2024-05-17 10:00:00", calendar.Limit{N: 5, Unit: "C"}, 2, "", "2024-05-24 23:59:59.999"},
	} {
		t.Run(v.name, func(t *testing.T) {
			rule := calendar.DefaultDueRule()
			rule.Mode = v.mode
			due := c.Due(at(t, v.start), v.limit, v.extra, rule)
			assert.Equal(t, at(t, v.want), due.At, "due %s", time.UnixMilli(due.At).UTC().Add(8*time.Hour))
			assert.False(t, due.Provisional)
			assert.Equal(t, calendar.DayOf(due.At), due.Day)
		})
	}
}

func TestDueInAnUnpublishedYearIsProvisional(t *testing.T) {
	c := load(t, calendar.DefaultVersion)
	assert.True(t, c.Due(at(t, "2026-12-28 09:00:00"), calendar.Limit{N: 5}, 0, calendar.DefaultDueRule()).Provisional)
	assert.True(t, c.Due(at(t, "2027-02-15 09:00:00"), calendar.Limit{}, 0, calendar.DefaultDueRule()).Provisional, "near the Spring Festival")
	assert.False(t, c.Due(at(t, "2027-03-01 09:00:00"), calendar.Limit{}, 0, calendar.DefaultDueRule()).Provisional,
		"no notice reaches 1 March")
	assert.False(t, c.Due(at(t, "2026-11-23 09:00:00"), calendar.Limit{N: 20}, 0, calendar.DefaultDueRule()).Provisional)
}

func TestDueRuleValidate(t *testing.T) {
	require.NoError(t, calendar.DefaultDueRule().Validate())
	require.NoError(t, calendar.DueRule{}.Validate())
	require.ErrorContains(t, calendar.DueRule{Mode: "noon"}.Validate(), "noon")
	require.ErrorContains(t, calendar.DueRule{Hours: []calendar.Opening{{600, 700}, {650, 800}}}.Validate(), "ascend")
	require.ErrorContains(t, calendar.DueRule{Hours: []calendar.Opening{{600, 600}}}.Validate(), "ascend")
	require.ErrorContains(t, calendar.DueRule{Hours: []calendar.Opening{{600, 1500}}}.Validate(), "ascend")
}

func TestHallHoursAddUp(t *testing.T) {
	c := load(t, calendar.DefaultVersion)
	rule := calendar.DefaultDueRule()
	rapid.Check(t, func(t *rapid.T) {
		start := rapid.Int64Range(1.3e12, 1.7e12).Draw(t, "start")
		n := rapid.Int32Range(1, 60).Draw(t, "n")
		due := c.Due(start, calendar.Limit{N: n, Unit: calendar.HallHours}, 0, rule)
		// Count the open minutes between start and due one by one.
		open := int64(0)
		for m := start; m < due.At; m += 60_000 {
			d := calendar.DayOf(m)
			if !c.IsWorkday(d) {
				continue
			}
			clock, end := m-d.Start(), min(m+60_000, due.At)-d.Start()
			for _, o := range rule.Hours {
				from, to := max(clock, int64(o.From)*60_000), min(end, int64(o.To)*60_000)
				open += max(0, to-from)
			}
		}
		if open != int64(n)*3_600_000 {
			t.Fatalf("%d hours from %d end at %d, after %d ms of opening", n, start, due.At, open)
		}
	})
}

func TestExplainDue(t *testing.T) {
	c := load(t, calendar.DefaultVersion)
	due, days, err := c.ExplainDue(at(t, "2019-09-27 10:00:00"), calendar.Limit{N: 5, Unit: "W"}, 1, calendar.DefaultDueRule())
	require.NoError(t, err)
	assert.Equal(t, "2019-10-11", due.Day.String())
	type row struct {
		day    string
		reason calendar.Reason
		role   calendar.Role
		n      int32
	}
	var got []row
	for _, d := range days {
		got = append(got, row{d.Day.String()[5:], d.Reason, d.Role, d.N})
	}
	assert.Equal(t, []row{
		{"09-27", "workday", "start", 0}, {"09-28", "weekend", "skipped", 0}, {"09-29", "make_up_workday", "counted", 1},
		{"09-30", "workday", "counted", 2},
		{"10-01", "holiday", "skipped", 2}, {"10-02", "holiday", "skipped", 2}, {"10-03", "holiday", "skipped", 2},
		{"10-04", "holiday", "skipped", 2}, {"10-05", "holiday", "skipped", 2}, {"10-06", "holiday", "skipped", 2},
		{"10-07", "holiday", "skipped", 2}, {"10-08", "workday", "counted", 3}, {"10-09", "workday", "counted", 4},
		{"10-10", "workday", "counted", 5}, {"10-11", "workday", "added", 6},
	}, got)
	assert.Equal(t, "国庆节", days[4].Name)

	_, days, err = c.ExplainDue(at(t, "2024-05-17 10:00:00"), calendar.Limit{N: 8, Unit: "C", RollForward: true}, 0, calendar.DefaultDueRule())
	require.NoError(t, err)
	assert.Equal(t, calendar.RoleRolled, days[len(days)-1].Role)
	assert.Equal(t, int32(8), days[len(days)-1].N)
}

func TestExplainCount(t *testing.T) {
	c := load(t, calendar.DefaultVersion)
	n, days, err := c.ExplainCount(day(t, "2024-02-07"), day(t, "2024-02-20"))
	require.NoError(t, err)
	assert.Equal(t, int32(5), n, "02-08, 02-09, make-up Sunday 02-18, 02-19, 02-20")
	assert.Equal(t, calendar.RoleStart, days[0].Role)
	assert.Len(t, days, 14)
	_, _, err = c.ExplainCount(0, calendar.MaxDay)
	require.ErrorContains(t, err, "longer than")
}

func FuzzDue(f *testing.F) {
	c, err := calendar.Default()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(int64(1579572000000), int32(5), "W", int32(0), "end_of_day")
	f.Add(int64(1579572000000), int32(0), "", int32(3), "same_instant")
	f.Add(int64(-1), int32(1<<30), "H", int32(1<<30), "close_of_business")
	f.Fuzz(func(t *testing.T, start int64, n int32, unit string, extra int32, mode string) {
		if start < 0 || start > 10413705600000 {
			return
		}
		due := c.Due(start, calendar.Limit{N: n, Unit: calendar.Unit(unit)}, extra, calendar.DueRule{Mode: calendar.DueMode(mode)})
		if due.Day < calendar.DayOf(start) || due.Day > calendar.MaxDay || calendar.DayOf(due.At) != due.Day {
			t.Fatalf("due %+v of a limit from %d", due, start)
		}
		if longer := c.Due(start, calendar.Limit{N: max(n, 0)/2 + 1, Unit: calendar.Unit(unit)}, extra,
			calendar.DueRule{Mode: calendar.DueMode(mode)}); n >= 2 && longer.At > due.At {
			t.Fatalf("a shorter limit ends later: %+v %+v", longer, due)
		}
	})
}
