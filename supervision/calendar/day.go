package calendar

import (
	"fmt"
	"time"

	"duban/supervision/lawzone"
)

// Day is a local day of Asia/Shanghai as the number of days since 1970-01-01.
type Day int32

const (
	msPerMinute = 60_000
	msPerDay    = 86_400_000
)

// MaxDay is 2299-12-31, the last day that the tables can hold; day arithmetic
// stops there.
const MaxDay Day = 120529

// DayOf returns the local day of an instant (Unix milliseconds, UTC).
func DayOf(at int64) Day {
	local := at + lawzone.OffsetMillis
	d := local / msPerDay
	if local%msPerDay < 0 {
		d--
	}
	return Day(d)
}

// Start returns the first instant of the day.
func (d Day) Start() int64 { return int64(d)*msPerDay - lawzone.OffsetMillis }

// End returns the last millisecond of the day, 23:59:59.999.
func (d Day) End() int64 { return d.Start() + msPerDay - 1 }

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday {
	w := (int(d) + 4) % 7 // 1970-01-01 was a Thursday
	if w < 0 {
		w += 7
	}
	return time.Weekday(w)
}

// Date returns year, month and day of the month.
func (d Day) Date() (int, time.Month, int) {
	return time.Unix(int64(d)*86400, 0).UTC().Date()
}

// Year returns the year of the day.
func (d Day) Year() int { y, _, _ := d.Date(); return y }

// String writes the day as YYYY-MM-DD.
func (d Day) String() string {
	y, m, n := d.Date()
	return fmt.Sprintf("%04d-%02d-%02d", y, int(m), n)
}

// MakeDay returns the day of a date; like time.Date it normalises values out
// of range.
func MakeDay(year int, month time.Month, day int) Day {
	return Day(floorDiv(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix(), 86400))
}

// ParseDay reads a date written YYYY-MM-DD.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return 0, fmt.Errorf("date %q is not YYYY-MM-DD: %w", s, err)
	}
	return Day(floorDiv(t.Unix(), 86400)), nil
}

// AddMonths returns the same day of the month n months later, clipped to the
// end of a shorter month.
func (d Day) AddMonths(n int) Day {
	y, m, day := d.Date()
	if n > 12*400 {
		return MaxDay
	}
	first := time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	if day > last {
		day = last
	}
	return min(Day(floorDiv(first.Unix(), 86400))+Day(day-1), MaxDay)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
