package access

import (
	"context"
	"errors"
	"slices"
)

// ErrLastSysadmin refuses a change after which nobody could manage users.
var ErrLastSysadmin = errors.New("this is the last sysadmin who can sign in: make somebody else sysadmin first")

// Add stores a new user with a password; ID, CreatedAt and Epoch are set here.
func (s *Users) Add(ctx context.Context, u User, password string) (User, error) {
	u = tidy(u)
	if err := errors.Join(s.check(u), CheckPassword(u.Name, password)); err != nil {
		return User{}, err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return User{}, err
	}
	err = s.change(func(c *content) (err error) {
		u, err = c.add(u, hash, s.now())
		return err
	})
	if err != nil {
		return User{}, err
	}
	return u, s.endSetup() // its link is void now that there is a user
}

// SetDisabled disables a user, whose sessions then end, or lets the user in
// again, which also lifts a lock after wrong passwords.
func (s *Users) SetDisabled(id string, disabled bool) error {
	return s.change(func(c *content) error {
		r, err := c.at(id)
		if err != nil {
			return err
		}
		was := r.User
		r.Disabled = disabled
		r.Epoch++
		r.unlock()
		return c.governed(was)
	})
}

// SetRole gives a user another role and scope; the sessions of the user end.
func (s *Users) SetRole(id string, role Role, region, org, line string) error {
	return s.change(func(c *content) error {
		r, err := c.at(id)
		if err != nil {
			return err
		}
		u := r.User
		u.Role, u.ScopeRegion, u.OrgCode, u.Line = role, region, org, line
		u = tidy(u)
		if err := s.check(u); err != nil {
			return err
		}
		u.Epoch++
		was := r.User
		r.User = u
		return c.governed(was)
	})
}

// SetPassword gives a user another password; the sessions of the user end. With
// mustChange the user has to choose an own one at the next sign-in.
func (s *Users) SetPassword(ctx context.Context, id, password string, mustChange bool) error {
	u, err := s.ByID(id)
	if err != nil {
		return err
	}
	if err := CheckPassword(u.Name, password); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.change(func(c *content) error {
		r, err := c.at(id)
		if err != nil {
			return err
		}
		r.Hash, r.MustChange = hash, mustChange
		r.Epoch++
		r.unlock()
		return nil
	})
}

// ErrWrongPassword says that the present password is not the one given.
var ErrWrongPassword = errors.New("the present password is wrong")

// ErrSamePassword refuses a new password that is the old one.
var ErrSamePassword = &InvalidError{"password", "password_same", "is the one that you have"}

// ChangePassword lets a user replace the own password. A wrong present password
// counts like one at sign-in.
func (s *Users) ChangePassword(ctx context.Context, id, present, next string) error {
	u, err := s.ByID(id)
	if err != nil {
		return err
	}
	if _, err := s.Authenticate(ctx, u.Name, present); err != nil {
		if errors.Is(err, ErrSignIn) {
			return ErrWrongPassword
		}
		return err
	}
	if present == next {
		return ErrSamePassword
	}
	return s.SetPassword(ctx, id, next, false)
}

// governed refuses to take the last sysadmin who can sign in away; was is the
// changed user as before.
func (c *content) governed(was User) error {
	governs := func(u User) bool { return u.Role == Sysadmin && !u.Disabled }
	if !governs(was) || slices.ContainsFunc(c.Users, func(r record) bool { return governs(r.User) }) {
		return nil
	}
	return ErrLastSysadmin
}
