package sink

import "github.com/ClickHouse/ch-go/proto"

// The columns of fixed width: ch-go's own, with a view.
type (
	u8    struct{ proto.ColUInt8 }
	u32   struct{ proto.ColUInt32 }
	u64   struct{ proto.ColUInt64 }
	u128  struct{ proto.ColUInt128 }
	i8    struct{ proto.ColInt8 }
	i64   struct{ proto.ColInt64 }
	truth struct{ proto.ColBool }
	day   struct{ proto.ColDate32 }
)

func (c *u8) view(i, j int) proto.ColInput    { return c.ColUInt8[i:j] }
func (c *u32) view(i, j int) proto.ColInput   { return c.ColUInt32[i:j] }
func (c *u64) view(i, j int) proto.ColInput   { return c.ColUInt64[i:j] }
func (c *u128) view(i, j int) proto.ColInput  { return c.ColUInt128[i:j] }
func (c *i8) view(i, j int) proto.ColInput    { return c.ColInt8[i:j] }
func (c *i64) view(i, j int) proto.ColInput   { return c.ColInt64[i:j] }
func (c *truth) view(i, j int) proto.ColInput { return c.ColBool[i:j] }
func (c *day) view(i, j int) proto.ColInput   { return c.ColDate32[i:j] }

func (c *u8) add(v uint8)     { c.ColUInt8 = append(c.ColUInt8, v) }
func (c *u32) add(v uint32)   { c.ColUInt32 = append(c.ColUInt32, v) }
func (c *u64) add(v uint64)   { c.ColUInt64 = append(c.ColUInt64, v) }
func (c *i8) add(v int8)      { c.ColInt8 = append(c.ColInt8, v) }
func (c *i64) add(v int64)    { c.ColInt64 = append(c.ColInt64, v) }
func (c *truth) add(v bool)   { c.ColBool = append(c.ColBool, v) }
func (c *day) add(days int32) { c.ColDate32 = append(c.ColDate32, proto.Date32(days)) }
func (c *u128) add(v [2]uint64) {
	c.ColUInt128 = append(c.ColUInt128, proto.UInt128{High: v[0], Low: v[1]})
}

// instant is a DateTime64(3) column of Unix milliseconds.
type instant struct{ proto.ColDateTime64 }

func (c *instant) add(ms int64) { c.Data = append(c.Data, proto.DateTime64(ms)) }

// fill makes the column n times the same instant.
func (c *instant) fill(ms int64, n int) {
	c.Data = c.Data[:0]
	for range n {
		c.add(ms)
	}
}

// Type is DateTime64(3) before the server has told its own.
func (c *instant) Type() proto.ColumnType {
	return proto.ColumnTypeDateTime64.With("3", "'UTC'")
}

// Infer keeps the type: the server's columns are all DateTime64(3, 'UTC').
func (c *instant) Infer(proto.ColumnType) error { return nil }

func (c *instant) view(i, j int) proto.ColInput {
	return &instant{proto.ColDateTime64{Data: c.Data[i:j]}}
}

// maybe32 and maybeDay are nullable columns.
type maybe32 struct {
	proto.ColNullable[int32]
	values proto.ColInt32
}

func (c *maybe32) add(v *int32) {
	c.Values = &c.values
	if v == nil {
		c.Nulls, c.values = append(c.Nulls, 1), append(c.values, 0)
		return
	}
	c.Nulls, c.values = append(c.Nulls, 0), append(c.values, *v)
}

func (c *maybe32) view(i, j int) proto.ColInput {
	v := c.values[i:j]
	return &proto.ColNullable[int32]{Nulls: c.Nulls[i:j], Values: &v}
}

// Type is Nullable(Int32), for an empty column too.
func (c *maybe32) Type() proto.ColumnType {
	return proto.ColumnTypeNullable.Sub(proto.ColumnTypeInt32)
}

// Reset empties the column.
func (c *maybe32) Reset() { c.Nulls, c.values = c.Nulls[:0], c.values[:0] }

type maybeDay struct {
	nulls  proto.ColUInt8
	values proto.ColDate32
}

// add appends a day; 0, the zero of the fact, means none.
func (c *maybeDay) add(days int32) {
	null := uint8(0)
	if days == 0 {
		null = 1
	}
	c.nulls, c.values = append(c.nulls, null), append(c.values, proto.Date32(days))
}

// Type names the column type.
func (c *maybeDay) Type() proto.ColumnType {
	return proto.ColumnTypeNullable.Sub(proto.ColumnTypeDate32)
}

// Rows is the number of rows.
func (c *maybeDay) Rows() int { return len(c.nulls) }

// EncodeColumn appends the column to b.
func (c *maybeDay) EncodeColumn(b *proto.Buffer) {
	c.nulls.EncodeColumn(b)
	c.values.EncodeColumn(b)
}

// WriteColumn sends the column.
func (c *maybeDay) WriteColumn(w *proto.Writer) {
	c.nulls.WriteColumn(w)
	c.values.WriteColumn(w)
}

// Reset empties the column.
func (c *maybeDay) Reset() { c.nulls, c.values = c.nulls[:0], c.values[:0] }

func (c *maybeDay) view(i, j int) proto.ColInput {
	return &maybeDay{nulls: c.nulls[i:j], values: c.values[i:j]}
}
