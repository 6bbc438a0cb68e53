package access

import (
	"slices"
	"strings"

	"duban/supervision/workflow"
)

// Permission is one thing that a role may do.
type Permission string

// What may be seen.
const (
	FigureView   Permission = "figure.view"  // figures, regions, organisations, process
	CaseView     Permission = "case.view"    // single cases, tickets, ratings, masked
	QualityView  Permission = "quality.view" // data quality and rejects
	AlertView    Permission = "alert.view"
	OrderView    Permission = "order.view"
	RatingView   Permission = "rating.view"
	ExposureView Permission = "exposure.view"
	ReferralView Permission = "referral.view"
	RuleView     Permission = "rule.view"
	AuditView    Permission = "audit.view"
	MetricsView  Permission = "metrics.view" // the instruments of the server
)

// What may be done with a hotline ticket (domain guide 8.1).
const (
	TicketArbitrate Permission = "ticket.arbitrate"
	TicketUrge      Permission = "ticket.urge"
	TicketEscalate  Permission = "ticket.escalate"
)

// Action is the permission to do an action to a subject of a kind that people
// work on: "order.sign". Which roles have it is said by the machines of package
// workflow alone; in which state and for which organisation, they judge when
// somebody acts.
func Action(kind, action string) Permission { return Permission(kind + "." + action) }

// View is the permission to see subjects of a kind that people work on.
func View(kind string) Permission { return Permission(kind + ".view") }

// How the product is run.
const (
	UserManage Permission = "user.manage"
	NotifyTest Permission = "notify.test"
	// CalendarManage: load the notice of a year and put a version of the calendar into force.
	CalendarManage Permission = "calendar.manage"
)

// views are what every role that works on supervision may see.
var views = []Permission{FigureView, CaseView, AlertView, OrderView, RatingView, ExposureView, RuleView}

// table says what each role may see and how it runs the product; what is in
// neither it nor the machines, the role may not (domain guide 8.1). The sysadmin
// sees what the others see, masked, so that faults can be found, and acts on
// alerts about data alone.
var table = withActions(map[Role][]Permission{
	Leader:        join(views, ReferralView, QualityView),
	Supervisor:    join(views, ReferralView, QualityView, NotifyTest, CalendarManage),
	Analyst:       join(views, QualityView),
	DeptManager:   join(views, QualityView),
	WindowManager: views,
	Handler:       views,
	HotlineAdmin:  join(views, QualityView, TicketArbitrate, TicketUrge, TicketEscalate),
	Auditor:       {FigureView, RuleView, AuditView},
	Sysadmin:      join(views, ReferralView, QualityView, AuditView, MetricsView, UserManage, NotifyTest, CalendarManage),
	Public:        {FigureView},
})

// withActions adds what the machines let each role do.
func withActions(t map[Role][]Permission) map[Role][]Permission {
	for _, kind := range workflow.Kinds() {
		for action, roles := range workflow.Who(kind) {
			for _, r := range roles {
				t[Role(r)] = join(t[Role(r)], Action(string(kind), action))
			}
		}
	}
	return t
}

func join(a []Permission, more ...Permission) []Permission { return append(slices.Clone(a), more...) }

// unscoped permissions concern the product and not a subject: they need no
// target.
var unscoped = []Permission{FigureView, CaseView, QualityView, RuleView, AuditView, MetricsView, UserManage, NotifyTest, CalendarManage}

// Permissions lists every permission that some role has, sorted.
func Permissions() []Permission {
	var all []Permission
	for _, ps := range table {
		all = append(all, ps...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Changes reports whether using the permission changes something.
func (p Permission) Changes() bool {
	return !strings.HasSuffix(string(p), ".view") && p != UserManage
}

// Has reports whether the role has the permission, on whichever target.
func (r Role) Has(p Permission) bool { return slices.Contains(table[r], p) }
