package desk

import (
	"context"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
)

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
