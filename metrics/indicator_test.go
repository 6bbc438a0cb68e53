package metrics_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/metrics"
	"duban/supervision/engine/enginetest"
)

// The state of one case at each step of its history: what is asked one
// millisecond before a step does not know it.
func TestLookupBeforeAndAfterEachStep(t *testing.T) {
	b := newBench(t)
	b.cases(subject{flat: flat("deemed"), history: []step{
		{"at": "2026-03-02 09:00", "state": "submitted", "applied_at": "2026-03-02 09:00"},
		// K2 ran out: accepted by law on the receipt date.
		{"at": "2026-03-10 00:00", "state": "accepted", "accepted_at": "2026-03-02 09:00", "deemed": true, "promise_due": endOf("2026-03-16"),
			"promise_basis": "promise"},
		{"at": "2026-03-12 15:00", "state": "decided", "decided_at": "2026-03-12 15:00", "stop_at": "2026-03-12 15:00", "margin_days": 2,
			"net_days": 8},
		{"at": "2026-03-13 10:00", "state": "finished", "finished_at": "2026-03-13 10:00"},
	}})
	for _, c := range []struct {
		asOf                          string
		applied, accepted, done, open float64
	}{
		{"2026-03-02 08:59:59.999", 0, 0, 0, 0},
		{"2026-03-02 09:00", 1, 0, 0, 1},
		{"2026-03-09 23:59:59.999", 1, 0, 0, 1},
		{"2026-03-10 00:00", 1, 1, 0, 1},
		{"2026-03-12 14:59:59.999", 1, 1, 0, 1},
		{"2026-03-12 15:00", 1, 1, 1, 0},
		{"2026-03-13 10:00", 1, 1, 1, 0},
	} {
		got := [4]float64{}
		for i, id := range []string{"C01", "C02", "C03", "C04"} {
			req := metrics.Request{ID: id, AsOf: at(c.asOf)}
			got[i] = b.parts(req)[0]
		}
		require.Equal(t, [4]float64{c.applied, c.accepted, c.done, c.open}, got, c.asOf)
	}
	// Deemed acceptance counts on the receipt date, the finish on the decision.
	require.Equal(t, map[string][2]float64{"2026-03-02": {1, -1}}, b.grouped(march("C02", "day")))
	require.Equal(t, map[string][2]float64{"2026-03-12": {1, -1}}, b.grouped(march("C03", "day")))
}

func TestOnlineShareAndClearance(t *testing.T) {
	b := newBench(t)
	var all []subject
	for no, channel := range map[string]string{"h": "hall", "w": "web", "a": "app", "m": "mini_program", "x": "auto", "k": "kiosk",
		"p": "post", "g": "grassroots"} {
		s := life(no, "2026-03-02 09:00", "2026-03-10")
		s.flat["channel"] = channel
		all = append(all, s)
	}
	all = append(all, life("old", "2026-02-02 09:00", "2026-02-10", stop("2026-03-03 09:00", -15, 21)))
	b.cases(all...)
	require.Equal(t, [2]float64{4, 8}, b.parts(march("C07")))
	require.Equal(t, []string{"a", "m", "w", "x"}, b.listed(march("C07"), "numerator"))
	require.Equal(t, [2]float64{1, 8}, b.parts(march("C06")))
	require.Equal(t, map[string][2]float64{"2026-02": {0, 1}, "2026-03": {1, 8}},
		b.grouped(metrics.Request{ID: "C06", By: []string{"month"}, AsOf: at("2026-04-01")}))
}

