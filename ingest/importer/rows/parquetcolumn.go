package rows

import (
	"fmt"
	"io"
	"math"
	"math/big"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// parquetBatchRows is how many values of a column are held in memory at a time.
const parquetBatchRows = 1024

// parquetColumn reads the values of one column of one row group in turn.
type parquetColumn struct {
	// fill reads the next batch; it returns how many rows and values there are.
	fill func(defs []int16) (rows int64, values int, err error)
	// text appends value i of the batch, or says why it is none.
	text   func(b []byte, i int) ([]byte, string)
	maxDef int16
	defs   [parquetBatchRows]int16
	rows   int // of the batch
	at     int // next row of the batch
	value  int // next value of the batch
}

// next appends the column's value in the next row.
func (c *parquetColumn) next(b []byte) (_ []byte, given bool, fault string, err error) {
	if c.at == c.rows {
		rows, _, err := c.fill(c.defs[:])
		if err != nil {
			return b, false, "", err
		}
		if rows == 0 {
			return b, false, "", fmt.Errorf("the column ends before its row group does: %w", io.ErrUnexpectedEOF)
		}
		c.rows, c.at, c.value = int(rows), 0, 0
	}
	c.at++
	if c.maxDef > 0 && c.defs[c.at-1] < c.maxDef {
		return b, false, "", nil
	}
	b, fault = c.text(b, c.value)
	c.value++
	return b, fault == "", fault, nil
}

// newParquetColumn chooses how the values of a chunk are read and written. The
// physical types of Parquet are few; what they mean is in the logical type.
func newParquetColumn(chunk file.ColumnChunkReader) (*parquetColumn, error) {
	d := chunk.Descriptor()
	c := &parquetColumn{maxDef: d.MaxDefinitionLevel()}
	logical := d.LogicalType()
	switch r := chunk.(type) {
	case *file.BooleanColumnChunkReader:
		v := make([]bool, parquetBatchRows)
		c.fill = func(defs []int16) (int64, int, error) { return r.ReadBatch(parquetBatchRows, v, defs, nil) }
		c.text = func(b []byte, i int) ([]byte, string) { return strconv.AppendBool(b, v[i]), "" }
	case *file.Int32ColumnChunkReader:
		v := make([]int32, parquetBatchRows)
		c.fill = func(defs []int16) (int64, int, error) { return r.ReadBatch(parquetBatchRows, v, defs, nil) }
		c.text = func(b []byte, i int) ([]byte, string) {
			n := int64(v[i])
			if t, ok := logical.(schema.IntLogicalType); ok && !t.IsSigned() {
				n = int64(uint32(v[i]))
			}
			return appendInteger(b, n, logical, false)
		}
	case *file.Int64ColumnChunkReader:
		v := make([]int64, parquetBatchRows)
		c.fill = func(defs []int16) (int64, int, error) { return r.ReadBatch(parquetBatchRows, v, defs, nil) }
		c.text = func(b []byte, i int) ([]byte, string) { return appendInteger(b, v[i], logical, true) }
	case *file.Int96ColumnChunkReader:
		v := make([]parquet.Int96, parquetBatchRows)
		c.fill = func(defs []int16) (int64, int, error) { return r.ReadBatch(parquetBatchRows, v, defs, nil) }
		c.text = func(b []byte, i int) ([]byte, string) { return appendInt96(b, v[i]) }
	case *file.Float32ColumnChunkReader:
		v := make([]float32, parquetBatchRows)
		c.fill = func(defs []int16) (int64, int, error) { return r.ReadBatch(parquetBatchRows, v, defs, nil) }
		c.text = func(b []byte, i int) ([]byte, string) { return appendFloat(b, float64(v[i]), 32), "" }
	case *file.Float64ColumnChunkReader:
		v := make([]float64, parquetBatchRows)
		c.fill = func(defs []int16) (int64, int, error) { return r.ReadBatch(parquetBatchRows, v, defs, nil) }
		c.text = func(b []byte, i int) ([]byte, string) { return appendFloat(b, v[i], 64), "" }
	case *file.ByteArrayColumnChunkReader:
		v := make([]parquet.ByteArray, parquetBatchRows)
		c.fill = func(defs []int16) (int64, int, error) { return r.ReadBatch(parquetBatchRows, v, defs, nil) }
		c.text = func(b []byte, i int) ([]byte, string) { return appendBytes(b, v[i], logical) }
	case *file.FixedLenByteArrayColumnChunkReader:
		v := make([]parquet.FixedLenByteArray, parquetBatchRows)
		c.fill = func(defs []int16) (int64, int, error) { return r.ReadBatch(parquetBatchRows, v, defs, nil) }
		c.text = func(b []byte, i int) ([]byte, string) { return appendBytes(b, v[i], logical) }
	default:
		return nil, fmt.Errorf("the physical type %s is not known", d.PhysicalType())
	}
	return c, nil
}

// appendInteger writes a whole number as what its logical type says it is:
// instants adjusted to UTC in RFC 3339, local times without an offset, days as
// YYYY-MM-DD.
func appendInteger(b []byte, n int64, logical schema.LogicalType, wide bool) ([]byte, string) {
	switch t := logical.(type) {
	case schema.DateLogicalType:
		return appendWall(b, time.Unix(0, 0).UTC().AddDate(0, 0, int(n)), "2006-01-02")
	case schema.TimestampLogicalType:
		layout := "2006-01-02T15:04:05.999999999"
		if t.IsAdjustedToUTC() {
			layout = time.RFC3339Nano
		}
		per := perSecond(t.TimeUnit())
		return appendWall(b, time.Unix(n/per, n%per*(1e9/per)).UTC(), layout)
	case schema.TimeLogicalType:
		per := perSecond(t.TimeUnit())
		if n < 0 || n/per >= 86400 {
			return b, "is no time of day"
		}
		return time.Unix(n/per, n%per*(1e9/per)).UTC().AppendFormat(b, "15:04:05.999999999"), ""
	case schema.DecimalLogicalType:
		return appendDecimal(b, big.NewInt(n), t.Scale()), ""
	case schema.IntLogicalType:
		if wide && !t.IsSigned() {
			return strconv.AppendUint(b, uint64(n), 10), ""
		}
	}
	return strconv.AppendInt(b, n, 10), ""
}

func perSecond(u schema.TimeUnitType) int64 {
	switch u {
	case schema.TimeUnitMillis:
		return 1e3
	case schema.TimeUnitMicros:
		return 1e6
	}
	return 1e9
}

func appendWall(b []byte, t time.Time, layout string) ([]byte, string) {
	if y := t.Year(); y < 1 || y > 9999 {
		return b, "is a time outside the years 1 to 9999"
	}
	return t.AppendFormat(b, layout), ""
}

// julianOfEpoch is the Julian day number of 1970-01-01.
const julianOfEpoch = 2440588

// appendInt96 writes the old timestamp of Impala and Spark: nanoseconds of a day
// and a Julian day number. It is in UTC (the documentation of parquet-format and
// of Spark).
func appendInt96(b []byte, v parquet.Int96) ([]byte, string) {
	nanos := int64(uint64(v[0]) | uint64(v[1])<<8 | uint64(v[2])<<16 | uint64(v[3])<<24 |
		uint64(v[4])<<32 | uint64(v[5])<<40 | uint64(v[6])<<48 | uint64(v[7])<<56)
	day := int64(int32(uint32(v[8]) | uint32(v[9])<<8 | uint32(v[10])<<16 | uint32(v[11])<<24))
	if nanos < 0 || nanos >= 86400e9 {
		return b, "is no INT96 time: its nanoseconds do not lie within a day"
	}
	return appendWall(b, time.Unix((day-julianOfEpoch)*86400, nanos).UTC(), time.RFC3339Nano)
}

// appendBytes writes bytes as the text that they are; what is no text is no
// value that can be mapped.
func appendBytes(b, v []byte, logical schema.LogicalType) ([]byte, string) {
	switch t := logical.(type) {
	case schema.DecimalLogicalType:
		n := new(big.Int).SetBytes(v)
		if len(v) > 0 && v[0]&0x80 != 0 { // two's complement
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(len(v))*8))
		}
		return appendDecimal(b, n, t.Scale()), ""
	case schema.UUIDLogicalType:
		if len(v) != 16 {
			return b, "is no UUID"
		}
		return fmt.Appendf(b, "%x-%x-%x-%x-%x", v[:4], v[4:6], v[6:8], v[8:10], v[10:]), ""
	case schema.Float16LogicalType:
		if len(v) != 2 {
			return b, "is no half-precision number"
		}
		return appendFloat(b, float16(uint16(v[0])|uint16(v[1])<<8), 32), ""
	case schema.BSONLogicalType, schema.IntervalLogicalType:
		return b, "is of a kind that cannot be mapped"
	}
	if !utf8.Valid(v) {
		return b, "is no text: it holds bytes that are not UTF-8"
	}
	return append(b, v...), ""
}

