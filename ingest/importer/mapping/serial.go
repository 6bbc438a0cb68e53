package mapping

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Spreadsheets count days. Excel's count begins at 1900-01-01 = 1 and holds a
// 1900-02-29 that never was (serial 60); from 61 on it is the number of days
// since 1899-12-30. Workbooks that come from old Macintoshes count from
// 1904-01-01 = 0. (ECMA-376 part 1, 18.17.4.1.)
const (
	firstSerial, lastSerial = 61, 2_958_466 // 1900-03-01, the day after 9999-12-31
	serials1904             = 1462
)

func (l *layout) serial() bool { return l.kind == layoutExcel || l.kind == layoutExcel1904 }

func isMidnight(t time.Time) bool {
	return t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0
}

// parseSerial reads a count of days as a wall-clock time. The fraction is read
// as the whole second that its decimals can mean (43563.359259 is 08:37:20),
// else to the millisecond.
func parseSerial(b []byte, from1904 bool) (time.Time, bool) {
	text := string(b)
	whole, fraction, _ := strings.Cut(text, ".")
	for _, c := range whole + fraction {
		if c < '0' || c > '9' {
			return time.Time{}, false
		}
	}
	days, err := strconv.ParseInt(whole, 10, 32)
	if err != nil || len(text) > 40 {
		return time.Time{}, false
	}
	if from1904 {
		days += serials1904
	}
	if days < firstSerial || days >= lastSerial {
		return time.Time{}, false
	}
	seconds := 0.0
	if fraction != "" {
		f, err := strconv.ParseFloat("0."+fraction, 64)
		if err != nil {
			return time.Time{}, false
		}
		seconds = f * 86400
		meant := math.Round(seconds)
		if math.Abs(seconds-meant) <= 43200*math.Pow10(-len(fraction))+1e-6 {
			seconds = meant
		}
	}
	at := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(days))
	return at.Add(time.Duration(math.Round(seconds*1000)) * time.Millisecond), true
}
