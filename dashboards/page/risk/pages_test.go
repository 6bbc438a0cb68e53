package risk_test

import (
	"net/http"
	"testing"

	"duban/dashboards/sitetest"
)

func TestEarlyWarningAndProfiles(t *testing.T) {
	s := sitetest.NewSite(t)
	s.Answers(t,
		sitetest.Row{Path: "/risk", Status: http.StatusOK},
		sitetest.Row{Path: "/risk?format=csv&table=risk_cases", Status: http.StatusOK,
			Holds: []string{"subject_no,probability,"}, Lacks: []string{"M000"}}, // those that are over are at no risk
		sitetest.Row{Path: "/risk?format=csv&table=risk_verdicts", Status: http.StatusOK, Holds: []string{"source_sys,subject_kind,verdict,"}},
		sitetest.Row{Path: "/risk?format=csv&table=volume", Status: http.StatusOK, Holds: []string{"day,verdict,z,"}},
		sitetest.Row{Path: "/risk?format=csv&table=none", Status: http.StatusNotFound},
		sitetest.Row{Path: "/profiles", Status: http.StatusOK},
		sitetest.Row{Path: "/profiles?format=csv&table=profile", Status: http.StatusOK,
			Holds: []string{"org_code,retro_entry,off_system,terminate_due,suspension,ping_pong,default_rating,five_star_fast,rewrite\n"}},
		sitetest.Row{Path: "/profiles?format=csv&table=none", Status: http.StatusNotFound},
		sitetest.Row{Path: "/profiles/cases?indicator=suspension", Status: http.StatusOK},
		sitetest.Row{Path: "/profiles/cases?indicator=suspension&format=csv", Status: http.StatusOK,
			Holds: []string{"subject_no,subject_kind,at,why,org_code,task_code,source_sys\n"}},
		sitetest.Row{Path: "/profiles/cases?indicator=none", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/profiles/cases?indicator=suspension&page=0", Status: http.StatusBadRequest},
	)
}
