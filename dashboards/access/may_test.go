package access_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/supervision/divisions"
	"duban/supervision/workflow"
)

// matrix is domain guide 8.1 with 6.1, 6.3, 4 and 7.3: who may do what. One
// letter a role: Leader, Supervisor, aNalyst, Dept manager, Window manager,
// Handler, hOtline office, Auditor, sYsadmin, Public.
var matrix = map[access.Permission]string{
	"figure.view": "LSNDWHOAYP", "case.view": "LSNDWHOY", "quality.view": "LSNDOY", "rule.view": "LSNDWHOAY",
	"alert.view": "LSNDWHOY", "order.view": "LSNDWHOY", "rating.view": "LSNDWHOY", "exposure.view": "LSNDWHOY", "referral.view": "LSY",
	"audit.view": "AY", "metrics.view": "Y", "user.manage": "Y", "notify.test": "SY", "calendar.manage": "SY",
	"ticket.arbitrate": "O", "ticket.urge": "O", "ticket.escalate": "O",
	"alert.reopen": "S", "alert.confirm": "S", "alert.ack": "DWHOY", "alert.assign": "DO", "alert.feedback": "DWHOY",
	"alert.accept_feedback": "S",
	"alert.reject_feedback": "S", "alert.appeal": "DO", "alert.uphold": "S", "alert.revoke": "S", "alert.escalate": "SO",
	"alert.accept_late_evidence": "S",
	"alert.close":                "S", "alert.note": "LSDO",
	"order.create": "LSO", "order.edit": "LSO", "order.issue": "LSO", "order.sign": "DWH", "order.assign": "DW", "order.start": "DWH",
	"order.co_reply": "DWH", "order.request_extension": "D", "order.extend": "LSO", "order.reply": "DWH",
	"order.accept": "LSO", "order.return": "LSO",
	"order.close": "LSO", "order.revoke": "LSO", "order.reopen": "LS", "order.note": "LSDO",
	"rating.assign": "DW", "rating.verify": "SDO", "rating.claim_invalid": "D", "rating.exclude": "S",
	"rating.uphold": "S", "rating.start": "DWH",
	"rating.extend": "S", "rating.rectify": "DWH", "rating.explain": "D", "rating.confirm": "SO", "rating.reject": "SO", "rating.close": "SO",
	"rating.reopen": "S", "rating.note": "LSDO",
	"exposure.create": "S", "exposure.approve": "S", "exposure.drop": "S", "exposure.publish": "S", "exposure.reply": "D",
	"exposure.publish_result": "S",
	"exposure.archive":        "S", "exposure.takedown": "S", "exposure.note": "LSD",
	"referral.create": "S", "referral.adopt": "S", "referral.refer": "S", "referral.record_result": "S", "referral.close": "S",
	"referral.withdraw": "S", "referral.note": "LS",
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
	require.True(t, access.May(good, access.Action("alert", "revoke"), target))
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
		{"the parent table decides", access.User{ScopeRegion: "610800"},
			access.Target{Region: "999999", RegionPath: []string{"610000", "610800", "999999"}}, true},
		{"the parent table decides against the code", access.User{ScopeRegion: "610800"},
			access.Target{Region: "610802", RegionPath: []string{"620000", "610802"}}, false},
		{"the whole country", access.User{ScopeRegion: "000000"}, access.Target{}, true},
		{"own organisation", access.User{OrgCode: "ORG-1"}, target, true},
		{"other organisation", access.User{OrgCode: "ORG-2"}, target, false},
		{"organisation below", access.User{OrgCode: "ORG-2"}, access.Target{Org: "ORG-1", OwnOrgs: []string{"ORG-2", "ORG-1"}}, true},
		{"nothing said about the organisation", access.User{OrgCode: "ORG-1"}, access.Target{Region: "610802", OwnOrgs: []string{"ORG-1", ""}},
			false},
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
	require.False(t, access.May(u, access.Action("alert", "feedback"), target), "an alert of another organisation")
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
	for _, c := range [][2]string{{"610802", "620000"}, {"610802", "610802001"}, {"610", "610000"}, {"610802", "61"}, {"610802", ""},
		{"", "000000"}, {"61080a", "610000"}} {
		require.False(t, access.Below(c[0], c[1]), "%v", c)
	}
}

// What a page offers and what the engine accepts come from one table: for every
// role, kind, state and action, somebody has the permission exactly when the
// machine allows the action to the role in that state.
func TestPermissionsAreThoseOfTheMachines(t *testing.T) {
	env := workflow.Env{Within: func(org, above string) bool { return org == above }}
	checked := 0
	for _, kind := range workflow.Kinds() {
		m := workflow.New(kind, env)
		for _, state := range append(workflow.States(kind), workflow.Absent) {
			allowed := map[access.Role][]string{}
			var legal []string
			for _, role := range access.Roles() {
				it := workflow.Item{Kind: kind, ID: "1", Seq: 7, State: state, OrgCode: "ORG-1", Category: "hotline", Origin: "hotline",
					Appealable: true, AppealUntil: 1}
				if role == access.Sysadmin {
					it.Category = "data" // the field in which the role acts
					if kind == workflow.Outage {
						it.Origin = "source" // what it may declare, docs/supervision.md 8
					}
				}
				if state == workflow.Absent {
					it.Seq = 0
				}
				allowed[role] = m.Allowed(it, workflow.Role(role), "ORG-1")
				legal = append(legal, allowed[role]...)
			}
			for action := range workflow.Who(kind) {
				for _, role := range access.Roles() {
					has := role.Has(access.Action(string(kind), action))
					if !slices.Contains(legal, action) {
						require.NotContains(t, allowed[role], action)
						continue
					}
					if role == access.HotlineAdmin && state == workflow.AlertAppealed && action == "escalate" {
						require.NotContains(t, allowed[role], action, "appeals are decided by the supervision office")
						continue
					}
					require.Equal(t, slices.Contains(allowed[role], action), has, "%s may %s a %s that is %q", role, action, kind, state)
					checked++
				}
			}
		}
	}
	require.Greater(t, checked, 1500, "every state knows some actions")
}
