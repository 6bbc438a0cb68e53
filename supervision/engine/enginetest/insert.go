package enginetest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"
	"github.com/zeebo/xxh3"

	"duban/ingest/event"
	"duban/internal/store"
	"duban/supervision/lifecycle/rating"
)

// firstArrival is when the first inserted fact arrived unless it says otherwise:
// 2010-01-01T00:00:00Z, before everything that a test is about, so that no fact is late
// (domain guide 2.6) unless a test says when it came.
const firstArrival int64 = 1_262_304_000_000

const partitions = 4

// Insert stores facts (event.Case, event.Ticket, event.Rating, event.Item,
// event.Organisation, event.Action or event.Measurement, as values or pointers) as if they had been consumed from
// their topics in this order. Each fact is one delivery: the same fact given
// twice is a redelivery. What is zero is filled in: identity, content,
// partition and offset (the next ones of the ledger), arrival (one millisecond
// after the arrival before).
func Insert(t testing.TB, db *store.DB, facts ...any) {
	t.Helper()
	if err := insert(t.Context(), db, facts); err != nil {
		t.Fatalf("insert facts: %v", err)
	}
}

func insert(ctx context.Context, db *store.DB, facts []any) error {
	client, err := db.Native(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	l := &ledger{client: client, next: map[event.Topic][]int64{}, deliveries: newBlock(), tables: map[string]*block{}}
	for _, f := range facts {
		if err := l.add(ctx, f); err != nil {
			return err
		}
	}
	for _, table := range []string{"case_events", "ticket_events", "ratings", "items", "organisations", "actions", "measurements"} {
		if b := l.tables[table]; b != nil {
			if err := send(ctx, client, table, b); err != nil {
				return err
			}
		}
	}
	if len(facts) == 0 {
		return nil
	}
	return send(ctx, client, "deliveries", l.deliveries)
}

func send(ctx context.Context, client *ch.Client, table string, b *block) error {
	if err := client.Do(ctx, ch.Query{Body: b.input.Into(table), Input: b.input}); err != nil {
		return fmt.Errorf("insert into %s: %w", table, err)
	}
	return nil
}

// ledger gives facts their place in the topics.
type ledger struct {
	client     *ch.Client
	next       map[event.Topic][]int64
	deliveries *block
	tables     map[string]*block
}

func (l *ledger) add(ctx context.Context, f any) error {
	switch f := f.(type) {
	case event.Case:
		return l.addCase(ctx, f)
	case *event.Case:
		return l.addCase(ctx, *f)
	case event.Ticket:
		return l.addTicket(ctx, f)
	case *event.Ticket:
		return l.addTicket(ctx, *f)
	case event.Rating:
		return l.addRating(ctx, f)
	case *event.Rating:
		return l.addRating(ctx, *f)
	case event.Item:
		return l.addItem(ctx, f)
	case *event.Item:
		return l.addItem(ctx, *f)
	case event.Organisation:
		return l.addOrganisation(ctx, f)
	case *event.Organisation:
		return l.addOrganisation(ctx, *f)
	case event.Action:
		return l.addAction(ctx, f)
	case *event.Action:
		return l.addAction(ctx, *f)
	case event.Measurement:
		return l.addMeasurement(ctx, f)
	case *event.Measurement:
		return l.addMeasurement(ctx, *f)
	default:
		return fmt.Errorf("%T is not a fact", f)
	}
}

func (l *ledger) addCase(ctx context.Context, f event.Case) error {
	claim := f
	claim.Seq, claim.EmittedAt, claim.Origin, claim.Identity, claim.Content = 0, 0, event.Origin{}, [2]uint64{}, 0
	sign(&f.Identity, &f.Content, claim, f.SourceSys, f.EventID, f.Revision)
	err := l.deliver(ctx, event.TopicCases, f.SourceSys, "case", f.CaseNo, f.Identity, f.Content, &f.Origin)
	l.table("case_events").caseFact(&f)
	return err
}

func (l *ledger) addTicket(ctx context.Context, f event.Ticket) error {
	claim := f
	claim.Seq, claim.EmittedAt, claim.Origin, claim.Identity, claim.Content = 0, 0, event.Origin{}, [2]uint64{}, 0
	sign(&f.Identity, &f.Content, claim, f.SourceSys, f.EventID, f.Revision)
	err := l.deliver(ctx, event.TopicTickets, f.SourceSys, "ticket", f.TicketNo, f.Identity, f.Content, &f.Origin)
	l.table("ticket_events").ticketFact(&f)
	return err
}

func (l *ledger) addRating(ctx context.Context, f event.Rating) error {
	claim := f
	claim.Seq, claim.EmittedAt, claim.Origin, claim.Identity, claim.Content = 0, 0, event.Origin{}, [2]uint64{}, 0
	sign(&f.Identity, &f.Content, claim, f.SourceSys, f.RatingID, f.Revision)
	kind, sys, no := rating.Subject(&f)
	err := l.deliver(ctx, event.TopicRatings, sys, kind, no, f.Identity, f.Content, &f.Origin)
	l.table("ratings").ratingFact(&f)
	return err
}

func (l *ledger) addItem(ctx context.Context, f event.Item) error {
	claim := f
	claim.Origin, claim.Identity, claim.Content = event.Origin{}, [2]uint64{}, 0
	sign(&f.Identity, &f.Content, claim, f.SourceSys, f.EventID, f.Revision)
	err := l.deliver(ctx, event.TopicItems, f.SourceSys, "item", f.TaskCode, f.Identity, f.Content, &f.Origin)
	l.table("items").itemFact(&f)
	return err
}

func (l *ledger) addOrganisation(ctx context.Context, f event.Organisation) error {
	claim := f
	claim.Origin, claim.Identity, claim.Content = event.Origin{}, [2]uint64{}, 0
	sign(&f.Identity, &f.Content, claim, f.SourceSys, f.EventID, f.Revision)
	err := l.deliver(ctx, event.TopicOrganisations, f.SourceSys, "org", f.OrgCode, f.Identity, f.Content, &f.Origin)
	l.table("organisations").organisationFact(&f)
	return err
}

func (l *ledger) addAction(ctx context.Context, f event.Action) error {
	claim := f
	claim.EmittedAt, claim.Origin, claim.Identity, claim.Content = 0, event.Origin{}, [2]uint64{}, 0
	sign(&f.Identity, &f.Content, claim, f.SourceSys, f.EventID, f.Revision)
	err := l.deliver(ctx, event.TopicActions, f.SourceSys, f.SubjectKind, f.SubjectID, f.Identity, f.Content, &f.Origin)
	l.table("actions").actionFact(&f)
	return err
}

func (l *ledger) addMeasurement(ctx context.Context, f event.Measurement) error {
	claim := f
	claim.EmittedAt, claim.Origin, claim.Identity, claim.Content = 0, event.Origin{}, [2]uint64{}, 0
	sign(&f.Identity, &f.Content, claim, f.SourceSys, f.EventID, f.Revision)
	err := l.deliver(ctx, event.TopicMeasurements, f.SourceSys, "measurement", f.Name, f.Identity, f.Content, &f.Origin)
	l.table("measurements").measurementFact(&f)
	return err
}

func (l *ledger) table(name string) *block {
	if l.tables[name] == nil {
		l.tables[name] = newBlock()
	}
	return l.tables[name]
}

// sign fills identity and content where the fact gives none.
func sign(identity *[2]uint64, content *uint64, claim any, sourceSys, eventID string, revision uint32) {
	if *identity == [2]uint64{} {
		h := xxh3.HashString128(fmt.Sprintf("%q %q %d", sourceSys, eventID, revision))
		*identity = [2]uint64{h.Hi, h.Lo}
	}
	if *content == 0 {
		text, _ := json.Marshal(claim) // plain strings and numbers
		*content = xxh3.Hash(text)
	}
}

// deliver fills the origin and writes the line of the ledger.
func (l *ledger) deliver(ctx context.Context, topic event.Topic, sourceSys, kind, subject string, identity [2]uint64, content uint64, o *event.Origin) error {
	if o.Topic == "" {
		next, err := l.offsets(ctx, topic)
		if err != nil {
			return err
		}
		o.Topic = topic
		key := event.PartitionKey(sourceSys, subject)
		if topic == event.TopicActions { // all actions on a subject, whichever system they come from
			key = event.PartitionKey(kind, subject)
		}
		o.Partition = int32(xxh3.HashString(key) % partitions)
		o.Offset = next[o.Partition]
	}
	if next, err := l.offsets(ctx, topic); err != nil {
		return err
	} else if int(o.Partition) < len(next) {
		next[o.Partition] = max(next[o.Partition], o.Offset+1)
	}
	if o.ReceivedAt == 0 {
		o.ReceivedAt = firstArrival
		for _, next := range l.next {
			for _, n := range next {
				o.ReceivedAt += n
			}
		}
	}
	d := l.deliveries
	d.low("topic", string(topic))
	d.u32("partition", uint32(o.Partition))
	d.u64("offset", uint64(o.Offset))
	d.enum("outcome", "fact")
	d.low("source_sys", sourceSys)
	d.low("subject_kind", kind)
	d.str("subject", subject)
	d.u128("identity", proto.UInt128{High: identity[0], Low: identity[1]})
	d.u64("content", content)
	d.at("received_at", o.ReceivedAt)
	d.at("stored_at", o.ReceivedAt)
	return nil
}

// offsets returns the next offset of each partition of every topic, as the
// ledger in the database has it.
func (l *ledger) offsets(ctx context.Context, topic event.Topic) ([]int64, error) {
	if len(l.next) == 0 {
		var name proto.ColStr
		var partition proto.ColUInt32
		var end proto.ColUInt64
		for _, t := range event.Topics() {
			l.next[t] = make([]int64, partitions)
		}
		err := l.client.Do(ctx, ch.Query{
			Body: ends,
			Result: proto.Results{
				{Name: "name", Data: &name}, {Name: "partition", Data: &partition}, {Name: "end", Data: &end},
			},
			OnResult: func(_ context.Context, b proto.Block) error {
				for i := range b.Rows {
					if t := event.Topic(name.Row(i)); t.Known() && partition[i] < partitions {
						l.next[t][partition[i]] = int64(end[i])
					}
				}
				return nil
			},
		})
		if err != nil {
			return nil, fmt.Errorf("read ends of deliveries: %w", err)
		}
	}
	return l.next[topic], nil
}
