package metrics_test

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/metrics"
)

// flat gives the columns that identify a case.
func flat(no string, more ...map[string]any) map[string]any {
	m := map[string]any{"source_sys": "gov", "case_no": no, "region_code": "610802", "org_code": "A", "task_code": "T1",
		"item_type": "license", "channel": "hall"}
	for _, extra := range more {
		maps.Copy(m, extra)
	}
	return m
}

// life is a case that is applied for and accepted at once, with both dues at
// the end of a day, and what happens to it later.
func life(no, when, due string, later ...step) subject {
	first := step{
		"at": when, "state": "accepted", "applied_at": when, "accepted_at": when,
		"promise_due": endOf(due), "promise_basis": "promise", "legal_due": endOf(due),
	}
	return subject{flat: flat(no), history: append([]step{first}, later...)}
}

func stop(when string, margin, net int) step {
	return step{"at": when, "state": "finished", "finished_at": when, "stop_at": when, "margin_days": margin, "net_days": net}
}

// C1: an open case past its due counts overdue now, not when it closes, and in
// every period until then.
func TestOpenOverdueCasesCountInEveryPeriod(t *testing.T) {
	b := newBench(t)
	b.cases(
		life("ontime", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5)),
		life("late", "2026-03-02 09:00", "2026-03-10", stop("2026-03-16 15:00", -4, 10)),
		life("stuck", "2026-03-10 09:00", "2026-03-20"),
		life("running", "2026-03-20 09:00", "2026-04-10"),
		life("stucklater", "2026-03-20 09:00", "2026-03-31", stop("2026-04-02 09:00", -2, 9)),
	)
	require.Equal(t, [2]float64{1, 4}, b.parts(march("D01")))
	require.Equal(t, []string{"late", "stuck", "stucklater"}, b.listed(march("D01"), "rest"))
	require.Equal(t, []string{"ontime"}, b.listed(march("D01"), "numerator"))
	require.Equal(t, [2]float64{2, -1}, b.parts(march("C05")))
	require.Equal(t, [2]float64{3, -1}, b.parts(march("C04")))
	// Asked a week before the end nothing is known of what happens later.
	early := march("D01")
	early.AsOf = at("2026-03-21 00:00")
	require.Equal(t, [2]float64{1, 3}, b.parts(early))
	early.AsOf = at("2026-03-20 23:59:59.999") // the due moment itself is in time
	require.Equal(t, [2]float64{1, 2}, b.parts(early))
	// By month, one open case is in each of them.
	both := march("D01", "month")
	both.To, both.AsOf = at("2026-05-01"), at("2026-05-01")
	require.Equal(t, map[string][2]float64{"2026-03": {1, 4}, "2026-04": {0, 3}}, b.grouped(both))
	both.ID = "C04"
	require.Equal(t, map[string][2]float64{"2026-03": {3, -1}, "2026-04": {2, -1}}, b.grouped(both))
	both.ID, both.By = "D01", []string{"quarter"}
	require.Equal(t, map[string][2]float64{"2026-Q1": {1, 4}, "2026-Q2": {0, 3}}, b.grouped(both))
	// A month asked alone and in a row of months is the same.
	alone := march("D01")
	alone.AsOf = at("2026-05-01")
	require.Equal(t, [2]float64{1, 4}, b.parts(alone))
	alone.From, alone.To = at("2026-04-01"), at("2026-05-01")
	require.Equal(t, [2]float64{0, 3}, b.parts(alone))
}

