package access_test

import (
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
)

func TestTheLinkMakesOneSysadminOnce(t *testing.T) {
	users, _, dir := newUsers(t)
	token, expires, err := users.OfferSetup()
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC), expires)
	require.NoError(t, users.WriteSetupLink("http://127.0.0.1/setup?token="+token))
	require.Contains(t, access.SetupLink(dir), token)
	b, err := os.ReadFile(filepath.Join(dir, "setup.json"))
	require.NoError(t, err)
	require.NotContains(t, string(b), token, "only its hash is kept there")

	_, err = users.Setup(t.Context(), "wrong", access.User{Name: "ab"}, good)
	require.ErrorIs(t, err, access.ErrSetup)
	_, err = users.Setup(t.Context(), token, access.User{Name: "ab"}, "short")
	require.ErrorContains(t, err, "password")
	require.NoError(t, users.CheckSetup(token), "a mistake does not use it up")

	var made atomic.Int32
	var wg sync.WaitGroup
	for _, name := range []string{"aa", "bb", "cc"} {
		other := access.NewUsers(dir, newClock().now)
		wg.Go(func() {
			if u, err := other.Setup(t.Context(), token, access.User{Name: name, Role: access.Public, Disabled: true}, good); err == nil {
				made.Add(1)
				require.Equal(t, access.Sysadmin, u.Role)
				require.False(t, u.Disabled)
			} else {
				require.ErrorIs(t, err, access.ErrSetup)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, made.Load())
	require.Empty(t, access.SetupLink(dir))
	require.ErrorIs(t, users.CheckSetup(token), access.ErrSetup)
	token, _, err = users.OfferSetup()
	require.NoError(t, err)
	require.Empty(t, token, "there is a user")
}

func TestALinkGrowsOldAndIsReplaced(t *testing.T) {
	users, c, _ := newUsers(t)
	require.ErrorIs(t, users.CheckSetup(""), access.ErrSetup, "none was offered")
	first, _, err := users.OfferSetup()
	require.NoError(t, err)
	second, _, err := users.OfferSetup()
	require.NoError(t, err)
	require.ErrorIs(t, users.CheckSetup(first), access.ErrSetup)
	c.move(24*time.Hour - time.Second)
	require.NoError(t, users.CheckSetup(second))
	c.move(time.Second)
	require.ErrorIs(t, users.CheckSetup(second), access.ErrSetup)
}
