package enginetest

import (
	"time"

	"github.com/ClickHouse/ch-go/proto"

	"duban/ingest/event"
)

// block is one columnar insert under construction.
type block struct {
	input proto.Input
	cols  map[string]proto.ColInput
}

func newBlock() *block { return &block{cols: map[string]proto.ColInput{}} }

// column returns the column of a name, made by create at its first use.
func column[T proto.ColInput](b *block, name string, create func() T) T {
	if c, ok := b.cols[name]; ok {
		return c.(T)
	}
	c := create()
	b.cols[name] = c
	b.input = append(b.input, proto.InputColumn{Name: name, Data: c})
	return c
}

func (b *block) str(name, v string) {
	column(b, name, func() *proto.ColStr { return new(proto.ColStr) }).Append(v)
}

func (b *block) low(name, v string) {
	column(b, name, func() *proto.ColLowCardinality[string] {
		return proto.NewLowCardinality[string](new(proto.ColStr))
	}).Append(v)
}

func (b *block) at(name string, ms int64) {
	column(b, name, func() *proto.ColDateTime64Raw {
		return new(proto.ColDateTime64).WithPrecision(proto.PrecisionMilli).WithLocation(time.UTC).Raw()
	}).Append(proto.DateTime64(ms))
}

func (b *block) date(name string, day int32) {
	column(b, name, func() *proto.ColDate32 { return new(proto.ColDate32) }).Append(date(day))
}

// dateOrNull writes null for 0.
func (b *block) dateOrNull(name string, day int32) {
	c := column(b, name, func() *proto.ColNullable[time.Time] {
		return proto.NewColNullable[time.Time](new(proto.ColDate32))
	})
	if day == 0 {
		c.Append(proto.Null[time.Time]())
		return
	}
	c.Append(proto.NewNullable(date(day)))
}

func date(day int32) time.Time { return time.Unix(int64(day)*86400, 0).UTC() }

func (b *block) i32OrNull(name string, v *int32) {
	c := column(b, name, func() *proto.ColNullable[int32] {
		return proto.NewColNullable[int32](new(proto.ColInt32))
	})
	if v == nil {
		c.Append(proto.Null[int32]())
		return
	}
	c.Append(proto.NewNullable(*v))
}

func (b *block) u8(name string, v uint8) {
	column(b, name, func() *proto.ColUInt8 { return new(proto.ColUInt8) }).Append(v)
}

func (b *block) i8(name string, v int8) {
	column(b, name, func() *proto.ColInt8 { return new(proto.ColInt8) }).Append(v)
}

func (b *block) u32(name string, v uint32) {
	column(b, name, func() *proto.ColUInt32 { return new(proto.ColUInt32) }).Append(v)
}

func (b *block) u64(name string, v uint64) {
	column(b, name, func() *proto.ColUInt64 { return new(proto.ColUInt64) }).Append(v)
}

func (b *block) i64(name string, v int64) {
	column(b, name, func() *proto.ColInt64 { return new(proto.ColInt64) }).Append(v)
}

func (b *block) bool(name string, v bool) {
	column(b, name, func() *proto.ColBool { return new(proto.ColBool) }).Append(v)
}

func (b *block) u128(name string, v proto.UInt128) {
	column(b, name, func() *proto.ColUInt128 { return new(proto.ColUInt128) }).Append(v)
}

func (b *block) enum(name, v string) {
	column(b, name, func() *proto.ColEnum { return new(proto.ColEnum) }).Append(v)
}

func (b *block) numbers(name string, values []event.Value) {
	m := map[string]float64{}
	for _, v := range values {
		m[v.Name] = v.Number
	}
	column(b, name, func() *proto.ColMap[string, float64] {
		return proto.NewMap[string, float64](proto.NewLowCardinality[string](new(proto.ColStr)), new(proto.ColFloat64))
	}).Append(m)
}
