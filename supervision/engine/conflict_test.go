package engine_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/supervision/engine/enginetest"
)

// placed gives a fact its place in a topic and its arrival.
func placed(f event.Case, partition int32, offset, receivedAt int64) event.Case {
	f.Origin = event.Origin{Topic: event.TopicCases, Partition: partition, Offset: offset, ReceivedAt: receivedAt}
	return f
}

func TestAConflictingRewriteIsRejectedAndTheFirstArrivalStands(t *testing.T) {
	db := storetest.New(t)
	first := fact("1", event.Finish, day(6), `{"result_type":"approved"}`)
	rewrite := first
	rewrite.OccurredAt, rewrite.Payload = day(3), `{"result_type":"denied","note":"it's \"new\""}`
	enginetest.Insert(t, db, fact("1", event.Apply, day(2), ""), fact("1", event.Accept, day(2), ""), first)
	enginetest.Fold(t, db)
	before := states(t, db)
	require.Equal(t, 1, count(t, db, "cases FINAL WHERE NOT conflict"))

	enginetest.Insert(t, db, rewrite, first, rewrite)
	enginetest.Fold(t, db)
	require.Equal(t, 1, count(t, db, "cases FINAL WHERE conflict AND result_type = 'approved' AND facts = 3"))
	require.NotEqual(t, before, states(t, db), "the state says that there is a conflict")
	require.Equal(t, 2, count(t, db, "ingest_rejects FINAL WHERE reason = 'conflicting_rewrite'"), "both deliveries of the rewrite")

	var raw, key, source string
	var received time.Time
	scan(t, db, "SELECT raw, key, source_sys, received_at FROM ingest_rejects FINAL ORDER BY offset LIMIT 1", &raw, &key, &source, &received)
	var message map[string]any
	require.NoError(t, json.Unmarshal([]byte(raw), &message))
	require.Equal(t, "1", message["case_no"])
	require.Equal(t, first.EventID, message["event_id"])
	require.Equal(t, "2026-03-03T01:00:00.000Z", message["event_time"])
	require.Equal(t, map[string]any{"result_type": "denied", "note": `it's "new"`}, message["payload"])
	require.Equal(t, event.PartitionKey("s", "1"), key)
	require.Equal(t, "s", source)
	require.False(t, received.IsZero())
}

func TestARewriteUnderAnotherCaseNumberLosesToTheFirstArrival(t *testing.T) {
	db := storetest.New(t)
	mine := fact("1", event.Apply, day(2), "")
	theirs := mine
	theirs.CaseNo = "2"
	enginetest.Insert(t, db, placed(mine, 0, 0, 1000), placed(theirs, 1, 0, 2000))
	enginetest.Fold(t, db)
	require.Equal(t, 1, count(t, db, "cases FINAL WHERE case_no = '1' AND conflict"))
	require.Equal(t, 0, count(t, db, "cases FINAL WHERE case_no = '2'"), "no fact of case 2 is in force")
	require.Equal(t, 1, count(t, db, "ingest_rejects FINAL WHERE partition = 1"))

	// A fact of its own gives case 2 a state; the lost one stays lost.
	enginetest.Insert(t, db, placed(fact("2", event.Apply, day(3), ""), 1, 1, 3000))
	enginetest.Fold(t, db)
	require.Equal(t, 1, count(t, db, "cases FINAL WHERE case_no = '2' AND conflict AND facts = 1 AND first_at = fromUnixTimestamp64Milli("+itoa(day(3))+")"))
}

func TestAnEarlierArrivalThatIsLearnedLaterTakesOver(t *testing.T) {
	db := storetest.New(t)
	mine := fact("1", event.Apply, day(2), "")
	theirs := mine
	theirs.CaseNo = "2"
	third := mine
	third.CaseNo = "3"
	// Partition 1 lags: its message is older than what was folded already.
	enginetest.Insert(t, db, placed(mine, 0, 0, 2000), placed(third, 2, 0, 3000))
	enginetest.Fold(t, db)
	require.Equal(t, 1, count(t, db, "cases FINAL WHERE case_no = '1'"))
	enginetest.Insert(t, db, placed(theirs, 1, 0, 1000))
	enginetest.Fold(t, db)
	require.Equal(t, 1, count(t, db, "cases FINAL"))
	require.Equal(t, 1, count(t, db, "cases FINAL WHERE case_no = '2' AND conflict"))
	require.Equal(t, 2, count(t, db, "ingest_rejects FINAL"))
	require.Equal(t, 2, count(t, db, "ingest_rejects FINAL WHERE partition IN (0, 2)"))

	// And once more: the one that stood is rejected, the reject that was wrong is withdrawn.
	fourth := mine
	fourth.CaseNo = "4"
	enginetest.Insert(t, db, placed(fourth, 3, 0, 500))
	enginetest.Fold(t, db)
	require.Equal(t, 1, count(t, db, "cases FINAL WHERE case_no = '4'"))
	require.Equal(t, 1, count(t, db, "cases FINAL"))
	require.Equal(t, 3, count(t, db, "ingest_rejects FINAL WHERE partition IN (0, 1, 2)"))

	db2 := storetest.New(t)
	enginetest.Insert(t, db2, placed(fourth, 3, 0, 500), placed(theirs, 1, 0, 1000), placed(mine, 0, 0, 2000), placed(third, 2, 0, 3000))
	enginetest.Fold(t, db2)
	require.Equal(t, states(t, db2), states(t, db), "the order of learning does not matter")
	require.Equal(t, 3, count(t, db2, "ingest_rejects FINAL WHERE partition IN (0, 1, 2)"))
}

