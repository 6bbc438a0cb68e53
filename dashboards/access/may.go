package access

import (
	"slices"
	"strings"
)

// Target is what a permission is asked for: whom a subject concerns. The zero
// target concerns nobody and is in no scope but the unlimited one.
type Target struct {
	// Region is the division code of 6, 9 or 12 digits.
	Region string
	// RegionPath holds the codes from the province down to Region, as the parent
	// table has them. Without it the code itself is cut, which gives the same
	// for every division of the national tables.
	RegionPath []string
	// Org is the code of the organisation that is concerned, Line its line (条).
	Org  string
	Line string
	// OwnOrgs are the user's organisation and those below it. Without it only
	// the user's own organisation counts.
	OwnOrgs []string
}

// May reports whether the user may do p to the target. It is a pure function:
// the role must have the permission, and the target must lie in every scope
// that the user has. CaseView and FigureView say that such pages may be opened;
// whether one subject may be seen is MaySee.
func May(u User, p Permission, t Target) bool {
	if !active(u) || !u.Role.Has(p) {
		return false
	}
	return slices.Contains(unscoped, p) || InScope(u, t)
}

// MaySee reports whether the user may do p and the target is in scope, also
// for the permissions that May grants without a target.
func MaySee(u User, p Permission, t Target) bool {
	return active(u) && u.Role.Has(p) && InScope(u, t)
}

// MayOpen reports whether the user may open pages that need p; what they show
// is up to the scope.
func MayOpen(u User, p Permission) bool { return active(u) && u.Role.Has(p) }

// active reports whether the user may do anything at all.
func active(u User) bool { return u.ID != "" && !u.Disabled && !u.MustChange }

// InScope reports whether the target lies in every scope of the user: the
// region subtree (块), the organisation, the line (条). A target that does not
// say where it belongs is outside of a scope.
func InScope(u User, t Target) bool {
	if u.Role.OfOrganisation() && u.OrgCode == "" {
		return false
	}
	if u.ScopeRegion != "" && u.ScopeRegion != "000000" && !inRegion(u.ScopeRegion, t) {
		return false
	}
	if u.OrgCode != "" && (t.Org == "" || t.Org != u.OrgCode && !slices.Contains(t.OwnOrgs, t.Org)) {
		return false
	}
	return u.Line == "" || t.Line == u.Line
}

func inRegion(scope string, t Target) bool {
	if t.Region == "" {
		return false
	}
	if t.Region == scope || slices.Contains(t.RegionPath, scope) {
		return true
	}
	return len(t.RegionPath) == 0 && Below(t.Region, scope)
}

// Below reports whether the division code lies in the subtree of scope, by the
// codes alone: 000000 holds everything, PP0000 what begins with PP, PPCC00 what
// begins with PPCC, a longer code what begins with it.
func Below(code, scope string) bool {
	if !regionCode.MatchString(code) || !regionCode.MatchString(scope) {
		return false
	}
	stem := scope
	if len(scope) == 6 {
		for strings.HasSuffix(stem, "00") {
			stem = stem[:len(stem)-2]
		}
	}
	return strings.HasPrefix(code, stem)
}
