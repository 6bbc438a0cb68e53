package cases_test

import (
	"net/http"
	"testing"

	"duban/dashboards/sitetest"
)

// What is asked for is shown, and what there is not is refused rather than shown as
// something else. LATE was accepted on 1 April 2026 with five working days; 4 to 6 April
// are the Qingming holiday, so that it was due on the 9th.
func TestListsAndSubjects(t *testing.T) {
	s := sitetest.NewSite(t)
	const columns = "case_no,source_sys,org_code,region_code,task_code,channel,state,timeliness,applied_at,promise_due,stop_at,net_days," +
		"overdue_by,margin_days,source_due_at,source_on_time\n"
	s.Answers(t,
		sitetest.Row{Path: "/cases?q=M00", Status: http.StatusOK, Holds: []string{">M000<", ">M009<"}, Lacks: []string{">M010<", ">LATE<"}},
		sitetest.Row{Path: "/cases?timeliness=late", Status: http.StatusOK, Holds: []string{">LATE<"}, Lacks: []string{">OPEN<", ">M000<"}},
		sitetest.Row{Path: "/cases?timeliness=late&format=csv", Status: http.StatusOK,
			Holds: []string{columns, "\nLATE,hall,", "2026-04-09T23:59:59.999+08:00"}, Lacks: []string{"OPEN"}},
		sitetest.Row{Path: "/cases?format=csv&table=tickets", Status: http.StatusNotFound},
		sitetest.Row{Path: "/cases?timeliness=soon", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/cases?sort=colour", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/cases?dir=up", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/cases?role=both", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/cases?page=0", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/cases?region=6108", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/tickets?kind=complaint", Status: http.StatusOK, Holds: []string{">G-1<"}},
		sitetest.Row{Path: "/tickets?kind=praise", Status: http.StatusOK, Lacks: []string{">G-1<"}},
		sitetest.Row{Path: "/cases?indicator=D01&role=numerator", Status: http.StatusOK, Holds: []string{"D01"}, Lacks: []string{">LATE<"}},
		sitetest.Row{Path: "/cases?indicator=D01&sort=margin", Status: http.StatusBadRequest},
		sitetest.Row{Path: "/cases?indicator=Z99", Status: http.StatusNotFound},
		sitetest.Row{Path: "/cases/hall/LATE", Status: http.StatusOK, Holds: []string{"2026-04-09"}},
		sitetest.Row{Path: "/cases/hall/LATE?format=csv&table=clocks", Status: http.StatusOK,
			Holds: []string{"clock,run_no,limit,start_at,due_at,stop_at,paused_days,extended_days,outcome\n",
				"\nK3,1,5 W,2026-04-01T10:00:00.000+08:00,2026-04-09T23:59:59.999+08:00,2026-04-30T15:00:00.000+08:00,0,0,missed\n"}},
		sitetest.Row{Path: "/cases/hall/LATE?format=csv&table=none", Status: http.StatusNotFound},
		sitetest.Row{Path: "/cases/hall/NONE", Status: http.StatusNotFound},
		sitetest.Row{Path: "/cases/hall/a/b", Status: http.StatusNotFound},
		sitetest.Row{Path: "/tickets/12345/G-1", Status: http.StatusOK, Holds: []string{"G-1"}},
		sitetest.Row{Path: "/tickets/12345/G-2", Status: http.StatusNotFound},
	)
}
