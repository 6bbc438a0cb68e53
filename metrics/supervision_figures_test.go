package metrics_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"
)

// An alert of March with its history: (event, state, severity, instant).
func (b *bench) alert(id, org string, more map[string]any, steps ...[4]string) {
	b.t.Helper()
	row := map[string]any{"alert_id": id, "rule_id": "R-DDL-03", "category": "timeliness", "subject_kind": "case", "source_sys": "gov",
		"subject_no": "c-" + id, "org_code": org, "region_code": "610802", "raised_at": stored(steps[0][3]), "fold_version": 1}
	maps.Copy(row, more)
	b.insert("alerts", row)
	for i, s := range steps {
		b.insert("alert_events", map[string]any{"alert_id": id, "seq": i + 1, "fold_version": 1, "event": s[0], "state": s[1], "severity": s[2],
			"effective_at": stored(s[3]), "recorded_at": stored(s[3]), "org_code": org})
	}
}

// work is a work item with its history: (event, state, instant, payload).
func (b *bench) work(kind, id string, more map[string]any, steps ...[4]string) {
	b.t.Helper()
	row := map[string]any{"kind": kind, "id": id, "org_code": "A", "region_code": "610802", "fold_version": 1, "data": "{}",
		"opened_at": stored(steps[0][2])}
	maps.Copy(row, more)
	b.insert("work_items", row)
	for i, s := range steps {
		b.insert("work_events", map[string]any{"kind": kind, "id": id, "seq": i + 1, "fold_version": 1, "event": s[0], "state": s[1],
			"effective_at": stored(s[2]), "recorded_at": stored(s[2]), "payload": s[3], "org_code": "A"})
	}
}

// Alerts and cards as the guide counts them (5.8).
func TestFiguresOfAlerts(t *testing.T) {
	b := newBench(t)
	b.eightAlerts()
	b.cases(life("x", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5)), life("y", "2026-03-02 09:00", "2026-03-10"))
	b.requireParts(march, map[string][2]float64{
		"G01": {5, -1}, // without the one of February, what was revoked and what was cancelled
		"G02": {4, 2}, "G04": {1, 3}, "G05": {1, 6}, "G05b": {1, 6},
	})
	require.Equal(t, 2000.0, b.one(march("G02"))["value"])
	require.Equal(t, map[string][2]float64{"A": {2, 2}, "B": {2, 0}}, b.grouped(march("G02", "org")))
	require.Equal(t, map[string][2]float64{"notice": {1, -1}, "red": {2, -1}, "yellow": {2, -1}}, b.grouped(march("G01", "severity")))
	require.Equal(t, []string{"late", "silent"}, b.listed(march("G04"), "rest"))
}

func (b *bench) eightAlerts() {
	b.t.Helper()
	due := func(day string) map[string]any { return map[string]any{"feedback_due": stored(endOf(day))} }
	b.alert("notice", "A", nil, [4]string{"raised", "issued", "notice", "2026-03-02 09:00"})
	b.alert("answered", "A", due("2026-03-09"), [4]string{"raised", "issued", "warning", "2026-02-26 09:00"},
		[4]string{"upgraded", "issued", "yellow", "2026-03-02 09:00"}, [4]string{"feedback", "fed_back", "yellow", "2026-03-09 10:00"})
	b.alert("late", "A", due("2026-03-09"), [4]string{"raised", "issued", "red", "2026-03-02 09:00"},
		[4]string{"feedback", "fed_back", "red", "2026-03-10 10:00"})
	b.alert("silent", "B", due("2026-03-09"), [4]string{"raised", "issued", "yellow", "2026-03-02 09:00"})
	b.alert("fresh", "B", due("2026-04-03"), [4]string{"raised", "issued", "yellow", "2026-03-27 09:00"})
	b.alert("wrong", "B", due("2026-03-09"), [4]string{"raised", "issued", "yellow", "2026-03-02 09:00"},
		[4]string{"appeal", "appealed", "yellow", "2026-03-03 09:00"}, [4]string{"revoke", "revoked", "yellow", "2026-03-04 09:00"})
	b.alert("cancelled", "B", due("2026-03-09"), [4]string{"raised", "issued", "yellow", "2026-03-02 09:00"},
		[4]string{"cancelled", "cancelled", "yellow", "2026-03-04 09:00"})
	b.alert("held", "B", nil, [4]string{"raised", "pending", "red", "2026-03-02 09:00"}) // nobody confirmed it
}

