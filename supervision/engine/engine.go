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
	"duban/supervision/fold"
	"duban/supervision/statestore"
	"duban/supervision/workflow"
)

// Store is what the engine needs of ClickHouse; store.DB is one.
type Store interface {
	Conn() queries.Conn
	statestore.Dialer
}

// Deps are the collaborators of an engine; all are required.
type Deps struct {
	Store   Store
	Queries *queries.Registry
	Log     *slog.Logger
	Metrics prometheus.Registerer
	// Now is the clock of folded_at and of the lease.
	Now func() time.Time
}

// Engine keeps the states equal to the fold of the facts. Several processes
// may run one each: one works, the others stand by.
type Engine struct {
	cfg  Config
	db   Store
	reg  *queries.Registry
	log  *slog.Logger
	now  func() time.Time
	pool *statestore.Pool
	in   *instruments
	// cal is the calendar in force; read it with Calendar.
	cal       atomic.Pointer[calendar.Calendar]
	folder    *fold.Folder
	rules     rulesState
	announcer *announce.Announcer
	casework  *casework.Office
	// answeredAt is when requests were looked for last.
	answeredAt time.Time
	// askedRereads is when it was asked last what was read once more.
	askedRereads time.Time
	// warnedAt is when it was said last that alerts wait.
	warnedAt time.Time
	day      dailyState
	pace     *pace
	// kept are checkpoints that the holder of the lease remembers, see keptMarks; nil when
	// they have to be read.
	kept checkpoint.Set
	calm calm
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
	e := &Engine{
		cfg: cfg, db: deps.Store, reg: deps.Queries, log: deps.Log, now: deps.Now, in: in,
		pool:  statestore.NewPool(deps.Store),
		rules: rulesState{health: map[string]health{}, behind: map[string]time.Time{}, took: map[string]time.Duration{}, lateness: map[string]int64{}, rejudging: map[string]bool{}, failures: map[string]int{}},
	}
	e.pace = newPace(cfg.Poll)
	e.cal.Store(cfg.Calendar)
	e.folder = fold.New(fold.Deps{
		Queries: e.reg, Conn: e.db.Conn, Pool: e.pool, Log: e.log, Now: e.now, Calendar: e.Calendar, Policy: cfg.Policy,
		Workers: cfg.Workers, RoundDeliveries: cfg.RoundDeliveries,
	})
	e.announcer = announce.New(announce.Deps{
		Queries: e.reg, Conn: e.db.Conn, Pool: e.pool, Log: e.log, Now: e.now, Calendar: e.Calendar, Rules: cfg.Rules,
		Appealable: cfg.appealable, ChainsAtOnce: cfg.ChainsAtOnce,
		Announced: func(rule, event string) { in.alerts.WithLabelValues(rule, event).Inc() },
		Changed:   func() { e.casework.AlertsChanged() },
	})
	e.casework = casework.New(casework.Deps{
		Queries: e.reg, Conn: e.db.Conn, Log: e.log, Now: e.now, Calendar: e.Calendar, Rules: cfg.Rules, Appealable: cfg.appealable,
		Decided: func(k workflow.Kind, outcome string) { in.actions.WithLabelValues(string(k), outcome).Inc() },
	})
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
		err := e.hold(ctx, e.work)
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
		if e.sleep(ctx, pause) != nil {
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
	return e.hold(ctx, func(ctx context.Context, l *lease) error {
		if err := e.prepare(ctx, l); err != nil {
			return err
		}
		for {
			if busy, err := e.turn(ctx, l); err != nil || !busy {
				return err
			}
		}
	})
}

// hold acquires the lease, works under it, and gives it back. While it works
// the lease is kept alive; the work is cancelled with errLost as soon as
// another engine is seen to have it.
func (e *Engine) hold(ctx context.Context, work func(context.Context, *lease) error) error {
	l, err := e.acquire(ctx)
	if err != nil {
		return err
	}
	e.kept, e.calm = nil, calm{}
	e.folder.Forget()
	e.in.leading.Set(1)
	defer e.in.leading.Set(0)
	e.log.Info("lease acquired", "lease", e.cfg.Lease, "epoch", l.epoch)
	holding, lose := context.WithCancelCause(ctx)
	beating := make(chan struct{})
	go func() {
		defer close(beating)
		e.beatWhile(holding, l, lose)
	}()
	err = work(holding, l)
	lost := errors.Is(context.Cause(holding), errLost)
	lose(nil)
	<-beating
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

// beatWhile keeps the lease alive until ctx ends or another engine has it. A
// holder that was replaced without noticing does no harm: its versions are
// lower than those of the next one.
func (e *Engine) beatWhile(ctx context.Context, l *lease, lose context.CancelCauseFunc) {
	for e.sleep(ctx, e.cfg.LeaseTTL/3) == nil {
		err := l.keep(ctx)
		switch {
		case errors.Is(err, errLost):
			lose(errLost)
			return
		case err != nil && ctx.Err() == nil:
			e.log.Warn("keep lease", "lease", e.cfg.Lease, "error", err)
		}
	}
}

// prepare brings an engine that has just got the lease to where the states are.
func (e *Engine) prepare(ctx context.Context, l *lease) error {
	if _, err := e.RefreshCalendar(ctx); err != nil {
		return err
	}
	if err := e.folder.WriteReference(ctx); err != nil {
		return err
	}
	if err := e.folder.LoadCatalogue(ctx); err != nil {
		return err
	}
	if err := e.settleCalendar(ctx, l); err != nil {
		return err
	}
	if err := e.settleBasis(ctx, l); err != nil {
		return err
	}
	e.casework.Restart()
	e.day = dailyState{}
	return e.settleRules(ctx, l)
}

// turn folds what there is and lets the rules speak about it; busy when there was
// something to do.
func (e *Engine) turn(ctx context.Context, l *lease) (busy bool, err error) {
	w := e.watermark(ctx)
	busy, behind, err := e.round(ctx, l)
	if err != nil {
		return false, err
	}
	if behind {
		w = e.announcer.Until()
	}
	w = later(w, e.announcer.Until())
	more, err := e.evaluatePeriods(ctx, l, w)
	if err != nil {
		return false, err
	}
	if err := e.retryRules(ctx, l); err != nil {
		return false, err
	}
	scanned, err := e.announce(ctx, l, w)
	if err != nil {
		return false, err
	}
	if err := e.casework.Follow(ctx, l.version); err != nil {
		return false, err
	}
	if e.cfg.Notify != nil {
		if err := e.cfg.Notify(ctx, e.now(), e.announcer.Version(), scanned || !e.calm.holds(l)); err != nil {
			// People are told later; alerts do not wait for that.
			e.log.Warn("notices interrupted, trying again", "error", err)
		}
	}
	e.backlog = behind || more
	return busy || more, nil
}

// answerEvery is how often it is asked whether a person wants everything folded again
// or has put another calendar into force.
const answerEvery = 10 * time.Second

func (e *Engine) work(ctx context.Context, l *lease) error {
	if err := e.prepare(ctx, l); err != nil {
		return err
	}
	for {
		if err := e.cfg.room(ctx); err != nil {
			return err
		}
		began := e.now()
		busy, err := e.turn(ctx, l)
		if err == nil {
			err = e.daily(ctx, l, busy)
		}
		if err != nil {
			return err
		}
		if e.now().Sub(e.answeredAt) >= min(answerEvery, 40*e.cfg.Poll) {
			if err := e.answerRequests(ctx, l); err != nil {
				return err
			}
			if err := e.followCalendar(ctx, l); err != nil {
				return err
			}
			e.answeredAt = e.now()
		}
		if err := e.pace.rest(ctx, e.pauseAfter(busy, e.now().Sub(began))); err != nil {
			return err
		}
	}
}

func (e *Engine) sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
