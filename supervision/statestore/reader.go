package statestore

import (
	"github.com/ClickHouse/ch-go/proto"

	"duban/ingest/event"
)

// reader declares the columns of a fact query, in its order, together with
// where each goes in an F.
type reader[F any] struct {
	results proto.Results
	// finalisers prepare a block just decoded.
	finalisers []func()
	sets       []func(i int, f *F)

	lost, contesting proto.ColUInt8
}

// newReader declares the columns of a codec and those that every fact query
// ends with.
func newReader[F any](declare func(*reader[F]), origin func(*F) (*uint64, *event.Origin)) *reader[F] {
	r := new(reader[F])
	declare(r)
	var (
		content, offset proto.ColUInt64
		topic           lowColumn
		partition       proto.ColUInt32
		receivedAt      proto.ColDateTime64Raw
	)
	r.column("content", &content)
	r.column("topic", &topic)
	r.column("partition", &partition)
	r.column("offset", &offset)
	r.column("received_at", &receivedAt)
	r.column("lost", &r.lost)
	r.column("contested", &r.contesting)
	r.sets = append(r.sets, func(i int, f *F) {
		hash, o := origin(f)
		*hash = content[i]
		*o = event.Origin{
			Topic: event.Topic(topic.at(i)), Partition: int32(partition[i]), Offset: int64(offset[i]),
			ReceivedAt: int64(receivedAt.Data[i]),
		}
	})
	return r
}

// finalise prepares a block just decoded.
func (r *reader[F]) finalise() {
	for _, f := range r.finalisers {
		f()
	}
}

// fact reads a row; lost: a conflicting rewrite, not in force; contested: in
// force against one.
func (r *reader[F]) fact(i int, f *F) (lost, contested bool) {
	var zero F
	*f = zero
	for _, set := range r.sets {
		set(i, f)
	}
	return r.lost[i] != 0, r.contesting[i] != 0
}

func (r *reader[F]) column(name string, data proto.ColResult) {
	r.results = append(r.results, proto.ResultColumn{Name: name, Data: data})
}

func (r *reader[F]) low(name string, of func(*F) *string) {
	r.lowTo(name, func(f *F, v string) { *of(f) = v })
}

// lowTo reads LowCardinality(String) into what is no plain string.
func (r *reader[F]) lowTo(name string, set func(*F, string)) {
	col := new(lowColumn)
	r.column(name, col)
	r.sets = append(r.sets, func(i int, f *F) { set(f, col.at(i)) })
}

func (r *reader[F]) text(name string, of func(*F) *string) {
	r.textTo(name, func(f *F, v string) { *of(f) = v })
}

// textTo reads String into what is no plain string.
func (r *reader[F]) textTo(name string, set func(*F, string)) {
	col := new(textColumn)
	r.column(name, col)
	r.finalisers = append(r.finalisers, col.finalise)
	r.sets = append(r.sets, func(i int, f *F) { set(f, col.at(i)) })
}

func (r *reader[F]) u8(name string, of func(*F) *uint8) {
	col := new(proto.ColUInt8)
	r.column(name, col)
	r.sets = append(r.sets, func(i int, f *F) { *of(f) = (*col)[i] })
}

func (r *reader[F]) u32(name string, of func(*F) *uint32) {
	col := new(proto.ColUInt32)
	r.column(name, col)
	r.sets = append(r.sets, func(i int, f *F) { *of(f) = (*col)[i] })
}

func (r *reader[F]) i64(name string, of func(*F) *int64) {
	col := new(proto.ColInt64)
	r.column(name, col)
	r.sets = append(r.sets, func(i int, f *F) { *of(f) = (*col)[i] })
}

func (r *reader[F]) flag(name string, of func(*F) *bool) {
	col := new(proto.ColBool)
	r.column(name, col)
	r.sets = append(r.sets, func(i int, f *F) { *of(f) = (*col)[i] })
}

// at reads DateTime64(3) as Unix milliseconds.
func (r *reader[F]) at(name string, of func(*F) *int64) {
	col := new(proto.ColDateTime64Raw)
	r.column(name, col)
	r.sets = append(r.sets, func(i int, f *F) { *of(f) = int64(col.Data[i]) })
}
