package metrics_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/metrics"
	"duban/queries"
)

type rating struct {
	id     string
	level  int
	when   string
	status string
	until  string
}

// rated is a row of rating_states.
func rated(kind, no string, ratings ...rating) map[string]any {
	row := map[string]any{"subject_kind": kind, "subject_sys": "gov", "subject_no": no, "fold_version": 1}
	add := func(column string, v any) {
		list, _ := row[column].([]any)
		row[column] = append(list, v)
	}
	for _, r := range ratings {
		until := "2299-12-31 00:00:00.000"
		if r.until != "" {
			until = stored(r.until).(string)
		}
		add("r_source_sys", "haoping")
		add("r_rating_id", r.id)
		add("r_level", r.level)
		add("r_rated_at", stored(r.when))
		add("r_served_at", nil)
		add("r_status", r.status)
		add("r_from", stored(r.when))
		add("r_until", until)
		add("r_org_code", "X") // what the rating says itself does not decide
		add("r_region_code", "610899")
		add("r_task_code", "")
		add("r_window_id", "")
		add("r_channel", "qr")
		add("r_real_name", false)
	}
	return row
}

// Levels 5, 4, 3, 2, 1 count; a default, an excluded, a follow-up and a late one
// do not; a replaced one counts until it is replaced.
func TestSatisfaction(t *testing.T) {
	b := newBench(t)
	test := life("test", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5))
	test.flat["is_test"] = true
	done := func(no string) subject {
		return life(no, "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5))
	}
	b.cases(done("a"), done("b"), done("c"), done("d"), test)
	b.tickets(subject{
		flat:    map[string]any{"source_sys": "gov", "ticket_no": "t", "region_code": "610802"},
		history: []step{{"at": "2026-03-02 09:00", "state": "received", "received_at": "2026-03-02 09:00", "org": "B"}},
	})
	b.insert("rating_states",
		rated("case", "a", rating{"r1", 2, "2026-03-09 16:00", "valid", "2026-03-10 16:00"}, rating{"r2", 5, "2026-03-10 16:00", "valid", ""},
			rating{"r3", 4, "2026-03-10 17:00", "valid", ""}),
		rated("case", "b", rating{"r4", 5, "2026-03-09 16:00", "default", ""}),
		rated("case", "c", rating{"r5", 1, "2026-03-09 16:00", "excluded", ""}, rating{"r6", 5, "2026-03-12 16:00", "follow_up", ""}),
		rated("case", "d", rating{"r7", 1, "2026-03-30 16:00", "late", ""}),
		rated("case", "test", rating{"r8", 1, "2026-03-09 16:00", "valid", ""}),
		rated("ticket", "t", rating{"r9", 2, "2026-03-09 16:00", "valid", ""}),
		rated("none", "r10", rating{"r10", 3, "2026-03-09 16:00", "valid", ""}),
		rated("case", "nowhere", rating{"r11", 1, "2026-03-09 16:00", "valid", ""}),
	)
	require.Equal(t, [2]float64{3, 5}, b.parts(march("E02"))) // 5 4 3 of 5 4 2 3 1
	require.Equal(t, [2]float64{2, 5}, b.parts(march("E03")))
	require.Equal(t, [2]float64{2, 5}, b.parts(march("E04")))
	require.Equal(t, [2]float64{100 + 80 + 60 + 30 + 0, 5}, b.parts(march("E05")))
	require.Equal(t, 54.0, b.one(march("E05"))["value"])
	require.Equal(t, map[string][2]float64{"5": {1, 1}, "4": {1, 1}, "3": {1, 1}, "2": {0, 1}, "1": {0, 1}}, levels(b, march("E02", "level")))
	// A department's figure has its linked ratings only, and is that of the served subject.
	require.Equal(t, map[string][2]float64{"A": {2, 2}, "B": {0, 1}}, b.grouped(march("E02", "org")))
	org := march("E02")
	org.Org = "X"
	require.Equal(t, [2]float64{0, 0}, b.parts(org))
	require.Equal(t, map[string][2]float64{"610802": {2, 3}, "610899": {1, 2}}, b.grouped(march("E02", "region")))
	// Before it was replaced, the first rating of a counted.
	early := march("E04")
	early.AsOf = at("2026-03-10 15:59:59.999")
	require.Equal(t, []string{"r1", "r11", "r9"}, b.listed(early, "numerator"))
	// One's own scale.
	req := march("E05")
	req.Scores = &[5]float64{1, 2, 3, 4, 5}
	require.Equal(t, [2]float64{15, 5}, b.parts(req))
	// Both in one look.
	look := metrics.InOneLook(t.Context(), b.reg, b.db.Conn(), metrics.Place{Request: march("")})
	for _, id := range []string{"E02", "E05"} {
		want, err := metrics.Evaluate(t.Context(), b.reg, b.db.Conn(), march(id))
		require.NoError(t, err)
		res, err := metrics.Evaluate(look, b.reg, b.db.Conn(), march(id))
		require.NoError(t, err)
		require.Equal(t, short(want), short(res))
	}
	// E01: a, c (the follow-up) and d were rated by a person.
	require.Equal(t, [2]float64{3, 4}, b.parts(march("E01")))
	require.Equal(t, []string{"b"}, b.listed(march("E01"), "rest"))

	args := queries.Args{"as_of": at("2026-04-01"), "from": at("2026-03-01"), "to": at("2026-04-01")}
	res, err := b.reg.Run(t.Context(), b.db.Conn(), "quality/unlinked_ratings", args)
	require.NoError(t, err)
	require.Equal(t, [2]float64{2, 5}, partsOf(res.Maps()[0]))
	res, err = b.reg.Run(t.Context(), b.db.Conn(), "quality/rating_statuses", args)
	require.NoError(t, err)
	got := map[string]uint64{}
	for _, m := range res.Maps() {
		got[m["status"].(string)] = m["ratings"].(uint64)
	}
	require.Equal(t, map[string]uint64{"valid": 5, "default": 1, "excluded": 1, "follow_up": 1, "late": 1}, got)
}

