package access

import "context"

// MayBeAssigned reports whether a user can be given a subject of a kind: somebody of an
// organisation that it concerns, or of one above, who may sign in and see it. below lists
// an organisation and those below it.
func MayBeAssigned(ctx context.Context, u User, kind string, targets []Target,
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
		if MaySee(u, View(kind), t) {
			return true, nil
		}
	}
	return false, nil
}

// OutageTarget is what an outage concerns: region is the division of the organisation,
// ownOrgs are those of the reader. That of a source or of everything concerns nobody in
// particular and so lies in no limit.
func OutageTarget(scope, code, region string, ownOrgs []string) Target {
	switch scope {
	case "region":
		return Target{Region: code}
	case "org":
		return Target{Org: code, Region: region, OwnOrgs: ownOrgs}
	}
	return Target{}
}
