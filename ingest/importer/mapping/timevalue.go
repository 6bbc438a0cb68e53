package mapping

import (
	"errors"
	"strconv"
	"time"

	// Zones are looked up by name also where the machine has no zone files.
	_ "time/tzdata"
)

// Time says how times are written.
type Time struct {
	layouts []layout
	// Zone is where a time without an offset was written; nil means such a
	// time is refused.
	Zone *time.Location
	// Ambiguous and Nonexistent say what becomes of a local time that a change
	// of clocks makes occur twice or not at all.
	Ambiguous   Ambiguous
	Nonexistent Nonexistent
	// Day says which moment a day without a time of day stands for.
	Day Day
}

// Day is the moment that a day without a time of day stands for.
type Day int

// The moments of a day: that of its kind (the end for a deadline, else the
// begin), its first moment, its last one (23:59:59.999), the first behind it.
const (
	DayByKind Day = iota
	DayStart
	DayEnd
	DayAfter
)

// Ambiguous resolves a local time that occurs twice.
type Ambiguous int

// Resolutions of a local time that occurs twice, when clocks go back.
const (
	AmbiguousRefuse Ambiguous = iota
	AmbiguousEarlier
	AmbiguousLater
)

// Nonexistent resolves a local time that is skipped, when clocks go forward.
type Nonexistent int

// Resolutions of a skipped local time: refused, or read with the offset in
// force before or after the change.
const (
	NonexistentRefuse Nonexistent = iota
	NonexistentBefore
	NonexistentAfter
)

// The reasons for which a text is not a time.
var (
	ErrNotATime    = errors.New("is not written in any of the time formats of the mapping")
	ErrNoZone      = errors.New("has no offset, and the mapping gives no time.zone")
	ErrAmbiguous   = errors.New("occurs twice because clocks went back; set time.ambiguous to earlier or later")
	ErrNonexistent = errors.New("does not exist because clocks went forward; set time.nonexistent to offset_before or offset_after")
)

// FormatNames lists the formats as the mapping writes them.
func (t *Time) FormatNames() []string {
	var out []string
	for _, l := range t.layouts {
		out = append(out, l.name)
	}
	return out
}

// Parse reads an instant.
func (t *Time) Parse(b []byte) (time.Time, error) {
	err := ErrNotATime
	for i := range t.layouts {
		wall, zoned, ok := t.layouts[i].parse(b)
		if !ok {
			continue
		}
		if t.Day >= DayEnd && (t.layouts[i].days || t.layouts[i].serial() && isMidnight(wall)) {
			wall = wall.AddDate(0, 0, 1)
			if t.Day == DayEnd {
				wall = wall.Add(-time.Millisecond)
			}
		}
		if zoned {
			return wall.UTC(), nil
		}
		at, zerr := t.localise(wall)
		if zerr == nil {
			return at, nil
		}
		err = zerr
	}
	return time.Time{}, err
}

// ParseDate reads a calendar day; a time of day is dropped.
func (t *Time) ParseDate(b []byte) (time.Time, error) {
	if d, ok := parseISODate(b); ok {
		return d, nil
	}
	for i := range t.layouts {
		if wall, _, ok := t.layouts[i].parse(b); ok {
			y, m, d := wall.Date()
			return time.Date(y, m, d, 0, 0, 0, 0, time.UTC), nil
		}
	}
	return time.Time{}, ErrNotATime
}

// localise finds the instant at which clocks in t.Zone showed wall (given as
// if it were UTC).
func (t *Time) localise(wall time.Time) (time.Time, error) {
	if t.Zone == nil {
		return time.Time{}, ErrNoZone
	}
	// The offsets a day before and a day after bound those in question: no
	// zone changes its clocks twice within two days.
	before, after := offsetAt(wall.Add(-24*time.Hour), t.Zone), offsetAt(wall.Add(24*time.Hour), t.Zone)
	a, b := wall.Add(-before), wall.Add(-after)
	okA, okB := offsetAt(a, t.Zone) == before, offsetAt(b, t.Zone) == after
	switch {
	case okA && okB && a.Equal(b):
		return a, nil
	case okA && okB:
		first, second := a, b
		if b.Before(a) {
			first, second = b, a
		}
		switch t.Ambiguous {
		case AmbiguousEarlier:
			return first, nil
		case AmbiguousLater:
			return second, nil
		}
		return time.Time{}, ErrAmbiguous
	case okA:
		return a, nil
	case okB:
		return b, nil
	}
	switch t.Nonexistent {
	case NonexistentBefore:
		return a, nil
	case NonexistentAfter:
		return b, nil
	}
	return time.Time{}, ErrNonexistent
}

