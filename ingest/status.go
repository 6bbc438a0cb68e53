package ingest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"duban/queries"

	"duban/ingest/event"
	"duban/ingest/source"
)

// TopicStatus says what became of the messages of one topic.
type TopicStatus struct {
	Topic event.Topic `json:"topic"`
	// Received is how many messages the broker has or had since the ledger
	// begins.
	Received int64 `json:"received"`
	// Stored is how many facts the fact table holds, Duplicate how many
	// messages repeated one of them.
	Stored    int64 `json:"stored"`
	Duplicate int64 `json:"duplicate"`
	// Rejected is how many messages are no fact, Conflicts of these contradict
	// a stored fact.
	Rejected  int64 `json:"rejected"`
	Conflicts int64 `json:"conflicts"`
	// Pending is how many messages wait in the broker.
	Pending int64 `json:"pending"`
	// Missing is how many offsets below the end of the ledger were never
	// entered: not 0 only after the broker dropped messages before they were
	// read, or by a fault.
	Missing int64 `json:"missing"`
	// IdentityHolds is received = stored + duplicate + rejected + pending.
	IdentityHolds bool `json:"identity_holds"`
	// LastReceivedAt and LastStoredAt are of the latest entry; zero without one.
	LastReceivedAt time.Time `json:"last_received_at"`
	LastStoredAt   time.Time `json:"last_stored_at"`
}

// StatusReport is the state of ingest.
type StatusReport struct {
	Topics        []TopicStatus `json:"topics"`
	IdentityHolds bool          `json:"identity_holds"`
}

// Auditor works out what became of the messages.
type Auditor struct {
	kafka  *source.Client
	conn   queries.Conn
	reg    *queries.Registry
	topics []event.Topic
}

// NewAuditor audits every topic.
func NewAuditor(kafka *source.Client, conn queries.Conn, reg *queries.Registry) *Auditor {
	return &Auditor{kafka: kafka, conn: conn, reg: reg, topics: event.Topics()}
}

// ledgerRow is one row of ingest/ledger.
type ledgerRow struct {
	Topic       string    `ch:"topic"`
	Partition   uint32    `ch:"partition"`
	FirstOffset uint64    `ch:"first_offset"`
	NextOffset  uint64    `ch:"next_offset"`
	Entered     uint64    `ch:"entered"`
	Facts       uint64    `ch:"facts"`
	Rejected    uint64    `ch:"rejected"`
	Skipped     uint64    `ch:"skipped"`
	ReceivedAt  time.Time `ch:"received_at"`
	StoredAt    time.Time `ch:"stored_at"`
}

