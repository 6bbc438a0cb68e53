package engine

import (
	"github.com/ClickHouse/ch-go/proto"

	"duban/ingest/event"
	"duban/supervision/calendar"
	"duban/supervision/lifecycle"
)

func ratingKind(cal *calendar.Calendar, policy lifecycle.Policy) kind[event.Rating, lifecycle.RatingState] {
	return kind[event.Rating, lifecycle.RatingState]{
		name: "ratings", topic: event.TopicRatings, table: "rating_states",
		reader: func() factReader[event.Rating] { return new(ratingReader) },
		writer: func() stateWriter[lifecycle.RatingState] { return newRatingWriter() },
		subject: func(f *event.Rating) subject {
			k, sys, no := lifecycle.RatingSubject(f)
			return subject{kind: k, sourceSys: sys, no: no}
		},
		fold: func(_ *lifecycle.Folder, facts []event.Rating, s *lifecycle.RatingState) {
			*s = lifecycle.FoldRatings(facts, cal, policy)
		},
		contest: func(s *lifecycle.RatingState) { s.Conflict = true },
	}
}

// ratingReader reads what fragment facts_columns_ratings selects.
type ratingReader struct {
	kind, sys, sourceSys, serviceNo, regionCode, orgCode, taskCode, windowID, staffID, channel lowColumn
	no, ratingID, raterToken, payload                                                          textColumn
	revision                                                                                   proto.ColUInt32
	seq                                                                                        proto.ColInt64
	ratedAt, servedAt, emittedAt                                                               proto.ColDateTime64Raw
	level                                                                                      proto.ColUInt8
	isDefault, followUp, excluded, realName                                                    proto.ColBool
	conflictColumns
}

func (r *ratingReader) results() proto.Results {
	return r.append(proto.Results{
		{Name: "subject_kind", Data: &r.kind},
		{Name: "subject_sys", Data: &r.sys},
		{Name: "subject_no", Data: &r.no},
		{Name: "source_sys", Data: &r.sourceSys},
		{Name: "rating_id", Data: &r.ratingID},
		{Name: "revision", Data: &r.revision},
		{Name: "seq", Data: &r.seq},
		{Name: "rated_at", Data: &r.ratedAt},
		{Name: "served_at", Data: &r.servedAt},
		{Name: "emitted_at", Data: &r.emittedAt},
		{Name: "level", Data: &r.level},
		{Name: "is_default", Data: &r.isDefault},
		{Name: "follow_up", Data: &r.followUp},
		{Name: "excluded", Data: &r.excluded},
		{Name: "real_name", Data: &r.realName},
		{Name: "service_no", Data: &r.serviceNo},
		{Name: "rater_token", Data: &r.raterToken},
		{Name: "region_code", Data: &r.regionCode},
		{Name: "org_code", Data: &r.orgCode},
		{Name: "task_code", Data: &r.taskCode},
		{Name: "window_id", Data: &r.windowID},
		{Name: "staff_id", Data: &r.staffID},
		{Name: "channel", Data: &r.channel},
		{Name: "payload", Data: &r.payload},
	})
}

func (r *ratingReader) settle() {
	r.no.settle()
	r.ratingID.settle()
	r.raterToken.settle()
	r.payload.settle()
}

func (r *ratingReader) fact(i int, f *event.Rating) (lost, contested bool) {
	*f = event.Rating{
		SourceSys: r.sourceSys.at(i), RatingID: r.ratingID.at(i), Revision: r.revision[i], Seq: r.seq[i],
		RatedAt: int64(r.ratedAt.Data[i]), ServedAt: int64(r.servedAt.Data[i]), EmittedAt: int64(r.emittedAt.Data[i]),
		Level: r.level[i], IsDefault: r.isDefault[i], FollowUp: r.followUp[i], Excluded: r.excluded[i], RealName: r.realName[i],
		SubjectSys: r.sys.at(i), ServiceNo: r.serviceNo.at(i), RaterToken: r.raterToken.at(i),
		RegionCode: r.regionCode.at(i), OrgCode: r.orgCode.at(i), TaskCode: r.taskCode.at(i),
		WindowID: r.windowID.at(i), StaffID: r.staffID.at(i), Channel: r.channel.at(i),
		Payload: r.payload.at(i), Content: r.content[i],
	}
	switch r.kind.at(i) {
	case "case":
		f.CaseNo = r.no.at(i)
	case "ticket":
		f.TicketNo = r.no.at(i)
	}
	return r.read(i, &f.Origin)
}