func offsetAt(at time.Time, z *time.Location) time.Duration {
	_, off := at.In(z).Zone()
	return time.Duration(off) * time.Second
}

func (l *layout) parse(b []byte) (at time.Time, zoned, ok bool) {
	switch l.kind {
	case layoutISO:
		return parseISO(b)
	case layoutRFC3339:
		at, zoned, ok = parseISO(b)
		return at, zoned, ok && zoned && (b[10] == 'T' || b[10] == 't')
	case layoutDate:
		at, ok = parseISODate(b)
		return at, false, ok
	case layoutUnix, layoutUnixMS:
		n, err := strconv.ParseInt(string(b), 10, 64)
		if err != nil || n > 1<<53 || n < -(1<<53) {
			return time.Time{}, false, false
		}
		if l.kind == layoutUnix {
			if n > 1<<37 {
				return time.Time{}, false, false // milliseconds, not seconds
			}
			return time.Unix(n, 0).UTC(), true, true
		}
		return time.UnixMilli(n).UTC(), true, true
	case layoutExcel, layoutExcel1904:
		at, ok = parseSerial(b, l.kind == layoutExcel1904)
		return at, false, ok
	default:
		at, err := time.Parse(l.goLayout, string(b))
		return at, l.zoned, err == nil
	}
}

// digits reads n decimal digits of b at i.
func digits(b []byte, i, n int) (int, bool) {
	if i+n > len(b) {
		return 0, false
	}
	v := 0
	for _, c := range b[i : i+n] {
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + int(c-'0')
	}
	return v, true
}

func parseISODate(b []byte) (time.Time, bool) {
	if len(b) != 10 {
		return time.Time{}, false
	}
	return isoDate(b)
}

func isoDate(b []byte) (time.Time, bool) {
	if len(b) < 10 || b[4] != '-' || b[7] != '-' {
		return time.Time{}, false
	}
	y, ok1 := digits(b, 0, 4)
	m, ok2 := digits(b, 5, 2)
	d, ok3 := digits(b, 8, 2)
	if !ok1 || !ok2 || !ok3 || m < 1 || m > 12 || d < 1 {
		return time.Time{}, false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == d
}

// parseISO reads YYYY-MM-DD, a T or a blank, HH:MM[:SS[.fraction]] and an
// optional offset (Z, ±HH:MM, ±HHMM or ±HH).
func parseISO(b []byte) (at time.Time, zoned, ok bool) {
	day, ok := isoDate(b)
	if !ok || len(b) < 16 || b[10] != 'T' && b[10] != 't' && b[10] != ' ' || b[13] != ':' {
		return at, false, false
	}
	h, ok1 := digits(b, 11, 2)
	m, ok2 := digits(b, 14, 2)
	if !ok1 || !ok2 || h > 23 || m > 59 {
		return at, false, false
	}
	i, s, nanos := 16, 0, 0
	if i < len(b) && b[i] == ':' {
		if s, ok = digits(b, 17, 2); !ok || s > 59 {
			return at, false, false
		}
		i = 19
		if i < len(b) && (b[i] == '.' || b[i] == ',') {
			i++
			start, scale := i, int(time.Second)
			for i < len(b) && b[i] >= '0' && b[i] <= '9' {
				scale /= 10
				nanos += int(b[i]-'0') * scale
				i++
			}
			if i == start || i-start > 9 {
				return at, false, false
			}
		}
	}
	at = day.Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second + time.Duration(nanos))
	if i == len(b) {
		return at, false, true
	}
	off, ok := isoOffset(b[i:])
	return at.Add(-off), true, ok
}

func isoOffset(b []byte) (time.Duration, bool) {
	if len(b) == 1 && (b[0] == 'Z' || b[0] == 'z') {
		return 0, true
	}
	if b[0] != '+' && b[0] != '-' {
		return 0, false
	}
	h, ok := digits(b, 1, 2)
	m := 0
	switch {
	case !ok || h > 18:
		return 0, false
	case len(b) == 3:
	case len(b) == 5:
		m, ok = digits(b, 3, 2)
	case len(b) == 6 && b[3] == ':':
		m, ok = digits(b, 4, 2)
	default:
		return 0, false
	}
	if !ok || m > 59 {
		return 0, false
	}
	off := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	if b[0] == '-' {
		off = -off
	}
	return off, true
}
