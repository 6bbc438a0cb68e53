package store

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
)

// Once the engine has answered the first packet, it waits for what the client adds to it.
// The engine as a library (libchdb 26.7) ends, whole, when that does not come, breaks off or
// asks for another framing than its own, for the same reason as with a sign-in that fails.
// So the relay reads it to its end before the engine sees a byte of it, and adds for a client
// that is gone what one without wishes would have.

// Revisions of the protocol from which on there is something to add.
const (
	withQuotaKey        = 54458
	withFraming         = 54470
	withReplicaProtocol = 54471
	// NewestRevision is the engine's own, the last one of which it is known what is added.
	NewestRevision = 54488
)

// plainFraming is the only framing that the engine is set up for.
const plainFraming = "notchunked"

var errFraming = errors.New("the embedded ClickHouse does not speak the chunked protocol")

// readAddendum reads what a client of a revision adds to its first packet.
func readAddendum(r packetReader, revision uint64) error {
	var key, send, receive string
	var version uint64
	var reads []func() error
	if revision >= withQuotaKey {
		reads = append(reads, text(r, &key))
	}
	if revision >= withFraming {
		reads = append(reads, text(r, &send), text(r, &receive))
	}
	if revision >= withReplicaProtocol {
		reads = append(reads, number(r, &version))
	}
	if err := inOrder(reads...); err != nil {
		return err
	}
	if revision >= withFraming && (send != plainFraming || receive != plainFraming) {
		return fmt.Errorf("%w: %q, %q", errFraming, send, receive)
	}
	return nil
}

// noWishes is what a client that wants nothing in particular adds.
func noWishes(revision uint64) (b []byte) {
	add := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	if revision >= withQuotaKey {
		add("")
	}
	if revision >= withFraming {
		add(plainFraming)
		add(plainFraming)
	}
	if revision >= withReplicaProtocol {
		b = append(b, 0)
	}
	return b
}

// recorder keeps what is read through it until it is taken.
type recorder struct {
	in   *bufio.Reader
	read []byte
}

// Read implements io.Reader.
func (r *recorder) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	r.read = append(r.read, p[:n]...)
	return n, err
}

// ReadByte implements io.ByteReader.
func (r *recorder) ReadByte() (byte, error) {
	b, err := r.in.ReadByte()
	if err == nil {
		r.read = append(r.read, b)
	}
	return b, err
}

// take returns what was read since the last time.
func (r *recorder) take() []byte {
	b := r.read
	r.read = nil
	return b
}
