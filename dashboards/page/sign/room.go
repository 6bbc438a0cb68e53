// Package sign is the room of the pages by which somebody becomes a reader: the sign-in,
// the link that makes the first user, the own account.
package sign

import (
	"embed"
	"net/http"

	"duban/dashboards/page/kit"
)

//go:embed templates/*.html
var templates embed.FS

// site answers the pages of the room.
type site struct{ *kit.Site }

// request is one request for a page of the room.
type request struct{ kit.Request }

// begin reads the language and the scope of a request.
func (s *site) begin(r *http.Request, keep ...string) (*request, error) {
	q, err := s.Begin(r, keep...)
	return &request{*q}, err
}

var pages = kit.NewPages(func(s *kit.Site) *site { return &site{s} }, func(_ *site, q *kit.Request) *request { return &request{*q} })

// Room is the room of these pages.
func Room() kit.Room { return pages.Room(templates) }
