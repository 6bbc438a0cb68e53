package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/supervision/engine/enginetest"
)

// A bad rating of Monday 2 March 2026 that is verified on Tuesday has to be rectified by
// Tuesday the 10th (domain guide 4: five working days). That its source takes the rating out
// after that is no decision of a supervisor: the card goes to review and is not cancelled.
func TestASourceThatTakesABadRatingOutAfterTheDueDoesNotTakeTheCardBack(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-SAT-02")
	rating := func(no string) event.Rating {
		return event.Rating{SourceSys: "r", RatingID: no, SubjectSys: "s", CaseNo: "c/" + no, Level: 1, RatedAt: day(2), ServedAt: day(2) - 1000, OrgCode: "org", RegionCode: "610102", Channel: "qr"}
	}
	enginetest.Insert(t, db, rating("revised"), rating("kept"))
	look(march(2, 18))
	for _, no := range []string{"revised", "kept"} {
		var id string
		scan(t, db, "SELECT id FROM work_items FINAL WHERE subjects = ['case/s/c/"+no+"']", &id)
		enginetest.Insert(t, db, does("verify-"+no, "dept_manager", "rating", id, "verify", 1, `{"comment":"it is so"}`))
	}
	look(march(3, 18))
	look(march(11, 3))
	require.Equal(t, 2, count(t, db, "alerts FINAL WHERE rule_id = 'R-SAT-02' AND state = 'issued' AND severity = 'yellow'"))
	out := rating("revised")
	out.Revision, out.Excluded = 1, true
	enginetest.Insert(t, db, out)
	look(march(11, 6))
	look(march(11, 9))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE rule_id = 'R-SAT-02' AND state = 'issued'"))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE rule_id = 'R-SAT-02' AND state = 'review'"))
	require.Equal(t, 1, count(t, db, "alert_events FINAL WHERE reason = 'late_data' AND payload LIKE '%revised/1%'"))
}
