package rule_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/engine/enginetest"
	"duban/supervision/lawzone"
	"duban/supervision/rule"
)

// Rules over work items, alerts and measurements, which a rule test cannot feed.
// Days are those of 2025: 09-28 (Sunday) and 10-11 (Saturday) work, 10-01 to
// 10-08 are off. The fifth working day after Friday 09-26 is 10-10 (28, 29, 30,
// 10-09, 10-10).

// when reads a local instant, the year may be left out.
func when(t testing.TB, s string) time.Time {
	t.Helper()
	if s[4] != '-' {
		s = "2025-" + s
	}
	at, err := time.ParseInLocation("2006-01-02 15:04:05.999", s, lawzone.Zone)
	require.NoError(t, err)
	return at.UTC()
}

// bench is a database with rules to ask.
type bench struct {
	t   *testing.T
	db  *store.DB
	reg *queries.Registry
	cat *rule.Catalogue
}

func newBench(t *testing.T) *bench {
	t.Helper()
	reg, cat := load(t)
	db := storetest.New(t)
	enginetest.Fold(t, db) // stores the calendar
	return &bench{t, db, reg, cat}
}

// asked returns what a rule says at the end of a period: subject, clock and steps.
func (b *bench) asked(id, from, until string) []string {
	b.t.Helper()
	r, ok := b.cat.Get(id)
	require.True(b.t, ok)
	q, err := b.reg.Get(r.Query())
	require.NoError(b.t, err)
	cal, err := calendar.Default()
	require.NoError(b.t, err)
	given := queries.Args{"calendar": cal.Version(), "from": when(b.t, from), "until": when(b.t, until)}
	args := queries.Args{}
	for _, p := range q.Params {
		args[p.Name] = r.Params[p.Name]
		if v, ok := given[p.Name]; ok {
			args[p.Name] = v
		}
	}
	res, err := b.reg.Run(b.t.Context(), b.db.Conn(), r.Query(), args)
	require.NoError(b.t, err)
	out := []string{}
	for _, m := range res.Maps() {
		line := strings.TrimSpace(m["subject_no"].(string) + " " + m["clock_no"].(string))
		for _, s := range steps(b.t, m["steps"]) {
			line += " | " + s
		}
		out = append(out, line)
	}
	return out
}

// steps writes steps as "10-11 00:00:00 yellow".
func steps(t testing.TB, v any) []string {
	t.Helper()
	var out []string
	for _, s := range v.([][]any) {
		at, ok := s[0].(time.Time)
		if p, isPointer := s[0].(*time.Time); isPointer {
			at, ok = *p, true
		}
		require.True(t, ok, "%T", s[0])
		out = append(out, strings.TrimSpace(strings.TrimSuffix(at.In(lawzone.Zone).Format("01-02 15:04:05.000"), ".000")+" "+s[1].(string)))
	}
	return out
}

func (b *bench) exec(sql string, args ...any) {
	b.t.Helper()
	require.NoError(b.t, b.db.Conn().Exec(b.t.Context(), sql, args...), sql)
}

// work stores a work item with its events: "when|event|state" or
// "when|event|state|payload".
func (b *bench) work(kind, id string, events ...string) {
	b.t.Helper()
	for i, e := range events {
		p := append(strings.SplitN(e, "|", 4), "{}")
		b.exec("INSERT INTO work_events (kind, id, seq, fold_version, event, state, effective_at, payload) VALUES (?, ?, ?, 1, ?, ?, ?, ?)",
			kind, id, i+1, p[1], p[2], ms(when(b.t, p[0])), p[3])
	}
	b.exec("INSERT INTO work_items (kind, id, fold_version, seq, org_code) VALUES (?, ?, 1, ?, 'A')", kind, id, len(events))
}

