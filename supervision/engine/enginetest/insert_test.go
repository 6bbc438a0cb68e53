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
		)
	}
	for table, want := range map[string]uint64{
		"case_events": 1, "ticket_events": 1, "ratings": 1, "items": 1, "organisations": 1, "deliveries": 10,
	} {
		var n uint64
		require.NoError(t, db.Conn().QueryRow(t.Context(), "SELECT count() FROM "+table+" FINAL").Scan(&n))
		require.Equal(t, want, n, table)
	}
	var ends uint64
	require.NoError(t, db.Conn().QueryRow(t.Context(), "SELECT sum(e) FROM (SELECT max(offset)+1 AS e FROM deliveries GROUP BY topic, partition)").Scan(&ends))
	require.EqualValues(t, 10, ends)
}
