package importer

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// parquetBatchRows is how many rows are held in memory at a time.
const parquetBatchRows = 4096

// parquetSource reads the columns of a Parquet file that the mapping names.
type parquetSource struct {
	pf    *file.Reader
	rr    pqarrow.RecordReader
	slots []int // by column of the batch
	batch arrow.RecordBatch
	at    int
	row   int64
	total int64
	arena []byte
	spans []xesCell
}

func newParquet(ctx context.Context, r parquet.ReaderAtSeeker, cols *columns) (*parquetSource, error) {
	pf, err := file.NewParquetReader(r)
	if err != nil {
		return nil, fmt.Errorf("read Parquet footer: %w", err)
	}
	fr, err := pqarrow.NewFileReader(pf, pqarrow.ArrowReadProperties{BatchSize: parquetBatchRows}, memory.DefaultAllocator)
	if err != nil {
		return nil, fmt.Errorf("read Parquet schema: %w", errors.Join(err, pf.Close()))
	}
	schema, err := fr.Schema()
	if err != nil {
		return nil, fmt.Errorf("read Parquet schema: %w", errors.Join(err, pf.Close()))
	}
	var names []string
	for _, f := range schema.Fields() {
		names = append(names, f.Name)
	}
	slots, err := cols.header(names)
	if err != nil {
		return nil, errors.Join(err, pf.Close())
	}
	s := &parquetSource{pf: pf, total: pf.NumRows()}
	var leaves []int
	for i, f := range schema.Fields() {
		if slots[i] < 0 {
			continue
		}
		if !scalar(f.Type) {
			return nil, errors.Join(fmt.Errorf("the column %q holds %s; only simple values can be mapped", f.Name, f.Type), pf.Close())
		}
		for j := 0; j < pf.MetaData().Schema.NumColumns(); j++ {
			if pf.MetaData().Schema.Column(j).Path() == f.Name || pf.MetaData().Schema.Column(j).ColumnPath()[0] == f.Name {
				leaves = append(leaves, j)
			}
		}
		s.slots = append(s.slots, slots[i])
	}
	if s.rr, err = fr.GetRecordReader(ctx, leaves, nil); err != nil {
		return nil, fmt.Errorf("read Parquet rows: %w", errors.Join(err, pf.Close()))
	}
	return s, nil
}

func (s *parquetSource) close() error {
	s.rr.Release()
	return s.pf.Close()
}

func (s *parquetSource) next(rec *Record) error {
	for s.batch == nil || s.at >= int(s.batch.NumRows()) {
		if !s.rr.Next() {
			if err := s.rr.Err(); err != nil && !errors.Is(err, io.EOF) {
				return fmt.Errorf("read Parquet row %d: %w", s.row+1, err)
			}
			return io.EOF
		}
		s.batch, s.at = s.rr.RecordBatch(), 0
	}
	rec.reset()
	s.row++
	rec.Line, rec.No = s.row, s.row
	s.arena, s.spans = s.arena[:0], s.spans[:0]
	for i, slot := range s.slots {
		col := s.batch.Column(i)
		if col.IsNull(s.at) {
			continue
		}
		from := len(s.arena)
		s.arena = appendCell(s.arena, col, s.at)
		s.spans = append(s.spans, xesCell{slot, from, len(s.arena)})
	}
	for _, c := range s.spans {
		rec.set(c.slot, s.arena[c.from:c.to])
	}
	s.at++
	return nil
}

// scalar reports whether appendCell can write values of t.
func scalar(t arrow.DataType) bool {
	switch t.ID() {
	case arrow.LIST, arrow.LARGE_LIST, arrow.FIXED_SIZE_LIST, arrow.STRUCT, arrow.MAP,
		arrow.DENSE_UNION, arrow.SPARSE_UNION, arrow.RUN_END_ENCODED:
		return false
	}
	return true
}

// appendCell writes a value as text: instants of a column with a zone in RFC
// 3339, local times without an offset, days as YYYY-MM-DD, binary in base64.
func appendCell(b []byte, a arrow.Array, i int) []byte {
	switch c := a.(type) {
	case *array.String:
		return append(b, c.Value(i)...)
	case *array.LargeString:
		return append(b, c.Value(i)...)
	case *array.Int64:
		return strconv.AppendInt(b, c.Value(i), 10)
	case *array.Int32:
		return strconv.AppendInt(b, int64(c.Value(i)), 10)
	case *array.Float64:
		return appendFloat(b, c.Value(i), 64)
	case *array.Float32:
		return appendFloat(b, float64(c.Value(i)), 32)
	case *array.Boolean:
		return strconv.AppendBool(b, c.Value(i))
	case *array.Binary:
		return base64.StdEncoding.AppendEncode(b, c.Value(i))
	case *array.Timestamp:
		t := c.DataType().(*arrow.TimestampType)
		at := c.Value(i).ToTime(t.Unit)
		if t.TimeZone == "" {
			return at.UTC().AppendFormat(b, "2006-01-02T15:04:05.999999999")
		}
		return at.UTC().AppendFormat(b, time.RFC3339Nano)
	case *array.Date32:
		return c.Value(i).ToTime().AppendFormat(b, "2006-01-02")
	case *array.Date64:
		return c.Value(i).ToTime().AppendFormat(b, "2006-01-02")
	case *array.Dictionary:
		return appendCell(b, c.Dictionary(), c.GetValueIndex(i))
	}
	return append(b, a.ValueStr(i)...)
}

// appendFloat writes a whole number without a fraction: identifiers that a
// tool stored as floating point (101001685698.0) stay what they were.
func appendFloat(b []byte, f float64, bits int) []byte {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return strconv.AppendInt(b, int64(f), 10)
	}
	return strconv.AppendFloat(b, f, 'g', -1, bits)
}
