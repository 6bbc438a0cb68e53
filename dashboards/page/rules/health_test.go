package rules_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/server"
	"duban/dashboards/sitetest"
	"duban/internal/store/storetest"
)

// Each rule stands once in the file of the catalogue, and its page has the definition that it is
// evaluated by, from the guide to the SQL.
func TestEveryRuleHasAPage(t *testing.T) {
	db := storetest.New(t)
	s := sitetest.Serve(t, db, server.Config{Listen: "127.0.0.1:0"}, nil)
	header := map[string]int{"rule_id": 0, "subject_kind": 2, "ladder": 3, "open": 6, "rule_health": 9, "took_ms": 11} // as in the file
	seen := map[string]bool{}
	for _, r := range s.Table("/rules?format=csv&table=rules") {
		id := r[header["rule_id"]]
		require.False(t, seen[id], id)
		seen[id] = true
		require.NotEmpty(t, r[header["subject_kind"]], id)
		require.NotEmpty(t, r[header["ladder"]], id)
		require.Contains(t, []string{"never", "suspended"}, r[header["rule_health"]], "%s: nothing was evaluated", id)
		require.Equal(t, "0", r[header["open"]], "a rule without alerts has none, not nothing")
		require.Empty(t, r[header["took_ms"]], "and what was not measured is no nought: %s", id)
	}
	require.GreaterOrEqual(t, len(seen), 70)
	require.True(t, seen["R-DDL-03"] && seen["R-SAT-01"])
	for _, id := range []string{"R-DDL-03", "R-SAT-01", "R-ORD-01"} {
		status, body, _ := s.Get("/rules/"+id, "Accept-Language", "en")
		require.Equal(t, http.StatusOK, status, id)
		require.Contains(t, body, "SELECT", id)
		require.NotContains(t, strings.ToLower(body), "<no value>", id)
	}
	s.Answers(t,
		sitetest.Row{Path: "/rules/r-ddl-03", Status: http.StatusNotFound},
		sitetest.Row{Path: "/rules/R-DDL-03%2F..", Status: http.StatusNotFound},
		sitetest.Row{Path: "/rules?region=61", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/rules?as_of=soon", Status: http.StatusBadRequest},
	)
}
