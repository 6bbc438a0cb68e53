package notify_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/supervision/notify"
	"duban/supervision/workflow"
)

// at is an instant of local time on 2026-03-05, a Thursday.
func at(clock string) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05 -0700", "2026-03-05 "+clock+" +0800")
	if err != nil {
		panic(err)
	}
	return t
}

func mail(user string, role notify.Role) notify.Contact {
	return notify.Contact{User: user, Role: role, Channels: []notify.Channel{{Kind: "email", To: user + "@example.org"}}}
}

// province is a bureau of a county below one of a city, with the offices of
// their governments.
func province() []notify.Organisation {
	return []notify.Organisation{
		{Code: "bureau", Name: "住建局", NameEN: "Housing Bureau", Parent: "city-bureau", Region: "610802",
			RegionPath: []string{"610000", "610800", "610802"}, Contacts: []notify.Contact{
				mail("h1", notify.Handler),
				{User: "h2", Role: notify.Handler, Staff: "staff-2", Channels: []notify.Channel{{Kind: "email", To: "h2@example.org"}}},
				mail("step", notify.StepOwner), mail("win", notify.WindowManager),
			}},
		{Code: "city-bureau", Name: "市住建局", Region: "610800", RegionPath: []string{"610000", "610800"}, Contacts: []notify.Contact{
			mail("deputy", notify.DeptDeputy), mail("head", notify.DeptHead),
		}},
		{Code: "county-office", Name: "县效能办", Region: "610802", RegionPath: []string{"610000", "610800", "610802"}, Contacts: []notify.Contact{
			mail("office", notify.SupervisionOffice),
		}},
		{Code: "city-gov", Name: "市政府", Region: "610800", RegionPath: []string{"610000", "610800"}, Contacts: []notify.Contact{
			mail("gov", notify.GovOffice), mail("city-office", notify.SupervisionOffice), mail("chief", notify.Leader),
		}},
		{Code: "it", Name: "大数据局", Region: "620000", RegionPath: []string{"620000"}, Contacts: []notify.Contact{mail("root", notify.SysAdmin)}},
	}
}

func raised(id, severity, rung string, recorded time.Time) notify.Event {
	return notify.Event{
		ID: "alert:" + id + ":1", Version: 10, Kind: "alert", Name: "raised", State: "issued", Severity: severity, Notify: rung,
		OrgCode: "bureau", RegionCode: "610802", EffectiveAt: recorded, RecordedAt: recorded,
	}
}

func plan(now time.Time, policy notify.Policy, orgs []notify.Organisation, events ...notify.Event) notify.Planned {
	if policy.Window == 0 {
		policy.Window = 5 * time.Minute
	}
	return notify.Plan(events, notify.NewBook(orgs), nil, now, 20, policy)
}

func people(p notify.Planned) map[string]string {
	out := map[string]string{}
	for _, n := range p.Notices {
		if n.State != notify.NoRecipient {
			out[n.Person] = n.Rung
		}
	}
	return out
}

// Domain guide 6.1: N1 handler → N2 + step owner + window manager → N3 + dept
// deputy head + supervision office → N4 + dept head + gov office.
func TestEachRungTellsThoseBelowItToo(t *testing.T) {
	for rung, want := range map[string]map[string]string{
		"N1":         {"h1": "N1", "h2": "N1"},
		"N2":         {"h1": "N1", "h2": "N1", "step": "N2", "win": "N2"},
		"N3":         {"h1": "N1", "h2": "N1", "step": "N2", "win": "N2", "deputy": "N3", "office": "N3"},
		"N4":         {"h1": "N1", "h2": "N1", "step": "N2", "win": "N2", "deputy": "N3", "office": "N3", "head": "N4", "gov": "N4"},
		"supervisor": {"office": "supervisor"},
		"sysadmin":   {"root": "sysadmin"},
		"leader+N1":  {"chief": "leader", "h1": "N1", "h2": "N1"},
	} {
		t.Run(rung, func(t *testing.T) {
			require.Equal(t, want, people(plan(at("10:00:00"), notify.Policy{}, province(), raised("a", "yellow", rung, at("09:51:00")))))
		})
	}
}

func TestAnAlertOfOneHandlerIsTheirsAlone(t *testing.T) {
	e := raised("a", "warning", "N1", at("09:51:00"))
	e.StaffID = "staff-2"
	require.Equal(t, map[string]string{"h2": "N1"}, people(plan(at("10:00:00"), notify.Policy{}, province(), e)))
}

