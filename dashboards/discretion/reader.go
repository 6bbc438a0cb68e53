package discretion

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"duban/dashboards/access"
	"duban/queries"
)

// Querier runs named queries on one database.
type Querier interface {
	Run(ctx context.Context, name string, args queries.Args, by ...string) (*queries.Result, error)
	// Stream hands the rows over in batches, for answers that need not fit into memory.
	Stream(ctx context.Context, name string, args queries.Args, batch int, each func(*queries.Result) error) error
}

// Reader tells the queries about alerts and work how much of what is secret the person who
// asks may see, whichever page asks; without a word they tell nothing of it. It is safe for
// concurrent use.
type Reader struct {
	from Querier
	// tells are the queries of pages that can tell of secret subjects: those with a
	// parameter secret.
	tells   map[string]bool
	secrets *secretKeeper
}

// NewReader makes a reader of one database.
func NewReader(reg *queries.Registry, conn queries.Conn, now func() time.Time) (*Reader, error) {
	database := reg.On(conn)
	r := &Reader{from: database, tells: map[string]bool{}}
	r.secrets = &secretKeeper{now: now, read: func(ctx context.Context) ([]secretSubject, error) {
		return selectSecrets.On(ctx, database, nil)
	}}
	for _, name := range reg.Names() {
		q, err := reg.Get(name)
		if err != nil {
			return nil, err
		}
		secret := slices.ContainsFunc(q.Params, func(p queries.Param) bool { return p.Name == "secret" })
		r.tells[name] = secret && strings.HasPrefix(name, "page/")
	}
	return r, nil
}

// Run runs a query and keeps its answer.
func (d *Reader) Run(ctx context.Context, name string, args queries.Args, by ...string) (*queries.Result, error) {
	res, err := d.from.Run(ctx, name, d.args(ctx, name, args), by...)
	if err != nil {
		return nil, err
	}
	return res, d.Keep(ctx, name, res)
}

// Stream runs a query and keeps its answer batch by batch.
func (d *Reader) Stream(ctx context.Context, name string, args queries.Args, batch int, each func(*queries.Result) error) error {
	return d.from.Stream(ctx, name, d.args(ctx, name, args), batch, d.Each(ctx, name, each))
}

// Each keeps every batch before it is handed over.
func (d *Reader) Each(ctx context.Context, name string, each func(*queries.Result) error) func(*queries.Result) error {
	return func(res *queries.Result) error {
		if err := d.Keep(ctx, name, res); err != nil {
			return err
		}
		if len(res.Rows) == 0 {
			return nil
		}
		return each(res)
	}
}

func (d *Reader) args(ctx context.Context, name string, args queries.Args) queries.Args {
	if !d.tells[name] {
		return args
	}
	own := make(queries.Args, len(args)+1)
	maps.Copy(own, args)
	own["secret"] = access.SecretsFor(ctx)
	return own
}

// Keep takes out of an answer what its reader may not be told.
func (d *Reader) Keep(ctx context.Context, name string, res *queries.Result) error {
	MaskWords(res)
	if access.SecretsFor(ctx) == access.AllSecrets {
		return nil
	}
	s, err := d.secrets.known(ctx)
	if err == nil {
		s.keep(res, d.tells[name])
	}
	return err
}
