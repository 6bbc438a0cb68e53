package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"duban/internal/store"
	"duban/queries"
	"duban/supervision/engine"
)

// changeFlags are those of `duban supervise --explain-change`.
type changeFlags struct {
	explain, list bool
	limit         uint64
	format        *string
	// keepAs is the version of the calendar under which the answer is kept; empty: it is
	// only told.
	keepAs string
}

func (f *changeFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.BoolVar(&f.explain, "explain-change", false, "say what the calendar, policy and rules of this configuration would move, and end; "+
		"nothing is changed")
	fl.BoolVar(&f.list, "list", false, "with --explain-change: every due and alert that moves, instead of their numbers")
	fl.Uint64Var(&f.limit, "limit", 1000, "with --list: at most this many rows")
	f.format = addFormat(cmd)
}

// explainChange computes on a copy of the database what this program and its
// configuration would make of the facts, and compares.
func (s *stack) explainChange(cmd *cobra.Command, f *changeFlags) error {
	name, limit := "change/counts", uint64(0)
	if f.list {
		name, limit = "change/moved", f.limit
	}
	res, err := s.change(cmd.Context(), name, limit, f.keepAs)
	if err != nil {
		return err
	}
	if len(res.Rows) == 0 && *f.format == "table" {
		fmt.Fprintln(cmd.OutOrStdout(), "nothing moves")
		return nil
	}
	return res.Write(cmd.OutOrStdout(), *f.format)
}

// change answers a named query about what this program and its configuration
// would move; limit is for one that lists. With keepAs it is kept as what that version of
// the calendar moves.
func (s *stack) change(ctx context.Context, name string, limit uint64, keepAs string) (res *queries.Result, err error) {
	if err := s.sweepScratch(ctx, time.Now().Add(-leftover)); err != nil {
		return nil, err
	}
	scratch, err := s.scratch(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		err = errors.Join(err, scratch.DropDatabase(context.WithoutCancel(ctx)), scratch.Close())
	}()
	if err := queries.Migrate(ctx, scratch.Conn(), s.reg, time.Now); err != nil {
		return nil, err
	}
	if err := engine.CopyFrom(ctx, s.db, scratch, s.reg, s.db.Name()); err != nil {
		return nil, err
	}
	cfg, err := s.engineConfig()
	if err != nil {
		return nil, err
	}
	// The copy of the lease shows no life; nobody else works on the copy.
	cfg.LeaseTTL = time.Second
	e, err := engine.New(cfg, engine.Deps{Store: scratch, Queries: s.reg, Log: s.log.With("role", roleSupervise), Metrics: s.metrics,
		Now: s.supervisionClock()})
	if err != nil {
		return nil, err
	}
	if keepAs != "" {
		if err := e.OnlyCalendarDiffers(ctx); err != nil {
			return nil, err
		}
	}
	if err := e.Replay(ctx); err != nil {
		return nil, err
	}
	if keepAs != "" {
		kept := queries.Args{"main": s.db.Name(), "version": keepAs, "asked_at": time.Now().UTC()}
		if err := s.reg.Exec(ctx, scratch.Conn(), "change/keep", kept); err != nil {
			return nil, err
		}
	}
	args := queries.Args{"main": s.db.Name()}
	if limit > 0 {
		args["max_rows"] = limit
	}
	return s.reg.Run(ctx, scratch.Conn(), name, args)
}

// leftover is the age at which a copy belongs to nobody any more.
const leftover = 24 * time.Hour

// sweepScratch takes away the copies that killed explanations left behind.
func (s *stack) sweepScratch(ctx context.Context, before time.Time) error {
	res, err := s.reg.Run(ctx, s.db.Conn(), "change/leftovers", queries.Args{"prefix": s.db.Name() + changeInfix, "before": before})
	if err != nil {
		return err
	}
	for _, m := range res.Maps() {
		name := m["name"].(string)
		db, err := s.beside(name)
		if err != nil {
			return err
		}
		if err := errors.Join(db.DropDatabase(ctx), db.Close()); err != nil {
			return err
		}
		s.log.Info("took away a copy that an explanation of a change left behind", "database", name)
	}
	return nil
}

// changeInfix is what stands between the name of a database and the random end of the
// name of its copy.
const changeInfix = "_change_"

// scratch makes a database of its own beside that of the product.
func (s *stack) scratch(ctx context.Context) (*store.DB, error) {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails on supported systems
	db, err := s.beside(s.db.Name() + changeInfix + hex.EncodeToString(b[:]))
	if err != nil {
		return nil, err
	}
	if err := db.EnsureDatabase(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// beside opens another database of the same server, which need not exist.
func (s *stack) beside(name string) (*store.DB, error) {
	u, err := url.Parse(s.db.DSN())
	if err != nil {
		return nil, fmt.Errorf("address of ClickHouse: %w", err)
	}
	u.Path = "/" + name
	return store.Open(u.String())
}

// explainMoves works out what another version of the calendar would move, and keeps it.
func (s *stack) explainMoves(ctx context.Context, version string) error {
	other := &stack{cfg: s.cfg, log: s.log, metrics: prometheus.NewRegistry(), reg: s.reg, db: s.db}
	other.cfg.Supervise.CalendarVersion = version
	_, err := other.change(ctx, "change/counts", 0, version)
	return err
}
