package access_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
)

// One network that tries and tries takes nobody else's turn, and leaves no line for each.
func TestSignInsOfOneNetworkAreBounded(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, dir)
		try := func(peer string) error {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/signin", nil)
			r.RemoteAddr = peer
			_, err := s.SignIn(r, "nobody", "x")
			return err
		}
		for range 60 {
			require.ErrorIs(t, try("198.51.100.9:1"), access.ErrSignIn)
		}
		require.ErrorIs(t, try("198.51.100.9:1"), access.ErrBusy)
		require.ErrorIs(t, try("198.51.100.77:1"), access.ErrBusy, "the same network")
		require.ErrorIs(t, try("203.0.113.1:1"), access.ErrSignIn, "another one")
		time.Sleep(time.Second)
		require.ErrorIs(t, try("198.51.100.9:1"), access.ErrSignIn)
		require.ErrorIs(t, try("198.51.100.9:1"), access.ErrBusy)
		lines := 0
		require.NoError(t, s.Trail.Carry(t.Context(), func(_ context.Context, entries []access.Entry) error {
			lines += len(entries)
			return nil
		}))
		require.Equal(t, 62, lines)
	})
}
