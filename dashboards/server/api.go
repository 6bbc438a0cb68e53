package server

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"

	"duban/dashboards/access"
	"duban/dashboards/discretion"
	"duban/dashboards/page/kit"
	"duban/metrics"
	"duban/queries"
	"duban/supervision/lawzone"
)

// API answers questions for figures as JSON or CSV: the same named queries
// that feed the pages.
type API struct {
	Queries *queries.Registry
	Conn    queries.Conn
	Log     *slog.Logger
	Now     func() time.Time
	// Limits bound an answer, 20,000 rows and 16 MiB when zero. One that would be larger
	// is refused and never cut off.
	Limits queries.Limits

	once       sync.Once
	figures    *kit.Figures
	figuresErr error
}

// evaluate computes an indicator as the pages do, and keeps from it what its reader may not
// be told.
func (a *API) evaluate(ctx context.Context, def metrics.Definition, req metrics.Request) (*queries.Result, error) {
	a.once.Do(func() {
		told, err := discretion.NewReader(a.Queries, a.Conn, a.Now)
		if err == nil {
			a.figures, err = kit.NewFigures(a.Queries, a.Conn, told)
		}
		a.figuresErr = err
	})
	if a.figuresErr != nil {
		return nil, a.figuresErr
	}
	if err := metrics.CheckScope(ctx, a.Queries, a.Conn, req.Source, req.Org, req.Region); err != nil {
		return nil, err
	}
	res, err := a.figures.Evaluate(ctx, req)
	if err != nil {
		return nil, err
	}
	return res, metrics.NameMissing(ctx, a.Queries, a.Conn, def, res)
}

// What one answer may cost.
const (
	apiTimeout = 30 * time.Second
	apiRows    = 20_000
	apiBytes   = 16 << 20
)

// Catalogue lists the indicators.
func (a *API) Catalogue(w http.ResponseWriter, r *http.Request) {
	defs, err := metrics.Catalogue()
	if err != nil {
		a.internal(w, r, err)
		return
	}
	if u, ok := access.FromContext(r.Context()); ok && u.Role == access.Public {
		defs = slices.DeleteFunc(defs, func(d metrics.Definition) bool { return d.Internal })
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(map[string]any{"indicators": defs})
}

// Indicator evaluates one indicator: ?by=&from=&to=&as_of=&known_at=&region=&org=&source=&format=json|csv.
func (a *API) Indicator(w http.ResponseWriter, r *http.Request) {
	req, wrong := a.request(r)
	if wrong != "" {
		a.problem(w, r, http.StatusBadRequest, wrong)
		return
	}
	def, err := metrics.Find(req.ID)
	if err != nil {
		a.problem(w, r, http.StatusNotFound, err.Error())
		return
	}
	if u, ok := access.FromContext(r.Context()); ok && u.Role == access.Public && def.Internal {
		a.problem(w, r, http.StatusForbidden, "this indicator is not public")
		return
	}
	if q, err := a.Queries.Get(def.Query); err == nil {
		if _, err := a.Queries.Text(q.Name, req.By...); err != nil {
			a.problem(w, r, http.StatusBadRequest, err.Error())
			return
		}
	}
	if u, ok := access.FromContext(r.Context()); ok && u.Role == access.Public &&
		slices.ContainsFunc(req.By, func(by string) bool { return strings.Contains(by, ":") }) {
		a.problem(w, r, http.StatusForbidden, "attributes are the sources' own words and are not public: group by another dimension")
		return
	}
	limits := a.Limits
	if limits == (queries.Limits{}) {
		limits = queries.Limits{Rows: apiRows, Bytes: apiBytes}
	}
	ctx, cancel := context.WithTimeout(queries.Within(r.Context(), limits), apiTimeout)
	defer cancel()
	res, err := a.evaluate(ctx, def, req)
	var much *queries.TooMuchError
	var unknown *metrics.UnknownError
	var unheard *metrics.NotKnownError
	switch {
	case errors.As(err, &unheard):
		a.problem(w, r, http.StatusBadRequest, unheard.Error())
		return
	case errors.As(err, &unknown):
		a.problem(w, r, http.StatusBadRequest, unknown.Error())
		return
	case errors.As(err, &much):
		a.problem(w, r, http.StatusBadRequest, much.Error())
		return
	case err != nil && ctx.Err() != nil && r.Context().Err() == nil:
		w.Header().Set("Retry-After", "30")
		a.problem(w, r, http.StatusServiceUnavailable, "the figure took longer than "+apiTimeout.String()+
			": ask for a shorter period or a narrower scope")
		return
	case err != nil:
		a.internal(w, r, err)
		return
	}
	if !res.KnownAt.IsZero() {
		w.Header().Set("Duban-Known-At", res.KnownAt.In(lawzone.Zone).Format("2006-01-02T15:04:05.999Z07:00"))
	}
	w.Header().Set("Duban-As-Of", req.AsOf.In(lawzone.Zone).Format("2006-01-02T15:04:05.999Z07:00"))
	if r.URL.Query().Get("format") == "csv" {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		_ = res.WriteCSV(w)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = res.WriteJSON(w)
}

var apiRegion = regexp.MustCompile(`^([0-9]{6}([0-9]{3}){0,2})?$`)

// request reads the parameters of a question; wrong says which cannot be read and what
// would be right.
func (a *API) request(r *http.Request) (req metrics.Request, wrong string) {
	p := r.URL.Query()
	req = metrics.Request{
		ID: chi.URLParam(r, "id"), Region: p.Get("region"), Org: p.Get("org"), Source: p.Get("source"),
		AsOf: a.Now().UTC().Truncate(time.Millisecond),
	}
	for name, values := range p {
		switch {
		case len(values) > 1:
			return req, name + " is given twice: give it once"
		case len(values[0]) > 400 || strings.ContainsAny(values[0], "\x00\r\n"):
			return req, name + " is longer than 400 bytes or holds line breaks"
		}
	}
	if !apiRegion.MatchString(req.Region) {
		return req, "region is no division code: want 6, 9 or 12 digits"
	}
	if f := p.Get("format"); f != "" && f != "json" && f != "csv" {
		return req, "format is unknown: want json or csv"
	}
	if by := p.Get("by"); by != "" {
		req.By = strings.Split(by, ",")
	}
	for name, into := range map[string]*time.Time{"from": &req.From, "to": &req.To, "as_of": &req.AsOf, "known_at": &req.KnownAt} {
		text := p.Get(name)
		if text == "" {
			continue
		}
		t, err := parseInstant(text)
		if err != nil {
			return req, name + " is not an instant: want 2026-01-31 or 2026-01-31T18:00:00+08:00"
		}
		if t.Year() < 1970 || t.Year() > 2200 {
			return req, name + " is out of range: want a year from 1970 to 2200"
		}
		*into = t
	}
	if req.KnownAt.After(a.Now()) {
		return req, "known_at has not come yet: nobody knows what will be known then"
	}
	if !req.To.IsZero() && !req.From.Before(req.To) {
		return req, "the period is empty: to, which is not included, must come after from"
	}
	return req, ""
}

func parseInstant(s string) (time.Time, error) {
	if t, err := time.ParseInLocation(time.DateOnly, s, lawzone.Zone); err == nil {
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
