package rows

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxTraceBytes bounds what is held of one trace. A longer trace is handed on
// in parts; its own attributes must then come before that point.
const MaxTraceBytes = 32 << 20

// maxXMLDepth bounds nested elements.
const maxXMLDepth = 200

// xesSource reads the event log format XES (IEEE 1849). Of a trace and an
// event only the direct children count: nested attributes, lists, and the
// whole header with its globals, extensions and meta attributes are passed
// over. Attributes of a trace are called case:KEY, as the CSV exports of
// process-mining tools call them; attributes of an event KEY.
type xesSource struct {
	dec   *xml.Decoder
	cols  *Columns
	stack []string
	// caseSlot remembers the slot of a trace's attribute.
	caseSlot map[string]int

	arena     []byte
	trace     []xesCell
	traceBad  *Problem
	events    []xesEvent
	cells     []xesCell
	pos       int64 // position in the trace of the next event
	flushed   bool  // a part of the trace has been handed on
	inTrace   bool
	traceLine int64
	out       int // next of events to hand on
	ready     bool
	done      bool
}

type xesCell struct{ slot, from, to int }

type xesEvent struct {
	line     int64
	no       int64
	from, to int // cells
	bad      *Problem
	caseOnly bool
	first    bool
}

func newXES(r io.Reader, cols *Columns) *xesSource {
	d := xml.NewDecoder(r)
	d.CharsetReader = charsetReader
	return &xesSource{dec: d, cols: cols, caseSlot: map[string]int{}}
}

func (s *xesSource) next(rec *Record) error {
	for !s.ready {
		if s.done {
			return io.EOF
		}
		s.reset()
		if err := s.fill(); err != nil {
			return err
		}
	}
	e := s.events[s.out]
	s.out++
	if s.out == len(s.events) {
		s.ready = false
	}
	rec.reset()
	rec.Line, rec.No, rec.CaseOnly, rec.CaseStart = e.line, e.no, e.caseOnly, e.first
	if s.traceBad != nil {
		p := *s.traceBad
		return &p
	}
	if e.bad != nil {
		return e.bad
	}
	for _, c := range s.trace {
		rec.set(c.slot, s.arena[c.from:c.to])
	}
	for _, c := range s.cells[e.from:e.to] {
		if !rec.set(c.slot, s.arena[c.from:c.to]) {
			return NewProblem(ReasonDuplicateKey, s.cols.names[c.slot], nil, "the attribute is given twice")
		}
	}
	return nil
}

// reset forgets the events that have been handed on, and the trace when it is over.
func (s *xesSource) reset() {
	s.events, s.cells, s.out = s.events[:0], s.cells[:0], 0
	if !s.inTrace {
		s.arena, s.trace, s.traceBad = s.arena[:0], s.trace[:0], nil
		s.pos, s.flushed = 0, false
		return
	}
	// Keep what the trace said, drop its events.
	keep := 0
	for i, c := range s.trace {
		n := copy(s.arena[keep:], s.arena[c.from:c.to])
		s.trace[i].from, s.trace[i].to = keep, keep+n
		keep += n
	}
	s.arena = s.arena[:keep]
}

