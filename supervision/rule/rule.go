package rule

import (
	"slices"
	"strings"
	"time"
)

// Severity is how grave an alert is (domain guide 1.3).
type Severity string

// The severities, ascending. None means that an alert is over.
const (
	None    Severity = ""
	Notice  Severity = "notice"
	Warning Severity = "warning"
	Yellow  Severity = "yellow"
	Red     Severity = "red"
)

// Rank orders severities; None is 0, an unknown word -1.
func (s Severity) Rank() int {
	switch s {
	case None:
		return 0
	case Notice:
		return 1
	case Warning:
		return 2
	case Yellow:
		return 3
	case Red:
		return 4
	}
	return -1
}

// Card reports whether the severity is a card (yellow or red), which has to be
// answered and can be appealed.
func (s Severity) Card() bool { return s == Yellow || s == Red }

// Subject kinds.
const (
	SubjectCase   = "case"
	SubjectTicket = "ticket"
	SubjectRating = "rating"
	SubjectOrder  = "order"
	SubjectAlert  = "alert"
)

// Ways of evaluation.
const (
	EachFold = "fold"
	EachHour = "hour"
	EachDay  = "day"
	// ClosesMonth is a value of Rule.Closes.
	ClosesMonth = "month"
)

// Ways to issue.
const (
	IssueAuto   = "auto"
	IssueManual = "manual_confirm"
)

// What a card opens by itself (domain guide 6.1, Ladder).
const (
	OrderIssue = "issue"
	OrderDraft = "draft"
	OrderNone  = "none"
)

// Opens is what a card of this rung opens: OrderIssue, OrderDraft or OrderNone.
func (x Rung) Opens() string {
	switch {
	case x.Order != "":
		return x.Order
	case x.Severity.Card() && slices.Contains(strings.Split(x.Notify, "+"), "N4"):
		return OrderIssue
	}
	return OrderNone
}

// Text is a text in both languages of the product.
type Text struct {
	Zh string `yaml:"zh" json:"zh"`
	En string `yaml:"en" json:"en"`
}

// Rung is one severity of a rule.
type Rung struct {
	Severity Severity `yaml:"severity" json:"severity"`
	// Notify is N1 to N4 or a role, several of them joined by +.
	Notify string `yaml:"notify" json:"notify"`
	// Order says what becomes of a card of this severity: OrderIssue, OrderDraft,
	// OrderNone; empty: OrderIssue where N4 is told, else OrderNone.
	Order string `yaml:"order" json:"order,omitempty"`
	// Points are deducted for a confirmed alert of this severity; not negative.
	Points float64 `yaml:"points" json:"points"`
}

// Needs names what a case or ticket must have for a rule to say anything about it:
// a fact in force of one of the types, or one of the clocks. Nothing named: the rule
// looks at every subject. A round without such a subject does not ask the rule.
type Needs struct {
	Facts  []string `yaml:"facts"`
	Clocks []string `yaml:"clocks"`
}

// All reports whether a rule looks at every subject.
func (n Needs) All() bool { return len(n.Facts) == 0 && len(n.Clocks) == 0 }

// AnyEvent in TakenBackBy.Moves stands for every type of event: for a rule that looks at
// what had happened up to its instant, so that nothing from after it can take it back.
const AnyEvent = "any"

// TakenBackBy names the types of event that take an announced alert of a rule about folds
// back by themselves when they are about the time before the due, are told for the first
// time and were sent within 24 hours (domain guide 2.6, which speaks of the finish). Whatever
// else makes it go is for a supervisor. Nothing named: everything is.
type TakenBackBy struct {
	// Clock stands for what ends and moves a main clock of a case, instead of both lists.
	Clock string `yaml:"clock"`
	// Ends end the clock of the rule; one from after the due confirms the alert.
	Ends []string `yaml:"ends"`
	// Moves move its due or stop it for a while; AnyEvent alone: every type.
	Moves []string `yaml:"moves"`
	// Granted are those of Moves that count when they come after the due, since they grant
	// what was asked for before it.
	Granted []string `yaml:"granted"`
	// SubCases: events of the sub-cases of a joint case do so too.
	SubCases bool `yaml:"sub_cases"`
}

