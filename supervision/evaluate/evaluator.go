package evaluate

import (
	"log/slog"
	"slices"
	"time"

	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/checkpoint"
	"duban/supervision/rule"
)

// Deps are what an evaluator works with and by; Rules may be nil, all others are
// required.
type Deps struct {
	Queries *queries.Registry
	Conn    func() queries.Conn
	Marks   *checkpoint.Keeper
	Log     *slog.Logger
	Now     func() time.Time
	// Calendar is the one in force.
	Calendar func() *calendar.Calendar
	// Rules is the catalogue; without one nothing is evaluated.
	Rules *rule.Catalogue
	// Announced is up to which fold version and watermark alerts were announced.
	Announced func() (version uint64, until time.Time)
	// Evaluated is told how long a rule took that was evaluated by itself, and whether it
	// failed; Together how long a statement of several took.
	Evaluated func(rule string, took time.Duration, failed bool)
	Together  func(took time.Duration)
}

// Evaluator evaluates; the holder of the lease alone uses it.
type Evaluator struct {
	reg       *queries.Registry
	conn      func() queries.Conn
	marks     *checkpoint.Keeper
	log       *slog.Logger
	now       func() time.Time
	calendar  func() *calendar.Calendar
	rules     *rule.Catalogue
	announced func() (version uint64, until time.Time)
	evaluated func(rule string, took time.Duration, failed bool)
	together  func(took time.Duration)

	// states are by the id of the rule, and of other work whose health is told with theirs.
	states map[string]*ruleState
	// savedFailed are the failed rules as they stand in the checkpoint.
	savedFailed []string
	savedAt     time.Time // when health was saved
	// single counts rounds, of which each evaluates another rule by itself, turn which rule
	// over periods is evaluated first.
	single, turn int
}

// New makes an evaluator; it does no I/O.
func New(d Deps) *Evaluator {
	return &Evaluator{
		reg: d.Queries, conn: d.Conn, marks: d.Marks, log: d.Log, now: d.Now, calendar: d.Calendar, rules: d.Rules, announced: d.Announced,
		evaluated: d.Evaluated, together: d.Together, states: map[string]*ruleState{},
	}
}

// ruleState is what is remembered of a rule.
type ruleState struct {
	// unsaved is the health of the last evaluation until it is written.
	unsaved *health
	// took is how long the rule was last evaluated by itself.
	took time.Duration
	// retryAt is when a rule that failed is evaluated about everything; zero: it did not
	// fail. failures counts those since it last went well.
	retryAt  time.Time
	failures int
	// reevaluating: days are evaluated again, and nothing is announced of the rule before all
	// were. lateness is how late the facts were for which they are, in milliseconds, until
	// that is announced.
	reevaluating bool
	lateness     int64
}

func (s *ruleState) failed() bool { return !s.retryAt.IsZero() }

func (e *Evaluator) state(id string) *ruleState {
	s, ok := e.states[id]
	if !ok {
		s = &ruleState{}
		e.states[id] = s
	}
	return s
}

// Read takes up what an evaluator before this one had come to, after the announcements
// were read.
func (e *Evaluator) Read(marks checkpoint.Set) error {
	if err := e.readFailed(marks); err != nil {
		return err
	}
	return e.readReevaluating(marks)
}

// Lateness is, by rule, how late the facts were for which days were evaluated again
// since Told.
func (e *Evaluator) Lateness() map[string]int64 {
	out := map[string]int64{}
	for id, s := range e.states {
		if s.lateness != 0 {
			out[id] = s.lateness
		}
	}
	return out
}

// Told says that what was found so far is announced.
func (e *Evaluator) Told() {
	for _, s := range e.states {
		s.lateness = 0
	}
}

// Reevaluating are the rules that are not through with the days that they are evaluated
// about again.
func (e *Evaluator) Reevaluating() []string {
	var out []string
	for id, s := range e.states {
		if s.reevaluating {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}