func TestNobodyToTellIsVisible(t *testing.T) {
	orgs := province()
	orgs[0].Contacts = nil
	orgs[2].Contacts = []notify.Contact{{User: "office", Role: notify.SupervisionOffice}} // no channel
	p := plan(at("10:00:00"), notify.Policy{}, orgs, raised("a", "yellow", "N3", at("09:51:00")), raised("b", "yellow", "N9", at("09:51:00")))
	reasons := map[string]string{}
	for _, n := range p.Notices {
		if n.State == notify.NoRecipient {
			reasons[n.Reason] = n.Person + "@" + n.Rung + " " + n.OrgCode
		}
	}
	require.Equal(t, map[string]string{
		"nobody_is_handler": "@N1 bureau", "nobody_is_step_owner_or_window_manager": "@N2 bureau",
		"no_channel": "office@N3 bureau", "unknown_rung": "@N9 bureau",
	}, reasons)
	require.Equal(t, map[string]string{"deputy": "N3"}, people(p), "the others are told all the same")
}

func TestWarningsWaitForTheirWindowAndRedCardsDoNot(t *testing.T) {
	warning, red := raised("w", "warning", "N1", at("09:51:00")), raised("r", "red", "N1", at("09:51:00"))
	warning.StaffID, red.StaffID = "h1", "h1"
	early := plan(at("09:54:59"), notify.Policy{}, province(), warning, red)
	require.Len(t, early.Notices, 1)
	require.Equal(t, []string{"alert:r:1"}, early.Notices[0].Events)
	require.Equal(t, 1, early.Waiting)
	require.EqualValues(t, 9, early.Upto, "the cursor stays before what waits")
	late := plan(at("09:55:00"), notify.Policy{}, province(), warning, red)
	require.Len(t, late.Notices, 2)
	require.EqualValues(t, 20, late.Upto)
}

func TestOneNoticePerPersonAndWindow(t *testing.T) {
	var events []notify.Event
	for i := range 400 {
		e := raised(fmt.Sprintf("a%03d", i), "yellow", "N4", at("08:00:00").Add(time.Duration(i)*100*time.Millisecond))
		events = append(events, e)
	}
	p := plan(at("09:00:00"), notify.Policy{}, province(), events...)
	require.Len(t, p.Notices, 8, "one for each of the eight people of N4")
	for _, n := range p.Notices {
		require.Len(t, n.Events, 400)
	}
}

func TestTheSameEventsGiveTheSameIds(t *testing.T) {
	a, b := raised("a", "yellow", "N1", at("09:51:00")), raised("b", "yellow", "N1", at("09:53:00"))
	one := plan(at("10:00:00"), notify.Policy{}, province(), a, b)
	two := plan(at("11:30:00"), notify.Policy{}, province(), b, a)
	require.Equal(t, one.Notices, two.Notices, "whatever the time of planning and the order of reading")
	b.RecordedAt = at("09:56:00")
	other := plan(at("10:01:00"), notify.Policy{}, province(), a, b)
	require.Len(t, other.Notices, 4, "two people, two windows")
}

func TestWhatIsPlannedIsNotPlannedAgain(t *testing.T) {
	e := raised("a", "yellow", "N1", at("09:51:00"))
	covered := map[notify.Pair]bool{{Event: e.ID, Person: "h1", Channel: "email"}: true}
	p := notify.Plan([]notify.Event{e}, notify.NewBook(province()), covered, at("10:00:00"), 20, notify.Policy{Window: 5 * time.Minute})
	require.Equal(t, map[string]string{"h2": "N1"}, people(p))
}

func TestQuietHoursHoldBackAllButRed(t *testing.T) {
	quiet := notify.Policy{Quiet: notify.Quiet{From: 22 * 60, To: 7*60 + 30}}
	yellow, red := raised("y", "yellow", "N1", at("23:10:00")), raised("r", "red", "N1", at("23:10:00"))
	yellow.StaffID, red.StaffID = "h1", "h1"
	p := plan(at("23:20:00"), quiet, province(), yellow, red)
	require.Len(t, p.Notices, 2)
	for _, n := range p.Notices {
		if n.Severity == "red" {
			require.Equal(t, notify.Queued, n.State)
			require.True(t, n.NextAt.Equal(at("23:10:00")))
		} else {
			require.Equal(t, notify.Held, n.State)
			require.Equal(t, "quiet_hours", n.Reason)
			require.True(t, n.NextAt.Equal(at("07:30:00").AddDate(0, 0, 1)), n.NextAt)
		}
	}
}

