package notify

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"duban/queries"
	"duban/supervision/notify/channel"
)

// Notifier plans notices and sends them. Step is called by one goroutine, the
// holder of the lease; sending goes on beside it until Close.
type Notifier struct {
	cfg     Config
	conn    queries.Conn
	reg     *queries.Registry
	ledger  ledger
	source  Source
	senders channel.Senders
	rules   func(string) (string, string)
	log     *slog.Logger
	in      *instruments
	now     func() time.Time
	// unconfigured are the channels of which it was said that they are not configured.
	unconfigured sync.Map

	// Of Step alone.
	dir       Directory
	dirAt     time.Time
	lastAt    time.Time
	sweptAt   time.Time
	last      uint64
	more      bool
	changed   bool      // there may be events that no step has seen
	restUntil time.Time // without such, nothing is due before
	problems  int
	sightings map[string]map[string]sighting // by notice and owner
	notBefore map[string]time.Time           // notices that we gave way with

	mu         sync.Mutex
	inFlight   map[string]bool // notices that are being sent or whose result is not recorded
	unrecorded []result
	slots      chan struct{}
	messages   int // being sent
	wg         sync.WaitGroup
	ctx        context.Context // ends sending; not a request context
	stop       context.CancelFunc
}

// result is what has to be recorded of a message.
type result struct {
	version uint64
	at      time.Time
	entries []entry
}

// Report is what a step came to.
type Report struct {
	// Planned counts new notices by state.
	Planned map[State]int
	// Waiting counts events whose window is still open.
	Waiting int
	// Messages counts those that the step has begun to send.
	Messages int
}

// New prepares a notifier; it does no I/O.
func New(cfg Config, deps Deps) (*Notifier, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	in, err := newInstruments(deps.Metrics)
	if err != nil {
		return nil, fmt.Errorf("register instruments of notify: %w", err)
	}
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails on supported systems
	ctx, stop := context.WithCancel(context.Background())
	n := &Notifier{
		cfg: cfg, conn: deps.Conn, reg: deps.Queries, ledger: ledger{deps.Conn, deps.Queries, hex.EncodeToString(b[:])},
		source: deps.Directory, senders: deps.Senders, rules: deps.Rules, log: deps.Log, in: in, now: deps.Now,
		sightings: map[string]map[string]sighting{}, notBefore: map[string]time.Time{}, inFlight: map[string]bool{},
		slots: make(chan struct{}, cfg.Parallel), ctx: ctx, stop: stop, problems: -1,
	}
	if o, ok := deps.Directory.(*Organisations); ok && o.OnProblems == nil {
		o.OnProblems = n.report
	}
	return n, nil
}

// directoryAge is how long a picture of the directory is used.
const directoryAge = time.Minute

// restAtMost is how long a notifier rests without news: other processes may have left
// something unsent.
const restAtMost = time.Minute

// StepIf is Step, except that it returns at once while nothing has changed since the last
// step and no notice is due.
func (n *Notifier) StepIf(ctx context.Context, now time.Time, version uint64, changed bool) (Report, error) {
	n.changed = n.changed || changed
	if !n.changed && now.Before(n.restUntil) && !n.sending() {
		return Report{Planned: map[State]int{}}, nil
	}
	return n.Step(ctx, now, version)
}

// sending reports whether messages are under way or their results are not recorded.
func (n *Notifier) sending() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.inFlight) > 0 || len(n.unrecorded) > 0
}

// rest finds out until when there is nothing to do unless something changes.
func (n *Notifier) rest(ctx context.Context, now time.Time, rep *Report) (err error) {
	if rep.Waiting > 0 || n.more || n.sending() {
		return nil
	}
	n.restUntil, err = n.ledger.nextDue(ctx, now.Add(-look), now.Add(restAtMost))
	return err
}

// Step plans what was recorded up to a fold version and begins to send what is
// due. Versions rise from step to step, and all events of a version are
// written before the step with it. It returns without waiting for the
// channels, and at once when the last round is less than Interval ago.
func (n *Notifier) Step(ctx context.Context, now time.Time, version uint64) (Report, error) {
	rep := Report{Planned: map[State]int{}}
	if !n.more && !n.lastAt.IsZero() && now.Sub(n.lastAt) < n.cfg.Interval {
		return rep, nil
	}
	if version <= n.last {
		return rep, fmt.Errorf("step of notices: fold version %d is not above %d", version, n.last)
	}
	n.lastAt, n.last, n.restUntil = now, version, time.Time{}
	if err := n.flush(ctx); err != nil {
		return rep, fmt.Errorf("record results of notices: %w", err)
	}
	if n.dir == nil || now.Sub(n.dirAt) >= directoryAge {
		dir, err := n.source.Load(ctx, now)
		if err != nil {
			return rep, fmt.Errorf("load directory of notices: %w", err)
		}
		n.dir, n.dirAt = dir, now
	}
	if err := n.plan(ctx, now, version, &rep); err != nil {
		return rep, fmt.Errorf("plan notices: %w", err)
	}
	if err := n.dispatch(ctx, now, version, &rep); err != nil {
		return rep, fmt.Errorf("send notices: %w", err)
	}
	quiet := !n.changed
	n.changed = false
	if quiet { // else there is more where this came from
		if err := n.rest(ctx, now, &rep); err != nil {
			return rep, fmt.Errorf("find the next notice that is due: %w", err)
		}
	}
	return rep, nil
}

