package stack

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"duban/dashboards/access"
	"duban/dashboards/server"
	"duban/internal/config"
	"duban/internal/instance"
	"duban/queries"
	"duban/supervision/divisions"
	"duban/supervision/lawzone"
)

// knownRegion reports whether a division code exists; the table is read at the
// first question.
func knownRegion() func(string) bool {
	table := sync.OnceValues(divisions.Load)
	return func(code string) bool {
		t, err := table()
		if err != nil {
			return false
		}
		_, ok := t.Lookup(code)
		return ok || code == "000000"
	}
}

// newAccess joins users, sessions and trail over the data folder.
func newAccess(s *Stack) (*access.Service, error) {
	proxies, err := access.ParseProxies(s.Cfg.Server.Proxies)
	if err != nil {
		return nil, fmt.Errorf("server.%w", err)
	}
	key, err := instance.Secret(s.Cfg.Data, "device-key", "")
	if err != nil {
		return nil, err
	}
	a := access.New(access.Deps{Dir: s.Cfg.Data, Proxies: proxies, DeviceKey: key, Log: s.log.With("role", RoleServe), Now: time.Now,
		RequestID: server.RequestID})
	a.Users.KnownRegion = knownRegion()
	return a, nil
}

// Users knows the users of an instance that need not run.
func Users(cfg config.Config) *access.Users {
	u := access.NewUsers(cfg.Data, time.Now)
	u.KnownRegion = knownRegion()
	return u
}

// runServer serves the pages and carries the trail into the database.
func (s *Stack) runServer(srv *server.Server) func(context.Context) error {
	return func(ctx context.Context) error {
		g, ctx := errgroup.WithContext(ctx)
		g.Go(func() error { return srv.Run(ctx) })
		g.Go(func() error { return s.access.Trail.Run(ctx, s.storeTrail, s.log.With("role", RoleServe)) })
		g.Go(func() error { return s.followCalendar(ctx) })
		return g.Wait()
	}
}

// calendarEvery is how often the pages ask which calendar is in force.
const calendarEvery = 10 * time.Second

// followCalendar keeps the pages counting by the calendar in force, until ctx ends.
func (s *Stack) followCalendar(ctx context.Context) error {
	log := s.log.With("role", RoleServe)
	for {
		changed, err := s.counts.RefreshCalendar(ctx)
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // the end of ctx is no error
		case err != nil:
			log.Warn("ask which calendar is in force", "error", err)
		case changed:
			log.Info("another calendar is in force", "is", s.counts.Calendar().Version())
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(calendarEvery):
		}
	}
}

// storeTrail implements access.Sink.
func (s *Stack) storeTrail(ctx context.Context, entries []access.Entry) error {
	if err := s.room.Err(); err != nil {
		return err // they are kept in the data folder
	}
	at := make([]time.Time, len(entries))
	columns := map[string][]string{}
	for i, e := range entries {
		at[i] = e.At
		for name, value := range map[string]string{
			"id": e.ID, "user_id": e.UserID, "role": string(e.Role), "what": e.What, "target_kind": e.TargetKind, "target_id": e.TargetID,
			"outcome": e.Outcome, "request_id": e.RequestID, "remote": e.Remote,
		} {
			columns[name] = append(columns[name], value)
		}
	}
	args := queries.Args{"at": at}
	for name, values := range columns {
		args[name] = values
	}
	return s.reg.Exec(ctx, s.db.Conn(), "audit/record", args)
}

// offerSetup prints the link with which the first sysadmin can be set, when
// there is no user.
func (s *Stack) offerSetup(address string) error {
	token, expires, err := s.access.Users.OfferSetup()
	if err != nil || token == "" {
		return err
	}
	link := address + "/setup?token=" + token
	if err := s.access.Users.WriteSetupLink(link); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "no user exists yet: whoever reaches this machine sees everything. Set the first administrator with this link, "+
		"good once, until %s:\n  %s\n",
		expires.In(lawzone.Zone).Format("2006-01-02 15:04"), link)
	return nil
}
