package access

import (
	"context"
	"errors"
	"slices"
)

// Authenticator finds out who somebody is. The users file is one; single
// sign-on can be another: it must give the same error for every reason.
type Authenticator interface {
	Authenticate(ctx context.Context, name, password string) (User, error)
}

var _ Authenticator = (*Users)(nil)

// ErrSignIn says that nobody can be signed in with these words. It does not
// tell an unknown name, a wrong password, a disabled and a locked user apart.
var ErrSignIn = errors.New("the name or the password is wrong, or the user is locked or disabled")

// Authenticate checks name and password. After five wrong passwords in a row
// from one place sign-in from there is locked for a while that grows; while it lasts no
// password is right. Many from many places lock all places but those from which the user
// has signed in before. Unknown names cost the same work as known ones.
func (s *Users) Authenticate(ctx context.Context, name, password string) (User, error) {
	c, err := s.load()
	if err != nil {
		return User{}, err
	}
	if len(c.Users) == 0 {
		return User{}, ErrSignIn
	}
	name = NormalName(name)
	var known record
	if i := slices.IndexFunc(c.Users, func(r record) bool { return r.Name == name }); i >= 0 {
		known = c.Users[i]
	}
	right, err := s.hasher.matches(ctx, password, known.Hash)
	if err != nil {
		return User{}, err
	}
	now, origin := s.now(), originOf(ctx, known.ID)
	var user User
	err = s.change(func(c *content) error {
		r, err := c.at(known.ID)
		if err != nil {
			return nil //nolint:nilerr // unknown: the file is written all the same
		}
		switch {
		case now.Before(r.LockedAt(origin)):
		case !right || r.Hash != known.Hash:
			r.failed(origin, now)
		case !r.Disabled:
			r.entered(origin)
			user = r.User
		}
		return nil
	})
	if err != nil {
		return User{}, err
	}
	if user.ID == "" {
		return User{}, ErrSignIn
	}
	return user, nil
}
