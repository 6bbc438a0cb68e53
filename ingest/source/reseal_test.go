package source

import (
	"encoding/binary"
	"hash/crc32"
)

// reseal writes the checksum of a record batch anew.
func reseal(batch []byte) {
	if len(batch) >= batchHeaderLen {
		binary.BigEndian.PutUint32(batch[batchCRCAt:], crc32.Checksum(batch[batchAttrAt:], crcTable))
	}
}

func putInt64(b []byte, v int64) { binary.BigEndian.PutUint64(b, uint64(v)) }
