package calendar

import (
	"fmt"
	"strings"
	"time"
)

// Hall says when the halls of a jurisdiction are open from a day on.
type Hall struct {
	// From is the first day on which it holds.
	From Day
	// Hours are the opening hours on a working day, Saturday those on a Saturday
	// that is neither a working day nor a holiday; empty: closed.
	Hours, Saturday []Opening
}

// ParseOpenings reads opening hours written 08:30-12:00.
func ParseOpenings(texts []string) ([]Opening, error) {
	out := make([]Opening, 0, len(texts))
	last := 0
	for _, text := range texts {
		from, to, ok := strings.Cut(text, "-")
		a, errA := minuteOf(from)
		b, errB := minuteOf(to)
		if !ok || errA != nil || errB != nil {
			return nil, fmt.Errorf("hall hours %q are not written 08:30-12:00", text)
		}
		if a < last || b <= a {
			return nil, fmt.Errorf("hall hours %q: hours must ascend within one day and not overlap", text)
		}
		last = b
		out = append(out, Opening{a, b})
	}
	return out, nil
}

// minuteOf reads a time of the day; 24:00 is its end.
func minuteOf(s string) (int, error) {
	if s = strings.TrimSpace(s); s == "24:00" {
		return 24 * 60, nil
	}
	t, err := time.Parse("15:04", s)
	return t.Hour()*60 + t.Minute(), err
}

// hall is the one whose hours hold on a day.
func (r DueRule) hall(d Day) Hall {
	h := Hall{Hours: r.Hours}
	if len(h.Hours) == 0 {
		h.Hours = DefaultDueRule().Hours
	}
	for i := range r.Halls {
		if r.Halls[i].From > d {
			break
		}
		h = r.Halls[i]
	}
	return h
}

// openings are the hours of a hall on a day.
func (c *Calendar) openings(r DueRule, d Day) []Opening {
	switch {
	case c.IsWorkday(d):
		return r.hall(d).Hours
	case d.Weekday() == time.Saturday && c.names[d] == "":
		return r.hall(d).Saturday
	}
	return nil
}

// maxHallDays bounds a count of hours over days that differ: twenty years.
const maxHallDays = 7320

// addHallHours is addHours for a hall whose days differ.
func (c *Calendar) addHallHours(start, open int64, rule DueRule) (Day, int64) {
	day := DayOf(start)
	clock := start - day.Start()
	for range maxHallDays {
		if day >= MaxDay {
			break
		}
		for _, o := range c.openings(rule, day) {
			from, to := max(clock, int64(o.From)*msPerMinute), int64(o.To)*msPerMinute
			if from >= to {
				continue
			}
			if open <= to-from {
				return day, from + open
			}
			open -= to - from
		}
		day, clock = day+1, 0
	}
	return MaxDay, 0
}
