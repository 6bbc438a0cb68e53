package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/supervision/engine/enginetest"
)

// A bad rating of Monday 2 March 2026 that is verified on Tuesday has to be rectified by
// Tuesday the 10th (domain guide 4: five working days). That its source takes the rating out
// after that is no decision of a supervisor, nor is a later rating, one that comes a week late, or
// a case that is told in hindsight: the card goes to review and is not cancelled.
func TestASourceThatTakesABadRatingOutAfterTheDueDoesNotTakeTheCardBack(t *testing.T) {
	db := storetest.New(t)
	look := looking(t, db, "R-SAT-02")
	rating := func(no string) event.Rating {
		return event.Rating{SourceSys: "r", RatingID: no, SubjectSys: "s", CaseNo: "c/" + no, Level: 1, RatedAt: day(2), ServedAt: day(2) - 1000, OrgCode: "org", RegionCode: "610102", Channel: "qr"}
	}
	again := func(no, id string, at time.Time) event.Rating {
		r := rating(no)
		r.RatingID, r.Level, r.RatedAt, r.ServedAt = id, 5, at.UnixMilli(), at.UnixMilli()-1000
		return r
	}
	all := []string{"revised", "kept", "replaced", "late", "hindsight"}
	unserved := rating("hindsight")
	unserved.ServedAt = 0
	enginetest.Insert(t, db, rating("revised"), rating("kept"), rating("replaced"), rating("late"), unserved)
	look(march(2, 18))
	for _, no := range all {
		var id string
		scan(t, db, "SELECT id FROM work_items FINAL WHERE subjects = ['case/s/c/"+no+"']", &id)
		enginetest.Insert(t, db, does("verify-"+no, "dept_manager", "rating", id, "verify", 1, `{"comment":"it is so"}`))
	}
	look(march(3, 18))
	look(march(11, 3))
	require.Equal(t, 5, count(t, db, "alerts FINAL WHERE rule_id = 'R-SAT-02' AND state = 'issued' AND severity = 'yellow'"))
	out := rating("revised")
	out.Revision, out.Excluded = 1, true
	came := func(f event.Case) event.Case { return arrived(f, march(11, 5)) }
	enginetest.Insert(t, db, out, again("replaced", "second", march(11, 4)), again("late", "third", march(5, 9)),
		// The service was a month before the rating: more than five working days.
		came(fact("c/hindsight", event.Apply, march(-20, 9).UnixMilli(), "")), came(fact("c/hindsight", event.Accept, march(-20, 10).UnixMilli(), "")),
		came(fact("c/hindsight", event.Finish, march(-15, 10).UnixMilli(), `{"result_type":"approved"}`)))
	look(march(11, 6))
	look(march(11, 9))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE rule_id = 'R-SAT-02' AND state = 'issued'"))
	require.Equal(t, 4, count(t, db, "alerts FINAL WHERE rule_id = 'R-SAT-02' AND state = 'review'"))
	require.Equal(t, 1, count(t, db, "alert_events FINAL WHERE reason = 'late_data' AND payload LIKE '%revised/1%'"))
}