// Orders, bad ratings, exposures and referrals (5.6, 5.7, 5.8). Five working days from
// 2 March end on the 9th, from the 3rd on the 10th.
func TestFiguresOfWork(t *testing.T) {
	b := newBench(t)
	b.someWork()
	b.requireParts(march, map[string][2]float64{
		"E06": {3, 4}, // fixed, late, upheld of these and open
		// A rejected fix begins a round of its own, which was due on 18 March.
		"E07": {2, 5}, "E08": {2, 3}, "E09": {1, 2}, "E11": {1, 2},
		"G06": {1, 2}, "F16b": {1, 1}, "G14": {1, 2}, "G15": {1, -1},
	})
	require.Equal(t, []string{"late", "late", "open"}, b.listed(march("E07"), "rest"))
	// An order that was open past its due counts in every period until it is done (C1).
	both := march("G06", "month")
	both.To, both.AsOf = at("2026-05-01"), at("2026-05-01")
	require.Equal(t, map[string][2]float64{"2026-03": {1, 2}, "2026-04": {0, 2}}, b.grouped(both))
	before := march("G06")
	before.AsOf = at("2026-03-15 12:00") // it was not revoked yet
	require.Equal(t, [2]float64{1, 3}, b.parts(before))

	b.cases(life("a", "2026-03-02 09:00", "2026-03-10", stop("2026-03-05 09:00", 3, 3)))
	b.insert("rating_states", rated("case", "a", rating{"r1", 5, "2026-03-09 16:00", "default", ""},
		rating{"r2", 4, "2026-03-10 16:00", "valid", ""},
		rating{"r3", 1, "2026-03-11 16:00", "late", ""}))
	require.Equal(t, [2]float64{1, 3}, b.parts(march("E10")))
}

func (b *bench) someWork() {
	b.t.Helper()
	named, hot := map[string]any{"data": `{"real_name":true}`}, map[string]any{"origin": "hotline"}
	b.work("rating", "fixed", named, [4]string{"create", "verifying", "2026-03-02 09:00"}, [4]string{"verify", "valid", "2026-03-02 10:00"},
		[4]string{"rectify", "rectified", "2026-03-09 10:00"}, [4]string{"confirm", "confirmed", "2026-03-11 10:00", `{"score":4}`})
	b.work("rating", "late", named, [4]string{"create", "verifying", "2026-03-02 09:00"}, [4]string{"verify", "valid", "2026-03-02 10:00"},
		[4]string{"rectify", "rectified", "2026-03-10 10:00"}, [4]string{"reject", "rejected", "2026-03-11 10:00", `{"score":2}`})
	b.work("rating", "open", nil, [4]string{"create", "verifying", "2026-03-02 09:00"}, [4]string{"verify", "valid", "2026-03-03 10:00"})
	b.work("rating", "waits", named, [4]string{"create", "verifying", "2026-03-30 09:00"})
	b.work("rating", "mistaken", nil, [4]string{"create", "verifying", "2026-03-02 09:00"},
		[4]string{"claim_invalid", "invalid_claimed", "2026-03-03 09:00"}, [4]string{"exclude", "excluded", "2026-03-04 09:00"})
	b.work("rating", "upheld", nil, [4]string{"create", "verifying", "2026-03-02 09:00"},
		[4]string{"claim_invalid", "invalid_claimed", "2026-03-03 09:00"}, [4]string{"uphold", "valid", "2026-03-03 10:00"},
		[4]string{"explain", "explained", "2026-03-06 10:00"})
	b.work("order", "ontime", hot, [4]string{"create", "issued", "2026-03-02 09:00"}, [4]string{"reply", "replied", "2026-03-09 09:00"})
	b.work("order", "overdue", nil, [4]string{"create", "issued", "2026-03-02 09:00"})
	b.work("order", "running", nil, [4]string{"create", "issued", "2026-03-30 09:00"})
	b.work("order", "draft", nil, [4]string{"create", "draft", "2026-03-02 09:00"})
	b.work("order", "revoked", nil, [4]string{"create", "issued", "2026-03-02 09:00"}, [4]string{"revoke", "revoked", "2026-03-20 09:00"})
	b.work("exposure", "answered", nil, [4]string{"create", "candidate", "2026-03-01 09:00"},
		[4]string{"approve", "reviewed", "2026-03-02 08:00"},
		[4]string{"publish", "published", "2026-03-02 09:00"}, [4]string{"reply", "replied", "2026-03-09 09:00"})
	b.work("exposure", "silent", nil, [4]string{"create", "candidate", "2026-03-01 09:00"},
		[4]string{"publish", "published", "2026-03-02 09:00"})
	b.work("referral", "made", nil, [4]string{"create", "draft", "2026-03-02 09:00"}, [4]string{"refer", "referred", "2026-03-03 09:00"})
	b.work("referral", "drafted", nil, [4]string{"create", "draft", "2026-03-02 09:00"})
}
