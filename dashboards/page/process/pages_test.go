package process_test

import (
	"net/http"
	"testing"

	"duban/dashboards/sitetest"
)

// Of the 43 cases that were accepted 42 were finished: OPEN was not.
func TestWhichActivityFollowsWhich(t *testing.T) {
	s := sitetest.NewSite(t)
	s.Answers(t,
		sitetest.Row{Path: "/process", Status: http.StatusOK},
		sitetest.Row{Path: "/process?source=hall", Status: http.StatusOK, Holds: []string{"Apply", "Accept"}},
		sitetest.Row{Path: "/process?source=hall&format=csv&table=dfg", Status: http.StatusOK,
			Holds: []string{"from,to,count,mean_hours,median_hours,p90_hours,total_hours\n", "\napply,accept,43,", "\naccept,finish,42,"}},
		sitetest.Row{Path: "/process?source=hall&format=csv&table=variants", Status: http.StatusOK,
			Holds: []string{"rank,activities,steps,cases,share\n1,apply → accept → finish,3,42,"}},
		sitetest.Row{Path: "/process?source=hall&format=csv&table=none", Status: http.StatusNotFound},
		sitetest.Row{Path: "/process?to=tomorrow", Status: http.StatusBadRequest},
	)
}