// Status counts everything anew: the ledger, the fact tables up to where the
// ledger reaches, and the ends of the partitions at the broker. It costs some
// seconds per ten million messages; Progress is cheap.
func (a *Auditor) Status(ctx context.Context) (*StatusReport, error) {
	// A fact that is on its way in two partitions can be counted a moment
	// early or late; then a second look settles it.
	for attempt := 0; ; attempt++ {
		rep, err := a.status(ctx)
		if err != nil || rep.IdentityHolds || attempt == 2 {
			return rep, err
		}
		select {
		case <-ctx.Done():
			return rep, nil
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func (a *Auditor) status(ctx context.Context) (*StatusReport, error) {
	rows, err := a.ledger(ctx)
	if err != nil {
		return nil, err
	}
	topics, partitions, ends := bounds(rows)
	counts, err := a.counts(ctx, topics, partitions, ends)
	if err != nil {
		return nil, err
	}
	// The broker comes last: its ends only grow, so nothing entered is beyond.
	offsets, err := a.kafka.Offsets(ctx, a.topics)
	if err != nil {
		return nil, err
	}
	rep := &StatusReport{IdentityHolds: true}
	for _, t := range a.topics {
		s := tally(t, rows, offsets[t], counts[string(t)])
		rep.Topics = append(rep.Topics, s)
		rep.IdentityHolds = rep.IdentityHolds && s.IdentityHolds
	}
	return rep, nil
}

// counted is what the tables say of one topic.
type counted struct{ stored, facts, identities int64 }

// tally joins what the broker, the ledger and the tables say.
func tally(t event.Topic, rows []ledgerRow, offsets []source.Offsets, c counted) TopicStatus {
	s := TopicStatus{Topic: t, Conflicts: c.facts - c.identities}
	var facts, rejected int64
	for _, o := range offsets {
		i := slices.IndexFunc(rows, func(r ledgerRow) bool { return r.Topic == string(t) && int(r.Partition) == o.Partition })
		if i < 0 {
			s.Received += o.End - o.Begin
			s.Pending += o.End - o.Begin
			continue
		}
		r := rows[i]
		origin, next := min(o.Begin, int64(r.FirstOffset)), int64(r.NextOffset)
		s.Received += o.End - origin - int64(r.Skipped)
		s.Pending += o.End - next
		s.Missing += next - origin - int64(r.Entered)
		facts += int64(r.Facts)
		rejected += int64(r.Rejected)
		if r.ReceivedAt.After(s.LastReceivedAt) {
			s.LastReceivedAt = r.ReceivedAt
		}
		if r.StoredAt.After(s.LastStoredAt) {
			s.LastStoredAt = r.StoredAt
		}
	}
	s.Stored = c.stored - s.Conflicts
	s.Duplicate = facts - c.facts
	s.Rejected = rejected + s.Conflicts
	s.IdentityHolds = s.Received == s.Stored+s.Duplicate+s.Rejected+s.Pending
	return s
}

func (a *Auditor) ledger(ctx context.Context) ([]ledgerRow, error) {
	text, err := a.reg.Text("ingest/ledger")
	if err != nil {
		return nil, err
	}
	var rows []ledgerRow
	if err := a.conn.Select(ctx, &rows, text); err != nil {
		return nil, fmt.Errorf("run query ingest/ledger: %w", err)
	}
	return rows, nil
}

// bounds lists the partitions of the ledger and their ends, as parameters.
func bounds(rows []ledgerRow) (topics []string, partitions []uint32, ends []uint64) {
	for _, r := range rows {
		topics = append(topics, r.Topic)
		partitions = append(partitions, r.Partition)
		ends = append(ends, r.NextOffset)
	}
	return topics, partitions, ends
}

// counts asks the tables up to the given ends.
func (a *Auditor) counts(ctx context.Context, topics []string, partitions []uint32, ends []uint64) (map[string]counted, error) {
	out := map[string]counted{}
	if len(topics) == 0 {
		return out, nil
	}
	args := queries.Args{"topics": topics, "partitions": partitions, "ends": ends}
	ids, err := a.reg.Run(ctx, a.conn, "ingest/identities", args)
	if err != nil {
		return nil, err
	}
	for _, m := range ids.Maps() {
		t := m["topic"].(string)
		out[t] = counted{facts: int64(m["facts"].(uint64)), identities: int64(m["identities"].(uint64))}
	}
	stored, err := a.reg.Run(ctx, a.conn, "ingest/stored", args)
	if err != nil {
		return nil, err
	}
	for _, m := range stored.Maps() {
		t := m["topic"].(string)
		c := out[t]
		c.stored = int64(m["stored"].(uint64))
		out[t] = c
	}
	return out, nil
}

// Pending returns how many messages of each topic are not in the ledger yet.
// It reads only the ends of the partitions.
func (a *Auditor) Pending(ctx context.Context) (map[event.Topic]int64, error) {
	res, err := a.reg.Run(ctx, a.conn, "engine/deliveries_ends", queries.Args{})
	if err != nil {
		return nil, err
	}
	next := map[string]int64{}
	for _, m := range res.Maps() {
		next[fmt.Sprintf("%s/%d", m["topic"], m["partition"])] = int64(m["end"].(uint64))
	}
	offsets, err := a.kafka.Offsets(ctx, a.topics)
	if err != nil {
		return nil, err
	}
	out := map[event.Topic]int64{}
	for t, ps := range offsets {
		for _, o := range ps {
			out[t] += o.End - max(o.Begin, next[fmt.Sprintf("%s/%d", t, o.Partition)])
		}
	}
	return out, nil
}
