package calendar

import (
	"errors"
	"fmt"
	"sort"
)

// Calendar is one version of the legal calendar.
type Calendar struct {
	version string
	// first is the day of index 0 of the tables; days outside them are Monday
	// to Friday and provisional.
	first, last Day
	// through[i] counts the working days from first through first+i.
	through []int32
	// provisional[i] counts the provisional days from first through first+i.
	provisional []int32
	// workday[k] is the (k+1)-th working day of the tables.
	workday []Day
	// sure[i] counts the days from first through first+i that are working days
	// whatever a notice still to come says; sureDay[k] is the (k+1)-th of them.
	sure    []int32
	sureDay []Day
	// names are the holiday names of listed days, notices what the version holds.
	names   map[Day]string
	notices []Notice
}

// margin is how many years of Monday to Friday the tables hold on both sides
// of the published years, so that lookups near the edges stay O(1) reads.
const margin = 3

// horizon is the last year that the tables of every version reach at least, so
// that a version with the notice of another year differs from the one before in
// what the notice says and not in where its tables end.
const horizon = 2035

// New builds a calendar from notices. All of them are read before any day is
// judged; where two name the same day the later year decides. A year without
// days is not published: after the first published year it has the days off
// of the regulation (LawHolidays) and else Monday to Friday, and the days that
// a notice may still change are provisional. It is an error when no notice
// names a day.
func New(version string, notices []Notice) (*Calendar, error) {
	if version == "" {
		return nil, errors.New("build calendar: the version has no name")
	}
	sorted := append([]Notice(nil), notices...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].Year < sorted[j].Year })
	published := map[int]bool{}
	off := map[Day]bool{}
	names := map[Day]string{}
	for i, n := range sorted {
		if i > 0 && n.Year == sorted[i-1].Year {
			return nil, fmt.Errorf("build calendar %s: two notices of %d", version, n.Year)
		}
		if len(n.Days) == 0 {
			continue
		}
		published[n.Year] = true
		for _, d := range n.Days {
			off[d.Day] = d.Off
			names[d.Day] = d.Name
		}
	}
	if len(published) == 0 {
		return nil, fmt.Errorf("build calendar %s: no notice names a day", version)
	}
	years := make([]int, 0, len(published))
	for y := range published {
		years = append(years, y)
	}
	sort.Ints(years)
	c := &Calendar{
		version: version,
		first:   MakeDay(years[0]-margin, 1, 1),
		last:    MakeDay(max(years[len(years)-1]+margin, horizon), 12, 31),
		names:   names,
		notices: sorted,
	}
	c.fill(off, c.pending(published, years[0], off))
	return c, nil
}

// pending adds the days off of the regulation to years without a notice, and
// returns which days their notices may still change. A year for which nothing
// is known here is open as a whole.
func (c *Calendar) pending(published map[int]bool, firstYear int, off map[Day]bool) openDays {
	open := newOpenDays()
	for y := c.first.Year(); y <= c.last.Year()+1; y++ {
		if published[y] {
			continue
		}
		holidays, known := LawHolidays(y)
		if y < firstYear || !known {
			for d := MakeDay(y, 1, 1); d <= MakeDay(y, 12, 31); d++ {
				open.off[d], open.work[d] = isMondayToFriday(d), !isMondayToFriday(d)
			}
			continue
		}
		open.add(holidays)
		for _, h := range holidays {
			for d := h.First; d <= h.Last; d++ {
				if _, listed := off[d]; !listed {
					off[d], c.names[d] = true, string(h.Name)
				}
			}
		}
	}
	return open
}

// fill writes the tables. Days that a notice lists are decided, whatever is open.
func (c *Calendar) fill(off map[Day]bool, open openDays) {
	n := int(c.last-c.first) + 1
	c.through, c.sure, c.provisional = make([]int32, n), make([]int32, n), make([]int32, n)
	var work, sure, prov int32
	for i := range n {
		d := c.first + Day(i)
		listed, known := off[d]
		if !known && (open.off[d] || open.work[d]) {
			prov++
		}
		if (known && !listed) || (!known && isMondayToFriday(d)) {
			work++
			c.workday = append(c.workday, d)
			if known || !open.off[d] {
				sure++
				c.sureDay = append(c.sureDay, d)
			}
		}
		c.through[i], c.sure[i], c.provisional[i] = work, sure, prov
	}
}

