package calendar_test

import (
	"testing"
	"time"

	"duban/supervision/calendar"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func openings(t testing.TB, texts ...string) []calendar.Opening {
	t.Helper()
	o, err := calendar.ParseOpenings(texts)
	require.NoError(t, err)
	return o
}

// By hand. Until the end of 2025 the hall is open as everywhere (09:00 to 12:00,
// 13:30 to 17:30); from 2026-01-01 it opens 08:30 to 12:00 and 14:00 to 17:00,
// and on Saturdays 09:00 to 11:00. 2026-05-09 is a make-up working Saturday,
// 2026-05-02 a holiday, 2026-05-16 an ordinary Saturday.
func TestHoursOfAJurisdiction(t *testing.T) {
	c := load(t, calendar.DefaultVersion)
	rule := calendar.DefaultDueRule()
	rule.Halls = []calendar.Hall{{From: day(t, "2026-01-01"), Hours: openings(t, "08:30-12:00", "14:00-17:00"),
		Saturday: openings(t, "09:00-11:00")}}
	for _, v := range []struct {
		name, from string
		n          int32
		want       string
	}{
		{"the lunch of this hall", "2026-05-13 11:00:00", 2, "2026-05-13 15:00:00"},
		{"over night from Friday to Saturday", "2026-05-15 16:00:00", 2, "2026-05-16 10:00:00"},
		{"beyond a Saturday that is open for two hours", "2026-05-15 16:30:00", 3, "2026-05-18 09:00:00"},
		{"a make-up Saturday has the hours of a working day", "2026-05-09 08:00:00", 6, "2026-05-09 16:30:00"},
		{"no hour on a Saturday within a holiday", "2026-04-30 16:00:00", 2, "2026-05-06 09:30:00"},
		{"before these hours came into force", "2025-12-30 11:00:00", 2, "2025-12-30 14:30:00"},
		{"from the old hours into the new ones", "2025-12-31 16:30:00", 2, "2026-01-04 09:30:00"},
	} {
		due := c.Due(at(t, v.from), calendar.Limit{N: v.n, Unit: calendar.HallHours}, 0, rule)
		assert.Equal(t, at(t, v.want), due.At, v.name)
	}
	// Immediate items: the hall closes at 17:00.
	assert.Equal(t, "2026-05-13", c.Due(at(t, "2026-05-13 16:59:59"), calendar.Limit{}, 0, rule).Day.String())
	assert.Equal(t, "2026-05-14", c.Due(at(t, "2026-05-13 17:00:00"), calendar.Limit{}, 0, rule).Day.String())
	assert.Equal(t, "2026-05-18", c.Due(at(t, "2026-05-16 09:30:00"), calendar.Limit{}, 0, rule).Day.String(),
		"an open Saturday is no working day (domain guide 2.4)")
	rule.Mode = calendar.CloseOfBusiness
	assert.Equal(t, at(t, "2026-05-15 17:00:00"), c.Due(at(t, "2026-05-13 10:00:00"), calendar.Limit{N: 2}, 0, rule).At)
	assert.Equal(t, at(t, "2025-12-31 17:30:00"), c.Due(at(t, "2025-12-29 10:00:00"), calendar.Limit{N: 2}, 0, rule).At)
}

// Hours that are the same on all days give the same moments both ways.
func TestHallHoursCountedDayByDayAreTheSame(t *testing.T) {
	c := load(t, calendar.DefaultVersion)
	plain := calendar.DefaultDueRule()
	byDay := plain
	byDay.Halls = []calendar.Hall{{From: 0, Hours: plain.Hours}}
	for i := range int64(2000) {
		start := at(t, "2026-01-28 08:00:00") + i*997*60_000
		n := int32(i%50) + 1
		require.Equal(t, c.Due(start, calendar.Limit{N: n, Unit: calendar.HallHours}, 0, plain),
			c.Due(start, calendar.Limit{N: n, Unit: calendar.HallHours}, 0, byDay), "%d + %d hours", start, n)
	}
}

func TestHallHoursAreWrittenAsTimes(t *testing.T) {
	for _, bad := range []string{"9-12", "09:00", "09:00-08:00", "09:00-25:00", ""} {
		_, err := calendar.ParseOpenings([]string{bad})
		require.Error(t, err, bad)
	}
	_, err := calendar.ParseOpenings([]string{"09:00-12:00", "11:00-17:00"})
	require.ErrorContains(t, err, "ascend")
	assert.Equal(t, []calendar.Opening{{From: 540, To: 1440}}, openings(t, "09:00-24:00"))
	require.Error(t, calendar.DueRule{Halls: []calendar.Hall{{From: 1}}}.Validate())
	require.Error(t,
		calendar.DueRule{Halls: []calendar.Hall{{From: 2, Hours: []calendar.Opening{{1, 2}}},
			{From: 1, Hours: []calendar.Opening{{1, 2}}}}}.Validate())
}

// The default hall is open 9-12 and 13:30-17:30 on working days; Friday 12 June 2026 and
// Monday the 15th are such, the days between are off.
func TestOpenTimeIsThatOfTheHall(t *testing.T) {
	c, err := calendar.Default()
	require.NoError(t, err)
	at := func(day, hour, minute int) int64 {
		return calendar.MakeDay(2026, time.June, day).Start() + int64(hour*60+minute)*60_000
	}
	for want, span := range map[int64][2]int64{
		50:  {at(15, 11, 10), at(15, 12, 0)},
		360: {at(12, 14, 30), at(15, 12, 0)},
		0:   {at(12, 17, 30), at(15, 9, 0)},
		420: {at(15, 0, 0), at(16, 0, 0)},
	} {
		require.Equal(t, want*60_000, c.OpenTime(span[0], span[1], calendar.DefaultDueRule()))
	}
	require.Zero(t, c.OpenTime(at(15, 12, 0), at(15, 11, 0), calendar.DueRule{}))
}
