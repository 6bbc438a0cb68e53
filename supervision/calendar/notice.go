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
	// Papers are the addresses of the notices, Document the number of the newest
	// one (国办发明电〔…〕…号) and Issued the day on which it was issued, written
	// YYYY-MM-DD; empty when not told.
	Papers           []string
	Document, Issued string
	// Days are empty while the year's notice is not published.
	Days []NoticeDay
}

// NoticeDay is one day that a notice names.
type NoticeDay struct {
	Day  Day
	Name string
	// Off tells a day off from a make-up working day.
	Off bool
	// Line is where the file names it, from 1; 0 when that is not known.
	Line int
}

// file is how a notice is written: the format of NateScarlet/holiday-cn, with
// the number and the day of the paper beside it.
type file struct {
	Year     int      `json:"year"`
	Papers   []string `json:"papers"`
	Document string   `json:"document,omitempty"`
	Issued   string   `json:"issued,omitempty"`
	Days     []dayOf  `json:"days"`
}

type dayOf struct {
	Name     string `json:"name"`
	Date     string `json:"date"`
	IsOffDay *bool  `json:"isOffDay"`
}

// ParseNotice reads one year file in the format of NateScarlet/holiday-cn. For
// files that people write see ReadNotice, which says in which line what is wrong.
func ParseNotice(data []byte) (Notice, error) {
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return Notice{}, fmt.Errorf("read holiday notice: %w", err)
	}
	if f.Year < 1949 || f.Year > 2299 {
		return Notice{}, fmt.Errorf("read holiday notice: year %d is out of range", f.Year)
	}
	n := Notice{Year: f.Year, Papers: f.Papers, Document: f.Document, Issued: f.Issued}
	for i, d := range f.Days {
		day, err := ParseDay(d.Date)
		if err != nil {
			return Notice{}, fmt.Errorf("read holiday notice of %d, entry %d: %w", f.Year, i, err)
		}
		if d.IsOffDay == nil {
			return Notice{}, fmt.Errorf("read holiday notice of %d, %s: isOffDay is missing", f.Year, d.Date)
		}
		if y := day.Year(); y < f.Year-1 || y > f.Year+1 {
			return Notice{}, fmt.Errorf("read holiday notice of %d: %s is not near that year", f.Year, d.Date)
		}
		n.Days = append(n.Days, NoticeDay{Day: day, Name: d.Name, Off: *d.IsOffDay})
	}
	return n, nil
}

// Text writes a notice so that ParseNotice reads it again.
func (n Notice) Text() string {
	f := file{Year: n.Year, Papers: n.Papers, Document: n.Document, Issued: n.Issued, Days: []dayOf{}}
	for _, d := range n.Days {
		f.Days = append(f.Days, dayOf{Name: d.Name, Date: d.Day.String(), IsOffDay: &d.Off})
	}
	text, _ := json.Marshal(f) // strings, numbers and booleans are always written
	return string(text)
}
