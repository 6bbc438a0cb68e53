package rows

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"sync/atomic"

	"duban/ingest/importer/mapping"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/htmlindex"
)

// Reader yields the records of one file. It is not for use by several
// goroutines.
type Reader struct {
	// Path, Format and Size (bytes on disk, 0 when unknown) describe the file.
	Path   string
	Format string
	Size   int64
	// Encoding is what the text was decoded from, "" for UTF-8 and for formats
	// that say so themselves.
	Encoding string

	src     interface{ next(*Record) error }
	rec     Record
	read    atomic.Int64
	closers []func() error
}

// ErrNothingRead says that a file holds no record at all: a load that brought
// nothing must not look like one that did its work.
var ErrNothingRead = errors.New("nothing could be read")

// Open opens a file to be read with m. Compression and format are found from
// the first bytes; the name only decides between CSV and NDJSON. The file is
// not read beyond its first block (Parquet: its footer).
func Open(ctx context.Context, path string, m *mapping.Mapping) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	r := &Reader{Path: path, closers: []func() error{f.Close}}
	if st, err := f.Stat(); err == nil {
		r.Size = st.Size()
	}
	if err := r.start(f, m); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, shortError{err}), r.Close())
	}
	return r, nil
}

func (r *Reader) start(f *os.File, m *mapping.Mapping) error {
	br := bufio.NewReaderSize(counter{f, &r.read}, 256<<10)
	plain := true
	head, err := br.Peek(4)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return err
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := newGzip(br)
		if err != nil {
			return err
		}
		plain, br = false, bufio.NewReaderSize(z, 256<<10)
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(br, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
		if err != nil {
			return fmt.Errorf("zstd: %w", err)
		}
		r.closers = append(r.closers, func() error { z.Close(); return nil })
		plain, br = false, bufio.NewReaderSize(z, 256<<10)
	}
	head, err = br.Peek(headBytes)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return fmt.Errorf("read: %w", err)
	case len(head) == 0:
		return fmt.Errorf("%w: the file is empty", ErrNothingRead)
	}
	if err := foreign(head); err != nil {
		return err
	}
	cols := newColumns(m)
	r.rec.cols = cols
	if r.Format = m.Input.Format; r.Format == "parquet" || r.Format == "" && isParquet(head) {
		r.Format = "parquet"
		if m.TracksCase {
			return tracksCase(r.Format)
		}
		return r.parquet(f, br, plain, cols)
	}
	encoding := m.Input.Encoding
	if r.Format == "xes" || r.Format == "" && sniff(head, r.Path) == "xes" {
		encoding = "" // XML declares it itself, unless a mark does
	}
	text, err := r.text(br, head, encoding)
	if err != nil {
		return err
	}
	if head, err = text.Peek(headBytes); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read: %w", err)
	}
	if r.Format == "" {
		r.Format = sniff(head, r.Path)
	}
	if err := strange(head, encoding != ""); err != nil {
		return err
	}
	switch {
	case r.Format == "xes":
		x := newXES(text, cols)
		if r.Encoding != "" { // decoded already
			x.dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
		}
		r.src = x
		return nil
	case m.TracksCase:
		return tracksCase(r.Format)
	case r.Format == "ndjson":
		return r.json(text, head, cols)
	}
	if err := loneCR(head); err != nil {
		return err
	}
	c := newCSV(newWindow(text), m, cols)
	c.encoding = r.Encoding
	if err := c.init(); err != nil {
		return err
	}
	c.inited = true
	r.src = c
	return nil
}

func tracksCase(format string) error {
	return fmt.Errorf("the mapping uses after or not_after, which only works for XES: in a %s file the events of a case need not stand "+
		"together", format)
}

