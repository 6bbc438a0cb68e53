package decode

import (
	"encoding/binary"

	"github.com/zeebo/xxh3"
)

// identity hashes (source_sys, id, revision), each with its length before it,
// so that no two different triples share their bytes. [0] is the high half.
func (d *Decoder) identity(source, id []byte, revision uint32) [2]uint64 {
	b := binary.AppendUvarint(d.claim[:0], uint64(len(source)))
	b = append(b, source...)
	b = binary.AppendUvarint(b, uint64(len(id)))
	b = append(b, id...)
	b = binary.AppendUvarint(b, uint64(revision))
	d.claim = b
	h := xxh3.Hash128(b)
	return [2]uint64{h.Hi, h.Lo}
}

// content hashes everything the source claims about the fact: every given
// field except those that describe the sending, times as instants, numbers as
// numbers, the payload in canonical form.
func (d *Decoder) content() uint64 {
	b := d.claim[:0]
	for i := range d.sh.fields {
		if d.seen&(1<<i) == 0 || d.sh.fields[i].sending {
			continue
		}
		b = append(b, byte(i))
		switch d.sh.fields[i].kind {
		case kTime, kDate, kInt, kRevision, kBool:
			b = binary.AppendVarint(b, d.slots[i].n)
		default:
			b = binary.AppendUvarint(b, uint64(len(d.slots[i].s)))
			b = append(b, d.slots[i].s...)
		}
	}
	d.claim = b
	return xxh3.Hash(b)
}
