package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"duban/queries"
	"duban/supervision/announce"
	"duban/supervision/calendar"
	"duban/supervision/casework"
	"duban/supervision/checkpoint"
	"duban/supervision/evaluate"
	"duban/supervision/fold"
	"duban/supervision/movement"
	"duban/supervision/statestore"
	"duban/supervision/workflow"
)

// Store is what the engine needs of ClickHouse; store.DB is one.
type Store interface {
	Conn() queries.Conn
	statestore.Dialer
}

// Deps are the collaborators of an engine; all but Known are required.
type Deps struct {
	Store   Store
	Queries *queries.Registry
	Log     *slog.Logger
	Metrics prometheus.Registerer
	// Now is the clock of folded_at and of the lease.
	Now func() time.Time
	// Known is the clock of known_at, which is that of the machine even in a drill; nil: Now.
	Known func() time.Time
}

// parts are what the stages of an engine share.
type parts struct {
	cfg  Config
	db   Store
	reg  *queries.Registry
	log  *slog.Logger
	now  func() time.Time
	pool *statestore.Pool
	in   *instruments
	// cal is the calendar in force; read it with Calendar.
	cal       atomic.Pointer[calendar.Calendar]
	marks     *checkpoint.Keeper
	folder    *fold.Folder
	evaluator *evaluate.Evaluator
	announcer *announce.Announcer
	movements *movement.Writer
	casework  *casework.Office
}

// Engine keeps the states equal to the fold of the facts. Several processes
// may run one each: one works, the others stand by.
type Engine struct {
	*parts
	leases     leases
	folding    folding
	announcing announcing
	moving     moving
	reconciler reconciler
	daily      daily
	pace       *pace
	// stages are those of a turn, in their order.
	stages []Stage
	// requestedAt is when requests were looked for last.
	requestedAt time.Time
	// foldedAt is when something was folded last.
	foldedAt time.Time
	// backlog: the last turn left something to the next one.
	backlog bool
}

// New prepares an engine; it does no I/O.
func New(cfg Config, deps Deps) (*Engine, error) {
	cfg = cfg.withDefaults()
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	in, err := newInstruments(deps.Metrics)
	if err != nil {
		return nil, fmt.Errorf("register instruments of the engine: %w", err)
	}
	p := &parts{cfg: cfg, db: deps.Store, reg: deps.Queries, log: deps.Log, now: deps.Now, in: in, pool: statestore.NewPool(deps.Store)}
	p.cal.Store(cfg.Calendar)
	p.marks = checkpoint.NewKeeper(p.reg, p.db.Conn, p.now)
	p.folder = fold.New(fold.Deps{
		Queries: p.reg, Conn: p.db.Conn, Pool: p.pool, Log: p.log, Now: p.now, Calendar: p.Calendar, Policy: cfg.Policy,
		Workers: cfg.Workers, RoundDeliveries: cfg.RoundDeliveries, FollowStep: cfg.FollowStep,
	})
	if deps.Known == nil {
		deps.Known = deps.Now
	}
	p.movements = movement.New(movement.Deps{
		Queries: p.reg, Conn: p.db.Conn, Marks: checkpoint.NewKeeper(p.reg, p.db.Conn, p.now), Log: p.log, Now: deps.Known, Folded: p.folder.Passes,
	})
	p.evaluator = evaluate.New(evaluate.Deps{
		Queries: p.reg, Conn: p.db.Conn, Marks: p.marks, Log: p.log, Now: p.now, Calendar: p.Calendar, Rules: cfg.Rules,
		Announced: func() (uint64, time.Time) { return p.announcer.Version(), p.announcer.Until() },
		Evaluated: in.evaluated,
		Together:  func(took time.Duration) { in.statementSeconds.Observe(took.Seconds()) },
	})
	p.announcer = announce.New(announce.Deps{
		Queries: p.reg, Conn: p.db.Conn, Pool: p.pool, Log: p.log, Now: p.now, Calendar: p.Calendar, Rules: cfg.Rules,
		Appealable: cfg.appealable, ChainsAtOnce: cfg.ChainsAtOnce,
		Announced: func(rule, event string) { in.alerts.WithLabelValues(rule, event).Inc() },
		Changed:   func() { p.casework.AlertsChanged() },
	})
	p.casework = casework.New(casework.Deps{
		Queries: p.reg, Conn: p.db.Conn, Log: p.log, Now: p.now, Calendar: p.Calendar, Rules: cfg.Rules, Appealable: cfg.appealable,
		Decided: func(k workflow.Kind, outcome string) { in.actions.WithLabelValues(string(k), outcome).Inc() },
	})
	e := &Engine{
		parts: p, leases: leases{parts: p}, folding: folding{parts: p}, announcing: announcing{parts: p}, moving: moving{parts: p}, reconciler: reconciler{parts: p},
		daily: daily{parts: p}, pace: newPace(cfg.Poll),
	}
	e.stages = e.conduct()
	return e, nil
}

