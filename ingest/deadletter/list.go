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

func (b *Box) page(ctx context.Context, f Filter, after string, n int) ([]Row, error) {
	places := make([]string, len(f.Places))
	for i, p := range f.Places {
		places[i] = p.String()
	}
	res, err := b.reg.Run(ctx, b.conn, "ingest/list_rejects", queries.Args{
		"topic": string(f.Topic), "reason": string(f.Reason), "source": f.Source, "offsets": places,
		"after": after, "replayed": f.Replayed, "max_rows": n,
	})
	if err != nil {
		return nil, err
	}
	rows := make([]Row, 0, len(res.Rows))
	for _, m := range res.Maps() {
		r := Row{
			Place:  Place{Topic: event.Topic(m["topic"].(string)), Partition: int(m["partition"].(uint32)), Offset: int64(m["offset"].(uint64))},
			Reason: Reason(m["reason"].(string)), Field: m["field"].(string), Detail: m["detail"].(string),
			SourceSys: m["source_sys"].(string), Key: m["key"].(string), Raw: []byte(m["raw"].(string)),
			ReceivedAt: m["received_at"].(time.Time), position: m["position"].(string),
		}
		if at, ok := m["replayed_at"].(time.Time); ok {
			r.ReplayedAt = at
		}
		if at, ok := m["raw_removed_at"].(time.Time); ok {
			r.RemovedAt = at
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// markReplayed notes that the rejects were sent again.
func (b *Box) markReplayed(ctx context.Context, places []string, at time.Time) error {
	return b.reg.Exec(ctx, b.conn, "ingest/mark_replayed", queries.Args{"offsets": places, "at": at})
}