// json reads one object per line, or the objects of one array.
func (r *Reader) json(text io.Reader, head []byte, cols *Columns) error {
	start := bytes.TrimLeft(head, " \t\r\n")
	if isArrayOfObjects(start) {
		r.src = &jsonArraySource{ndjsonSource: ndjsonSource{w: newWindow(text), cols: cols}}
		return nil
	}
	if line := bytes.TrimSpace(firstLine(start)); bytes.Equal(line, []byte("{")) {
		return errors.New("the file is one JSON document over several lines: write one object per line, or an array of objects")
	}
	r.src = &ndjsonSource{w: newWindow(text), cols: cols}
	return nil
}

// parquet needs to jump about in the file, so a compressed one is unpacked
// into a temporary file first.
func (r *Reader) parquet(f *os.File, br io.Reader, plain bool, cols *Columns) error {
	if !plain {
		tmp, err := os.CreateTemp("", "duban-load-*.parquet")
		if err != nil {
			return fmt.Errorf("unpack Parquet: %w", err)
		}
		r.closers = append(r.closers, tmp.Close, func() error { return os.Remove(tmp.Name()) })
		if _, err := io.Copy(tmp, br); err != nil {
			return fmt.Errorf("unpack Parquet: %w", err)
		}
		f = tmp
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("read Parquet: %w", err)
	}
	// A section reader, because the Parquet reader closes what it can close.
	p, err := newParquet(io.NewSectionReader(f, 0, size), cols)
	if err != nil {
		return err
	}
	r.closers = append([]func() error{p.close}, r.closers...)
	r.src = p
	return nil
}

// Next returns the next record. The error is io.EOF at the end, a *Problem
// when this one record was refused (reading can go on), or the reason why the
// file cannot be read any further.
func (r *Reader) Next() (*Record, error) {
	err := r.src.next(&r.rec)
	if err == nil {
		return &r.rec, nil
	}
	if p, ok := errors.AsType[*Problem](err); ok {
		p.File = r.Path
		if p.Line == 0 {
			p.Line = r.rec.Line
		}
		return &r.rec, p
	}
	if errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	return nil, fmt.Errorf("read %s: %w", r.Path, shortError{err})
}

// BytesRead is how much of the file on disk has been read.
func (r *Reader) BytesRead() int64 {
	if p, ok := r.src.(*parquetSource); ok && p.total > 0 {
		return r.Size * p.row / p.total
	}
	return r.read.Load()
}

// UnusedColumns lists the columns found in the file that the mapping neither
// uses nor leaves out by name.
func (r *Reader) UnusedColumns() []string { return sortedKeys(r.rec.cols.unused) }

// UnseenColumns lists the columns of the mapping that no record had so far.
func (r *Reader) UnseenColumns() []string {
	var out []string
	c := r.rec.cols
	for i, n := range c.names[:c.named] {
		if !c.seen[i] && !c.optional[n] {
			out = append(out, n)
		}
	}
	return out
}

// Columns tells where records have their cells.
func (r *Reader) Columns() *Columns { return r.rec.cols }

// Emptiness says what a file without a record has in place of records.
func (r *Reader) Emptiness() string {
	switch r.Format {
	case "csv":
		return "a header and no row"
	case "xes":
		return "no trace and no event"
	case "ndjson":
		return "no object"
	}
	return "no row"
}

// Close frees what the reader holds; it may be called twice.
func (r *Reader) Close() error {
	var errs []error
	for _, c := range r.closers {
		errs = append(errs, c())
	}
	r.closers = nil
	return errors.Join(errs...)
}

// charsetReader serves XML files that declare another encoding than UTF-8.
func charsetReader(label string, in io.Reader) (io.Reader, error) {
	e, err := htmlindex.Get(label)
	if err != nil {
		return nil, fmt.Errorf("the encoding %q is not known", label)
	}
	return decoded(in, e), nil
}

type counter struct {
	r io.Reader
	n *atomic.Int64
}

func (c counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n.Add(int64(n))
	return n, err
}

func sortedKeys(m map[string]bool) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
