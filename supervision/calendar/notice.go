package calendar

import (
	"encoding/json"
	"fmt"
)

// Notice is what the notices of one year decide. The year is that of the
// notice, not of its days: days of late December are often decided by the
// notice of the next year.
type Notice struct {
	Year int
	// Papers are the addresses of the notices.
	Papers []string
	// Days are empty while the year's notice is not published.
	Days []NoticeDay
}

// NoticeDay is one day that a notice names.
type NoticeDay struct {
	Day  Day
	Name string
	// Off tells a day off from a make-up working day.
	Off bool
}

// ParseNotice reads one year file in the format of NateScarlet/holiday-cn.
func ParseNotice(data []byte) (Notice, error) {
	var file struct {
		Year   int      `json:"year"`
		Papers []string `json:"papers"`
		Days   []struct {
			Name     string `json:"name"`
			Date     string `json:"date"`
			IsOffDay *bool  `json:"isOffDay"`
		} `json:"days"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return Notice{}, fmt.Errorf("read holiday notice: %w", err)
	}
	if file.Year < 1949 || file.Year > 2299 {
		return Notice{}, fmt.Errorf("read holiday notice: year %d is out of range", file.Year)
	}
	n := Notice{Year: file.Year, Papers: file.Papers}
	for i, d := range file.Days {
		day, err := ParseDay(d.Date)
		if err != nil {
			return Notice{}, fmt.Errorf("read holiday notice of %d, entry %d: %w", file.Year, i, err)
		}
		if d.IsOffDay == nil {
			return Notice{}, fmt.Errorf("read holiday notice of %d, %s: isOffDay is missing", file.Year, d.Date)
		}
		if y := day.Year(); y < file.Year-1 || y > file.Year+1 {
			return Notice{}, fmt.Errorf("read holiday notice of %d: %s is not near that year", file.Year, d.Date)
		}
		n.Days = append(n.Days, NoticeDay{Day: day, Name: d.Name, Off: *d.IsOffDay})
	}
	return n, nil
}
