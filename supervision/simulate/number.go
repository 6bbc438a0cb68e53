package simulate

import (
	"fmt"
	"strconv"
)

// appendNumber writes a case or ticket number: two letters, the region's first
// six digits, the date, and a running number of eight digits.
func appendNumber(b []byte, letters, region string, day int32, index int64) []byte {
	b = append(b, letters...)
	b = append(b, region[:6]...)
	d := date(day)
	b = strconv.AppendInt(b, int64(d.Year()*10000+int(d.Month())*100+d.Day()), 10)
	return appendPadded(b, index, 8)
}

// appendPadded writes a number with leading zeros.
func appendPadded(b []byte, n int64, width int) []byte {
	var digits [20]byte
	i := len(digits)
	for ; n > 0 || width > 0; width-- {
		i--
		digits[i] = byte('0' + n%10)
		n /= 10
	}
	return append(b, digits[i:]...)
}

// stamps writes instants in Asia/Shanghai. Dates are formatted once per day.
type stamps struct {
	first int32
	dates []string
}

func newStamps(from, to int32) *stamps {
	s := &stamps{first: from}
	for d := from; d <= to; d++ {
		t := date(d)
		s.dates = append(s.dates, fmt.Sprintf("%04d-%02d-%02dT", t.Year(), t.Month(), t.Day()))
	}
	return s
}

// append writes RFC 3339 with milliseconds and the offset +08:00.
func (s *stamps) append(b []byte, at int64) []byte {
	day := localDay(at)
	if i := day - s.first; i >= 0 && int(i) < len(s.dates) {
		b = append(b, s.dates[i]...)
	} else {
		b = date(day).AppendFormat(b, "2006-01-02T")
	}
	ms := at - startOf(day)
	b = appendPadded(b, ms/3600000, 2)
	b = append(b, ':')
	b = appendPadded(b, ms/60000%60, 2)
	b = append(b, ':')
	b = appendPadded(b, ms/1000%60, 2)
	b = append(b, '.')
	b = appendPadded(b, ms%1000, 3)
	return append(b, "+08:00"...)
}
