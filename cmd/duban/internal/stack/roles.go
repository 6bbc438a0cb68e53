package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"duban/ingest"
	"duban/ingest/event"
	"duban/internal/config"
	"duban/internal/instance"
	"duban/supervision/almanac"
	"duban/supervision/calendar"
	"duban/supervision/engine"
	"duban/supervision/halls"
	"duban/supervision/notify"
	"duban/supervision/risk"
	"duban/supervision/rule"
)

// The roles of a process.
const (
	RoleIngest    = "ingest"
	RoleSupervise = "supervise"
	RoleServe     = "serve"
)

// RunRoles runs the named roles until ctx ends or one of them fails. onReady is
// told the address of the web server, or "" when this process serves none; its
// error ends the run.
func (s *Stack) RunRoles(ctx context.Context, roles []string, onReady func(context.Context, string) error) error {
	// All are made before any runs: one that cannot be, because its port is taken, must
	// not end the process under the others.
	address := ""
	runs := make([]func(context.Context) error, len(roles))
	for i, r := range roles {
		var err error
		if runs[i], err = s.role(r, &address); err != nil {
			return err
		}
	}
	if address != "" {
		if err := s.serving(address); err != nil {
			return err
		}
		if err := s.offerSetup(address); err != nil {
			return err
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	for _, run := range runs {
		g.Go(func() error { return run(ctx) })
	}
	g.Go(func() error {
		// Whoever waits for "ready" sends events then: the topics must be there, or
		// a broker makes them as it likes.
		if s.pipeline != nil {
			select {
			case <-s.pipeline.Ready():
			case <-ctx.Done():
				return nil
			}
		}
		return onReady(ctx, address)
	})
	for _, run := range s.upkeep() {
		g.Go(func() error { return run(ctx) })
	}
	if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// role prepares one role; address is set when it listens.
func (s *Stack) role(name string, address *string) (func(context.Context) error, error) {
	switch name {
	case RoleIngest:
		p, err := s.newIngest()
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		s.pipeline = p
		s.mu.Unlock()
		return p.Run, nil
	case RoleSupervise:
		e, err := s.newEngine(s.metrics, s.newNotifier)
		if err != nil {
			return nil, err
		}
		s.supervisor.Store(e)
		return e.Run, nil
	default:
		srv, err := s.newServer()
		if err != nil {
			return nil, err
		}
		if *address, err = srv.Listen(); err != nil {
			return nil, err
		}
		return s.runServer(srv), nil
	}
}

// ActionKey is the key that the product signs actions with.
func ActionKey(cfg config.Config) ([]byte, error) {
	return instance.Secret(cfg.Data, "action-key", cfg.Secrets.ActionKeyFile)
}

func (s *Stack) newIngest() (*ingest.Pipeline, error) {
	key, err := s.tokenKey()
	if err != nil {
		return nil, err
	}
	actionKey, err := ActionKey(s.Cfg)
	if err != nil {
		return nil, err
	}
	cfg := ingest.DefaultConfig()
	cfg.Group, cfg.Partitions = s.Cfg.Kafka.Group, s.Cfg.Kafka.Partitions
	cfg.BatchRows, cfg.BatchBytes, cfg.BatchAge = s.Cfg.Ingest.BatchRows, s.Cfg.Ingest.BatchBytes, s.Cfg.Ingest.BatchAge
	cfg.TokenKey, cfg.ActionKey = key, actionKey
	// The embedded broker leaves the time to its senders, which are of this machine.
	cfg.ProducerTimes = s.Cfg.Kafka.ProducerTimes || len(s.Cfg.Kafka.Brokers) == 0
	return ingest.New(cfg, ingest.Deps{
		Kafka: s.kafka, Store: s.db, Queries: s.reg, Log: s.log.With("role", RoleIngest), Metrics: s.metrics, Now: time.Now,
		Room: s.room.Wait,
		Stored: func(topic event.Topic) {
			if e := s.supervisor.Load(); e != nil {
				e.Wake(topic == event.TopicActions)
			}
		},
	})
}

// notices tells people what an engine found, see engine.Config.
type notices = func(ctx context.Context, now time.Time, version uint64, changed bool) error

// newNotifier tells people what the engine finds; nil when notices are off.
func (s *Stack) newNotifier(rules *rule.Catalogue) (notices, error) {
	if !s.Cfg.Notify.Enabled {
		return nil, nil
	}
	senders, stop, err := Senders(s.Cfg, s.brokers)
	if err != nil {
		return nil, err
	}
	s.onStop(stop)
	n, err := notify.New(NotifyConfig(s.Cfg), notify.Deps{
		Conn: s.db.Conn(), Queries: s.reg, Directory: notify.NewOrganisations(s.db.Conn(), s.reg), Senders: senders,
		Rules: func(id string) (zh, en string) {
			if r, ok := rules.Get(id); ok {
				return r.Names.Zh, r.Names.En
			}
			return id, id
		},
		Log: s.log.With("role", RoleSupervise), Metrics: s.metrics, Now: s.supervisionClock(),
	})
	if err != nil {
		return nil, err
	}
	s.onStop(func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		return n.Close(ctx)
	})
	return func(ctx context.Context, now time.Time, version uint64, changed bool) error {
		_, err := n.StepIf(ctx, now, version, changed)
		return err
	}, nil
}

// supervisionClock is the clock of the supervise role: that of the machine, unless a
// drill moves it.
func (s *Stack) supervisionClock() func() time.Time {
	offset := s.Cfg.Supervise.ClockOffset
	if offset == 0 {
		return time.Now
	}
	s.log.Warn("the clock of the supervise role is moved, which is for drills only", "offset", offset.String())
	return func() time.Time { return time.Now().Add(offset) }
}

// EngineConfig reads what an engine computes with from the configuration.
func (s *Stack) EngineConfig() (engine.Config, error) {
	cfg, err := engine.DefaultConfig()
	if err != nil {
		return cfg, err
	}
	v := s.Cfg.Supervise.CalendarVersion
	if slices.Contains(calendar.Versions(), v) {
		if cfg.Calendar, err = calendar.Load(v); err != nil {
			return cfg, fmt.Errorf("supervise.calendar_version: %w", err)
		}
	}
	if s.db != nil { // the versions that the office loaded are in the database
		cfg.Calendars = s.Almanac()
	} else if v != "" && cfg.Calendar.Version() != v {
		return cfg, fmt.Errorf("supervise.calendar_version: calendar %q is none of the program's (%s); whether the office loaded it stands in "+
			"the database", v, strings.Join(calendar.Versions(), ", "))
	}
	cfg.Policy.OwnLimits = s.Cfg.Supervise.OwnLimits
	cfg.Policy.Due.Mode = calendar.DueMode(s.Cfg.Supervise.DueMode)
	if cfg.Policy.Halls, err = halls.ByDivision(s.Cfg.Supervise.Halls); err != nil {
		return cfg, err
	}
	cfg.Poll, cfg.LeaseTTL = s.Cfg.Supervise.Interval, s.Cfg.Supervise.LeaseTTL
	if cfg.Rules, err = rule.Load(s.reg, s.Cfg.Rules.Dir); err != nil {
		return cfg, err
	}
	rules := cfg.Rules
	cfg.Appealable = func(id string, _ uint16) bool {
		r, ok := rules.Get(id)
		return ok && slices.Contains(r.Clear, "C")
	}
	return cfg, nil
}

// Almanac knows the versions of the calendar and which one is in force.
func (s *Stack) Almanac() *almanac.Almanac {
	return almanac.New(s.reg, s.db.Conn(), s.Cfg.Supervise.CalendarVersion, time.Now)
}

// newEngine prepares an engine; newNotices is nil for one that tells nobody.
func (s *Stack) newEngine(reg prometheus.Registerer, newNotices func(*rule.Catalogue) (notices, error)) (*engine.Engine, error) {
	cfg, err := s.EngineConfig()
	if err != nil {
		return nil, err
	}
	cfg.Room = s.room.Wait
	cfg.Arrived = ingest.NewFrontier(ingest.NewAuditor(s.kafka, s.db.Conn(), s.reg), s.supervisionClock()).Arrived
	if newNotices != nil {
		cfg.Daily = s.earlyWarning
		if cfg.Notify, err = newNotices(cfg.Rules); err != nil {
			return nil, err
		}
	}
	if s.owner {
		// The lock on the data folder sees to it that no second process uses this name:
		// after a restart the lease is ours at once. The path of the folder is no name,
		// as other machines that share the database may have the same.
		id, err := instance.Secret(s.Cfg.Data, "engine-name", "")
		if err != nil {
			return nil, err
		}
		host, err := os.Hostname()
		if err != nil {
			return nil, fmt.Errorf("name of this machine: %w", err)
		}
		cfg.Instance = string(id[:16]) + "@" + host
	}
	return engine.New(cfg, engine.Deps{
		Store: s.db, Queries: s.reg, Log: s.log.With("role", RoleSupervise), Metrics: reg, Now: s.supervisionClock(), Known: time.Now,
	})
}

// earlyWarning judges the risks of every source; a source without enough past is
// left out.
func (s *Stack) earlyWarning(ctx context.Context, asOf time.Time) error {
	_, err := risk.New(s.reg, s.db.Conn(), time.Now).All(ctx, asOf)
	return err
}

// Recompute has every subject folded again from all of its facts.
func (s *Stack) Recompute(ctx context.Context) error {
	e, err := s.newEngine(s.metrics, nil)
	if err != nil {
		return err
	}
	return e.Recompute(ctx)
}
