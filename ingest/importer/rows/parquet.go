package rows

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// maxLostRows bounds how many rows of one damaged part of a file are refused one
// by one: a damaged count must not keep the loader busy for ever.
const maxLostRows = 1 << 20

// parquetSource reads the columns of a Parquet file that the mapping names, one
// row group after the other. What cannot be read costs the rows it belongs to: a
// value its row, a damaged page the rows of its group.
type parquetSource struct {
	r     *io.SectionReader
	pf    *file.Reader
	slots []int
	leafs []int
	names []string

	group int   // next row group
	left  int64 // rows of the row group at hand that are still to come
	lost  *Problem
	cols  []*parquetColumn
	row   int64
	total int64
	arena []byte
	spans []xesCell
}

// guarded runs f, which calls the Parquet library, and turns a panic of it into
// an error: nothing that a library does on an input may end the program.
func guarded(what string, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%s: the file is damaged or uses something unknown (%v)", what, v)
		}
	}()
	if err := f(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

func newParquet(r *io.SectionReader, cols *Columns) (*parquetSource, error) {
	s := &parquetSource{r: r}
	err := guarded("read Parquet footer", func() (err error) {
		s.pf, err = file.NewParquetReader(r)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := guarded("read Parquet schema", func() error { return s.schema(cols) }); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// schema finds the columns that the mapping names.
func (s *parquetSource) schema(cols *Columns) error {
	sc := s.pf.MetaData().Schema
	root := sc.Root()
	var names []string
	for i := range root.NumFields() {
		names = append(names, root.Field(i).Name())
	}
	slots, err := cols.header(names)
	if err != nil {
		return err
	}
	for i, slot := range slots {
		if slot < 0 {
			continue
		}
		leaf := -1
		for j := range sc.NumColumns() {
			if c := sc.Column(j); len(c.ColumnPath()) == 1 && c.MaxRepetitionLevel() == 0 && c.Name() == names[i] {
				leaf = j
			}
		}
		if leaf < 0 && slot >= cols.named {
			cols.unused[shorten(names[i], 100)] = true // rest: keep keeps what can be kept
			continue
		}
		if leaf < 0 {
			return fmt.Errorf("the column %q holds lists or groups of values; only simple values can be mapped", shorten(names[i], 100))
		}
		s.slots, s.leafs, s.names = append(s.slots, slot), append(s.leafs, leaf), append(s.names, cols.names[slot])
	}
	s.total = s.pf.NumRows()
	return nil
}

func (s *parquetSource) close() error {
	return guarded("close Parquet file", s.pf.Close)
}

func (s *parquetSource) next(rec *Record) error {
	for s.left == 0 {
		if s.group >= s.pf.NumRowGroups() {
			return io.EOF
		}
		s.begin()
		s.group++
	}
	rec.reset()
	s.left--
	s.row++
	rec.Line, rec.No = s.row, s.row
	if s.lost != nil {
		p := *s.lost
		return &p
	}
	s.arena, s.spans = s.arena[:0], s.spans[:0]
	var bad *Problem
	for i, c := range s.cols {
		from := len(s.arena)
		var given bool
		var fault string
		err := guarded("read rows", func() (err error) {
			s.arena, given, fault, err = c.next(s.arena)
			return err
		})
		if err != nil {
			s.giveUp(NewProblem(ReasonUnreadable, s.names[i], nil, "this row and the rest of its row group cannot be read: %s", shortError{err}))
			p := *s.lost
			return &p
		}
		if fault != "" && bad == nil {
			bad = NewProblem(ReasonInvalidValue, s.names[i], nil, "the value %s", fault)
		}
		if given {
			s.spans = append(s.spans, xesCell{s.slots[i], from, len(s.arena)})
		}
	}
	if bad != nil {
		return bad
	}
	for _, c := range s.spans {
		rec.set(c.slot, s.arena[c.from:c.to])
	}
	return nil
}

// giveUp refuses what is left of the row group.
func (s *parquetSource) giveUp(p *Problem) {
	s.lost = p
	s.left = min(s.left, maxLostRows)
}

// begin opens the next row group: the checksums of its pages first.
func (s *parquetSource) begin() {
	s.cols, s.lost, s.left = s.cols[:0], nil, 0
	column := ""
	err := guarded("read row group", func() error {
		rg := s.pf.RowGroup(s.group)
		s.left = max(rg.NumRows(), 0)
		for i, leaf := range s.leafs {
			column = s.names[i]
			meta, err := rg.MetaData().ColumnChunk(leaf)
			if err != nil {
				return err
			}
			if err := checkPages(s.r, meta); err != nil {
				return err
			}
			chunk, err := rg.Column(leaf)
			if err != nil {
				return err
			}
			c, err := newParquetColumn(chunk)
			if err != nil {
				return err
			}
			s.cols = append(s.cols, c)
		}
		return nil
	})
	if err != nil {
		s.giveUp(NewProblem(ReasonUnreadable, column, nil, "row group %d cannot be read: %s", s.group+1, shortError{err}))
		s.left = max(s.left, 1) // a group that cannot say its rows is told all the same
	}
}

// isParquet reports whether a file begins as a Parquet file does.
func isParquet(head []byte) bool { return bytes.HasPrefix(head, []byte("PAR1")) }

var _ parquet.ReaderAtSeeker = (*io.SectionReader)(nil)
