package rows

import (
	"bytes"

	"duban/ingest/importer/mapping"
)

// csvSource reads comma-separated rows (RFC 4180, with any delimiter).
type csvSource struct {
	w      *window
	delim  byte
	slots  []int
	cols   *Columns
	row    int64
	cells  []cell
	unesc  []byte
	lines  int64 // line ends inside the row just parsed
	inited bool
	given  []string
	// encoding is what the text was decoded from, "" for UTF-8; declared is
	// whether the mapping names the delimiter.
	encoding string
	declared bool
}

// cell is a stretch of the row, or of unesc when quotes were doubled in it.
type cell struct {
	from, to int
	unesc    bool
}

func newCSV(w *window, m *mapping.Mapping, cols *Columns) *csvSource {
	c := &csvSource{w: w, delim: ',', cols: cols, given: m.Input.Header}
	if m.Input.Delimiter != 0 {
		c.delim, c.declared = byte(m.Input.Delimiter), true
	}
	return c
}

func (c *csvSource) next(rec *Record) error {
	if !c.inited {
		if err := c.init(); err != nil {
			return err
		}
		c.inited = true
	}
	rec.reset()
	d, p := c.read()
	if p != nil {
		c.row++
		rec.Line, rec.No = p.Line, c.row
		return p
	}
	if d == nil {
		return c.w.endError()
	}
	c.row++
	rec.Line, rec.No = c.w.line-c.lines, c.row
	if len(c.cells) == len(c.slots)+1 && c.cells[len(c.slots)].from == c.cells[len(c.slots)].to {
		return NewProblem(ReasonRaggedRow, "", nil, "the row ends with one delimiter more than the header, which has %d cells: end the header "+
			"with a delimiter too, or take it away from the rows", len(c.slots))
	}
	if len(c.cells) != len(c.slots) {
		return NewProblem(ReasonRaggedRow, "", nil, "the row has %d cells, the header has %d", len(c.cells), len(c.slots))
	}
	for i, s := range c.slots {
		if s >= 0 {
			rec.set(s, c.text(d, i))
		}
	}
	return nil
}

func (c *csvSource) text(d []byte, i int) []byte {
	k := c.cells[i]
	if k.unesc {
		return c.unesc[k.from:k.to]
	}
	return d[k.from:k.to]
}

// read parses the next row that is not an empty line. The row's bytes are
// returned, nil at the end of the stream.
func (c *csvSource) read() ([]byte, *Problem) {
	for {
		d, full := c.line()
		if !full {
			if c.w.eof {
				if c.w.err != nil || len(c.w.data()) == 0 {
					return nil, nil //nolint:nilerr // the window keeps its error for whoever reads to the end
				}
			} else {
				p := NewProblem(ReasonTooLong, "", nil, "the row is longer than %d bytes", MaxRecordBytes)
				p.Line = c.w.line
				c.w.skipLine()
				return nil, p
			}
		}
		if len(bytes.TrimRight(d, "\r\n")) == 0 {
			c.w.advance(len(d), 1)
			continue
		}
		if bytes.IndexByte(d, '"') < 0 {
			c.split(d)
			c.lines = 1
			c.w.advance(len(d), 1)
			return d, nil
		}
		return c.quoted()
	}
}

// line returns the bytes up to and including the next line end; full is false
// when there is none within the window's reach.
func (c *csvSource) line() (d []byte, full bool) {
	from := 0
	for {
		d = c.w.data()
		if i := bytes.IndexByte(d[from:], '\n'); i >= 0 {
			return d[:from+i+1], true
		}
		from = len(d)
		if !c.w.more() {
			return c.w.data(), false
		}
	}
}

// split cuts a row without quotes.
func (c *csvSource) split(d []byte) {
	c.cells = c.cells[:0]
	end := len(d)
	if end > 0 && d[end-1] == '\n' {
		end--
	}
	if end > 0 && d[end-1] == '\r' {
		end--
	}
	from := 0
	for {
		i := bytes.IndexByte(d[from:end], c.delim)
		if i < 0 {
			c.cells = append(c.cells, cell{from: from, to: end})
			return
		}
		c.cells = append(c.cells, cell{from: from, to: from + i})
		from += i + 1
	}
}