func TestARejectThatTurnsOutToBeTheFirstArrivalIsWithdrawn(t *testing.T) {
	db := storetest.New(t)
	a, b := fact("1", event.Apply, day(2), ""), fact("1", event.Apply, day(2), "")
	b.CaseNo = "2"
	// Case 2 loses by the first look; then the message of case 1 is delivered
	// again with an arrival in between, and that of case 2 with an older one.
	enginetest.Insert(t, db, placed(a, 0, 0, 2000), placed(b, 1, 0, 3000))
	enginetest.Fold(t, db)
	require.Equal(t, 1, count(t, db, "ingest_rejects FINAL WHERE partition = 1"))
	enginetest.Insert(t, db, placed(b, 2, 0, 1000))
	enginetest.Fold(t, db)
	require.Equal(t, 1, count(t, db, "ingest_rejects FINAL"))
	require.Equal(t, 1, count(t, db, "ingest_rejects FINAL WHERE partition = 0"))
	require.Equal(t, 1, count(t, db, "cases FINAL WHERE case_no = '2'"))
	require.Equal(t, 1, count(t, db, "cases FINAL"))
}

func TestConflictsOfTheOtherTopicsAreRejectedToo(t *testing.T) {
	db := storetest.New(t)
	days := int32(3)
	ticket := event.Ticket{SourceSys: "s", TicketNo: "t", EventID: "a", Type: event.TReceive, OccurredAt: day(2), Kind: "help"}
	rating := event.Rating{SourceSys: "r", RatingID: "1", SubjectSys: "s", CaseNo: "1", Level: 5, RatedAt: day(7)}
	item := event.Item{SourceSys: "s", EventID: "i", TaskCode: "task", TaskVersion: "1", Name: "n", ValidFrom: 20000, PromiseDays: &days, PromiseUnit: "W"}
	org := event.Organisation{SourceSys: "s", EventID: "o", OrgCode: "org", Name: "n", ValidFrom: 19000}
	action := event.Action{SourceSys: "duban", EventID: "a", SubjectKind: "alert", SubjectID: "x", Action: "ack", ExpectedSeq: 1, Actor: "u", Role: "handler", OccurredAt: day(7)}
	calls := event.Measurement{SourceSys: "s", EventID: "m", Name: "hotline_calls", From: day(6), To: day(7), Values: []event.Value{{Name: "queued", Number: 7}}}
	enginetest.Insert(t, db, action, calls)
	enginetest.Insert(t, db, ticket, rating, item, org, fact("1", event.Apply, day(2), ""), fact("1", event.Accept, day(2), ""))
	ticket.Kind, rating.Level, org.Name = "consult", 1, "m"
	other := int32(9)
	item.PromiseDays = &other
	action.Actor, calls.Values = "another", []event.Value{{Name: "queued", Number: 8}}
	enginetest.Insert(t, db, ticket, rating, item, org, action, calls)
	enginetest.Fold(t, db)
	for _, topic := range []event.Topic{event.TopicTickets, event.TopicRatings, event.TopicItems, event.TopicOrganisations, event.TopicActions, event.TopicMeasurements} {
		require.Equal(t, 1, count(t, db, "ingest_rejects FINAL WHERE reason = 'conflicting_rewrite' AND isValidJSON(raw) AND topic = '"+string(topic)+"'"), topic)
	}
	require.Equal(t, 1, count(t, db, "tickets FINAL WHERE kind = 'help' AND conflict"))
	require.Equal(t, 1, count(t, db, "rating_states FINAL WHERE r_level = [5]"))
	require.Equal(t, 1, count(t, db, "cases FINAL WHERE h_promise_due[-1] < '2026-03-06'"), "the first item stands: three days")
}

// A case of which no fact is left loses what was said of it.
func TestTheAlertOfACaseThatIsGoneIsTakenBack(t *testing.T) {
	db := storetest.New(t)
	mine := overdue("1")[1].(event.Case)
	enginetest.Insert(t, db, placed(mine, 0, 0, 2000))
	require.NoError(t, at(t, db, march(10, 1), nil).CatchUp(t.Context()))
	require.Equal(t, "raised yellow issued ", events(t, db))
	theirs := mine // the same identity had come before, for another case
	theirs.CaseNo = "2"
	enginetest.Insert(t, db, placed(theirs, 1, 0, 1000))
	require.NoError(t, at(t, db, march(10, 2), nil).CatchUp(t.Context()))
	require.Equal(t, 0, count(t, db, "alerts FINAL WHERE subject_no = '1' AND active"))
	require.Equal(t, 1, count(t, db, "alert_chains FINAL WHERE subject_no = '1' AND gone"))
}
