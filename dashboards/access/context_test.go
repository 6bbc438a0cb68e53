package access_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
)

// What a page of another site asks for to use within itself is no reader's doing; to be led here by
// a link is. Browsers say so by Sec-Fetch-… (Fetch Metadata, W3C), else by the origin of a script.
func TestWhatAnotherSiteUsesWithinItselfIsKnown(t *testing.T) {
	for _, c := range []struct {
		name            string
		header          map[string]string
		other, embedded bool
	}{
		{"typed into the bar", map[string]string{"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
			false, false},
		{"a page of ours", map[string]string{"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, false, false},
		{"a link of another site", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
			true, false},
		{"a frame", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, true, true},
		{"an image", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, true, true},
		{"a script of the neighbour", map[string]string{"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}, true, true},
		{"a socket", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "websocket", "Sec-Fetch-Dest": "websocket"}, true, true},
		{"an old browser", nil, false, false},
		{"an old browser, a script of ours", map[string]string{"Origin": "http://duban.example.org"}, false, false},
		{"an old browser, a script of others", map[string]string{"Origin": "http://evil.example.com"}, false, true},
		{"another port is another site", map[string]string{"Origin": "http://duban.example.org:81"}, false, true},
		{"an origin that is none", map[string]string{"Origin": "null"}, false, true},
		{"what cannot be read", map[string]string{"Origin": "http://[x"}, false, true},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://duban.example.org/alerts/stream", nil)
		for k, v := range c.header {
			r.Header.Set(k, v)
		}
		require.Equal(t, c.other, access.OfAnotherSite(r), c.name)
		require.Equal(t, c.embedded, access.Embedded(r), c.name)
	}
}

// Who complains in confidence is kept from the organisation complained about and from all who have
// no part in it (domain guide 8.3): those who watch over organisations see the card, an organisation
// what it has to act on, others nothing. Without users the machine alone reads.
func TestWhoSeesCardsAboutSecretSubjects(t *testing.T) {
	want := map[access.Role]string{
		access.Supervisor: access.AllSecrets, access.Leader: access.AllSecrets, access.HotlineAdmin: access.AllSecrets,
		access.DeptManager: access.SecretsToActOn, access.WindowManager: access.SecretsToActOn, access.Handler: access.SecretsToActOn,
		access.Analyst: "", access.Auditor: "", access.Sysadmin: "", access.Public: "",
	}
	for role, mode := range want {
		u := access.User{ID: "u-1", Role: role, OrgCode: "ORG-1"}
		ctx := access.NewContext(t.Context(), u)
		require.Equal(t, mode, access.SecretsFor(ctx), role)
		require.Equal(t, mode == access.AllSecrets, access.SeesSecret(ctx, access.AllSecrets), role)
		require.Equal(t, mode != "", access.SeesSecret(ctx, access.SecretsToActOn), role)
		require.Equal(t, mode == access.AllSecrets, access.SeesSecrets(u), role)
		u.Disabled = true
		require.False(t, access.SeesSecrets(u), "%s: who is disabled sees nothing", role)
	}
	require.Equal(t, access.AllSecrets, access.SecretsFor(t.Context()))
	_, known := access.FromContext(t.Context())
	require.False(t, known)
	require.Empty(t, access.OwnOrgs(t.Context()))
	require.Equal(t, []string{"a", "b"}, access.OwnOrgs(access.WithOwnOrgs(t.Context(), []string{"a", "b"})))
}

// A subject is given to somebody of an organisation that it concerns, or of one above; not to
// whoever is disabled, of no organisation, or of a role that does not see the kind.
func TestWhoCanBeGivenASubject(t *testing.T) {
	below := func(_ context.Context, org string) ([]string, error) {
		return map[string][]string{"city": {"city", "county"}, "county": {"county"}}[org], nil
	}
	concerns := []access.Target{{Org: "county", Region: "610802"}}
	for _, c := range []struct {
		name string
		user access.User
		kind string
		want bool
	}{
		{"of the organisation", access.User{ID: "u", Role: access.Handler, OrgCode: "county"}, "alert", true},
		{"of the one above", access.User{ID: "u", Role: access.DeptManager, OrgCode: "city"}, "alert", true},
		{"who has to change the password first", access.User{ID: "u", Role: access.Handler, OrgCode: "county", MustChange: true}, "alert", true},
		{"of another one", access.User{ID: "u", Role: access.Handler, OrgCode: "other"}, "alert", false},
		{"of none", access.User{ID: "u", Role: access.Supervisor}, "alert", false},
		{"disabled", access.User{ID: "u", Role: access.Handler, OrgCode: "county", Disabled: true}, "alert", false},
		{"who sees no such kind", access.User{ID: "u", Role: access.Handler, OrgCode: "county"}, "referral", false},
		{"an auditor", access.User{ID: "u", Role: access.Auditor, OrgCode: "county"}, "alert", false},
	} {
		got, err := access.MayBeAssigned(t.Context(), c.user, c.kind, concerns, below)
		require.NoError(t, err)
		require.Equal(t, c.want, got, c.name)
	}
	got, err := access.MayBeAssigned(t.Context(), access.User{ID: "u", Role: access.Handler, OrgCode: "county"}, "alert", nil, below)
	require.NoError(t, err)
	require.False(t, got, "what concerns nobody is given to nobody")
	_, err = access.MayBeAssigned(t.Context(), access.User{ID: "u", Role: access.Handler, OrgCode: "county"}, "alert", concerns,
		func(context.Context, string) ([]string, error) { return nil, context.Canceled })
	require.ErrorIs(t, err, context.Canceled)
}

// An outage of a division or an organisation lies within the limits of who has them; one of a source
// or of everything lies in none.
func TestWhatAnOutageConcerns(t *testing.T) {
	own := []string{"ORG-1"}
	require.Equal(t, access.Target{Region: "610800"}, access.OutageTarget("region", "610800", "", own))
	require.Equal(t, access.Target{Org: "ORG-2", Region: "610802", OwnOrgs: own}, access.OutageTarget("org", "ORG-2", "610802", own))
	require.Equal(t, access.Target{}, access.OutageTarget("source", "hall", "", own))
	require.Equal(t, access.Target{}, access.OutageTarget("all", "", "", own))
	limited := access.User{ID: "u", Role: access.Supervisor, ScopeRegion: "610800"}
	require.True(t, access.MaySee(limited, access.OrderView, access.OutageTarget("region", "610800", "", nil)))
	require.False(t, access.MaySee(limited, access.OrderView, access.OutageTarget("source", "hall", "", nil)))
}

// A user is in one state at a time, the gravest first.
func TestAUserIsInOneState(t *testing.T) {
	now := time.Date(2026, time.March, 2, 1, 0, 0, 0, time.UTC)
	u := access.User{}
	require.Equal(t, access.StateActive, u.State(now))
	u.MustChange = true
	require.Equal(t, access.StateMustChange, u.State(now))
	u.LockedUntil = now.Add(time.Second)
	require.Equal(t, access.StateLocked, u.State(now))
	require.Equal(t, access.StateMustChange, u.State(now.Add(time.Second)), "at that instant the lock is over")
	u.Disabled = true
	require.Equal(t, access.StateDisabled, u.State(now))
	for _, limits := range []access.User{{}, {ScopeRegion: "000000"}} {
		require.False(t, limits.Limited(), "%+v", limits)
	}
	for _, limits := range []access.User{{ScopeRegion: "610000"}, {OrgCode: "ORG-1"}, {Line: "housing"}} {
		require.True(t, limits.Limited(), "%+v", limits)
	}
}

// The filter of the trail knows what can be in it, and nothing else.
func TestTheTrailKnowsWhatCanBeInIt(t *testing.T) {
	for _, w := range append(access.Whats(), "", string(access.CalendarManage), string(access.UserManage), "alert.view") {
		require.True(t, access.ValidFilter(w), w)
	}
	for _, w := range []string{"sign", "user.delete", "' OR 1=1"} {
		require.False(t, access.ValidFilter(w), w)
	}
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(access.Whats()))), len(access.Whats()), "each is there once")
	require.ElementsMatch(t, []string{"done", "denied", "invalid", "attempted"}, access.Outcomes())
	require.True(t, access.CalendarManage.Changes())
	require.True(t, access.Action("order", "sign").Changes())
	require.False(t, access.View("order").Changes())
}
