package kit

import (
	"context"
	"strings"

	"duban/queries"
	"duban/supervision/rule"
)

// Rule finds a rule of the catalogue.
func (q *Request) Rule(id string) (*rule.Rule, bool) {
	if q.Rules == nil {
		return nil, false
	}
	return q.Rules.Get(id)
}

// RuleName names a rule in the reader's language.
func (q *Request) RuleName(id string) string {
	if q.Rules != nil {
		if r, ok := q.Rules.Get(id); ok {
			return q.Pick(r.Names.Zh, r.Names.En)
		}
	}
	return id
}

// RuleCell shows a rule by its name with a link to its page.
func (q *Request) RuleCell(id string) Cell {
	return Cell{Text: q.RuleName(id), Raw: id, Sub: id, Href: q.Scope.URL("/rules/" + EscapePart(id))}
}

// RuleCategories are the rules with the category of each.
func (q *Request) RuleCategories() (ids, categories []string) {
	ids, categories = []string{}, []string{}
	if q.Rules == nil {
		return ids, categories
	}
	for _, r := range q.Rules.All() {
		ids, categories = append(ids, r.ID), append(categories, r.Category)
	}
	return ids, categories
}

// SeverityTone is the tone of a severity's label.
func SeverityTone(s string) string {
	switch s {
	case "red", "yellow":
		return s
	case "warning":
		return "warn"
	}
	return "plain"
}

// SeverityCell shows a severity as a label with its tone.
func (w Writer) SeverityCell(s string) Cell {
	return Cell{Text: w.Enum("severity", s), Raw: s, Tag: SeverityTone(s)}
}

// AlertStateCell shows the state of an alert as a label with its tone.
func (w Writer) AlertStateCell(state string) Cell {
	c := w.EnumCell("alert_state", state)
	switch state {
	case "issued", "pending", "upheld", "escalated":
		c.Tag = "bad"
	case "acked", "fed_back", "appealed", "review":
		c.Tag = "warn"
	case "closed":
		c.Tag = "good"
	default:
		c.Tag = "plain"
	}
	return c
}

// RungCell says whom a rung tells; several are joined by +.
func (q *Request) RungCell(notify string) Cell {
	var words []string
	for word := range strings.SplitSeq(notify, "+") {
		words = append(words, q.Enum("rung", word))
	}
	return Cell{Text: strings.Join(words, " + "), Raw: notify}
}

// AlertArgs are the arguments of every query over alerts of the scope.
func (q *Request) AlertArgs(ctx context.Context) (queries.Args, error) {
	orgs, err := q.OrgsBelow(ctx)
	return queries.Args{"as_of": q.AsOf, "source": q.Scope.Source, "region": q.Scope.Region, "orgs": orgs}, err
}