// C08: the way of delivery is in the fact of delivery that is in force.
func TestFullyOnlineCases(t *testing.T) {
	b := newBench(t)
	fact := func(no string, typ event.CaseType, when, channel, payload string, revision uint32) event.Case {
		return event.Case{SourceSys: "gov", CaseNo: no, EventID: string(typ) + "-" + no, Revision: revision, Type: typ,
			OccurredAt: at(when).UnixMilli(), ApplyChannel: channel, Payload: payload}
	}
	finished := func(no, channel string) []any {
		return []any{
			fact(no, event.Apply, "2026-03-02 09:00", channel, "", 0),
			fact(no, event.Accept, "2026-03-02 10:00", "", `{"promise_days":6,"promise_unit":"W"}`, 0),
			fact(no, event.Finish, "2026-03-09 15:00", "", `{"result_type":"approved"}`, 0),
		}
	}
	deliver := func(no, method string, revision uint32) event.Case {
		return fact(no, event.Deliver, "2026-03-11 09:00", "", `{"method":"`+method+`"}`, revision)
	}
	enginetest.Insert(t, b.db, slices.Concat(
		finished("full", "web"), finished("byhand", "web"), finished("visited", "web"), finished("athall", "window"),
		finished("corrected", "app"), finished("waiting", "web"),
		[]any{
			deliver("full", "post", 0), deliver("byhand", "hall", 0), deliver("visited", "post", 0), deliver("athall", "post", 0),
			deliver("corrected", "hall", 0), deliver("corrected", "electronic", 1), fact("visited", event.Visit, "2026-03-03 09:00", "", "", 0),
		})...)
	enginetest.Fold(t, b.db)
	require.Equal(t, [2]float64{2, 6}, b.parts(march("C08")))
	require.Equal(t, []string{"corrected", "full"}, b.listed(march("C08"), "numerator"))
	before := march("C08")
	before.AsOf = at("2026-03-10")
	require.Equal(t, [2]float64{0, 6}, b.parts(before), "nothing is delivered yet")
}

func TestEarlyLeavesImmediateItemsOut(t *testing.T) {
	b := newBench(t)
	now := life("immediate", "2026-03-02 09:00", "2026-03-02", stop("2026-03-02 10:00", 0, 0))
	now.flat["k_clock"], now.flat["k_limit"], now.flat["k_unit"] = []string{"K2", "K3"}, []any{5, 0}, []string{"W", "W"}
	normal := life("early", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5))
	normal.flat["k_clock"], normal.flat["k_limit"], normal.flat["k_unit"] = []string{"K3", "K4"}, []any{6, 0}, []string{"W", "W"}
	nodue := life("nodue", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5))
	nodue.history[0]["promise_due"] = ""
	b.cases(now, normal, nodue, life("justintime", "2026-03-02 09:00", "2026-03-10", stop("2026-03-10 16:00", 0, 6)))
	require.Equal(t, [2]float64{1, 2}, b.parts(march("D04")))
	require.Equal(t, []string{"early"}, b.listed(march("D04"), "numerator"))
	require.Equal(t, [2]float64{3, 3}, b.parts(march("D01")), "a case without a due is outside")
}

func TestDueCohortCountsEachCaseOnce(t *testing.T) {
	b := newBench(t)
	b.cases(
		life("met", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5)),
		life("missed", "2026-03-02 09:00", "2026-03-10", stop("2026-04-09 15:00", -22, 28)),
		life("open", "2026-03-02 09:00", "2026-03-12"),
		life("april", "2026-03-02 09:00", "2026-04-10", stop("2026-03-09 15:00", 24, 5)),
	)
	req := metrics.Request{ID: "D02", By: []string{"month"}, AsOf: at("2026-05-01")}
	require.Equal(t, map[string][2]float64{"2026-03": {1, 3}, "2026-04": {1, 1}}, b.grouped(req))
	req.AsOf = at("2026-04-01") // what is due later is not due yet
	require.Equal(t, map[string][2]float64{"2026-03": {1, 3}}, b.grouped(req))
}

// Net days 1, 2, 3, 4, 10: mean 4, median 3; 90th percentile by linear
// interpolation (type 7) 4 + 0.6 × (10 − 4) = 7.6, by nearest rank the fifth.
func TestHandlingTime(t *testing.T) {
	b := newBench(t)
	for i, net := range []int{1, 2, 3, 4, 10} {
		b.cases(life("c"+string(rune('0'+i)), "2026-03-02 09:00", "2026-03-10", stop("2026-03-04 21:00", 4, net)))
	}
	m := b.one(march("D05"))
	require.Equal(t, [2]float64{20, 5}, partsOf(m))
	require.Equal(t, 4.0, m["value"])
	require.Equal(t, 3.0, m["p50_days"])
	require.InDelta(t, 7.6, m["p90_days"], 1e-12)
	require.EqualValues(t, 10, m["p90_days_nearest"])
	require.Equal(t, 2.5, m["gross_days"])
}

