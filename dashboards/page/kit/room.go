package kit

import (
	"io/fs"
	"net/http"

	"duban/dashboards/route"
)

// Room is the pages that serve one purpose of a reader.
type Room struct {
	// Templates holds the templates of the pages, templates/page_NAME.html.
	Templates fs.FS
	// Open makes the room for a site and gives the routes of its pages.
	Open func(*Site) []route.Route
}

// Pages are the pages of a room, answered by an S. Each says in its own file, once, what
// it is, by a package variable; the list is complete when the program starts and is
// only read from then on.
type Pages[S any] struct {
	open func(*Site) S
	list []registration[S]
}

type registration[S any] struct {
	route  route.Route
	answer func(S, http.ResponseWriter, *http.Request)
}

// NewPages makes the empty list of a room; open makes what answers its pages on a site.
func NewPages[S any](open func(*Site) S) *Pages[S] { return &Pages[S]{open: open} }

// Register adds a page.
func (p *Pages[S]) Register(r route.Route, answer func(S, http.ResponseWriter, *http.Request)) struct{} {
	p.list = append(p.list, registration[S]{r, answer})
	return struct{}{}
}

// Room is the room of the pages.
func (p *Pages[S]) Room(templates fs.FS) Room {
	return Room{Templates: templates, Open: func(s *Site) []route.Route {
		own := p.open(s)
		out := make([]route.Route, len(p.list))
		for i, x := range p.list {
			out[i] = x.route
			out[i].Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { x.answer(own, w, r) })
		}
		return out
	}}
}
