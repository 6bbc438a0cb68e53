package server

import (
	"net/http"
	"net/url"
	"strings"

	"duban/dashboards/access"
)

// noteReading leaves a line in the trail when a person opens a single case, ticket or
// reject, or takes a file away: who saw whose data can be asked afterwards (domain guide
// 8.1, 8.3).
func (g *guard) noteReading(r *http.Request) {
	if r.Method != http.MethodGet {
		return
	}
	first, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	e := access.Entry{What: access.SubjectRead, Outcome: access.Done}
	switch {
	case first == "audit": // which notes its files itself
		return
	case r.URL.Query().Get("format") == "csv":
		e.What, e.TargetKind, e.TargetID = access.Exported, "page", r.URL.Path
	case first == "cases" && rest != "":
		e.TargetKind, e.TargetID = "case", rest
	case first == "tickets" && rest != "":
		e.TargetKind, e.TargetID = "ticket", rest
	case first == "quality" && strings.HasPrefix(rest, "rejects/"):
		e.TargetKind, e.TargetID = "reject", strings.TrimPrefix(rest, "rejects/")
	default:
		return
	}
	if id, err := url.PathUnescape(e.TargetID); err == nil {
		e.TargetID = id
	}
	if len(e.TargetID) > 400 {
		e.TargetID = e.TargetID[:400]
	}
	g.d.Access.Note(r, e)
}