// ms writes an instant so that its milliseconds are kept.
func ms(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05.000") }

func TestOrdersAreDueByTheirHistory(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.work("order", "open", "09-26 10:00:00|create|issued")
	b.work("order", "in-time", "09-26 10:00:00|create|issued", "09-26 11:00:00|sign|signed", "10-10 23:59:59.999|reply|replied",
		"10-11 09:00:00|accept|accepted")
	b.work("order", "just-late", "09-26 10:00:00|create|issued", "09-26 11:00:00|sign|signed", "10-11 00:00:00|reply|replied")
	// three days more than 10-10 are 11, 13 and 14
	b.work("order", "extended", "09-26 10:00:00|create|issued", "09-26 11:00:00|sign|signed",
		`10-09 12:00:00|extend|signed|{"days":3,"reason":"x"}`, "10-14 23:59:59.999|reply|replied")
	// read on the 11th (Saturday, works) and the 13th: due on the 13th
	b.work("order", "sent-back", "09-26 10:00:00|create|issued", "09-26 11:00:00|sign|signed", "10-10 12:00:00|reply|replied",
		"10-13 09:00:00|return|returned")
	b.work("order", "by-leader", `09-26 10:00:00|create|issued|{"due":"2025-09-30"}`)
	b.work("order", "draft", "09-22 10:00:00|create|draft")
	// from Monday 09-29 five days are 30, 10-09, 10, 11 and 13
	b.work("order", "reopened", "09-22 10:00:00|create|issued", "09-22 11:00:00|sign|signed", "09-23 10:00:00|reply|replied",
		"09-23 11:00:00|accept|accepted",
		"09-24 10:00:00|close|closed", "09-29 10:00:00|reopen|in_progress")
	require.Empty(t, b.asked("R-ORD-01", "09-28 22:00:00", "09-28 23:00:00"))
	require.ElementsMatch(t, []string{"by-leader | 09-29 00:00:00 warning"}, b.asked("R-ORD-01", "09-28 23:00:00", "09-29 00:00:00"))
	require.ElementsMatch(t, []string{
		"open | 10-09 00:00:00 warning | 10-11 00:00:00 yellow | 10-15 00:00:00 red", // 11, 13, 14, 15
		"in-time | 10-09 00:00:00 warning | 10-10 23:59:59.999",
		"just-late | 10-09 00:00:00 warning | 10-11 00:00:00 yellow",
		"extended | 10-09 00:00:00 warning | 10-09 12:00:00 | 10-13 00:00:00 warning | 10-14 23:59:59.999",
		"sent-back | 10-09 00:00:00 warning | 10-10 12:00:00 | 10-13 09:00:00 warning | 10-14 00:00:00 yellow",
		"by-leader | 09-29 00:00:00 warning | 10-01 00:00:00 yellow | 10-13 00:00:00 red", // 9, 10, 11, 13
		"reopened reopened/1 | 10-11 00:00:00 warning | 10-14 00:00:00 yellow",
	}, b.asked("R-ORD-01", "10-14 23:00:00", "10-15 00:00:00"))
}

func TestExposuresAreAnsweredWithinFiveWorkingDays(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	published := []string{"09-22 10:00:00|create|candidate", "09-23 10:00:00|approve|reviewed", "09-26 10:00:00|publish|published"}
	b.work("exposure", "silent", published...)
	b.work("exposure", "in-time", append(published, "10-10 23:59:59.999|reply|replied")...)
	b.work("exposure", "late", append(published, "10-11 00:00:00|reply|replied")...)
	b.work("exposure", "taken-down", append(published, "09-28 10:00:00|takedown|taken_down")...)
	b.work("exposure", "candidate", published[:2]...)
	require.Empty(t, b.asked("R-ORD-04", "10-10 22:00:00", "10-10 23:00:00"))
	require.ElementsMatch(t, []string{"silent | 10-11 00:00:00 yellow", "late | 10-11 00:00:00 yellow"},
		b.asked("R-ORD-04", "10-10 23:00:00", "10-11 00:00:00"))
}

func TestBadRatingsAreVerifiedRectifiedAndNotRejected(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	created, verified := "09-26 10:00:00|create|verifying", "09-26 11:00:00|verify|valid"
	b.work("rating", "unverified", created, "09-29 11:00:00|verify|valid")
	b.work("rating", "verified", created, "09-28 23:59:59.999|verify|valid")
	b.work("rating", "claimed", created, "09-28 10:00:00|claim_invalid|invalid_claimed", "10-20 10:00:00|exclude|excluded")
	b.work("rating", "open", created, verified, "09-28 10:00:00|start|rectifying")
	b.work("rating", "fixed", created, verified, "10-10 23:59:59.999|rectify|rectified", "10-13 10:00:00|confirm|confirmed")
	// ten days more than 10-10: 11, 13 to 17, 20 to 23
	b.work("rating", "complex", created, verified, `10-09 10:00:00|extend|valid|{"reason":"x"}`)
	// from 10-13 five days are 14 to 17 and 20
	b.work("rating", "reopened", created, verified, "10-10 10:00:00|rectify|rectified", "10-11 10:00:00|confirm|confirmed",
		"10-11 11:00:00|close|closed", "10-13 09:30:00|reopen|rejected")
	b.work("rating", "rejected", created, verified, "10-10 10:00:00|rectify|rectified", "10-13 10:00:00|reject|rejected",
		"10-13 11:00:00|note|rejected", "10-13 12:00:00|start|rectifying")

	require.Empty(t, b.asked("R-SAT-01", "09-28 22:00:00", "09-28 23:00:00"))
	require.ElementsMatch(t, []string{"unverified | 09-29 00:00:00 warning"}, b.asked("R-SAT-01", "09-28 23:00:00", "09-29 00:00:00"))
	require.ElementsMatch(t, []string{"unverified | 09-29 00:00:00 warning | 09-29 11:00:00"},
		b.asked("R-SAT-01", "09-29 11:00:00", "09-29 12:00:00"))

	require.Empty(t, b.asked("R-SAT-02", "10-10 22:00:00", "10-10 23:00:00"))
	require.ElementsMatch(t, []string{
		"open round/1 | 10-11 00:00:00 yellow | 10-17 00:00:00 red", // 11, 13 to 16
		"complex round/1 | 10-24 00:00:00 yellow",
		"rejected round/2 | 10-21 00:00:00 yellow",
		"reopened round/2 | 10-21 00:00:00 yellow",
		"unverified round/1 | 10-14 00:00:00 yellow | 10-21 00:00:00 red", // 30, 10-09, 10, 11, 13; 14 to 17, 20
		"verified round/1 | 10-12 00:00:00 yellow | 10-18 00:00:00 red",   // 29, 30, 10-09, 10, 11; 13 to 17
	}, b.asked("R-SAT-02", "10-24 00:00:00", "10-24 01:00:00"))

	require.Empty(t, b.asked("R-SAT-03", "10-13 08:00:00", "10-13 09:00:00"))
	require.ElementsMatch(t, []string{"rejected | 10-13 10:00:00 yellow", "reopened | 10-13 09:30:00 yellow"},
		b.asked("R-SAT-03", "10-13 09:00:00", "10-13 10:00:00"))
}

// A bad rating that was excluded by decision makes no cluster, and takes back what was said
// of one that it made full (domain guide 4; R-SAT-05: five within thirty days).
func TestAClusterIsTakenBackWhenARatingIsExcluded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i, at := range []string{"09-22 10:00:00", "09-23 10:00:00", "09-24 10:00:00", "09-25 10:00:00", "09-26 10:00:00"} {
		id := string(rune('a' + i))
		enginetest.Insert(t, b.db, event.Rating{SourceSys: "s", RatingID: id, SubjectSys: "s", CaseNo: id, ServiceNo: "F",
			RaterToken: "T", Level: 2,
			RatedAt: when(t, at).UnixMilli(), ServedAt: when(t, at).Add(-time.Hour).UnixMilli(), OrgCode: "A", WindowID: "W"})
	}
	enginetest.Fold(t, b.db)
	asked := func() []string { return b.asked("R-SAT-05", "09-28 00:00:00", "09-29 00:00:00") }
	require.Equal(t, []string{"A window/W/2025-09-26 | 09-26 10:00:00 warning"}, asked())
	b.exec(`INSERT INTO work_events (kind, id, seq, fold_version, event, state, effective_at, payload)
		SELECT 'rating', lower(hex(sipHash128('rating', 's', 'c'))), 3, 1, 'exclude', 'excluded', ?, '{}'`, ms(when(t, "09-28 10:00:00")))
	require.Equal(t, []string{"A window/W/2025-09-26 | 09-26 10:00:00"}, asked())
	require.Equal(t, []string{"A window/W/2025-09-26 | 09-26 10:00:00 warning"}, b.asked("R-SAT-05", "09-27 00:00:00", "09-28 00:00:00"),
		"as the day before knew it")
}

