package world

import "time"

// Rhythm says how many subjects begin on each day of the period.
type Rhythm struct {
	first int32
	upTo  []float64 // cumulated share, ends with 1
}

// NewRhythm spreads subjects over the days: offices work on working days, and
// off is the share of a working day that a day off has. Mondays are busy, the
// first day after a holiday more so, and the year grows by an eighth.
func NewRhythm(days *Workdays, from, to int32, off float64) *Rhythm {
	r := &Rhythm{first: from}
	var sum float64
	for d := from; d <= to; d++ {
		weight := 1.0
		switch {
		case !days.Working(d):
			weight = off
		case !days.Working(d-1) && !days.Working(d-2) && !days.Working(d-3):
			weight = 1.35
		case Date(d).Weekday() == time.Monday:
			weight = 1.15
		case Date(d).Weekday() == time.Friday:
			weight = 0.92
		}
		weight *= 1 + 0.125*float64(d-from)/float64(to-from+1)
		sum += weight
		r.upTo = append(r.upTo, sum)
	}
	for i := range r.upTo {
		r.upTo[i] /= sum
	}
	return r
}

// Before returns how many of n subjects have begun before a day.
func (r *Rhythm) Before(day int32, n int64) int64 {
	i := int(day - r.first)
	switch {
	case i <= 0:
		return 0
	case i >= len(r.upTo):
		return n
	}
	return int64(r.upTo[i-1]*float64(n) + 0.5)
}

// DayOf returns the day on which the subject at a share of all begins.
func (r *Rhythm) DayOf(share float64) int32 {
	for i, upTo := range r.upTo {
		if share < upTo {
			return r.first + int32(i)
		}
	}
	return r.first + int32(len(r.upTo)-1)
}
