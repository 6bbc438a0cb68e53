package broker_test

import (
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"

	"duban/internal/broker"
)

// Nine bytes of an unknown request ended the process, eight made it take two
// gigabytes, and a web page could send such bytes from a browser ("GET " read as a
// size is 1.19 GB). The broker ends these connections and goes on.
func TestWhatIsNoRequestEndsTheConnectionAndNothingElse(t *testing.T) {
	b, err := broker.Start(broker.Config{Topics: []string{"t"}})
	require.NoError(t, err)
	defer func() { require.NoError(t, b.Close()) }()

	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for name, bytes := range map[string]string{
		"an unknown key":      "\x00\x00\x00\x09\xff\xff\x00\x00\x00\x00\x00\x00\x00",
		"a short one":         "\x00\x00\x00\x05\xff\xff\xff\xff\xff",
		"two gigabytes":       "\x7f\xff\xff\xff\x00\x00\x00\x00",
		"a negative size":     "\xff\xff\xff\xff\x00\x00\x00\x00",
		"a version from 2099": "\x00\x00\x00\x08\x00\x00\x7f\xff\x00\x00\x00\x00",
		"a web page":          "GET /a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
		"a browser's form":    "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n",
	} {
		c, err := net.Dial("tcp", b.Addr())
		require.NoError(t, err, name)
		_, err = c.Write([]byte(bytes))
		require.NoError(t, err, name)
		require.NoError(t, c.SetReadDeadline(time.Now().Add(10*time.Second)))
		_, err = io.Copy(io.Discard, c)
		require.NotErrorIs(t, err, context.DeadlineExceeded, name)
		var timeout net.Error
		require.False(t, isTimeout(err, &timeout), "%s: the connection stays open", name)
		_ = c.Close()
	}
	// An announced size alone takes no room.
	c, err := net.Dial("tcp", b.Addr())
	require.NoError(t, err)
	defer func() { _ = c.Close() }()
	_, err = c.Write([]byte("\x05\x00\x00\x00\x00\x00\x00\x03"))
	require.NoError(t, err)
	time.Sleep(100 * time.Millisecond)
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20))

	client, err := kgo.NewClient(kgo.SeedBrokers(b.Addr()))
	require.NoError(t, err)
	defer client.Close()
	require.NoError(t, client.ProduceSync(t.Context(), &kgo.Record{Topic: "t", Value: []byte("still here")}).FirstErr())
}

func isTimeout(err error, as *net.Error) bool {
	return errors.As(err, as) && (*as).Timeout()
}
