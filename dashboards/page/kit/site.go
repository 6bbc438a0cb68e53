package kit

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"duban/dashboards/access"
	"duban/dashboards/assets"
	"duban/dashboards/directory"
	"duban/dashboards/discretion"
	"duban/dashboards/locale"
	"duban/dashboards/route"
	"duban/metrics"
	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/rule"
)

// Deps are what the pages need from elsewhere.
type Deps struct {
	// Registry holds the queries, Conn the database that they run on.
	Registry *queries.Registry
	Conn     queries.Conn
	Status   StatusSource
	Explain  Explainer
	// Rules is the catalogue of rules; its names are on every page about alerts.
	Rules *rule.Catalogue
	// ActionService is nil where nobody can act.
	ActionService ActionService
	// Orgs knows which organisation stands below which; nil lets New make one.
	Orgs *directory.Tree
	// Almanac keeps the versions of the calendar, and ExplainMoves works out what one of
	// them would move and keeps it (query calendar/moves); nil where nobody can change it.
	Almanac      Almanac
	ExplainMoves func(ctx context.Context, version string) error
	// Calendar is the one in force, which counts the working days of the clocks of
	// people's work; nil: that of the program.
	Calendar func() *calendar.Calendar
	// DueRule is how dues of a division are counted, with the hours of its halls; nil: that
	// of the program.
	DueRule func(region string) calendar.DueRule
	Assets  *assets.Set
	Locale  *locale.Bundle
	// Access knows who may use the pages; nil on a server without users.
	Access *access.Service
	// Trouble says what is wrong with the disk and what is stored on it; may be nil.
	Trouble func() Trouble
	Log     *slog.Logger
	// FileRows is how many rows a file has at most; 0 = 100,000.
	FileRows int
	// MarkKey is the key of the marks that open pages are told; one that every process of
	// an instance has. nil lets New make one.
	MarkKey []byte
	// Now gives the instant of a request that asks for none.
	Now func() time.Time
	// RequestID gives the id that errors are found by in the log.
	RequestID func(context.Context) string
}

// Trouble is what every page tells: the disk is full, or stored data was found damaged.
type Trouble struct {
	// Full says that nothing is taken in, as only FreeMB of LimitMB are free.
	Full            bool
	FreeMB, LimitMB uint64
	// NoFiles says that it is files that cannot be made, whatever room there is.
	NoFiles bool
	// Findings is how many findings nobody has taken note of.
	Findings int
}

// Site answers every page. It is safe for concurrent use.
type Site struct {
	Deps
	// Queries and Figures answer what a reader may be told, and no more.
	Queries discretion.Querier
	Figures *Figures
	// SQLOf is the text of a named query, as it runs.
	SQLOf func(name string) string
	// routes are the pages of all rooms, for links to those that a reader may open.
	routes *route.Table
	// templates by language and page.
	templates map[string]map[string]*template.Template
	// Waits tells how much waits for the reader; false when it cannot be told. nil where
	// nobody's work is shown.
	Waits func(ctx context.Context, q *Request) (Waiting, bool)
}

// New joins rooms to a site: it parses the templates and checks what the pages say of
// themselves. It does no other I/O.
func New(d Deps, rooms ...Room) (*Site, error) {
	s := &Site{Deps: d}
	database := d.Registry.On(d.Conn)
	told, err := discretion.NewReader(d.Registry, d.Conn, d.Now)
	if err != nil {
		return nil, fmt.Errorf("queries of the pages: %w", err)
	}
	s.Queries = told
	s.SQLOf = func(name string) string { text, _ := d.Registry.Text(name); return text }
	s.Registry, s.Conn = nil, nil // no page goes past what its reader may be told
	if s.Figures, err = NewFigures(d.Registry, d.Conn, told); err != nil {
		return nil, fmt.Errorf("figures of the pages: %w", err)
	}
	if len(s.MarkKey) == 0 {
		s.MarkKey = make([]byte, 32)
		_, _ = rand.Read(s.MarkKey) // never fails
	}
	if s.Orgs == nil {
		s.Orgs = directory.New(database, d.Now)
	}
	if s.Calendar == nil {
		c, err := calendar.Default()
		if err != nil {
			return nil, fmt.Errorf("calendar of the pages: %w", err)
		}
		s.Calendar = func() *calendar.Calendar { return c }
	}
	if s.DueRule == nil {
		s.DueRule = func(string) calendar.DueRule { return calendar.DefaultDueRule() }
	}
	var pages []route.Route
	for _, r := range rooms {
		pages = append(pages, r.Open(s)...)
	}
	if s.routes, err = route.NewTable(pages...); err != nil {
		return nil, err
	}
	return s, s.parse(rooms)
}

// Routes lists every page with its handler.
func (s *Site) Routes() []route.Route { return s.routes.All() }

// Request is one request for a page: who asks in which language for which
// scope, and what the page needs to answer.
type Request struct {
	*Site
	Writer
	HTTP *http.Request
	// Scope is what the page shows, asked what its address says: the two differ
	// when the address has no period.
	Scope, asked Scope
	// AsOf is the instant of this answer: the one asked for, else now.
	AsOf time.Time
	// KnownAt is the instant as known at which the figures of the page are asked for; zero: now.
	KnownAt time.Time
	// Path is the path of the page without its parameters.
	Path string
	// Keep are the further parameters that belong to the page's state.
	Keep []string
	// InPath are the parts of the scope that the path itself sets.
	InPath []string
	// names of users, read at the first that is shown.
	names map[string]string
}