func TestQuietHoursBeginWithTheirBeginningAndEndBeforeTheirEnd(t *testing.T) {
	night, err := notify.ParseQuiet("22:00", "07:30")
	require.NoError(t, err)
	noon, err := notify.ParseQuiet("12:00", "14:00")
	require.NoError(t, err)
	for _, c := range []struct {
		quiet     notify.Quiet
		at, until time.Time
	}{
		{night, at("21:59:59"), at("21:59:59")},
		{night, at("22:00:00"), at("07:30:00").AddDate(0, 0, 1)},
		{night, at("00:05:00"), at("07:30:00")},
		{night, at("07:29:59"), at("07:30:00")},
		{night, at("07:30:00"), at("07:30:00")},
		{noon, at("11:59:59"), at("11:59:59")},
		{noon, at("12:00:00"), at("14:00:00")},
		{noon, at("14:00:00"), at("14:00:00")},
		{notify.Quiet{}, at("03:00:00"), at("03:00:00")},
	} {
		require.True(t, c.quiet.Until(c.at).Equal(c.until), "%v", c)
	}
	_, err = notify.ParseQuiet("22:00", "")
	require.Error(t, err)
}

func TestWhoHearsOfWhat(t *testing.T) {
	for name, c := range map[string]struct {
		state, prev, severity, before, event string
		want                                 string
	}{
		"a card is raised":                         {"issued", "", "yellow", "", "raised", "N3"},
		"one that must be confirmed":               {"pending", "", "yellow", "", "raised", "supervisor"},
		"it is confirmed":                          {"issued", "pending", "yellow", "yellow", "confirm", "N3"},
		"somebody signs for it":                    {"acked", "issued", "yellow", "yellow", "ack", ""},
		"the department answers":                   {"fed_back", "acked", "yellow", "yellow", "feedback", "supervisor"},
		"the department appeals":                   {"appealed", "issued", "yellow", "yellow", "appeal", "supervisor"},
		"the appeal is turned down":                {"upheld", "appealed", "yellow", "yellow", "uphold", "N3"},
		"the appeal goes up":                       {"escalated", "appealed", "yellow", "yellow", "escalate", "N4"},
		"the card is withdrawn":                    {"revoked", "appealed", "yellow", "yellow", "revoke", "N3"},
		"late facts take a card back":              {"cancelled", "issued", "yellow", "yellow", "cancelled", "N3"},
		"late facts take a warning back":           {"cancelled", "issued", "warning", "warning", "cancelled", ""},
		"a warning is over":                        {"closed", "issued", "warning", "warning", "cleared", ""},
		"a note":                                   {"issued", "issued", "yellow", "yellow", "note", ""},
		"an answer is not accepted":                {"acked", "fed_back", "yellow", "yellow", "reject_feedback", "department"},
		"it is upgraded while somebody works":      {"acked", "acked", "red", "yellow", "upgraded", "N3"},
		"facts that came too late to take it back": {"review", "issued", "yellow", "yellow", "review", "supervisor"},
	} {
		t.Run(name, func(t *testing.T) {
			e := notify.Event{Kind: "alert", Name: c.event, State: c.state, PrevState: c.prev, Severity: c.severity,
				PrevSeverity: c.before, Notify: "N3"}
			got := ""
			if targets := notify.Audience(&e); len(targets) > 0 {
				got = targets[0].Notify
			}
			require.Equal(t, c.want, got)
		})
	}
}

