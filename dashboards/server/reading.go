package server

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5/middleware"

	"duban/dashboards/access"
	"duban/dashboards/route"
)

// read answers a request and leaves a line in the trail when a person opens a single case,
// ticket or reject, or takes a file away: who saw whose data can be asked afterwards, and
// who looked for what he may not see (domain guide 8.1, 8.3).
func (g *guard) read(w http.ResponseWriter, r *http.Request, rt route.Route, answer func(http.ResponseWriter)) {
	e, worth := reading(r, rt)
	if !worth {
		answer(w)
		return
	}
	seen := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
	e.Outcome = access.Attempted // what a page that breaks down has shown nobody knows
	defer func() { g.d.Access.Note(r, e) }()
	answer(seen)
	e.Outcome = outcomeOf(seen.Status())
}

// outcomeOf says what became of a look: what is not there for this person is refused,
// whether it exists or not.
func outcomeOf(status int) string {
	switch {
	case status < http.StatusMultipleChoices: // 0 is a page that wrote nothing
		return access.Done
	case status == http.StatusForbidden, status == http.StatusNotFound:
		return access.Denied
	case status == http.StatusBadRequest:
		return access.Invalid
	}
	return access.Attempted
}

// reading says what line a request is worth; false for none.
func reading(r *http.Request, rt route.Route) (access.Entry, bool) {
	e := access.Entry{What: access.SubjectRead}
	switch {
	case r.Method != http.MethodGet || rt.NotesItself:
		return e, false
	case r.URL.Query().Get("format") == "csv":
		e.What, e.TargetKind, e.TargetID = access.Exported, "page", r.URL.Path
	case rt.Reads != "":
		e.TargetKind, e.TargetID = rt.Reads, strings.TrimPrefix(r.URL.Path, rt.Fixed())
	default:
		return e, false
	}
	if id, err := url.PathUnescape(e.TargetID); err == nil {
		e.TargetID = id
	}
	if len(e.TargetID) > 400 {
		e.TargetID = e.TargetID[:400]
	}
	return e, true
}
