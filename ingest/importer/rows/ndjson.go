package rows

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-faster/jx"
)

// maxJSONDepth bounds nested objects.
const maxJSONDepth = 32

// ndjsonSource reads one JSON object per line. Objects inside it become
// columns named with dots (a.b), lists become their JSON text.
type ndjsonSource struct {
	w     *window
	cols  *Columns
	row   int64
	arena []byte
	path  []byte
	dec   jx.Decoder
	set   []struct{ slot, from, to int }
}

var errTrailing = errors.New("text after the object")

func (s *ndjsonSource) next(rec *Record) error {
	for {
		rec.reset()
		line := s.w.line
		d, tooLong, ok := s.w.readLine()
		if !ok {
			return s.w.endError()
		}
		if !tooLong && len(bytes.TrimSpace(d)) == 0 {
			continue
		}
		s.row++
		rec.Line, rec.No = line, s.row
		if tooLong {
			return NewProblem(ReasonTooLong, "", nil, "the line is longer than %d bytes", MaxRecordBytes)
		}
		if p := s.parse(rec, d, "line"); p != nil {
			return p
		}
		return nil
	}
}

// parse reads the object that makes up d, which is a line or an element.
func (s *ndjsonSource) parse(rec *Record, d []byte, what string) *Problem {
	s.arena, s.path, s.set = s.arena[:0], s.path[:0], s.set[:0]
	s.dec.ResetBytes(d)
	if s.dec.Next() != jx.Object {
		return NewProblem(ReasonMalformedJSON, "", nil, "the %s is not a JSON object", what)
	}
	err := s.object(0)
	if err == nil && !atLineEnd(&s.dec) {
		err = errTrailing
	}
	if err != nil {
		return NewProblem(ReasonMalformedJSON, "", nil, "the %s is not one well-formed JSON object", what)
	}
	for _, c := range s.set {
		if !rec.set(c.slot, s.arena[c.from:c.to]) {
			return NewProblem(ReasonDuplicateKey, s.cols.names[c.slot], nil, "the key is given twice in one object")
		}
	}
	return nil
}

// atLineEnd reports whether nothing but blanks is left of the line.
func atLineEnd(d *jx.Decoder) bool {
	if d.Next() != jx.Invalid {
		return false
	}
	err := d.Skip()
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

func (s *ndjsonSource) object(depth int) error {
	if depth > maxJSONDepth {
		return errors.New("nested too deep")
	}
	base := len(s.path)
	return s.dec.ObjBytes(func(d *jx.Decoder, key []byte) error {
		s.path = s.path[:base]
		if base > 0 {
			s.path = append(s.path, '.')
		}
		s.path = append(s.path, key...)
		t := d.Next()
		if t == jx.Object {
			err := s.object(depth + 1)
			s.path = s.path[:base]
			return err
		}
		if t == jx.Null {
			return d.Null()
		}
		slot := s.cols.find(s.path)
		if slot < 0 {
			return d.Skip()
		}
		from := len(s.arena)
		switch t {
		case jx.String:
			b, err := d.StrAppend(s.arena)
			if err != nil {
				return err
			}
			s.arena = b
		default:
			raw, err := d.Raw()
			if err != nil {
				return err
			}
			s.arena = append(s.arena, raw...)
		}
		s.set = append(s.set, struct{ slot, from, to int }{slot, from, len(s.arena)})
		return nil
	})
}
