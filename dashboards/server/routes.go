package server

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"duban/dashboards/access"
	"duban/dashboards/assets"
	"duban/internal/config"
)

func routes(cfg Config, d Deps) (http.Handler, error) {
	in, err := newInstruments(d.Metrics)
	if err != nil {
		return nil, err
	}
	r := chi.NewRouter()
	r.Use(requestID, in.observe(d.Log), recoverer(d), securityHeaders, slowBodies(cfg.FormTime), knownHost(cfg.Hosts),
		crossOrigin(d), compress())
	if d.Access != nil {
		g := &guard{d: d, bounds: newBounds(), plain: cfg.PlainHTTP, loopback: config.CheckLoopback(cfg.Listen) == nil}
		r.Use(g.wrap)
	}
	r.Use(namedOrg(d.Site))

	r.Handle(assets.Prefix+"*", d.Assets)
	r.Get("/healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok\n") })
	r.Get("/readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := d.Ready(r.Context()); err != nil {
			why := ""
			if access.Local(r) { // it may name machines of the house
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
	})
	r.Handle("/metrics", promhttp.HandlerFor(d.Metrics, promhttp.HandlerOpts{}))

	r.Route("/api/v1", func(r chi.Router) {
		r.Get("/indicators", d.API.Catalogue)
		r.Get("/indicators/{id}", d.API.Indicator)
		if d.Intake != nil {
			r.Method(http.MethodPost, "/events", d.Intake)
		}
	})

	s := d.Site
	r.Get("/", s.Overview)
	r.Get("/regions/{code}", func(w http.ResponseWriter, r *http.Request) { s.Region(w, r, chi.URLParam(r, "code")) })
	r.Get("/orgs/{code}", func(w http.ResponseWriter, r *http.Request) { s.Org(w, r, chi.URLParam(r, "code")) })
	r.Get("/choices/orgs", s.OrgChoices)
	r.Get("/cases", s.Cases)
	r.Get("/cases/{source}/*", s.Case)
	r.Get("/tickets", s.Tickets)
	r.Get("/tickets/{source}/*", s.Ticket)
	r.Get("/process", s.Process)
	r.Get("/alerts", s.Alerts)
	r.Get("/alerts/stream", s.Stream)
	r.Post("/alerts/actions", s.Actions)
	r.Post("/work/actions", s.Actions)
	r.Get("/todo", s.Todo)
	r.Get("/appeals", s.Appeals)
	r.Get("/orders", s.OrdersPage)
	r.Get("/work", s.Works)
	r.Get("/orders/new", func(w http.ResponseWriter, r *http.Request) { s.NewWork(w, r, "order") })
	r.Post("/orders/new", func(w http.ResponseWriter, r *http.Request) { s.NewWork(w, r, "order") })
	r.Get("/work/{kind}/new", func(w http.ResponseWriter, r *http.Request) { s.NewWork(w, r, chi.URLParam(r, "kind")) })
	r.Post("/work/{kind}/new", func(w http.ResponseWriter, r *http.Request) { s.NewWork(w, r, chi.URLParam(r, "kind")) })
	r.Get("/work/{kind}/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.Work(w, r, chi.URLParam(r, "kind"), chi.URLParam(r, "id"))
	})
	r.Get("/alerts/{id}", func(w http.ResponseWriter, r *http.Request) { s.Alert(w, r, chi.URLParam(r, "id")) })
	r.Get("/rules", s.RulesPage)
	r.Get("/rules/{id}", func(w http.ResponseWriter, r *http.Request) { s.RulePage(w, r, chi.URLParam(r, "id")) })
	r.Get("/outages", s.Outages)
	r.Post("/outages/actions", s.OutageActions)
	r.Get("/indicators", s.Indicators)
	r.Get("/indicators/{id}", func(w http.ResponseWriter, r *http.Request) { s.Indicator(w, r, chi.URLParam(r, "id")) })
	r.Get("/risk", s.Risk)
	r.Get("/profiles", s.Profiles)
	r.Get("/profiles/cases", s.ProfileCases)
	r.Get("/quality", s.Quality)
	r.Get("/quality/rejects", s.Rejects)
	r.Get("/quality/rejects/{topic}/{partition}/{offset}", func(w http.ResponseWriter, r *http.Request) {
		s.Reject(w, r, chi.URLParam(r, "topic"), chi.URLParam(r, "partition"), chi.URLParam(r, "offset"))
	})
	if d.Access != nil {
		r.Get(pathSignIn, s.SignIn)
		r.Post(pathSignIn, s.SignIn)
		r.Post(pathSignOut, s.SignOut)
		r.Get(pathSetup, s.Setup)
		r.Post(pathSetup, s.Setup)
		r.Get(pathAccount, s.Account)
		r.Post(pathAccount, s.Account)
		r.Get("/users", s.Users)
		r.Post("/users", s.AddUser)
		r.Get("/users/{id}", func(w http.ResponseWriter, r *http.Request) { s.User(w, r, chi.URLParam(r, "id")) })
		r.Post("/users/{id}/{change}", func(w http.ResponseWriter, r *http.Request) {
			s.ChangeUser(w, r, chi.URLParam(r, "id"), chi.URLParam(r, "change"))
		})
		r.Get("/audit", s.Audit)
		r.Get("/calendar", s.CalendarPage)
		r.Post("/calendar/preview", s.PreviewCalendar)
		r.Get("/calendar/versions/{version}", func(w http.ResponseWriter, r *http.Request) {
			s.CalendarVersion(w, r, chi.URLParam(r, "version"))
		})
		r.Post("/calendar/explain", s.ExplainCalendar)
		r.Post("/calendar/adopt", s.AdoptCalendar)
	}
	r.NotFound(s.NotFound)
	r.MethodNotAllowed(func(w http.ResponseWriter, _ *http.Request) {
		plain(w, http.StatusMethodNotAllowed, "method not allowed\n")
	})
	return r, errors.Join(checkNeeds(r), checkReaches(r))
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}
