package assets_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/assets"
)

func get(set *assets.Set, url string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, url, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	set.ServeHTTP(w, r)
	return w
}

func TestAnAssetMayBeKeptForEverUnderTheHashOfItsContent(t *testing.T) {
	set, err := assets.Load()
	require.NoError(t, err)
	url, err := set.URL("base.css")
	require.NoError(t, err)
	require.Regexp(t, `^/assets/base\.[0-9a-f]{16}\.css$`, url)

	plain := get(set, url)
	require.Equal(t, http.StatusOK, plain.Code)
	require.Equal(t, "text/css; charset=utf-8", plain.Header().Get("Content-Type"))
	require.Equal(t, "public, max-age=31536000, immutable", plain.Header().Get("Cache-Control"))
	require.Empty(t, plain.Header().Get("Content-Encoding"))

	packed := get(set, url, "Accept-Encoding", "br, gzip;q=0.8")
	require.Equal(t, "gzip", packed.Header().Get("Content-Encoding"))
	require.Equal(t, "Accept-Encoding", packed.Header().Get("Vary"))
	zr, err := gzip.NewReader(packed.Body)
	require.NoError(t, err)
	text, err := io.ReadAll(zr)
	require.NoError(t, err)
	require.Equal(t, plain.Body.Bytes(), text)

	require.Empty(t, get(set, url, "Accept-Encoding", "gzip;q=0").Header().Get("Content-Encoding"))
	require.Equal(t, http.StatusNotModified, get(set, url, "If-None-Match", plain.Header().Get("ETag")).Code)
	require.Equal(t, http.StatusNotFound, get(set, "/assets/base.css").Code)
	_, err = set.URL("no-such.css")
	require.Error(t, err)
}

// Style sheets and scripts must not name a foreign host: the product runs in
// closed networks and its policy would refuse it.
func TestOurOwnFilesReachNobody(t *testing.T) {
	set, err := assets.Load()
	require.NoError(t, err)
	foreign := regexp.MustCompile(`(https?:)?//[a-z0-9-]+\.[a-z]{2,}`)
	for _, name := range []string{"base.css", "parts.css", "print.css", "noscript.css", "charts.js", "keys.js"} {
		url, err := set.URL(name)
		require.NoError(t, err)
		require.NotRegexp(t, foreign, get(set, url).Body.String(), name)
	}
}
