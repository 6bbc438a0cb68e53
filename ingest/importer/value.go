package importer

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"duban/ingest/importer/mapping"
	"duban/ingest/importer/rows"
)

// maxIdentifierBytes is the longest code or number that ingest accepts.
const maxIdentifierBytes = 200

// valuePlan is a mapping's value made ready for the slots of a file.
type valuePlan struct {
	field    string
	label    string // the columns, for messages
	slots    []int
	join     string
	constant []byte // JSON
	text     string // of a constant
	codes    *mapping.CodeTable
	as       mapping.Kind
	enum     map[string]bool
	ident    bool
	required bool
	token    bool
	time     *mapping.Time
	similar  *similarMemory // nil where look-alikes do not matter
	// fact marks the time of a fact, which cannot lie ahead of now.
	fact bool
}

// scratch holds what evaluating a record needs; it is reused.
type scratch struct {
	missing  map[string]bool
	tokenKey []byte
	join     []byte
	latest   time.Time
	at       time.Time       // of the fact at hand
	notes    []*rows.Problem // about the record at hand
	// encoding is what the file was decoded from, "" for UTF-8.
	encoding string
}

// raw returns the cell text after joining and code table; missing is true when
// nothing was given.
func (v *valuePlan) raw(rec *rows.Record, s *scratch) (b []byte, missing bool, p *rows.Problem) {
	if len(v.slots) == 1 {
		b = rec.Cell(v.slots[0])
		missing = s.isMissing(b)
	} else {
		s.join = s.join[:0]
		missing = true
		for _, i := range v.slots {
			c := rec.Cell(i)
			if s.isMissing(c) {
				continue
			}
			if !missing {
				s.join = append(s.join, v.join...)
			}
			s.join = append(s.join, c...)
			missing = false
		}
		b = s.join
	}
	if missing {
		if v.required {
			return nil, true, rows.NewProblem(rows.ReasonMissingValue, v.label, nil, "%s must have a value", v.field)
		}
		return nil, true, nil
	}
	if v.codes != nil {
		to, ok := v.codes.Values[string(b)]
		switch {
		case ok:
			b = []byte(to)
		case v.codes.Default == mapping.DefaultKeep:
		case v.codes.Default == mapping.DefaultConst:
			b = []byte(v.codes.DefaultText)
		case v.codes.Default == mapping.DefaultOmit && !v.required:
			return nil, true, nil
		case !utf8.Valid(b):
			return nil, false, s.undecodable(v.label, b)
		default:
			return nil, false, rows.NewProblem(rows.ReasonUnknownCode, v.label, b, "the word is not in code table %s", v.codes.Name)
		}
		if len(b) == 0 && !v.required {
			return nil, true, nil
		}
	}
	return b, false, nil
}

func (s *scratch) isMissing(b []byte) bool {
	return len(b) == 0 || len(s.missing) > 1 && s.missing[string(b)]
}

// appendJSON writes the value; ok is false when there is none.
func (v *valuePlan) appendJSON(out []byte, rec *rows.Record, s *scratch) (_ []byte, ok bool, p *rows.Problem) {
	if v.constant != nil {
		return append(out, v.constant...), true, nil
	}
	b, missing, p := v.raw(rec, s)
	if p != nil || missing {
		return out, false, p
	}
	switch v.as {
	case mapping.KindTime:
		at, err := v.time.Parse(b)
		if err == nil {
			err = v.bounds(at, s)
		}
		if err != nil {
			return out, false, v.timeProblem(b, err, s)
		}
		if v.fact {
			s.at = at
		}
		out = append(out, '"')
		out = appendTime(out, at)
		return append(out, '"'), true, nil
	case mapping.KindDate:
		d, err := v.time.ParseDate(b)
		if err != nil {
			return out, false, v.timeProblem(b, err, s)
		}
		out = append(out, '"')
		out = d.AppendFormat(out, "2006-01-02")
		return append(out, '"'), true, nil
	case mapping.KindInteger:
		n, err := strconv.ParseInt(string(b), 10, 64)
		if err != nil {
			return out, false, rows.NewProblem(rows.ReasonInvalidValue, v.label, b,
				"%s must be a whole number (the cell looks like %q)", v.field, rows.Shape(b))
		}
		if !v.inEnum(b) {
			return out, false, v.enumProblem(b)
		}
		return strconv.AppendInt(out, n, 10), true, nil
	case mapping.KindNumber:
		f, err := strconv.ParseFloat(string(b), 64)
		if err != nil || f-f != 0 {
			return out, false, rows.NewProblem(rows.ReasonInvalidValue, v.label, b,
				"%s must be a number (the cell looks like %q)", v.field, rows.Shape(b))
		}
		return strconv.AppendFloat(out, f, 'g', -1, 64), true, nil
	case mapping.KindBoolean:
		switch string(b) {
		case "true", "True", "TRUE":
			return append(out, "true"...), true, nil
		case "false", "False", "FALSE":
			return append(out, "false"...), true, nil
		}
		return out, false, rows.NewProblem(rows.ReasonInvalidValue, v.label, b,
			"%s must be true or false; use a code table for other words", v.field)
	}
	if !utf8.Valid(b) {
		return out, false, s.undecodable(v.label, b)
	}
	if !v.inEnum(b) {
		return out, false, v.enumProblem(b)
	}
	if v.ident {
		if fault := identifierFault(b); fault != "" {
			return out, false, rows.NewProblem(rows.ReasonInvalidID, v.label, b, "%s %s", v.field, fault)
		}
	}
	if v.field == "region_code" && !regionCode(b) {
		return out, false, rows.NewProblem(rows.ReasonInvalidValue, v.label, b, "a region code has 2, 4, 6, 9 or 12 digits")
	}
	v.similarTo(b, s)
	if v.token {
		b = token(s.tokenKey, b)
	}
	return appendString(out, b), true, nil
}

