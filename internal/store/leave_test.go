package store_test

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/stretchr/testify/require"

	"duban/internal/store"
)

// A client that goes away while it still introduces itself, or in the midst of a question,
// ends nothing but its own connection, whichever byte was its last and however it ended.
func TestTheServerOutlivesClientsThatLeaveAtAnyByte(t *testing.T) {
	e := start(t, t.TempDir())
	addr, pid := hostOf(t, e.DSN()), e.PID()
	for _, c := range []struct {
		name     string
		revision int
		addendum []byte
	}{
		{"as the clients of this program", 54460, text("")},
		{"as clickhouse-client", engineRevision(t, e), text("", "notchunked", "notchunked", 4)},
		{"with another framing", engineRevision(t, e), text("", "chunked", "chunked", 4)},
	} {
		hello := append([]byte{0}, text("client", 54, 1, c.revision, "duban", "duban", password(t, e.DSN()))...)
		session := append([]byte(nil), c.addendum...)
		if c.revision == 54460 {
			session = append(session, question(c.revision)...)
		}
		for _, reset := range []bool{false, true} {
			for n := range hello {
				leave(t, addr, hello[:n], nil, reset)
			}
			leave(t, addr, hello, nil, reset) // does not even wait for the answer
			for n := range len(session) + 1 {
				leave(t, addr, hello, session[:n], reset)
			}
		}
		time.Sleep(100 * time.Millisecond)
		require.Equal(t, pid, e.PID(), c.name)
		require.NoError(t, open(t, e.DSN()).Ping(t.Context()))
	}
	require.Zero(t, e.Restarts())
}

// engineRevision is the newest revision of the protocol that the engine speaks. What a client
// adds to its first packet depends on it: one that is not known here may add more.
func engineRevision(t *testing.T, e *store.Embedded) int {
	t.Helper()
	answer := talk(t, hostOf(t, e.DSN()), string(append([]byte{0}, text("client", 54, 1, 54460, "duban", "duban", password(t, e.DSN()))...)))
	r := proto.NewReader(strings.NewReader(answer))
	code, err := r.UVarInt()
	require.NoError(t, err)
	require.Zero(t, code)
	var server proto.ServerHello
	require.NoError(t, server.DecodeAware(r, 54460))
	require.LessOrEqual(t, server.Revision, store.NewestRevision, "look up what this revision of the protocol adds")
	return server.Revision
}

// question is a query without data, as the native protocol has it.
func question(revision int) []byte {
	var b proto.Buffer
	q := proto.Query{
		ID: "a", Body: "SELECT 1", Stage: proto.StageComplete, Compression: proto.CompressionDisabled,
		Info: proto.ClientInfo{ProtocolVersion: revision, Major: 54, Minor: 1, Interface: proto.InterfaceTCP, Query: proto.ClientQueryInitial,
			InitialAddress: "127.0.0.1:1"},
	}
	q.EncodeAware(&b, revision)
	return b.Buf
}

// leave sends the packet, then, when the server has answered it, the rest, and goes.
func leave(t *testing.T, addr string, hello, rest []byte, reset bool) {
	t.Helper()
	c, err := net.DialTimeout("tcp", addr, 5*time.Second)
	require.NoError(t, err)
	defer func() { _ = c.Close() }()
	_, err = c.Write(hello)
	require.NoError(t, err)
	if rest != nil {
		require.NoError(t, c.SetReadDeadline(time.Now().Add(10*time.Second)))
		_, err = io.ReadFull(c, make([]byte, 1))
		require.NoError(t, err)
		_, err = c.Write(rest)
		require.NoError(t, err)
	}
	if reset {
		require.NoError(t, c.(*net.TCPConn).SetLinger(0))
	}
}
