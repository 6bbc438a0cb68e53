package engine_test

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/supervision/engine"
	"duban/supervision/engine/enginetest"
)

// issue stores a yellow card of organisation org, announced on Monday 2 March
// 2026, as the engine leaves it.
func issue(t testing.TB, db *store.DB, id, org string) {
	t.Helper()
	require.NoError(t, db.Conn().Exec(t.Context(), `INSERT INTO alert_events (alert_id, seq, fold_version, event, state, severity, effective_at, recorded_at)
		VALUES ('`+id+`', 1, 1, 'raised', 'issued', 'yellow', '2026-03-02 01:00:00', '2026-03-02 01:00:00')`))
	require.NoError(t, db.Conn().Exec(t.Context(), `INSERT INTO alerts (alert_id, fold_version, seq, rule_id, rule_version, category, chain, subject_kind, source_sys,
		subject_no, clock_no, org_code, region_code, state, severity, active, points, notify, raised_at, severity_at, due_at, feedback_due, appeal_until, recorded_at,
		evidence, updated_at) VALUES ('`+id+`', 1, 1, 'R-DDL-03', 1, 'timeliness', 'limit', 'case', 's', 'A-1', 'K3', '`+org+`', '610102', 'issued', 'yellow', true, 5, 'N3',
		'2026-03-02 01:00:00', '2026-03-02 01:00:00', '2026-03-01 15:59:59.999', '2026-03-09 15:59:59.999', '2026-03-05 15:59:59.999', '2026-03-02 01:00:00',
		map('basis', 'promise'), '2026-03-02 01:00:00')`))
}

// does is an action of a person of organisation org on 3 March 2026.
func does(id, role, kind, subject, action string, seq uint32, payload string) event.Action {
	return event.Action{SourceSys: "duban", EventID: id, SubjectKind: kind, SubjectID: subject, Action: action, ExpectedSeq: seq,
		Actor: "u-" + id, Role: role, OrgCode: "org", OccurredAt: day(3), Payload: payload}
}

func result(t testing.TB, db *store.DB, id string) string {
	t.Helper()
	var outcome, detail string
	var seq uint32
	scan(t, db, "SELECT outcome, seq, detail FROM action_results FINAL WHERE event_id = '"+id+"'", &outcome, &seq, &detail)
	return strings.TrimSpace(fmt.Sprintf("%s %d %s", outcome, seq, detail))
}

func TestAnAcceptedActionMovesItsAlertAndNothingElse(t *testing.T) {
	db := storetest.New(t)
	issue(t, db, "al", "org")
	issue(t, db, "other", "org")
	enginetest.Insert(t, db, does("1", "handler", "alert", "al", "ack", 1, ""),
		does("2", "dept_manager", "alert", "al", "feedback", 2, `{"cause":"人手不足","fix":"it's \"done\"\\\n"}`))
	enginetest.Fold(t, db)
	require.Equal(t, "accepted 2", result(t, db, "1"))
	require.Equal(t, "accepted 3", result(t, db, "2"))
	require.Equal(t, 1, count(t, db, `alerts FINAL WHERE alert_id = 'al' AND seq = 3 AND state = 'fed_back' AND rule_id = 'R-DDL-03' AND points = 5 AND active
		AND severity = 'yellow' AND evidence['basis'] = 'promise' AND due_at = '2026-03-01 15:59:59.999' AND feedback_due = '2026-03-09 15:59:59.999'
		AND appeal_until = '2026-03-05 15:59:59.999' AND closed_at IS NULL AND updated_at = '2026-03-03 01:00:00'`))
	require.Equal(t, 1, count(t, db, `alert_events FINAL WHERE alert_id = 'al' AND seq = 2 AND event = 'ack' AND state = 'acked' AND actor = 'u-1' AND role = 'handler'
		AND org_code = 'org' AND action_id = '1' AND effective_at = '2026-03-03 01:00:00' AND payload = ''`))
	var payload string
	scan(t, db, "SELECT payload FROM alert_events FINAL WHERE alert_id = 'al' AND seq = 3", &payload)
	require.Equal(t, `{"cause":"人手不足","fix":"it's \"done\"\\\n"}`, payload)
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE alert_id = 'other' AND seq = 1 AND fold_version = 1"))
}

