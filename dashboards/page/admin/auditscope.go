package admin

import (
	"context"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/queries"
)

// nobody is a user id that is never given: it keeps a list of nobody from meaning everybody.
const nobody = "-"

// auditOf are the users whose lines of the trail the reader sees: those of the own division
// or organisation. nil means all, for a reader without limits.
func (q *request) auditOf(ctx context.Context) ([]access.User, error) {
	reader, ok := access.FromContext(ctx)
	if !ok || !reader.Limited() {
		return nil, nil
	}
	all, err := q.Access.Users.List()
	if err != nil {
		return nil, err
	}
	codes := []string{}
	for _, u := range all {
		if u.OrgCode != "" {
			codes = append(codes, u.OrgCode)
		}
	}
	res, err := q.Queries.Run(ctx, "page/org_names", queries.Args{"codes": codes})
	if err != nil {
		return nil, err
	}
	regions := map[string]string{}
	for _, x := range kit.RowsOf(res) {
		regions[x.Text("org_code")] = x.Text("region_code")
	}
	out := []access.User{}
	for _, u := range all {
		at := access.Target{Region: u.ScopeRegion, Org: u.OrgCode, Line: u.Line, OwnOrgs: access.OwnOrgs(ctx)}
		if at.Region == "" {
			at.Region = regions[u.OrgCode]
		}
		if u.ID == reader.ID || access.InScope(reader, at) {
			out = append(out, u)
		}
	}
	return out, nil
}

func userIDs(users []access.User) []string {
	out := make([]string, len(users))
	for i, u := range users {
		out[i] = u.ID
	}
	return out
}
