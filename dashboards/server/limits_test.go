package server_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/ingest/event"
	"duban/supervision/engine/enginetest"
)

// Figures are for more readers than the single cases behind them (domain guide 8.1).
func TestThoseWhoSeeFiguresAloneSeeNoCase(t *testing.T) {
	h := newHouse(t)
	fill(t, h.db)
	putPieces(t, h.db, piece{kind: "outage", id: "out", state: "declared", level: "hold", origin: "all", final: endOf(time.June, 30),
		data: `{"from_ms":0,"reason":"x"}`})
	for _, role := range []access.Role{access.Auditor, access.Public} {
		_, err := h.people.Users.Add(t.Context(), access.User{Name: string(role), Role: role}, goodPassword)
		require.NoError(t, err)
		r := h.reader()
		r.signIn(string(role))
		for _, path := range []string{"/", "/?format=csv&table=overdue", "/regions/" + county, "/orgs/" + orgCode} {
			require.NotContains(t, r.get(path).body, "OPEN", "%s: %s", role, path)
		}
		require.NotContains(t, r.get("/outages?outage=out").body, "outage_cases", string(role))
		require.NotEqual(t, http.StatusOK, r.get("/outages?outage=out&format=csv&table=outage_cases").status, string(role))
	}
	_, err := h.people.Users.Add(t.Context(), access.User{Name: "li", Role: access.Supervisor}, goodPassword)
	require.NoError(t, err)
	r := h.reader()
	r.signIn("li")
	require.Contains(t, r.get("/?format=csv&table=overdue").body, "OPEN")
	require.Equal(t, http.StatusOK, r.get("/outages?outage=out&format=csv&table=outage_cases").status)
}

// An outage is shown to whom it concerns: within his limits or around them.
func TestOutagesKeepToTheScope(t *testing.T) {
	h := workHouse(t)
	for id, what := range map[string][2]string{
		"here": {"region", "610802"}, "around": {"region", "610000"}, "elsewhere": {"region", "620000"}, "everywhere": {"all", ""},
		"source": {"source", "hall"},
		"own":    {"org", "bureau"}, "foreign": {"org", "other"},
	} {
		putPieces(t, h.db, piece{kind: "outage", id: id, state: "declared", level: "hold", origin: what[0], final: endOf(time.June, 30),
			data: `{"from_ms":0,"reason":"because ` + id + `, call 13812345678","code":"` + what[1] + `"}`})
	}
	for _, u := range []access.User{{Name: "li", Role: access.Supervisor, ScopeRegion: "610800"}, {Name: "all", Role: access.Supervisor}} {
		_, err := h.people.Users.Add(t.Context(), u, goodPassword)
		require.NoError(t, err)
	}
	limited, all := h.reader(), h.reader()
	limited.signIn("li")
	all.signIn("all")
	body := limited.get("/outages?lang=en").body
	for _, id := range []string{"here", "around", "everywhere", "source", "own"} {
		require.Contains(t, body, "because "+id+", call 138****5678")
	}
	for _, id := range []string{"elsewhere", "foreign"} {
		require.NotContains(t, body, "because "+id)
		require.Contains(t, all.get("/outages").body, "because "+id)
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
	h := newHouse(t)
	enginetest.Insert(t, h.db, event.Ticket{SourceSys: "12345", TicketNo: "SECRET", EventID: "s1", Type: event.TReceive,
		OccurredAt: local(6, 1, 9), RegionCode: county, OrgCode: orgCode,
		Channel: "phone", Kind: "complaint", Payload: `{"secret":true}`})
	enginetest.Fold(t, h.db)
	for role, status := range map[access.Role]int{access.Handler: 404, access.DeptManager: 404, access.Supervisor: 200,
		access.HotlineAdmin: 200, access.Sysadmin: 404} {
		h.add(string(role), role)
		r := h.reader()
		r.signIn(string(role))
		require.Equal(t, status, r.get("/tickets/12345/SECRET").status, string(role))
		require.Equal(t, status, r.get("/tickets/12345/SECRET?format=csv&table=facts").status, string(role))
	}
}

// Without users the server is open to programs of its machine, and not to what a proxy on
// it passes on from the world.
func TestAServerWithoutUsersIsOpenToItsMachineAlone(t *testing.T) {
	h := newHouse(t)
	r := h.reader()
	require.Equal(t, http.StatusOK, r.get("/").status)
	for _, header := range [][]string{{"X-Forwarded-For", "198.51.100.9"}, {"Host", "duban.example"}, {"Via", "1.1 proxy"}} {
		for _, path := range []string{"/", "/metrics", "/api/v1/indicators", "/setup"} {
			a := r.get(path, header...)
			require.Equal(t, http.StatusServiceUnavailable, a.status, "%v %s", header, path)
		}
	}
	require.Equal(t, http.StatusOK, r.get("/healthz", "X-Forwarded-For", "198.51.100.9").status)
}

// A password does not travel in the open from another machine.
func TestPasswordsAreTakenOverAnEncryptedConnection(t *testing.T) {
	h := newHouse(t)
	h.add("root", access.Sysadmin)
	r := h.reader()
	require.Equal(t, http.StatusOK, r.get("/signin").status, "on the machine itself")
	require.Empty(t, r.get("/signin").header.Get("Strict-Transport-Security"))
	secure := r.get("/signin", "X-Forwarded-For", "198.51.100.9", "X-Forwarded-Proto", "https", "Host", "duban.example")
	require.Equal(t, http.StatusOK, secure.status)
	require.Equal(t, "max-age=31536000", secure.header.Get("Strict-Transport-Security"))
}

// What the page of outages asks for leaves its line in the trail like every other action.
func TestOutageActionsAreOnTrail(t *testing.T) {
	h := workHouse(t)
	_, err := h.people.Users.Add(t.Context(), access.User{Name: "li", Role: access.Supervisor}, goodPassword)
	require.NoError(t, err)
	r := h.reader()
	r.signIn("li")
	require.Equal(t, http.StatusSeeOther, r.post("/outages/actions", "action", "declare", "scope", "all").status)
	var whats []string
	require.NoError(t, h.people.Trail.Carry(t.Context(), func(_ context.Context, entries []access.Entry) error {
		for _, e := range entries {
			whats = append(whats, e.What+" "+e.Outcome)
		}
		return nil
	}))
	require.Contains(t, whats, "outage.declare denied")
}

// Who opened a case or took a file away can be asked afterwards.
func TestReadingSinglesAndTakingFilesIsOnTrail(t *testing.T) {
	h := newHouse(t)
	fill(t, h.db)
	h.add("wang", access.Handler)
	r := h.reader()
	r.signIn("wang")
	for _, path := range []string{"/", "/cases", "/cases/hall/OPEN", "/cases?format=csv", "/tickets/12345/G-1"} {
		require.Equal(t, http.StatusOK, r.get(path).status, path)
	}
	var lines []string
	require.NoError(t, h.people.Trail.Carry(t.Context(), func(_ context.Context, entries []access.Entry) error {
		for _, e := range entries {
			lines = append(lines, e.UserID+" "+e.What+" "+e.TargetKind+" "+e.TargetID)
		}
		return nil
	}))
	require.Equal(t, []string{"u-1 sign_in user u-1", "u-1 subject_read case hall/OPEN", "u-1 exported page /cases",
		"u-1 subject_read ticket 12345/G-1"}, lines)
}
