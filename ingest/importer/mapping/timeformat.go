package mapping

import (
	"errors"
	"fmt"
	"strings"
)

// layout is one way a time may be written.
type layout struct {
	name string
	kind layoutKind
	// goLayout is set for patterns; zoned when it holds an offset.
	goLayout string
	zoned    bool
	// days marks a format that gives a day and no time of day.
	days bool
}

type layoutKind int

const (
	layoutISO layoutKind = iota
	layoutRFC3339
	layoutUnix
	layoutUnixMS
	layoutDate
	layoutExcel
	layoutExcel1904
	layoutPattern
)

// namedLayouts are the formats with a name of their own.
var namedLayouts = []string{"iso8601", "rfc3339", "unix", "unix_ms", "date", "excel", "excel1904"}

// parseLayout understands the named formats, patterns of date letters
// (yyyy-MM-dd HH:mm:ss) and strptime patterns (%Y-%m-%d %H:%M:%S).
func parseLayout(s string) (layout, error) {
	l := layout{name: s}
	switch s {
	case "iso8601":
		l.kind = layoutISO
	case "rfc3339":
		l.kind = layoutRFC3339
	case "unix":
		l.kind = layoutUnix
	case "unix_ms":
		l.kind = layoutUnixMS
	case "date":
		l.kind, l.days = layoutDate, true
	case "excel":
		l.kind = layoutExcel
	case "excel1904":
		l.kind = layoutExcel1904
	default:
		l.kind = layoutPattern
		var err error
		if strings.Contains(s, "%") {
			l.goLayout, err = fromStrptime(s)
		} else {
			l.goLayout, err = fromLetters(s)
		}
		if err != nil {
			return l, err
		}
		l.zoned = strings.Contains(l.goLayout, "07")
		l.days = !strings.Contains(l.goLayout, "15") && !strings.Contains(l.goLayout, "3")
		if !strings.Contains(l.goLayout, "06") {
			return l, fmt.Errorf("the time format %q has no year", s)
		}
		if strings.Contains(l.goLayout, "3") && !strings.Contains(l.goLayout, "PM") {
			return l, fmt.Errorf("the time format %q has a 12-hour clock without a/%%p for AM and PM; use HH/%%H for 24 hours", s)
		}
	}
	return l, nil
}

var letterParts = map[string]string{
	"yyyy": "2006", "yy": "06", "MMMM": "January", "MMM": "Jan", "MM": "01", "M": "1",
	"dd": "02", "d": "2", "HH": "15", "H": "15", "hh": "03", "h": "3", "mm": "04", "m": "4",
	"ss": "05", "s": "5", "a": "PM", "EEEE": "Monday", "EEE": "Mon", "EE": "Mon", "E": "Mon",
	"XXX": "Z07:00", "XX": "Z0700", "X": "Z07", "xxx": "-07:00", "xx": "-0700", "x": "-07", "Z": "-0700",
}

// fromLetters translates a pattern of date letters (Unicode LDML, as in Java
// and in spreadsheets) to Go's reference layout.
func fromLetters(p string) (string, error) {
	var out strings.Builder
	for i := 0; i < len(p); {
		c := p[i]
		switch {
		case c == '\'':
			j := strings.IndexByte(p[i+1:], '\'')
			if j < 0 {
				return "", fmt.Errorf("the time format %q opens a quote and does not close it", p)
			}
			if err := literal(&out, p[i+1:i+1+j]); err != nil {
				return "", err
			}
			i += j + 2
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			j := i
			for j < len(p) && p[j] == c {
				j++
			}
			run := p[i:j]
			if c == 'S' {
				if i == 0 || p[i-1] != '.' && p[i-1] != ',' {
					return "", fmt.Errorf("the time format %q: S (fraction of a second) must follow a dot or comma", p)
				}
				out.WriteString(strings.Repeat("0", len(run)))
			} else if g, ok := letterParts[run]; ok {
				out.WriteString(g)
			} else if c == 'T' && len(run) == 1 {
				out.WriteByte('T')
			} else {
				return "", fmt.Errorf("the time format %q: %q is not known; use yyyy MM M dd d HH H hh h mm ss SSS a XXX, put other letters in "+
					"single quotes, or use one of %s",
					p, run, strings.Join(namedLayouts, ", "))
			}
			i = j
		default:
			if err := literal(&out, p[i:i+1]); err != nil {
				return "", err
			}
			i++
		}
	}
	return out.String(), nil
}

// strptimeParts are read with one digit or two, as in C and Python.
var strptimeParts = map[byte]string{
	'Y': "2006", 'y': "06", 'm': "1", 'd': "2", 'e': "_2", 'H': "15", 'I': "3", 'M': "4", 'S': "5",
	'p': "PM", 'b': "Jan", 'B': "January", 'a': "Mon", 'A': "Monday", 'z': "-0700", 'f': "000000",
	'T': "15:4:5", 'F': "2006-1-2", 'j': "002",
}

// strptimeFixed are read with two digits where another field follows at once.
var strptimeFixed = map[byte]string{'m': "01", 'd': "02", 'I': "03", 'M': "04", 'S': "05"}

// fromStrptime translates a C strptime pattern to Go's reference layout.
func fromStrptime(p string) (string, error) {
	var out strings.Builder
	for i := 0; i < len(p); i++ {
		if p[i] != '%' {
			if err := literal(&out, p[i:i+1]); err != nil {
				return "", err
			}
			continue
		}
		i++
		switch {
		case i < len(p) && p[i] == '%':
			out.WriteByte('%')
		case strings.HasPrefix(p[i:], ":z"):
			out.WriteString("-07:00")
			i++
		case i < len(p) && strptimeParts[p[i]] != "":
			if p[i] == 'f' && (i < 2 || p[i-2] != '.' && p[i-2] != ',') {
				return "", fmt.Errorf("the time format %q: %%f must follow a dot or comma", p)
			}
			part := strptimeParts[p[i]]
			if fixed := strptimeFixed[p[i]]; fixed != "" && i+1 < len(p) && p[i+1] == '%' {
				part = fixed
			}
			out.WriteString(part)
		default:
			return "", fmt.Errorf("the time format %q: this %% sequence is not known; use %%Y %%m %%d %%H %%I %%M %%S %%f %%p %%z %%:z", p)
		}
	}
	return out.String(), nil
}

// literal writes text that stands for itself; digits and letters that Go's
// layout would read as a field are refused.
func literal(out *strings.Builder, s string) error {
	if strings.ContainsAny(s, "0123456789") {
		return errors.New("a time format cannot hold digits as they are")
	}
	for _, w := range []string{"Jan", "Mon", "MST", "PM", "pm"} {
		if strings.Contains(s, w) {
			return fmt.Errorf("a time format cannot hold the text %q as it is", s)
		}
	}
	out.WriteString(s)
	return nil
}
