package access_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/internal/divisions"
)

// matrix is domain guide 8.1 with 6.1, 6.3, 4 and 7.3: who may do what. One
// letter a role: Leader, Supervisor, aNalyst, Dept manager, Window manager,
// Handler, hOtline office, Auditor, sYsadmin, Public.
var matrix = map[access.Permission]string{
	"figure.view": "LSNDWHOAYP", "case.view": "LSNDWHOY", "quality.view": "LSNDOY", "rule.view": "LSNDWHOAY",
	"alert.view": "LSNDWHOY", "order.view": "LSNDWHOY", "rating.view": "LSNDWHOY", "exposure.view": "LSNDWHOY", "referral.view": "LSY",
	"audit.view": "AY", "metrics.view": "Y", "user.manage": "Y", "notify.test": "SY",
	"alert.ack": "DWHO", "alert.feedback": "DWHO", "alert.appeal": "D", "alert.assign": "D",
	"alert.confirm": "S", "alert.decide": "S", "alert.close": "S", "alert.note": "LS",
	"order.create": "LS", "order.issue": "LS", "order.sign": "D", "order.progress": "D", "order.reply": "D",
	"order.accept": "S", "order.return": "S", "order.close": "S", "order.request_extension": "D", "order.extend": "LS",
	"rating.verify": "SO", "rating.claim": "D", "rating.decide": "S", "rating.rectify": "DWH", "rating.explain": "D", "rating.extend": "S", "rating.confirm": "SO",
	"exposure.propose": "S", "exposure.review": "S", "exposure.publish": "S", "exposure.reply": "D", "exposure.takedown": "S",
	"referral.create": "S", "referral.record": "S", "ticket.arbitrate": "O", "ticket.urge": "O", "ticket.escalate": "O",
	"outage.declare": "SY", "outage.amend": "SY", "outage.end": "SY", "outage.revoke": "S", "outage.note": "SY",
}

var letters = map[access.Role]string{
	access.Leader: "L", access.Supervisor: "S", access.Analyst: "N", access.DeptManager: "D", access.WindowManager: "W",
	access.Handler: "H", access.HotlineAdmin: "O", access.Auditor: "A", access.Sysadmin: "Y", access.Public: "P",
}

var target = access.Target{Region: "610802", Org: "ORG-1", Line: "housing"}

func TestEveryRoleMayDoExactlyWhatTheTableSays(t *testing.T) {
	require.Len(t, letters, len(access.Roles()))
	require.Len(t, access.Permissions(), len(matrix), "every permission is in the matrix")
	for p, who := range matrix {
		for _, role := range access.Roles() {
			u := access.User{ID: "u-1", Role: role, OrgCode: "ORG-1"}
			require.Equal(t, strings.Contains(who, letters[role]), access.May(u, p, target), "%s %s", role, p)
			require.Equal(t, strings.Contains(who, letters[role]), access.MayOpen(u, p), "%s opens %s", role, p)
		}
	}
}

func TestNobodyMayAnythingUnlessEverythingIsInOrder(t *testing.T) {
	good := access.User{ID: "u-1", Role: access.Supervisor}
	require.True(t, access.May(good, access.AlertDecide, target))
	for name, change := range map[string]func(*access.User){
		"no user":                func(u *access.User) { *u = access.User{} },
		"disabled":               func(u *access.User) { u.Disabled = true },
		"has to change password": func(u *access.User) { u.MustChange = true },
		"no role":                func(u *access.User) { u.Role = "" },
		"unknown role":           func(u *access.User) { u.Role = "owner" },
	} {
		u := good
		change(&u)
		for _, p := range append(access.Permissions(), "no.such", "") {
			require.False(t, access.May(u, p, target), "%s %s", name, p)
			require.False(t, access.MaySee(u, p, target), "%s %s", name, p)
		}
	}
	require.False(t, access.May(good, "no.such", target))
}

func TestScope(t *testing.T) {
	for _, c := range []struct {
		name   string
		user   access.User
		target access.Target
		in     bool
	}{
		{"no limit", access.User{}, access.Target{}, true},
		{"own county", access.User{ScopeRegion: "610802"}, target, true},
		{"city above", access.User{ScopeRegion: "610800"}, target, true},
		{"province above", access.User{ScopeRegion: "610000"}, target, true},
		{"country", access.User{ScopeRegion: "000000"}, target, true},
		{"other city", access.User{ScopeRegion: "610100"}, target, false},
		{"place below", access.User{ScopeRegion: "610802001"}, target, false},
		{"township in the county", access.User{ScopeRegion: "610802"}, access.Target{Region: "610802001"}, true},
		{"nothing said about the region", access.User{ScopeRegion: "610000"}, access.Target{Org: "ORG-1"}, false},
		{"the parent table decides", access.User{ScopeRegion: "610800"}, access.Target{Region: "999999", RegionPath: []string{"610000", "610800", "999999"}}, true},
		{"the parent table decides against the code", access.User{ScopeRegion: "610800"}, access.Target{Region: "610802", RegionPath: []string{"620000", "610802"}}, false},
		{"own organisation", access.User{OrgCode: "ORG-1"}, target, true},
		{"other organisation", access.User{OrgCode: "ORG-2"}, target, false},
		{"organisation below", access.User{OrgCode: "ORG-2"}, access.Target{Org: "ORG-1", OwnOrgs: []string{"ORG-2", "ORG-1"}}, true},
		{"nothing said about the organisation", access.User{OrgCode: "ORG-1"}, access.Target{Region: "610802", OwnOrgs: []string{"ORG-1", ""}}, false},
		{"own line", access.User{Line: "housing"}, target, true},
		{"other line", access.User{Line: "tax"}, target, false},
		{"all limits hold together", access.User{ScopeRegion: "610800", OrgCode: "ORG-1", Line: "tax"}, target, false},
		{"handler without an organisation", access.User{Role: access.Handler}, target, false},
	} {
		require.Equal(t, c.in, access.InScope(c.user, c.target), c.name)
	}
}

func TestActionsNeedTheScope(t *testing.T) {
	u := access.User{ID: "u-1", Role: access.DeptManager, OrgCode: "ORG-2"}
	require.False(t, access.May(u, access.AlertFeedback, target), "an alert of another organisation")
	require.False(t, access.May(u, access.AlertView, target))
	require.True(t, access.May(u, access.CaseView, access.Target{}), "the list of cases may be opened")
	require.False(t, access.MaySee(u, access.CaseView, target), "a case of another organisation may not")
}

// Cutting the code must give what the parent table of the national divisions
// says, for every division and every place above it.
func TestBelowAgreesWithTheParentTable(t *testing.T) {
	table, err := divisions.Load()
	require.NoError(t, err)
	n := 0
	for d := range table.All() {
		for _, above := range table.Path(d.Code) {
			require.True(t, access.Below(d.Code, above), "%s below %s", d.Code, above)
			n++
		}
		require.True(t, access.Below(d.Code, "000000"))
	}
	require.Greater(t, n, 100_000)
	for _, c := range [][2]string{{"610802", "620000"}, {"610802", "610802001"}, {"610", "610000"}, {"610802", "61"}, {"610802", ""}, {"", "000000"}, {"61080a", "610000"}} {
		require.False(t, access.Below(c[0], c[1]), "%v", c)
	}
}
