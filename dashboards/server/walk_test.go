package server_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/ingest/event"
	"duban/supervision/engine/enginetest"
)

// address fills the parameters of a route with what is asked for.
func address(route string, of map[string]string) string {
	return regexp.MustCompile(`\{[a-z]+\}|\*`).ReplaceAllStringFunc(route, func(p string) string {
		if v := of[strings.Trim(p, "{}")]; v != "" {
			return v
		}
		return "x"
	})
}

// everyPage calls visit with the address of every route that can be read, but those that
// answer for ever or are about the session itself.
func (h *house) everyPage(visit func(route string)) {
	h.t.Helper()
	require.NoError(h.t, chi.Walk(h.routes, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		switch {
		case method != http.MethodGet, route == "/alerts/stream", route == "/metrics", strings.HasPrefix(route, "/assets/"):
		default:
			visit(route)
		}
		return nil
	}))
}

var fileLink = regexp.MustCompile(`href="([^"]*format=csv[^"]*)"`)

// look opens a page and, the first time that a page of the route opens, every file that it
// offers, and calls see with what came.
func (r *reader) look(route, path string, opened map[string]bool, see func(path string, a answer)) {
	a := r.get(path)
	see(path, a)
	if a.status != http.StatusOK || opened[route] {
		return
	}
	opened[route] = true
	for _, m := range fileLink.FindAllStringSubmatch(a.body, -1) {
		file := html.UnescapeString(m[1])
		see(file, r.get(file))
	}
}

// The scope fails closed: whatever page there is, who sees a division, an organisation or a
// line sees nothing of another one, neither on the page, nor in its files, nor by asking for
// it by name. Everything foreign here is called so.
func TestNoRouteShowsWhatIsOutsideOfTheScope(t *testing.T) {
	h := newHouse(t)
	fill(t, h.db)
	const foreignOrg, foreignRegion = "FOREIGN-ORG", "620102"
	foreign := fact("FOREIGN-CASE", 1, event.Apply, local(6, 1, 9), "")
	foreign.OrgCode, foreign.RegionCode = foreignOrg, foreignRegion
	enginetest.Insert(t, h.db, foreign,
		event.Organisation{SourceSys: "dir", EventID: "fo", OrgCode: foreignOrg, Name: "FOREIGN-NAME", RegionCode: foreignRegion, ValidFrom: 1},
		event.Ticket{SourceSys: "12345", TicketNo: "FOREIGN-TICKET", EventID: "f1", Type: event.TReceive, OccurredAt: local(6, 1, 9),
			RegionCode: foreignRegion, OrgCode: foreignOrg, Channel: "phone", Kind: "complaint"})
	enginetest.Fold(t, h.db)
	putCards(t, h.db, card{id: "FOREIGN-ALERT", org: foreignOrg, region: foreignRegion, state: "appealed", severity: "red",
		category: "hotline", events: []happening{{"raised", day(6, 1), ""}, {"appeal", day(6, 8), `{}`}}})
	for _, kind := range []string{"order", "rating", "exposure", "referral"} {
		putPieces(t, h.db, piece{kind: kind, id: "FOREIGN-WORK", org: foreignOrg, region: foreignRegion,
			state:  map[string]string{"order": "issued", "rating": "verifying", "exposure": "published", "referral": "referred"}[kind],
			origin: "hotline", level: "key", data: `{"title":"FOREIGN-TITLE"}`, due: endOf(6, 20), final: endOf(6, 20),
			alerts: []string{"FOREIGN-ALERT"}})
	}
	putPieces(t, h.db, piece{kind: "outage", id: "FOREIGN-OUTAGE", state: "declared", level: "hold", origin: "org", org: foreignOrg,
		final: endOf(6, 30), data: `{"from_ms":0,"reason":"x","code":"FOREIGN-ORG"}`})
	params := []map[string]string{
		{"code": foreignOrg, "source": "hall", "*": "FOREIGN-CASE", "id": "FOREIGN-ALERT", "kind": "order"},
		{"code": foreignRegion, "source": "12345", "*": "FOREIGN-TICKET", "id": "FOREIGN-WORK", "kind": "order"},
		{"id": "FOREIGN-WORK", "kind": "rating"}, {"id": "FOREIGN-WORK", "kind": "exposure"}, {"id": "FOREIGN-WORK", "kind": "referral"},
		{"code": orgCode, "source": "hall", "*": "OPEN", "id": "C01", "kind": "order"},
		{"code": county, "source": "12345", "*": "G-1", "id": "a1000000", "kind": "order"}, {"id": "R-DDL-04"},
	}
	for name, u := range map[string]access.User{
		"manager": {Role: access.DeptManager, OrgCode: orgCode}, "handler": {Role: access.Handler, OrgCode: orgCode, ScopeRegion: county},
		"county": {Role: access.Supervisor, ScopeRegion: county},
		"line":   {Role: access.Analyst, Line: "housing"}, "auditor": {Role: access.Auditor, ScopeRegion: county},
		"public": {Role: access.Public, OrgCode: orgCode},
	} {
		u.Name = name
		_, err := h.people.Users.Add(t.Context(), u, goodPassword)
		require.NoError(t, err)
		r := h.reader()
		r.signIn(name)
		shown := 0
		see := func(path string, a answer) {
			require.Contains(t, []int{200, 303, 400, 403, 404}, a.status, "%s %s", name, path)
			body := strings.ReplaceAll(a.body, html.EscapeString(path), "") // the address itself may be said again
			if a.status == http.StatusOK {
				shown++
				if at := strings.Index(body, "FOREIGN"); at >= 0 {
					t.Fatalf("%s %s: …%s…", name, path, body[max(0, at-200):min(len(body), at+100)])
				}
			}
		}
		seen := map[string]bool{}
		h.everyPage(func(route string) {
			for _, p := range params {
				if path := address(route, p); !seen[path] {
					seen[path] = true
					r.look(route, path, seen, see)
				}
			}
			if reachable := address(route, params[5]); !strings.HasPrefix(route, "/signin") && route != "/account" && route != "/setup" &&
				!strings.HasSuffix(route, "z") {
				for _, q := range []string{"?region=" + foreignRegion, "?org=" + foreignOrg, "?region=" + foreignRegion + "&org=" + foreignOrg} {
					a := r.get(reachable + q)
					if limits := u.ScopeRegion != "" && strings.Contains(q, "region") || u.OrgCode != "" && strings.Contains(q, "org="); limits &&
						a.status == http.StatusOK {
						t.Fatalf("%s is shown %s", name, reachable+q)
					}
				}
			}
		})
		if name != "line" { // no figure knows lines
			require.Greater(t, shown, 10, "%s sees the own scope", name)
		}
	}
	// Totals are of the scope too: the two cards of the county, not the one elsewhere.
	county, all := h.reader(), h.reader()
	county.signIn("county")
	_, err := h.people.Users.Add(t.Context(), access.User{Name: "all", Role: access.Supervisor}, goodPassword)
	require.NoError(t, err)
	all.signIn("all")
	require.Contains(t, county.columns("/rules?format=csv&table=rules", "rule_id", "total"), "R-DDL-04 2")
	require.Contains(t, all.columns("/rules?format=csv&table=rules", "rule_id", "total"), "R-DDL-04 3")
}
