package kit

import (
	"context"
	"time"

	"duban/dashboards/actions"
	"duban/supervision/almanac"
	"duban/supervision/calendar"
)

// TopicStatus is the ledger of one topic: Received = Stored + Duplicate +
// Rejected + Pending + Lost when Holds.
type TopicStatus struct {
	Topic     string
	Received  uint64
	Stored    uint64
	Duplicate uint64
	Rejected  uint64
	Pending   uint64
	Lost      uint64
	Holds     bool
	// Problems is what is wrong, or lost and not taken note of.
	Problems []TopicProblem
}

// TopicProblem is one thing that is wrong with a topic.
type TopicProblem struct {
	// Kind is one of ingest.Problem.
	Kind  string
	Count uint64
}

// StatusSource tells what became of every message that the broker holds.
type StatusSource interface {
	Topics(ctx context.Context) ([]TopicStatus, error)
}

// Explanation says how the due dates of one case or ticket came about, day by
// day, as of an instant.
type Explanation struct {
	CalendarVersion string
	Clocks          []ClockExplanation
	Illegal         []IllegalFact
}

// ClockExplanation is one run of one clock.
type ClockExplanation struct {
	// Clock is the identifier of domain guide 2.3 or 3, No the number of its
	// run from 1.
	Clock string
	No    int
	Days  []DayExplanation
}

// DayExplanation is one local day in the life of a clock.
type DayExplanation struct {
	// Day is local midnight in Asia/Shanghai.
	Day time.Time
	// Role is the part that the day plays: start, counted, skipped, rolled,
	// added, paused, due or overdue.
	Role string
	// Reason is workday, make_up_workday, weekend or holiday.
	Reason string
	// Name is the holiday where the day is listed as one; may be empty.
	Name string
	// Counted is the number of days counted up to and including this one.
	Counted int
	// Note says what paused the clock; may be empty.
	Note string
}

// IllegalFact is a fact that asked for a transition which the life cycle does
// not allow: it is stored and moves nothing.
type IllegalFact struct {
	EventID string
	Type    string
	At      time.Time
	// From is the state the subject was in.
	From string
}

// Explainer folds the facts of one subject again and tells how its dates came
// about. The explanation of an unknown subject is nil.
type Explainer interface {
	ExplainCase(ctx context.Context, source, caseNo string, asOf time.Time) (*Explanation, error)
	ExplainTicket(ctx context.Context, source, ticketNo string, asOf time.Time) (*Explanation, error)
}

// Almanac keeps the versions of the calendar; almanac.Almanac does.
type Almanac interface {
	Versions(ctx context.Context) ([]almanac.Version, error)
	History(ctx context.Context) ([]almanac.Putting, error)
	InForce(ctx context.Context) (*calendar.Calendar, error)
	Load(ctx context.Context, version string) (*calendar.Calendar, error)
	Preview(ctx context.Context, name string, data []byte) (*almanac.Preview, error)
	Import(ctx context.Context, p *almanac.Preview, by string) error
	PutIntoForce(ctx context.Context, version, by, reason string) error
}

// ActionService is where people act. Where it is nil every page is read-only.
type ActionService interface {
	// Person returns who asks; false when nobody is signed in.
	Person(ctx context.Context) (actions.Person, bool)
	// Allowed lists what the person may do to each subject in the state that it
	// is in.
	Allowed(ctx context.Context, p actions.Person, subjects []actions.Subject) (map[actions.Subject][]string, error)
	// Act records commands and waits a little for what becomes of them, in the order
	// given. With an error it returns the commands that were recorded before it, too.
	Act(ctx context.Context, p actions.Person, commands []actions.Command) ([]actions.Result, error)
}

// Person returns who asks, if somebody is signed in and pages may act at all.
func (q *Request) Person(ctx context.Context) (actions.Person, bool) {
	if q.ActionService == nil {
		return actions.Person{}, false
	}
	return q.ActionService.Person(ctx)
}
