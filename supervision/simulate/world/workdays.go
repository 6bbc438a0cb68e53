package world

import (
	"embed"
	"encoding/json"
	"fmt"
	"sort"
	"time"
)

// The notices of the State Council as NateScarlet/holiday-cn publishes them
// (MIT, holidays/LICENSE.holiday-cn). This is a copy of its own on purpose: the
// ledger must not lean on the calendar that it is there to check.
//
//go:embed holidays/*.json
var holidayFiles embed.FS

// Workdays knows which days are worked, from 2007-01-01 to 2027-12-31.
type Workdays struct {
	first   int32 // day number of off[0]
	off     []bool
	holiday []bool // named in a notice and off
}

// LoadWorkdays reads every notice, then walks every day: a weekend is off, a
// weekday is worked, and what a notice says about a day wins.
func LoadWorkdays() (*Workdays, error) {
	type notice struct {
		Days []struct {
			Date     string `json:"date"`
			IsOffDay bool   `json:"isOffDay"`
		} `json:"days"`
	}
	entries, err := holidayFiles.ReadDir("holidays")
	if err != nil {
		return nil, fmt.Errorf("list the holiday notices: %w", err)
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
	said := map[string]bool{}
	for _, e := range entries {
		text, err := holidayFiles.ReadFile("holidays/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("read the holiday notice %s: %w", e.Name(), err)
		}
		var n notice
		if err := json.Unmarshal(text, &n); err != nil {
			return nil, fmt.Errorf("decode the holiday notice %s: %w", e.Name(), err)
		}
		for _, d := range n.Days {
			said[d.Date] = d.IsOffDay
		}
	}
	w := &Workdays{first: DayOf(2007, 1, 1)}
	for d := time.Date(2007, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() <= 2027; d = d.AddDate(0, 0, 1) {
		off := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
		word, named := said[d.Format(time.DateOnly)]
		if named {
			off = word
		}
		w.off = append(w.off, off)
		w.holiday = append(w.holiday, named && word)
	}
	return w, nil
}

// Working reports whether the day is worked; outside the known years Monday to
// Friday are.
func (w *Workdays) Working(day int32) bool {
	i := day - w.first
	if i < 0 || int(i) >= len(w.off) {
		weekday := (day + 4) % 7 // 1970-01-01 was a Thursday
		return weekday != 0 && weekday != 6
	}
	return !w.off[i]
}

// Add returns the n-th working day strictly after day; for n = 0 the day itself
// when it is worked, else the next one that is (domain guide 2.4, AddWD).
func (w *Workdays) Add(day, n int32) int32 {
	if n <= 0 {
		for !w.Working(day) {
			day++
		}
		return day
	}
	for n > 0 {
		day++
		if w.Working(day) {
			n--
		}
	}
	return day
}

// Count returns the number of working days x with after < x <= through
// (domain guide 2.4, CountWD); 0 when through is not after.
func (w *Workdays) Count(after, through int32) int32 {
	var n int32
	for d := after + 1; d <= through; d++ {
		if w.Working(d) {
			n++
		}
	}
	return n
}

// Back returns the working day n working days before a day; a day off counts
// as the last working day before it.
func (w *Workdays) Back(day, n int32) int32 {
	for !w.Working(day) {
		day--
	}
	for n > 0 {
		day--
		if w.Working(day) {
			n--
		}
	}
	return day
}
