package engine

import (
	"github.com/ClickHouse/ch-go/proto"

	"duban/supervision/lifecycle"
)

// ratingWriter holds the columns of table rating_states.
type ratingWriter struct {
	columns
	no, ratingID                                     *proto.ColStr
	kind, sys, calendarVersion                       *proto.ColLowCardinality[string]
	foldVersion, n                                   *proto.ColUInt64
	sourceSys, status, orgCode, regionCode, taskCode *proto.ColLowCardinality[string]
	windowID, channel                                *proto.ColLowCardinality[string]
	level                                            *proto.ColUInt8
	ratedAt, from, until, foldedAt                   instantColumn
	servedAt                                         nullInstantColumn
	realName                                         *proto.ColBool
}

func newRatingWriter() *ratingWriter {
	w := &ratingWriter{}
	c := &w.columns
	w.kind = c.low("subject_kind", nil)
	w.sys = c.low("subject_sys", nil)
	w.no = c.text("subject_no", nil)
	w.foldVersion = c.u64("fold_version", nil)
	w.n = c.group()
	w.sourceSys = c.low("r_source_sys", w.n)
	w.ratingID = c.text("r_rating_id", w.n)
	w.level = c.u8("r_level", w.n)
	w.ratedAt = c.at("r_rated_at", w.n)
	w.servedAt = c.nullAt("r_served_at", w.n)
	w.status = c.low("r_status", w.n)
	w.from = c.at("r_from", w.n)
	w.until = c.at("r_until", w.n)
	w.orgCode = c.low("r_org_code", w.n)
	w.regionCode = c.low("r_region_code", w.n)
	w.taskCode = c.low("r_task_code", w.n)
	w.windowID = c.low("r_window_id", w.n)
	w.channel = c.low("r_channel", w.n)
	w.realName = c.flag("r_real_name", w.n)
	w.calendarVersion = c.low("calendar_version", nil)
	w.foldedAt = c.at("folded_at", nil)
	return w
}

func (w *ratingWriter) input() proto.Input { return w.columns.input }

func (w *ratingWriter) put(s *lifecycle.RatingState, version uint64, foldedAt int64) {
	w.kind.Append(s.SubjectKind)
	w.sys.Append(s.SubjectSys)
	w.no.Append(s.SubjectNo)
	w.foldVersion.Append(version)
	for i := range s.Ratings {
		r := &s.Ratings[i]
		w.sourceSys.Append(r.SourceSys)
		w.ratingID.Append(r.RatingID)
		w.level.Append(r.Level)
		w.ratedAt.put(r.RatedAt)
		w.servedAt.put(r.ServedAt)
		w.status.Append(string(r.Status))
		w.from.put(r.From)
		w.until.put(r.Until)
		w.orgCode.Append(r.OrgCode)
		w.regionCode.Append(r.RegionCode)
		w.taskCode.Append(r.TaskCode)
		w.windowID.Append(r.WindowID)
		w.channel.Append(r.Channel)
		w.realName.Append(r.RealName)
	}
	w.n.Append(uint64(w.ratingID.Rows()))
	w.calendarVersion.Append(s.CalendarVersion)
	w.foldedAt.put(foldedAt)
}
