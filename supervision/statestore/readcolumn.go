package statestore

import (
	"errors"
	"fmt"

	"github.com/ClickHouse/ch-go/proto"
)

// textColumn reads String. All strings of a block share one allocation.
type textColumn struct {
	proto.ColStr
	text string
}

// finalise makes the strings of the block just decoded.
func (c *textColumn) finalise() { c.text = string(c.Buf) }

func (c *textColumn) at(i int) string {
	p := c.Pos[i]
	return c.text[p.Start:p.End]
}

// lowColumn reads LowCardinality(String) without making a string per row: the
// rows of a block share the strings of its dictionary.
type lowColumn struct {
	dict   []string
	index  proto.ColStr
	keys   []uint32
	keys8  proto.ColUInt8
	keys16 proto.ColUInt16
	keys32 proto.ColUInt32
}

var _ proto.ColResult = (*lowColumn)(nil)
var _ proto.StateDecoder = (*lowColumn)(nil)

func (c *lowColumn) at(i int) string { return c.dict[c.keys[i]] }

// Type implements proto.ColResult.
func (c *lowColumn) Type() proto.ColumnType {
	return proto.ColumnTypeLowCardinality.Sub(proto.ColumnTypeString)
}

// Rows implements proto.ColResult.
func (c *lowColumn) Rows() int { return len(c.keys) }

// Reset implements proto.ColResult.
func (c *lowColumn) Reset() {
	c.dict, c.keys = c.dict[:0], c.keys[:0]
	c.index.Reset()
}

// DecodeState implements proto.StateDecoder.
func (c *lowColumn) DecodeState(r *proto.Reader) error {
	version, err := r.Int64()
	if err != nil {
		return fmt.Errorf("read LowCardinality version: %w", err)
	}
	if version != 1 {
		return fmt.Errorf("read LowCardinality: unknown version %d", version)
	}
	return nil
}

// DecodeColumn implements proto.ColResult.
func (c *lowColumn) DecodeColumn(r *proto.Reader, rows int) error {
	if rows == 0 {
		return nil
	}
	meta, err := r.Int64()
	if err != nil {
		return fmt.Errorf("read LowCardinality meta: %w", err)
	}
	if meta&(1<<9) == 0 {
		return errors.New("read LowCardinality: the block has no dictionary of its own")
	}
	size, err := r.Int64()
	if err != nil {
		return fmt.Errorf("read LowCardinality dictionary size: %w", err)
	}
	if size < 0 || size > 100_000_000 {
		return fmt.Errorf("read LowCardinality: dictionary size %d", size)
	}
	c.index.Reset()
	if err := c.index.DecodeColumn(r, int(size)); err != nil {
		return fmt.Errorf("read LowCardinality dictionary: %w", err)
	}
	text := string(c.index.Buf)
	c.dict = c.dict[:0]
	for _, p := range c.index.Pos {
		c.dict = append(c.dict, text[p.Start:p.End])
	}
	if _, err := r.Int64(); err != nil { // number of keys, equals rows
		return fmt.Errorf("read LowCardinality key count: %w", err)
	}
	return c.decodeKeys(r, meta&0xff, rows)
}

func (c *lowColumn) decodeKeys(r *proto.Reader, width int64, rows int) error {
	c.keys = c.keys[:0]
	var err error
	switch width {
	case 0:
		c.keys8.Reset()
		err = c.keys8.DecodeColumn(r, rows)
		for _, k := range c.keys8 {
			c.keys = append(c.keys, uint32(k))
		}
	case 1:
		c.keys16.Reset()
		err = c.keys16.DecodeColumn(r, rows)
		for _, k := range c.keys16 {
			c.keys = append(c.keys, uint32(k))
		}
	case 2:
		c.keys32.Reset()
		err = c.keys32.DecodeColumn(r, rows)
		c.keys = append(c.keys, c.keys32...)
	default:
		err = fmt.Errorf("key width %d is not known", width)
	}
	if err != nil {
		return fmt.Errorf("read LowCardinality keys: %w", err)
	}
	for _, k := range c.keys {
		if int(k) >= len(c.dict) {
			return fmt.Errorf("read LowCardinality: key %d is outside the dictionary of %d", k, len(c.dict))
		}
	}
	return nil
}
