package engine

import (
	"time"

	"github.com/ClickHouse/ch-go/proto"

	"duban/supervision/lifecycle"
)

// columns is a columnar insert that is filled and emptied again and again.
type columns struct {
	input  proto.Input
	resets []func()
}

func (c *columns) reset() {
	for _, r := range c.resets {
		r()
	}
}

// add puts a column into the insert, as an array when offsets is not nil.
func (c *columns) add(name string, data proto.ColInput, reset func(), offsets *proto.ColUInt64) {
	c.resets = append(c.resets, reset)
	if offsets != nil {
		data = arrayColumn{offsets: offsets, data: data}
	}
	c.input = append(c.input, proto.InputColumn{Name: name, Data: data})
}

// group makes the offsets that several array columns share.
func (c *columns) group() *proto.ColUInt64 {
	offsets := new(proto.ColUInt64)
	c.resets = append(c.resets, offsets.Reset)
	return offsets
}

func (c *columns) text(name string, in *proto.ColUInt64) *proto.ColStr {
	col := new(proto.ColStr)
	c.add(name, col, col.Reset, in)
	return col
}

func (c *columns) low(name string, in *proto.ColUInt64) *proto.ColLowCardinality[string] {
	col := proto.NewLowCardinality[string](new(proto.ColStr))
	c.add(name, col, col.Reset, in)
	return col
}

func (c *columns) flag(name string, in *proto.ColUInt64) *proto.ColBool {
	col := new(proto.ColBool)
	c.add(name, col, col.Reset, in)
	return col
}

func (c *columns) u8(name string, in *proto.ColUInt64) *proto.ColUInt8 {
	col := new(proto.ColUInt8)
	c.add(name, col, col.Reset, in)
	return col
}

func (c *columns) u16(name string, in *proto.ColUInt64) *proto.ColUInt16 {
	col := new(proto.ColUInt16)
	c.add(name, col, col.Reset, in)
	return col
}

func (c *columns) u32(name string, in *proto.ColUInt64) *proto.ColUInt32 {
	col := new(proto.ColUInt32)
	c.add(name, col, col.Reset, in)
	return col
}

func (c *columns) u64(name string, in *proto.ColUInt64) *proto.ColUInt64 {
	col := new(proto.ColUInt64)
	c.add(name, col, col.Reset, in)
	return col
}

func (c *columns) i32(name string, in *proto.ColUInt64) *proto.ColInt32 {
	col := new(proto.ColInt32)
	c.add(name, col, col.Reset, in)
	return col
}

func instants() *proto.ColDateTime64Raw {
	return new(proto.ColDateTime64).WithPrecision(proto.PrecisionMilli).WithLocation(time.UTC).Raw()
}

// instantColumn writes DateTime64(3, 'UTC') from Unix milliseconds.
type instantColumn struct{ *proto.ColDateTime64Raw }

func (c instantColumn) put(ms int64) { c.Data = append(c.Data, proto.DateTime64(ms)) }

func (c *columns) at(name string, in *proto.ColUInt64) instantColumn {
	col := instantColumn{instants()}
	c.add(name, col.ColDateTime64Raw, col.Reset, in)
	return col
}

// nullInstantColumn writes Nullable(DateTime64(3, 'UTC')); zero is null.
type nullInstantColumn struct {
	*proto.ColNullable[proto.DateTime64]
	values *proto.ColDateTime64Raw
}

func (c nullInstantColumn) put(ms int64) {
	var null uint8
	if ms == 0 {
		null = 1
	}
	c.Nulls = append(c.Nulls, null)
	c.values.Data = append(c.values.Data, proto.DateTime64(ms))
}

func (c *columns) nullAt(name string, in *proto.ColUInt64) nullInstantColumn {
	values := instants()
	col := nullInstantColumn{proto.NewColNullable[proto.DateTime64](values), values}
	c.add(name, col.ColNullable, col.Reset, in)
	return col
}

func (c *columns) nullI32(name string, in *proto.ColUInt64) *proto.ColNullable[int32] {
	col := proto.NewColNullable[int32](new(proto.ColInt32))
	c.add(name, col, col.Reset, in)
	return col
}

func (c *columns) nullF64(name string, in *proto.ColUInt64) *proto.ColNullable[float64] {
	col := proto.NewColNullable[float64](new(proto.ColFloat64))
	c.add(name, col, col.Reset, in)
	return col
}

func (c *columns) attributes(name string) attributeColumn {
	keys, values := proto.NewLowCardinality[string](new(proto.ColStr)), new(proto.ColStr)
	m := proto.NewMap[string, string](keys, values)
	c.add(name, m, m.Reset, nil)
	return attributeColumn{m: m, keys: keys, values: values}
}

// attributeColumn writes Map(LowCardinality(String), String).
type attributeColumn struct {
	m      *proto.ColMap[string, string]
	keys   *proto.ColLowCardinality[string]
	values *proto.ColStr
}

func (c attributeColumn) put(attributes []lifecycle.Attribute) {
	for _, a := range attributes {
		c.keys.Append(a.Key)
		c.values.Append(a.Value)
	}
	c.m.Offsets = append(c.m.Offsets, uint64(c.values.Rows()))
}

func nullInt32(v lifecycle.NullInt32) proto.Nullable[int32] {
	return proto.Nullable[int32]{Set: v.OK, Value: v.V}
}

func nullFloat64(v lifecycle.NullFloat64) proto.Nullable[float64] {
	return proto.Nullable[float64]{Set: v.OK, Value: v.V}
}

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
