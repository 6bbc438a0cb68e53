package importer

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync/atomic"

	"duban/ingest/importer/mapping"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/transform"
)

// Reader yields the records of one file. It is not for use by several
// goroutines.
type Reader struct {
	// Path, Format and Size (bytes on disk, 0 when unknown) describe the file.
	Path   string
	Format string
	Size   int64

	src     interface{ next(*Record) error }
	rec     Record
	read    atomic.Int64
	closers []func() error
}

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
	if err := r.start(ctx, f, m); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), r.Close())
	}
	return r, nil
}

func (r *Reader) start(ctx context.Context, f *os.File, m *mapping.Mapping) error {
	br := bufio.NewReaderSize(counter{f, &r.read}, 256<<10)
	plain := true
	head, err := br.Peek(4)
	switch {
	case err != nil && err != io.EOF:
		return err
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(br)
		if err != nil {
			return fmt.Errorf("gzip: %w", err)
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
	head, err = br.Peek(512)
	if err != nil && err != io.EOF {
		return fmt.Errorf("read: %w", err)
	}
	if r.Format = m.Input.Format; r.Format == "" {
		r.Format = sniff(head, r.Path)
	}
	if m.TracksCase && r.Format != "xes" {
		return fmt.Errorf("the mapping uses after or not_after, which only works for XES: in a %s file the events of a case need not stand together", r.Format)
	}
	cols := newColumns(m)
	r.rec.cols = cols
	switch r.Format {
	case "xes":
		r.src = newXES(br, cols)
	case "parquet":
		return r.parquet(ctx, f, br, plain, cols)
	default:
		text, err := utf8Text(br, m.Input.Encoding)
		if err != nil {
			return err
		}
		if r.Format == "ndjson" {
			r.src = &ndjsonSource{w: newWindow(text), cols: cols}
			return nil
		}
		c := newCSV(newWindow(text), m, cols)
		if err := c.init(); err != nil {
			return err
		}
		c.inited = true
		r.src = c
	}
	return nil
}

// parquet needs to jump about in the file, so a compressed one is unpacked
// into a temporary file first.
func (r *Reader) parquet(ctx context.Context, f *os.File, br io.Reader, plain bool, cols *columns) error {
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
	p, err := newParquet(ctx, io.NewSectionReader(f, 0, size), cols)
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
	var p *Problem
	if errors.As(err, &p) {
		p.File = r.Path
		if p.Line == 0 {
			p.Line = r.rec.Line
		}
		return &r.rec, p
	}
	if err == io.EOF {
		return nil, io.EOF
	}
	return nil, fmt.Errorf("read %s: %w", r.Path, err)
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

// emptiness says what a file without a record has in place of records.
func (r *Reader) emptiness() string {
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

// sniff finds the format of an uncompressed head; the file's name settles what
// the bytes leave open.
func sniff(head []byte, path string) string {
	if bytes.HasPrefix(head, []byte("PAR1")) {
		return "parquet"
	}
	t := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	name := strings.ToLower(filepath.Base(path))
	for _, z := range []string{".gz", ".zst", ".zstd"} {
		name = strings.TrimSuffix(name, z)
	}
	switch {
	case bytes.HasPrefix(t, []byte("<?xml")), bytes.HasPrefix(t, []byte("<log")), bytes.HasPrefix(t, []byte("<!--")):
		return "xes"
	case strings.HasSuffix(name, ".csv"), strings.HasSuffix(name, ".tsv"), strings.HasSuffix(name, ".txt"):
		return "csv"
	case bytes.HasPrefix(t, []byte("{")), strings.HasSuffix(name, ".ndjson"), strings.HasSuffix(name, ".jsonl"):
		return "ndjson"
	case strings.HasSuffix(name, ".xes"):
		return "xes"
	}
	return "csv"
}

// utf8Text drops a byte-order mark and translates to UTF-8.
func utf8Text(br *bufio.Reader, encoding string) (io.Reader, error) {
	if b, _ := br.Peek(3); bytes.Equal(b, []byte("\xef\xbb\xbf")) {
		_, err := br.Discard(3)
		return br, err
	}
	e, err := mapping.Encoding(encoding)
	if err != nil || e == nil {
		return br, err
	}
	return transform.NewReader(br, e.NewDecoder()), nil
}

// charsetReader serves XML files that declare another encoding than UTF-8.
func charsetReader(label string, in io.Reader) (io.Reader, error) {
	e, err := htmlindex.Get(label)
	if err != nil {
		return nil, fmt.Errorf("the encoding %q is not known", label)
	}
	return transform.NewReader(in, e.NewDecoder()), nil
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
