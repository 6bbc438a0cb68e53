package page

import (
	"context"

	"duban/dashboards/access"
)

// MayBeAssigned reports whether a user can be given a subject of a kind: somebody of an
// organisation that it concerns, or of one above, who may sign in and see it. below lists
// an organisation and those below it.
func MayBeAssigned(ctx context.Context, u access.User, kind string, targets []access.Target,
	below func(context.Context, string) ([]string, error)) (bool, error) {
	if u.Disabled || u.OrgCode == "" {
		return false, nil
	}
	own, err := below(ctx, u.OrgCode)
	if err != nil {
		return false, err
	}
	u.MustChange = false // who has not signed in yet will
	for _, t := range targets {
		t.OwnOrgs = own
		if access.MaySee(u, access.View(kind), t) {
			return true, nil
		}
	}
	return false, nil
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
		var options []Option
		for _, u := range users {
			ok, err := MayBeAssigned(ctx, u, kind, targets, q.Orgs.Below)
			if err != nil {
				return nil, err
			}
			if ok {
				options = append(options, Option{Value: u.ID, Text: u.Display + " · " + q.Enum("role", string(u.Role))})
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
func targetsOf(x row) []access.Target {
	out := []access.Target{{Region: x.text("region_code"), Org: x.text("org_code")}}
	regions := x.texts("co_regions")
	for i, org := range x.texts("co_orgs") {
		out = append(out, access.Target{Region: regions[i], Org: org})
	}
	return out
}
