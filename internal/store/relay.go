package store

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"sync/atomic"
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
	// isolated says that nobody else is in the network of the target.
	isolated bool
	door     door
	peers    *peers
	// strangers are the clients that have not said who they are.
	strangers atomic.Int32
}

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

// helloTimeout bounds how long a client may take to say who it is, and maxStrangers how
// many may be about to.
const (
	helloTimeout = 10 * time.Second
	maxStrangers = 256
)

// pass serves one client until the engine has ended the connection.
func (r *relay) pass(client *net.TCPConn) {
	defer func() { _ = client.Close() }()
	from := &recorder{in: bufio.NewReader(client)}
	h, ok := r.admit(client, from)
	if !ok || !r.isolated && !ownListener(r.target) {
		return
	}
	d := net.Dialer{Timeout: dialTimeout}
	conn, err := d.DialContext(context.Background(), "tcp", r.target)
	if err != nil {
		return // not up yet, or no longer: the client sees its connection closed
	}
	engine := conn.(*net.TCPConn)
	defer func() { _ = engine.Close() }()
	go func() {
		if introduce(client, from, engine, h.revision) == nil {
			_, _ = io.Copy(engine, from.in)
		}
		// However the client ended, the engine is told in order.
		_ = engine.CloseWrite()
	}()
	_, _ = io.Copy(client, engine)
	// The client may be gone while the engine still writes: closing now would
	// reset the engine's side, so the rest is taken and thrown away.
	_, _ = io.Copy(io.Discard, engine)
}

// introduce hands on the first packet of a client, which was read already, and what the client
// adds to it once the engine has answered: all of it or, when it does not come, an equivalent.
func introduce(client *net.TCPConn, from *recorder, engine io.Writer, revision uint64) error {
	if _, err := engine.Write(from.take()); err != nil {
		return err
	}
	err := client.SetReadDeadline(time.Now().Add(helloTimeout))
	if err == nil {
		err = readAddendum(from, revision)
	}
	if err == nil {
		err = client.SetReadDeadline(time.Time{})
	}
	added := from.take()
	if err != nil {
		added = noWishes(revision)
	}
	_, werr := engine.Write(added)
	return errors.Join(err, werr)
}

// admit reads who a client is: its first packet.
func (r *relay) admit(client *net.TCPConn, from *recorder) (h hello, ok bool) {
	if r.strangers.Add(1) > maxStrangers {
		r.strangers.Add(-1)
		return h, false
	}
	defer r.strangers.Add(-1)
	if !r.peers.allowed(client) {
		return h, false
	}
	if err := client.SetReadDeadline(time.Now().Add(helloTimeout)); err != nil {
		return h, false
	}
	h, err := readHello(from)
	if err != nil {
		return h, false
	}
	if code, message := r.door.check(h); code != 0 {
		_, _ = client.Write(refusal(code, message))
		return h, false
	}
	return h, true
}
