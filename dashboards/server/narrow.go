package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"duban/dashboards/access"
)

// narrow limits a request for figures or subjects to the scope of the user: the
// region and the organisation of the scope are put into the address, where every
// page and file and the API read them. It reports false when the request asks
// for something outside of the scope, or for what cannot be limited to it yet.
// Single subjects are checked where they are read. own are the organisation of
// the user and those below it: figures are those of the own organisation unless
// one below it is asked for, lists of alerts and work hold all of them.
func narrow(u access.User, own []string, r *http.Request) (*http.Request, bool) {
	if !u.Limited() {
		return r, true
	}
	first, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch first {
	case "", "regions", "orgs", "cases", "tickets", "indicators", "risk", "profiles", "outages", "api",
		"alerts", "orders", "work", "appeals", "todo":
	case "process", "quality":
		return r, false // of whole sources
	default:
		return r, true
	}
	if u.Line != "" {
		return r, false // no figure knows lines
	}
	q := r.URL.Query()
	if scope := u.ScopeRegion; scope != "" {
		asked := q.Get("region")
		if asked == "" {
			asked = scope
		}
		if !access.Below(asked, scope) || first == "regions" && !access.Below(rest, scope) {
			return r, false
		}
		q.Set("region", asked)
	}
	if org := u.OrgCode; org != "" {
		asked := q.Get("org")
		if asked == "" {
			asked = org
		}
		if first == "orgs" {
			if code, err := url.PathUnescape(rest); err != nil || code != org && !slices.Contains(own, code) {
				return r, false
			}
		}
		if asked != org && !slices.Contains(own, asked) {
			return r, false
		}
		q.Set("org", asked)
	}
	if q.Get("region") == "000000" {
		q.Del("region") // the whole country is no limit
	}
	r = r.Clone(r.Context())
	r.URL.RawQuery = q.Encode()
	return r, true
}
