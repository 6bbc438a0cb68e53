package actions

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"duban/dashboards/access"
	"duban/queries"
)

// recordTimeout bounds the recording of what a person does.
const recordTimeout = 30 * time.Second

// Journal is where commands are recorded.
type Journal interface {
	// Ready says why nothing can be recorded; nil when it can.
	Ready() error
	// Record hands the message of a command over, Flush returns once all that were
	// handed over are safe.
	Record(ctx context.Context, s Subject, message []byte) error
	Flush(ctx context.Context) error
}

// Offers knows what the state of a subject allows.
type Offers interface {
	// Offers lists by subject what a role of an organisation may do to it.
	Offers(ctx context.Context, kind string, ids []string, role, org string) (map[string][]string, error)
}

// Users knows the people whom a subject can be given to.
type Users interface {
	ByID(id string) (access.User, error)
}

// Organisations knows which stands below which.
type Organisations interface {
	// Below lists an organisation and all that stand below it.
	Below(ctx context.Context, org string) ([]string, error)
}

// Deps are what the service needs from elsewhere.
type Deps struct {
	Registry *queries.Registry
	Conn     queries.Conn
	Journal  Journal
	// Offers may be nil where nothing is offered, Users and Orgs where nothing is
	// assigned.
	Offers Offers
	Users  Users
	Orgs   Organisations
	Log    *slog.Logger
	Now    func() time.Time
}

// Service lets people act. It is safe for concurrent use.
type Service struct{ Deps }

// New makes a service; it does no I/O.
func New(d Deps) *Service { return &Service{d} }

// Person returns who asks; false when nobody is signed in.
func (s *Service) Person(ctx context.Context) (Person, bool) {
	u, ok := access.FromContext(ctx)
	if !ok {
		return Person{}, false
	}
	return PersonOf(u), true
}

// PersonOf is a user as somebody who acts.
func PersonOf(u access.User) Person {
	return Person{ID: u.ID, Name: u.Display, Role: string(u.Role), Org: u.OrgCode}
}

// Allowed lists what both the role and the state allow to do to each subject.
func (s *Service) Allowed(ctx context.Context, p Person, subjects []Subject) (map[Subject][]string, error) {
	u, ok := access.FromContext(ctx)
	out := map[Subject][]string{}
	if !ok {
		return out, nil
	}
	byKind := map[string][]string{}
	for _, m := range subjects {
		byKind[m.Kind] = append(byKind[m.Kind], m.ID)
	}
	for kind, ids := range byKind {
		offers, err := s.Offers.Offers(ctx, kind, ids, p.Role, p.Org)
		if err != nil {
			return nil, err
		}
		for _, m := range subjects {
			if m.Kind != kind {
				continue
			}
			for _, action := range offers[m.ID] {
				if u.Role.Has(access.Action(kind, action)) {
					out[m] = append(out[m], action)
				}
			}
		}
	}
	return out, nil
}

// Act records commands and waits a little for what becomes of them, in the order
// given. With an error it returns the commands that were recorded before it, too.
func (s *Service) Act(ctx context.Context, p Person, commands []Command) ([]Result, error) {
	if err := s.Journal.Ready(); err != nil {
		return nil, err
	}
	concerned, err := s.concerned(ctx, commands)
	if err != nil {
		return nil, err
	}
	inScope, err := s.inScope(ctx, commands, concerned)
	if err != nil {
		return nil, err
	}
	results := make([]Result, len(commands))
	pending := map[string]*Result{}
	now := s.Now()
	// A browser that goes away in the middle does not make half a command of one.
	recording, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	for i, c := range commands {
		results[i] = Result{Command: c, Outcome: Waiting}
		// What the role or the scope never allows is refused here; the engine judges
		// the rest, which alone knows what happened meanwhile.
		if !inScope[i] || !roleHas(ctx, c) {
			results[i].Outcome, results[i].Key = Forbidden, "refusal.not_permitted"
			continue
		}
		if known, err := s.assigneeKnown(ctx, c, concerned); err != nil {
			return results[:i], err
		} else if !known {
			results[i].Outcome, results[i].Key = Invalid, "refusal.no_such_person"
			continue
		}
		id := uuid.NewString()
		if err := s.record(recording, id, p, c, now); err != nil {
			return results[:i], err
		}
		results[i].Event, pending[id] = id, &results[i]
	}
	if err := s.Journal.Flush(recording); err != nil {
		return results, fmt.Errorf("record actions: %w", err)
	}
	if err := s.await(ctx, pending); err != nil { // they are recorded, and stay waiting
		s.Log.Debug("wait for what becomes of actions", "error", err.Error())
	}
	return results, nil
}

func (s *Service) record(ctx context.Context, id string, p Person, c Command, at time.Time) error {
	value, err := message(id, p, c, at)
	if err != nil {
		return err
	}
	if err := s.Journal.Record(ctx, c.Subject, value); err != nil {
		return fmt.Errorf("record an action: %w", err)
	}
	return nil
}

func roleHas(ctx context.Context, c Command) bool {
	u, ok := access.FromContext(ctx)
	return ok && u.Role.Has(access.Action(c.Kind, c.Action))
}

// assigneeKnown reports whether a command that gives its subject to somebody names a user
// who can have it; true for every other command.
func (s *Service) assigneeKnown(ctx context.Context, c Command, concerned targets) (bool, error) {
	if c.Action != "assign" {
		return true, nil
	}
	id, _ := c.Payload["assignee"].(string)
	u, err := s.Users.ByID(id)
	if errors.Is(err, access.ErrNoUser) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return access.MayBeAssigned(ctx, u, c.Kind, concerned[ref{c.Kind, c.ID}], s.Orgs.Below)
}
