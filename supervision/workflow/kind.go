package workflow

// Kind is what a machine is about.
type Kind string

// The kinds that have a machine.
const (
	Alert    Kind = "alert"
	Order    Kind = "order"    // supervision order 督办单
	Rating   Kind = "rating"   // bad-rating order 差评工单
	Exposure Kind = "exposure" // public exposure 曝光
	Referral Kind = "referral" // accountability referral 问责移送
	Outage   Kind = "outage"   // declared outage 停机申报
)

// Kinds lists the kinds in a fixed order.
func Kinds() []Kind { return []Kind{Alert, Order, Rating, Exposure, Referral, Outage} }

// State is where an item stands; empty: it does not exist.
type State string

// Absent is the state of what does not exist yet.
const Absent State = ""

// Role is in what capacity somebody acts (domain guide 1.3).
type Role string

// The roles that can act (domain guide 8.1); analyst, auditor and public read
// only. System is no role of a person.
const (
	System        Role = ""
	Leader        Role = "leader"
	Supervisor    Role = "supervisor"
	DeptManager   Role = "dept_manager"
	WindowManager Role = "window_manager"
	Handler       Role = "handler"
	HotlineAdmin  Role = "hotline_admin"
	Sysadmin      Role = "sysadmin"
)

// ofDepartment reports whether a role acts for its own organisation alone.
func ofDepartment(r Role) bool { return r == DeptManager || r == WindowManager || r == Handler }

// Severity of an alert, ascending.
const (
	Notice  = "notice"
	Warning = "warning"
	Yellow  = "yellow"
	Red     = "red"
)

// rank orders severities; 0 is none.
func rank(severity string) int {
	switch severity {
	case Notice:
		return 1
	case Warning:
		return 2
	case Yellow:
		return 3
	case Red:
		return 4
	}
	return 0
}

// IsCard reports whether a severity is a card, which asks for feedback.
func IsCard(severity string) bool { return rank(severity) >= rank(Yellow) }
