package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"duban/dashboards/access"
	"duban/dashboards/assets"
	"duban/dashboards/route"
	"duban/internal/config"
)

// routes builds the handler of a server from the one table of its routes: the pages, and
// what the server answers itself.
func routes(cfg Config, d Deps) (http.Handler, error) {
	return router(cfg, d, slices.Concat(d.Site.Routes(), ownRoutes(d)))
}

func router(cfg Config, d Deps, all []route.Route) (http.Handler, error) {
	table, err := route.NewTable(all...)
	if err != nil {
		return nil, err
	}
	in, err := newInstruments(d.Metrics)
	if err != nil {
		return nil, err
	}
	r := chi.NewRouter()
	r.Use(requestID, in.observe(d.Log), recoverer(d), securityHeaders, slowBodies(cfg.FormTime), knownHost(cfg.Hosts),
		crossOrigin(d), compress())
	named := namedOrg(d.Site)
	protect := func(_ route.Route, h http.Handler) http.Handler { return named(h) }
	if d.Access != nil {
		g := &guard{d: d, bounds: newBounds(), plain: cfg.PlainHTTP, loopback: config.CheckLoopback(cfg.Listen) == nil}
		protect = func(rt route.Route, h http.Handler) http.Handler { return g.protect(rt, named(h)) }
	}
	for _, rt := range table.All() {
		switch {
		case d.Access == nil && rt.People != route.Anyway: // there are no people
		case rt.Method == route.AnyMethod:
			r.Handle(rt.Pattern, protect(rt, rt.Handler))
		default:
			r.Method(rt.Method, rt.Pattern, protect(rt, rt.Handler))
		}
	}
	r.NotFound(unmatched(table, protect, http.HandlerFunc(d.Site.NotFound)))
	r.MethodNotAllowed(unmatched(table, protect, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		plain(w, http.StatusMethodNotAllowed, "method not allowed\n")
	})))
	return r, nil
}

// unmatched answers addresses that no route has: below the pages of a section those who may
// open these are told, all else is closed.
func unmatched(t *route.Table, protect func(route.Route, http.Handler) http.Handler, tell http.Handler) http.HandlerFunc {
	closed, sections := protect(route.Route{}, tell), map[string]http.Handler{}
	for _, rt := range t.All() {
		switch rt.Rule.Entry {
		case route.ByPermission, route.ByPermissionOrLocal, route.Unguarded:
			if key := section(rt.Pattern); sections[key] == nil {
				sections[key] = protect(rt, tell)
			}
		}
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if h := sections[section(r.URL.Path)]; h != nil {
			h.ServeHTTP(w, r)
			return
		}
		closed.ServeHTTP(w, r)
	}
}

// section is the first part of a path, or api/v1 and what comes after it.
func section(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if parts[0] == "api" {
		return strings.Join(parts[:min(len(parts), 3)], "/")
	}
	return parts[0]
}

// ownRoutes are those that are no pages.
func ownRoutes(d Deps) []route.Route {
	out := []route.Route{
		{Method: route.AnyMethod, Pattern: assets.Prefix + "*", Rule: route.Without(route.Unguarded, "the same for everybody"),
			Scope: route.Unscoped("style sheets and scripts"), Handler: d.Assets},
		{Pattern: "/healthz", Rule: route.Without(route.Unguarded, "probes have no users"), Scope: route.Unscoped("the server"),
			Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok\n") })},
		{Pattern: "/readyz", Rule: route.Without(route.Unguarded, "probes have no users"), Scope: route.Unscoped("the server"),
			Handler: http.HandlerFunc(d.readyz)},
		{Method: route.AnyMethod, Pattern: "/metrics", Rule: route.Rule{Entry: route.ByPermissionOrLocal, Needs: access.MetricsView,
			Why: "who watches the own machine signs in nowhere"}, Scope: route.Everything("instruments are of the instance"),
			Handler: promhttp.HandlerFor(d.Metrics, promhttp.HandlerOpts{})},
		{Pattern: "/api/v1/indicators", Rule: route.Needs(access.FigureView), Scope: route.ByFilter(),
			Handler: http.HandlerFunc(d.API.Catalogue)},
		{Pattern: "/api/v1/indicators/{id}", Rule: route.Needs(access.FigureView), Scope: route.ByFilter(),
			Handler: http.HandlerFunc(d.API.Indicator)},
	}
	if d.Intake != nil {
		out = append(out, route.Route{Method: http.MethodPost, Pattern: pathEvents,
			Rule:  route.Without(route.OwnTokens, "sources are no users"),
			Scope: route.Everything("a token says which sources it is for"), Handler: d.Intake})
	}
	return out
}

// readyz tells whether the server can answer; why not is for programs of the own machine,
// as it may name others of the house.
func (d Deps) readyz(w http.ResponseWriter, r *http.Request) {
	if err := d.Ready(r.Context()); err != nil {
		why := ""
		if access.Local(r) {
			why = ": " + err.Error()
		}
		plain(w, http.StatusServiceUnavailable, "not ready"+why+"\n")
		return
	}
	if d.Degraded != nil {
		if why := d.Degraded(); why != nil && access.Local(r) {
			plain(w, http.StatusOK, "ready, degraded: "+why.Error()+"\n")
			return
		} else if why != nil {
			plain(w, http.StatusOK, "ready, degraded\n")
			return
		}
	}
	plain(w, http.StatusOK, "ready\n")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}
