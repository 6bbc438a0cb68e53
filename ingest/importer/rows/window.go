package rows

import (
	"bytes"
	"io"
)

// MaxRecordBytes bounds one row of a CSV or NDJSON file: a quote that is never
// closed must not read the rest of the file into memory.
const MaxRecordBytes = 1 << 20

// window is a stretch of a stream that grows until a whole row lies in it.
type window struct {
	r          io.Reader
	buf        []byte
	start, end int
	eof        bool
	err        error
	// line is the line number of buf[start].
	line int64
}

func newWindow(r io.Reader) *window { return &window{r: r, buf: make([]byte, 256<<10), line: 1} }

// data is what lies in the window.
func (w *window) data() []byte { return w.buf[w.start:w.end] }

// more reads on; it reports false at the end of the stream, on an error or
// when the row would be longer than maxRecordBytes.
func (w *window) more() bool {
	if w.eof || w.end-w.start >= MaxRecordBytes {
		return false
	}
	if w.start > 0 && w.end == len(w.buf) {
		copy(w.buf, w.buf[w.start:w.end])
		w.end -= w.start
		w.start = 0
	}
	if w.end == len(w.buf) {
		w.buf = append(w.buf, make([]byte, len(w.buf))...)
	}
	for range 100 {
		n, err := w.r.Read(w.buf[w.end:])
		w.end += n
		if err != nil {
			w.eof = true
			if err != io.EOF {
				w.err = err
			}
			return n > 0
		}
		if n > 0 {
			return true
		}
	}
	w.eof, w.err = true, io.ErrNoProgress
	return false
}

// advance drops n bytes that hold the given number of line ends.
func (w *window) advance(n int, lines int64) {
	w.start += n
	w.line += lines
}

// readLine returns the next line without its end; tooLong when it does not fit (the
// line is then skipped to its end). ok is false at the end of the stream.
func (w *window) readLine() (line []byte, tooLong, ok bool) {
	for {
		d := w.data()
		if i := bytes.IndexByte(d, '\n'); i >= 0 {
			w.advance(i+1, 1)
			return bytes.TrimSuffix(d[:i], []byte{'\r'}), false, true
		}
		if w.more() {
			continue
		}
		if w.eof {
			d = w.data()
			if len(d) == 0 {
				return nil, false, false
			}
			w.advance(len(d), 1)
			return bytes.TrimSuffix(d, []byte{'\r'}), false, true
		}
		w.skipLine()
		return nil, true, true
	}
}

// skipLine drops everything up to and including the next line end.
func (w *window) skipLine() {
	for {
		d := w.data()
		if i := bytes.IndexByte(d, '\n'); i >= 0 {
			w.advance(i+1, 1)
			return
		}
		w.advance(len(d), 0)
		if !w.more() {
			return
		}
	}
}

// endError is what a reader returns when the window is empty.
func (w *window) endError() error {
	if w.err != nil {
		return w.err
	}
	return io.EOF
}