// fill reads up to the end of a trace, or a part of a very long one.
func (s *xesSource) fill() error {
	for {
		t, err := s.dec.RawToken()
		if errors.Is(err, io.EOF) {
			if len(s.stack) > 0 {
				return s.fail("the file ends inside <%s>", s.stack[len(s.stack)-1])
			}
			s.done = true
			return nil
		}
		if err != nil {
			if syn, ok := errors.AsType[*xml.SyntaxError](err); ok {
				return s.fail("%s", syn.Msg)
			}
			return fmt.Errorf("read XES: %w", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := s.start(&t); err != nil {
				return err
			}
		case xml.EndElement:
			n := len(s.stack)
			if n == 0 || s.stack[n-1] != t.Name.Local {
				return s.fail("</%s> closes an element that is not open", t.Name.Local)
			}
			s.stack = s.stack[:n-1]
			if s.end(t.Name.Local) {
				return nil
			}
		}
	}
}

func (s *xesSource) fail(format string, args ...any) error {
	l, _ := s.dec.InputPos()
	return fmt.Errorf("line %d: not well-formed XES: %s", l, fmt.Sprintf(format, args...))
}

func (s *xesSource) line() int64 { l, _ := s.dec.InputPos(); return int64(l) }

// start handles an opening element. The stack tells where it is:
// log > trace > event > attribute; anything else is passed over.
func (s *xesSource) start(t *xml.StartElement) error {
	depth := len(s.stack)
	if depth >= maxXMLDepth {
		return s.fail("elements are nested deeper than %d", maxXMLDepth)
	}
	name := t.Name.Local
	if depth == 0 && name != "log" {
		return s.fail("the file holds <%s>, not a <log>", name)
	}
	switch {
	case depth == 1 && name == "trace":
		s.inTrace, s.traceLine = true, s.line()
	case name == "event" && (depth == 1 || depth == 2 && s.inTrace):
		s.pos++
		s.events = append(s.events, xesEvent{line: s.line(), no: s.pos, from: len(s.cells), to: len(s.cells), first: s.pos == 1 && s.inTrace})
	case depth == 2 && s.inTrace:
		s.traceAttribute(t)
	case depth == 3 && s.stack[2] == "event" && s.inTrace, depth == 2 && s.stack[1] == "event":
		s.eventAttribute(t)
	}
	s.stack = append(s.stack, name)
	return nil
}

// end handles a closing element and reports whether records are ready.
func (s *xesSource) end(name string) bool {
	depth := len(s.stack)
	switch {
	case depth == 1 && name == "trace":
		if s.pos == 0 {
			s.events = append(s.events, xesEvent{line: s.traceLine, caseOnly: true, first: true})
		}
		s.inTrace = false
		s.ready = len(s.events) > 0
		return true
	case depth == 1 && name == "event":
		s.pos = 0
		s.ready = true
		return true
	case depth == 2 && name == "event" && s.inTrace && len(s.arena) > MaxTraceBytes:
		s.ready, s.flushed = true, true
		return true
	}
	return false
}

// attribute returns the key and value of an attribute element; ok is false for
// elements without a value (lists and containers).
func attribute(t *xml.StartElement) (key, value string, ok bool) {
	for i := range t.Attr {
		switch t.Attr[i].Name.Local {
		case "key":
			key = t.Attr[i].Value
		case "value":
			value, ok = t.Attr[i].Value, true
		}
	}
	return key, value, ok && key != ""
}

func (s *xesSource) traceAttribute(t *xml.StartElement) {
	key, value, ok := attribute(t)
	if !ok {
		return
	}
	slot, known := s.caseSlot[key]
	if !known {
		slot = s.cols.find([]byte("case:" + key))
		if len(s.caseSlot) < MaxExtraColumns {
			s.caseSlot[strings.Clone(key)] = slot
		}
	}
	if slot < 0 {
		return
	}
	if s.flushed {
		s.traceBad = NewProblem(ReasonLateAttribute, s.cols.names[slot], nil,
			"the trace is longer than %d MB and gives this attribute after that point; write the attributes of a trace before its events",
			MaxTraceBytes>>20)
		return
	}
	for _, c := range s.trace {
		if c.slot == slot {
			if string(s.arena[c.from:c.to]) == value {
				return // said twice, and the same
			}
			s.traceBad = NewProblem(ReasonDuplicateKey, s.cols.names[slot], nil, "the trace gives this attribute twice, with different values")
			return
		}
	}
	from := len(s.arena)
	s.arena = append(s.arena, value...)
	s.trace = append(s.trace, xesCell{slot, from, len(s.arena)})
}

func (s *xesSource) eventAttribute(t *xml.StartElement) {
	key, value, ok := attribute(t)
	if !ok || len(s.events) == 0 {
		return
	}
	slot := s.cols.find([]byte(key))
	if slot < 0 {
		return
	}
	e := &s.events[len(s.events)-1]
	for _, c := range s.cells[e.from:] {
		if c.slot == slot {
			if string(s.arena[c.from:c.to]) == value {
				return
			}
			e.bad = NewProblem(ReasonDuplicateKey, s.cols.names[slot], nil, "the event gives this attribute twice, with different values")
			return
		}
	}
	from := len(s.arena)
	s.arena = append(s.arena, value...)
	s.cells = append(s.cells, xesCell{slot, from, len(s.arena)})
	e.to = len(s.cells)
}
