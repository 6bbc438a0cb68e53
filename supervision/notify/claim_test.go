package notify

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestANoticeIsTakenOnlyWhenNobodyIsAtIt(t *testing.T) {
	now, grace := time.Unix(1000, 0), 40*time.Second
	other := claim{owner: "other", version: 7, change: 2, state: Sending}
	sent, queued := other, other
	sent.state, queued.state = Sent, Queued
	seen := func(ago time.Duration) map[string]sighting {
		return map[string]sighting{"other": {other, now.Add(-ago)}}
	}
	for name, c := range map[string]struct {
		claims []claim
		seen   map[string]sighting
		want   verdict
	}{
		"it is new":                       {nil, nil, take},
		"somebody planned it":             {[]claim{queued}, nil, take},
		"somebody sent it":                {[]claim{sent}, nil, leave},
		"somebody is at it":               {[]claim{other}, seen(0), leave},
		"and still is":                    {[]claim{other}, seen(39 * time.Second), leave},
		"and has not been heard of since": {[]claim{other}, seen(40 * time.Second), takeOver},
		"we were at it and did not send":  {[]claim{{owner: "me", state: Sending}}, nil, take},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, judge("me", c.claims, c.seen, now, grace)) })
	}
	require.True(t, confirmed("me", []claim{{owner: "me", state: Sending}, other}, []claim{other}), "the dead one was known")
	require.False(t, confirmed("me", []claim{{owner: "me", state: Sending}, other}, nil), "somebody came at the same time")
	require.False(t, confirmed("me", []claim{sent}, []claim{other}), "the dead one lives")
}

func TestPausesDoubleToHalfAnHour(t *testing.T) {
	for attempt, want := range map[uint16]time.Duration{
		1: 30 * time.Second, 2: time.Minute, 3: 2 * time.Minute, 6: 16 * time.Minute, 7: 30 * time.Minute, 1000: 30 * time.Minute,
	} {
		got := backOff(attempt, "a")
		require.GreaterOrEqual(t, got, want)
		require.LessOrEqual(t, got, want+want/4)
		require.Equal(t, got, backOff(attempt, "a"))
	}
}

func TestAUsersFileFillsWhatTheOrganisationsLeaveOpen(t *testing.T) {
	mail := []Channel{{Kind: "email", To: "a@example.org"}}
	orgs := NewBook([]Organisation{{Code: "o", Region: "61", Contacts: []Contact{{User: "h", Role: Handler}}}})
	users := NewBook([]Organisation{{Code: "o", Region: "61", Contacts: []Contact{{User: "h", Role: Handler, Channels: mail},
		{User: "w", Role: WindowManager, Channels: mail}}}})
	res := Join(orgs, users).Resolve(Target{Notify: "N2", OrgCode: "o"})
	require.Empty(t, res.Missing)
	require.Len(t, res.People, 2)
	require.Equal(t, mail, res.People[0].Channels, "h is known to the organisation, and reached by what the users file says")
	require.Equal(t, "w", res.People[1].User)
}
