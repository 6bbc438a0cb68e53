package kit

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"duban/supervision/lawzone"
)

// Scope is the state that every page keeps in its address: what is looked at,
// over which period, as of when.
type Scope struct {
	Region string
	Org    string
	Source string
	// From and To are local days, both included; zero means not given.
	From time.Time
	To   time.Time
	// AsOf is the instant the figures are asked for; zero means now.
	AsOf time.Time
	Wall bool
	// Lang is the language that the address asks for, empty when it does not.
	Lang string
}

// BadAddressError says which part of an address cannot be read.
type BadAddressError struct{ Param string }

// BadAddress is the error of a parameter that cannot be read.
func BadAddress(param string) error { return &BadAddressError{Param: param} }

// Error names the parameter; its value is not repeated.
func (e *BadAddressError) Error() string {
	return fmt.Sprintf("the parameter %s of the address cannot be read", e.Param)
}

// RegionCode is the form of the code of a division.
var RegionCode = regexp.MustCompile(`^[0-9]{6}([0-9]{3}){0,2}$`)

// ParseScope reads the scope of a request; an unreadable value is an error
// and never silently dropped, so that nobody reads a figure of another scope
// than the one asked for.
func ParseScope(r *http.Request) (Scope, error) {
	q := r.URL.Query()
	s := Scope{
		Region: q.Get("region"), Org: q.Get("org"), Source: q.Get("source"),
		Wall: q.Get("wall") == "1", Lang: q.Get("lang"),
	}
	if s.Region != "" && !RegionCode.MatchString(s.Region) {
		return s, &BadAddressError{"region"}
	}
	for name, value := range map[string]string{"org": s.Org, "source": s.Source} {
		if len(value) > 200 || strings.ContainsAny(value, "\x00\n\r") {
			return s, &BadAddressError{name}
		}
	}
	var err error
	if s.From, err = ParseDay(q.Get("from")); err != nil {
		return s, &BadAddressError{"from"}
	}
	if s.To, err = ParseDay(q.Get("to")); err != nil {
		return s, &BadAddressError{"to"}
	}
	if !s.From.IsZero() && !s.To.IsZero() && s.To.Before(s.From) {
		return s, &BadAddressError{"to"}
	}
	if s.AsOf, err = ParseInstant(q.Get("as_of")); err != nil {
		return s, &BadAddressError{"as_of"}
	}
	return s, nil
}

// ParseDay reads a local day; the zero time stands for none.
func ParseDay(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return plausible(time.ParseInLocation("2006-01-02", text, lawzone.Zone))
}

// ParseInstant reads what a datetime-local field sends (local time of
// Asia/Shanghai), a day (its end) or RFC 3339.
func ParseInstant(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	// A plus sign that was not escaped arrives as a blank.
	if t, err := time.Parse(time.RFC3339Nano, strings.Replace(text, " ", "+", 1)); err == nil {
		return plausible(t, nil)
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999", "2006-01-02T15:04"} {
		if t, err := time.ParseInLocation(layout, text, lawzone.Zone); err == nil {
			return plausible(t, nil)
		}
	}
	day, err := ParseDay(text)
	return day.Add(24*time.Hour - time.Millisecond), err
}

// plausible keeps instants inside what the tables can hold.
func plausible(t time.Time, err error) (time.Time, error) {
	if err == nil && (t.Year() < 1970 || t.Year() > 2200) {
		err = fmt.Errorf("the year %d is out of range", t.Year())
	}
	return t, err
}

// Values writes the scope as address parameters, empty ones left out.
func (s Scope) Values() url.Values {
	v := url.Values{}
	set := func(k, x string) {
		if x != "" {
			v.Set(k, x)
		}
	}
	set("region", s.Region)
	set("org", s.Org)
	set("source", s.Source)
	set("from", DayText(s.From))
	set("to", DayText(s.To))
	set("as_of", s.AsOfText())
	set("lang", s.Lang)
	if s.Wall {
		v.Set("wall", "1")
	}
	return v
}

// DayText writes a local day as addresses have it, the zero time as nothing.
func DayText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(lawzone.Zone).Format("2006-01-02")
}

// AsOfText writes the instant asked for as addresses have it.
func (s Scope) AsOfText() string {
	if s.AsOf.IsZero() {
		return ""
	}
	return s.AsOf.In(lawzone.Zone).Format("2006-01-02T15:04:05.999")
}

// URL is the address of path in this scope; pairs override or add parameters,
// an empty value removes one.
func (s Scope) URL(path string, pairs ...string) string {
	v := s.Values()
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			v.Del(pairs[i])
		} else {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// Until is the first instant after the period, the zero time when it has no end.
func (s Scope) Until() time.Time {
	if s.To.IsZero() {
		return time.Time{}
	}
	return s.To.AddDate(0, 0, 1)
}

// SubjectPath is the path of a case or ticket page. A number may hold any
// character, so each part is escaped; a part of dots alone would be taken for
// a step up the tree and gets its dots escaped too.
func SubjectPath(kind, source, number string) string {
	return "/" + kind + "/" + EscapePart(source) + "/" + EscapePart(number)
}

// EscapePart escapes one part of a path.
func EscapePart(s string) string {
	e := url.PathEscape(s)
	if strings.Trim(e, ".") == "" {
		e = strings.ReplaceAll(e, ".", "%2E")
	}
	return e
}
