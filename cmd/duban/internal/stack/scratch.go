package stack

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"duban/internal/store"
	"duban/queries"
	"duban/supervision/engine"
)

// Change answers a named query about what this program and its configuration
// would move; limit is for one that lists. With keepAs it is kept as what that version of
// the calendar moves.
func (s *Stack) Change(ctx context.Context, name string, limit uint64, keepAs string) (res *queries.Result, err error) {
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
	cfg, err := s.EngineConfig()
	if err != nil {
		return nil, err
	}
	// The copy of the lease shows no life; nobody else works on the copy.
	cfg.LeaseTTL = time.Second
	e, err := engine.New(cfg, engine.Deps{Store: scratch, Queries: s.reg, Log: s.log.With("role", RoleSupervise), Metrics: s.metrics,
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

var selectLeftovers = queries.Select[struct {
	Name string `ch:"name"`
}]("change/leftovers")

// sweepScratch takes away the copies that killed explanations left behind.
func (s *Stack) sweepScratch(ctx context.Context, before time.Time) error {
	copies, err := selectLeftovers.All(ctx, s.reg, s.db.Conn(), queries.Args{"prefix": s.db.Name() + changeInfix, "before": before})
	if err != nil {
		return err
	}
	for _, c := range copies {
		db, err := s.beside(c.Name)
		if err != nil {
			return err
		}
		if err := errors.Join(db.DropDatabase(ctx), db.Close()); err != nil {
			return err
		}
		s.log.Info("took away a copy that an explanation of a change left behind", "database", c.Name)
	}
	return nil
}

// changeInfix is what stands between the name of a database and the random end of the
// name of its copy.
const changeInfix = "_change_"

// scratch makes a database of its own beside that of the product.
func (s *Stack) scratch(ctx context.Context) (*store.DB, error) {
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
func (s *Stack) beside(name string) (*store.DB, error) {
	u, err := url.Parse(s.db.DSN())
	if err != nil {
		return nil, fmt.Errorf("address of ClickHouse: %w", err)
	}
	u.Path = "/" + name
	return store.Open(u.String())
}

// explainMoves works out what another version of the calendar would move, and keeps it.
func (s *Stack) explainMoves(ctx context.Context, version string) error {
	other := &Stack{Cfg: s.Cfg, log: s.log, metrics: prometheus.NewRegistry(), reg: s.reg, db: s.db}
	other.Cfg.Supervise.CalendarVersion = version
	_, err := other.Change(ctx, "change/counts", 0, version)
	return err
}
