package server

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/go-chi/chi/v5"

	"duban/dashboards/access"
	"duban/dashboards/assets"
)

// The paths with a rule of their own.
const (
	pathSignIn  = "/signin"
	pathSignOut = "/signout"
	pathSetup   = "/setup"
	pathAccount = "/account"
	pathMetrics = "/metrics"
	pathEvents  = "/api/v1/events"
	pathStream  = "/alerts/stream"
	apiPrefix   = "/api/"
)

// signedIn is the need of a page that everybody who is signed in may open.
const signedIn access.Permission = ""

// needs says which permission the pages below a first path element need. A
// route without a line here stops the start, so that none is forgotten.
var needs = map[string]access.Permission{
	"": access.FigureView, "regions": access.FigureView, "orgs": access.FigureView, "choices": access.FigureView,
	"process":    access.CaseView,                                                                      // a variant is often one case
	"indicators": access.FigureView, "api/v1/indicators": access.FigureView, "api/v1/events": signedIn, // with a token of its own
	"cases": access.CaseView, "tickets": access.CaseView, "quality": access.QualityView,
	"alerts": access.AlertView, "orders": access.OrderView, "ratings": access.RatingView, "exposure": access.ExposureView,
	"exposures": access.ExposureView, "referrals": access.ReferralView, "rules": access.RuleView, "notices": access.AlertView,
	"work": access.AlertView, "appeals": access.AlertView, "todo": access.AlertView, "outages": access.RuleView, "risk": access.AlertView,
	"risks": access.AlertView, "profiles": access.AlertView,
	"users": access.UserManage, "audit": access.AuditView, "calendar": access.CalendarManage, "account": signedIn, "signout": signedIn,
	// Reachable without signing in; see guard.
	"signin": signedIn, "setup": signedIn, "metrics": access.MetricsView, "healthz": signedIn, "readyz": signedIn, "assets": signedIn,
}

// ofPeople are the pages that mean nothing without users.
var ofPeople = map[string]bool{"signin": true, "signout": true, "account": true, "users": true, "audit": true, "calendar": true}

// checkNeeds reports the first route that needs says nothing about.
func checkNeeds(r chi.Routes) error {
	return chi.Walk(r, func(_ string, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if _, ok := needs[reachKey(route)]; !ok {
			return errors.New("route " + route + " has no line in the table of needed permissions")
		}
		return nil
	})
}

func firstPart(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first
}

// guard lets a request through to next only when somebody who may is signed in.
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

func (g *guard) wrap(next http.Handler) http.Handler {
	inner := g.d.Access.Sessions.Wrap(g.d.Access.Proxies.Encrypted,
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { g.decide(w, r, next) }))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		encrypted := g.d.Access.Proxies.Encrypted(r)
		if !encrypted && !g.plain && !access.FromLoopback(r) && carriesSecrets(r) {
			plain(w, http.StatusForbidden, "sessions and tokens are taken over an encrypted connection only: ask by https, through the proxy "+
				"that stands before this server, or let server.plain_http say that the network is encrypted\n")
			return
		}
		if unguarded(r) {
			next.ServeHTTP(w, r)
			return
		}
		if encrypted {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		open, err := g.open()
		switch {
		case takesPassword(r.URL.Path) && !encrypted && !access.FromLoopback(r):
			plain(w, http.StatusForbidden, "passwords are taken over an encrypted connection only: ask by https, through the proxy that stands "+
				"before this server\n")
		case err != nil:
			g.d.Log.ErrorContext(r.Context(), "read users", "request_id", RequestID(r.Context()), "error", err.Error())
			plain(w, http.StatusServiceUnavailable, "the users cannot be read; see the log for "+RequestID(r.Context())+"\n")
		case open && !access.Local(r):
			plain(w, http.StatusServiceUnavailable, "this server has no user yet and answers programs of its own machine only: add the first "+
				"user with `duban user add`, or by the link that `duban up` printed\n")
		case open && r.URL.Path != pathSetup && ofPeople[firstPart(r.URL.Path)]:
			http.Redirect(w, r, "/", http.StatusSeeOther) // there are no people yet
		case open && r.URL.Path != pathSetup:
			g.bounds.serve(w, r, g.d, next)
		default:
			inner.ServeHTTP(w, r)
		}
	})
}

// carriesSecrets reports whether what stands in a request or its answer is worth reading on
// the way: all but probes, style sheets and the pages that refuse passwords themselves.
func carriesSecrets(r *http.Request) bool {
	return !takesPassword(r.URL.Path) && (!unguarded(r) || r.URL.Path == pathEvents)
}

// takesPassword reports whether a password is typed on a page.
func takesPassword(path string) bool {
	return path == pathSignIn || path == pathSetup || path == pathAccount
}

// unguarded are probes, style sheets and the intake, which has tokens of its own.
func unguarded(r *http.Request) bool {
	switch r.URL.Path {
	case "/healthz", "/readyz":
		return true
	case pathEvents:
		return r.Method == http.MethodPost
	}
	return strings.HasPrefix(r.URL.Path, assets.Prefix)
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

func (g *guard) decide(w http.ResponseWriter, r *http.Request, next http.Handler) {
	u, ok := access.FromContext(r.Context())
	path := r.URL.Path
	switch {
	case path == pathSignIn || path == pathSetup || path == pathMetrics && access.Local(r):
		next.ServeHTTP(w, r)
	case !ok:
		g.askToSignIn(w, r)
	case path == pathSignOut:
		next.ServeHTTP(w, r)
	case u.MustChange && path != pathAccount:
		if strings.HasPrefix(path, apiPrefix) {
			g.d.API.problem(w, r, http.StatusForbidden, "choose a password of your own first, at "+pathAccount)
			return
		}
		http.Redirect(w, r, pathAccount, http.StatusSeeOther)
	default:
		need, known := needs[reachKey(path)]
		own := g.ownOrgs(r, u)
		r = r.WithContext(access.WithOwnOrgs(r.Context(), own))
		if toNamedOrg(w, r, g.d.Site) { // before the scope is held against the code
			return
		}
		narrowed, inScope := narrow(u, own, r)
		if inScope && known && (need == signedIn || access.MayOpen(u, need)) {
			g.read(w, r, func(w http.ResponseWriter) { g.bounds.serve(w, narrowed, g.d, next) })
			return
		}
		g.d.Access.Note(r, access.Entry{What: access.Refused, TargetKind: "permission", TargetID: string(need), Outcome: access.Denied})
		if strings.HasPrefix(path, apiPrefix) {
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

func (g *guard) askToSignIn(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if strings.HasPrefix(r.URL.Path, apiPrefix) || r.URL.Path == pathMetrics {
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

// crossOrigin refuses requests that change something when a page of another
// site sends them. Programs that are no browsers say nothing of their origin and
// pass.
func crossOrigin(d Deps) func(http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.Log.WarnContext(r.Context(), "request of another site refused", "request_id", RequestID(r.Context()))
		plain(w, http.StatusForbidden, "this request comes from another site\n")
	}))
	return p.Handler
}
