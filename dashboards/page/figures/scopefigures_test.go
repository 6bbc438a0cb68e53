package figures_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/server"
	"duban/dashboards/sitetest"
	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/supervision/engine/enginetest"
)

// bureau is the code of the n-th of several bureaus of one level and line.
func bureau(n int) string { return fmt.Sprintf("1161080%dMB290000%dX", n, n) }

// Under the name of a department stands what is of the department: its place among
// its peers, never the first of one, and the steps of its own cases.
func TestThePageOfADepartmentIsAboutTheDepartment(t *testing.T) {
	db := storetest.New(t)
	var facts []any
	// Seven bureaus of one line with 30 cases each; bureau n has n late ones, but
	// 3 and 4 have three each. An eighth has 29 cases and all of them in time.
	for n := 1; n <= 8; n++ {
		facts = append(facts, event.Organisation{SourceSys: "dir", EventID: fmt.Sprint("o", n), OrgCode: bureau(n), Name: fmt.Sprint("局", n),
			RegionCode: sitetest.County, OrgLine: "housing", GovLevel: 3, ValidFrom: 1})
		late, count := n, 30
		switch n {
		case 4:
			late = 3
		case 8:
			late, count = 0, 29
		}
		for i := range count {
			end := 5
			if i < late {
				end = 20
			}
			for _, f := range sitetest.Run(fmt.Sprintf("B%d-%d", n, i), time.March, 2, end) {
				c := f.(event.Case)
				c.OrgCode = bureau(n)
				if n == 1 && c.Type == event.Finish {
					c.Activity = "seal"
				}
				facts = append(facts, c)
			}
		}
	}
	enginetest.Insert(t, db, facts...)
	enginetest.Fold(t, db)
	s := sitetest.Serve(t, db, server.Config{Listen: "127.0.0.1:0"}, nil)

	const period = "?format=csv&from=2026-01-01&to=2026-06-15&source=hall"
	// equal rates share a place, the next is skipped (7.3)
	for n, want := range map[int]string{1: "1", 2: "2", 3: "3", 4: "3", 5: "5", 7: "7"} {
		rows := s.Table("/orgs/" + bureau(n) + period + "&table=ranking")
		require.Len(t, rows, 1, n)
		require.Equal(t, []string{want, "7", "line", bureau(n)}, rows[0][:4], n)
	}
	_, body, _ := s.Get("/orgs/" + bureau(5) + "?from=2026-01-01&to=2026-06-15&source=hall&lang=en")
	require.Contains(t, body, "5 of 7")
	_, body, _ = s.Get("/orgs/" + bureau(8) + "?from=2026-01-01&to=2026-06-15&source=hall&lang=en")
	require.Contains(t, body, "insufficient sample", "29 cases are too few (C7)")

	all := s.Table("/" + period + "&table=ranking")
	require.Equal(t, "1", all[0][0])
	require.Equal(t, bureau(1), all[0][1])
	require.Equal(t, "局1", all[0][2], "the file names the organisation beside its code")
	_, file, _ := s.Get("/" + period + "&table=ranking")
	head, _, _ := strings.Cut(strings.TrimPrefix(file, "\ufeff"), "\n")
	require.Contains(t, head, "rank,org_code,org,")

	for _, row := range s.Table("/orgs/" + bureau(2) + period + "&table=transitions") {
		require.NotContains(t, row, "seal", "another bureau's work")
		require.Equal(t, "30", row[2], "of its own thirty cases")
	}
	steps := s.Table("/orgs/" + bureau(1) + period + "&table=transitions")
	require.Equal(t, []string{"accept", "seal", "30"}, steps[0][:3])
	require.Equal(t, "239", countOf(s.Table("/regions/"+sitetest.County+period+"&table=transitions"), "apply", "accept")) // 7 * 30 + 29
	require.Equal(t, "30", countOf(s.Table("/process"+period+"&table=dfg&org="+bureau(3)), "accept", "finish"))
	require.Empty(t, s.Table("/process"+period+"&table=dfg&region=450000"))
}

// A rate of too few cases is no full bar beside one of many (C7), and a total that
// is no mean of its months says so: a case that is open and overdue counts in each
// month's end, in the whole period once.
func TestSmallSamplesAreMarkedAndTheTrendExplainsItself(t *testing.T) {
	s := sitetest.NewSite(t)
	const period = "&source=hall&from=2026-01-01&to=2026-06-15&lang=en"
	_, body, _ := s.Get("/indicators/D01?by=month" + period)
	require.Equal(t, 3, strings.Count(body, "<small>insufficient sample</small>"),
		"April, May and June have one or two cases; March has forty")
	_, body, _ = s.Get("/indicators/C07?by=org" + period)
	require.Contains(t, body, "Largest denominator first")
	small := body[strings.LastIndex(body, "/orgs/"+sitetest.OtherOrg):]
	require.Contains(t, small[:strings.Index(small, "</tr>")], "insufficient sample")
	require.NotContains(t, small[:strings.Index(small, "</tr>")], "bar-fill")
	_, body, _ = s.Get("/?" + period[1:])
	require.Contains(t, body, "the total is no mean of the months")
}

// Test and secret subjects are in no figure (C4), the process included, and are named
// on no list of those who look after the data.
func TestSecretAndTestSubjectsAreInNoProcessAndOnNoListOfFaults(t *testing.T) {
	db := storetest.New(t)
	facts := sitetest.Run("PLAIN", time.March, 2, 5)
	for _, flag := range []string{"secret", "is_test"} {
		for i, f := range sitetest.Run("FLAG-"+flag, time.March, 2, 5) {
			c := f.(event.Case)
			if i == 0 {
				c.Payload = `{"` + flag + `":true}`
			}
			c.Activity = flag + " " + c.Activity
			facts = append(facts, c)
		}
	}
	twice := sitetest.Fact("FLAG-secret", 7, event.Apply, sitetest.Local(time.March, 2, 9), `{"secret":true}`)
	twice.SourceSys, twice.EventID = "other", "twice"
	facts = append(facts, twice)
	enginetest.Insert(t, db, facts...)
	enginetest.Fold(t, db)
	s := sitetest.Serve(t, db, server.Config{Listen: "127.0.0.1:0"}, nil)
	rows := s.Table("/process?format=csv&table=dfg&source=hall&from=2026-01-01&to=2026-06-15")
	require.Equal(t, "1", countOf(rows, "apply", "accept"))
	for _, r := range rows {
		require.NotContains(t, r[0], "secret")
		require.NotContains(t, r[0], "is_test")
	}
	_, body, _ := s.Get("/quality?lang=en")
	require.NotContains(t, body, "FLAG-secret")
}

// countOf is the count of one pair of activities.
func countOf(rows [][]string, from, to string) string {
	for _, r := range rows {
		if r[0] == from && r[1] == to {
			return r[2]
		}
	}
	return ""
}