func (v *valuePlan) inEnum(b []byte) bool { return v.enum == nil || v.enum[string(b)] }

func (v *valuePlan) enumProblem(b []byte) *rows.Problem {
	return rows.NewProblem(rows.ReasonInvalidValue, v.label, b, "the value is not one that %s can have; use a code table", v.field)
}

var errTooEarly, errFuture = errors.New("lies before the year 2000"), errors.New("lies more than 5 minutes in the future")

func (v *valuePlan) bounds(at time.Time, s *scratch) error {
	if at.Year() < 2000 && v.fact {
		return errTooEarly
	}
	if v.fact && at.After(s.latest) {
		return errFuture
	}
	if at.Year() > 9999 || at.Year() < 1 {
		return mapping.ErrNotATime
	}
	return nil
}

func (v *valuePlan) timeProblem(b []byte, err error, s *scratch) *rows.Problem {
	if !utf8.Valid(b) {
		return s.undecodable(v.label, b)
	}
	reason := rows.ReasonInvalidTime
	switch {
	case errors.Is(err, mapping.ErrNoZone):
		reason = rows.ReasonTimeNoZone
	case errors.Is(err, mapping.ErrAmbiguous):
		reason = rows.ReasonAmbiguousTime
	case errors.Is(err, mapping.ErrNonexistent):
		reason = rows.ReasonNonexistentTime
	case errors.Is(err, errTooEarly):
		reason = rows.ReasonTimeTooEarly
	case errors.Is(err, errFuture):
		reason = rows.ReasonTimeInFuture
	}
	detail := ""
	if reason == rows.ReasonInvalidTime {
		detail = fmt.Sprintf(" %q (the cell looks like %q)", v.time.FormatNames(), rows.Shape(b))
	}
	return rows.NewProblem(reason, v.label, b, "the time of %s %v%s", v.field, err, detail)
}

func regionCode(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	switch len(b) {
	case 2, 4, 6, 9, 12:
		return true
	}
	return false
}

func token(key, b []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(b)
	return []byte("tok:" + base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(h.Sum(nil)))
}

// appendTime writes an instant in UTC to the millisecond, the precision in
// which facts are kept: two spellings of one instant become one text.
func appendTime(out []byte, t time.Time) []byte {
	t = t.UTC()
	y, m, d := t.Date()
	out = append(out, byte('0'+y/1000%10), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10), '-')
	out = append2(out, int(m), '-')
	out = append2(out, d, 'T')
	out = append2(out, t.Hour(), ':')
	out = append2(out, t.Minute(), ':')
	s := t.Second()
	out = append(out, byte('0'+s/10), byte('0'+s%10))
	if ms := t.Nanosecond() / 1e6; ms != 0 {
		out = append(out, '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10))
	}
	return append(out, 'Z')
}

func append2(out []byte, n int, sep byte) []byte {
	return append(out, byte('0'+n/10), byte('0'+n%10), sep)
}

const hexDigits = "0123456789abcdef"

// appendString writes b, which must be UTF-8, as a JSON string.
func appendString(out, b []byte) []byte {
	out = append(out, '"')
	from := 0
	for i, c := range b {
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		out = append(out, b[from:i]...)
		switch c {
		case '"', '\\':
			out = append(out, '\\', c)
		case '\n':
			out = append(out, '\\', 'n')
		case '\r':
			out = append(out, '\\', 'r')
		case '\t':
			out = append(out, '\\', 't')
		default:
			out = append(out, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		from = i + 1
	}
	out = append(out, b[from:]...)
	return append(out, '"')
}
