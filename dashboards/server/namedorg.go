package server

import (
	"net/http"
	"slices"
	"strings"

	"duban/dashboards/access"
	"duban/dashboards/page/kit"
)

// namedOrg leads a request that names its organisation in words to the address with the
// code, so that every page, file and link has one form of it.
func namedOrg(site *kit.Site) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !toNamedOrg(w, r, site) {
				next.ServeHTTP(w, r)
			}
		})
	}
}

// toNamedOrg sends the reader on and reports true when the organisation is named in words.
func toNamedOrg(w http.ResponseWriter, r *http.Request, site *kit.Site) bool {
	text := r.URL.Query().Get("org")
	isCode := strings.Trim(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" // or none is asked for
	if isCode || r.Method != http.MethodGet || strings.HasPrefix(r.URL.Path, apiPrefix) {
		return false
	}
	code := site.ResolveOrg(r.Context(), text)
	if code == text {
		return false
	}
	// Who sees a part only is not told what those outside of it are called.
	u, ok := access.FromContext(r.Context())
	own := code == u.OrgCode || slices.Contains(access.OwnOrgs(r.Context()), code)
	if ok && u.Limited() && !own && !strings.HasSuffix(text, code) {
		return false
	}
	q, to := r.URL.Query(), *r.URL
	q.Set("org", code)
	to.RawQuery = q.Encode()
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to.RequestURI(), http.StatusSeeOther)
	return true
}