func TestOfTwoPeopleAtOnceOneIsAcceptedAndOneIsTold(t *testing.T) {
	db := storetest.New(t)
	issue(t, db, "al", "org")
	enginetest.Insert(t, db, does("1", "handler", "alert", "al", "ack", 1, ""), does("2", "supervisor", "alert", "al", "revoke", 1, `{"comment":"c","ground":"wrong_data"}`))
	enginetest.Fold(t, db)
	require.Equal(t, "accepted 2", result(t, db, "1"))
	require.Equal(t, `conflict 2 {"expected":"1","key":"refusal.changed_meanwhile","seq":"2","state":"acked"}`, result(t, db, "2"))
	require.Equal(t, 2, count(t, db, "alert_events FINAL"))
}

func TestRefusedActionsSayWhy(t *testing.T) {
	db := storetest.New(t)
	issue(t, db, "al", "org")
	foreign := does("5", "handler", "alert", "al", "ack", 1, "")
	foreign.OrgCode = "elsewhere"
	enginetest.Insert(t, db,
		does("1", "handler", "alert", "al", "confirm", 1, ""),
		does("2", "analyst", "alert", "al", "ack", 1, ""),
		does("3", "dept_manager", "alert", "al", "feedback", 1, `{"cause":"c"}`),
		does("4", "handler", "alert", "nothing", "ack", 1, ""), foreign,
		does("6", "handler", "alert", "al", "cleared", 1, ""))
	enginetest.Fold(t, db)
	require.Equal(t, `illegal 1 {"action":"confirm","key":"refusal.not_in_this_state","state":"issued"}`, result(t, db, "1"))
	require.Contains(t, result(t, db, "2"), `forbidden 1 {"key":"refusal.not_your_role"`)
	require.Equal(t, `invalid 1 {"field":"fix","key":"refusal.missing"}`, result(t, db, "3"))
	require.Equal(t, `unknown 0 {"key":"refusal.no_such_subject"}`, result(t, db, "4"))
	require.Equal(t, `forbidden 1 {"key":"refusal.not_your_organisation"}`, result(t, db, "5"))
	require.Contains(t, result(t, db, "6"), "forbidden 1", "nobody speaks for the system")
	require.Equal(t, 1, count(t, db, "alert_events FINAL"))
}

func TestTheManagerAboveActsForAnOrganisation(t *testing.T) {
	db := storetest.New(t)
	issue(t, db, "al", "below")
	enginetest.Insert(t, db, event.Organisation{SourceSys: "s", EventID: "o", OrgCode: "below", Name: "n", ParentCode: "middle", ValidFrom: 19000},
		event.Organisation{SourceSys: "s", EventID: "p", OrgCode: "middle", Name: "n", ParentCode: "org", ValidFrom: 19000},
		event.Organisation{SourceSys: "s", EventID: "q", OrgCode: "org", Name: "n", ParentCode: "below", ValidFrom: 19000}, // a circle
		does("1", "dept_manager", "alert", "al", "ack", 1, ""))
	enginetest.Fold(t, db)
	require.Equal(t, "accepted 2", result(t, db, "1"))
}

