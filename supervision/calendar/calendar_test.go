package calendar_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"duban/supervision/calendar"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func load(t testing.TB, version string) *calendar.Calendar {
	t.Helper()
	c, err := calendar.Load(version)
	require.NoError(t, err)
	return c
}

func day(t testing.TB, s string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(s)
	require.NoError(t, err)
	return d
}

// The vectors of domain guide 2.4; the two of 2020-01-21 follow from the
// notices of 2019-11-21 and of 2020-01-27.
func TestAddWDVectors(t *testing.T) {
	for _, v := range []struct {
		version, from string
		n             int32
		want          string
	}{
		{calendar.CN20260807, "2018-10-15", 7, "2018-10-24"},
		{calendar.CN20260807, "2018-10-15", 10, "2018-10-29"},
		{calendar.CN20260807, "2018-10-15", 7 + 3, "2018-10-29"},
		{calendar.CN20260807, "2018-10-15", 10 + 3, "2018-11-01"},
		{calendar.CN20260807, "2017-01-20", 5, "2017-01-26"},
		{calendar.CN20260807, "2022-12-29", 3, "2023-01-04"},
		{calendar.CN20260807, "2024-02-07", 5, "2024-02-20"},
		{calendar.CN20260807, "2019-09-27", 5, "2019-10-10"},
		{calendar.CN20260807, "2019-09-27", 20, "2019-10-30"},
		{calendar.CN20191121, "2020-01-21", 5, "2020-02-03"},
		{calendar.CN20260807, "2020-01-21", 5, "2020-02-05"},
		{calendar.CN20260807, "2025-09-27", 3, "2025-09-30"},
	} {
		c := load(t, v.version)
		assert.Equal(t, v.want, c.AddWD(day(t, v.from), v.n).String(), "%s + %d wd in %s", v.from, v.n, v.version)
	}
}

func TestAddWDZeroIsTheDayItselfOrTheNextWorkingDay(t *testing.T) {
	c := load(t, calendar.DefaultVersion)
	assert.Equal(t, "2025-09-28", c.AddWD(day(t, "2025-09-27"), 0).String(), "Saturday; Sunday works")
	assert.Equal(t, "2025-09-28", c.AddWD(day(t, "2025-09-28"), 0).String())
	assert.Equal(t, "2025-10-09", c.AddWD(day(t, "2025-10-01"), 0).String(), "National Day and Mid-Autumn")
}

// December days stand in the notice of the next year (domain guide 2.4).
func TestDecemberDaysComeFromTheNextNotice(t *testing.T) {
	c := load(t, calendar.DefaultVersion)
	for _, v := range []struct {
		day  string
		work bool
	}{
		{"2006-12-30", true}, {"2006-12-31", true}, {"2007-01-02", false},
		{"2018-12-29", true}, {"2018-12-31", false}, {"2022-12-31", false}, {"2011-12-31", true},
	} {
		assert.Equal(t, v.work, c.IsWorkday(day(t, v.day)), v.day)
	}
}

// chinese-days is kept by other people from the same notices.
func TestEveryDayAgreesWithASecondSource(t *testing.T) {
	raw, err := os.ReadFile("testdata/chinese-days.json")
	require.NoError(t, err)
	var other struct{ Holidays, Workdays []string }
	require.NoError(t, json.Unmarshal(raw, &other))
	off, on := map[string]bool{}, map[string]bool{}
	for _, d := range other.Holidays {
		off[d] = true
	}
	for _, d := range other.Workdays {
		on[d] = true
	}
	require.Len(t, off, 619)
	c := load(t, calendar.DefaultVersion)
	days := 0
	for d := day(t, "2007-01-01"); d <= day(t, "2026-12-31"); d++ {
		wd := d.Weekday()
		want := wd != time.Saturday && wd != time.Sunday
		if off[d.String()] {
			want = false
		}
		if on[d.String()] {
			want = true
		}
		require.Equal(t, want, c.IsWorkday(d), d.String())
		days++
	}
	assert.Equal(t, 7305, days)
}

