package fold

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"duban/ingest/event"
	"duban/queries"
	"duban/supervision/lifecycle"
)

const (
	// batchFacts is about how many facts a worker takes at a time.
	batchFacts = 8192
	// blockStates is about how many states one block of an insert carries.
	blockStates = 4096
)

// Counts says what one pass of the fold did.
type Counts struct {
	Subjects, Facts atomic.Int64
	// New tells whether a delivery is one of the round; nil: none is asked about.
	New func(event.Origin) bool
	// Corrected is whether a new delivery was a void, an amend or another revision, which is
	// no late fact but another word about what was told.
	Corrected bool
}

// batch is work for one worker: facts of whole subjects.
type batch[F any] struct {
	facts []F
	// ends holds where the facts of each subject end, contested whether one of
	// them came again with other content.
	ends      []int
	contested []bool
}

func (b *batch[F]) reset() {
	b.facts, b.ends, b.contested = b.facts[:0], b.ends[:0], b.contested[:0]
}

// foldFacts streams the facts of a named query, which come subject by subject,
// folds each subject and inserts its state. Subjects whose facts are all lost
// in conflicts lose their state. Memory is bounded by the batches under way,
// whatever the number of subjects.
func foldFacts[F, S any](ctx context.Context, f *Folder, k kind[F, S], query string, args queries.Args, version uint64, n *Counts) error {
	g, gctx := errgroup.WithContext(ctx)
	c := &cutter[F]{
		subject: k.subject,
		work:    make(chan *batch[F], f.workers), free: make(chan *batch[F], 2*f.workers+2),
	}
	g.Go(func() error {
		defer close(c.work)
		take := c.fact
		if n.New != nil && k.corrects != nil {
			take = func(ctx context.Context, x *F, lost, contested bool) error {
				if at, corrects := k.corrects(x); corrects && !lost && n.New(at) {
					n.Corrected = true
				}
				return c.fact(ctx, x, lost, contested)
			}
		}
		if err := k.Read(gctx, f.pool, f.reg, query, args, take); err != nil {
			return err
		}
		n.Facts.Add(c.rows)
		return c.finish(gctx)
	})
	for range f.workers {
		g.Go(func() error { return foldBatches(gctx, f, k, c, version, n) })
	}
	if err := g.Wait(); err != nil {
		return fmt.Errorf("fold %s: %w", k.Name, err)
	}
	return f.drop(ctx, k.Name, c.gone, version)
}

// cutter cuts the stream of facts into batches of whole subjects.
type cutter[F any] struct {
	subject func(*F) subject
	rows    int64
	work    chan *batch[F]
	free    chan *batch[F]
	b       *batch[F]
	// current is the subject that is being read, from its first fact in b.
	current         subject
	open, contested bool
	from            int
	// gone are subjects of which no fact is in force.
	gone []subject
}

// fact takes the next row; the facts of a subject come one after the other.
func (c *cutter[F]) fact(ctx context.Context, f *F, lost, contested bool) error {
	c.rows++
	if s := c.subject(f); !c.open || s != c.current {
		c.closeSubject()
		if c.b == nil || len(c.b.facts) >= batchFacts {
			if err := c.send(ctx); err != nil {
				return err
			}
		}
		c.current, c.open, c.contested, c.from = s, true, false, len(c.b.facts)
	}
	if lost {
		c.contested = true
		return nil
	}
	c.contested = c.contested || contested
	c.b.facts = append(c.b.facts, *f)
	return nil
}

func (c *cutter[F]) closeSubject() {
	switch {
	case !c.open:
	case len(c.b.facts) == c.from:
		c.gone = append(c.gone, c.current)
	default:
		c.b.ends = append(c.b.ends, len(c.b.facts))
		c.b.contested = append(c.b.contested, c.contested)
	}
}

// send hands the batch over and takes an empty one.
func (c *cutter[F]) send(ctx context.Context) error {
	if c.b != nil && len(c.b.ends) > 0 {
		select {
		case c.work <- c.b:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	select {
	case c.b = <-c.free:
		c.b.reset()
	default:
		c.b = &batch[F]{facts: make([]F, 0, batchFacts+batchFacts/8)}
	}
	return nil
}

func (c *cutter[F]) finish(ctx context.Context) error {
	c.closeSubject()
	return c.send(ctx)
}

// foldBatches is one worker: it folds batches and streams the states into one
// insert, which asks for a block whenever the server has taken the one before.
func foldBatches[F, S any](ctx context.Context, f *Folder, k kind[F, S], c *cutter[F], version uint64, n *Counts) error {
	b, ok := <-c.work
	if !ok {
		return nil
	}
	folder := lifecycle.NewFolder(f.catalogue, f.calendar(), f.policy)
	var s S
	return k.Insert(ctx, f.pool, version, f.now().UnixMilli(), func(ctx context.Context, put func(*S)) error {
		rows := 0
		for rows < blockStates {
			if b == nil {
				select {
				case b, ok = <-c.work:
				case <-ctx.Done():
					return ctx.Err()
				}
				if !ok {
					b = nil
					if rows == 0 {
						return io.EOF
					}
					return nil
				}
			}
			from := 0
			for i, end := range b.ends {
				k.fold(folder, b.facts[from:end], &s)
				if b.contested[i] {
					k.contest(&s)
				}
				put(&s)
				from = end
			}
			rows += len(b.ends)
			n.Subjects.Add(int64(len(b.ends)))
			select {
			case c.free <- b:
			default:
			}
			b = nil
		}
		return nil
	})
}

// drop takes away the states of subjects of which no fact is in force, if they
// have one: their only facts arrived first and were found to be conflicting
// rewrites later.
func (f *Folder) drop(ctx context.Context, name string, gone []subject, version uint64) error {
	if len(gone) == 0 {
		return nil
	}
	args := queries.Args{}
	var kinds, sources, subjects []string
	for _, s := range gone {
		kinds, sources, subjects = append(kinds, s.kind), append(sources, s.sourceSys), append(subjects, s.no)
	}
	args["sources"], args["subjects"] = sources, subjects
	if name == "ratings" {
		args["kinds"] = kinds
	}
	stored, err := selectStored[name].All(ctx, f.reg, f.conn(), args)
	if err != nil || len(stored) == 0 {
		return err
	}
	// What rules said of them first: after a crash in between, both are done again.
	if err := f.reg.Exec(ctx, f.conn(), "engine/gone_chains_of_subjects", queries.Args{
		"kind": strings.TrimSuffix(name, "s"), "sources": sources, "subjects": subjects, "fold_version": version, "at": f.now(),
	}); err != nil {
		return err
	}
	return f.reg.Exec(ctx, f.conn(), "engine/drop_"+name, args)
}
