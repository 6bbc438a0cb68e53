package server_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/sitetest"
	"duban/ingest/event"
	"duban/supervision/engine/enginetest"
)

// Figures are for more readers than the single cases behind them (domain guide 8.1).
func TestThoseWhoSeeFiguresAloneSeeNoCase(t *testing.T) {
	h := sitetest.NewHouse(t)
	sitetest.Fill(t, h.DB)
	sitetest.PutPieces(t, h.DB, sitetest.Piece{Kind: "outage", ID: "out", State: "declared", Level: "hold", Origin: "all",
		Final: sitetest.EndOf(time.June, 30),
		Data:  `{"from_ms":0,"reason":"x"}`})
	for _, role := range []access.Role{access.Auditor, access.Public} {
		_, err := h.People.Users.Add(t.Context(), access.User{Name: string(role), Role: role}, sitetest.GoodPassword)
		require.NoError(t, err)
		r := h.Reader()
		r.SignIn(string(role))
		for _, path := range []string{"/", "/?format=csv&table=overdue", "/regions/" + sitetest.County, "/orgs/" + sitetest.OrgCode} {
			require.NotContains(t, r.Get(path).Body, "OPEN", "%s: %s", role, path)
		}
		require.NotContains(t, r.Get("/outages?outage=out").Body, "outage_cases", string(role))
		require.NotEqual(t, http.StatusOK, r.Get("/outages?outage=out&format=csv&table=outage_cases").Status, string(role))
	}
	_, err := h.People.Users.Add(t.Context(), access.User{Name: "li", Role: access.Supervisor}, sitetest.GoodPassword)
	require.NoError(t, err)
	r := h.Reader()
	r.SignIn("li")
	require.Contains(t, r.Get("/?format=csv&table=overdue").Body, "OPEN")
	require.Equal(t, http.StatusOK, r.Get("/outages?outage=out&format=csv&table=outage_cases").Status)
}

// An outage is shown to whom it concerns: within his limits or around them.
func TestOutagesKeepToTheScope(t *testing.T) {
	h := sitetest.WorkHouse(t)
	for id, what := range map[string][2]string{
		"here": {"region", "610802"}, "around": {"region", "610000"}, "elsewhere": {"region", "620000"}, "everywhere": {"all", ""},
		"source": {"source", "hall"}, "nobody": {"source", "*"}, "theirs": {"source", "kiosk"},
		"own": {"org", "bureau"}, "foreign": {"org", "other"},
	} {
		sitetest.PutPieces(t, h.DB, sitetest.Piece{Kind: "outage", ID: id, State: "declared", Level: "hold", Origin: what[0],
			Final: sitetest.EndOf(time.June, 30),
			Data:  `{"from_ms":0,"reason":"because ` + id + `, call 13812345678","code":"` + what[1] + `"}`})
	}
	case1, case2 := sitetest.Fact("HERE", 1, event.Apply, sitetest.Local(6, 1, 9), "{}"), sitetest.Fact("THERE", 1, event.Apply,
		sitetest.Local(6, 1, 9), "{}")
	case1.OrgCode, case2.SourceSys, case2.OrgCode, case2.RegionCode = "office", "kiosk", "other", "620102"
	enginetest.Insert(t, h.DB, case1, case2)
	enginetest.Fold(t, h.DB)
	// What was reached within them: one step here, two elsewhere.
	for no, at := range map[string][2]string{"1": {"office", "610802"}, "2": {"other", "620102"}, "3": {"other", "620102"}} {
		sitetest.InsertRow(t, h.DB, "alert_chains", `alert_id, fold_version, rule_id, rule_version, subject_kind, source_sys, subject_no,
			org_code, region_code, step_at, step_severity,
				evaluated_at`, "held"+no, uint64(1), "R-DDL-04", uint16(1), "case", "hall", no, at[0], at[1],
			[]time.Time{sitetest.Day(time.June, 2)}, []string{"red"}, sitetest.Day(time.June, 2))
	}
	for _, u := range []access.User{{Name: "li", Role: access.Supervisor, ScopeRegion: "610800"}, {Name: "all", Role: access.Supervisor},
		{Name: "desk", Role: access.DeptManager, OrgCode: "office"}} {
		_, err := h.People.Users.Add(t.Context(), u, sitetest.GoodPassword)
		require.NoError(t, err)
	}
	limited, all, desk := h.Reader(), h.Reader(), h.Reader()
	limited.SignIn("li")
	all.SignIn("all")
	desk.SignIn("desk")
	for _, r := range []*sitetest.Reader{limited, desk} {
		held := r.Columns("/outages?format=csv&table=outages", "reason", "held")
		require.Contains(t, held, "because everywhere, call 138****5678 1", "of the own scope, not of all others")
		for _, row := range held {
			require.NotContains(t, row, "elsewhere", "neither around the office nor in it")
			require.NotContains(t, row, "nobody", "of a source that sent nothing of it")
			require.NotContains(t, row, "theirs", "of a source that sent nothing of it")
		}
	}
	require.Contains(t, all.Columns("/outages?format=csv&table=outages", "reason", "held"), "because everywhere, call 138****5678 3")
	require.Contains(t, all.Get("/outages").Body, "because nobody")
	body := limited.Get("/outages?lang=en").Body
	for _, id := range []string{"here", "around", "everywhere", "source", "own"} {
		require.Contains(t, body, "because "+id+", call 138****5678")
	}
	for _, id := range []string{"elsewhere", "foreign"} {
		require.NotContains(t, body, "because "+id)
		require.Contains(t, all.Get("/outages").Body, "because "+id)
	}
	require.Contains(t, body, `value="here/1"`, "his to change")
	require.Contains(t, body, `value="own/1"`, "an organisation of his division")
	for _, id := range []string{"around", "everywhere", "source"} {
		require.NotContains(t, body, `value="`+id+`/1"`, "not his to change")
	}
}