// A tag of a bad rating counts from its verification on, as the tag of a complaint does
// (domain guide 4 and 6.2, R-NRM-02 and R-NRM-03).
func TestTagsOfBadRatingsCountOnceTheyAreVerified(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for id, tag := range map[string]string{"M": "extra_materials", "C": "extra_conditions", "O": "over_promise", "U": "extra_materials"} {
		enginetest.Insert(t, b.db, event.Rating{SourceSys: "s", RatingID: id, SubjectSys: "s", CaseNo: id, ServiceNo: "F",
			RaterToken: "T", Level: 1,
			RatedAt: when(t, "09-26 10:00:00").UnixMilli(), ServedAt: when(t, "09-26 09:00:00").UnixMilli(), OrgCode: "A",
			Payload: `{"bad_tag":"` + tag + `"}`})
	}
	enginetest.Fold(t, b.db)
	for _, id := range []string{"M", "C", "O"} {
		b.exec(`INSERT INTO work_events (kind, id, seq, fold_version, event, state, effective_at, payload)
			SELECT 'rating', lower(hex(sipHash128('rating', 's', ?))), 2, 1, 'verify', 'valid', ?, '{}'`, id, ms(when(t, "09-28 10:00:00")))
	}
	ordered := func(id string) string {
		res, err := b.db.Conn().Query(t.Context(), "SELECT lower(hex(sipHash128('rating', 's', ?)))", id)
		require.NoError(t, err)
		defer func() { _ = res.Close() }()
		require.True(t, res.Next())
		var order string
		require.NoError(t, res.Scan(&order))
		return order
	}
	require.Empty(t, b.asked("R-NRM-02-R", "09-28 08:00:00", "09-28 09:00:00"))
	require.Equal(t, []string{ordered("M") + " | 09-28 10:00:00 red"}, b.asked("R-NRM-02-R", "09-28 09:00:00", "09-28 10:00:00"))
	require.Equal(t, []string{ordered("C") + " | 09-28 10:00:00 red"}, b.asked("R-NRM-03-R", "09-28 09:00:00", "09-28 10:00:00"))
	enginetest.Insert(t, b.db, event.Rating{SourceSys: "s", RatingID: "better", SubjectSys: "s", CaseNo: "M", ServiceNo: "F",
		RaterToken: "T", Level: 5,
		RatedAt: when(t, "09-26 11:00:00").UnixMilli(), ServedAt: when(t, "09-26 09:00:00").UnixMilli(), OrgCode: "A"})
	enginetest.Fold(t, b.db)
	require.Equal(t, []string{ordered("M") + " | 09-28 10:00:00"}, b.asked("R-NRM-02-R", "09-28 09:00:00", "09-28 10:00:00"))
}