// None reports whether nothing is named.
func (b TakenBackBy) None() bool { return len(b.Ends) == 0 && len(b.Moves) == 0 }

// Rule is one rule of the catalogue.
type Rule struct {
	ID      string `yaml:"id"`
	Version uint16 `yaml:"version"`
	Names   Text   `yaml:"names"`
	// Category is one of Categories.
	Category string `yaml:"category"`
	// Subject is the kind of subject: case, ticket, rating, org, source, item,
	// window, order, alert or target.
	Subject string `yaml:"subject"`
	// Evaluation is EachFold, EachHour or EachDay.
	Evaluation string `yaml:"evaluation"`
	// AtOnce: the SQL of a rule about days or hours says of all periods between its bounds
	// together what it would say one after the other, so that many closed ones are asked
	// about with one statement.
	AtOnce bool `yaml:"at_once"`
	// Closes is month when a rule about days speaks only when a month closes, so that no
	// other day is asked about; empty: every day.
	Closes string `yaml:"closes"`
	// Needs tells a rule about folds in which subjects there can be something for it.
	Needs Needs `yaml:"needs"`
	// Measured: it is about what another system counted, of which no fact says how late it
	// was told: a card that other numbers would take back is for a supervisor.
	Measured bool `yaml:"measured"`
	// TakenBackBy names the events that take an announced alert back by themselves.
	TakenBackBy TakenBackBy `yaml:"taken_back_by"`
	// Chain joins alerts of different rules about one subject: only the highest
	// severity of a chain counts. The rule's id when empty.
	Chain string `yaml:"chain"`
	// Ladder is ascending in severity and not empty.
	Ladder []Rung `yaml:"ladder"`
	// Clear are the modes of domain guide 6.1: A, B, C, D.
	Clear []string `yaml:"clear"`
	Issue string   `yaml:"issue"`
	// Hold delays the announcement of a step.
	Hold Duration `yaml:"hold"`
	// Params are the values of the parameters that the SQL declares beyond the
	// ones the engine gives.
	Params map[string]any `yaml:"params"`
	Norm   Text           `yaml:"norm"`
	// Decision says how the rule settles what its source leaves open; empty when there
	// is nothing to say.
	Decision Text `yaml:"decision"`
	// Suspended rules are kept and not evaluated.
	Suspended bool `yaml:"suspended"`

	// File is where the rule was read from.
	File string `yaml:"-"`
}

// Query is the name of the rule's SQL.
func (r *Rule) Query() string { return "rule/" + r.ID }

// Rung returns the rung of a severity; false when the ladder does not have it.
func (r *Rule) Rung(s Severity) (Rung, bool) {
	for _, x := range r.Ladder {
		if x.Severity == s {
			return x, true
		}
	}
	return Rung{}, false
}

// Auto reports whether the system clears the alert when the condition is over.
func (r *Rule) Auto() bool {
	return slices.Contains(r.Clear, "A")
}

// Duration is a time.Duration that is written 30s, 5m, 24h in YAML.
type Duration time.Duration

// UnmarshalYAML reads a duration.
func (d *Duration) UnmarshalYAML(unmarshal func(any) error) error {
	var s string
	if err := unmarshal(&s); err != nil {
		return err
	}
	v, err := time.ParseDuration(s)
	if err != nil {
		return err
	}
	*d = Duration(v)
	return nil
}

// Categories lists the categories of rules (domain guide 1.3, rule_category).
func Categories() []string {
	return []string{"disclosure", "timeliness", "legality", "norm", "hotline", "satisfaction", "data", "order"}
}

func subjects() []string {
	return []string{SubjectCase, SubjectTicket, SubjectRating, "org", "source", "item", "window", SubjectOrder, SubjectAlert, "target"}
}

// raisesCards reports whether the rule says more than notices and warnings.
func (r *Rule) raisesCards() bool {
	return slices.ContainsFunc(r.Ladder, func(x Rung) bool { return x.Severity.Card() })
}