func appendDecimal(b []byte, n *big.Int, scale int32) []byte {
	text := n.String()
	if scale <= 0 || scale > 1000 {
		return append(b, text...)
	}
	if text[0] == '-' {
		b = append(b, '-')
		text = text[1:]
	}
	for len(text) <= int(scale) {
		text = "0" + text
	}
	point := len(text) - int(scale)
	return append(append(append(b, text[:point]...), '.'), text[point:]...)
}

// float16 is the value of a half-precision number (IEEE 754).
func float16(h uint16) float64 {
	sign, exp, frac := 1.0, int(h>>10&0x1f), float64(h&0x3ff)
	if h&0x8000 != 0 {
		sign = -1
	}
	switch exp {
	case 0:
		return sign * math.Ldexp(frac, -24)
	case 31:
		if frac != 0 {
			return math.NaN()
		}
		return math.Inf(int(sign))
	}
	return sign * math.Ldexp(1+frac/1024, exp-15)
}

// appendFloat writes a whole number without a fraction: identifiers that a
// tool stored as floating point (101001685698.0) stay what they were. What is
// larger than its digits can tell is written with an exponent, which no number of
// a case may have.
func appendFloat(b []byte, f float64, bits int) []byte {
	limit := float64(1 << 53)
	if bits == 32 {
		limit = 1 << 24
	}
	if f == math.Trunc(f) && math.Abs(f) < limit {
		return strconv.AppendInt(b, int64(f), 10)
	}
	return strconv.AppendFloat(b, f, 'g', -1, bits)
}