// Version returns the name of the version.
func (c *Calendar) Version() string { return c.version }

// Range returns the first and the last day of Days.
func (c *Calendar) Range() (first, last Day) { return c.first, c.last }

// Name returns the holiday name under which a notice lists the day, also for
// make-up working days; empty when none does.
func (c *Calendar) Name(d Day) string { return c.names[d] }

// IsWorkday reports whether d is a working day.
func (c *Calendar) IsWorkday(d Day) bool { return c.index(d) != c.index(d-1) }

// Provisional reports whether a notice that the version does not hold may still
// change day d.
func (c *Calendar) Provisional(d Day) bool { return c.ProvisionalSpan(d-1, d) }

// Latest returns the last day to which a notice still to come may move the
// working day b of a count that began after day a: it is b itself when no day
// x with a < x <= b that works can be turned off, else the first day by which as
// many days that work in any case have passed as working days by b. MaxDay when
// the tables end before.
//
// Days that a notice may turn off shorten the count, make-up days lengthen it,
// so that any notice within reachOf moves b at most this far.
func (c *Calendar) Latest(a, b Day) Day {
	n := c.CountWD(a, b)
	if n <= 0 {
		return b
	}
	if a+1 < c.first || b > c.last {
		return MaxDay
	}
	k := n
	if a >= c.first {
		k += c.sure[a-c.first]
	}
	if int(k) > len(c.sureDay) {
		return MaxDay
	}
	return max(b, c.sureDay[k-1])
}

// ProvisionalSpan reports whether any day x with a < x <= b is provisional.
func (c *Calendar) ProvisionalSpan(a, b Day) bool {
	if b <= a {
		return false
	}
	if a+1 < c.first || b > c.last {
		return true
	}
	n := c.provisional[b-c.first]
	if a >= c.first {
		n -= c.provisional[a-c.first]
	}
	return n > 0
}

// CountWD returns the number of working days x with a < x <= b; 0 when b <= a.
func (c *Calendar) CountWD(a, b Day) int32 {
	if b <= a {
		return 0
	}
	return int32(c.index(b) - c.index(a))
}

// AddWD returns the n-th working day strictly after d; for n = 0 d itself when
// it is a working day, else the next one; for n < 0 the |n|-th working day
// strictly before d. The result is at most MaxDay.
func (c *Calendar) AddWD(d Day, n int32) Day {
	if d >= MaxDay {
		return MaxDay
	}
	switch {
	case n > 0:
		return min(c.nth(c.index(d)+int64(n)), MaxDay)
	case n == 0:
		if c.IsWorkday(d) {
			return d
		}
		return min(c.nth(c.index(d)+1), MaxDay)
	default:
		return c.nth(c.index(d-1) + int64(n) + 1)
	}
}

// index returns the number of working days from the first day of the tables
// through d, negative or zero before it.
func (c *Calendar) index(d Day) int64 {
	switch {
	case d < c.first:
		return mondayToFriday(d) - mondayToFriday(c.first-1)
	case d > c.last:
		return int64(c.through[len(c.through)-1]) + mondayToFriday(d) - mondayToFriday(c.last)
	default:
		return int64(c.through[d-c.first])
	}
}

// nth returns the day whose index is k and that is a working day.
func (c *Calendar) nth(k int64) Day {
	n := int64(len(c.workday))
	switch {
	case k <= 0:
		return nthMondayToFriday(mondayToFriday(c.first-1) + k)
	case k > n:
		return nthMondayToFriday(mondayToFriday(c.last) + k - n)
	default:
		return c.workday[k-1]
	}
}

func isMondayToFriday(d Day) bool { w := d.Weekday(); return w >= 1 && w <= 5 }

// mondayToFriday counts the days from Monday to Friday from Monday 1969-12-29
// through d; 0 and below before it.
func mondayToFriday(d Day) int64 {
	x := int64(d) + 3 // Monday 1969-12-29 is 0
	week := floorDiv(x, 7)
	return week*5 + min(x-week*7+1, 5)
}

// nthMondayToFriday is the inverse of mondayToFriday on working days.
func nthMondayToFriday(k int64) Day {
	week := floorDiv(k-1, 5)
	d := week*7 + (k - 1 - week*5) - 3
	return Day(min(d, int64(MaxDay)))
}
