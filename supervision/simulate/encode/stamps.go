package encode

import (
	"fmt"

	"duban/supervision/simulate/world"
)

// Stamps writes instants in Asia/Shanghai. Dates are formatted once per day.
type Stamps struct {
	first int32
	dates []string
}

func newStamps(from, to int32) *Stamps {
	s := &Stamps{first: from}
	for d := from; d <= to; d++ {
		t := world.Date(d)
		s.dates = append(s.dates, fmt.Sprintf("%04d-%02d-%02dT", t.Year(), t.Month(), t.Day()))
	}
	return s
}

// Append writes RFC 3339 with milliseconds and the offset +08:00.
func (s *Stamps) Append(b []byte, at int64) []byte {
	day := world.LocalDay(at)
	if i := day - s.first; i >= 0 && int(i) < len(s.dates) {
		b = append(b, s.dates[i]...)
	} else {
		b = world.Date(day).AppendFormat(b, "2006-01-02T")
	}
	ms := at - world.StartOf(day)
	b = world.AppendPadded(b, ms/3600000, 2)
	b = append(b, ':')
	b = world.AppendPadded(b, ms/60000%60, 2)
	b = append(b, ':')
	b = world.AppendPadded(b, ms/1000%60, 2)
	b = append(b, '.')
	b = world.AppendPadded(b, ms%1000, 3)
	return append(b, "+08:00"...)
}