func TestAnEscalatedAlertBecomesAnOrder(t *testing.T) {
	db := storetest.New(t)
	issue(t, db, "al", "org")
	issue(t, db, "nobody", "")
	enginetest.Insert(t, db, does("1", "supervisor", "alert", "al", "escalate", 1, `{"demand":"finish it","level":"key"}`),
		does("2", "supervisor", "alert", "nobody", "escalate", 1, `{"demand":"finish it"}`))
	enginetest.Fold(t, db)
	require.Equal(t, `invalid 1 {"field":"org_code","key":"refusal.missing"}`, result(t, db, "2"))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE state = 'escalated'"))
	var id, title, demand string
	scan(t, db, `SELECT id, JSONExtractString(data, 'title'), JSONExtractString(data, 'demand') FROM work_items FINAL WHERE kind = 'order' AND state = 'issued' AND seq = 1
		AND level = 'key' AND origin = 'rule' AND org_code = 'org' AND region_code = '610102' AND subjects = ['case/s/A-1'] AND alerts = ['al']
		AND due_at = '2026-03-04 15:59:59.999' AND final_due_at = '2026-03-10 15:59:59.999' AND opened_at = '2026-03-03 01:00:00'`, &id, &title, &demand)
	require.Equal(t, []string{"R-DDL-03 A-1", "finish it"}, []string{title, demand})
	require.Equal(t, `accepted 2 {"order":"`+id+`"}`, result(t, db, "1"))
	require.Equal(t, 1, count(t, db, "work_events FINAL WHERE kind = 'order' AND id = '"+id+"' AND seq = 1 AND event = 'create' AND actor = 'u-1' AND role = 'supervisor' AND action_id = '1'"))

	enginetest.Insert(t, db, does("3", "handler", "order", id, "sign", 1, ""), does("4", "handler", "order", id, "reply", 2, `{"answer":"done"}`),
		does("5", "supervisor", "order", id, "accept", 3, ""), does("6", "supervisor", "order", id, "close", 4, ""))
	enginetest.Fold(t, db)
	require.Equal(t, 1, count(t, db, `work_items FINAL WHERE state = 'closed' AND seq = 5 AND stopped_at = '2026-03-03 01:00:00' AND closed_at = '2026-03-03 01:00:00'
		AND due_at IS NULL AND final_due_at = '2026-03-10 15:59:59.999' AND JSONExtractString(data, 'answer') = 'done'`))
	require.Equal(t, 5, count(t, db, "work_events FINAL"))
}

func TestPeopleOpenOrdersExposuresAndReferrals(t *testing.T) {
	db := storetest.New(t)
	enginetest.Insert(t, db,
		does("1", "leader", "order", "o1", "create", 0, `{"org_code":"org","title":"t","demand":"d","due":"2026-03-31","co_orgs":["b","c"],"issue":true}`),
		does("2", "supervisor", "exposure", "x1", "create", 0, `{"org_code":"org","title":"t","alerts":["al"]}`),
		does("3", "supervisor", "referral", "f1", "create", 0, `{"org_code":"org","grounds":"three red cards"}`),
		does("4", "supervisor", "order", "o1", "create", 0, `{"org_code":"org","title":"t","demand":"d"}`),
		does("5", "supervisor", "notice", "n1", "read", 0, ""))
	enginetest.Fold(t, db)
	require.Equal(t, 1, count(t, db, "work_items FINAL WHERE kind = 'order' AND id = 'o1' AND level = 'leader' AND origin = 'leader' AND co_orgs = ['b', 'c'] AND final_due_at = '2026-03-31 15:59:59.999'"))
	require.Equal(t, 1, count(t, db, "work_items FINAL WHERE kind = 'exposure' AND id = 'x1' AND state = 'candidate'"))
	require.Equal(t, 1, count(t, db, "work_items FINAL WHERE kind = 'referral' AND id = 'f1' AND state = 'draft'"))
	require.Equal(t, `conflict 1 {"key":"refusal.exists_already","seq":"1"}`, result(t, db, "4"))
	require.Equal(t, 4, count(t, db, "action_results FINAL"), "notices have no machine")
}

// work returns everything that actions on subjects with a prefix led to, the
// prefix left out, without versions and clocks.
func work(t testing.TB, db *store.DB, prefix string) (lines []string) {
	t.Helper()
	names := strings.NewReplacer(prefix, "")
	for _, table := range []string{"work_items", "alerts", "alert_events", "work_events", "action_results"} {
		except := "fold_version"
		if table != "alerts" && table != "work_items" {
			except += ", recorded_at"
		}
		rows, err := db.Conn().Query(t.Context(), "SELECT '"+table+" ' || formatRowNoNewline('JSONEachRow', * EXCEPT ("+except+")) AS line FROM "+table+" FINAL ORDER BY line")
		require.NoError(t, err)
		for rows.Next() {
			var line string
			require.NoError(t, rows.Scan(&line))
			if !strings.Contains(line, prefix) {
				continue
			}
			if _, id, ok := strings.Cut(line, `"kind":"order","id":"`); ok && table == "work_items" && !strings.HasPrefix(id, prefix) {
				names = strings.NewReplacer(prefix, "", id[:32], "the order of the escalation")
			}
			lines = append(lines, names.Replace(line))
		}
		require.NoError(t, rows.Err())
	}
	sort.Strings(lines)
	return lines
}

