package casework

import (
	"log/slog"
	"time"

	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/rule"
	"duban/supervision/workflow"
)

// Deps are the collaborators of an office; Rules may be nil, all others are
// required.
type Deps struct {
	Queries *queries.Registry
	Conn    func() queries.Conn
	Log     *slog.Logger
	Now     func() time.Time
	// Calendar is the one in force.
	Calendar func() *calendar.Calendar
	// Rules say which cards open orders; nil: none do.
	Rules *rule.Catalogue
	// Appealable says whether an appeal is possible against the cards of a rule.
	Appealable func(rule string, version uint16) bool
	// Decided is told what became of each action.
	Decided func(kind workflow.Kind, outcome string)
}

// Office answers actions and opens work; the holder of the lease alone uses it,
// but for Offers.
type Office struct {
	reg        *queries.Registry
	conn       func() queries.Conn
	log        *slog.Logger
	now        func() time.Time
	calendar   func() *calendar.Calendar
	rules      *rule.Catalogue
	appealable func(rule string, version uint16) bool
	decided    func(kind workflow.Kind, outcome string)

	// alertsChanged: the history of some alert grew since Follow.
	alertsChanged bool
	// followedOn is the local day of the last Follow: orders become overdue by the
	// day alone.
	followedOn calendar.Day
}

// New makes an office; it does no I/O.
func New(d Deps) *Office {
	return &Office{
		reg: d.Queries, conn: d.Conn, log: d.Log, now: d.Now, calendar: d.Calendar, rules: d.Rules, appealable: d.Appealable, decided: d.Decided,
	}
}

// AlertsChanged says that the history of some alert grew.
func (o *Office) AlertsChanged() { o.alertsChanged = true }

// Restart forgets what was remembered under another lease.
func (o *Office) Restart() { o.alertsChanged, o.followedOn = true, 0 }

// nobody is in no organisation: what the system does by itself.
func nobody(string, string) bool { return false }
