package server

import (
	"net/http"
	"net/url"
	"slices"

	"duban/dashboards/access"
	"duban/dashboards/route"
)

// narrow limits a request for figures or subjects to the scope of the user: the
// region and the organisation of the scope are put into the address, where every
// page and file and the API read them. It reports false when the request asks
// for something outside of the scope, or for what cannot be limited to it.
// Single subjects are checked where they are read (route.BySubject). own are the organisation of
// the user and those below it: figures are those of the own organisation unless
// one below it is asked for, lists of alerts and work hold all of them.
func narrow(u access.User, own []string, r *http.Request, s route.Scope) (*http.Request, bool) {
	if !u.Limited() || s.Reach == route.Nobodys {
		return r, true
	}
	if s.Reach != route.Filtered || u.Line != "" { // no figure knows lines
		return r, false
	}
	q := r.URL.Query()
	if scope := u.ScopeRegion; scope != "" {
		asked := q.Get("region")
		if asked == "" {
			asked = scope
		}
		if !access.Below(asked, scope) || s.Region != "" && !access.Below(r.PathValue(s.Region), scope) {
			return r, false
		}
		q.Set("region", asked)
	}
	if org := u.OrgCode; org != "" {
		asked := q.Get("org")
		if asked == "" {
			asked = org
		}
		if s.Org != "" {
			if code, err := url.PathUnescape(r.PathValue(s.Org)); err != nil || code != org && !slices.Contains(own, code) {
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
