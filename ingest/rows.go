package ingest

import (
	"time"

	"duban/ingest/event"
	"duban/queries"
)

// partitionRow is the partition that a row is about.
type partitionRow struct {
	Topic     event.Topic `ch:"topic"`
	Partition uint32      `ch:"partition"`
}

func (r partitionRow) key() partitionKey { return partitionKey{r.Topic, int(r.Partition)} }

// placesRow is a range of places of a partition.
type placesRow struct {
	partitionRow
	FromOffset  uint64 `ch:"from_offset"`
	UntilOffset uint64 `ch:"until_offset"`
}

func (r placesRow) places() (from, until int64) { return place(r.FromOffset), place(r.UntilOffset) }

// place is an offset or a count of a row as the Kafka client has it.
func place(n uint64) int64 { return int64(n) } //nolint:gosec // offsets of Kafka are int64

type (
	lossRow struct {
		placesRow
		Kind           string    `ch:"kind"`
		Messages       uint64    `ch:"messages"`
		BeforeAt       time.Time `ch:"before_at"`
		NoticedAt      time.Time `ch:"noticed_at"`
		Base           uint64    `ch:"base"`
		Acknowledged   bool      `ch:"acknowledged"`
		AcknowledgedAt time.Time `ch:"acknowledged_at"`
		AcknowledgedBy string    `ch:"acknowledged_by"`
		Reason         string    `ch:"reason"`
	}
	rereadRow struct {
		placesRow
		AskedAt time.Time `ch:"asked_at"`
		Reason  string    `ch:"reason"`
		Step    uint8     `ch:"step"`
	}
	notStoredRow struct {
		Partition   uint32    `ch:"partition"`
		FromOffset  uint64    `ch:"from_offset"`
		UntilOffset uint64    `ch:"until_offset"`
		Readable    bool      `ch:"readable"`
		Facts       uint64    `ch:"facts"`
		FirstAt     time.Time `ch:"first_at"`
	}
	holeRow struct {
		placesRow
		First    bool      `ch:"first"`
		BeforeAt time.Time `ch:"before_at"`
	}
	incarnationRow struct {
		partitionRow
		Incarnation uint32    `ch:"incarnation"`
		Base        uint64    `ch:"base"`
		TopicID     string    `ch:"topic_id"`
		SeenAt      time.Time `ch:"seen_at"`
	}
	identitiesRow struct {
		Topic      string `ch:"topic"`
		Facts      uint64 `ch:"facts"`
		Identities uint64 `ch:"identities"`
	}
	storedRow struct {
		Topic  string `ch:"topic"`
		Stored uint64 `ch:"stored"`
	}
	keptRow struct {
		Topic string `ch:"topic"`
		Kept  uint64 `ch:"kept"`
	}
	storedBeforeRow struct {
		partitionRow
		Until   uint64 `ch:"until"`
		Entered uint64 `ch:"entered"`
	}
	endRow struct {
		partitionRow
		End        uint64    `ch:"end"`
		ReceivedAt time.Time `ch:"received_at"`
	}
	cursorRow struct {
		partitionRow
		NextOffset uint64 `ch:"next_offset"`
	}
)

var (
	selectLosses       = queries.Select[lossRow]("ingest/losses")
	selectRereads      = queries.Select[rereadRow]("ingest/rereads", "read_at")
	selectNotStored    = queries.Select[notStoredRow]("ingest/not_stored", "topic", "last_at")
	selectHoles        = queries.Select[holeRow]("ingest/ledger_holes")
	selectIncarnations = queries.Select[incarnationRow]("ingest/incarnations")
	selectIdentities   = queries.Select[identitiesRow]("ingest/identities")
	selectStored       = queries.Select[storedRow]("ingest/stored")
	selectKept         = queries.Select[keptRow]("ingest/kept_rejects")
	selectStoredBefore = queries.Select[storedBeforeRow]("ingest/stored_before")
	selectLedgerEnds   = queries.Select[endRow]("engine/deliveries_ends")
	selectCursors      = queries.Select[cursorRow]("engine/cursors", "fold_version", "folded_at", "received_at")
)
