package queries

import "context"

// Bound is a registry with the database that its queries run on, for readers that ask one
// database and need not know how.
type Bound struct {
	registry *Registry
	conn     Conn
}

// On binds the queries to a database.
func (r *Registry) On(conn Conn) Bound { return Bound{registry: r, conn: conn} }

// Run runs a query; see Registry.Run.
func (b Bound) Run(ctx context.Context, name string, args Args, by ...string) (*Result, error) {
	return b.registry.Run(ctx, b.conn, name, args, by...)
}

// Stream runs a query and hands its rows over in batches; see Registry.Stream.
func (b Bound) Stream(ctx context.Context, name string, args Args, batch int, each func(*Result) error) error {
	return b.registry.Stream(ctx, b.conn, name, args, batch, each)
}
