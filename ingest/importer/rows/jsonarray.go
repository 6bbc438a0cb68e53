package rows

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// jsonArraySource reads the objects of one JSON array, as a stream.
type jsonArraySource struct {
	ndjsonSource
	begun, ended bool
}

func (s *jsonArraySource) next(rec *Record) error {
	rec.reset()
	if s.ended {
		return io.EOF
	}
	c, err := s.skipBlanks()
	if err != nil {
		return err
	}
	switch {
	case !s.begun && c == '[':
		s.begun = true
		s.w.advance(1, 0)
		if c, err = s.skipBlanks(); err != nil {
			return err
		}
		if c == ']' {
			return s.end()
		}
	case c == ']':
		return s.end()
	case c == ',':
		s.w.advance(1, 0)
		if _, err = s.skipBlanks(); err != nil {
			return err
		}
	default:
		return s.broken("no comma stands between two elements")
	}
	line := s.w.line
	d, err := s.element()
	if err != nil {
		return err
	}
	s.row++
	rec.Line, rec.No = line, s.row
	if p := s.parse(rec, d, "element"); p != nil {
		return p
	}
	return nil
}

func (s *jsonArraySource) broken(what string) error {
	return fmt.Errorf("line %d: not a well-formed JSON array: %s", s.w.line, what)
}

// end makes sure that nothing follows the array.
func (s *jsonArraySource) end() error {
	s.ended = true
	s.w.advance(1, 0)
	if _, err := s.skipBlanks(); !errors.Is(err, errArrayOpen) {
		if err != nil {
			return err
		}
		return s.broken("something follows it")
	}
	return io.EOF
}

var errArrayOpen = errors.New("the file ends inside the JSON array")

// skipBlanks returns the next byte that is not blank, without taking it.
func (s *jsonArraySource) skipBlanks() (byte, error) {
	for {
		d := s.w.data()
		n := len(d) - len(bytes.TrimLeft(d, " \t\r\n"))
		s.w.advance(n, int64(bytes.Count(d[:n], []byte{'\n'})))
		if d = s.w.data(); len(d) > 0 {
			return d[0], nil
		}
		if !s.w.more() {
			if s.w.err != nil {
				return 0, s.w.err
			}
			return 0, errArrayOpen
		}
	}
}

// element takes everything up to the comma or bracket behind an element.
func (s *jsonArraySource) element() ([]byte, error) {
	depth, quoted, i := 0, false, 0
	for {
		d := s.w.data()
		for ; i < len(d); i++ {
			switch c := d[i]; {
			case quoted && c == '\\':
				i++
			case c == '"':
				quoted = !quoted
			case quoted:
			case c == '{' || c == '[':
				depth++
			case depth == 0 && (c == ',' || c == ']'):
				s.w.advance(i, int64(bytes.Count(d[:i], []byte{'\n'})))
				return d[:i], nil
			case c == '}' || c == ']':
				if depth--; depth < 0 {
					return nil, s.broken("a bracket closes what is not open")
				}
			}
		}
		if !s.w.more() {
			if s.w.err != nil {
				return nil, s.w.err
			}
			if !s.w.eof {
				return nil, s.broken(fmt.Sprintf("an element is longer than %d bytes", MaxRecordBytes))
			}
			return nil, errArrayOpen
		}
	}
}

func firstLine(b []byte) []byte {
	line, _, _ := bytes.Cut(b, []byte{'\n'})
	return line
}

// isArrayOfObjects reports whether a text begins like an array of objects.
func isArrayOfObjects(head []byte) bool {
	t := bytes.TrimLeft(head, " \t\r\n")
	if len(t) == 0 || t[0] != '[' {
		return false
	}
	t = bytes.TrimLeft(t[1:], " \t\r\n")
	return len(t) > 0 && (t[0] == '{' || t[0] == ']')
}
