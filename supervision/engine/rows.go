package engine

import (
	"time"

	"duban/ingest/event"
	"duban/queries"
)

// What the ledger of deliveries and the table of cursors tell.
var (
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
