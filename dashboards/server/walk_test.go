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
	"duban/dashboards/sitetest"
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
func everyPage(h *sitetest.House, visit func(route string)) {
	h.T.Helper()
	require.NoError(h.T, chi.Walk(h.Server.Routes(), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
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
func look(r *sitetest.Reader, route, path string, opened map[string]bool, see func(path string, a sitetest.Answer)) {
	a := r.Get(path)
	see(path, a)
	if a.Status != http.StatusOK || opened[route] {
		return
	}
	opened[route] = true
	for _, m := range fileLink.FindAllStringSubmatch(a.Body, -1) {
		file := html.UnescapeString(m[1])
		see(file, r.Get(file))
	}
}

// The scope fails closed: whatever page there is, who sees a division, an organisation or a
// line sees nothing of another one, neither on the page, nor in its files, nor by asking for
// it by name. Everything foreign here is called so.
func TestNoRouteShowsWhatIsOutsideOfTheScope(t *testing.T) {
	h := sitetest.NewHouse(t)
	sitetest.Fill(t, h.DB)
	const foreignOrg, foreignRegion = "FOREIGN-ORG", "620102"
	foreign := sitetest.Fact("FOREIGN-CASE", 1, event.Apply, sitetest.Local(6, 1, 9), "")
	foreign.OrgCode, foreign.RegionCode = foreignOrg, foreignRegion
	enginetest.Insert(t, h.DB, foreign,
		event.Organisation{SourceSys: "dir", EventID: "fo", OrgCode: foreignOrg, Name: "FOREIGN-NAME", RegionCode: foreignRegion, ValidFrom: 1},
		event.Ticket{SourceSys: "12345", TicketNo: "FOREIGN-TICKET", EventID: "f1", Type: event.TReceive, OccurredAt: sitetest.Local(6, 1, 9),
			RegionCode: foreignRegion, OrgCode: foreignOrg, Channel: "phone", Kind: "complaint"})
	enginetest.Fold(t, h.DB)
	sitetest.PutCards(t, h.DB, sitetest.Card{ID: "FOREIGN-ALERT", Org: foreignOrg, Region: foreignRegion, State: "appealed", Severity: "red",
		Category: "hotline", Events: []sitetest.Happening{{Name: "raised", At: sitetest.Day(6, 1), Payload: ""},
			{Name: "appeal", At: sitetest.Day(6, 8), Payload: `{}`}}})
	for _, kind := range []string{"order", "rating", "exposure", "referral"} {
		sitetest.PutPieces(t, h.DB, sitetest.Piece{Kind: kind, ID: "FOREIGN-WORK", Org: foreignOrg, Region: foreignRegion,
			State:  map[string]string{"order": "issued", "rating": "verifying", "exposure": "published", "referral": "referred"}[kind],
			Origin: "hotline", Level: "key", Data: `{"title":"FOREIGN-TITLE"}`, Due: sitetest.EndOf(6, 20), Final: sitetest.EndOf(6, 20),
			Alerts: []string{"FOREIGN-ALERT"}})
	}
	sitetest.PutPieces(t, h.DB, sitetest.Piece{Kind: "outage", ID: "FOREIGN-OUTAGE", State: "declared", Level: "hold", Origin: "org",
		Org:   foreignOrg,
		Final: sitetest.EndOf(6, 30), Data: `{"from_ms":0,"reason":"x","code":"FOREIGN-ORG"}`})
	params := []map[string]string{
		{"code": foreignOrg, "source": "hall", "*": "FOREIGN-CASE", "id": "FOREIGN-ALERT", "kind": "order"},
		{"code": foreignRegion, "source": "12345", "*": "FOREIGN-TICKET", "id": "FOREIGN-WORK", "kind": "order"},
		{"id": "FOREIGN-WORK", "kind": "rating"}, {"id": "FOREIGN-WORK", "kind": "exposure"}, {"id": "FOREIGN-WORK", "kind": "referral"},
		{"code": sitetest.OrgCode, "source": "hall", "*": "OPEN", "id": "C01", "kind": "order"},
		{"code": sitetest.County, "source": "12345", "*": "G-1", "id": "a1000000", "kind": "order"}, {"id": "R-DDL-04"},
	}
	for name, u := range map[string]access.User{
		"manager": {Role: access.DeptManager, OrgCode: sitetest.OrgCode}, "handler": {Role: access.Handler, OrgCode: sitetest.OrgCode,
			ScopeRegion: sitetest.County},
		"county": {Role: access.Supervisor, ScopeRegion: sitetest.County},
		"line":   {Role: access.Analyst, Line: "housing"}, "auditor": {Role: access.Auditor, ScopeRegion: sitetest.County},
		"public": {Role: access.Public, OrgCode: sitetest.OrgCode},
	} {
		u.Name = name
		_, err := h.People.Users.Add(t.Context(), u, sitetest.GoodPassword)
		require.NoError(t, err)
		r := h.Reader()
		r.SignIn(name)
		shown := 0
		see := func(path string, a sitetest.Answer) {
			require.Contains(t, []int{200, 303, 400, 403, 404}, a.Status, "%s %s", name, path)
			body := strings.ReplaceAll(a.Body, html.EscapeString(path), "") // the address itself may be said again
			if a.Status == http.StatusOK {
				shown++
				if at := strings.Index(body, "FOREIGN"); at >= 0 {
					t.Fatalf("%s %s: …%s…", name, path, body[max(0, at-200):min(len(body), at+100)])
				}
			}
		}
		seen := map[string]bool{}
		everyPage(h, func(route string) {
			for _, p := range params {
				if path := address(route, p); !seen[path] {
					seen[path] = true
					look(r, route, path, seen, see)
				}
			}
			if reachable := address(route, params[5]); !strings.HasPrefix(route, "/signin") && route != "/account" && route != "/setup" &&
				!strings.HasSuffix(route, "z") {
				for _, q := range []string{"?region=" + foreignRegion, "?org=" + foreignOrg, "?region=" + foreignRegion + "&org=" + foreignOrg} {
					a := r.Get(reachable + q)
					if limits := u.ScopeRegion != "" && strings.Contains(q, "region") || u.OrgCode != "" && strings.Contains(q, "org="); limits &&
						a.Status == http.StatusOK {
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
	county, all := h.Reader(), h.Reader()
	county.SignIn("county")
	_, err := h.People.Users.Add(t.Context(), access.User{Name: "all", Role: access.Supervisor}, sitetest.GoodPassword)
	require.NoError(t, err)
	all.SignIn("all")
	require.Contains(t, county.Columns("/rules?format=csv&table=rules", "rule_id", "total"), "R-DDL-04 2")
	require.Contains(t, all.Columns("/rules?format=csv&table=rules", "rule_id", "total"), "R-DDL-04 3")
}
