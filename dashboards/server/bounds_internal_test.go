package server

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
)

// One user takes few turns at once, and all programs together leave room for pages: nobody
// stops the site for others.
func TestOneUserDoesNotTakeTheTurnsOfOthers(t *testing.T) {
	b := &bounds{api: newTurns(2, time.Millisecond), pages: newTurns(2, time.Millisecond), streams: newTurns(3, 0), all: newTurns(4,
		time.Millisecond), files: newTurns(2, time.Millisecond), allFiles: newTurns(3, time.Millisecond)}
	running, release := make(chan struct{}), make(chan struct{})
	slow := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { running <- struct{}{}; <-release })
	var wg sync.WaitGroup
	ask := func(who, path string, next http.Handler) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r = r.WithContext(access.NewContext(r.Context(), access.User{ID: who}))
		w := httptest.NewRecorder()
		b.serve(w, r, Deps{API: &API{}}, next)
		return w
	}
	hold := func(who, path string) {
		wg.Go(func() { ask(who, path, slow) })
		<-running
	}
	quick := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	for range 2 {
		hold("a", "/api/v1/indicators/C01")
	}
	refused := ask("a", "/api/v1/indicators/C01", quick)
	require.Equal(t, http.StatusTooManyRequests, refused.Code)
	require.NotEmpty(t, refused.Header().Get("Retry-After"))
	require.Equal(t, http.StatusOK, ask("a", "/cases", quick).Code, "pages have turns of their own")
	require.Equal(t, http.StatusOK, ask("b", "/api/v1/indicators/C01", quick).Code)
	for range 2 {
		hold("b", "/api/v1/indicators/C01")
	}
	require.Equal(t, http.StatusServiceUnavailable, ask("c", "/api/v1/indicators/C01", quick).Code)
	require.Equal(t, http.StatusOK, ask("c", "/cases", quick).Code, "programs leave room for pages")
	for range 2 {
		hold("f", "/cases?format=csv")
	}
	require.Equal(t, http.StatusOK, ask("f", "/cases", quick).Code, "slow files leave room for pages")
	require.Equal(t, http.StatusOK, ask("g", "/cases?format=csv", quick).Code, "and for the files of others")
	for range 3 {
		hold("c", pathStream)
	}
	require.Equal(t, http.StatusTooManyRequests, ask("c", pathStream, quick).Code)
	require.Equal(t, http.StatusOK, ask("d", pathStream, quick).Code)
	close(release)
	wg.Wait()
	require.Equal(t, http.StatusOK, ask("a", "/api/v1/indicators/C01", quick).Code)
	for _, x := range []*turns{b.api, b.pages, b.streams, b.all, b.files, b.allFiles} {
		require.Empty(t, x.of, "nothing is remembered of who is gone")
	}
}
