package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// relay passes connections on to the engine inside the child, and never lets it
// see one that was reset.
//
// The embedded engine (libchdb 26.7) reads from the client while a query runs, to
// see whether it was cancelled. When the connection was reset, which is what the
// kernel does for a client that was killed with data unread, that read throws
// where nothing catches it ("Terminate called for uncaught exception: Code: 210 …
// Connection reset by peer, while reading from socket") and the whole server
// aborts. An orderly end of the stream is handled: the query is cancelled. So the
// relay turns every end of a client into an orderly one, and takes what the engine
// still sends until it has noticed.
type relay struct {
	listener net.Listener
	target   string
}

// newRelay listens on a loopback port for connections to another.
func newRelay(port, target int) (*relay, error) {
	l, err := net.Listen("tcp", loopback(port))
	if err != nil {
		return nil, fmt.Errorf("listen for ClickHouse clients: %w", err)
	}
	return &relay{listener: l, target: loopback(target)}, nil
}

func loopback(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

// acceptPause is how long the relay waits after it could not accept a connection,
// because no file descriptor was left or the client had gone.
const acceptPause = 50 * time.Millisecond

// run accepts connections until the listener is closed; whatever else goes wrong
// passes.
func (r *relay) run() {
	for {
		client, err := r.listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			time.Sleep(acceptPause)
		default:
			go r.pass(client.(*net.TCPConn))
		}
	}
}

// dialTimeout bounds the dial of the engine: on the loopback it answers or
// refuses at once, unless its backlog is full.
const dialTimeout = 5 * time.Second

// pass serves one client until the engine has ended the connection.
func (r *relay) pass(client *net.TCPConn) {
	defer func() { _ = client.Close() }()
	d := net.Dialer{Timeout: dialTimeout}
	conn, err := d.DialContext(context.Background(), "tcp", r.target)
	if err != nil {
		return // not up yet, or no longer: the client sees its connection closed
	}
	engine := conn.(*net.TCPConn)
	defer func() { _ = engine.Close() }()
	go func() {
		_, _ = io.Copy(engine, client)
		// However the client ended, the engine is told in order.
		_ = engine.CloseWrite()
	}()
	_, _ = io.Copy(client, engine)
	// The client may be gone while the engine still writes: closing now would
	// reset the engine's side, so the rest is taken and thrown away.
	_, _ = io.Copy(io.Discard, engine)
}