// A bad rating that a supervisor excluded leaves E01 to E05 from the instant of the
// decision on, stays listed with who and why, and is back when the decision is
// taken back (domain guide 4).
func TestAnExcludedRatingCountsNoMore(t *testing.T) {
	b := newBench(t)
	done := func(no string) subject {
		return life(no, "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5))
	}
	b.cases(done("a"), done("b"))
	b.insert("rating_states", rated("case", "a", rating{"r1", 1, "2026-03-09 16:00", "valid", ""}),
		rated("case", "b", rating{"r2", 5, "2026-03-09 16:00", "valid", ""}))
	event := func(seq int, name, state, when, payload string) {
		require.NoError(t, b.db.Conn().Exec(t.Context(), "INSERT INTO work_events (kind, id, seq, fold_version, event, state, actor, "+
			"effective_at, payload) SELECT 'rating', lower(hex(sipHash128('rating', 'haoping', 'r1'))), ?, 1, ?, ?, 'u-9', ?, ?",
			seq, name, state, stored(when), payload))
	}
	event(1, "create", "verifying", "2026-03-09 16:00", "")
	event(2, "claim_invalid", "invalid_claimed", "2026-03-10 09:00", "{}")
	event(3, "exclude", "excluded", "2026-03-11 09:00", `{"comment":"点错"}`)
	event(4, "reopen", "valid", "2026-03-20 09:00", `{"comment":"c"}`)
	figures := func(asOf string) (all []([2]float64)) {
		for _, id := range []string{"E01", "E02", "E03", "E04", "E05"} {
			r := march(id)
			r.AsOf = at(asOf)
			all = append(all, b.parts(r))
		}
		return all
	}
	before := [][2]float64{{2, 2}, {1, 2}, {1, 2}, {1, 2}, {100, 2}}
	require.Equal(t, before, figures("2026-03-11 08:59:59.999"))
	require.Equal(t, [][2]float64{{1, 2}, {1, 1}, {1, 1}, {0, 1}, {100, 1}}, figures("2026-03-11 09:00:00"))
	require.Equal(t, before, figures("2026-03-20 09:00:00"))

	r := march("E04")
	r.AsOf = at("2026-03-12")
	require.Equal(t, []string{"r1", "r2"}, b.listed(r, ""), "it stays listed")
	require.Equal(t, []string{"r2"}, b.listed(r, "denominator"))
	res, err := metrics.Cases(t.Context(), b.reg, b.db.Conn(), metrics.CasesRequest{Request: r, Limit: 10})
	require.NoError(t, err)
	m := res.Maps()[0]
	require.Equal(t, []any{"r1", "excluded", "u-9", "点错", at("2026-03-11 09:00").UTC()},
		[]any{m["rating_id"], m["rating_status"], m["excluded_by"], m["excluded_why"], m["excluded_at"].(time.Time).UTC()})
}

func levels(b *bench, req metrics.Request) map[string][2]float64 {
	res, err := metrics.Evaluate(b.t.Context(), b.reg, b.db.Conn(), req)
	require.NoError(b.t, err)
	out := map[string][2]float64{}
	for _, m := range res.Maps() {
		out[string(rune('0'+m["level"].(uint8)))] = partsOf(m)
	}
	return out
}

func ticket(no string, more ...step) subject {
	first := step{"at": "2026-03-02 09:00", "state": "received", "received_at": "2026-03-02 09:00", "org": "A"}
	dispatched := step{"at": "2026-03-02 10:00", "state": "dispatched", "dispatched_at": "2026-03-02 10:00", "due_at": endOf("2026-03-09"),
		"due_basis": "rule"}
	return subject{
		flat: map[string]any{"source_sys": "12345", "ticket_no": no, "region_code": "610802", "kind": "help", "channel": "phone",
			"called_number": "12345"},
		history: append([]step{first, dispatched}, more...),
	}
}

func TestTicketsOnTimeAndClosed(t *testing.T) {
	b := newBench(t)
	reply := func(when string) step { return step{"at": when, "state": "replied", "stop_at": when} }
	closed := func(when string) step { return step{"at": when, "state": "closed", "closed_at": when} }
	onCall := ticket("oncall")
	onCall.history = []step{{"at": "2026-03-02 09:00", "state": "closed", "received_at": "2026-03-02 09:00", "stop_at": "2026-03-02 09:05",
		"closed_at": "2026-03-02 09:05", "org": "H"}}
	test := ticket("test")
	test.flat["is_test"] = true
	b.tickets(
		ticket("good", reply("2026-03-09 12:00"), closed("2026-03-11 12:00")),
		ticket("late", reply("2026-03-10 12:00"), closed("2026-04-02 12:00")),
		ticket("open"),
		ticket("extended", step{"at": "2026-03-05 10:00", "due_at": endOf("2026-03-23")}, reply("2026-03-23 23:59:59.999")),
		ticket("hung", step{"at": "2026-03-05 10:00", "state": "hung", "excluded": "hung"}),
		ticket("merged", step{"at": "2026-03-05 10:00", "state": "merged", "excluded": "merged"}),
		onCall, test)
	require.Equal(t, [2]float64{7, -1}, b.parts(march("F01")))
	require.Equal(t, map[string][2]float64{"help": {7, -1}}, b.grouped(march("F01", "kind")))
	require.Equal(t, [2]float64{2, 4}, b.parts(march("F06")))
	require.Equal(t, []string{"late", "open"}, b.listed(march("F06"), "rest"))
	require.Equal(t, [2]float64{1, 4}, b.parts(march("F07")))
	later := march("F07")
	later.To, later.AsOf = at("2026-05-01"), at("2026-05-01")
	require.Equal(t, [2]float64{2, 4}, b.parts(later))
	early := march("F06")
	early.AsOf = at("2026-03-09 23:59:59.999")
	require.Equal(t, [2]float64{1, 1}, b.parts(early))
	months := march("F06", "month")
	months.To, months.AsOf = at("2026-06-01"), at("2026-06-01")
	require.Equal(t, map[string][2]float64{"2026-03": {2, 4}, "2026-04": {0, 1}, "2026-05": {0, 1}}, b.grouped(months))
}

// A due that was missed counts as missed once, with who held the ticket then: neither a redo order that is kept nor
// another organisation makes it a ticket in time (domain guide 5.1, C1 and C8).
func TestAMissedDueOfATicketStaysMissed(t *testing.T) {
	b := newBench(t)
	missed := func(s step) step {
		s["missed_due"], s["missed_org"] = endOf("2026-03-09"), "A"
		return s
	}
	redone := ticket("redone",
		missed(step{"at": "2026-03-10 12:00", "state": "replied", "stop_at": "2026-03-10 12:00"}),
		missed(step{"at": "2026-03-11 09:00", "state": "redo", "stop_at": "", "due_at": endOf("2026-03-16")}),
		missed(step{"at": "2026-03-13 12:00", "state": "replied", "stop_at": "2026-03-13 12:00"}))
	passed := ticket("passed-on", missed(step{"at": "2026-03-10 12:00", "state": "dispatched", "org": "B", "due_at": endOf("2026-03-17")}))
	b.tickets(redone, passed)
	require.Equal(t, [2]float64{0, 2}, b.parts(march("F06")))
	require.Equal(t, map[string][2]float64{"A": {0, 2}}, b.grouped(march("F06", "org")))
	for _, when := range []string{"2026-03-12 12:00", "2026-03-14 12:00"} {
		then := march("F06")
		then.AsOf = at(when)
		require.Equal(t, [2]float64{0, 2}, b.parts(then), when)
	}
	of := march("F06")
	of.Org = "B"
	require.Equal(t, [2]float64{0, 0}, b.parts(of))
	require.Equal(t, map[string][2]float64{"A": {0, 2}}, b.grouped(march("F07", "org")), "the due that was missed is the one that counts")
}

func TestOutcomesOfDeadlines(t *testing.T) {
	b := newBench(t)
	flagged := life("late", "2026-03-02 09:00", "2026-03-10", stop("2026-03-16 15:00", -4, 10))
	flagged.flat["source_due_at"], flagged.flat["source_on_time"] = stored("2026-03-17 09:00"), "ONTIME"
	nodue := life("nodue", "2026-03-02 09:00", "2026-03-10")
	nodue.history[0]["promise_due"] = ""
	b.cases(flagged, nodue,
		life("ontime", "2026-03-02 09:00", "2026-03-10", stop("2026-03-09 15:00", 1, 5)),
		life("overdue", "2026-03-02 09:00", "2026-03-10"),
		life("intime", "2026-03-20 09:00", "2026-04-10"),
		life("paused", "2026-03-02 09:00", "2026-03-06",
			step{"at": "2026-03-10 09:00", "state": "suspended", "pause_until": endOf("2026-04-20")}),
		life("withdrawn", "2026-03-02 09:00", "2026-03-10", step{"at": "2026-03-05 09:00", "state": "withdrawn", "excluded": "withdrawn",
			"stop_at": "2026-03-05 09:00"}),
	)
	args := queries.Args{"as_of": at("2026-04-01")}
	res, err := b.reg.Run(t.Context(), b.db.Conn(), "quality/deadline_outcomes", args, "org")
	require.NoError(t, err)
	require.Len(t, res.Rows, 1)
	m := res.Maps()[0]
	require.Equal(t, "A", m["org"])
	require.Equal(t, [2]float64{1, 3}, partsOf(m))
	for outcome, n := range map[string]int{"subjects": 7, "on_time": 1, "late": 1, "open_overdue": 1, "open_in_time": 1, "paused": 1,
		"open_no_due": 1, "stopped_no_due": 0, "excluded": 1} {
		require.EqualValues(t, n, m[outcome], outcome)
	}
	args["basis"] = "source"
	res, err = b.reg.Run(t.Context(), b.db.Conn(), "quality/source_flags", args)
	require.NoError(t, err)
	require.Contains(t, res.Maps(), map[string]any{"source_sys": "gov", "source_on_time": "ONTIME", "outcome": "on_time",
		"subjects": uint64(1)})
}
