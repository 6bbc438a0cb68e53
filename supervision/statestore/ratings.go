package statestore

import (
	"duban/ingest/event"
	"duban/supervision/lifecycle/rating"
)

// Ratings is the codec of table ratings and table rating_states.
func Ratings() Codec[event.Rating, rating.State] {
	return Codec[event.Rating, rating.State]{
		Name: "ratings", Table: "rating_states", facts: ratingFacts, states: ratingStates,
		origin: func(f *event.Rating) (*uint64, *event.Origin) { return &f.Content, &f.Origin },
	}
}

// ratingFacts declares what fragment facts_columns_ratings selects. The number
// of the subject is that of a case or of a ticket, as its kind says.
func ratingFacts(r *reader[event.Rating]) {
	var kind string // of the row; the number comes after it
	r.lowTo("subject_kind", func(_ *event.Rating, v string) { kind = v })
	r.low("subject_sys", func(f *event.Rating) *string { return &f.SubjectSys })
	r.textTo("subject_no", func(f *event.Rating, v string) {
		switch kind {
		case "case":
			f.CaseNo = v
		case "ticket":
			f.TicketNo = v
		}
	})
	r.low("source_sys", func(f *event.Rating) *string { return &f.SourceSys })
	r.text("rating_id", func(f *event.Rating) *string { return &f.RatingID })
	r.u32("revision", func(f *event.Rating) *uint32 { return &f.Revision })
	r.i64("seq", func(f *event.Rating) *int64 { return &f.Seq })
	r.at("rated_at", func(f *event.Rating) *int64 { return &f.RatedAt })
	r.at("served_at", func(f *event.Rating) *int64 { return &f.ServedAt })
	r.at("emitted_at", func(f *event.Rating) *int64 { return &f.EmittedAt })
	r.u8("level", func(f *event.Rating) *uint8 { return &f.Level })
	r.flag("is_default", func(f *event.Rating) *bool { return &f.IsDefault })
	r.flag("follow_up", func(f *event.Rating) *bool { return &f.FollowUp })
	r.flag("excluded", func(f *event.Rating) *bool { return &f.Excluded })
	r.flag("real_name", func(f *event.Rating) *bool { return &f.RealName })
	r.low("service_no", func(f *event.Rating) *string { return &f.ServiceNo })
	r.text("rater_token", func(f *event.Rating) *string { return &f.RaterToken })
	r.low("region_code", func(f *event.Rating) *string { return &f.RegionCode })
	r.low("org_code", func(f *event.Rating) *string { return &f.OrgCode })
	r.low("task_code", func(f *event.Rating) *string { return &f.TaskCode })
	r.low("window_id", func(f *event.Rating) *string { return &f.WindowID })
	r.low("staff_id", func(f *event.Rating) *string { return &f.StaffID })
	r.low("channel", func(f *event.Rating) *string { return &f.Channel })
	r.text("payload", func(f *event.Rating) *string { return &f.Payload })
}

// ratingStates declares table rating_states.
func ratingStates(r *row[rating.State]) {
	r.low("subject_kind", func(s *rating.State) string { return s.SubjectKind })
	r.low("subject_sys", func(s *rating.State) string { return s.SubjectSys })
	r.text("subject_no", func(s *rating.State) string { return s.SubjectNo })
	r.low("calendar_version", func(s *rating.State) string { return s.CalendarVersion })
	list(r, func(s *rating.State) []rating.Entry { return s.Ratings }, ratingEntries)
}

// ratingEntries declares the r_ columns of table rating_states.
func ratingEntries(r *row[rating.Entry]) {
	r.low("r_source_sys", func(e *rating.Entry) string { return e.SourceSys })
	r.text("r_rating_id", func(e *rating.Entry) string { return e.RatingID })
	r.u8("r_level", func(e *rating.Entry) uint8 { return e.Level })
	r.at("r_rated_at", func(e *rating.Entry) int64 { return e.RatedAt })
	r.nullAt("r_served_at", func(e *rating.Entry) int64 { return e.ServedAt })
	r.low("r_status", func(e *rating.Entry) string { return string(e.Status) })
	r.at("r_from", func(e *rating.Entry) int64 { return e.From })
	r.at("r_until", func(e *rating.Entry) int64 { return e.Until })
	r.low("r_org_code", func(e *rating.Entry) string { return e.OrgCode })
	r.low("r_region_code", func(e *rating.Entry) string { return e.RegionCode })
	r.low("r_task_code", func(e *rating.Entry) string { return e.TaskCode })
	r.low("r_window_id", func(e *rating.Entry) string { return e.WindowID })
	r.low("r_channel", func(e *rating.Entry) string { return e.Channel })
	r.flag("r_real_name", func(e *rating.Entry) bool { return e.RealName })
}
