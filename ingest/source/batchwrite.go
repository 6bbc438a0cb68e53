package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"time"

	"github.com/pierrec/lz4/v4"
	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/compress"
)

// Layout of a version 2 record batch (Kafka protocol guide, "Record Batch").
const (
	batchHeaderLen = 61
	batchLengthAt  = 8
	batchMagicAt   = 16
	batchCRCAt     = 17
	batchAttrAt    = 21
	batchDeltaAt   = 23
	batchFirstAt   = 27
	batchMaxAt     = 35
	batchCountAt   = 57
)

var crcTable = crc32.MakeTable(crc32.Castagnoli)

// outBatch collects the messages of one partition in wire form. err and done
// tell whoever waits what became of it.
type outBatch struct {
	body  []byte // records
	count int32
	born  time.Time
	done  chan struct{}
	err   error
}

// add appends one record; every record carries the batch's own time.
func (b *outBatch) add(key, value []byte) {
	n := 1 + 1 + varintLen(int64(b.count)) + varintLen(int64(len(key))) + len(key) +
		varintLen(int64(len(value))) + len(value) + 1
	b.body = binary.AppendVarint(b.body, int64(n))
	b.body = append(b.body, 0, 0) // attributes, timestamp delta
	b.body = binary.AppendVarint(b.body, int64(b.count))
	b.body = binary.AppendVarint(b.body, int64(len(key)))
	b.body = append(b.body, key...)
	b.body = binary.AppendVarint(b.body, int64(len(value)))
	b.body = append(b.body, value...)
	b.body = append(b.body, 0) // headers
	b.count++
}

func varintLen(v int64) int {
	u := uint64(v<<1) ^ uint64(v>>63)
	n := 1
	for ; u >= 0x80; u >>= 7 {
		n++
	}
	return n
}

// packer compresses into w. The LZ4 frame goes without a checksum of its own, as
// those of other producers do: the batch has one.
func packer(w io.Writer, codec kafka.Compression) (io.WriteCloser, error) {
	if codec == kafka.Lz4 {
		z := lz4.NewWriter(w)
		if err := z.Apply(lz4.ChecksumOption(false), lz4.BlockSizeOption(lz4.Block256Kb)); err != nil {
			return nil, fmt.Errorf("prepare lz4: %w", err)
		}
		return z, nil
	}
	c := compress.Compression(codec).Codec()
	if c == nil {
		return nil, fmt.Errorf("compression codec %d is unknown", codec)
	}
	return c.NewWriter(w), nil
}

// seal returns the batch as a produce request wants it: a length, then the
// record batch, its records compressed.
func (b *outBatch) seal(now time.Time, codec kafka.Compression) ([]byte, error) {
	buf := bytes.NewBuffer(make([]byte, 0, 4+batchHeaderLen+len(b.body)+1024))
	buf.Write(make([]byte, 4+batchHeaderLen))
	if codec == 0 {
		buf.Write(b.body)
	} else {
		w, err := packer(buf, codec)
		if err != nil {
			return nil, err
		}
		_, err = w.Write(b.body)
		if err := errors.Join(err, w.Close()); err != nil {
			return nil, fmt.Errorf("compress %d records: %w", b.count, err)
		}
	}
	out := buf.Bytes()
	binary.BigEndian.PutUint32(out, uint32(len(out)-4))
	h := out[4:]
	be := binary.BigEndian
	ms := uint64(now.UnixMilli())
	be.PutUint32(h[batchLengthAt:], uint32(len(h)-batchLengthAt-4))
	be.PutUint32(h[12:], 0xffffffff) // partition leader epoch: unknown
	h[batchMagicAt] = 2
	be.PutUint16(h[batchAttrAt:], uint16(codec))
	be.PutUint32(h[batchDeltaAt:], uint32(b.count-1))
	be.PutUint64(h[batchFirstAt:], ms)
	be.PutUint64(h[batchMaxAt:], ms)
	be.PutUint64(h[43:], ^uint64(0)) // producer id: none
	be.PutUint16(h[51:], 0xffff)     // producer epoch
	be.PutUint32(h[53:], 0xffffffff) // base sequence
	be.PutUint32(h[batchCountAt:], uint32(b.count))
	be.PutUint32(h[batchCRCAt:], crc32.Checksum(h[batchAttrAt:], crcTable))
	return out, nil
}
