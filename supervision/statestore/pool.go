package statestore

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"

	"duban/queries"
)

// Dialer opens connections that speak in columns; store.DB is one.
type Dialer interface {
	Native(ctx context.Context) (*ch.Client, error)
}

// Pool keeps idle connections for the next round.
type Pool struct {
	dialer Dialer
	mu     sync.Mutex
	idle   []*ch.Client
}

// NewPool makes an empty pool; it does no I/O.
func NewPool(d Dialer) *Pool { return &Pool{dialer: d} }

func (p *Pool) get(ctx context.Context) (*ch.Client, error) {
	p.mu.Lock()
	for n := len(p.idle); n > 0; n = len(p.idle) {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		if !c.IsClosed() {
			p.mu.Unlock()
			return c, nil
		}
	}
	p.mu.Unlock()
	return p.dialer.Native(ctx)
}

// put gives a connection back; one whose query failed is closed, because the
// server may still be answering on it.
func (p *Pool) put(c *ch.Client, err error) {
	if err != nil || c.IsClosed() {
		_ = c.Close()
		return
	}
	p.mu.Lock()
	p.idle = append(p.idle, c)
	p.mu.Unlock()
}

// Close closes the idle connections; the pool can be used again.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		_ = c.Close()
	}
	p.idle = nil
}

// do runs a query on a pooled connection.
func (p *Pool) do(ctx context.Context, q ch.Query) error {
	c, err := p.get(ctx)
	if err != nil {
		return err
	}
	err = c.Do(ctx, q)
	p.put(c, err)
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