// Begin reads the language and the scope of a request.
func (s *Site) Begin(r *http.Request, keep ...string) (*Request, error) {
	cookie := ""
	if c, err := r.Cookie("lang"); err == nil {
		cookie = c.Value
	}
	lang := s.Locale.Choose(r.URL.Query().Get("lang"), cookie, r.Header.Get("Accept-Language"))
	q := &Request{Site: s, Writer: Writer{s.Locale.Printer(lang)}, HTTP: r, Path: r.URL.EscapedPath(), Keep: keep}
	scope, err := ParseScope(r)
	q.Scope, q.asked = scope, scope
	q.AsOf = scope.AsOf
	if q.AsOf.IsZero() {
		q.AsOf = s.Now().UTC().Truncate(time.Millisecond)
	}
	if err == nil {
		q.KnownAt, err = q.knownAt()
	}
	return q, err
}

// knownAt reads as known at which instant a page is asked for; a page that cannot tell it
// must not pass over it.
func (q *Request) knownAt() (time.Time, error) {
	text := q.Param(knownAtParam)
	if text == "" {
		return time.Time{}, nil
	}
	at, err := ParseInstant(text)
	if err != nil || at.After(q.Now()) || !slices.Contains(q.Keep, knownAtParam) {
		return time.Time{}, BadAddress(knownAtParam)
	}
	return at, nil
}

// knownAtParam is the parameter of pages that are told as known at an instant.
const knownAtParam = "known_at"

// Param reads a further parameter of the page.
func (q *Request) Param(name string) string { return q.HTTP.URL.Query().Get(name) }

// Here is the address of this page with its whole state; pairs override.
func (q *Request) Here(pairs ...string) string { return q.Address(q.Scope, pairs...) }

// Address is the address of this page in a scope.
func (q *Request) Address(scope Scope, pairs ...string) string {
	all := make([]string, 0, 2*len(q.Keep)+len(pairs))
	for _, k := range q.Keep {
		all = append(all, k, q.Param(k))
	}
	for _, k := range q.InPath {
		all = append(all, k, "")
	}
	return scope.URL(q.Path, append(all, pairs...)...)
}

// CSVHref is the address of one table of this page as a file.
func (q *Request) CSVHref(table string) string { return q.Here("format", "csv", "table", table) }

// WantsCSV reports whether the request asks for a table as a file and which.
func (q *Request) WantsCSV() (string, bool) {
	if q.Param("format") == "csv" {
		return q.Param("table"), true
	}
	return "", false
}

// Render writes a page; a template that fails gives the error page, never
// half a page.
func (q *Request) Render(w http.ResponseWriter, status int, name string, v *View) {
	r := q.HTTP
	t, ok := q.templates[v.Lang][name]
	var buf bytes.Buffer
	err := fmt.Errorf("there is no template %s", name)
	if ok {
		err = t.ExecuteTemplate(&buf, "base.html", v)
	}
	if err != nil {
		q.Log.ErrorContext(r.Context(), "render page", "page", name, "request_id", v.RequestID, "error", err.Error())
		http.Error(w, "500 "+v.RequestID, http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Language", v.Lang)
	h.Add("Vary", "Accept-Language, Cookie")
	if lang := r.URL.Query().Get("lang"); lang == v.Lang {
		http.SetCookie(w, &http.Cookie{Name: "lang", Value: lang, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true,
			SameSite: http.SameSiteLaxMode})
	}
	w.WriteHeader(status)
	_, _ = buf.WriteTo(w)
}

// Fail answers with the error page that fits err.
func (q *Request) Fail(w http.ResponseWriter, err error) {
	r := q.HTTP
	var bad *BadAddressError
	var unheard *metrics.NotKnownError
	switch {
	case errors.As(err, &unheard):
		q.RenderError(w, http.StatusBadRequest, q.T("error.not_known."+string(unheard.Reason), "At", q.Precise(unheard.KnownAt)[:19]))
	case errors.As(err, &bad):
		q.RenderError(w, http.StatusBadRequest, q.T("error.bad_address", "Param", bad.Param))
	case errors.Is(err, ErrNotFound):
		q.RenderError(w, http.StatusNotFound, q.T("error.not_found"))
	case errors.Is(err, errBusy):
		w.Header().Set("Retry-After", "10")
		q.RenderError(w, http.StatusServiceUnavailable, q.T("error.overloaded"))
	case errors.Is(err, context.Canceled):
		// The reader has gone; nobody is left to answer.
	default:
		q.Log.ErrorContext(r.Context(), "answer page", "path_kind", pathKind(r.URL.Path), "request_id",
			q.RequestID(r.Context()), "error", err.Error())
		q.RenderError(w, http.StatusInternalServerError, q.T("error.internal"))
	}
}

// ErrNotFound says that the address names nothing that exists as of the
// instant asked for.
var ErrNotFound = errors.New("not found")

// pathKind is the first part of a path: what follows may name a case.
func pathKind(p string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(p, "/"), "/")
	return "/" + first
}

// NotFound answers an unknown address.
func (s *Site) NotFound(w http.ResponseWriter, r *http.Request) {
	q, err := s.Begin(r)
	if err == nil {
		err = ErrNotFound
	}
	q.Fail(w, err)
}

// Forbidden answers a page that the role of the user may not open.
func (s *Site) Forbidden(w http.ResponseWriter, r *http.Request) {
	q, _ := s.Begin(r)
	q.RenderError(w, http.StatusForbidden, q.T("error.forbidden"))
}

// Busy answers a reader who has too many pages under way.
func (s *Site) Busy(w http.ResponseWriter, r *http.Request) {
	q, _ := s.Begin(r)
	q.RenderError(w, http.StatusTooManyRequests, q.T("error.busy"))
}

// InternalError answers a request whose handler broke down.
func (s *Site) InternalError(w http.ResponseWriter, r *http.Request) {
	q, _ := s.Begin(r)
	q.RenderError(w, http.StatusInternalServerError, q.T("error.internal"))
}