// The revision in force says what the rater complains of (domain guide 2.6): the answer is
// the same whether the order was opened before or after it came.
func TestTheTagOfABadRatingIsThatOfItsRevisionInForce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	rated := func(id string, revision uint32, payload string) event.Rating {
		return event.Rating{SourceSys: "s", RatingID: id, Revision: revision, SubjectSys: "s", CaseNo: id, ServiceNo: "F",
			RaterToken: "T", Level: 1,
			RatedAt: when(t, "09-26 10:00:00").UnixMilli(), ServedAt: when(t, "09-26 09:00:00").UnixMilli(), OrgCode: "A", Payload: payload}
	}
	enginetest.Insert(t, b.db, rated("ADDED", 0, `{}`), rated("REMOVED", 0, `{"bad_tag":"extra_materials"}`))
	enginetest.Fold(t, b.db)
	var added, removed string
	for id, order := range map[string]*string{"ADDED": &added, "REMOVED": &removed} {
		b.exec(`INSERT INTO work_events (kind, id, seq, fold_version, event, state, effective_at, payload)
			SELECT 'rating', lower(hex(sipHash128('rating', 's', ?))), 2, 1, 'verify', 'valid', ?, '{}'`, id, ms(when(t, "09-28 10:00:00")))
		require.NoError(t, b.db.Conn().QueryRow(t.Context(), "SELECT lower(hex(sipHash128('rating', 's', ?)))", id).Scan(order))
	}
	asked := func() []string { return b.asked("R-NRM-02-R", "09-28 09:00:00", "09-28 10:00:00") }
	require.Equal(t, []string{removed + " | 09-28 10:00:00 red"}, asked())
	b.exec(`INSERT INTO alert_chains (subject_kind, source_sys, subject_no, rule_id, rule_version, clock_no, fold_version, step_at,
		step_severity)
		SELECT 'order', '', ?, 'R-NRM-02-R', 1, '', 1, [?], ['red']`, removed, ms(when(t, "09-28 10:00:00")))
	enginetest.Insert(t, b.db, rated("ADDED", 1, `{"bad_tag":"extra_materials"}`), rated("REMOVED", 1, `{}`))
	enginetest.Fold(t, b.db)
	require.ElementsMatch(t, []string{added + " | 09-28 10:00:00 red", removed + " | 09-28 10:00:00"}, asked())
}

