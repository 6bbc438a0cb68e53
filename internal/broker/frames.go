package broker

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// maxRequest is how large one request may be: Kafka's own socket.request.max.bytes.
const maxRequest = 100 << 20

// leastRequest is the size of the shortest header of a request: key, version and
// correlation id.
const leastRequest = 8

// apiVersions is the key of the request by which a client asks what the broker knows;
// any version of it is answered.
const apiVersions = 18

// errNoRequest says that what came over a connection is no request of the protocol.
var errNoRequest = errors.New("not a request of the Kafka protocol")

// listen binds an address and hands on whole requests of the protocol alone. The
// embedded broker (kfake) makes room for as many bytes as the first four of a request
// announce, and ends the process on a key that it does not know: whoever can open its
// port, a web page in a browser of this machine included, could do both.
func listen(network, address string) (net.Listener, error) {
	l, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	return frameListener{l}, nil
}

type frameListener struct{ net.Listener }

// Accept waits for the next connection.
func (l frameListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &frameConn{Conn: c}, nil
}

// frameConn reads whole requests. Room is made as their bytes arrive, so that a size
// that is only announced costs nothing. It has one reader.
type frameConn struct {
	net.Conn
	frame bytes.Buffer
}

// Read returns bytes of a whole, well-formed request; anything else ends the
// connection.
func (c *frameConn) Read(p []byte) (int, error) {
	if c.frame.Len() == 0 {
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	return c.frame.Read(p)
}

func (c *frameConn) next() error {
	c.frame.Reset()
	var head [8]byte // size, key, version
	if _, err := io.ReadFull(c.Conn, head[:]); err != nil {
		return err
	}
	size := int64(int32(binary.BigEndian.Uint32(head[:])))
	if err := checkRequest(size, int16(binary.BigEndian.Uint16(head[4:])), int16(binary.BigEndian.Uint16(head[6:]))); err != nil {
		return errors.Join(err, c.Close())
	}
	c.frame.Write(head[:])
	_, err := io.CopyN(&c.frame, c.Conn, size-4)
	return err
}

// checkRequest refuses what is no request that the broker can read.
func checkRequest(size int64, key, version int16) error {
	if size < leastRequest || size > maxRequest {
		return fmt.Errorf("%w: a size of %d bytes", errNoRequest, size)
	}
	r := kmsg.RequestForKey(key)
	if r == nil || version < 0 || version > r.MaxVersion() && key != apiVersions {
		return fmt.Errorf("%w: key %d, version %d", errNoRequest, key, version)
	}
	return nil
}
