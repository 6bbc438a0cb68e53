package ingest

import (
	"context"
	"fmt"
	"slices"
	"strings"
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
	// messages repeated one of them, counted in the ledger.
	Stored    int64 `json:"stored"`
	Duplicate int64 `json:"duplicate"`
	// Rejected is how many messages are no fact, Conflicts of these contradict
	// a stored fact.
	Rejected  int64 `json:"rejected"`
	Conflicts int64 `json:"conflicts"`
	// Pending is how many messages wait in the broker, Held how many of them
	// behind a transaction that is not ended.
	Pending int64 `json:"pending"`
	Held    int64 `json:"held"`
	// Lost is how many messages the broker no longer had when they were to be read
	// (or read again): they are named in the losses.
	Lost int64 `json:"lost"`
	// Missing is how many offsets below the end of the ledger were never
	// entered and are not known to be lost, Unstored how many facts and rejects
	// the ledger has and the tables have not: not 0 only by a fault.
	Missing  int64 `json:"missing"`
	Unstored int64 `json:"unstored"`
	// Incarnation counts the topics of this name that were read, 0 = the first.
	Incarnation int `json:"incarnation"`
	// IdentityHolds is received = stored + duplicate + rejected + pending + lost,
	// with nothing missing or unstored and the topic being the one that was read.
	IdentityHolds bool `json:"identity_holds"`
	// Problems says in words what is wrong, and what nobody has taken note of.
	Problems []Problem `json:"problems,omitempty"`
	// LastReceivedAt and LastStoredAt are of the latest entry; zero without one.
	LastReceivedAt time.Time `json:"last_received_at"`
	LastStoredAt   time.Time `json:"last_stored_at"`

	// read are the places in the ledger, held those at the broker.
	read []stretch
	held []held
}

// OK says that every message is accounted for and every loss acknowledged.
func (s TopicStatus) OK() bool { return s.IdentityHolds && len(s.Problems) == 0 }

// StatusReport is the state of ingest.
type StatusReport struct {
	Topics        []TopicStatus `json:"topics"`
	IdentityHolds bool          `json:"identity_holds"`
	// Losses is what the broker no longer had, acknowledged or not.
	Losses []Loss `json:"losses"`
}

// OK says that every message is accounted for and every loss acknowledged.
func (r *StatusReport) OK() bool {
	return !slices.ContainsFunc(r.Topics, func(s TopicStatus) bool { return !s.OK() })
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
	Incarnation uint32    `ch:"incarnation"`
	Base        uint64    `ch:"base"`
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
	losses, err := a.Losses(ctx)
	if err != nil {
		return nil, err
	}
	all, err := loadIncarnations(ctx, a.conn, a.reg)
	if err != nil {
		return nil, err
	}
	// The broker comes last: its ends only grow, so nothing entered is beyond.
	infos, err := a.kafka.Describe(ctx, a.topics)
	if err != nil {
		return nil, err
	}
	offsets, err := a.kafka.Offsets(ctx, a.topics)
	if err != nil {
		return nil, err
	}
	held, err := a.kafka.Held(ctx, offsets)
	if err != nil {
		return nil, err
	}
	rep := &StatusReport{IdentityHolds: true, Losses: losses}
	for _, t := range a.topics {
		info, exists := infos[t]
		s := tally(topicView{topic: t, exists: exists, info: info, offsets: offsets[t], rows: ofTopic(rows, t), all: all, losses: losses,
			counted: counts[string(t)]})
		s.Held = held[t]
		rep.Topics = append(rep.Topics, s)
		rep.IdentityHolds = rep.IdentityHolds && s.IdentityHolds
	}
	return rep, nil
}

// counted is what the tables say of one topic.
type counted struct{ stored, facts, identities, kept int64 }

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
	for _, r := range rows { // by topic, partition, incarnation
		if n := len(topics) - 1; n >= 0 && topics[n] == r.Topic && partitions[n] == r.Partition {
			ends[n] = max(ends[n], r.NextOffset)
			continue
		}
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
	ids, err := selectIdentities.All(ctx, a.reg, a.conn, args)
	if err != nil {
		return nil, err
	}
	for _, r := range ids {
		out[r.Topic] = counted{facts: place(r.Facts), identities: place(r.Identities)}
	}
	args["tables"] = tablesOf(topics)
	stored, err := selectStored.All(ctx, a.reg, a.conn, args)
	delete(args, "tables")
	if err != nil {
		return nil, err
	}
	for _, r := range stored {
		c := out[r.Topic]
		c.stored = place(r.Stored)
		out[r.Topic] = c
	}
	kept, err := selectKept.All(ctx, a.reg, a.conn, args)
	if err != nil {
		return nil, err
	}
	for _, r := range kept {
		c := out[r.Topic]
		c.kept = place(r.Kept)
		out[r.Topic] = c
	}
	return out, nil
}

// Pending returns how many messages of each topic are not in the ledger yet.
// It reads only the ends of the partitions.
func (a *Auditor) Pending(ctx context.Context) (map[event.Topic]int64, error) {
	all, err := loadIncarnations(ctx, a.conn, a.reg)
	if err != nil {
		return nil, err
	}
	next, _, err := ledgerEnds(ctx, a.conn, a.reg)
	if err != nil {
		return nil, err
	}
	offsets, err := a.kafka.Offsets(ctx, a.topics)
	if err != nil {
		return nil, err
	}
	out := map[event.Topic]int64{}
	for t, ps := range offsets {
		for _, o := range ps {
			key := partitionKey{t, o.Partition}
			base := all[key].base
			out[t] += max(0, base+o.End-max(base+o.Begin, next[key]))
		}
	}
	return out, nil
}

func ofTopic(rows []ledgerRow, t event.Topic) []ledgerRow {
	var out []ledgerRow
	for _, r := range rows {
		if r.Topic == string(t) {
			out = append(out, r)
		}
	}
	return out
}

// tablesOf is the regular expression of the tables of some topics, for the table function merge.
func tablesOf(topics []string) string {
	var names []string
	for _, t := range topics {
		if name := event.Topic(t).Table(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return "^(" + strings.Join(names, "|") + ")$"
}