// A rating that its rater replaced counts no more: whatever was said about its order
// is taken back, whichever of the two came first.
func TestAnOrderOfARatingThatWasReplacedIsTakenBack(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	rated := func(id string, level uint8, at string) event.Rating {
		return event.Rating{SourceSys: "s", RatingID: id, SubjectSys: "s", CaseNo: "C", ServiceNo: "F", RaterToken: "T", Level: level,
			RatedAt: when(t, at).UnixMilli(), ServedAt: when(t, "09-26 09:00:00").UnixMilli(), OrgCode: "A"}
	}
	enginetest.Insert(t, b.db, rated("bad", 1, "09-26 10:00:00"))
	enginetest.Fold(t, b.db)
	before := b.asked("R-SAT-01", "09-28 23:00:00", "09-29 00:00:00")
	require.Len(t, before, 1)
	require.Contains(t, before[0], " | 09-29 00:00:00 warning")
	enginetest.Insert(t, b.db, rated("good", 5, "09-26 11:00:00"))
	enginetest.Fold(t, b.db)
	after := b.asked("R-SAT-01", "09-28 23:00:00", "09-29 00:00:00")
	require.Len(t, after, 1)
	require.True(t, strings.HasSuffix(after[0], " | 09-26 10:00:00"), after[0])
}

// alert stores an alert with its events: "when|state" or "when|state|event"; the first
// one that does not say is raised.
func (b *bench) alert(id, ruleID, severity, subject, feedbackDue string, events ...string) {
	b.t.Helper()
	due := "NULL"
	if feedbackDue != "" {
		due = "'" + ms(when(b.t, feedbackDue)) + "'"
	}
	b.exec("INSERT INTO alerts (alert_id, fold_version, rule_id, severity, subject_kind, source_sys, subject_no, feedback_due) VALUES (?, "+
		"1, ?, ?, 'case', 's', ?, "+due+")",
		id, ruleID, severity, subject)
	for i, e := range events {
		p := append(strings.Split(e, "|"), "x")
		if i == 0 && p[2] == "x" {
			p[2] = "raised"
		}
		b.exec("INSERT INTO alert_events (alert_id, seq, fold_version, event, state, severity, effective_at, recorded_at) VALUES (?, ?, 1, ?, "+
			"?, ?, ?, ?)",
			id, i+1, p[2], p[1], severity, ms(when(b.t, p[0])), ms(when(b.t, p[0])))
	}
}