// C2: withdrawn, not accepted and terminated by the applicant are out; one
// terminated by the department after its due is overdue, before it out.
func TestWhatIsExcludedFromTimeliness(t *testing.T) {
	b := newBench(t)
	end := func(state, excluded, when string, margin int) step {
		return step{"at": when, "state": state, "excluded": excluded, "stop_at": when, "margin_days": margin, "net_days": 5}
	}
	b.cases(
		life("withdrawn", "2026-03-02 09:00", "2026-03-10", end("withdrawn", "withdrawn", "2026-03-09 15:00", 1)),
		life("refused", "2026-03-02 09:00", "2026-03-10", end("not_accepted", "not_accepted", "2026-03-09 15:00", 1)),
		life("applicant", "2026-03-02 09:00", "2026-03-10", end("terminated", "terminated_by_applicant", "2026-03-09 15:00", 1)),
		life("deptbefore", "2026-03-02 09:00", "2026-03-10", end("terminated", "terminated_before_due", "2026-03-09 15:00", 1)),
		life("deptafter", "2026-03-02 09:00", "2026-03-10", end("terminated", "", "2026-03-12 15:00", -2)),
	)
	for _, id := range []string{"D01", "D03", "D02"} {
		require.Equal(t, [2]float64{0, 1}, b.parts(march(id)), id)
		require.Equal(t, []string{"deptafter"}, b.listed(march(id), "denominator"), id)
	}
	require.Equal(t, [2]float64{1, 1}, b.parts(march("D08")))
	// They were applied for all the same, and none of them is finished.
	require.Equal(t, [2]float64{5, -1}, b.parts(march("C01")))
	require.Equal(t, [2]float64{0, -1}, b.parts(march("C03")))
	require.Equal(t, [2]float64{0, -1}, b.parts(march("C04")))
	// Before the withdrawal the case was judged like any other.
	before := march("D01")
	before.AsOf = at("2026-03-09 14:00")
	require.Equal(t, [2]float64{0, 0}, b.parts(before))
	require.Nil(t, b.one(before)["value"])
}

// C3: suspended within the approved days is neither on time nor overdue.
func TestAPauseWithinItsDaysIsNotJudged(t *testing.T) {
	b := newBench(t)
	b.cases(life("paused", "2026-03-02 09:00", "2026-03-06",
		step{"at": "2026-03-10 09:00", "state": "suspended", "pause_until": endOf("2026-03-20")}))
	for _, c := range []struct {
		asOf string
		want [2]float64
	}{
		{"2026-03-06 23:59:59.999", [2]float64{0, 0}},
		{"2026-03-09 09:00", [2]float64{0, 1}},
		{"2026-03-10 09:00", [2]float64{0, 0}},
		{"2026-03-20 23:59:59.999", [2]float64{0, 0}},
		{"2026-03-21 00:00", [2]float64{0, 1}}, // the days are used up
	} {
		req := march("D01")
		req.AsOf = at(c.asOf)
		require.Equal(t, c.want, b.parts(req), c.asOf)
		req.ID = "C05"
		require.Equal(t, c.want[1], b.parts(req)[0], c.asOf)
	}
}

// C4: test, secret and voided cases are in no figure; a void counts from its own
// instant on.
func TestTestSecretAndVoidedCasesAreInNoFigure(t *testing.T) {
	b := newBench(t)
	test := life("test", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5))
	test.flat["is_test"] = true
	secret := life("secret", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5))
	secret.flat["secret"] = true
	void := life("void", "2026-03-02 09:00", "2026-03-10", stop("2026-03-05 15:00", 3, 3),
		step{"at": "2026-03-12 09:00", "excluded": "void"})
	b.cases(test, secret, void)
	for _, id := range []string{"C01", "C02", "C03", "C07", "D01", "D02", "D03", "D04", "D05"} {
		require.EqualValues(t, 0, b.one(march(id))["numerator"], id)
	}
	before := march("C03")
	before.AsOf = at("2026-03-12 08:59:59.999")
	require.Equal(t, []string{"void"}, b.listed(before, ""))
}

// Domain guide 2.6: a case whose beginning has not come is in no figure until it has.
func TestACaseWithoutItsBeginningIsInNoFigure(t *testing.T) {
	b := newBench(t)
	gone := life("orphan", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5))
	atWork := life("at-work", "2026-03-02 09:00", "2026-03-10")
	for _, s := range []subject{gone, atWork} {
		for _, x := range s.history {
			delete(x, "applied_at")
			delete(x, "accepted_at")
			x["excluded"] = "incomplete"
		}
	}
	b.cases(gone, atWork, life("whole", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5)))
	for id, want := range map[string]float64{"C01": 1, "C03": 1, "C04": 0, "C05": 0, "C06": 1, "C08": 0, "D01": 1} {
		require.Equal(t, want, b.parts(march(id))[0], id)
	}
	require.Equal(t, [2]float64{0, 1}, b.parts(march("E01")))
}

