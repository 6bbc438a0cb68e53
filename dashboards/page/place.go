package page

import (
	"context"
	"net/http"
	"net/url"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
)

var _ = register(route.Route{Pattern: "/regions/{code}", Rule: route.Needs(access.FigureView),
	Scope: route.ByRegion("code")}, (*Site).Region)

// Region answers the page of one region: the overview in its scope.
func (s *Site) Region(w http.ResponseWriter, r *http.Request) {
	code := r.PathValue("code")
	q, err := s.begin(r, "rank")
	if err == nil && !kit.RegionCode.MatchString(code) {
		err = errNotFound
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	q.scope.Region, q.inPath = code, []string{"region"}
	s.overview(w, r, q, "overview", func(_ context.Context, d scopeData, b *overviewBody, v *View) error {
		name := code
		if n := len(d.path); n > 0 {
			name = d.path[n-1].text("name")
			b.Sub = q.T("level." + levelNames()[d.path[n-1].whole("gov_level")])
		} else {
			b.Sub = q.T("region.unknown")
		}
		b.Heading, v.Title = name, name
		b.Links = q.scopeLinks()
		v.Scope.Action = "/"
		return nil
	})
}

var _ = register(route.Route{Pattern: "/orgs/{code}", Rule: route.Needs(access.FigureView),
	Scope: route.ByOrganisation("code")}, (*Site).Org)

// Org answers the page of one organisation: the overview in its scope.
func (s *Site) Org(w http.ResponseWriter, r *http.Request) {
	escaped := r.PathValue("code")
	q, err := s.begin(r, "rank")
	code, uerr := url.PathUnescape(escaped)
	if err == nil && (uerr != nil || code == "" || len(code) > 200) {
		err = errNotFound
	}
	if err != nil {
		q.fail(w, err)
		return
	}
	q.scope.Org, q.inPath = code, []string{"org"}
	s.overview(w, r, q, "overview", func(ctx context.Context, _ scopeData, b *overviewBody, v *View) error {
		n, err := q.lookUp(ctx, "page/org_names", "org_code", map[string]bool{code: true})
		if err != nil {
			return err
		}
		if known, err := q.knowsOrg(ctx, code); err != nil {
			return err
		} else if !known {
			return errNotFound
		}
		b.Heading = named(n, code)
		v.Title, b.Sub = b.Heading, code
		b.Links = q.scopeLinks()
		v.Scope.Action = "/"
		v.Crumbs = append(v.Crumbs, Link{Text: b.Heading, Current: true})
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
	for _, x := range rowsOf(res) {
		if division == "" || access.Below(x.text("region_code"), division) {
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
func (q *request) scopeLinks() []Link {
	return []Link{
		{Text: q.T("nav.cases"), Href: q.scope.URL("/cases")},
		{Text: q.T("nav.tickets"), Href: q.scope.URL("/tickets")},
		{Text: q.T("nav.indicators"), Href: q.scope.URL("/indicators")},
	}
}
