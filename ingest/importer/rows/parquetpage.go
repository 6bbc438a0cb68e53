package rows

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/apache/arrow-go/v18/parquet/metadata"
)

// maxPageBytes bounds one page as it is unpacked: its header is believed by the
// library, which would ask for as much memory as it says.
const maxPageBytes = 256 << 20

var (
	errChecksum = errors.New("the checksum of a page is wrong: the file is damaged")
	errPage     = errors.New("the header of a page cannot be read: the file is damaged")
)

// checkPages walks the pages of a column chunk and compares each with the
// checksum in its header, where there is one, before anything of it is believed.
// The library does not.
func checkPages(r io.ReaderAt, meta *metadata.ColumnChunkMetaData) error {
	start := meta.DataPageOffset()
	if meta.HasDictionaryPage() && meta.DictionaryPageOffset() > 0 && meta.DictionaryPageOffset() < start {
		start = meta.DictionaryPageOffset()
	}
	size := meta.TotalCompressedSize()
	if start < 0 || size < 0 {
		return errPage
	}
	// Old writers forgot the header of the dictionary page in the size (PARQUET-816);
	// what is read is bounded by the number of values.
	size += 100
	section := io.NewSectionReader(r, start, size)
	br := bufio.NewReaderSize(section, 64<<10)
	sum := crc32.NewIEEE()
	for values := int64(0); values < meta.NumValues(); {
		h, err := readPageHeader(br)
		if errors.Is(err, io.EOF) {
			return nil // the library tells of values that are not there
		}
		if err != nil {
			return err
		}
		if h.compressed < 0 || h.compressed > size || h.unpacked < 0 || h.unpacked > maxPageBytes || h.values < 0 {
			return fmt.Errorf("%w (it says %d bytes, unpacked %d)", errPage, h.compressed, h.unpacked)
		}
		sum.Reset()
		if _, err := io.CopyN(sum, br, h.compressed); err != nil {
			return fmt.Errorf("a page is cut off: %w", err)
		}
		if h.hasCRC && sum.Sum32() != uint32(h.crc) {
			return errChecksum
		}
		if h.kind == dataPage || h.kind == dataPageV2 {
			values += h.values
		}
	}
	return nil
}

// pageHeader is what is needed of a page's header (parquet.thrift, PageHeader).
type pageHeader struct {
	kind, unpacked, compressed, crc, values int64
	hasCRC                                  bool
}

// Kinds of pages (parquet.thrift, PageType).
const dataPage, dataPageV2 = 0, 3

// readPageHeader reads a struct of the Thrift compact protocol.
func readPageHeader(br *bufio.Reader) (h pageHeader, err error) {
	if _, err := br.Peek(1); err != nil {
		return h, err
	}
	t := thrift{br: br}
	t.fields(0, func(depth int, id int16, n int64) {
		switch {
		case depth == 0 && id == 1:
			h.kind = n
		case depth == 0 && id == 2:
			h.unpacked = n
		case depth == 0 && id == 3:
			h.compressed = n
		case depth == 0 && id == 4:
			h.crc, h.hasCRC = n, true
		case depth == 1 && id == 1 && h.values == 0: // num_values of whichever kind of page
			h.values = n
		}
	})
	if t.err != nil {
		return h, fmt.Errorf("%w: %w", errPage, t.err)
	}
	return h, nil
}

// thrift walks a struct of the compact protocol; only whole numbers are of
// interest, everything else is passed over.
type thrift struct {
	br   *bufio.Reader
	err  error
	left int
}

const (
	thriftTrue, thriftFalse, thriftByte, thriftI16, thriftI32, thriftI64 = 1, 2, 3, 4, 5, 6
	thriftDouble, thriftBinary, thriftList, thriftSet, thriftStruct      = 7, 8, 9, 10, 12
	// maxThriftItems bounds what one header may hold.
	maxThriftItems = 10_000
)

func (t *thrift) fields(depth int, number func(depth int, id int16, n int64)) {
	id := int16(0)
	for t.err == nil {
		if t.left++; t.left > maxThriftItems || depth > 8 {
			t.err = errors.New("too large")
			return
		}
		b := t.byte()
		if t.err != nil || b == 0 {
			return
		}
		if delta := b >> 4; delta != 0 {
			id += int16(delta)
		} else {
			id = int16(t.zigzag())
		}
		t.value(depth, id, b&15, number)
	}
}

func (t *thrift) value(depth int, id int16, kind byte, number func(int, int16, int64)) {
	switch kind {
	case thriftTrue, thriftFalse:
	case thriftByte:
		t.byte()
	case thriftI16, thriftI32, thriftI64:
		number(depth, id, t.zigzag())
	case thriftDouble:
		t.skip(8)
	case thriftBinary:
		t.skip(t.varint())
	case thriftList, thriftSet:
		b := t.byte()
		n := uint64(b >> 4)
		if n == 15 {
			n = t.varint()
		}
		for ; n > 0 && t.err == nil; n-- {
			if t.left++; t.left > maxThriftItems {
				t.err = errors.New("too large")
				return
			}
			switch b & 15 {
			case thriftTrue, thriftFalse:
				t.byte()
			default:
				t.value(depth+2, 0, b&15, number)
			}
		}
	case thriftStruct:
		t.fields(depth+1, number)
	default:
		t.err = errors.New("unknown type")
	}
}

func (t *thrift) byte() byte {
	b, err := t.br.ReadByte()
	if err != nil && t.err == nil {
		t.err = noEOF(err)
	}
	return b
}

func (t *thrift) varint() uint64 {
	n, err := binary.ReadUvarint(t.br)
	if err != nil && t.err == nil {
		t.err = noEOF(err)
	}
	return n
}

func (t *thrift) zigzag() int64 {
	n := t.varint()
	return int64(n>>1) ^ -int64(n&1)
}

func (t *thrift) skip(n uint64) {
	if n > 1<<20 {
		t.err = errors.New("too large")
		return
	}
	if _, err := t.br.Discard(int(n)); err != nil && t.err == nil {
		t.err = noEOF(err)
	}
}

// noEOF keeps an end in the middle of a header from passing for the end of the
// pages.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