// A year without a notice has the days off of the regulation (国务院令第795号,
// article 2; Spring Festival of 2027 on 6 February); what a notice cannot reach
// is certain.
func TestUnpublishedYearsHaveTheDaysOffOfTheLaw(t *testing.T) {
	c := load(t, calendar.DefaultVersion)
	for _, v := range []struct {
		day        string
		work, prov bool
	}{
		{"2027-02-15", true, true}, {"2027-02-14", false, true}, {"2027-10-01", false, false}, {"2027-10-04", true, true},
		{"2027-01-01", false, false}, {"2027-02-05", false, false}, {"2027-02-08", false, false}, {"2027-02-16", true, false},
		{"2027-05-02", false, false}, {"2027-06-09", false, false}, {"2027-07-15", true, false}, {"2027-07-17", false, false},
		{"2026-12-29", true, false}, {"2026-12-26", false, true},
		{"2026-10-08", true, false}, {"2026-12-24", true, false},
		{"2026-12-31", true, true}, // the notice of 2027 may still move it
		{"2005-10-03", true, true}, {"2025-12-31", true, false},
		{"2180-01-06", true, true}, {"1990-01-06", false, true},
	} {
		d := day(t, v.day)
		assert.Equal(t, v.work, c.IsWorkday(d), "workday %s", v.day)
		assert.Equal(t, v.prov, c.Provisional(d), "provisional %s", v.day)
	}
	assert.False(t, c.ProvisionalSpan(day(t, "2026-11-02"), day(t, "2026-12-24")))
	assert.True(t, c.ProvisionalSpan(day(t, "2026-12-24"), day(t, "2027-01-04")))
	assert.False(t, c.ProvisionalSpan(day(t, "2027-01-04"), day(t, "2027-01-04")), "no day in the span")
	old := load(t, calendar.CN20191121)
	assert.True(t, old.Provisional(day(t, "2021-02-18")))
	assert.False(t, old.Provisional(day(t, "2021-03-01")), "no notice of 2021 reaches 1 March")
	assert.False(t, old.Provisional(day(t, "2020-06-01")))
}

func TestListingIsTheCalendar(t *testing.T) {
	c := load(t, calendar.DefaultVersion)
	first, last := c.Range()
	n, sum := 0, int32(0)
	for info := range c.Days() {
		require.Equal(t, first+calendar.Day(n), info.Day)
		if info.Workday {
			sum++
		}
		require.Equal(t, sum, info.Index)
		n++
	}
	assert.Equal(t, int(last-first)+1, n)
	assert.Equal(t, "春节", c.Info(day(t, "2024-02-10")).Name)
	// 2024 had 251 working days: 366 days, 104 of them on weekends, 19 weekdays
	// off and 8 weekend days on after 国办发明电〔2023〕7号 (366-104-19+8).
	assert.Equal(t, int32(251), c.CountWD(day(t, "2023-12-31"), day(t, "2024-12-31")))
}

func TestDayConversionIsTheZoneOfLaw(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.Int64Range(946684800000, 10413705600000).Draw(t, "at") // 2000 to 2299
		d := calendar.DayOf(at)
		local := time.UnixMilli(at).In(zone)
		if d.String() != local.Format("2006-01-02") || d.Weekday() != local.Weekday() {
			t.Fatalf("%d is %s, not %s", at, local, d)
		}
		if at < d.Start() || at > d.End() || d.End()-d.Start() != 86_399_999 {
			t.Fatalf("%d is not within %d and %d", at, d.Start(), d.End())
		}
	})
	assert.Equal(t, "2299-12-31", calendar.MaxDay.String())
}

func TestAddAndCountAreInverse(t *testing.T) {
	c := load(t, calendar.DefaultVersion)
	anyDay := rapid.Int32Range(3000, 60000) // 1978 to 2134: beyond both ends of the tables
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.Day(anyDay.Draw(t, "d"))
		e := calendar.Day(anyDay.Draw(t, "e"))
		n := rapid.Int32Range(1, 3000).Draw(t, "n")
		x := c.AddWD(d, n)
		if !c.IsWorkday(x) || x <= d || c.CountWD(d, x) != n {
			t.Fatalf("AddWD(%s, %d) = %s, which counts %d", d, n, x, c.CountWD(d, x))
		}
		if c.AddWD(c.AddWD(d, n), n) != c.AddWD(d, 2*n) {
			t.Fatalf("adding %d twice to %s is not adding %d", n, d, 2*n)
		}
		if c.AddWD(d+1, n) < x {
			t.Fatalf("AddWD is not monotonic at %s", d)
		}
		if back := c.AddWD(x, -n); c.CountWD(back, x) != n || !c.IsWorkday(back) {
			t.Fatalf("AddWD(%s, -%d) = %s", x, n, back)
		}
		if e > d {
			k := c.CountWD(d, e)
			if k > 0 && c.AddWD(d, k) > e || c.AddWD(d, k+1) <= e {
				t.Fatalf("CountWD(%s, %s) = %d does not fit AddWD", d, e, k)
			}
		} else if c.CountWD(d, e) != 0 {
			t.Fatalf("CountWD(%s, %s) is not 0", d, e)
		}
	})
}

