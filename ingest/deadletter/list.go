package deadletter

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"duban/queries"

	"duban/ingest/event"
)

// Place is where a message stands in Kafka.
type Place struct {
	Topic     event.Topic `json:"topic"`
	Partition int         `json:"partition"`
	Offset    int64       `json:"offset"`
}

// String writes a place as topic/partition/offset.
func (p Place) String() string {
	return fmt.Sprintf("%s/%d/%d", p.Topic, p.Partition, p.Offset)
}

// ParsePlace reads what String writes.
func ParsePlace(s string) (Place, error) {
	parts := strings.Split(s, "/")
	if len(parts) == 3 && event.Topic(parts[0]).Known() {
		partition, err1 := strconv.ParseUint(parts[1], 10, 31)
		offset, err2 := strconv.ParseUint(parts[2], 10, 63)
		if err1 == nil && err2 == nil {
			return Place{Topic: event.Topic(parts[0]), Partition: int(partition), Offset: int64(offset)}, nil
		}
	}
	return Place{}, fmt.Errorf("%q is not topic/partition/offset, such as case-events/0/42", s)
}

// Filter chooses rejects; its zero value chooses all that were not sent again
// yet.
type Filter struct {
	Topic  event.Topic
	Reason Reason
	Source string
	Places []Place
	// Replayed includes those that were sent again already.
	Replayed bool
}

// Row is one reject.
type Row struct {
	Place
	Reason     Reason
	Field      string
	Detail     string
	SourceSys  string
	Key        string
	Raw        []byte
	ReceivedAt time.Time
	// ReplayedAt is zero when the reject was not sent again.
	ReplayedAt time.Time
	// RemovedAt is when the retention setting took the bytes away, zero when they are there.
	RemovedAt time.Time
	position  string
}

// Box is the table of rejects.
type Box struct {
	conn queries.Conn
	reg  *queries.Registry
}

// NewBox opens the rejects of a database.
func NewBox(conn queries.Conn, reg *queries.Registry) *Box { return &Box{conn: conn, reg: reg} }

// Each calls do for every reject of the filter, in the order of their places,
// in pages: the memory does not grow with the number of rejects.
func (b *Box) Each(ctx context.Context, f Filter, do func([]Row) error) error {
	const page = 500
	after := ""
	for {
		rows, err := b.page(ctx, f, after, page)
		if err != nil || len(rows) == 0 {
			return err
		}
		after = rows[len(rows)-1].position
		if err := do(rows); err != nil {
			return err
		}
	}
}

var selectRejects = queries.Select[struct {
	Topic      event.Topic `ch:"topic"`
	Partition  uint32      `ch:"partition"`
	Offset     uint64      `ch:"offset"`
	Reason     Reason      `ch:"reason"`
	Field      string      `ch:"field"`
	Detail     string      `ch:"detail"`
	SourceSys  string      `ch:"source_sys"`
	Key        string      `ch:"key"`
	Raw        string      `ch:"raw"`
	ReceivedAt time.Time   `ch:"received_at"`
	ReplayedAt *time.Time  `ch:"replayed_at"`
	RemovedAt  *time.Time  `ch:"raw_removed_at"`
	Position   string      `ch:"position"`
}]("ingest/list_rejects")

func (b *Box) page(ctx context.Context, f Filter, after string, n int) ([]Row, error) {
	places := make([]string, len(f.Places))
	for i, p := range f.Places {
		places[i] = p.String()
	}
	found, err := selectRejects.All(ctx, b.reg, b.conn, queries.Args{
		"topic": string(f.Topic), "reason": string(f.Reason), "source": f.Source, "offsets": places,
		"after": after, "replayed": f.Replayed, "max_rows": n,
	})
	if err != nil {
		return nil, err
	}
	rows := make([]Row, 0, len(found))
	for i := range found {
		x := &found[i]
		r := Row{
			Place:  Place{Topic: x.Topic, Partition: int(x.Partition), Offset: int64(x.Offset)}, //nolint:gosec // offsets of Kafka are int64
			Reason: x.Reason, Field: x.Field, Detail: x.Detail, SourceSys: x.SourceSys, Key: x.Key, Raw: []byte(x.Raw),
			ReceivedAt: x.ReceivedAt, position: x.Position,
		}
		if x.ReplayedAt != nil {
			r.ReplayedAt = *x.ReplayedAt
		}
		if x.RemovedAt != nil {
			r.RemovedAt = *x.RemovedAt
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// markReplayed notes that the rejects were sent again.
func (b *Box) markReplayed(ctx context.Context, places []string, at time.Time) error {
	return b.reg.Exec(ctx, b.conn, "ingest/mark_replayed", queries.Args{"offsets": places, "at": at})
}
