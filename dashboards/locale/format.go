package locale

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"duban/supervision/lawzone"
)

// Null is shown where there is no value: a rate of nothing is not 0 %.
const Null = "—"

// Count writes a whole number in groups of three.
func (p *Printer) Count(n int64) string {
	sign := ""
	text := strconv.FormatInt(n, 10)
	if n < 0 {
		sign, text = "−", text[1:]
	}
	return sign + group(text)
}

func group(digits string) string {
	var b strings.Builder
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Rate writes numerator/denominator as a percentage with one decimal, half up
// (domain guide 5.1, C10-C12); whole numbers are divided exactly. A
// denominator of zero gives Null.
//
// One late case of two thousand is never written as 100.0%, nor one of two
// thousand as 0.0%: what rounds to a whole without being one is bounded in
// words that everybody reads, ">99.9%" and "<0.1%".
func (p *Printer) Rate(numerator, denominator float64) string {
	if denominator == 0 || math.IsNaN(numerator) || math.IsNaN(denominator) {
		return Null
	}
	if numerator >= 0 && numerator == math.Trunc(numerator) && denominator == math.Trunc(denominator) && denominator > 0 && numerator < 1e12 {
		n, d := int64(numerator), int64(denominator)
		tenths := (2000*n + d) / (2 * d)
		switch {
		case tenths == 0 && n > 0:
			return "<0.1%"
		case tenths == 1000 && n < d:
			return ">99.9%"
		case tenths == 1000 && n > d:
			return ">100.0%"
		}
		return group(strconv.FormatInt(tenths/10, 10)) + "." + strconv.FormatInt(tenths%10, 10) + "%"
	}
	share := numerator / denominator
	switch text := p.Decimal(100*share, 1) + "%"; {
	case text == "0.0%" && share > 0:
		return "<0.1%"
	case text == "0.0%" && share < 0:
		return ">−0.1%"
	case text == "100.0%" && share < 1:
		return ">99.9%"
	case text == "100.0%" && share > 1:
		return ">100.0%"
	default:
		return text
	}
}

// Decimal writes a number with a fixed number of decimals, half up.
func (p *Printer) Decimal(v float64, places int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Null
	}
	scale := math.Pow10(places)
	// The nudge puts back what binary fractions lose: 0.05 is a little less
	// than one twentieth.
	rounded := math.Floor(math.Abs(v)*scale+0.5+1e-9) / scale
	text := strconv.FormatFloat(rounded, 'f', places, 64)
	whole, frac, _ := strings.Cut(text, ".")
	out := group(whole)
	if frac != "" {
		out += "." + frac
	}
	if v < 0 && rounded != 0 {
		out = "−" + out
	}
	return out
}

// Hours writes a duration given in hours in the largest fitting unit.
func (p *Printer) Hours(h float64) string {
	switch {
	case math.IsNaN(h):
		return Null
	case math.Abs(h) >= 48:
		return p.T("unit.days", "N", p.Decimal(h/24, 1))
	case math.Abs(h) >= 1:
		return p.T("unit.hours", "N", p.Decimal(h, 1))
	default:
		return p.T("unit.minutes", "N", p.Decimal(h*60, 1))
	}
}

// Instant writes date and time to the minute in the zone of law.
func (p *Printer) Instant(t time.Time) string {
	if absent(t) {
		return Null
	}
	return t.In(lawzone.Zone).Format("2006-01-02 15:04")
}

// Precise writes date and time to the millisecond in the zone of law.
func (p *Printer) Precise(t time.Time) string {
	if absent(t) {
		return Null
	}
	return t.In(lawzone.Zone).Format("2006-01-02 15:04:05.000")
}

// Date writes the local day.
func (p *Printer) Date(t time.Time) string {
	if absent(t) {
		return Null
	}
	return t.In(lawzone.Zone).Format("2006-01-02")
}

// Weekday writes the day of the week of a local day.
func (p *Printer) Weekday(t time.Time) string {
	return p.T("weekday." + strconv.Itoa(int(t.In(lawzone.Zone).Weekday())))
}

// Lag writes how long ago something was, in whole units.
func (p *Printer) Lag(d time.Duration) string {
	switch {
	case d < 0:
		d = 0
		fallthrough
	case d < 2*time.Minute:
		return p.T("unit.seconds", "N", fmt.Sprint(int64(d/time.Second)))
	case d < 2*time.Hour:
		return p.T("unit.minutes", "N", fmt.Sprint(int64(d/time.Minute)))
	case d < 48*time.Hour:
		return p.T("unit.hours", "N", fmt.Sprint(int64(d/time.Hour)))
	default:
		return p.T("unit.days", "N", p.Count(int64(d/(24*time.Hour))))
	}
}

// absent reports the instants that stand for "not given": the zero time and
// the Unix epoch, which the tables use for it.
func absent(t time.Time) bool { return t.IsZero() || t.Unix() == 0 }
