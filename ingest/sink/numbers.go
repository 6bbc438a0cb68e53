package sink

import (
	"github.com/ClickHouse/ch-go/proto"

	"duban/ingest/event"
)

// numbers is a Map(LowCardinality(String), Float64) column: the ends of the
// rows, then all names, then all numbers.
type numbers struct {
	ends   proto.ColUInt64
	names  words
	values proto.ColFloat64
}

var (
	_ column             = (*numbers)(nil)
	_ proto.StateEncoder = (*numbers)(nil)
)

func (c *numbers) add(values []event.Value) {
	for _, v := range values {
		c.names.add(v.Name)
		c.values = append(c.values, v.Number)
	}
	c.ends = append(c.ends, uint64(len(c.values)))
}

// Type names the column type.
func (c *numbers) Type() proto.ColumnType {
	return proto.ColumnTypeMap.Sub(c.names.Type(), proto.ColumnTypeFloat64)
}

// Rows is the number of rows.
func (c *numbers) Rows() int { return len(c.ends) }

// Reset empties the column and keeps its memory.
func (c *numbers) Reset() {
	c.ends, c.values = c.ends[:0], c.values[:0]
	c.names.Reset()
}

// EncodeState writes what comes before the column.
func (c *numbers) EncodeState(b *proto.Buffer) { c.names.EncodeState(b) }

// EncodeColumn appends the column to b.
func (c *numbers) EncodeColumn(b *proto.Buffer) {
	c.ends.EncodeColumn(b)
	c.names.EncodeColumn(b)
	c.values.EncodeColumn(b)
}

// WriteColumn sends the column.
func (c *numbers) WriteColumn(w *proto.Writer) { w.ChainBuffer(c.EncodeColumn) }

func (c *numbers) view(i, j int) proto.ColInput {
	first := uint64(0)
	if i > 0 {
		first = c.ends[i-1]
	}
	v := &numbers{}
	for _, end := range c.ends[i:j] {
		v.ends = append(v.ends, end-first)
	}
	last := first
	if len(v.ends) > 0 {
		last = c.ends[j-1]
	}
	v.names = *c.names.view(int(first), int(last)).(*words)
	v.values = c.values[first:last]
	return v
}