// A round that ends between any two of its writes is repeated with the result
// of a round that did not.
func TestACrashBetweenTheWritesOfActionsChangesNothing(t *testing.T) {
	db := storetest.New(t)
	f := &faulty{DB: db}
	e := enginetest.New(t, db, func(_ *engine.Config, d *engine.Deps) { d.Store = f })
	var want []string
	for i, c := range []struct {
		statement string
		nth       int
	}{
		{"", 0}, {"INTO action_results", 1}, {"INTO work_events", 1}, {"INTO work_items", 1}, {"INTO alert_events", 1}, {"INTO alerts", 1},
		{"INTO action_results", 2}, {"INTO fold_cursors", 1},
	} {
		p := fmt.Sprintf("p%d-", i)
		issue(t, db, p+"al", "org")
		enginetest.Insert(t, db,
			does(p+"1", "handler", "alert", p+"al", "ack", 1, ""), does(p+"2", "dept_manager", "alert", p+"al", "ack", 1, ""),
			does(p+"3", "supervisor", "alert", p+"al", "escalate", 2, `{"demand":"finish it"}`),
			does(p+"4", "supervisor", "alert", p+"al", "close", 3, `{"comment":"c"}`),
			does(p+"5", "leader", "order", p+"o1", "create", 0, `{"org_code":"org","title":"t","demand":"d","issue":true}`),
			does(p+"6", "handler", "order", p+"o1", "sign", 1, ""), does(p+"7", "handler", "order", p+"o1", "sign", 1, ""),
			does(p+"8", "handler", "alert", p+"al", "ack", 4, ""))
		if c.nth > 0 {
			seen := 0
			f.set(func(s string) error {
				if strings.Contains(s, c.statement) {
					if seen++; seen == c.nth {
						return errCut
					}
				}
				return nil
			})
			require.ErrorIs(t, e.CatchUp(t.Context()), errCut, c.statement)
			f.set(nil)
		}
		require.NoError(t, e.CatchUp(t.Context()))
		if got := work(t, db, p); c.nth == 0 {
			want = got
			require.Len(t, want, 1+4+2+3+8)
		} else {
			require.Equal(t, want, got, c.statement)
		}
	}
}

// An engine that had lost its lease wrote a result; its rows lost, so the
// action is answered by the holder.
func TestTheResultOfAnEngineWithoutALeaseIsNoEvent(t *testing.T) {
	db := storetest.New(t)
	issue(t, db, "al", "org")
	require.NoError(t, db.Conn().Exec(t.Context(), `INSERT INTO action_results (source_sys, event_id, fold_version, subject_kind, subject_id, outcome, seq)
		VALUES ('duban', '1', 2, 'alert', 'al', 'accepted', 7)`))
	require.NoError(t, db.Conn().Exec(t.Context(), `INSERT INTO alert_events (alert_id, seq, fold_version, event, state, action_id) VALUES ('al', 7, 2, 'ack', 'acked', '1')`))
	enginetest.Insert(t, db, does("1", "handler", "alert", "al", "ack", 1, ""))
	enginetest.Fold(t, db)
	require.Equal(t, "accepted 2", result(t, db, "1"))
	require.Equal(t, 1, count(t, db, "alerts FINAL WHERE seq = 2 AND state = 'acked'"))
}

func TestARedeliveredActionCountsOnce(t *testing.T) {
	db := storetest.New(t)
	issue(t, db, "al", "org")
	enginetest.Insert(t, db, does("1", "handler", "alert", "al", "ack", 1, ""), does("1", "handler", "alert", "al", "ack", 1, ""))
	enginetest.Fold(t, db)
	enginetest.Insert(t, db, does("1", "handler", "alert", "al", "ack", 1, ""))
	enginetest.Fold(t, db)
	require.Equal(t, "accepted 2", result(t, db, "1"))
	require.Equal(t, 2, count(t, db, "alert_events FINAL"))
}

