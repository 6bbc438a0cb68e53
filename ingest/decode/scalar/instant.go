package scalar

import "duban/ingest/deadletter"

// Instant reads an RFC 3339 date-time with offset into Unix
// milliseconds, cutting finer digits. The reason is empty when it is one.
// Leap seconds are refused: no instant of the table can hold one.
func Instant(b []byte) (ms int64, bad deadletter.Reason) {
	days, ok := Day(b)
	if !ok || len(b) < 19 || b[10] != 'T' || b[13] != ':' || b[16] != ':' {
		return 0, deadletter.InvalidTime
	}
	h, ok1 := two(b[11:])
	m, ok2 := two(b[14:])
	s, ok3 := two(b[17:])
	if !ok1 || !ok2 || !ok3 || h > 23 || m > 59 || s > 59 {
		return 0, deadletter.InvalidTime
	}
	ms = ((int64(days)*24+int64(h))*60+int64(m))*60000 + int64(s)*1000
	rest := b[19:]
	if len(rest) > 0 && rest[0] == '.' {
		n, scale := 1, int64(100)
		for ; n < len(rest) && rest[n]-'0' <= 9; n++ {
			ms += int64(rest[n]-'0') * scale
			scale /= 10
		}
		if n == 1 || n > 10 {
			return 0, deadletter.InvalidTime
		}
		rest = rest[n:]
	}
	if len(rest) == 0 {
		return 0, deadletter.TimeWithoutZone
	}
	if rest[0] == 'Z' && len(rest) == 1 {
		return ms, ""
	}
	if len(rest) != 6 || rest[0] != '+' && rest[0] != '-' || rest[3] != ':' {
		return 0, deadletter.InvalidTime
	}
	oh, ok1 := two(rest[1:])
	om, ok2 := two(rest[4:])
	if !ok1 || !ok2 || oh > 23 || om > 59 {
		return 0, deadletter.InvalidTime
	}
	off := int64(oh*60+om) * 60000
	if rest[0] == '+' {
		off = -off
	}
	return ms + off, ""
}

// Day reads the YYYY-MM-DD at the start of b into days since 1970-01-01.
func Day(b []byte) (days int32, ok bool) {
	if len(b) < 10 || b[4] != '-' || b[7] != '-' {
		return 0, false
	}
	hi, ok1 := two(b)
	lo, ok2 := two(b[2:])
	m, ok3 := two(b[5:])
	d, ok4 := two(b[8:])
	y := hi*100 + lo
	if !ok1 || !ok2 || !ok3 || !ok4 || m < 1 || m > 12 || d < 1 || d > monthDays(y, m) {
		return 0, false
	}
	return daysFromCivil(y, m, d), true
}

func two(b []byte) (int, bool) {
	x, y := b[0]-'0', b[1]-'0'
	return int(x)*10 + int(y), x <= 9 && y <= 9
}

func monthDays(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// daysFromCivil counts the days from 1970-01-01 in the proleptic Gregorian
// calendar (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
func daysFromCivil(y, m, d int) int32 {
	if m <= 2 {
		y--
		m += 12
	}
	era := y / 400
	if y < 0 {
		era = (y - 399) / 400
	}
	yoe := y - era*400
	doy := (153*(m-3)+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return int32(era*146097 + doe - 719468)
}

// Days of Date32, the column type of local days: 1900-01-01 to 2299-12-31.
const (
	MinDay = -25567
	MaxDay = 120529
)
