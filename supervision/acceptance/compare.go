package acceptance

import (
	"context"
	"slices"
	"strings"
	"time"

	"duban/queries"
	"duban/supervision/rule"
)

// Line is one rule: what was expected and what became of it.
type Line struct {
	Rule     string `json:"rule"`
	Expected uint64 `json:"expected"`
	Raised   uint64 `json:"raised"`
	Missing  uint64 `json:"missing"`
	Extra    uint64 `json:"extra"`
	// Different were raised as expected but with another severity, since
	// another instant, or with another end.
	Different uint64  `json:"different"`
	Tolerance float64 `json:"tolerance"`
	Verdict   string  `json:"verdict"`
}

// Verdicts of a line.
const (
	// Equal: every alert that the ledger expects, and no other.
	Equal = "equal"
	// Within tolerance: a statistical rule that is off by no more than its
	// tolerance.
	Within = "within tolerance"
	// Differs: something is missing, extra or different.
	Differs = "differs"
	// Waiting: it differs so far, and the product has not judged everything yet: a
	// rule has hours or days to judge, or facts are still to be folded or told of.
	Waiting = "not judged yet"
	// None: neither expected nor raised, so nothing is shown about the rule.
	None = "none"
)

// Difference is one alert that is not as the ledger says.
type Difference struct {
	Rule       string `json:"rule"`
	Difference string `json:"difference"`
	SubjectNo  string `json:"subject_no"`
	ClockNo    string `json:"clock_no"`
	Expected   string `json:"expected"`
	Raised     string `json:"raised"`
}

// Report is the outcome of a comparison.
type Report struct {
	Source string    `json:"source"`
	AsOf   time.Time `json:"as_of"`
	// Behind are the rules over hours and days that have not come to the
	// instant yet; what they lack is no verdict on them.
	Behind []Lag `json:"behind"`
	// Unsettled is why not everything that was sent is judged and told; empty when it is.
	Unsettled   string       `json:"unsettled,omitempty"`
	Rules       []Line       `json:"rules"`
	Differences []Difference `json:"differences"`
	// Figures are the indicators that the ledger knows.
	Figures           []FigureLine       `json:"figures"`
	FigureDifferences []FigureDifference `json:"figure_differences"`
}

// Holds reports whether no rule and no figure differs and no rule is behind.
func (r *Report) Holds() bool {
	for i := range r.Figures {
		if v := r.Figures[i].Verdict; v == Differs || v == Waiting {
			return false
		}
	}
	for i := range r.Rules {
		if v := r.Rules[i].Verdict; v == Differs || v == Waiting {
			return false
		}
	}
	return len(r.Behind) == 0
}

// Unsettle notes that not everything is judged and told yet: what differs is no verdict.
func (r *Report) Unsettle(why string) {
	r.Unsettled = why
	if why == "" {
		return
	}
	for i := range r.Rules {
		if r.Rules[i].Verdict == Differs {
			r.Rules[i].Verdict = Waiting
		}
	}
	for i := range r.Figures {
		if r.Figures[i].Verdict == Differs {
			r.Figures[i].Verdict = Waiting
		}
	}
}

// Total sums up all rules.
func (r *Report) Total() Line {
	t := Line{Rule: "total", Verdict: Equal}
	for _, l := range r.Rules {
		t.Expected += l.Expected
		t.Raised += l.Raised
		t.Missing += l.Missing
		t.Extra += l.Extra
		t.Different += l.Different
		for _, v := range []string{Within, Waiting, Differs} { // the worst counts
			if l.Verdict == v || t.Verdict == v {
				t.Verdict = v
			}
		}
	}
	return t
}

// Compare holds the alerts of a database against a ledger, with up to examples
// differences of each rule and kind.
func Compare(ctx context.Context, reg *queries.Registry, conn queries.Conn, cat *rule.Catalogue, l *Ledger,
	examples uint32) (*Report, error) {
	r := &Report{Source: l.Source, AsOf: l.AsOf, Behind: []Lag{}, Differences: []Difference{}}
	behind, err := Behind(ctx, reg, conn, cat, l)
	if err != nil {
		return nil, err
	}
	r.Behind = append(r.Behind, behind...)
	asked, err := queries.WithTable(ctx, Table(l.Alerts))
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, x := range cat.All() {
		ids = append(ids, x.ID)
	}
	lines, err := selectLines.All(asked, reg, conn, queries.Args{"rules": ids, "source": l.Source, "as_of": l.AsOf})
	if err != nil {
		return nil, err
	}
	for _, x := range lines {
		r.Rules = append(r.Rules, Line(x))
		l := &r.Rules[len(r.Rules)-1]
		if l.Verdict == Differs && slices.ContainsFunc(r.Behind, func(b Lag) bool { return strings.HasPrefix(b.Rule, l.Rule+"@") }) {
			l.Verdict = Waiting
		}
	}
	if examples == 0 {
		return r, nil
	}
	differences, err := selectDifferences.All(asked, reg, conn, queries.Args{"source": l.Source, "as_of": l.AsOf, "per_rule": examples})
	if err != nil {
		return nil, err
	}
	for _, x := range differences {
		r.Differences = append(r.Differences, Difference(x))
	}
	return r, nil
}

var (
	selectLines = queries.Select[struct {
		Rule      string  `ch:"rule"`
		Expected  uint64  `ch:"expected"`
		Raised    uint64  `ch:"raised"`
		Missing   uint64  `ch:"missing"`
		Extra     uint64  `ch:"extra"`
		Different uint64  `ch:"different"`
		Tolerance float64 `ch:"tolerance"`
		Verdict   string  `ch:"verdict"`
	}]("ledger/compare")
	selectDifferences = queries.Select[struct {
		Rule       string `ch:"rule"`
		Difference string `ch:"difference"`
		SubjectNo  string `ch:"subject_no"`
		ClockNo    string `ch:"clock_no"`
		Expected   string `ch:"expected"`
		Raised     string `ch:"raised"`
	}]("ledger/differences")
)

// Table is the ledger as the rows that travel with a question.
func Table(alerts []Expected) queries.Table {
	t := queries.Table{Name: "ledger_alerts", Columns: []queries.Column{
		{Name: "rule", Type: "String"}, {Name: "subject_kind", Type: "String"}, {Name: "subject_no", Type: "String"},
		{Name: "clock_no", Type: "String"},
		{Name: "severity", Type: "String"}, {Name: "since", Type: "Nullable(DateTime64(3, 'UTC'))"}, {Name: "active", Type: "Bool"},
		{Name: "cleared_at", Type: "Nullable(DateTime64(3, 'UTC'))"}, {Name: "tolerance", Type: "Float64"},
	}}
	for i := range alerts {
		a := &alerts[i]
		t.Rows = append(t.Rows, []any{a.Rule, a.SubjectKind, a.SubjectNo, a.ClockNo, a.Severity, a.Since, a.Active, a.Cleared, a.Tolerance})
	}
	return t
}
