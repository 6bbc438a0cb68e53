package desk

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/queries"
)

// attempt is what the reader did last to the subject of the page, as far as it
// has not taken effect.
type attempt struct {
	// waiting: it is recorded and not judged yet. The page shows the state before
	// it, so nothing more is offered until it is.
	waiting bool
	// action and words are what was refused and what was written with it.
	action string
	words  map[string]any
}

// keepWords remembers what the reader wrote with a refused action, so that
// nobody writes it twice, and says who was faster where somebody was.
func (q *request) keepWords(id, kind, subject, outcome string) (conflict string) {
	person, ok := q.Person(q.HTTP.Context())
	if !ok {
		return ""
	}
	res, err := q.Queries.Run(q.HTTP.Context(), "page/refused_action", queries.Args{"id": id, "kind": kind, "subject": subject})
	if err != nil || len(res.Rows) == 0 {
		return ""
	}
	x := kit.RowsOf(res)[0]
	if x.Text("actor") != person.ID {
		return "" // somebody else's words
	}
	q.attempt.action = x.Text("action")
	_ = json.Unmarshal([]byte(x.Text("payload")), &q.attempt.words) // empty when there were none
	if outcome != "conflict" {
		return ""
	}
	return q.fasterText(person.ID, x.Texts("others"))
}

// fasterText says who acted on a subject while the reader wrote: the reader's own
// earlier step, the system, or whoever it was by name.
func (q *request) fasterText(me string, others []string) string {
	var names []string
	own := false
	for _, id := range others {
		switch {
		case id == me:
			own = true
		case id != "":
			names = append(names, q.PersonName(id))
		}
	}
	slices.Sort(names)
	switch {
	case len(names) > 0:
		return q.T("deed_one.conflict_by", "Name", strings.Join(names, q.T("list.comma")))
	case own:
		return q.T("deed_one.conflict_own")
	case len(others) > 0:
		return q.T("deed_one.conflict_system")
	}
	return ""
}

// refill puts the words of a refused action back into its form and opens it;
// where the action is not possible any more they are returned to be shown.
func (q *request) refill(kind string, forms []ActionForm) (kept []kit.Term) {
	a := q.attempt
	if a.action == "" || len(a.words) == 0 {
		return nil
	}
	for i := range forms {
		f := &forms[i]
		if f.Action != a.action {
			continue
		}
		f.Open = true
		for j := range f.Fields {
			x := &f.Fields[j]
			x.Value = formText(a.words[x.Name])
			for k := range x.Options {
				x.Options[k].Selected = x.Options[k].Value == x.Value
			}
		}
		return nil
	}
	for _, k := range payloadKeys() {
		if text := q.payloadText(kind, k, a.words); text != "" {
			kept = append(kept, kit.Term{Name: q.fieldLabel(k), Cell: q.TextCell(text)})
		}
	}
	return kept
}

// formText is a value of a payload as its field shows it.
func formText(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case float64:
		b, _ := json.Marshal(x) // a number always has a text
		return string(b)
	case []any:
		lines := make([]string, 0, len(x))
		for _, e := range x {
			if s, ok := e.(string); ok {
				lines = append(lines, s)
			}
		}
		return strings.Join(lines, "\n")
	}
	return ""
}

// offerAssignees puts the people who can be given a subject into the form that assigns it;
// without any the form is left out.
func (q *request) offerAssignees(ctx context.Context, kind string, forms []ActionForm, targets []access.Target) ([]ActionForm, error) {
	var out []ActionForm
	for _, f := range forms {
		if f.Action != "assign" || q.Access == nil {
			out = append(out, f)
			continue
		}
		users, err := q.Access.Users.List()
		if err != nil {
			return nil, err
		}
		var options []kit.Option
		for _, u := range users {
			ok, err := access.MayBeAssigned(ctx, u, kind, targets, q.Orgs.Below)
			if err != nil {
				return nil, err
			}
			if ok {
				options = append(options, kit.Option{Value: u.ID, Text: u.Display + " · " + q.Enum("role", string(u.Role))})
			}
		}
		for i := range f.Fields {
			if f.Fields[i].Name == "assignee" {
				f.Fields[i].Options = options
			}
		}
		if len(options) > 0 {
			out = append(out, f)
		}
	}
	return out, nil
}

// targetsOf are the organisations that a row of an alert or a piece of work concerns, each
// in its own division.
func targetsOf(x kit.Row) []access.Target {
	out := []access.Target{{Region: x.Text("region_code"), Org: x.Text("org_code")}}
	regions := x.Texts("co_regions")
	for i, org := range x.Texts("co_orgs") {
		out = append(out, access.Target{Region: regions[i], Org: org})
	}
	return out
}