func TestCardsAreAnsweredByTheirDeadline(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const due = "10-10 23:59:59.999"
	b.alert("silent", "R-DDL-03", "yellow", "c", due, "09-26 10:00:00|issued")
	b.alert("acked", "R-DDL-03", "red", "c", due, "09-26 10:00:00|issued", "09-26 11:00:00|acked")
	b.alert("in-time", "R-DDL-03", "yellow", "c", due, "09-26 10:00:00|issued", "10-10 23:59:59.999|fed_back")
	b.alert("late", "R-DDL-03", "yellow", "c", due, "09-26 10:00:00|issued", "10-11 00:00:00|fed_back")
	b.alert("appealed", "R-DDL-03", "yellow", "c", due, "09-26 10:00:00|issued", "09-28 10:00:00|appealed")
	b.alert("warning", "R-DDL-01", "warning", "c", "", "09-26 10:00:00|issued")
	b.alert("unissued", "R-SAT-04", "yellow", "c", due, "09-26 10:00:00|pending")
	b.alert("itself", "R-ORD-02", "yellow", "c", due, "09-26 10:00:00|issued")
	require.Empty(t, b.asked("R-ORD-02", "10-10 22:00:00", "10-10 23:00:00"))
	require.ElementsMatch(t, []string{"silent | 10-11 00:00:00 yellow", "acked | 10-11 00:00:00 yellow", "late | 10-11 00:00:00 yellow"},
		b.asked("R-ORD-02", "10-10 23:00:00", "10-11 00:00:00"))
}

// Each request for an answer has its own five working days (domain guide 6.1): an appeal
// that was upheld and an answer that was sent back ask again. The fifth working day
// after 09-28 (Sunday, works) is 10-11 (Saturday, works); after 09-29 it is 10-13.
func TestEveryRequestForAnAnswerHasItsOwnDeadline(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const due = "10-11 23:59:59.999"
	b.alert("upheld", "R-DDL-03", "yellow", "c", due, "09-26 10:00:00|issued", "09-27 10:00:00|appealed|appeal",
		"09-28 10:00:00|upheld|uphold")
	b.alert("sent-back", "R-DDL-03", "yellow", "c", due, "09-26 10:00:00|issued", "09-27 10:00:00|fed_back|feedback",
		"09-28 10:00:00|acked|reject_feedback")
	b.alert("answered", "R-DDL-03", "yellow", "c", due, "09-26 10:00:00|issued", "09-27 10:00:00|fed_back|feedback",
		"09-28 10:00:00|acked|reject_feedback", "10-11 10:00:00|fed_back|feedback")
	b.alert("graver", "R-DDL-07", "red", "c", due, "09-26 10:00:00|issued", "09-28 10:00:00|issued|upgraded")
	b.alert("twice", "R-DDL-03", "yellow", "c", "10-17 23:59:59.999", "09-26 10:00:00|issued", "10-11 10:00:00|fed_back|feedback",
		"10-11 11:00:00|acked|reject_feedback")
	require.ElementsMatch(t, []string{"twice | 10-11 00:00:00 yellow"}, b.asked("R-ORD-02", "10-11 10:00:00", "10-11 23:00:00"))
	require.ElementsMatch(t, []string{"upheld | 10-12 00:00:00 yellow", "sent-back | 10-12 00:00:00 yellow", "graver | 10-12 00:00:00 yellow",
		"twice | 10-11 00:00:00 yellow"},
		b.asked("R-ORD-02", "10-11 23:00:00", "10-12 00:00:00"))
	// Five working days after 10-11: 13, 14, 15, 16, 17.
	require.Contains(t, b.asked("R-ORD-02", "10-17 23:00:00", "10-18 00:00:00"), "twice 2 | 10-18 00:00:00 yellow")
}

