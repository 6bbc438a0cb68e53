package page

import (
	"context"
	"strings"

	"duban/dashboards/page/kit"
	"duban/queries"
	"duban/supervision/rule"
)

func (q *request) rule(id string) (*rule.Rule, bool) {
	if q.Rules == nil {
		return nil, false
	}
	return q.Rules.Get(id)
}

// ruleName names a rule in the reader's language.
func (q *request) ruleName(id string) string {
	if q.Rules != nil {
		if r, ok := q.Rules.Get(id); ok {
			return q.Pick(r.Names.Zh, r.Names.En)
		}
	}
	return id
}

func (q *request) ruleCell(id string) Cell {
	return Cell{Text: q.ruleName(id), Raw: id, Sub: id, Href: q.scope.URL("/rules/" + kit.EscapePart(id))}
}

// ruleCategories are the rules with the category of each.
func (q *request) ruleCategories() (ids, categories []string) {
	ids, categories = []string{}, []string{}
	if q.Rules == nil {
		return ids, categories
	}
	for _, r := range q.Rules.All() {
		ids, categories = append(ids, r.ID), append(categories, r.Category)
	}
	return ids, categories
}

// severityTone is the tone of a severity's label.
func severityTone(s string) string {
	switch s {
	case "red", "yellow":
		return s
	case "warning":
		return "warn"
	}
	return "plain"
}

func (w writer) severityCell(s string) Cell {
	return Cell{Text: w.Enum("severity", s), Raw: s, Tag: severityTone(s)}
}

func (w writer) alertStateCell(state string) Cell {
	c := w.enumCell("alert_state", state)
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

// rungCell says whom a rung tells; several are joined by +.
func (q *request) rungCell(notify string) Cell {
	var words []string
	for word := range strings.SplitSeq(notify, "+") {
		words = append(words, q.Enum("rung", word))
	}
	return Cell{Text: strings.Join(words, " + "), Raw: notify}
}

func (q *request) alertArgs(ctx context.Context) (queries.Args, error) {
	orgs, err := q.orgsBelow(ctx)
	return queries.Args{"as_of": q.asOf, "source": q.scope.Source, "region": q.scope.Region, "orgs": orgs}, err
}