// quoted parses a row with quotes, which may run over line ends. When the row
// is not well formed, reading goes on at the line after its first one, so that
// one stray quote costs one row.
func (c *csvSource) quoted() ([]byte, *Problem) {
	for {
		d := c.w.data()
		n, state := c.parse(d, c.w.eof)
		switch state {
		case rowDone:
			c.lines = int64(bytes.Count(d[:n], []byte{'\n'}))
			if n == len(d) && (n == 0 || d[n-1] != '\n') {
				c.lines++ // the last row of a file need not end its line
			}
			c.w.advance(n, c.lines)
			return d[:n], nil
		case rowMore:
			if c.w.more() {
				continue
			}
			if c.w.eof && c.w.err == nil {
				if _, state = c.parse(c.w.data(), true); state == rowDone {
					continue
				}
			}
			if c.w.err != nil {
				return nil, nil //nolint:nilerr // as above
			}
		}
		p := NewProblem(ReasonBadQuote, "", nil, "cell %d: a quote opens the cell and is not closed before a delimiter or line end; quotes "+
			"inside a quoted cell must be doubled", len(c.cells)+1)
		p.Line = c.w.line
		c.w.skipLine()
		return nil, p
	}
}

type rowState int

const (
	rowDone rowState = iota
	rowMore
	rowBad
)

// parse reads one row at the start of d. n is the length of the row with its
// line end; it is only meaningful for rowDone.
func (c *csvSource) parse(d []byte, eof bool) (n int, state rowState) {
	c.cells, c.unesc = c.cells[:0], c.unesc[:0]
	i := 0
	for {
		if i < len(d) && d[i] == '"' {
			k := cell{from: i + 1}
			j := i + 1
			copied := j
			for {
				q := bytes.IndexByte(d[j:], '"')
				if q < 0 {
					return 0, atEnd(eof)
				}
				j += q
				if j+1 == len(d) && !eof {
					return 0, rowMore
				}
				if j+1 < len(d) && d[j+1] == '"' {
					if !k.unesc {
						k.unesc = true
						k.from = len(c.unesc)
					}
					c.unesc = append(c.unesc, d[copied:j+1]...)
					j += 2
					copied = j
					continue
				}
				break
			}
			if k.unesc {
				c.unesc = append(c.unesc, d[copied:j]...)
				k.to = len(c.unesc)
			} else {
				k.to = j
			}
			i = j + 1
			if i < len(d) && d[i] == '\r' {
				if i+1 == len(d) && !eof {
					return 0, rowMore
				}
				if i+1 == len(d) || d[i+1] == '\n' {
					i++
				}
			}
			switch {
			case i >= len(d):
				c.cells = append(c.cells, k)
				if !eof {
					return 0, rowMore
				}
				return len(d), rowDone
			case d[i] == '\n':
				c.cells = append(c.cells, k)
				return i + 1, rowDone
			case d[i] == c.delim:
				c.cells = append(c.cells, k)
				i++
				continue
			}
			return 0, rowBad
		}
		j := i
		for j < len(d) && d[j] != c.delim && d[j] != '\n' {
			j++
		}
		if j == len(d) {
			if !eof {
				return 0, rowMore
			}
			c.cells = append(c.cells, cell{from: i, to: trimCR(d, i, j)})
			return j, rowDone
		}
		if d[j] == '\n' {
			c.cells = append(c.cells, cell{from: i, to: trimCR(d, i, j)})
			return j + 1, rowDone
		}
		c.cells = append(c.cells, cell{from: i, to: j})
		i = j + 1
	}
}

func atEnd(eof bool) rowState {
	if eof {
		return rowBad
	}
	return rowMore
}

func trimCR(d []byte, from, to int) int {
	if to > from && d[to-1] == '\r' {
		return to - 1
	}
	return to
}
