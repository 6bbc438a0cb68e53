package page

import (
	"net/http"

	"duban/dashboards/route"
)

// registered are the pages of this package. Each says in its own file, once, what
// it is, by a package variable; the list is complete when the program starts and
// is only read from then on.
var registered []registration

type registration struct {
	route  route.Route
	answer func(*Site, http.ResponseWriter, *http.Request)
}

// register adds a page.
func register(r route.Route, answer func(*Site, http.ResponseWriter, *http.Request)) struct{} {
	registered = append(registered, registration{r, answer})
	return struct{}{}
}

// Routes lists every page with its handler.
func (s *Site) Routes() []route.Route {
	out := make([]route.Route, len(registered))
	for i, x := range registered {
		out[i] = x.route
		out[i].Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { x.answer(s, w, r) })
	}
	return out
}
