package enginetest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
	"duban/internal/store/storetest"
	"duban/supervision/engine/enginetest"
)

func TestInsertWritesFactsAndTheirDeliveriesWithRisingOffsets(t *testing.T) {
	db := storetest.New(t)
	days := int32(5)
	for range 2 {
		enginetest.Insert(t, db,
			event.Case{SourceSys: "s", CaseNo: "1", EventID: "e1", Type: event.Apply, OccurredAt: 1_700_000_000_000},
			&event.Ticket{SourceSys: "s", TicketNo: "t1", EventID: "e2", Type: event.TReceive, OccurredAt: 1_700_000_000_000},
			event.Rating{SourceSys: "s", RatingID: "r1", CaseNo: "1", Level: 5, RatedAt: 1_700_000_000_000},
			event.Item{SourceSys: "s", EventID: "i1", TaskCode: "T", TaskVersion: "1", Name: "n", ValidFrom: 19000, PromiseDays: &days},
			event.Organisation{SourceSys: "s", EventID: "o1", OrgCode: "O", Name: "n", ValidFrom: 19000},
			event.Action{SourceSys: "duban", EventID: "a1", SubjectKind: "alert", SubjectID: "x", Action: "ack", ExpectedSeq: 1, Actor: "u", Role: "handler", OccurredAt: 1_700_000_000_000},
			&event.Measurement{SourceSys: "s", EventID: "m1", Name: "hotline_calls", From: 1_700_000_000_000, To: 1_700_086_400_000, Values: []event.Value{{Name: "queued", Number: 7}}},
		)
	}
	for table, want := range map[string]uint64{
		"case_events": 1, "ticket_events": 1, "ratings": 1, "items": 1, "organisations": 1, "actions": 1,
		"measurements": 1, "deliveries": 14,
	} {
		var n uint64
		require.NoError(t, db.Conn().QueryRow(t.Context(), "SELECT count() FROM "+table+" FINAL").Scan(&n))
		require.Equal(t, want, n, table)
	}
	var ends uint64
	require.NoError(t, db.Conn().QueryRow(t.Context(), "SELECT sum(e) FROM (SELECT max(offset)+1 AS e FROM deliveries GROUP BY topic, partition)").Scan(&ends))
	require.EqualValues(t, 14, ends)
}