// Who has to act, or was judged, hears of it (domain guide 4, 6.3 and 7.3).
func TestWhoHearsOfWork(t *testing.T) {
	for name, c := range map[string]struct{ kind, event, prev, state, want string }{
		"a bad rating is to be verified": {"rating", "create", "", "verifying", "department"},
		"a claim is to be decided":       {"rating", "claim_invalid", "verifying", "invalid_claimed", "supervisor"},
		"a fix is to be judged":          {"rating", "rectify", "rectifying", "rectified", "supervisor"},
		"a fix is rejected":              {"rating", "reject", "rectified", "rejected", "department"},
		"a rating gets more time":        {"rating", "extend", "rectifying", "rectifying", "department"},
		"a rating is somebody's":         {"rating", "assign", "verifying", "verifying", "user:u7"},
		"an order is issued":             {"order", "issue", "draft", "issued", "N4"},
		"an order is somebody's":         {"order", "assign", "signed", "signed", "user:u7"},
		"more time is asked for":         {"order", "request_extension", "in_progress", "in_progress", "supervisor"},
		"more time is given":             {"order", "extend", "in_progress", "in_progress", "department"},
		"an order is returned":           {"order", "return", "replied", "returned", "department"},
		"an order is taken up again":     {"order", "reopen", "closed", "in_progress", "department"},
		"an order is taken back":         {"order", "revoke", "in_progress", "revoked", "department"},
		"a draft is thrown away":         {"order", "revoke", "draft", "revoked", ""},
		"an exposure is to be published": {"exposure", "approve", "candidate", "reviewed", "supervisor"},
		"a note":                         {"order", "note", "signed", "signed", ""},
		"an order is signed for":         {"order", "sign", "issued", "signed", ""},
	} {
		t.Run(name, func(t *testing.T) {
			states := workflow.States(workflow.Kind(c.kind))
			require.Contains(t, states, workflow.State(c.state))
			e := notify.Event{Kind: c.kind, Name: c.event, State: c.state, PrevState: c.prev, Assignee: "u7", OrgCode: "a"}
			got := ""
			if targets := notify.Audience(&e); len(targets) > 0 {
				got = targets[0].Notify
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestOrdersGoToLeadAndCoOrganisations(t *testing.T) {
	e := notify.Event{Kind: "order", State: "issued", PrevState: "draft", OrgCode: "a", CoOrgs: []string{"b", "c"}}
	var orgs []string
	for _, target := range notify.Audience(&e) {
		orgs = append(orgs, target.OrgCode)
	}
	require.Equal(t, []string{"a", "b", "c"}, orgs)
}

func TestNobodyIsToldOfTheirOwnDoing(t *testing.T) {
	e := raised("a", "yellow", "supervisor", at("09:51:00"))
	e.Actor = "office"
	require.Empty(t, plan(at("10:00:00"), notify.Policy{}, province(), e).Notices)
}

func TestContactsThatCannotBeUsedAreNamedAndTheRestIsUsed(t *testing.T) {
	contacts, problems := notify.ParseContacts("bureau", `[
		{"user":"a","role":"handler","channels":[{"kind":"email","to":"a@example.org"},{"kind":"email","to":"nowhere"}]},
		{"user":"b","role":"king"},
		{"role":"handler"},
		{"user":"c","role":"handler","quiet_from":"25:00","quiet_to":"07:00",
		"channels":[{"kind":"webhook","to":"http://plain.example.org"},{"kind":"pigeon"},{"kind":"wecom"}]}]`)
	require.Len(t, contacts, 2)
	require.Len(t, contacts[0].Channels, 1)
	require.Empty(t, contacts[1].Channels)
	var places []string
	for _, p := range problems {
		places = append(places, p.At)
		require.NotContains(t, p.Error(), "nowhere", "an address is not repeated")
	}
	require.Equal(t, []string{"/contacts/0/channels/1", "/contacts/1/role", "/contacts/2/user", "/contacts/3/quiet_from",
		"/contacts/3/channels/0", "/contacts/3/channels/1", "/contacts/3/channels/2"}, places)
}

// Who complains in confidence is kept from the organisation complained about (domain guide
// 8.3): whatever the rung of the rule, the supervision office alone is told.
func TestOfASecretSubjectTheOrganisationHearsNothing(t *testing.T) {
	for _, rung := range []string{"N1", "N2", "N3", "N4", "handler", "sysadmin", "N2+analyst"} {
		e := raised("a1", "red", rung, at("10:00:00"))
		e.Kept = true
		var people []string
		for _, n := range plan(at("10:01:00"), notify.Policy{}, province(), e).Notices {
			people = append(people, n.Person)
		}
		require.Equal(t, []string{"office"}, people, rung)
		e.Name, e.Assignee = "assign", "h1"
		require.Equal(t, []notify.Target{{Notify: "supervisor", OrgCode: "bureau", RegionCode: "610802"}}, notify.Audience(&e))
	}
}
