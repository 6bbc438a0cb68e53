package lifecycle

import (
	"math"
	"slices"
	"sort"

	"duban/supervision/calendar"
)

// pauseSpans answers how much of a time the first pauses of a list take out, in the
// logarithm of their number: a source may send thousands of pauses of one subject, and
// every one of its facts asks anew. Pauses are sorted by FromAt. It is filled from the
// list as far as it is asked, and forgets from the first pause that changed.
type pauseSpans struct {
	from, covered []calendar.Day // of the pause, and up to where it and those before it reach
	days          []int32        // working days of the union through the pause
}

// reset forgets everything.
func (s *pauseSpans) reset() { s.forget(0) }

// forget forgets the pause at a place and those after it.
func (s *pauseSpans) forget(at int) {
	if at < len(s.from) {
		s.from, s.covered, s.days = s.from[:at], s.covered[:at], s.days[:at]
	}
}

// fill takes the pauses that are not known yet.
func (s *pauseSpans) fill(cal *calendar.Calendar, pauses []Pause) {
	for i := len(s.from); i < len(pauses); i++ {
		covered, sum := calendar.Day(math.MinInt32), int32(0)
		if i > 0 {
			covered, sum = s.covered[i-1], s.days[i-1]
		}
		from, to := pauses[i].Days()
		if begin := max(from, covered); to > begin {
			sum += cal.CountWD(begin, to)
			covered = to
		}
		s.from, s.covered, s.days = append(s.from, from), append(s.covered, covered), append(s.days, sum)
	}
}

// upTo counts the working days through a day that lie in the union of the first n pauses.
// A pause that begins before the day and reaches beyond it takes out all from there on.
func (s *pauseSpans) upTo(cal *calendar.Calendar, n int, day calendar.Day) int32 {
	n, _ = slices.BinarySearch(s.from[:n], day)
	if n == 0 {
		return 0
	}
	return s.days[n-1] - cal.CountWD(day, s.covered[n-1])
}

// within counts the working days after the day of start, through the day of end, that
// lie in the union of the first n pauses' day sets (domain guide 2.4). An open pause
// with a cap counts as used up, one without a cap as not yet begun: its length is not
// known.
func (s *pauseSpans) within(cal *calendar.Calendar, n int, start, end int64) int32 {
	first, last := calendar.DayOf(start), calendar.DayOf(min(end, Still))
	if n == 0 || last <= first {
		return 0
	}
	return s.upTo(cal, n, last) - s.upTo(cal, n, first)
}

// pauseTimes is pauseSpans for lengths of time, of all pauses of a subject at its end.
type pauseTimes struct {
	from, covered []int64
	millis        []int64
	// openFrom is the first instant of a pause without a known end: from there on all is
	// paused.
	openFrom int64
	// endless are the places of the pauses without a known end, ascending.
	endless []int
}

// fill takes the pauses of a subject.
func (s *pauseTimes) fill(cal *calendar.Calendar, pauses []Pause) {
	*s = pauseTimes{from: s.from[:0], covered: s.covered[:0], millis: s.millis[:0], openFrom: math.MaxInt64, endless: s.endless[:0]}
	covered, sum := int64(math.MinInt64), int64(0)
	for i := range pauses {
		p := &pauses[i]
		end := p.End()
		switch end {
		case 0:
			s.openFrom = min(s.openFrom, p.FromAt)
			s.endless = append(s.endless, i)
		case p.CapAt:
			end++ // CapAt is the last millisecond of its day
		}
		if begin := max(p.FromAt, covered); end != 0 && end > begin {
			sum += cal.WorkTime(begin, end)
			covered = end
		}
		s.from, s.covered, s.millis = append(s.from, p.FromAt), append(s.covered, covered), append(s.millis, sum)
	}
}

func (s *pauseTimes) upTo(cal *calendar.Calendar, at int64) int64 {
	n, _ := slices.BinarySearch(s.from, at)
	if n == 0 {
		return 0
	}
	return s.millis[n-1] - cal.WorkTime(at, s.covered[n-1])
}

// within is the time on working days within [from, to] in which the case was paused, in
// milliseconds.
func (s *pauseTimes) within(cal *calendar.Calendar, from, to int64) int64 {
	if to <= from {
		return 0
	}
	open := min(max(s.openFrom, from), to)
	return s.upTo(cal, open) - s.upTo(cal, from) + cal.WorkTime(open, to)
}

// endlessFrom is the first place, from a place on, of a pause without a known end; the
// number of pauses when there is none. A place that is left out is none.
func (s *pauseTimes) endlessFrom(at, leftOut int) int {
	for i := sort.SearchInts(s.endless, at); i < len(s.endless); i++ {
		if s.endless[i] != leftOut {
			return s.endless[i]
		}
	}
	return len(s.from)
}
