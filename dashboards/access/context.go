package access

import "context"

type userKey struct{}

// NewContext gives a context that belongs to u.
func NewContext(ctx context.Context, u User) context.Context {
	return context.WithValue(ctx, userKey{}, u)
}

// FromContext is the user that the request of ctx was signed in as; ok is false
// when nobody is signed in, as on a server without users.
func FromContext(ctx context.Context) (u User, ok bool) {
	u, ok = ctx.Value(userKey{}).(User)
	return u, ok
}

type ownKey struct{}

// WithOwnOrgs notes the organisation of the reader and those below it, for the
// request of ctx.
func WithOwnOrgs(ctx context.Context, orgs []string) context.Context {
	return context.WithValue(ctx, ownKey{}, orgs)
}

// OwnOrgs are the organisation of the reader and those below it, as far as the
// request of ctx knows: for Target.OwnOrgs.
func OwnOrgs(ctx context.Context) []string {
	orgs, _ := ctx.Value(ownKey{}).([]string)
	return orgs
}
