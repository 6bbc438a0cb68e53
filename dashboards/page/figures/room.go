// Package figures is the room of the pages of figures: the overview of all, of a region or
// an organisation, the indicators and each of them.
package figures

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

var pages = kit.NewPages(func(s *kit.Site) *site { return &site{s} })

// Room is the room of these pages.
func Room() kit.Room { return pages.Room(templates) }
