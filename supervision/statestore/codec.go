package statestore

import (
	"context"
	"errors"
	"fmt"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"

	"duban/ingest/event"
	"duban/queries"
)

// Codec says which columns hold the facts F and the states S of a kind of
// subject.
type Codec[F, S any] struct {
	// Name ends the names of the kind's queries and labels its figures.
	Name string
	// Table holds the states.
	Table string

	facts  func(*reader[F])
	states func(*row[S])
	// origin is where a fact keeps its content hash and where it came from.
	origin func(*F) (*uint64, *event.Origin)
}

// readSettings keep the blocks of facts small: several are in memory at once.
func readSettings() []ch.Setting {
	return []ch.Setting{{Key: "max_block_size", Value: "16384", Important: true}}
}

// writeSettings bound what the server gathers before it writes a part.
func writeSettings() []ch.Setting {
	return []ch.Setting{{Key: "min_insert_block_size_bytes", Value: "134217728", Important: true}}
}

// Fact takes one row of a fact query. The fact is overwritten by the next row;
// what its strings point to is not. lost: a conflicting rewrite, not in force;
// contested: in force against one.
type Fact[F any] func(ctx context.Context, f *F, lost, contested bool) error

// Read streams the rows of a named fact query, block by block.
func (c Codec[F, S]) Read(ctx context.Context, p *Pool, reg *queries.Registry, query string, args queries.Args, each Fact[F]) error {
	q, err := nativeQuery(reg, query, args)
	if err != nil {
		return err
	}
	r := newReader(c.facts, c.origin)
	var f F
	q.Settings, q.Result = readSettings(), r.results
	q.OnResult = func(ctx context.Context, block proto.Block) error {
		r.finalise()
		for i := range block.Rows {
			lost, contested := r.fact(i, &f)
			if err := each(ctx, &f, lost, contested); err != nil {
				return err
			}
		}
		return nil
	}
	if err := p.do(ctx, q); err != nil {
		return fmt.Errorf("run query %s: %w", query, err)
	}
	return nil
}

// Insert streams states of a fold version into the table: fill is asked for a
// block whenever the server has taken the one before, puts the states of one,
// and returns io.EOF when there are no more.
func (c Codec[F, S]) Insert(
	ctx context.Context, p *Pool, foldVersion uint64, foldedAt int64, fill func(ctx context.Context, put func(*S)) error,
) error {
	r := newRow[S]()
	c.states(r)
	version(r, foldVersion, foldedAt)
	in := r.columns.input
	next := func(ctx context.Context) error {
		r.columns.reset()
		return fill(ctx, r.put)
	}
	err := p.do(ctx, ch.Query{Body: in.Into(c.Table), Input: in, OnInput: next, Settings: writeSettings()})
	if err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("insert into %s: %w", c.Table, err)
	}
	return err
}