// Levels 1 and 2 are bad; defaults, follow-ups and excluded ratings open
// nothing (domain guide 4). One working day to verify.
func TestEveryValidBadRatingOpensOneOrder(t *testing.T) {
	db := storetest.New(t)
	rating := func(id string, level uint8, change func(*event.Rating)) event.Rating {
		r := event.Rating{SourceSys: "r", RatingID: id, SubjectSys: "s", CaseNo: "c" + id, Level: level, RatedAt: day(2), OrgCode: "org", RegionCode: "610102", Channel: "qr"}
		if change != nil {
			change(&r)
		}
		return r
	}
	facts := []any{rating("1", 1, nil), rating("2", 2, nil), rating("3", 3, nil),
		rating("4", 1, func(r *event.Rating) { r.IsDefault = true }), rating("5", 1, func(r *event.Rating) { r.Excluded = true }),
		rating("6", 1, func(r *event.Rating) { r.FollowUp = true })}
	enginetest.Insert(t, db, facts...)
	enginetest.Fold(t, db)
	require.Equal(t, 2, count(t, db, `work_items FINAL WHERE kind = 'rating' AND state = 'verifying' AND seq = 1 AND origin = 'rating' AND org_code = 'org' AND region_code = '610102'
		AND opened_at = '2026-03-02 01:00:00' AND due_at = '2026-03-03 15:59:59.999' AND subjects IN (['case/s/c1'], ['case/s/c2'])`))
	require.Equal(t, 2, count(t, db, "work_items FINAL"))

	var id string
	scan(t, db, "SELECT id FROM work_items FINAL WHERE subjects = ['case/s/c1']", &id)
	enginetest.Insert(t, db, does("1", "dept_manager", "rating", id, "verify", 1, `{"comment":"called, it is so"}`))
	enginetest.Fold(t, db)
	enginetest.Insert(t, db, append(facts, rating("1", 2, func(r *event.Rating) { r.Revision = 1 }))...)
	enginetest.Fold(t, db)
	require.Equal(t, 2, count(t, db, "work_items FINAL"), "the same rating opens no second order")
	require.Equal(t, 1, count(t, db, "work_items FINAL WHERE id = '"+id+"' AND state = 'valid' AND due_at = '2026-03-10 15:59:59.999'"))
}

// The order about a bad rating goes to who served, whomever the rating names, or nobody (domain guide 5.1, C8).
func TestABadRatingIsAboutWhoServed(t *testing.T) {
	db := storetest.New(t)
	ticket := func(id string, typ event.TicketType, org string, at int64) event.Ticket {
		return event.Ticket{SourceSys: "s", TicketNo: "t", EventID: id, Type: typ, OccurredAt: at, OrgCode: org, RegionCode: "610802"}
	}
	enginetest.Insert(t, db, ticket("1", event.TReceive, "centre", day(1)), ticket("2", event.TDispatch, "office", day(1)+1000),
		ticket("3", event.TSign, "office", day(1)+2000), ticket("4", event.TReply, "office", day(1)+3000),
		event.Case{SourceSys: "s", CaseNo: "c", EventID: "1", Type: event.Accept, OccurredAt: day(1), OrgCode: "hall", RegionCode: "610802"},
		event.Case{SourceSys: "s", CaseNo: "c", EventID: "2", Type: event.Finish, OccurredAt: day(1) + 1000, RegionCode: "610802"})
	// Done again by another afterwards, before anybody hears of the rating.
	enginetest.Insert(t, db, ticket("5", event.TRedo, "other", day(3)), ticket("6", event.TReply, "other", day(3)+1000))
	enginetest.Fold(t, db)
	for id, org := range map[string]string{"a": "innocent", "b": ""} {
		enginetest.Insert(t, db, event.Rating{SourceSys: "r", RatingID: "t" + id, RaterToken: id, SubjectSys: "s", TicketNo: "t", Level: 1, RatedAt: day(2), OrgCode: org},
			event.Rating{SourceSys: "r", RatingID: "c" + id, RaterToken: id, SubjectSys: "s", CaseNo: "c", Level: 1, RatedAt: day(2), OrgCode: org})
	}
	enginetest.Fold(t, db)
	require.Equal(t, 2, count(t, db, "work_items FINAL WHERE kind = 'rating' AND org_code = 'office' AND region_code = '610802'"))
	require.Equal(t, 2, count(t, db, "work_items FINAL WHERE kind = 'rating' AND org_code = 'hall'"))
}
