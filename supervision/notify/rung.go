package notify

import (
	"slices"
	"strings"
)

// Role is what somebody is to an organisation or a region: a role of the
// organisation directory.
type Role string

// The roles of contacts (domain guide 1.3 and 6.1).
const (
	Handler           Role = "handler"
	StepOwner         Role = "step_owner"
	WindowManager     Role = "window_manager"
	DeptDeputy        Role = "dept_deputy"
	DeptHead          Role = "dept_head"
	SupervisionOffice Role = "supervision_office"
	GovOffice         Role = "gov_office"
	HotlineAdmin      Role = "hotline_admin"
	SysAdmin          Role = "sysadmin"
	Leader            Role = "leader"
	Analyst           Role = "analyst"
)

// Roles lists every role of contacts.
func Roles() []Role {
	return []Role{Handler, StepOwner, WindowManager, DeptDeputy, DeptHead, SupervisionOffice, GovOffice, HotlineAdmin,
		SysAdmin, Leader, Analyst}
}

// reach says where somebody with a role is looked for.
type reach uint8

const (
	// inOrg: in the organisation itself only.
	inOrg reach = iota
	// above: in the organisation, else the nearest one above it that has one.
	above
	// ofRegion: in the organisation, else in those of its region, else of the
	// nearest region above.
	ofRegion
	// anywhere: as ofRegion, else in the whole directory.
	anywhere
)

func (r Role) reach() reach {
	switch r {
	case Handler, StepOwner, WindowManager:
		return inOrg
	case DeptDeputy, DeptHead:
		return above
	case SysAdmin:
		return anywhere
	default:
		return ofRegion
	}
}

// need is one or more roles of which at least one must be filled: nobody in
// any of them is an outcome to show.
type need struct {
	rung  string
	roles []Role
}

// needs gives what a rung or role asks for, each rung with those below it; nil
// for an unknown word. Words joined by "+" ask for all of them.
func needs(notify string) []need {
	var out []need
	for _, word := range strings.FieldsFunc(notify, func(r rune) bool { return r == '+' || r == ',' || r == ' ' }) {
		n := needsOf(word)
		if n == nil {
			return nil
		}
		for _, x := range n {
			if !slices.ContainsFunc(out, func(y need) bool { return slices.Equal(x.roles, y.roles) }) {
				out = append(out, x)
			}
		}
	}
	return out
}

func needsOf(word string) []need {
	ladder := []need{
		{"N1", []Role{Handler}},
		{"N2", []Role{StepOwner, WindowManager}},
		{"N3", []Role{DeptDeputy}}, {"N3", []Role{SupervisionOffice}},
		{"N4", []Role{DeptHead}}, {"N4", []Role{GovOffice}},
	}
	switch word {
	case "N1":
		return ladder[:1]
	case "N2":
		return ladder[:2]
	case "N3":
		return ladder[:4]
	case "N4":
		return ladder
	case "supervisor":
		return []need{{word, []Role{SupervisionOffice}}}
	case department:
		return []need{{"N1", []Role{Handler}}, {"N2", []Role{StepOwner, WindowManager}}, {"N3", []Role{DeptDeputy}}}
	}
	if slices.Contains(Roles(), Role(word)) {
		return []need{{word, []Role{Role(word)}}}
	}
	return nil
}

// department stands for the people of the organisation who answer a
// decision of the supervision office: N3 without the office itself.
const department = "department"

// Known reports whether a value of a rule's notify can be resolved.
func Known(notify string) bool { return len(needs(notify)) > 0 }

// rank orders rungs; roles rank below N1.
func rank(rung string) int { return slices.Index([]string{"N1", "N2", "N3", "N4"}, rung) }

func higherRung(a, b string) string {
	switch {
	case a == "" || rank(b) > rank(a):
		return b
	case rank(a) == rank(b):
		return min(a, b)
	}
	return a
}

// severityRank orders severities: notice < warning < yellow < red; none is -1.
func severityRank(s string) int {
	return slices.Index([]string{"notice", "warning", "yellow", "red"}, s)
}
