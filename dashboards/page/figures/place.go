package figures

import (
	"context"
	"net/http"
	"net/url"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
)

var _ = pages.Show(route.Route{Pattern: "/regions/{code}", Rule: route.Needs(access.FigureView),
	Scope: route.ByRegion("code")}, (*request).Region, "rank")

// Region answers the page of one region: the overview in its scope.
func (q *request) Region(ctx context.Context, w http.ResponseWriter) error {
	code := q.HTTP.PathValue("code")
	if !kit.RegionCode.MatchString(code) {
		return kit.ErrNotFound
	}
	q.Scope.Region, q.InPath = code, []string{"region"}
	return q.overview(ctx, w, "overview", func(_ context.Context, d kit.ScopeData, b *overviewBody, v *kit.View) error {
		name := code
		if n := len(d.Path); n > 0 {
			name = d.Path[n-1].Text("name")
			b.Sub = q.T("level." + levelNames()[d.Path[n-1].Whole("gov_level")])
		} else {
			b.Sub = q.T("region.unknown")
		}
		b.Heading, v.Title = name, name
		b.Links = q.scopeLinks()
		v.Scope.Action = "/"
		return nil
	})
}

var _ = pages.Show(route.Route{Pattern: "/orgs/{code}", Rule: route.Needs(access.FigureView),
	Scope: route.ByOrganisation("code")}, (*request).Org, "rank")

// Org answers the page of one organisation: the overview in its scope.
func (q *request) Org(ctx context.Context, w http.ResponseWriter) error {
	code, err := url.PathUnescape(q.HTTP.PathValue("code"))
	if err != nil || code == "" || len(code) > 200 {
		return kit.ErrNotFound
	}
	q.Scope.Org, q.InPath = code, []string{"org"}
	return q.overview(ctx, w, "overview", func(ctx context.Context, _ kit.ScopeData, b *overviewBody, v *kit.View) error {
		n, err := q.LookUp(ctx, "page/org_names", "org_code", map[string]bool{code: true})
		if err != nil {
			return err
		}
		if known, err := q.knowsOrg(ctx, code); err != nil {
			return err
		} else if !known {
			return kit.ErrNotFound
		}
		b.Heading = kit.Named(n, code)
		v.Title, b.Sub = b.Heading, code
		b.Links = q.scopeLinks()
		v.Scope.Action = "/"
		v.Crumbs = append(v.Crumbs, kit.Link{Text: b.Heading, Current: true})
		return nil
	})
}

// knowsOrg reports whether there is an organisation for the reader: one of the directory, in
// the division of a reader who is limited to one, or one that answers for something there.
func (q *request) knowsOrg(ctx context.Context, code string) (bool, error) {
	u, _ := access.FromContext(ctx)
	division := u.ScopeRegion
	if division == "000000" {
		division = ""
	}
	res, err := q.Queries.Run(ctx, "page/org_names", queries.Args{"codes": []string{code}})
	if err != nil {
		return false, err
	}
	for _, x := range kit.RowsOf(res) {
		if division == "" || access.Below(x.Text("region_code"), division) {
			return true, nil
		}
	}
	answers, err := q.Queries.Run(ctx, "page/orgs", queries.Args{"org": code, "region": division, "max_rows": 1})
	if err != nil {
		return false, err
	}
	return len(answers.Rows) > 0, nil
}

// scopeLinks lead from the figures of a place to the lists behind them.
func (q *request) scopeLinks() []kit.Link {
	return []kit.Link{
		{Text: q.T("nav.cases"), Href: q.Scope.URL("/cases")},
		{Text: q.T("nav.tickets"), Href: q.Scope.URL("/tickets")},
		{Text: q.T("nav.indicators"), Href: q.Scope.URL("/indicators")},
	}
}
