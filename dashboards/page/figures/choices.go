package figures

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
)

var _ = pages.Show(route.Route{Pattern: "/choices/orgs", Rule: route.Needs(access.FigureView),
	Scope: route.ByFilter()}, (*request).OrgChoices)

// OrgChoices answers the organisations that the field of the filter offers, as a JSON list
// of texts that ResolveOrg reads.
func (q *request) OrgChoices(ctx context.Context, w http.ResponseWriter) error {
	res, err := q.Queries.Run(ctx, "page/orgs", queries.Args{"source": q.Scope.Source, "region": q.Scope.Region, "max_rows": kit.MaxOrgs})
	if err != nil {
		return err
	}
	me, _ := access.FromContext(ctx)
	own := access.OwnOrgs(ctx)
	out := []string{}
	for _, x := range kit.RowsOf(res) {
		code := x.Text("org_code")
		if me.OrgCode != "" && code != me.OrgCode && !slices.Contains(own, code) {
			continue // no choice for this reader
		}
		out = append(out, kit.OrgChoice(q.Pick(x.Text("name"), x.Text("name_en")), code))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(out)
	return nil
}
