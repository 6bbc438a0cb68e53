package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"duban/dashboards/access"
)

// reach says how pages keep to the scope of who asks.
type reach uint8

const (
	// refused is what is of whole sources, or of the instance: who sees less than
	// everything does not see it. It is what a page is that nobody said anything of.
	refused reach = iota
	// limited pages read region and organisation from the address, where narrow puts the
	// scope of the user.
	limited
	// unscoped pages are about nobody: rules as they are written, the own account, the way in.
	unscoped
)

// reaches says it for every first part of a path, and under api/v1 for every second: a
// new page fails closed, and checkNeeds does not let the server start without a line here.
var reaches = map[string]reach{
	"": limited, "regions": limited, "orgs": limited, "choices": limited, "cases": limited, "tickets": limited, "indicators": limited,
	"risk": limited, "profiles": limited,
	"outages": limited, "alerts": limited, "orders": limited, "work": limited, "appeals": limited, "todo": limited, "rules": limited,
	"audit":   limited,
	"process": refused, "quality": refused, "users": refused, "calendar": refused, "metrics": refused,
	"account": unscoped, "signin": unscoped, "signout": unscoped, "setup": unscoped, "healthz": unscoped,
	"readyz": unscoped, "assets": unscoped,
	"api/v1/indicators": limited, "api/v1/events": refused,
}

// reachKey is what reaches and needs know a path by: its first part, or api/v1 and what
// comes after it.
func reachKey(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if parts[0] == "api" {
		return strings.Join(parts[:min(len(parts), 3)], "/")
	}
	return parts[0]
}

// checkReaches reports the first route that reaches says nothing about.
func checkReaches(r chi.Routes) error {
	return chi.Walk(r, func(_ string, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if _, ok := reaches[reachKey(route)]; !ok {
			return fmt.Errorf("route %s has no line in the table of scopes", route)
		}
		return nil
	})
}

// narrow limits a request for figures or subjects to the scope of the user: the
// region and the organisation of the scope are put into the address, where every
// page and file and the API read them. It reports false when the request asks
// for something outside of the scope, or for what cannot be limited to it.
// Single subjects are checked where they are read. own are the organisation of
// the user and those below it: figures are those of the own organisation unless
// one below it is asked for, lists of alerts and work hold all of them.
func narrow(u access.User, own []string, r *http.Request) (*http.Request, bool) {
	if !u.Limited() {
		return r, true
	}
	switch reaches[reachKey(r.URL.Path)] {
	case unscoped:
		return r, true
	case refused:
		return r, false
	}
	if u.Line != "" {
		return r, false // no figure knows lines
	}
	first, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
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
