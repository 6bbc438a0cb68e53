// Package desk is the room of the pages on which people act: the wall of alerts and one
// alert, what waits for whom, orders and other work, appeals, declared outages.
package desk

import (
	"context"
	"embed"
	"net/http"

	"duban/dashboards/page/kit"
)

//go:embed templates/*.html
var templates embed.FS

// site answers the pages of the room.
type site struct {
	*kit.Site
	// waiting remembers for a moment how much waits for each person.
	waiting *waiting
	pulse   *pulse
}

// request is one request for a page of the room.
type request struct {
	kit.Request
	room *site
	// attempt is what the reader did last, where it has not taken effect.
	attempt attempt
}

// begin reads the language and the scope of a request.
func (s *site) begin(r *http.Request, keep ...string) (*request, error) {
	q, err := s.Begin(r, keep...)
	return &request{Request: *q, room: s}, err
}

var pages = kit.NewPages(func(s *kit.Site) *site {
	own := &site{Site: s, waiting: newWaiting(s.Now), pulse: &pulse{key: s.MarkKey}}
	s.Waits = func(ctx context.Context, q *kit.Request) (kit.Waiting, bool) {
		return (&request{Request: *q, room: own}).waitingCount(ctx)
	}
	return own
}, func(s *site, q *kit.Request) *request { return &request{Request: *q, room: s} })

// Room is the room of these pages.
func Room() kit.Room { return pages.Room(templates) }