// What is secret is shown to those alone who watch over organisations, not to the one
// that is complained about (domain guide 8.3).
func TestASecretSubjectIsNotShownToTheOrganisation(t *testing.T) {
	h := sitetest.NewHouse(t)
	enginetest.Insert(t, h.DB, event.Ticket{SourceSys: "12345", TicketNo: "SECRET", EventID: "s1", Type: event.TReceive,
		OccurredAt: sitetest.Local(6, 1, 9), RegionCode: sitetest.County, OrgCode: sitetest.OrgCode,
		Channel: "phone", Kind: "complaint", Payload: `{"secret":true}`})
	enginetest.Fold(t, h.DB)
	for role, status := range map[access.Role]int{access.Handler: 404, access.DeptManager: 404, access.Supervisor: 200,
		access.HotlineAdmin: 200, access.Sysadmin: 404} {
		h.Add(string(role), role)
		r := h.Reader()
		r.SignIn(string(role))
		require.Equal(t, status, r.Get("/tickets/12345/SECRET").Status, string(role))
		require.Equal(t, status, r.Get("/tickets/12345/SECRET?format=csv&table=facts").Status, string(role))
	}
}

// Without users the server is open to programs of its machine, and not to what a proxy on
// it passes on from the world.
func TestAServerWithoutUsersIsOpenToItsMachineAlone(t *testing.T) {
	h := sitetest.NewHouse(t)
	r := h.Reader()
	require.Equal(t, http.StatusOK, r.Get("/").Status)
	for _, header := range [][]string{{"X-Forwarded-For", "198.51.100.9"}, {"Host", "duban.example"}, {"Via", "1.1 proxy"}} {
		for _, path := range []string{"/", "/metrics", "/api/v1/indicators", "/setup"} {
			a := r.Get(path, header...)
			require.Equal(t, http.StatusServiceUnavailable, a.Status, "%v %s", header, path)
		}
	}
	require.Equal(t, http.StatusOK, r.Get("/healthz", "X-Forwarded-For", "198.51.100.9").Status)
}

// A password does not travel in the open from another machine.
func TestPasswordsAreTakenOverAnEncryptedConnection(t *testing.T) {
	h := sitetest.NewHouse(t)
	h.Add("root", access.Sysadmin)
	r := h.Reader()
	require.Equal(t, http.StatusOK, r.Get("/signin").Status, "on the machine itself")
	require.Empty(t, r.Get("/signin").Header.Get("Strict-Transport-Security"))
	secure := r.Get("/signin", "X-Forwarded-For", "198.51.100.9", "X-Forwarded-Proto", "https", "Host", "duban.example")
	require.Equal(t, http.StatusOK, secure.Status)
	require.Equal(t, "max-age=31536000", secure.Header.Get("Strict-Transport-Security"))
}

// What the page of outages asks for leaves its line in the trail like every other action.
func TestOutageActionsAreOnTrail(t *testing.T) {
	h := sitetest.WorkHouse(t)
	_, err := h.People.Users.Add(t.Context(), access.User{Name: "li", Role: access.Supervisor}, sitetest.GoodPassword)
	require.NoError(t, err)
	r := h.Reader()
	r.SignIn("li")
	require.Equal(t, http.StatusSeeOther, r.Post("/outages/actions", "action", "declare", "scope", "all").Status)
	var whats []string
	require.NoError(t, h.People.Trail.Carry(t.Context(), func(_ context.Context, entries []access.Entry) error {
		for _, e := range entries {
			whats = append(whats, e.What+" "+e.Outcome)
		}
		return nil
	}))
	require.Contains(t, whats, "outage.declare denied")
}

// Who opened a case or took a file away can be asked afterwards.
func TestReadingSinglesAndTakingFilesIsOnTrail(t *testing.T) {
	h := sitetest.NewHouse(t)
	sitetest.Fill(t, h.DB)
	h.Add("wang", access.Handler)
	r := h.Reader()
	r.SignIn("wang")
	for _, path := range []string{"/", "/cases", "/cases/hall/OPEN", "/cases?format=csv", "/tickets/12345/G-1"} {
		require.Equal(t, http.StatusOK, r.Get(path).Status, path)
	}
	var lines []string
	require.NoError(t, h.People.Trail.Carry(t.Context(), func(_ context.Context, entries []access.Entry) error {
		for _, e := range entries {
			lines = append(lines, e.UserID+" "+e.What+" "+e.TargetKind+" "+e.TargetID)
		}
		return nil
	}))
	require.Equal(t, []string{"u-1 sign_in user u-1", "u-1 subject_read case hall/OPEN", "u-1 exported page /cases",
		"u-1 subject_read ticket 12345/G-1"}, lines)
}
