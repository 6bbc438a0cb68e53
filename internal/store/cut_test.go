package store_test

import (
	"context"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"
	"github.com/stretchr/testify/require"
)

// A client that goes away in mid-query is an everyday thing: a process that is
// killed, a network that breaks. Its query ends, and nothing else does. The server
// looks at the connection while it works on each of these.
func TestTheServerOutlivesClientsThatAreCutOffInMidQuery(t *testing.T) {
	e := start(t, t.TempDir())
	db := open(t, e.DSN())
	pid := e.PID()
	queries := []string{
		"SELECT number FROM system.numbers",
		"SELECT number, sleepEachRow(0.01) FROM system.numbers SETTINGS max_block_size = 10",
		"SELECT count() AS number FROM system.numbers_mt",
	}
	var wg sync.WaitGroup
	for worker := range 12 {
		wg.Go(func() {
			for i := range 15 {
				// At any moment: while the query is sent, works, or answers.
				cut(t, e.DSN(), db.Addr(), queries[(worker+i)%len(queries)], time.Duration(17*worker+13*i)*time.Millisecond)
			}
		})
	}
	wg.Wait()
	require.Eventually(t, func() bool {
		var n uint64
		err := db.Conn().QueryRow(t.Context(), "SELECT count() FROM system.processes WHERE query LIKE '%system.numbers%' AND query NOT LIKE "+
			"'%processes%'").Scan(&n)
		return err == nil && n == 0
	}, 30*time.Second, 100*time.Millisecond, "the queries of clients that are gone are cancelled")
	require.Equal(t, pid, e.PID())
	require.Zero(t, e.Restarts())
}

// cut starts an endless query and cuts the connection while it runs, as the kernel
// does for a process that was killed: with a reset.
func cut(t *testing.T, dsn, addr, query string, after time.Duration) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Error(err)
		return
	}
	u, err := url.Parse(dsn)
	if err != nil {
		t.Error(err)
		return
	}
	password, _ := u.User.Password()
	c, err := ch.Connect(t.Context(), conn, ch.Options{User: u.User.Username(), Password: password, Database: strings.Trim(u.Path, "/")})
	if err != nil {
		t.Error(err)
		return
	}
	time.AfterFunc(after, func() {
		_ = conn.(*net.TCPConn).SetLinger(0)
		_ = conn.Close()
	})
	var ignored proto.Results
	if err := c.Do(t.Context(), ch.Query{
		Body: query, Result: ignored.Auto(), OnResult: func(context.Context, proto.Block) error { return nil },
	}); err == nil {
		t.Error("an endless query ended")
	}
}
