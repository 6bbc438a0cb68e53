package server

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"duban/metrics"
	"duban/queries"
)

// API answers questions for figures as JSON or CSV: the same named queries
// that feed the pages.
type API struct {
	Queries *queries.Registry
	Conn    queries.Conn
	Log     *slog.Logger
	Now     func() time.Time
}

// shanghai is the zone in which instants without an offset are read.
var shanghai = time.FixedZone("+08:00", 8*60*60)

// Catalogue lists the indicators.
func (a *API) Catalogue(w http.ResponseWriter, r *http.Request) {
	defs, err := metrics.Catalogue()
	if err != nil {
		a.internal(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(map[string]any{"indicators": defs})
}

// Indicator evaluates one indicator: ?by=&from=&to=&as_of=&region=&org=&source=&format=json|csv.
func (a *API) Indicator(w http.ResponseWriter, r *http.Request) {
	p := r.URL.Query()
	req := metrics.Request{
		ID: chi.URLParam(r, "id"), Region: p.Get("region"), Org: p.Get("org"), Source: p.Get("source"),
		AsOf: a.Now().UTC().Truncate(time.Millisecond),
	}
	if by := p.Get("by"); by != "" {
		req.By = strings.Split(by, ",")
	}
	for name, into := range map[string]*time.Time{"from": &req.From, "to": &req.To, "as_of": &req.AsOf} {
		text := p.Get(name)
		if text == "" {
			continue
		}
		t, err := parseInstant(text)
		if err != nil {
			a.problem(w, r, http.StatusBadRequest, name+" is not an instant: want 2026-01-31 or 2026-01-31T18:00:00+08:00")
			return
		}
		*into = t
	}
	def, err := metrics.Find(req.ID)
	if err != nil {
		a.problem(w, r, http.StatusNotFound, err.Error())
		return
	}
	if q, err := a.Queries.Get(def.Query); err == nil {
		if _, err := a.Queries.Text(q.Name, req.By...); err != nil {
			a.problem(w, r, http.StatusBadRequest, err.Error())
			return
		}
	}
	res, err := metrics.Evaluate(r.Context(), a.Queries, a.Conn, req)
	if err != nil {
		a.internal(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	if p.Get("format") == "csv" {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		_ = res.WriteCSV(w)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = res.WriteJSON(w)
}

func parseInstant(s string) (time.Time, error) {
	if t, err := time.ParseInLocation(time.DateOnly, s, shanghai); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339Nano, s)
}

func (a *API) internal(w http.ResponseWriter, r *http.Request, err error) {
	a.Log.ErrorContext(r.Context(), "answer api", "request_id", RequestID(r.Context()), "error", err.Error())
	a.problem(w, r, http.StatusInternalServerError, "the figure could not be computed")
}

// problem answers with an RFC 9457 problem document.
func (a *API) problem(w http.ResponseWriter, r *http.Request, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"title": http.StatusText(status), "status": status, "detail": detail, "request_id": RequestID(r.Context()),
	})
}
