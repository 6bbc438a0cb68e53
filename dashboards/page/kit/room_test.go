package kit_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/assets"
	"duban/dashboards/locale"
	"duban/dashboards/page/kit"
	"duban/dashboards/route"
	"duban/queries"
)

func deps(t *testing.T) kit.Deps {
	t.Helper()
	reg, err := queries.Load()
	require.NoError(t, err)
	files, err := assets.Load()
	require.NoError(t, err)
	texts, err := locale.Load()
	require.NoError(t, err)
	return kit.Deps{Registry: reg, Assets: files, Locale: texts, Log: slog.New(slog.DiscardHandler), Now: time.Now}
}

func room(r route.Route, templates ...string) kit.Room {
	pages := kit.NewPages(func(s *kit.Site) *kit.Site { return s }, func(_ *kit.Site, q *kit.Request) *kit.Request { return q })
	pages.Register(r, func(_ *kit.Site, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	files := fstest.MapFS{}
	for _, name := range templates {
		files["templates/page_"+name+".html"] = &fstest.MapFile{Data: []byte(`{{define "content"}}{{end}}`)}
	}
	return pages.Room(files)
}

// A page is what its room registered; one that does not say who may see it, or how it
// keeps to a scope, or is there twice, makes no site.
func TestRoomsMakeASite(t *testing.T) {
	whole := route.Route{Pattern: "/a", Rule: route.Needs(access.FigureView), Scope: route.ByFilter()}
	s, err := kit.New(deps(t), room(whole, "a"))
	require.NoError(t, err)
	require.Len(t, s.Routes(), 1)
	w := httptest.NewRecorder()
	s.Routes()[0].Handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/a", nil))
	require.Equal(t, http.StatusTeapot, w.Code)

	open, unscoped := whole, whole
	open.Rule, unscoped.Scope = route.Rule{}, route.Scope{}
	for want, rooms := range map[string][]kit.Room{
		"page GET /a has no access rule": {room(open)},
		"page GET /a has no scope":       {room(unscoped)},
		"page GET /a is there twice":     {room(whole), room(whole)},
		"template list is there twice":   {room(whole, "list")}, // the kit has one
	} {
		_, err := kit.New(deps(t), rooms...)
		require.ErrorContains(t, err, want)
	}
}
