package page

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/route"
	"duban/internal/blank"
	"duban/queries"
)

// beforeCode stands between the name and the code of an organisation where both are
// written in one field.
const beforeCode = " · "

// orgChoice writes an organisation as the field of the filter shows and takes it.
func orgChoice(name, code string) string {
	if name == "" || name == code {
		return code
	}
	return name + beforeCode + code
}

var _ = register(route.Route{Pattern: "/choices/orgs", Rule: route.Needs(access.FigureView),
	Scope: route.ByFilter()}, (*Site).OrgChoices)

// OrgChoices answers the organisations that the field of the filter offers, as a JSON list
// of texts that ResolveOrg reads.
func (s *Site) OrgChoices(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r)
	if err != nil {
		s.fail(w, r, q, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	res, err := q.Queries.Run(ctx, "page/orgs", queries.Args{"source": q.scope.Source, "region": q.scope.Region, "max_rows": maxOrgs})
	if err != nil {
		s.fail(w, r, q, err)
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

// ResolveOrg gives the code that a text in the field of the filter means: the end of "name
// · code", or the one organisation that is called so, in either language. A text that is a
// code, or that no or several organisations are called, stays as it is.
func (s *Site) ResolveOrg(ctx context.Context, text string) string {
	if at := strings.LastIndex(text, beforeCode); at >= 0 {
		return blank.Trim(text[at+len(beforeCode):])
	}
	text = blank.Trim(text)
	if text == "" || len(text) > 200 {
		return text
	}
	res, err := s.Queries.Run(ctx, "page/org_named", queries.Args{"text": text})
	if err != nil { // the page that follows asks the same database, and says so
		s.Log.WarnContext(ctx, "organisation not looked up by its name", "error", err.Error())
		return text
	}
	if len(res.Rows) != 1 {
		return text
	}
	return rowsOf(res)[0].text("org_code")
}

// orgsBelow are the organisations that the scope names: the one asked for and
// everything below it; empty for all.
func (q *request) orgsBelow(ctx context.Context) ([]string, error) {
	orgs, err := q.Orgs.Below(ctx, q.scope.Org)
	if orgs == nil {
		orgs = []string{}
	}
	return orgs, err
}
