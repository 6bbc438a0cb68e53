package encode

import (
	"encoding/binary"
	"encoding/hex"
	"math/bits"
)

// The product names what it opens by itself by a hash of what it is about; who
// acts on it reads the name from the screen. The province has no screen, so it
// works the names out: SipHash-2-4 with a key of zeros and the 128 bits of its
// state, further texts combined pairwise, as sipHash128 of ClickHouse does.

// RatingOrder is the name of the work order on a bad rating.
func RatingOrder(source, rating string) string { return name128("rating", source, rating) }

func name128(texts ...string) string {
	sum := sip128([]byte(texts[0]))
	for _, t := range texts[1:] {
		next := sip128([]byte(t))
		sum = sip128(append(sum[:], next[:]...))
	}
	return hex.EncodeToString(sum[:])
}

func sip128(text []byte) [16]byte {
	v0, v1, v2, v3 := uint64(0x736f6d6570736575), uint64(0x646f72616e646f6d), uint64(0x6c7967656e657261), uint64(0x7465646279746573)
	round := func() {
		v0 += v1
		v1 = bits.RotateLeft64(v1, 13) ^ v0
		v0 = bits.RotateLeft64(v0, 32)
		v2 += v3
		v3 = bits.RotateLeft64(v3, 16) ^ v2
		v0 += v3
		v3 = bits.RotateLeft64(v3, 21) ^ v0
		v2 += v1
		v1 = bits.RotateLeft64(v1, 17) ^ v2
		v2 = bits.RotateLeft64(v2, 32)
	}
	put := func(m uint64) {
		v3 ^= m
		round()
		round()
		v0 ^= m
	}
	length := uint64(len(text))
	for ; len(text) >= 8; text = text[8:] {
		put(binary.LittleEndian.Uint64(text))
	}
	var rest [8]byte
	copy(rest[:], text)
	put(binary.LittleEndian.Uint64(rest[:]) | length<<56)
	v2 ^= 0xff
	for range 4 {
		round()
	}
	var out [16]byte
	binary.LittleEndian.PutUint64(out[:8], v0^v1)
	binary.LittleEndian.PutUint64(out[8:], v2^v3)
	return out
}
