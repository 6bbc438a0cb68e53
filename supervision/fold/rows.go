package fold

import (
	"time"

	"duban/ingest/event"
	"duban/queries"
)

// What the ledger of deliveries and the table of cursors tell.
var (
	selectCursors = queries.Select[struct {
		Topic      string    `ch:"topic"`
		Partition  uint32    `ch:"partition"`
		NextOffset uint64    `ch:"next_offset"`
		ReceivedAt time.Time `ch:"received_at"`
	}]("engine/cursors", "fold_version", "folded_at")

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
