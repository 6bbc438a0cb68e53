package engine

import (
	"time"

	"duban/ingest/event"
	"duban/queries"
)

// What the ledger of deliveries and the table of cursors tell.
var (
	selectCursors = queries.Select[struct {
		Topic      string `ch:"topic"`
		Partition  uint32 `ch:"partition"`
		NextOffset uint64 `ch:"next_offset"`
	}]("engine/cursors", "fold_version", "folded_at", "received_at")

	selectEnds = queries.Select[struct {
		Topic      event.Topic `ch:"topic"`
		Partition  uint32      `ch:"partition"`
		End        uint64      `ch:"end"`
		ReceivedAt time.Time   `ch:"received_at"`
	}]("engine/deliveries_ends")

	selectInRange = queries.Select[struct {
		Partition  uint32    `ch:"partition"`
		ReceivedAt time.Time `ch:"received_at"`
	}]("engine/deliveries_in_range", "messages", "facts")

	selectContested = queries.Select[struct {
		Identities uint64 `ch:"identities"`
	}]("engine/count_contested")

	selectWrongRejects = queries.Select[struct {
		Rejects uint64 `ch:"rejects"`
	}]("engine/count_wrong_rejects")

	selectFoldedFacts = queries.Select[struct {
		Facts uint64 `ch:"facts"`
	}]("engine/folded_facts")

	selectRereads = queries.Select[struct {
		Topic       event.Topic `ch:"topic"`
		Partition   uint32      `ch:"partition"`
		FromOffset  uint64      `ch:"from_offset"`
		UntilOffset uint64      `ch:"until_offset"`
		AskedAt     time.Time   `ch:"asked_at"`
		Reason      string      `ch:"reason"`
		ReadAt      *time.Time  `ch:"read_at"`
		Step        uint8       `ch:"step"`
	}]("ingest/rereads")

	selectTables = queries.Select[struct {
		Name string `ch:"name"`
	}]("change/tables")
)

// storedRow is a subject that has a state.
type storedRow struct {
	Subject string `ch:"subject"`
}

// selectStored tells by the name of a codec which subjects have a state.
var selectStored = map[string]queries.Typed[storedRow]{
	"cases":   queries.Select[storedRow]("engine/stored_cases", "source_sys"),
	"tickets": queries.Select[storedRow]("engine/stored_tickets", "source_sys"),
	"ratings": queries.Select[storedRow]("engine/stored_ratings", "subject_kind", "subject_sys"),
}
