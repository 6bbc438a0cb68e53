package sink

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/zeebo/xxh3"
)

// column is one column of a batch. view shows the rows [i, j) without
// copying; it is used to find a row that the server refuses.
type column interface {
	proto.ColInput
	Reset()
	view(i, j int) proto.ColInput
}

// named is a column with its name in the table.
type named struct {
	name string
	column
}

// text is a String column in the form that goes over the wire, so that
// sending it copies nothing.
type text struct {
	buf  []byte
	rows int
}

var _ column = (*text)(nil)

func (c *text) add(s string) {
	c.buf = binary.AppendUvarint(c.buf, uint64(len(s)))
	c.buf = append(c.buf, s...)
	c.rows++
}

// Type names the column type.
func (c *text) Type() proto.ColumnType { return proto.ColumnTypeString }

// Rows is the number of rows.
func (c *text) Rows() int { return c.rows }

// Reset empties the column and keeps its memory.
func (c *text) Reset() { c.buf, c.rows = c.buf[:0], 0 }

// EncodeColumn appends the column to b.
func (c *text) EncodeColumn(b *proto.Buffer) { b.PutRaw(c.buf) }

// WriteColumn sends the column from where it is.
func (c *text) WriteColumn(w *proto.Writer) { w.ChainWrite(c.buf) }

// at returns where row i begins.
func (c *text) at(i int) int {
	pos := 0
	for range i {
		n, w := binary.Uvarint(c.buf[pos:])
		pos += w + int(n)
	}
	return pos
}

func (c *text) view(i, j int) proto.ColInput {
	from := c.at(i)
	rest := text{buf: c.buf[from:], rows: c.rows - i}
	return &text{buf: rest.buf[:rest.at(j-i)], rows: j - i}
}

// blank makes row i empty.
func (c *text) blank(i int) {
	from := c.at(i)
	n, w := binary.Uvarint(c.buf[from:])
	c.buf = slices.Replace(c.buf, from, from+w+int(n), 0)
}

// words is a LowCardinality(String) column: a dictionary built while rows
// come, and one key per row. Equal neighbours, the usual case, cost one
// comparison.
type words struct {
	values []string
	index  text
	keys   []uint32
	last   string
	key    uint32
	// slots is an open-addressing table of keys plus one (0 = free), at most
	// half full; a map of strings costs three times as much to ask.
	slots []uint32
}

var (
	_ column             = (*words)(nil)
	_ proto.StateEncoder = (*words)(nil)
)

func (c *words) add(s string) {
	if s != c.last || len(c.values) == 0 {
		c.look(s)
	}
	c.keys = append(c.keys, c.key)
}

// look makes s the current word.
func (c *words) look(s string) {
	if 2*len(c.values) >= len(c.slots) {
		c.grow()
	}
	mask := uint64(len(c.slots) - 1)
	for h := xxh3.HashString(s) & mask; ; h = (h + 1) & mask {
		k := c.slots[h]
		if k == 0 {
			c.key = uint32(len(c.values))
			c.slots[h] = c.key + 1
			c.values = append(c.values, strings.Clone(s))
			c.index.add(s)
			break
		}
		if c.values[k-1] == s {
			c.key = k - 1
			break
		}
	}
	c.last = c.values[c.key]
}

// grow doubles the table.
func (c *words) grow() {
	c.slots = make([]uint32, max(64, 2*len(c.slots)))
	mask := uint64(len(c.slots) - 1)
	for i, v := range c.values {
		h := xxh3.HashString(v) & mask
		for c.slots[h] != 0 {
			h = (h + 1) & mask
		}
		c.slots[h] = uint32(i) + 1
	}
}

// Type names the column type.
func (c *words) Type() proto.ColumnType {
	return proto.ColumnTypeLowCardinality.Sub(proto.ColumnTypeString)
}

// Rows is the number of rows.
func (c *words) Rows() int { return len(c.keys) }

// Reset empties the column and its dictionary.
func (c *words) Reset() {
	clear(c.values)
	clear(c.slots)
	c.values, c.keys, c.last = c.values[:0], c.keys[:0], ""
	c.index.Reset()
}

// Wire format of LowCardinality: a version before the column, then flags with
// the width of the keys, the dictionary and the keys.
const (
	wordsVersion = 1
	wordsFlags   = 1<<9 | 1<<10 // has its own keys, replaces the dictionary
)

// EncodeState writes what comes before the column.
func (c *words) EncodeState(b *proto.Buffer) { b.PutInt64(wordsVersion) }

// EncodeColumn appends the column to b.
func (c *words) EncodeColumn(b *proto.Buffer) {
	if len(c.keys) == 0 {
		return
	}
	width := 0 // 0, 1, 2: one, two, four bytes
	switch n := len(c.values); {
	case n > 1<<16:
		width = 2
	case n > 1<<8:
		width = 1
	}
	b.PutInt64(int64(wordsFlags | width))
	b.PutInt64(int64(c.index.rows))
	c.index.EncodeColumn(b)
	b.PutInt64(int64(len(c.keys)))
	switch width {
	case 0:
		for _, k := range c.keys {
			b.Buf = append(b.Buf, byte(k))
		}
	case 1:
		for _, k := range c.keys {
			b.Buf = append(b.Buf, byte(k), byte(k>>8))
		}
	default:
		for _, k := range c.keys {
			b.Buf = binary.LittleEndian.AppendUint32(b.Buf, k)
		}
	}
}

// WriteColumn sends the column.
func (c *words) WriteColumn(w *proto.Writer) { w.ChainBuffer(c.EncodeColumn) }

func (c *words) view(i, j int) proto.ColInput {
	v := *c
	v.keys = c.keys[i:j]
	return &v
}

// blank makes row i empty.
func (c *words) blank(i int) {
	c.look("")
	c.keys[i] = c.key
}
