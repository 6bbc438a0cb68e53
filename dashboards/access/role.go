package access

import (
	"fmt"
	"slices"
	"strings"
)

// Role is what a user is to the product (domain guide 1.3 role).
type Role string

// The roles.
const (
	Leader        Role = "leader"
	Supervisor    Role = "supervisor"
	Analyst       Role = "analyst"
	DeptManager   Role = "dept_manager"
	WindowManager Role = "window_manager"
	Handler       Role = "handler"
	HotlineAdmin  Role = "hotline_admin"
	Auditor       Role = "auditor"
	Sysadmin      Role = "sysadmin"
	Public        Role = "public"
)

// Roles lists the roles in the order of the domain guide.
func Roles() []Role {
	return []Role{Leader, Supervisor, Analyst, DeptManager, WindowManager, Handler, HotlineAdmin, Auditor, Sysadmin, Public}
}

// ParseRole reads a role.
func ParseRole(s string) (Role, error) {
	if r := Role(s); slices.Contains(Roles(), r) {
		return r, nil
	}
	names := make([]string, len(Roles()))
	for i, r := range Roles() {
		names[i] = string(r)
	}
	return "", &InvalidError{Field: "role", Code: "role_unknown", Reason: fmt.Sprintf("%q is not one of %s", s, strings.Join(names, ", "))}
}

// OfOrganisation reports whether the role acts for one organisation, so that a
// user without one may do nothing.
func (r Role) OfOrganisation() bool {
	return r == DeptManager || r == WindowManager || r == Handler
}
