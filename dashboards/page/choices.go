package page

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"duban/dashboards/access"
	"duban/dashboards/route"
	"duban/queries"
)

var _ = register(route.Route{Pattern: "/choices/orgs", Rule: route.Needs(access.FigureView),
	Scope: route.ByFilter()}, (*Site).OrgChoices)

// OrgChoices answers the organisations that the field of the filter offers, as a JSON list
// of texts that ResolveOrg reads.
func (s *Site) OrgChoices(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r)
	if err != nil {
		q.fail(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	res, err := q.Queries.Run(ctx, "page/orgs", queries.Args{"source": q.scope.Source, "region": q.scope.Region, "max_rows": maxOrgs})
	if err != nil {
		q.fail(w, err)
		return
	}
	me, _ := access.FromContext(r.Context())
	own := access.OwnOrgs(r.Context())
	out := []string{}
	for _, x := range rowsOf(res) {
		code := x.text("org_code")
		if me.OrgCode != "" && code != me.OrgCode && !slices.Contains(own, code) {
			continue // no choice for this reader
		}
		out = append(out, orgChoice(q.Pick(x.text("name"), x.text("name_en")), code))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(out)
}
