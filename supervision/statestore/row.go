package statestore

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/ch-go"
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

func (c *columns) rows() int { return c.input[0].Data.Rows() }

// insert sends what the columns hold as one block.
func (c *columns) insert(ctx context.Context, p *Pool, table string) error {
	if err := p.do(ctx, ch.Query{Body: c.input.Into(table), Input: c.input}); err != nil {
		return fmt.Errorf("insert %d rows into %s: %w", c.rows(), table, err)
	}
	return nil
}

// row declares the columns of an insert together with what each takes from a T,
// so that a column cannot be declared and forgotten.
type row[T any] struct {
	columns *columns
	// offsets is set within a list: its columns are arrays that share it.
	offsets *proto.ColUInt64
	puts    []func(*T)
}

func newRow[T any]() *row[T] { return &row[T]{columns: new(columns)} }

// put appends one row.
func (r *row[T]) put(v *T) {
	for _, put := range r.puts {
		put(v)
	}
}

// column is a column that values of type V are appended to.
type column[V any] interface {
	proto.ColInput
	Append(V)
	Reset()
}

// add declares a column and where its value comes from.
func add[T, V any](r *row[T], name string, col column[V], of func(*T) V) {
	var data proto.ColInput = col
	if r.offsets != nil {
		data = arrayColumn{offsets: r.offsets, data: data}
	}
	r.columns.resets = append(r.columns.resets, col.Reset)
	r.columns.input = append(r.columns.input, proto.InputColumn{Name: name, Data: data})
	r.puts = append(r.puts, func(v *T) { col.Append(of(v)) })
}

// list declares array columns that describe the same elements.
func list[T, E any](r *row[T], of func(*T) []E, declare func(*row[E])) {
	offsets, total := new(proto.ColUInt64), uint64(0)
	each := &row[E]{columns: r.columns, offsets: offsets}
	declare(each)
	r.columns.resets = append(r.columns.resets, func() { offsets.Reset(); total = 0 })
	r.puts = append(r.puts, func(v *T) {
		elements := of(v)
		for i := range elements {
			each.put(&elements[i])
		}
		total += uint64(len(elements))
		offsets.Append(total)
	})
}

func (r *row[T]) text(name string, of func(*T) string) { add(r, name, new(proto.ColStr), of) }

func (r *row[T]) low(name string, of func(*T) string) {
	add(r, name, proto.NewLowCardinality[string](new(proto.ColStr)), of)
}

func (r *row[T]) flag(name string, of func(*T) bool) { add(r, name, new(proto.ColBool), of) }

func (r *row[T]) u8(name string, of func(*T) uint8) { add(r, name, new(proto.ColUInt8), of) }

func (r *row[T]) u16(name string, of func(*T) uint16) { add(r, name, new(proto.ColUInt16), of) }

func (r *row[T]) u32(name string, of func(*T) uint32) { add(r, name, new(proto.ColUInt32), of) }

func (r *row[T]) u64(name string, of func(*T) uint64) { add(r, name, new(proto.ColUInt64), of) }

func (r *row[T]) i8(name string, of func(*T) int8) { add(r, name, new(proto.ColInt8), of) }

func (r *row[T]) i32(name string, of func(*T) int32) { add(r, name, new(proto.ColInt32), of) }

func (r *row[T]) f64(name string, of func(*T) float64) { add(r, name, new(proto.ColFloat64), of) }

// at writes DateTime64(3, 'UTC') from Unix milliseconds.
func (r *row[T]) at(name string, of func(*T) int64) { add(r, name, instantColumn{instants()}, of) }

// nullAt writes Nullable(DateTime64(3, 'UTC')) from Unix milliseconds; zero is null.
func (r *row[T]) nullAt(name string, of func(*T) int64) {
	values := instants()
	add(r, name, nullInstantColumn{proto.NewColNullable[proto.DateTime64](values), values}, of)
}

func (r *row[T]) nullI32(name string, of func(*T) lifecycle.NullInt32) {
	add(r, name, proto.NewColNullable[int32](new(proto.ColInt32)), func(v *T) proto.Nullable[int32] {
		n := of(v)
		return proto.Nullable[int32]{Set: n.OK, Value: n.V}
	})
}

func (r *row[T]) nullF64(name string, of func(*T) lifecycle.NullFloat64) {
	add(r, name, proto.NewColNullable[float64](new(proto.ColFloat64)), func(v *T) proto.Nullable[float64] {
		n := of(v)
		return proto.Nullable[float64]{Set: n.OK, Value: n.V}
	})
}

// attributes writes Map(LowCardinality(String), String).
func (r *row[T]) attributes(name string, of func(*T) []lifecycle.Attribute) {
	keys, values := proto.NewLowCardinality[string](new(proto.ColStr)), new(proto.ColStr)
	add(r, name, attributeColumn{proto.NewMap[string, string](keys, values), keys, values}, of)
}

func instants() *proto.ColDateTime64Raw {
	return new(proto.ColDateTime64).WithPrecision(proto.PrecisionMilli).WithLocation(time.UTC).Raw()
}

// instantColumn takes Unix milliseconds.
type instantColumn struct{ *proto.ColDateTime64Raw }

// Append implements column.
func (c instantColumn) Append(ms int64) { c.Data = append(c.Data, proto.DateTime64(ms)) }

// nullInstantColumn takes Unix milliseconds; zero is null.
type nullInstantColumn struct {
	*proto.ColNullable[proto.DateTime64]
	values *proto.ColDateTime64Raw
}

// Append implements column.
func (c nullInstantColumn) Append(ms int64) {
	var null uint8
	if ms == 0 {
		null = 1
	}
	c.Nulls = append(c.Nulls, null)
	c.values.Data = append(c.values.Data, proto.DateTime64(ms))
}

// attributeColumn takes attributes as the keys and values of a map.
type attributeColumn struct {
	*proto.ColMap[string, string]
	keys   *proto.ColLowCardinality[string]
	values *proto.ColStr
}

// Append implements column.
func (c attributeColumn) Append(attributes []lifecycle.Attribute) {
	for _, a := range attributes {
		c.keys.Append(a.Key)
		c.values.Append(a.Value)
	}
	c.Offsets = append(c.Offsets, uint64(c.values.Rows()))
}
