package kit

import (
	"context"
	"io/fs"
	"net/http"

	"duban/dashboards/route"
	"duban/metrics"
)

// Room is the pages that serve one purpose of a reader.
type Room struct {
	// Templates holds the templates of the pages, templates/page_NAME.html.
	Templates fs.FS
	// Open makes the room for a site and gives the routes of its pages.
	Open func(*Site) []route.Route
}

// Pages are the pages of a room: S answers those that take something, Q is one request for
// those that only show. Each page says in its own file, once, what it is, by a package
// variable; the list is complete when the program starts and is only read from then on.
type Pages[S, Q any] struct {
	open func(*Site) S
	ask  func(S, *Request) Q
	list []registration[S]
}

type registration[S any] struct {
	route  route.Route
	answer func(*Site, S, http.ResponseWriter, *http.Request)
}

// NewPages makes the empty list of a room; open makes what answers its pages on a site, ask
// what a request is in it.
func NewPages[S, Q any](open func(*Site) S, ask func(S, *Request) Q) *Pages[S, Q] {
	return &Pages[S, Q]{open: open, ask: ask}
}

// NewShown makes the empty list of a room whose pages only show.
func NewShown[Q any](ask func(*Request) Q) *Pages[*Site, Q] {
	return NewPages(func(s *Site) *Site { return s }, func(_ *Site, q *Request) Q { return ask(q) })
}

// Register adds a page that reads its request itself.
func (p *Pages[S, Q]) Register(r route.Route, answer func(S, http.ResponseWriter, *http.Request)) struct{} {
	p.list = append(p.list, registration[S]{r, func(_ *Site, own S, w http.ResponseWriter, h *http.Request) { answer(own, w, h) }})
	return struct{}{}
}

// Show adds a page that only shows: its request is read, with the further parameters that
// belong to its state, its time is bounded, and what answer returns becomes the error page
// that fits.
func (p *Pages[S, Q]) Show(r route.Route, answer func(Q, context.Context, http.ResponseWriter) error, keep ...string) struct{} {
	p.list = append(p.list, registration[S]{r, func(s *Site, own S, w http.ResponseWriter, h *http.Request) {
		q, err := s.Begin(h, keep...)
		if err == nil {
			ctx, cancel := context.WithTimeout(metrics.Together(h.Context()), Timeout)
			defer cancel()
			err = answer(p.ask(own, q), ctx, w)
		}
		if err != nil {
			q.Fail(w, err)
		}
	}})
	return struct{}{}
}

// Room is the room of the pages.
func (p *Pages[S, Q]) Room(templates fs.FS) Room {
	return Room{Templates: templates, Open: func(s *Site) []route.Route {
		own := p.open(s)
		out := make([]route.Route, len(p.list))
		for i, x := range p.list {
			out[i] = x.route
			out[i].Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { x.answer(s, own, w, r) })
		}
		return out
	}}
}
