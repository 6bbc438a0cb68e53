package server

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"duban/dashboards/access"
	"duban/dashboards/route"
)

// The paths that the server itself leads to, or bounds apart.
const (
	pathSignIn  = "/signin"
	pathAccount = "/account"
	pathEvents  = "/api/v1/events"
	pathStream  = "/alerts/stream"
	apiPrefix   = "/api/"
)

// guard lets a request through to a route only when somebody who may is signed in.
// As long as there is no user, and the server is bound to loopback addresses,
// it lets everything of the same machine through, and nothing that a proxy passes on.
type guard struct {
	d      Deps
	bounds *bounds
	// plain lets other machines ask over connections that are not encrypted.
	plain    bool
	loopback bool
	// closed is set once a user was seen: a users file that goes away does not
	// open the server again.
	closed atomic.Bool
}

// protect puts a route behind the guard.
func (g *guard) protect(rt route.Route, next http.Handler) http.Handler {
	if rt.Rule.Entry == route.Unguarded {
		return next
	}
	// What stands in a request or its answer is worth reading on the way, but on pages
	// that refuse passwords in the open themselves.
	secrets := !rt.Password
	inner := g.d.Access.Sessions.Wrap(g.d.Access.Proxies.Encrypted,
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { g.decide(w, r, rt, next) }))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		encrypted := g.d.Access.Proxies.Encrypted(r)
		if secrets && !encrypted && !g.plain && !access.FromLoopback(r) {
			plain(w, http.StatusForbidden, "sessions and tokens are taken over an encrypted connection only: ask by https, through the proxy "+
				"that stands before this server, or let server.plain_http say that the network is encrypted\n")
			return
		}
		if rt.Rule.Entry == route.OwnTokens {
			next.ServeHTTP(w, r)
			return
		}
		if encrypted {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		open, err := g.open()
		switch {
		case rt.Password && !encrypted && !access.FromLoopback(r):
			plain(w, http.StatusForbidden, "passwords are taken over an encrypted connection only: ask by https, through the proxy that stands "+
				"before this server\n")
		case err != nil:
			g.d.Log.ErrorContext(r.Context(), "read users", "request_id", RequestID(r.Context()), "error", err.Error())
			plain(w, http.StatusServiceUnavailable, "the users cannot be read; see the log for "+RequestID(r.Context())+"\n")
		case open && !access.Local(r):
			plain(w, http.StatusServiceUnavailable, "this server has no user yet and answers programs of its own machine only: add the first "+
				"user with `duban user add`, or by the link that `duban up` printed\n")
		case open && rt.People == route.WithUsers:
			http.Redirect(w, r, "/", http.StatusSeeOther) // there are no people yet
		case open && rt.People != route.FirstUser:
			g.bounds.serve(w, r, g.d, next)
		default:
			inner.ServeHTTP(w, r)
		}
	})
}

// open reports whether there is nobody to ask for a password.
func (g *guard) open() (bool, error) {
	if g.closed.Load() {
		return false, nil
	}
	any, err := g.d.Access.Users.Any()
	if err != nil {
		return false, err
	}
	if any || !g.loopback {
		g.closed.Store(true)
		return false, nil
	}
	return true, nil
}

func (g *guard) decide(w http.ResponseWriter, r *http.Request, rt route.Route, next http.Handler) {
	u, ok := access.FromContext(r.Context())
	entry := rt.Rule.Entry
	switch {
	case entry == route.Anyone || entry == route.ByPermissionOrLocal && access.Local(r) && !access.OfAnotherSite(r):
		next.ServeHTTP(w, r)
	case !ok:
		g.askToSignIn(w, r, rt)
	case entry == route.EndsSession:
		next.ServeHTTP(w, r)
	case u.MustChange && entry != route.OwnAccount:
		if strings.HasPrefix(r.URL.Path, apiPrefix) {
			g.d.API.problem(w, r, http.StatusForbidden, "choose a password of your own first, at "+pathAccount)
			return
		}
		http.Redirect(w, r, pathAccount, http.StatusSeeOther)
	default:
		own := g.ownOrgs(r, u)
		r = r.WithContext(access.WithOwnOrgs(r.Context(), own))
		if toNamedOrg(w, r, g.d.Site) { // before the scope is held against the code
			return
		}
		narrowed, inScope := narrow(u, own, r, rt.Scope)
		if inScope && rt.Rule.Admits(u) {
			g.read(w, r, rt, func(w http.ResponseWriter) { g.bounds.serve(w, narrowed, g.d, next) })
			return
		}
		g.d.Access.Note(r, access.Entry{What: access.Refused, TargetKind: "permission", TargetID: string(rt.Rule.Needs),
			Outcome: access.Denied})
		if strings.HasPrefix(r.URL.Path, apiPrefix) {
			g.d.API.problem(w, r, http.StatusForbidden, "the role "+string(u.Role)+" may not do this, or not in this scope")
			return
		}
		g.d.Site.Forbidden(w, r)
	}
}

// ownOrgs are the organisation of a user and those below it; the own one alone
// when the directory cannot be read: less, never more.
func (g *guard) ownOrgs(r *http.Request, u access.User) []string {
	if u.OrgCode == "" {
		return nil
	}
	own, err := g.d.Site.Orgs.Below(r.Context(), u.OrgCode)
	if err != nil {
		g.d.Log.WarnContext(r.Context(), "read which organisations stand below one", "request_id", RequestID(r.Context()), "error", err.Error())
		return []string{u.OrgCode}
	}
	return own
}

func (g *guard) askToSignIn(w http.ResponseWriter, r *http.Request, rt route.Route) {
	w.Header().Set("Cache-Control", "no-store")
	if strings.HasPrefix(r.URL.Path, apiPrefix) || rt.Rule.Entry == route.ByPermissionOrLocal {
		g.d.API.problem(w, r, http.StatusUnauthorized, "sign in first")
		return
	}
	to := pathSignIn
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		if here := r.URL.RequestURI(); here != "/" && access.SafeNext(here) == here {
			to += "?next=" + url.QueryEscape(here)
		}
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// crossOrigin refuses requests that change something, and those for something to be used
// within a page, when a page of another site sends them. It could read no answer; but the
// reader of both pages would pay for the work, in turns and in lines of the trail. Programs
// that are no browsers say nothing of their origin and pass.
func crossOrigin(d Deps) func(http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	deny := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.Log.WarnContext(r.Context(), "request of another site refused", "request_id", RequestID(r.Context()))
		plain(w, http.StatusForbidden, "this request comes from another site\n")
	})
	p.SetDenyHandler(deny)
	return func(next http.Handler) http.Handler {
		changes := p.Handler(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if access.Embedded(r) {
				deny.ServeHTTP(w, r)
				return
			}
			changes.ServeHTTP(w, r)
		})
	}
}
