package figures_test

import (
	"net/http"
	"testing"

	"duban/dashboards/sitetest"
)

// In March forty cases were finished, all within their limit; LATE was finished in April,
// after its own.
func TestFiguresArePagesAndFiles(t *testing.T) {
	s := sitetest.NewSite(t)
	s.Answers(t,
		sitetest.Row{Path: "/", Status: http.StatusOK, Holds: []string{"/indicators/D01"}},
		sitetest.Row{Path: "/?from=2026-13-01", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/?from=2026-03-31&to=2026-03-01", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/?format=csv&table=figures", Status: http.StatusOK, Holds: []string{"indicator,name,numerator,denominator,value\n"}},
		sitetest.Row{Path: "/?format=csv&table=none", Status: http.StatusNotFound},
		sitetest.Row{Path: "/regions/" + sitetest.County, Status: http.StatusOK},
		sitetest.Row{Path: "/regions/12", Status: http.StatusNotFound},
		sitetest.Row{Path: "/orgs/" + sitetest.OrgCode, Status: http.StatusOK},
		sitetest.Row{Path: "/orgs/nobody", Status: http.StatusNotFound},
		sitetest.Row{Path: "/indicators?group=D", Status: http.StatusOK, Holds: []string{"/indicators/D01"}, Lacks: []string{"/indicators/C01?"}},
		sitetest.Row{Path: "/indicators?group=none", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/indicators/D01?from=2026-03-01&to=2026-03-31", Status: http.StatusOK, Holds: []string{"40 / 40", "100.0%"}},
		sitetest.Row{Path: "/indicators/D01?from=2026-04-01&to=2026-04-30", Status: http.StatusOK, Holds: []string{"0 / 1", "0.0%"}},
		sitetest.Row{Path: "/indicators/D01?by=colour", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/indicators/Z99", Status: http.StatusNotFound},
		sitetest.Row{Path: "/choices/orgs", Status: http.StatusOK, Holds: []string{sitetest.OrgCode}},
	)
}
