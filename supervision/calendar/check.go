package calendar

import "fmt"

// Problem is what is wrong, or unusual, in a notice that somebody wrote.
type Problem struct {
	// Line is where, from 1; 0 when it is about the file as a whole.
	Line int
	// Code names the kind of problem, Value what was written, Text says it in
	// words.
	Code, Value, Text string
}

// String writes the problem with its line.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.Text
	}
	return fmt.Sprintf("line %d: %s", p.Line, p.Text)
}

// tailFrom is the first day of December that the notice of the next year may
// decide: the notices of 2007, 2012, 2019 and 2023 reached back to the 29th.
const tailFrom = 20

// Check holds a notice against the law and against the notices of this
// version. Problems make it impossible: it is not to be used. Remarks are
// unusual and need a look.
func (c *Calendar) Check(n Notice) (problems, remarks []Problem) {
	bad := func(line int, code string, d Day, format string, args ...any) {
		problems = append(problems, Problem{Line: line, Code: code, Value: d.String(), Text: fmt.Sprintf(format, args...)})
	}
	if len(n.Days) == 0 {
		return []Problem{{Code: "empty", Text: "the notice names no day"}}, nil
	}
	holidays, known := LawHolidays(n.Year)
	regulation, _ := RegulationOf(n.Year)
	open := newOpenDays()
	open.add(holidays)
	if next, ok := LawHolidays(n.Year + 1); ok {
		open.add(next)
	}
	first := map[Day]NoticeDay{}
	for _, d := range n.Days {
		if before, twice := first[d.Day]; twice {
			bad(d.Line, "twice", d.Day, "%s stands twice; it was named in line %d already", d.Day, before.Line)
			continue
		}
		first[d.Day] = d
		year, month, dom := d.Day.Date()
		if year != n.Year && (year != n.Year-1 || month != 12 || dom < tailFrom) {
			bad(d.Line, "other_year", d.Day, "%s does not belong to the notice of %d, which decides that year and the end of December before it",
				d.Day, n.Year)
			continue
		}
		if !d.Off && isMondayToFriday(d.Day) {
			bad(d.Line, "make_up_weekday", d.Day, "%s is a %s: only a Saturday or Sunday can be a make-up working day", d.Day, d.Day.Weekday())
		}
		if other, says := c.listedElsewhere(d.Day, n.Year); says && other.Off != d.Off {
			bad(d.Line, "overlap", d.Day, "%s: the notice of another year says the opposite of this day (%s)", d.Day, other.Name)
		}
		if known && d.Off && isMondayToFriday(d.Day) && !open.off[d.Day] && !lawful(holidays, d.Day) {
			remarks = append(remarks, Problem{d.Line, "far_off", d.Day.String(), fmt.Sprintf("%s is off although no holiday is near", d.Day)})
		}
		if known && !d.Off && !open.work[d.Day] && !lawful(holidays, d.Day) && !isMondayToFriday(d.Day) {
			remarks = append(remarks, Problem{d.Line, "far_make_up", d.Day.String(), fmt.Sprintf("%s is a make-up working day although no "+
				"holiday is near", d.Day)})
		}
	}
	for _, h := range holidays {
		for d := h.First; d <= h.Last; d++ {
			switch listed, ok := first[d]; {
			case ok && !listed.Off:
				bad(listed.Line, "law_day", d, "%s is off by law (%s, %s article 2) and cannot be a working day", d, h.Name, regulation.Document)
			case !ok && isMondayToFriday(d):
				bad(0, "law_day", d, "%s is off by law (%s, %s article 2) and the notice does not name it", d, h.Name, regulation.Document)
			}
		}
	}
	if !known {
		remarks = append(remarks, Problem{Code: "no_law", Value: fmt.Sprint(n.Year),
			Text: fmt.Sprintf("the lunar holidays of %d are not known here: only the form of the notice was checked", n.Year)})
	}
	return problems, remarks
}

// lawful reports whether one of the holidays gives the day off by itself.
func lawful(holidays []LawHoliday, d Day) bool {
	for _, h := range holidays {
		if d >= h.First && d <= h.Last {
			return true
		}
	}
	return false
}

// listedElsewhere finds a day in the notices of other years.
func (c *Calendar) listedElsewhere(d Day, year int) (NoticeDay, bool) {
	for _, n := range c.notices {
		if n.Year == year {
			continue
		}
		for _, x := range n.Days {
			if x.Day == d {
				return x, true
			}
		}
	}
	return NoticeDay{}, false
}

// Revise builds a version with another notice: that of its year is replaced.
func (c *Calendar) Revise(version string, n Notice) (*Calendar, error) {
	notices := []Notice{n}
	for _, old := range c.notices {
		if old.Year != n.Year {
			notices = append(notices, old)
		}
	}
	return New(version, notices)
}

// Holds reports whether the version holds a notice of the year.
func (c *Calendar) Holds(year int) bool {
	_, ok := c.Notice(year)
	return ok
}

// Notice gives the notice of a year as the version holds it.
func (c *Calendar) Notice(year int) (Notice, bool) {
	for _, n := range c.notices {
		if n.Year == year && len(n.Days) > 0 {
			return n, true
		}
	}
	return Notice{}, false
}

// DayChange is a day about which two versions differ.
type DayChange struct{ Was, Is DayInfo }

// Changes lists the days that two versions judge differently, in order: other
// work, other name of a day off, or no longer (or again) open to a notice.
func Changes(was, is *Calendar) []DayChange {
	var out []DayChange
	for d := min(was.first, is.first); d <= max(was.last, is.last); d++ {
		a, b := was.Info(d), is.Info(d)
		if a.Workday != b.Workday || a.Provisional != b.Provisional || was.mayBeOff(d) != is.mayBeOff(d) {
			out = append(out, DayChange{a, b})
		}
	}
	return out
}

// mayBeOff reports whether a working day may still be turned off.
func (c *Calendar) mayBeOff(d Day) bool {
	if !c.IsWorkday(d) {
		return false
	}
	if d < c.first || d > c.last {
		return true
	}
	before := int32(0)
	if d > c.first {
		before = c.sure[d-1-c.first]
	}
	return c.sure[d-c.first] == before
}