// C5: of a joint case the sub-cases count and the parent does not.
func TestParentsOfJointCasesDoNotCount(t *testing.T) {
	b := newBench(t)
	one, two := life("sub1", "2026-03-02 09:00", "2026-03-10"), life("sub2", "2026-03-03 09:00", "2026-03-10")
	one.flat["parent_case_no"], two.flat["parent_case_no"] = "parent", "parent"
	other := life("parent", "2026-03-02 08:00", "2026-03-10")
	other.flat["source_sys"] = "elsewhere" // the same number in another system is another case
	b.cases(life("parent", "2026-03-02 08:00", "2026-03-10"), one, two, other)
	require.Equal(t, [2]float64{3, -1}, b.parts(march("C01")))
	req := march("C01")
	req.Source = "gov"
	require.Equal(t, []string{"sub1", "sub2"}, b.listed(req, ""))
	// Before the first sub-case is there, the case is a case like any other.
	req.AsOf = at("2026-03-02 08:30")
	require.Equal(t, []string{"parent"}, b.listed(req, ""))
}

// C6; how a rate is written is tested where it is (package locale).
func TestEmptyDenominatorIsNull(t *testing.T) {
	b := newBench(t)
	for _, id := range []string{"C06", "C07", "C08", "D01", "D02", "D03", "D04", "D05", "D08", "E01", "E02", "E05", "F06", "F07"} {
		require.Nil(t, b.one(march(id))["value"], id)
	}
}

// C7.
func TestRankingNeedsThirty(t *testing.T) {
	require.False(t, metrics.Rankable(29, metrics.DefaultMinSample))
	require.True(t, metrics.Rankable(30, metrics.DefaultMinSample))
}

// C8: a case belongs to the organisation and division at acceptance, whoever
// handles it later; a ticket to who held it when its clock stopped.
func TestAttribution(t *testing.T) {
	b := newBench(t)
	moved := life("moved", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5))
	moved.flat["handle_org"] = "B"
	b.cases(moved)
	require.Equal(t, map[string][2]float64{"A": {1, 1}}, b.grouped(march("D01", "org")))
	b.tickets(subject{
		flat: map[string]any{"source_sys": "12345", "ticket_no": "t1", "region_code": "610802", "org_code": "B", "kind": "help",
			"channel": "phone", "called_number": "12345"},
		history: []step{
			{"at": "2026-03-02 09:00", "state": "received", "received_at": "2026-03-02 09:00", "org": "H"},
			{"at": "2026-03-02 10:00", "state": "dispatched", "dispatched_at": "2026-03-02 10:00", "org": "A", "due_at": endOf("2026-03-09"),
				"due_basis": "rule"},
			{"at": "2026-03-10 10:00", "org": "B"},
			{"at": "2026-03-12 10:00", "state": "replied", "stop_at": "2026-03-12 10:00", "margin_days": -3},
		},
	})
	req := march("F06", "org")
	require.Equal(t, map[string][2]float64{"B": {0, 1}}, b.grouped(req))
	req.AsOf = at("2026-03-10 09:00") // open, overdue, and A has it
	require.Equal(t, map[string][2]float64{"A": {0, 1}}, b.grouped(req))
	req.Org = "B"
	require.Empty(t, b.grouped(req))
}

// C9: the local date of the deciding event decides day and month.
func TestBucketsAreLocalDatesOfTheDecidingEvent(t *testing.T) {
	b := newBench(t)
	b.cases(
		life("lastminute", "2026-03-02 09:00", "2026-04-10", stop("2026-03-31 23:59:59.999", 8, 21)),
		life("firstminute", "2026-03-02 09:00", "2026-04-10", stop("2026-04-01 00:00", 7, 22)), // 16:00 UTC on 31 March
	)
	req := metrics.Request{ID: "C03", By: []string{"month"}, AsOf: at("2026-05-01")}
	require.Equal(t, map[string][2]float64{"2026-03": {1, -1}, "2026-04": {1, -1}}, b.grouped(req))
	req.By = []string{"day"}
	require.Equal(t, map[string][2]float64{"2026-03-31": {1, -1}, "2026-04-01": {1, -1}}, b.grouped(req))
	req.ID, req.By = "D01", []string{"month"}
	require.Equal(t, map[string][2]float64{"2026-03": {1, 1}, "2026-04": {1, 1}}, b.grouped(req))
	req.ID = "C01"
	require.Equal(t, map[string][2]float64{"2026-03": {2, -1}}, b.grouped(req))
	req.By = []string{"year"}
	require.Equal(t, map[string][2]float64{"2026": {2, -1}}, b.grouped(req))
	// Half open: the end of the period is not in it.
	require.Equal(t, []string{"lastminute"},
		b.listed(metrics.Request{ID: "C03", From: at("2026-03-01"), To: at("2026-04-01"), AsOf: at("2026-05-01")}, ""))
	require.Equal(t, []string{"firstminute"}, b.listed(metrics.Request{ID: "C03", From: at("2026-04-01"), AsOf: at("2026-05-01")}, ""))
}