func TestMovingATimeAfterACardIsSuspect(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	fact := func(no, id string, typ event.CaseType, arrived, payload string) event.Case {
		at := when(t, arrived).UnixMilli()
		return event.Case{
			SourceSys: "s", CaseNo: no, EventID: no + id, Type: typ, OccurredAt: at, OrgCode: "A", TaskCode: "T", Payload: payload,
			Origin: event.Origin{ReceivedAt: at},
		}
	}
	amend := func(no, set string) string { return fmt.Sprintf(`{"target_event_id":"%s1","set":%s}`, no, set) }
	const moved = `{"event_time":"2025-09-22T09:00:00+08:00"}`
	facts := []any{}
	for _, no := range []string{"moved", "before", "other", "warned"} {
		facts = append(facts, fact(no, "1", event.Apply, "09-22 10:00:00", ""))
	}
	facts = append(facts,
		fact("moved", "2", event.Amend, "09-28 10:00:00.001", amend("moved", moved)),
		fact("before", "2", event.Amend, "09-28 10:00:00", amend("before", moved)),
		fact("other", "2", event.Amend, "09-28 12:00:00", amend("other", `{"payload":{"x":1}}`)),
		fact("warned", "2", event.Amend, "09-28 12:00:00", amend("warned", moved)))
	// The date of a publication is a time too, but to tell it for the first time or again moves nothing.
	const told = `{"published_at":"2025-09-22T12:00:00+08:00"}`
	for _, no := range []string{"published", "repeated"} {
		facts = append(facts, fact(no, "1", event.Apply, "09-22 10:00:00", told))
	}
	facts = append(facts,
		fact("published", "2", event.Amend, "09-28 10:20:00", amend("published", `{"payload":{"published_at":"2025-09-22T09:00:00+08:00"}}`)),
		fact("repeated", "2", event.Amend, "09-28 10:20:00", amend("repeated", `{"payload":{"x":1,"published_at":"2025-09-22T04:00:00Z"}}`)),
		fact("filled", "1", event.Apply, "09-22 10:00:00", ""),
		fact("filled", "2", event.Amend, "09-28 10:20:00", amend("filled", `{"payload":`+told+`}`)),
		// Amended back to what was told first: moved all the same, after it was moved before the card.
		fact("back", "1", event.Apply, "09-22 10:00:00", ""), fact("back", "2", event.Amend, "09-23 10:00:00", amend("back", moved)),
		fact("back", "3", event.Amend, "09-28 10:25:00", amend("back", `{"event_time":"2025-09-22T10:00:00+08:00"}`)))
	// The same by another revision of the fact; one that says the same time moves nothing.
	revised := func(no, at string) event.Case {
		f := fact(no, "1", event.Apply, "09-28 10:30:00", "")
		f.Revision, f.OccurredAt = 1, when(t, at).UnixMilli()
		return f
	}
	facts = append(facts, fact("revised", "1", event.Apply, "09-22 10:00:00", ""), fact("same", "1", event.Apply, "09-22 10:00:00", ""),
		revised("revised", "09-22 09:00:00"), revised("same", "09-22 10:00:00"))
	enginetest.Insert(t, b.db, facts...)
	enginetest.Fold(t, b.db)
	for _, no := range []string{"moved", "before", "other", "revised", "same", "published", "repeated", "filled", "back"} {
		b.alert(no, "R-DDL-03", "yellow", no, "10-10 23:59:59.999", "09-28 10:00:00|issued")
	}
	b.alert("warned", "R-DDL-01", "warning", "warned", "", "09-28 10:00:00|issued")
	require.Empty(t, b.asked("R-DAT-05", "09-28 09:00:00", "09-28 10:00:00"))
	require.ElementsMatch(t, []string{"moved moved | 09-28 10:00:00.001 red", "revised moved | 09-28 10:30:00 red",
		"published moved | 09-28 10:20:00 red", "back moved | 09-28 10:25:00 red"}, b.asked("R-DAT-05", "09-28 10:00:00", "09-28 11:00:00"))
}

// measured stores a measurement.
func (b *bench) measured(name, org, from, to, sent, values string, revision int) {
	b.t.Helper()
	b.exec("INSERT INTO measurements (source_sys, event_id, revision, name, org_code, period_from, period_to, emitted_at, `values`) VALUES "+
		"('m', ?, ?, ?, ?, ?, ?, ?, "+values+")",
		name+org+from, revision, name, org, ms(when(b.t, from)), ms(when(b.t, to)), ms(when(b.t, sent)))
}

