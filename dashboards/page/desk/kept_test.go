package desk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/sitetest"
)

// record puts an action of a person and what became of it where the engine and
// the ingest leave them.
func record(h *sitetest.House, id, kind, subject, action, actor string, seq uint32, payload, outcome string) {
	h.T.Helper()
	sitetest.InsertRow(h.T, h.DB, "actions", "source_sys, event_id, subject_kind, subject_id, action, expected_seq, actor, role, payload, "+
		"occurred_at, received_at, stored_at",
		"duban", id, kind, subject, action, seq, actor, "dept_manager", payload, sitetest.Day(time.June, 15), sitetest.Day(time.June,
			15), sitetest.Day(time.June, 15))
	if outcome != "" {
		sitetest.InsertRow(h.T, h.DB, "action_results",
			"source_sys, event_id, fold_version, subject_kind, subject_id, outcome, seq, detail, recorded_at",
			"duban", id, uint64(1), kind, subject, outcome, seq+1, "", sitetest.Day(time.June, 15))
	}
}

// Nobody writes an answer twice because somebody, or his own step before it, was
// faster; nobody is accused of what he did himself; and as long as a step has not
// taken effect the page offers none that would be refused because of it.
func TestARefusedDeedKeepsItsWordsAndSaysWhoWasFaster(t *testing.T) {
	h := sitetest.WorkHouse(t)
	sitetest.PutCards(t, h.DB, sitetest.Card{ID: "a9000000", Org: "bureau", Region: "610800", State: "acked", Severity: "yellow",
		Due: sitetest.EndOf(time.June, 19)})
	me, err := h.People.Users.Add(t.Context(), access.User{Name: "chen", Display: "Chen", Role: access.DeptManager, OrgCode: "bureau"},
		sitetest.GoodPassword)
	require.NoError(t, err)
	other, err := h.People.Users.Add(t.Context(), access.User{Name: "lin", Display: "Lin Mei", Role: access.DeptManager, OrgCode: "bureau"},
		sitetest.GoodPassword)
	require.NoError(t, err)
	r := h.Reader()
	r.SignIn("chen")
	const words = `{"cause":"The file <b>stood</b> still","fix":"two more clerks"}`

	history := func(actor string) {
		sitetest.InsertRow(t, h.DB, "alert_events", "alert_id, seq, fold_version, event, state, severity, effective_at, recorded_at, actor, role",
			"a9000000", uint32(2), uint64(3), "ack", "acked", "yellow", sitetest.Day(time.June, 15), sitetest.Day(time.June,
				15), actor, "dept_manager")
	}
	history(me.ID)
	record(h, "e-own", "alert", "a9000000", "feedback", me.ID, 1, words, "conflict")
	body := r.Get("/alerts/a9000000?did=event.e-own.alert.a9000000").Body
	require.Contains(t, body, "your own step before it had just taken effect")
	require.NotContains(t, body, "was faster")
	require.Contains(t, body, `>The file &lt;b&gt;stood&lt;/b&gt; still</textarea>`)
	require.Contains(t, body, `>two more clerks</textarea>`)
	require.Contains(t, body, `<details class="action" open><summary>`)

	sitetest.InsertRow(t, h.DB, "alert_events", "alert_id, seq, fold_version, event, state, severity, effective_at, recorded_at, actor, role",
		"a9000000", uint32(2), uint64(4), "ack", "acked", "yellow", sitetest.Day(time.June, 15), sitetest.Day(time.June,
			15), other.ID, "dept_manager")
	body = r.Get("/alerts/a9000000?did=event.e-own.alert.a9000000").Body
	require.Contains(t, body, "Lin Mei was faster")
	require.Contains(t, body, `>two more clerks</textarea>`)

	// What somebody else wrote is not shown to who knows its id.
	record(h, "e-other", "alert", "a9000000", "feedback", other.ID, 1, `{"cause":"not for you","fix":"-"}`, "conflict")
	require.NotContains(t, r.Get("/alerts/a9000000?did=event.e-other.alert.a9000000").Body, "not for you")

	// Where the state does not allow it any more, the words stand to be copied.
	record(h, "e-late", "order", "replied", "reply", me.ID, 1, `{"answer":"All done on 12 June"}`, "illegal")
	body = r.Get("/work/order/replied?did=event.e-late.order.replied").Body
	require.Contains(t, body, "kept for you to copy")
	require.Contains(t, body, "All done on 12 June")

	// Recorded and not judged yet: it says so and offers nothing.
	record(h, "e-new", "alert", "a9000000", "feedback", me.ID, 2, words, "")
	body = r.Get("/alerts/a9000000?did=event.e-new.alert.a9000000").Body
	require.Contains(t, body, "data-waits")
	require.Contains(t, body, "takes effect in a moment")
	require.NotContains(t, body, `name="matter"`)
	require.Contains(t, body, "data-stream=", "the page follows by itself")
	require.Contains(t, r.Get("/alerts/a9000000").Body, `name="matter"`)
}
