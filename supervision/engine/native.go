package engine

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"

	"duban/queries"
)

// links keeps idle native connections for the next round.
type links struct {
	dial func(ctx context.Context) (*ch.Client, error)
	mu   sync.Mutex
	idle []*ch.Client
}

func (l *links) get(ctx context.Context) (*ch.Client, error) {
	l.mu.Lock()
	for n := len(l.idle); n > 0; n = len(l.idle) {
		c := l.idle[n-1]
		l.idle = l.idle[:n-1]
		if !c.IsClosed() {
			l.mu.Unlock()
			return c, nil
		}
	}
	l.mu.Unlock()
	return l.dial(ctx)
}

// put gives a connection back; one whose query failed is closed, because the
// server may still be answering on it.
func (l *links) put(c *ch.Client, err error) {
	if err != nil || c.IsClosed() {
		_ = c.Close()
		return
	}
	l.mu.Lock()
	l.idle = append(l.idle, c)
	l.mu.Unlock()
}

func (l *links) closeAll() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.idle {
		_ = c.Close()
	}
	l.idle = nil
}

// do runs a query on a pooled connection.
func (l *links) do(ctx context.Context, q ch.Query) error {
	c, err := l.get(ctx)
	if err != nil {
		return err
	}
	err = c.Do(ctx, q)
	l.put(c, err)
	return err
}

// nativeQuery renders and binds a named query for column-wise reading.
func nativeQuery(reg *queries.Registry, name string, args queries.Args) (ch.Query, error) {
	q, err := reg.Get(name)
	if err != nil {
		return ch.Query{}, err
	}
	text, err := reg.Text(name)
	if err != nil {
		return ch.Query{}, err
	}
	bound, err := q.Bind(args)
	if err != nil {
		return ch.Query{}, fmt.Errorf("bind query %s: %w", name, err)
	}
	out := ch.Query{Body: text}
	escape := strings.NewReplacer(`\`, `\\`, `'`, `\'`)
	for key, value := range bound {
		out.Parameters = append(out.Parameters, proto.Parameter{Key: key, Value: "'" + escape.Replace(value) + "'"})
	}
	return out, nil
}