// steady is how long an engine must have worked for the next error to count as
// a new incident.
const steady = 30 * time.Second

// Run folds until ctx ends. An absent ClickHouse is waited for; an engine that
// loses its lease stands by until it gets it again.
func (e *Engine) Run(ctx context.Context) error {
	defer e.pool.Close()
	pause := e.cfg.Poll
	for ctx.Err() == nil {
		began := e.now()
		err := e.runAsLeader(ctx, e.work)
		if ctx.Err() != nil {
			return nil
		}
		// Idle connections may be those of a server that is no more: the next turn
		// would fail because of them alone.
		e.pool.Close()
		if e.now().Sub(began) > steady {
			pause = e.cfg.Poll
		}
		if errors.Is(err, errLost) {
			e.log.Warn("lease lost, standing by", "lease", e.cfg.Lease)
			pause = e.cfg.Poll
		} else {
			e.in.errors.Inc()
			e.log.Warn("fold interrupted, trying again", "error", err, "wait_s", pause.Seconds())
		}
		if sleep(ctx, pause) != nil {
			return nil
		}
		pause = min(2*pause, e.cfg.MaxBackoff)
	}
	return nil
}

// CatchUp waits for the lease, folds what the ledger holds, and gives the
// lease back. It is for tests and for programs that run once.
func (e *Engine) CatchUp(ctx context.Context) error {
	defer e.pool.Close()
	return e.runAsLeader(ctx, func(ctx context.Context, l *lease) error {
		if err := e.prepare(ctx, l); err != nil {
			return err
		}
		e.moving.beside = false
		for {
			if busy, err := e.turn(ctx, l, true); err != nil || !busy {
				return err
			}
		}
	})
}

// runAsLeader acquires the lease, works under it, and gives it back. While it works
// the lease is kept alive; the work is cancelled with errLost as soon as
// another engine is seen to have it.
func (e *Engine) runAsLeader(ctx context.Context, work func(context.Context, *lease) error) error {
	l, err := e.leases.acquire(ctx)
	if err != nil {
		return err
	}
	e.marks.Forget()
	e.folder.Forget()
	e.movements.Forget()
	e.announcing.calm = calm{}
	e.in.leading.Set(1)
	defer e.in.leading.Set(0)
	e.log.Info("lease acquired", "lease", e.cfg.Lease, "epoch", l.epoch)
	holding, lose := context.WithCancelCause(ctx)
	beating := make(chan struct{})
	go func() {
		defer close(beating)
		l.renew(holding, lose)
	}()
	err = work(holding, l)
	lost := errors.Is(context.Cause(holding), errLost)
	lose(nil)
	<-beating
	e.moving.await()
	if lost {
		return errLost
	}
	detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if rerr := l.release(detached); rerr != nil {
		e.log.Debug("release lease", "error", rerr)
	}
	return err
}
