package rules_test

import (
	"net/http"
	"testing"

	"duban/dashboards/sitetest"
)

func TestTheCatalogueOfRules(t *testing.T) {
	s := sitetest.NewSite(t)
	s.Answers(t,
		sitetest.Row{Path: "/rules", Status: http.StatusOK, Holds: []string{"/rules/R-DDL-04"}},
		sitetest.Row{Path: "/rules?format=csv&table=rules", Status: http.StatusOK, Holds: []string{
			"rule_id,category,subject_kind,ladder,issue,clear,open,total,revoked,rule_health,evaluated_at,took_ms\n",
			"\nR-DDL-04,timeliness,case,"}},
		sitetest.Row{Path: "/rules?format=csv&table=none", Status: http.StatusNotFound},
		sitetest.Row{Path: "/rules/R-DDL-04", Status: http.StatusOK, Holds: []string{"R-DDL-04", "SELECT"}},
		sitetest.Row{Path: "/rules/R-NONE-01", Status: http.StatusNotFound},
	)
}
