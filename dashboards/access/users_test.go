package access_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
)

const good = "correct horse battery"

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

func (c *clock) move(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.t = c.t.Add(d) }

func newUsers(t *testing.T) (*access.Users, *clock, string) {
	t.Helper()
	c, dir := newClock(), t.TempDir()
	return access.NewUsers(dir, c.now), c, dir
}

func add(t *testing.T, users *access.Users, name string, role access.Role) access.User {
	t.Helper()
	org := "ORG-1"
	if role == access.Sysadmin { // who has no limits
		org = ""
	}
	u, err := users.Add(t.Context(), access.User{Name: name, Role: role, OrgCode: org}, good)
	require.NoError(t, err)
	return u
}

func TestAUserIsKeptWithoutThePassword(t *testing.T) {
	users, _, dir := newUsers(t)
	u := add(t, users, " Li.Ming ", access.Supervisor)
	require.Equal(t, "u-1", u.ID)
	require.Equal(t, "li.ming", u.Name)
	info, err := os.Stat(filepath.Join(dir, "users.json"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	b, err := os.ReadFile(filepath.Join(dir, "users.json"))
	require.NoError(t, err)
	require.NotContains(t, string(b), good)
	require.Contains(t, string(b), "$argon2id$v=19$")
	again, err := access.NewUsers(dir, time.Now).Authenticate(t.Context(), "LI.MING", good)
	require.NoError(t, err)
	require.Equal(t, u.ID, again.ID)
}

func TestWrongFieldsAreNamed(t *testing.T) {
	users, _, _ := newUsers(t)
	users.KnownRegion = func(code string) bool { return code == "610800" }
	for field, c := range map[string]struct {
		user     access.User
		password string
	}{
		"name":     {access.User{Name: "李明", Role: access.Leader}, good},
		"role":     {access.User{Name: "ab", Role: "owner"}, good},
		"region":   {access.User{Name: "ab", Role: access.Leader, ScopeRegion: "619999"}, good},
		"org":      {access.User{Name: "ab", Role: access.Handler}, good},
		"line":     {access.User{Name: "ab", Role: access.Leader, Line: "建设"}, good},
		"display":  {access.User{Name: "ab", Role: access.Leader, Display: "a\nb"}, good},
		"password": {access.User{Name: "ab", Role: access.Leader}, "short"},
	} {
		_, err := users.Add(t.Context(), c.user, c.password)
		var bad *access.InvalidError
		require.ErrorAs(t, err, &bad, field)
		require.Equal(t, field, bad.Field)
		require.NotContains(t, err.Error(), c.password+"x")
	}
	add(t, users, "ab", access.Leader)
	_, err := users.Add(t.Context(), access.User{Name: "AB", Role: access.Leader}, good)
	require.ErrorContains(t, err, "there is a user with this name")
	u, err := users.Add(t.Context(), access.User{Name: "cd", Role: access.Leader, Display: "\u200b\u3000"}, good)
	require.NoError(t, err)
	require.Equal(t, "cd", u.Display, "a name that cannot be seen is none")
	for _, p := range []string{"aaaaaaaaaaaaaaaa", "my name ab is long", strings.Repeat("abcdefgh", 40), "tab\x00tab tab tab"} {
		require.Error(t, access.CheckPassword("ab", p))
	}
}

// Each writer adds users of its own over its own handle on the file, as two
// processes do.
func TestTwoWritersLoseNothing(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for w := range 4 {
		users := access.NewUsers(dir, time.Now)
		wg.Go(func() {
			for i := range 5 {
				_, err := users.Add(t.Context(), access.User{Name: fmt.Sprintf("user-%d-%d", w, i), Role: access.Analyst}, good)
				require.NoError(t, err)
			}
		})
	}
	wg.Wait()
	all, err := access.NewUsers(dir, time.Now).List()
	require.NoError(t, err)
	require.Len(t, all, 20)
	ids := map[string]bool{}
	for _, u := range all {
		ids[u.ID] = true
	}
	require.Len(t, ids, 20, "no id is given twice")
	left, err := filepath.Glob(filepath.Join(dir, ".users.json.*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestAFileThatCannotBeTrustedLetsNobodyIn(t *testing.T) {
	users, _, dir := newUsers(t)
	add(t, users, "ab", access.Leader)
	path := filepath.Join(dir, "users.json")
	require.NoError(t, os.Chmod(path, 0o644))
	_, err := users.Authenticate(t.Context(), "ab", good)
	require.ErrorContains(t, err, "chmod 600")
	require.NoError(t, os.Chmod(path, 0o600))
	for _, text := range []string{`{"version":2,"next":1,"users":[]}`, `{"version":1,"next":1,"users":[],"more":1}`, `{`} {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err = users.Any()
		require.ErrorContains(t, err, "damaged", text)
	}
}

// After the fifth wrong password 30 s, then twice as long each time, at most
// half an hour; in the meantime not even the right password is right.
func TestLockOutGrows(t *testing.T) {
	users, c, _ := newUsers(t)
	u := add(t, users, "ab", access.Supervisor)
	wrong := func() {
		t.Helper()
		_, err := users.Authenticate(t.Context(), "ab", "wrong")
		require.ErrorIs(t, err, access.ErrSignIn)
	}
	for range 4 {
		wrong()
	}
	_, err := users.Authenticate(t.Context(), "ab", good)
	require.NoError(t, err, "four wrong ones cost nothing")
	for range 5 {
		wrong()
	}
	for _, wait := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute,
		30 * time.Minute, 30 * time.Minute} {
		now, err := users.ByID(u.ID)
		require.NoError(t, err)
		require.Equal(t, wait, now.LockedAt(access.Origin{}).Sub(c.now()))
		c.move(wait - time.Second)
		_, err = users.Authenticate(t.Context(), "ab", good)
		require.ErrorIs(t, err, access.ErrSignIn, "locked for %s", wait)
		c.move(time.Second)
		wrong()
	}
	c.move(30 * time.Minute)
	_, err = users.Authenticate(t.Context(), "ab", good)
	require.NoError(t, err)
	now, err := users.ByID(u.ID)
	require.NoError(t, err)
	require.Empty(t, now.Tries, "the right password forgets the wrong ones")
}

func TestNobodyElseIsLetIn(t *testing.T) {
	users, _, _ := newUsers(t)
	_, err := users.Authenticate(t.Context(), "", "")
	require.ErrorIs(t, err, access.ErrSignIn, "without users")
	add(t, users, "root", access.Sysadmin)
	u := add(t, users, "ab", access.Supervisor)
	require.NoError(t, users.SetDisabled(u.ID, true))
	for _, c := range [][2]string{{"ab", good}, {"nobody", good}, {"", ""}, {"root", ""}, {"root", good + " "},
		{"root", strings.Repeat("x", 100_000)}} {
		_, err := users.Authenticate(t.Context(), c[0], c[1])
		require.ErrorIs(t, err, access.ErrSignIn, c[0])
	}
}

// The time for an unknown name is that of a known one: the same hash is
// computed and the same file written. Compared are the fastest of several, which
// a busy machine disturbs least.
func TestUnknownNamesCostTheSameWork(t *testing.T) {
	users, _, _ := newUsers(t)
	add(t, users, "ab", access.Supervisor)
	fastest := func(name string) time.Duration {
		best := time.Hour
		for range 4 {
			started := time.Now()
			_, err := users.Authenticate(t.Context(), name, "wrong password")
			require.ErrorIs(t, err, access.ErrSignIn)
			best = min(best, time.Since(started))
		}
		return best
	}
	_ = fastest("warm up")
	known, unknown := fastest("ab"), fastest("nobody")
	require.Greater(t, unknown, known/3)
	require.Greater(t, known, unknown/3)
}

func TestTheLastSysadminStays(t *testing.T) {
	users, _, _ := newUsers(t)
	a := add(t, users, "aa", access.Sysadmin)
	require.ErrorIs(t, users.SetDisabled(a.ID, true), access.ErrLastSysadmin)
	require.ErrorIs(t, users.SetRole(a.ID, access.Leader, "", "", ""), access.ErrLastSysadmin)
	b := add(t, users, "bb", access.Sysadmin)
	require.NoError(t, users.SetDisabled(a.ID, true))
	require.ErrorIs(t, users.SetDisabled(b.ID, true), access.ErrLastSysadmin)
	require.ErrorIs(t, users.SetDisabled("u-99", true), access.ErrNoUser)
}

func TestOwnPassword(t *testing.T) {
	users, _, _ := newUsers(t)
	u, err := users.Add(t.Context(), access.User{Name: "ab", Role: access.Leader, MustChange: true}, good)
	require.NoError(t, err)
	require.ErrorIs(t, users.ChangePassword(t.Context(), u.ID, "wrong", "another good one"), access.ErrWrongPassword)
	require.ErrorIs(t, users.ChangePassword(t.Context(), u.ID, good, good), access.ErrSamePassword)
	require.NoError(t, users.ChangePassword(t.Context(), u.ID, good, "another good one"))
	now, err := users.Authenticate(t.Context(), "ab", "another good one")
	require.NoError(t, err)
	require.False(t, now.MustChange)
	require.Greater(t, now.Epoch, u.Epoch, "other sessions end")
}

func TestHandedOverPasswordsAreGoodAndDiffer(t *testing.T) {
	first, second := access.RandomPassword("ab"), access.RandomPassword("ab")
	require.NotEqual(t, first, second)
	for range 2000 { // one in sixty would have a name of two letters in it
		require.NoError(t, access.CheckPassword("ab", access.RandomPassword("ab")))
	}
	require.NotEmpty(t, access.RandomPassword("-"), "it ends for a name that cannot be")
}
