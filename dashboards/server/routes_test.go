package server

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/route"
)

func testDeps(t *testing.T) Deps {
	t.Helper()
	people := access.New(access.Deps{Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler), Now: time.Now,
		RequestID: func(context.Context) string { return "" }})
	return Deps{Site: Pages(t), API: &API{}, Assets: http.NotFoundHandler(), Intake: http.NotFoundHandler(),
		Metrics: prometheus.NewRegistry(), Access: people}
}

// Nothing is served that did not say who may see it and how it keeps to a scope.
func TestEveryRouteIsRegisteredWithARuleAndAScope(t *testing.T) {
	d := testDeps(t)
	known := map[string]bool{}
	for _, rt := range append(d.Site.Routes(), ownRoutes(d)...) {
		_, err := route.NewTable(rt)
		require.NoError(t, err)
		if rt.Rule.Entry == route.ByPermission {
			require.Contains(t, access.Permissions(), rt.Rule.Needs, rt.Pattern)
		}
		method := rt.Method
		if method == "" {
			method = http.MethodGet
		}
		known[method+" "+rt.Pattern], known["any "+rt.Pattern] = true, rt.Method == route.AnyMethod
	}
	h, err := routes(Config{Listen: "127.0.0.1:0"}, d)
	require.NoError(t, err)
	served := 0
	require.NoError(t, chi.Walk(h.(chi.Routes), func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		served++
		if !known[method+" "+pattern] && !known["any "+pattern] {
			return fmt.Errorf("%s %s is served and not registered", method, pattern)
		}
		return nil
	}))
	require.Greater(t, served, 55)
}

func TestAServerWithAPageThatDeclaresNothingDoesNotStart(t *testing.T) {
	d := testDeps(t)
	forgotten := route.Route{Pattern: "/forgotten", Rule: route.Needs(access.FigureView), Handler: http.NotFoundHandler()}
	_, err := router(Config{}, d, append(d.Site.Routes(), forgotten))
	require.ErrorContains(t, err, "page GET /forgotten has no scope")
	forgotten.Rule, forgotten.Scope = route.Rule{}, route.ByFilter()
	_, err = router(Config{}, d, append(d.Site.Routes(), forgotten))
	require.ErrorContains(t, err, "page GET /forgotten has no access rule")
}

// A link to a page that is not registered would be offered to nobody.
func TestPagesAskForRegisteredPagesOnly(t *testing.T) {
	d := testDeps(t)
	table, err := route.NewTable(d.Site.Routes()...)
	require.NoError(t, err)
	found := 0
	require.NoError(t, filepath.WalkDir("../page", func(f string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(f) != ".go" {
			return err
		}
		text, err := os.ReadFile(f)
		for _, m := range regexp.MustCompile(`MayOpen\("([^"]*)"\)`).FindAllSubmatch(text, -1) {
			found++
			_, ok := table.Page(string(m[1]))
			require.True(t, ok, "%s asks for %s", f, m[1])
		}
		return err
	}))
	require.Greater(t, found, 5)
}
