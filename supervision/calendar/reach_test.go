package calendar_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"duban/supervision/calendar"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// noticeOf reads the ordinary notice of a year: of 2020 the first one, and of
// 2015 without the parade of 3 September, which was ordered once.
func noticeOf(t testing.TB, year int) calendar.Notice {
	t.Helper()
	name := fmt.Sprintf("data/%d.json", year)
	if year == 2020 {
		name = "data/2020-first-notice.json"
	}
	raw, err := os.ReadFile(name)
	require.NoError(t, err)
	n, err := calendar.ParseNotice(raw)
	require.NoError(t, err)
	kept := n.Days[:0:0]
	for _, d := range n.Days {
		if !strings.HasPrefix(d.Name, "抗日战争") {
			kept = append(kept, d)
		}
	}
	n.Days = kept
	return n
}

// beforeAndAfter builds what was known before the notice of a year and with it.
func beforeAndAfter(t testing.TB, year int) (before, after *calendar.Calendar) {
	t.Helper()
	var notices []calendar.Notice
	for y := 2007; y < year; y++ {
		notices = append(notices, noticeOf(t, y))
	}
	before, err := calendar.New("before", notices)
	require.NoError(t, err)
	after, err = calendar.New("after", append(notices, noticeOf(t, year)))
	require.NoError(t, err)
	return before, after
}

// The days off by law of every year are days off in its notice: the regulation
// and the lunar dates against the notices of nineteen years.
func TestTheLawsDaysAreOffInEveryNotice(t *testing.T) {
	c := load(t, calendar.DefaultVersion)
	for year := 2008; year <= 2026; year++ {
		holidays, ok := calendar.LawHolidays(year)
		require.True(t, ok)
		n := 0
		for _, h := range holidays {
			for d := h.First; d <= h.Last; d++ {
				assert.False(t, c.IsWorkday(d), "%s %s", h.Name, d)
				n++
			}
		}
		// 11 days of 2008 and 2014, 13 since 2025 (article 2 of the editions).
		want := 11
		if year >= 2025 {
			want = 13
		}
		assert.Equal(t, want, n, year)
	}
	_, ok := calendar.LawHolidays(1999)
	assert.False(t, ok)
	for year := 2000; year <= 2060; year++ {
		_, ok := calendar.LawHolidays(year)
		assert.True(t, ok, year)
	}
}

// No notice since 2008 changed a day that was taken as certain before it.
func TestEveryNoticeStaysWithinItsReach(t *testing.T) {
	for year := 2008; year <= 2026; year++ {
		before, after := beforeAndAfter(t, year)
		changed := 0
		for d := calendar.MakeDay(year-1, 12, 1); d <= calendar.MakeDay(year, 12, 20); d++ {
			if before.IsWorkday(d) != after.IsWorkday(d) {
				changed++
				assert.True(t, before.Provisional(d), "%s was certain before the notice of %d", d, year)
			}
		}
		assert.Positive(t, changed, year)
	}
}

// A count that was begun before the notice never ends later than Latest said,
// and what was not provisional does not move.
func TestLatestBoundsEveryNotice(t *testing.T) {
	type pair struct{ before, after *calendar.Calendar }
	years := map[int]pair{}
	for year := 2008; year <= 2026; year++ {
		b, a := beforeAndAfter(t, year)
		years[year] = pair{b, a}
	}
	rapid.Check(t, func(t *rapid.T) {
		year := rapid.IntRange(2008, 2026).Draw(t, "year")
		p := years[year]
		a := calendar.MakeDay(year-1, 11, 1) + calendar.Day(rapid.IntRange(0, 400).Draw(t, "start"))
		n := rapid.Int32Range(1, 60).Draw(t, "days")
		due := p.before.AddWD(a, n)
		latest, real := p.before.Latest(a, due), p.after.AddWD(a, n)
		if real > calendar.MakeDay(year, 12, 20) {
			return // moved by the notice after this one
		}
		if real > latest {
			t.Fatalf("notice of %d: %s + %d working days is %s, at most %s was said", year, a, n, real, latest)
		}
		if !p.before.ProvisionalSpan(a, due) && (real != due || latest != due) {
			t.Fatalf("notice of %d: %s + %d moved from %s to %s (latest %s) and was not provisional", year, a, n, due, real, latest)
		}
	})
}

// By hand, 1 January 2027 is a Friday (国务院令第795号, article 2: off). A notice
// may turn off two working days before it, 30 and 31 December, and two after
// it, 4 and 5 January.
func TestTheEndOf2026WithoutTheNoticeOf2027(t *testing.T) {
	c := load(t, calendar.DefaultVersion)
	assert.False(t, c.IsWorkday(day(t, "2027-01-01")))
	assert.False(t, c.Provisional(day(t, "2027-01-01")))
	for _, v := range []struct {
		from         string
		n            int32
		due, latest  string
		mayStillMove bool
	}{
		{"2026-12-18", 5, "2026-12-25", "2026-12-25", false}, // 21 to 25 December
		{"2026-12-21", 5, "2026-12-28", "2026-12-28", true},  // Saturday 26 may be made to work: then 26
		{"2026-12-28", 1, "2026-12-29", "2026-12-29", false},
		{"2026-12-29", 1, "2026-12-30", "2027-01-06", true},
		{"2026-12-29", 5, "2027-01-06", "2027-01-12", true}, // 30, 31, 4, 5, 6; else 6, 7, 8, 11, 12
		{"2027-01-05", 3, "2027-01-08", "2027-01-08", false},
	} {
		due := c.AddWD(day(t, v.from), v.n)
		assert.Equal(t, v.due, due.String(), "%s + %d", v.from, v.n)
		assert.Equal(t, v.latest, c.Latest(day(t, v.from), due).String(), "latest of %s + %d", v.from, v.n)
		assert.Equal(t, v.mayStillMove, c.ProvisionalSpan(day(t, v.from), due), "%s + %d", v.from, v.n)
	}
	assert.Equal(t, calendar.MaxDay, c.Latest(day(t, "2035-12-03"), c.AddWD(day(t, "2035-12-03"), 400)), "beyond the tables")
}
