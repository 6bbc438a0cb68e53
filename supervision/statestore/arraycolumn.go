package statestore

import "github.com/ClickHouse/ch-go/proto"

// arrayColumn is Array(T) whose offsets are shared with the other columns that
// describe the same elements.
type arrayColumn struct {
	offsets *proto.ColUInt64
	data    proto.ColInput
}

var (
	_ proto.ColInput     = arrayColumn{}
	_ proto.Preparable   = arrayColumn{}
	_ proto.StateEncoder = arrayColumn{}
)

// Type implements proto.ColInput.
func (c arrayColumn) Type() proto.ColumnType { return proto.ColumnTypeArray.Sub(c.data.Type()) }

// Rows implements proto.ColInput.
func (c arrayColumn) Rows() int { return c.offsets.Rows() }

// Prepare implements proto.Preparable.
func (c arrayColumn) Prepare() error {
	if p, ok := c.data.(proto.Preparable); ok {
		return p.Prepare()
	}
	return nil
}

// EncodeState implements proto.StateEncoder.
func (c arrayColumn) EncodeState(b *proto.Buffer) {
	if s, ok := c.data.(proto.StateEncoder); ok {
		s.EncodeState(b)
	}
}

// EncodeColumn implements proto.ColInput.
func (c arrayColumn) EncodeColumn(b *proto.Buffer) {
	c.offsets.EncodeColumn(b)
	c.data.EncodeColumn(b)
}

// WriteColumn implements proto.ColInput.
func (c arrayColumn) WriteColumn(w *proto.Writer) {
	c.offsets.WriteColumn(w)
	c.data.WriteColumn(w)
}
