package notify

import (
	"fmt"
	"time"

	"duban/supervision/lawzone"
)

// Quiet are daily hours of local time, From until To; From > To spans
// midnight. Equal bounds are no quiet hours.
type Quiet struct {
	// From and To are minutes of the local day.
	From, To int
}

// ParseQuiet reads two local times HH:MM; both empty = none.
func ParseQuiet(from, to string) (Quiet, error) {
	if from == "" && to == "" {
		return Quiet{}, nil
	}
	f, err := minuteOf(from)
	if err != nil {
		return Quiet{}, err
	}
	t, err := minuteOf(to)
	if err != nil {
		return Quiet{}, err
	}
	return Quiet{From: f, To: t}, nil
}

func minuteOf(s string) (int, error) {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a local time: want HH:MM for both bounds, such as 22:00 and 07:30", s)
	}
	return t.Hour()*60 + t.Minute(), nil
}

// Until returns the end of the quiet hours that at lies in, or at itself. The
// beginning is quiet, the end is not.
func (q Quiet) Until(at time.Time) time.Time {
	if q.From == q.To {
		return at
	}
	local := at.In(lawzone.Zone)
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, lawzone.Zone)
	minute := int(local.Sub(day) / time.Minute)
	end := day.Add(time.Duration(q.To) * time.Minute)
	switch {
	case q.From < q.To && minute >= q.From && minute < q.To:
		return end
	case q.From > q.To && minute >= q.From:
		return end.AddDate(0, 0, 1)
	case q.From > q.To && minute < q.To:
		return end
	}
	return at
}