func TestConnectRateOfDaysOnEnd(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	calls := func(org, day, next string, queued, answered, abandoned int) {
		b.measured("hotline_calls", org, day+" 00:00:00", next+" 00:00:00", next+" 00:05:00",
			fmt.Sprintf("map('queued', %d, 'answered', %d, 'abandoned_5s', %d)", queued, answered, abandoned), 0)
	}
	calls("H", "09-24", "09-25", 1000, 960, 0)
	calls("H", "09-25", "09-26", 1000, 949, 0)
	calls("H", "09-26", "09-27", 1000, 900, 0) // nothing is measured on 09-27
	calls("H", "09-28", "09-29", 1000, 900, 0)
	calls("G", "09-25", "09-26", 1000, 949, 0)
	calls("G", "09-26", "09-27", 1000, 950, 0)  // 95 % is enough
	calls("K", "09-25", "09-26", 1000, 940, 20) // 940 of 980 are 95.9 %
	require.Empty(t, b.asked("R-HOT-08", "09-24 00:00:00", "09-25 00:00:00"))
	require.ElementsMatch(t, []string{"H 2025-09-25 | 09-26 00:00:00 warning", "G 2025-09-25 | 09-26 00:00:00 warning"},
		b.asked("R-HOT-08", "09-25 00:00:00", "09-26 00:00:00"))
	require.ElementsMatch(t, []string{"H 2025-09-25 | 09-26 00:00:00 warning | 09-29 00:00:00 yellow",
		"G 2025-09-25 | 09-26 00:00:00 warning | 09-27 00:00:00"},
		b.asked("R-HOT-08", "09-28 00:00:00", "09-29 00:00:00"))
	// Thirty days later the first day of the run lies before the look back: its second
	// day does not begin another one.
	require.Empty(t, b.asked("R-HOT-08", "10-26 00:00:00", "10-27 00:00:00"))
}

func TestTargetsFollowTheStraightPath(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	// From 01-01 to 12-31 are 364 days: on 10-31 (day 303) the path is at 83.2 %, on
	// 11-20 (day 323) at 88.7 %. Sixty days before 12-31 is 11-01.
	target := func(org, sent string, revision int, baseline, actual, goal float64) {
		b.measured("targets", org, "01-01 00:00:00", "12-31 00:00:00", sent, fmt.Sprintf("map('baseline', %v, 'actual', %v, 'target', %v)",
			baseline, actual, goal), revision)
	}
	target("behind", "10-31 00:00:00", 0, 0, 83, 100)
	target("behind", "11-20 00:00:00", 1, 0, 89, 100)
	target("behind", "2026-01-15 00:00:00", 2, 0, 100, 100)
	target("on-track", "10-31 00:00:00", 0, 0, 84, 100)
	target("on-track", "12-30 00:00:00", 1, 0, 100, 100)
	target("lower", "10-31 00:00:00", 0, 20, 12, 10) // the path is at 11.7
	target("lower", "12-30 00:00:00", 1, 20, 10, 10)
	require.Empty(t, b.asked("R-ORD-05", "10-30 00:00:00", "10-31 00:00:00"))
	require.ElementsMatch(t, []string{"behind// 2025-12-31 | 11-01 00:00:00 notice", "lower// 2025-12-31 | 11-01 00:00:00 notice"},
		b.asked("R-ORD-05", "10-31 00:00:00", "11-01 00:00:00"))
	require.ElementsMatch(t, []string{
		"behind// 2025-12-31 | 11-01 00:00:00 notice | 11-20 00:00:00 | 12-31 00:00:00 yellow | 01-15 00:00:00",
		"lower// 2025-12-31 | 11-01 00:00:00 notice | 12-30 00:00:00",
	}, b.asked("R-ORD-05", "2026-01-15 00:00:00", "2026-01-16 00:00:00"))
}