// Every sweepEvery a step also looks for events of the last sweepBack that the
// cursor has passed and nobody planned, such as those that an engine wrote
// after it had lost its lease.
const (
	sweepEvery = 10 * time.Minute
	sweepBack  = 2 * time.Hour
)

func (n *Notifier) plan(ctx context.Context, now time.Time, version uint64, rep *Report) error {
	after, err := n.ledger.cursor(ctx)
	if err != nil {
		return err
	}
	effective := now.Add(-n.cfg.MaxAge)
	events, err := n.ledger.events(ctx, after, version, time.UnixMilli(0), effective)
	if err != nil {
		return err
	}
	planned, err := n.record(ctx, events, false, now, version, rep)
	if err != nil {
		return err
	}
	rep.Waiting = planned.Waiting
	n.in.waiting.Set(float64(planned.Waiting))
	if n.sweptAt.IsZero() || now.Sub(n.sweptAt) >= sweepEvery {
		lost, err := n.ledger.events(ctx, 0, after, now.Add(-sweepBack), effective)
		if err != nil {
			return err
		}
		if _, err := n.record(ctx, lost, true, now, version, rep); err != nil {
			return err
		}
		n.sweptAt = now
	}
	if planned.Upto <= after {
		return nil
	}
	old, err := n.ledger.history(ctx, after, planned.Upto, effective)
	if err != nil {
		return err
	}
	if err := n.ledger.saveCursor(ctx, planned.Upto, version, now); err != nil {
		return err
	}
	if old > 0 {
		n.in.history.Add(float64(old))
		n.log.Info("events are too old to tell anybody of", "events", old, "max_age_s", n.cfg.MaxAge.Seconds())
	}
	return nil
}

// record plans events and writes the notices that are new. Of those that were passed by,
// one of which anybody was told was planned: the people of the rung may be others by now.
func (n *Notifier) record(ctx context.Context, events []Event, passed bool, now time.Time, version uint64, rep *Report) (Planned, error) {
	covered, err := n.ledger.covered(ctx, events, n.cfg.Window)
	if err != nil {
		return Planned{}, err
	}
	if passed {
		told := map[string]bool{}
		for pair := range covered {
			told[pair.Event] = true
		}
		events = slices.DeleteFunc(events, func(e Event) bool { return told[e.ID] })
	}
	planned := Plan(events, n.dir, covered, now, version, n.cfg.Policy)
	entries, counts := make([]entry, len(planned.Notices)), map[State]int{}
	for i, notice := range planned.Notices {
		entries[i] = entry{Notice: notice, CreatedAt: now}
		rep.Planned[notice.State]++
		counts[notice.State]++
	}
	if err := n.ledger.save(ctx, version, changePlanned, now, entries); err != nil {
		return Planned{}, err
	}
	for state, count := range counts {
		n.in.notices.WithLabelValues(string(state)).Add(float64(count))
	}
	return planned, nil
}

// flush records what could not be recorded when it was sent.
func (n *Notifier) flush(ctx context.Context) error {
	n.mu.Lock()
	open := n.unrecorded
	n.unrecorded = nil
	n.mu.Unlock()
	for i, r := range open {
		if err := n.ledger.save(ctx, r.version, changeDone, r.at, r.entries); err != nil {
			n.mu.Lock()
			n.unrecorded = append(n.unrecorded, open[i:]...)
			n.mu.Unlock()
			return err
		}
		n.landed(r.entries)
	}
	return nil
}

func (n *Notifier) landed(entries []entry) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for i := range entries {
		delete(n.inFlight, entries[i].ID)
	}
}

// report logs what the directory holds that cannot be used, when it changes.
func (n *Notifier) report(problems []Problem) {
	n.in.problems.Set(float64(len(problems)))
	if len(problems) == n.problems {
		return
	}
	n.problems = len(problems)
	for i, p := range problems {
		if i == 10 {
			n.log.Warn("more contacts cannot be used", "contacts", len(problems)-i)
			break
		}
		n.log.Warn("contact cannot be used", "org_code", p.OrgCode, "at", p.At, "reason", p.Reason)
	}
}

// Wait returns when no message is being sent.
func (n *Notifier) Wait() { n.wg.Wait() }

// Close lets messages that are being sent end until ctx does, and records
// results that are not recorded yet. It is idempotent.
func (n *Notifier) Close(ctx context.Context) error {
	done := make(chan struct{})
	go func() { n.wg.Wait(); close(done) }()
	var err error
	select {
	case <-done:
	case <-ctx.Done():
		n.stop()
		<-done // channels end with their context
		err = errors.New("messages that were being sent were broken off; they may be repeated")
	}
	n.stop()
	record, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return errors.Join(err, n.flush(record))
}
