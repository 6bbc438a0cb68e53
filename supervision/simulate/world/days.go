package world

import (
	"time"

	"duban/supervision/lawzone"
)

// Forever is later than every instant that is judged.
const Forever = int64(1) << 62

// MonthOf returns the first day of the month of a day.
func MonthOf(day int32) int32 {
	d := Date(day)
	return DayOf(d.Year(), int(d.Month()), 1)
}

// NextMonth returns the first day of the month after the one that begins on a day.
func NextMonth(first int32) int32 {
	d := Date(first)
	return DayOf(d.Year(), int(d.Month())+1, 1)
}

// DayMillis is how long a day is; no day of Asia/Shanghai is longer or shorter.
const DayMillis = 24 * 60 * 60 * 1000

// DayOf returns the day number of a calendar date.
func DayOf(year, month, day int) int32 {
	return int32(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// LocalDay returns the day in Asia/Shanghai on which an instant falls.
func LocalDay(at int64) int32 { return int32((at + lawzone.OffsetMillis) / DayMillis) }

// StartOf returns the first instant of a local day.
func StartOf(day int32) int64 { return int64(day)*DayMillis - lawzone.OffsetMillis }

// EndOf returns the due moment of a local day: 23:59:59.999.
func EndOf(day int32) int64 { return StartOf(day+1) - 1 }

// Date returns the calendar date of a day number.
func Date(day int32) time.Time { return time.Unix(int64(day)*24*60*60, 0).UTC() }