func TestCountIsTheNumberOfWorkdays(t *testing.T) {
	c := load(t, calendar.DefaultVersion)
	rapid.Check(t, func(t *rapid.T) {
		a := calendar.Day(rapid.Int32Range(11000, 25000).Draw(t, "a"))
		b := a + calendar.Day(rapid.Int32Range(0, 900).Draw(t, "len"))
		var n int32
		var prov bool
		for d := a + 1; d <= b; d++ {
			if c.IsWorkday(d) {
				n++
			}
			prov = prov || c.Provisional(d)
		}
		if got := c.CountWD(a, b); got != n {
			t.Fatalf("CountWD(%s, %s) = %d, counted %d", a, b, got, n)
		}
		if got := c.ProvisionalSpan(a, b); got != prov {
			t.Fatalf("ProvisionalSpan(%s, %s) = %t", a, b, got)
		}
	})
}

func TestArithmeticStopsAtTheLastDayOfTheTables(t *testing.T) {
	c := load(t, calendar.DefaultVersion)
	assert.Equal(t, calendar.MaxDay, c.AddWD(day(t, "2026-01-01"), 1<<31-1))
	assert.Equal(t, calendar.MaxDay, c.Due(0, calendar.Limit{N: 1<<31 - 1, Unit: calendar.CalendarDays}, 9, calendar.DefaultDueRule()).Day)
	assert.Equal(t, calendar.MaxDay, c.Due(0, calendar.Limit{N: 1<<31 - 1, Unit: calendar.Months, RollForward: true}, 0,
		calendar.DefaultDueRule()).Day)
	assert.Equal(t, calendar.MaxDay, c.Due(0, calendar.Limit{N: 1<<31 - 1, Unit: calendar.HallHours}, 0, calendar.DefaultDueRule()).Day)
}

func TestNewRefusesWhatIsNotACalendar(t *testing.T) {
	_, err := calendar.New("", nil)
	require.ErrorContains(t, err, "no name")
	_, err = calendar.New("x", []calendar.Notice{{Year: 2027}})
	require.ErrorContains(t, err, "no notice names a day")
	n := calendar.Notice{Year: 2027, Days: []calendar.NoticeDay{{Day: day(t, "2027-01-01"), Off: true}}}
	_, err = calendar.New("x", []calendar.Notice{n, n})
	require.ErrorContains(t, err, "two notices of 2027")
	_, err = calendar.Load("cn-1999")
	require.ErrorContains(t, err, "no such version")
	c, err := calendar.LoadDir("own", os.DirFS("data"))
	require.ErrorContains(t, err, "two notices of 2020", "the folder holds both readings of 2020")
	assert.Nil(t, c)
}

func TestALaterNoticeMakesItsYearFinal(t *testing.T) {
	c, err := calendar.New("own", []calendar.Notice{
		{Year: 2026, Days: []calendar.NoticeDay{{Day: day(t, "2026-01-01"), Name: "元旦", Off: true}}},
		{Year: 2027, Days: []calendar.NoticeDay{{Day: day(t, "2026-12-31"), Name: "元旦", Off: true}}},
	})
	require.NoError(t, err)
	assert.False(t, c.IsWorkday(day(t, "2026-12-31")))
	assert.False(t, c.Provisional(day(t, "2026-12-30")))
	assert.False(t, c.Provisional(day(t, "2027-12-24")))
	assert.True(t, c.Provisional(day(t, "2027-12-25")))
}

func FuzzParseNotice(f *testing.F) {
	raw, err := os.ReadFile("data/2020.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"year":2027,"days":[]}`))
	f.Add([]byte(`{"year":2027,"days":[{"name":"x","date":"2027-13-01","isOffDay":true}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := calendar.ParseNotice(data)
		if err != nil || len(n.Days) == 0 {
			return
		}
		c, err := calendar.New("fuzz", []calendar.Notice{n})
		if err != nil {
			t.Fatalf("a notice that was read does not make a calendar: %v", err)
		}
		for _, d := range n.Days {
			if c.Provisional(d.Day) {
				t.Fatalf("%s is named by the notice and provisional", d.Day)
			}
		}
	})
}
