package route

import "duban/dashboards/access"

// Entry is the way into a route.
type Entry uint8

// The ways in. The zero Entry is not declared, and closed.
const (
	// ByPermission lets those in whose role has the permission.
	ByPermission Entry = iota + 1
	// ByPermissionOrLocal lets programs of the own machine in, too.
	ByPermissionOrLocal
	// OwnAccount lets everybody in who is signed in, with a password that was handed
	// over as well.
	OwnAccount
	// EndsSession is the way out of a session.
	EndsSession
	// Anyone is the way in: nobody is signed in yet.
	Anyone
	// OwnTokens routes ask for tokens of their own.
	OwnTokens
	// Unguarded routes tell nothing worth keeping.
	Unguarded
)

// Rule says who may come in. The zero Rule lets nobody in.
type Rule struct {
	Entry Entry
	// Needs is the permission of ByPermission and ByPermissionOrLocal.
	Needs access.Permission
	// Why says why no permission is needed.
	Why string
}

// Needs lets those in whose role has a permission.
func Needs(p access.Permission) Rule { return Rule{Entry: ByPermission, Needs: p} }

// Without lets people in by another way than a permission.
func Without(e Entry, why string) Rule { return Rule{Entry: e, Why: why} }

// Admits reports whether the rule lets a signed-in user in.
func (r Rule) Admits(u access.User) bool {
	switch r.Entry {
	case ByPermission, ByPermissionOrLocal:
		return access.MayOpen(u, r.Needs)
	case OwnAccount, EndsSession, Anyone, OwnTokens, Unguarded:
		return true
	}
	return false
}

func (r Rule) problem() string {
	permission := r.Entry == ByPermission || r.Entry == ByPermissionOrLocal
	switch {
	case r.Entry == 0 || r.Entry > Unguarded:
		return "has no access rule"
	case permission && r.Needs == "":
		return "needs a permission that it does not name"
	case r.Entry != ByPermission && r.Why == "":
		return "needs no permission and does not say why"
	}
	return ""
}