// C10: a figure of a whole is the sum of its parts, in every grain.
func TestRollUpsSumNumeratorsAndDenominators(t *testing.T) {
	b := newBench(t)
	places := []map[string]any{}
	for code, path := range map[string][]string{
		"610000": {"610000"}, "610800": {"610000", "610800"}, "610802": {"610000", "610800", "610802"},
		"610802001": {"610000", "610800", "610802", "610802001"}, "419001": {"410000", "419001"}, "441900003": {"440000", "441900", "441900003"},
	} {
		places = append(places, map[string]any{"region_code": code, "path": path, "edition": "t"})
	}
	b.insert("regions", places...)
	b.insert("regions", places...) // stored again by a restart
	var all []subject
	for i, code := range []string{"610802", "610802001", "610802001", "419001", "441900003", "610899"} {
		s := life("c"+string(rune('0'+i)), "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5))
		s.flat["region_code"] = code
		all = append(all, s)
	}
	all[2].history[1] = stop("2026-03-12 15:00", -2, 8)
	b.cases(all...)
	require.Equal(t, [2]float64{5, 6}, b.parts(march("D01")))
	require.Equal(t, map[string][2]float64{"610000": {2, 3}, "410000": {1, 1}, "440000": {1, 1}, "": {1, 1}},
		b.grouped(march("D01", "province")))
	require.Equal(t, map[string][2]float64{"610800": {2, 3}, "441900": {1, 1}, "": {2, 2}}, b.grouped(march("D01", "city")))
	require.Equal(t, map[string][2]float64{"610802": {2, 3}, "419001": {1, 1}, "": {2, 2}}, b.grouped(march("D01", "county")))
	require.Equal(t, map[string][2]float64{"610802001": {1, 2}, "441900003": {1, 1}, "": {3, 3}}, b.grouped(march("D01", "township")))
	for _, grain := range []string{"region", "province", "city", "county", "township", "village", "org", "item", "item_type", "channel",
		"window", "source", "month", "day", "year", "quarter", "project_type"} {
		var sum [2]float64
		for _, p := range b.grouped(march("D01", grain)) {
			sum[0] += p[0]
			sum[1] += p[1]
		}
		if grain != "day" { // backlog counts every day
			require.Equal(t, [2]float64{5, 6}, sum, grain)
		}
	}
	for region, want := range map[string]float64{"": 6, "000000": 6, "610000": 4, "610800": 4, "610802": 3, "610802001": 2, "410000": 1,
		"419001": 1, "441900": 1, "610899": 1, "620000": 0} {
		req := march("C01")
		req.Region = region
		require.Equal(t, want, b.parts(req)[0], "subtree of %q", region)
	}
}

// C12: a period asked at its end never changes by what happens later; asked
// later, what happened in it is as known then.
func TestAnInstantGivesTheSameFigureForEver(t *testing.T) {
	b := newBench(t)
	first := life("reopened", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5))
	b.cases(first)
	was := b.one(march("D01"))
	first.history = append(first.history,
		step{"at": "2026-04-02 09:00", "state": "processing", "stop_at": "", "finished_at": "", "margin_days": nil, "net_days": nil,
			"promise_due": endOf("2026-04-03")},
		stop("2026-04-10 09:00", -5, 11))
	first.flat["fold_version"] = 2
	b.cases(first)
	require.Equal(t, was, b.one(march("D01")))
	later := march("D01")
	later.AsOf = at("2026-05-01")
	require.Equal(t, [2]float64{0, 0}, b.parts(later))
	later.From, later.To = at("2026-04-01"), time.Time{}
	require.Equal(t, [2]float64{0, 1}, b.parts(later))
}
