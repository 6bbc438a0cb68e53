package engine

import (
	"github.com/ClickHouse/ch-go/proto"

	"duban/ingest/event"
	"duban/supervision/lifecycle"
)

// subject names what facts are about. Kind is empty for cases and tickets,
// which have tables of their own.
type subject struct{ kind, sourceSys, no string }

// kind is what differs between cases, tickets and ratings: F is the fact, S
// the state.
type kind[F, S any] struct {
	// name ends the names of the kind's queries and labels its figures.
	name  string
	topic event.Topic
	// table holds the states.
	table   string
	reader  func() factReader[F]
	writer  func() stateWriter[S]
	subject func(*F) subject
	fold    func(*lifecycle.Folder, []F, *S)
	contest func(*S)
}

// factReader holds the columns of a fact query.
type factReader[F any] interface {
	// results are the columns in the order of the query.
	results() proto.Results
	// settle prepares a block just decoded.
	settle()
	// fact reads a row of it; lost: a conflicting rewrite, not in force;
	// contested: in force against one.
	fact(i int, f *F) (lost, contested bool)
}

// stateWriter holds the columns of an insert of states.
type stateWriter[S any] interface {
	input() proto.Input
	put(s *S, version uint64, foldedAt int64)
	reset()
}

// conflictColumns are the columns that every fact query ends with.
type conflictColumns struct {
	content          proto.ColUInt64
	topic            lowColumn
	partition        proto.ColUInt32
	offset           proto.ColUInt64
	receivedAt       proto.ColDateTime64Raw
	lost, contesting proto.ColUInt8
}

func (c *conflictColumns) append(to proto.Results) proto.Results {
	return append(to,
		proto.ResultColumn{Name: "content", Data: &c.content},
		proto.ResultColumn{Name: "topic", Data: &c.topic},
		proto.ResultColumn{Name: "partition", Data: &c.partition},
		proto.ResultColumn{Name: "offset", Data: &c.offset},
		proto.ResultColumn{Name: "received_at", Data: &c.receivedAt},
		proto.ResultColumn{Name: "lost", Data: &c.lost},
		proto.ResultColumn{Name: "contested", Data: &c.contesting},
	)
}

func (c *conflictColumns) read(i int, o *event.Origin) (lost, contested bool) {
	*o = event.Origin{
		Topic: event.Topic(c.topic.at(i)), Partition: int32(c.partition[i]), Offset: int64(c.offset[i]),
		ReceivedAt: int64(c.receivedAt.Data[i]),
	}
	return c.lost[i] != 0, c.contesting[i] != 0
}