// Overdue days are working days from the due to the stop or the instant, at
// least 1 (domain guide 2.4). 2026-03-20 is a Friday.
func TestOverdueDays(t *testing.T) {
	b := newBench(t)
	b.cases(
		life("weekend", "2026-03-02 09:00", "2026-03-20", stop("2026-03-21 10:00", 0, 15)), // Saturday: no working day later, yet 1
		life("late", "2026-03-02 09:00", "2026-03-20", stop("2026-03-25 10:00", -3, 18)),
		life("open", "2026-03-02 09:00", "2026-03-20"),
		life("good", "2026-03-02 09:00", "2026-03-20", stop("2026-03-20 10:00", 0, 14)),
	)
	req := march("D08")
	req.AsOf = at("2026-03-30 12:00") // Monday: 23, 24, 25, 26, 27 and 30
	m := b.one(req)
	require.Equal(t, [2]float64{3, 4}, partsOf(m))
	require.EqualValues(t, 1+3+6, m["overdue_days"])
	require.InDelta(t, 10.0/3, m["avg_overdue_days"], 1e-12)
	require.Equal(t, []string{"good"}, b.listed(req, "rest"))
}

func TestTimeInStepsAndBetween(t *testing.T) {
	b := newBench(t)
	steps := func(s subject) subject {
		s.flat["s_step"] = []string{"review", "sign", "review"}
		s.flat["s_org"] = []string{"A", "A", "A"}
		s.flat["s_start_at"] = []any{stored("2026-03-02 10:00"), stored("2026-03-04 10:00"), stored("2026-03-06 10:00")}
		s.flat["s_end_at"] = []any{stored("2026-03-04 08:00"), stored("2026-03-05 10:00"), stored("2026-03-09 10:00")}
		s.flat["s_net_days"] = []any{2.0, 1.0, 1.5}
		s.flat["s_wait_hours"] = []any{nil, 2.0, 24.0}
		return s
	}
	stopped := steps(life("stopped", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5)))
	open := steps(life("open", "2026-03-02 09:00", "2026-03-10"))
	b.cases(stopped, open)
	req := march("D13")
	res, err := metrics.Evaluate(t.Context(), b.reg, b.db.Conn(), req)
	require.NoError(t, err)
	rows := res.Maps()
	require.Len(t, rows, 2)
	require.Equal(t, "review", rows[0]["step"])
	require.Equal(t, [2]float64{3.5, 5}, partsOf(rows[0]))
	require.InDelta(t, 0.7, rows[0]["value"], 1e-12)
	require.InDelta(t, 1.95, rows[0]["p90_days"], 1e-12)
	require.Equal(t, true, rows[0]["is_bottleneck"])
	require.Equal(t, [2]float64{1, 5}, partsOf(rows[1]))
	require.Equal(t, false, rows[1]["is_bottleneck"])
	// On 6 March nothing has stopped and both cases are in their third step.
	req.AsOf = at("2026-03-06 12:00")
	res, err = metrics.Evaluate(t.Context(), b.reg, b.db.Conn(), req)
	require.NoError(t, err)
	require.Len(t, res.Rows, 1)
	require.EqualValues(t, 2, res.Maps()[0]["queue"])
	require.Nil(t, res.Maps()[0]["value"])

	require.Equal(t, [2]float64{52, 4}, b.parts(march("D14")))
	require.Equal(t, map[string][2]float64{"sign": {4, 2}, "review": {48, 2}}, b.grouped(march("D14", "step")))
	require.Equal(t, 13.0, b.one(march("D14"))["p50_hours"])
}

// A figure is the same whenever it is asked for, in whatever order its rows lie on the disk:
// three waits of six minutes, or steps of a tenth of a day, are 0.3, not 0.1 + 0.1 + 0.1 of a computer.
func TestWaitsAddUpExactly(t *testing.T) {
	b := newBench(t)
	s := life("tenths", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5))
	s.flat["s_org"] = []string{"A", "A", "A"}
	s.flat["s_start_at"] = []any{stored("2026-03-02 10:00"), stored("2026-03-03 10:00"), stored("2026-03-04 10:00")}
	s.flat["s_end_at"] = []any{stored("2026-03-02 11:00"), stored("2026-03-03 11:00"), stored("2026-03-04 11:00")}
	s.flat["s_step"] = []string{"a", "a", "a"}
	s.flat["s_net_days"], s.flat["s_wait_hours"] = []any{0.1, 0.1, 0.1}, []any{0.1, 0.1, 0.1}
	b.cases(s)
	require.Equal(t, [2]float64{0.3, 3}, b.parts(march("D14")))
	res, err := metrics.Evaluate(t.Context(), b.reg, b.db.Conn(), march("D13"))
	require.NoError(t, err)
	require.Equal(t, [2]float64{0.3, 5}, partsOf(res.Maps()[0]))
}
