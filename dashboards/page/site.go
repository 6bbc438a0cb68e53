package page

import (
	"bytes"
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"time"

	"duban/dashboards/access"
	"duban/dashboards/assets"
	"duban/dashboards/directory"
	"duban/dashboards/discretion"
	"duban/dashboards/locale"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/rule"
)

//go:embed templates/*.html
var templateFiles embed.FS

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
	Figures *figures
	// sqlOf is the text of a named query, as it runs.
	sqlOf func(name string) string
	// routes are the pages of this package, for links to those that a reader may open.
	routes *route.Table
	// templates by language and page.
	templates map[string]map[string]*template.Template
	// Waits tells how much waits for the reader; false when it cannot be told. nil where
	// nobody's work is shown.
	Waits func(ctx context.Context, q *request) (Waiting, bool)
	// waiting remembers for a moment how much waits for each person.
	waiting *waiting
	pulse   pulse
}

// New parses the templates; it does no other I/O.
func New(d Deps) (*Site, error) {
	s := &Site{Deps: d, templates: map[string]map[string]*template.Template{}, waiting: newWaiting(d.Now)}
	s.Waits = func(ctx context.Context, q *request) (Waiting, bool) { return q.waitingCount(ctx) }
	database := d.Registry.On(d.Conn)
	told, err := discretion.NewReader(d.Registry, d.Conn, d.Now)
	if err != nil {
		return nil, fmt.Errorf("queries of the pages: %w", err)
	}
	s.Queries = told
	s.sqlOf = func(name string) string { text, _ := d.Registry.Text(name); return text }
	s.Registry, s.Conn = nil, nil // no page goes past what its reader may be told
	if s.Figures, err = newFigures(d.Registry, d.Conn, told); err != nil {
		return nil, fmt.Errorf("figures of the pages: %w", err)
	}
	if s.routes, err = route.NewTable(s.Routes()...); err != nil {
		return nil, err
	}
	if s.pulse.key = d.MarkKey; len(s.pulse.key) == 0 {
		s.pulse.key = make([]byte, 32)
		_, _ = rand.Read(s.pulse.key) // never fails
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
	pages, err := fs.Glob(templateFiles, "templates/page_*.html")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	for _, lang := range locale.Languages() {
		s.templates[lang[0]] = map[string]*template.Template{}
		for _, file := range pages {
			t, err := template.New("base.html").Funcs(s.funcs(lang[0])).ParseFS(templateFiles, "templates/base.html",
				"templates/part_*.html", file)
			if err != nil {
				return nil, fmt.Errorf("parse template %s: %w", file, err)
			}
			name := strings.TrimSuffix(strings.TrimPrefix(path.Base(file), "page_"), ".html")
			s.templates[lang[0]][name] = t
		}
	}
	return s, nil
}

func (s *Site) funcs(lang string) template.FuncMap {
	p := s.Locale.Printer(lang)
	return template.FuncMap{
		"t":     p.T,
		"asset": s.Assets.URL,
		"enum":  p.Enum,
		"width": func(v *float64) string { return fmt.Sprintf("%.1f", min(100, max(0, *v))) },
		"lines": func(v string) []string { return strings.Split(v, "\n") },
	}
}

// request is one request for a page: who asks in which language for which
// scope, and what the page needs to answer.
type request struct {
	*Site
	writer
	http *http.Request
	// scope is what the page shows, asked what its address says: the two differ
	// when the address has no period.
	scope, asked kit.Scope
	// asOf is the instant of this answer: the one asked for, else now.
	asOf time.Time
	// path is the path of the page without its parameters.
	path string
	// keep are the further parameters that belong to the page's state.
	keep []string
	// inPath are the parts of the scope that the path itself sets.
	inPath []string
	// attempt is what the reader did last, where it has not taken effect.
	attempt attempt
	// names of users, read at the first that is shown.
	names map[string]string
}

// begin reads the language and the scope of a request.
func (s *Site) begin(r *http.Request, keep ...string) (*request, error) {
	cookie := ""
	if c, err := r.Cookie("lang"); err == nil {
		cookie = c.Value
	}
	lang := s.Locale.Choose(r.URL.Query().Get("lang"), cookie, r.Header.Get("Accept-Language"))
	q := &request{Site: s, writer: writer{s.Locale.Printer(lang)}, http: r, path: r.URL.EscapedPath(), keep: keep}
	scope, err := kit.ParseScope(r)
	q.scope, q.asked = scope, scope
	q.asOf = scope.AsOf
	if q.asOf.IsZero() {
		q.asOf = s.Now().UTC().Truncate(time.Millisecond)
	}
	return q, err
}

// param reads a further parameter of the page.
func (q *request) param(name string) string { return q.http.URL.Query().Get(name) }

// here is the address of this page with its whole state; pairs override.
func (q *request) here(pairs ...string) string { return q.address(q.scope, pairs...) }

// address is the address of this page in a scope.
func (q *request) address(scope kit.Scope, pairs ...string) string {
	all := make([]string, 0, 2*len(q.keep)+len(pairs))
	for _, k := range q.keep {
		all = append(all, k, q.param(k))
	}
	for _, k := range q.inPath {
		all = append(all, k, "")
	}
	return scope.URL(q.path, append(all, pairs...)...)
}

// csvHref is the address of one table of this page as a file.
func (q *request) csvHref(table string) string { return q.here("format", "csv", "table", table) }

// wantsCSV reports whether the request asks for a table as a file and which.
func (q *request) wantsCSV() (string, bool) {
	if q.param("format") == "csv" {
		return q.param("table"), true
	}
	return "", false
}

// render writes a page; a template that fails gives the error page, never
// half a page.
func (q *request) render(w http.ResponseWriter, status int, name string, v *View) {
	r := q.http
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

// fail answers with the error page that fits err.
func (q *request) fail(w http.ResponseWriter, err error) {
	r := q.http
	var bad *kit.BadAddressError
	switch {
	case errors.As(err, &bad):
		q.renderError(w, http.StatusBadRequest, q.T("error.bad_address", "Param", bad.Param))
	case errors.Is(err, errNotFound):
		q.renderError(w, http.StatusNotFound, q.T("error.not_found"))
	case errors.Is(err, errBusy):
		w.Header().Set("Retry-After", "10")
		q.renderError(w, http.StatusServiceUnavailable, q.T("error.overloaded"))
	case errors.Is(err, context.Canceled):
		// The reader has gone; nobody is left to answer.
	default:
		q.Log.ErrorContext(r.Context(), "answer page", "path_kind", pathKind(r.URL.Path), "request_id",
			q.RequestID(r.Context()), "error", err.Error())
		q.renderError(w, http.StatusInternalServerError, q.T("error.internal"))
	}
}

// errNotFound says that the address names nothing that exists as of the
// instant asked for.
var errNotFound = errors.New("not found")

// pathKind is the first part of a path: what follows may name a case.
func pathKind(p string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(p, "/"), "/")
	return "/" + first
}

// NotFound answers an unknown address.
func (s *Site) NotFound(w http.ResponseWriter, r *http.Request) {
	q, err := s.begin(r)
	if err == nil {
		err = errNotFound
	}
	q.fail(w, err)
}

// Forbidden answers a page that the role of the user may not open.
func (s *Site) Forbidden(w http.ResponseWriter, r *http.Request) {
	q, _ := s.begin(r)
	q.renderError(w, http.StatusForbidden, q.T("error.forbidden"))
}

// Busy answers a reader who has too many pages under way.
func (s *Site) Busy(w http.ResponseWriter, r *http.Request) {
	q, _ := s.begin(r)
	q.renderError(w, http.StatusTooManyRequests, q.T("error.busy"))
}

// InternalError answers a request whose handler broke down.
func (s *Site) InternalError(w http.ResponseWriter, r *http.Request) {
	q, _ := s.begin(r)
	q.renderError(w, http.StatusInternalServerError, q.T("error.internal"))
}
