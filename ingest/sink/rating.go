package sink

import "duban/ingest/event"

var _ = register(event.TopicRatings, func() facts { return &ratings{} })

type ratings struct {
	arrival
	source, subjectKind, subjectSys, service, region, org, task, window, staff, channel words
	subjectNo, id, rater                                                                text
	revision                                                                            u32
	seq                                                                                 i64
	ratedAt, servedAt, emittedAt                                                        instant
	level                                                                               u8
	isDefault, followUp, excluded, realName                                             truth
}

func (t *ratings) columns() []named {
	return t.arrival.columns(
		named{"source_sys", &t.source}, named{"subject_kind", &t.subjectKind}, named{"subject_sys", &t.subjectSys},
		named{"subject_no", &t.subjectNo}, named{"rating_id", &t.id}, named{"revision", &t.revision}, named{"seq", &t.seq},
		named{"rated_at", &t.ratedAt}, named{"served_at", &t.servedAt}, named{"emitted_at", &t.emittedAt},
		named{"level", &t.level}, named{"is_default", &t.isDefault}, named{"follow_up", &t.followUp},
		named{"excluded", &t.excluded}, named{"real_name", &t.realName}, named{"service_no", &t.service},
		named{"rater_token", &t.rater}, named{"region_code", &t.region}, named{"org_code", &t.org},
		named{"task_code", &t.task}, named{"window_id", &t.window}, named{"staff_id", &t.staff}, named{"channel", &t.channel})
}

func (t *ratings) add(f event.Fact) {
	r := f.(*event.Rating)
	kind, sys, no := r.Subject()
	t.source.add(r.SourceSys)
	t.subjectKind.add(kind)
	t.subjectSys.add(sys)
	t.subjectNo.add(no)
	t.id.add(r.RatingID)
	t.revision.add(r.Revision)
	t.seq.add(r.Seq)
	t.ratedAt.add(r.RatedAt)
	t.servedAt.add(r.ServedAt)
	t.emittedAt.add(r.EmittedAt)
	t.level.add(r.Level)
	t.isDefault.add(r.IsDefault)
	t.followUp.add(r.FollowUp)
	t.excluded.add(r.Excluded)
	t.realName.add(r.RealName)
	t.service.add(r.ServiceNo)
	t.rater.add(r.RaterToken)
	t.region.add(r.RegionCode)
	t.org.add(r.OrgCode)
	t.task.add(r.TaskCode)
	t.window.add(r.WindowID)
	t.staff.add(r.StaffID)
	t.channel.add(r.Channel)
	t.came(r.Payload, r.Content, &r.Origin)
}
