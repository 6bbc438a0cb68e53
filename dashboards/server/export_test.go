package server

import (
	"log/slog"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/require"

	"duban/dashboards/assets"
	"duban/dashboards/locale"
	"duban/dashboards/page"
	"duban/dashboards/page/kit"
	"duban/queries"
)

// Routes are the routes of a server, for tests that walk all of them.
func (s *Server) Routes() chi.Routes { return s.http.Handler.(chi.Routes) }

// Pages is the site of all pages without a database.
func Pages(t *testing.T) *kit.Site {
	t.Helper()
	reg, err := queries.Load()
	require.NoError(t, err)
	files, err := assets.Load()
	require.NoError(t, err)
	texts, err := locale.Load()
	require.NoError(t, err)
	s, err := page.New(kit.Deps{Registry: reg, Assets: files, Locale: texts, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	require.NoError(t, err)
	return s
}
