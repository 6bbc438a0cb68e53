package sink

import (
	"duban/ingest/event"
)

// Each table lists its columns in the order of its statement in
// queries/ingest; the names are there and nowhere else.

// arrival is the tail that all fact tables share.
type arrival struct {
	payload    text
	content    u64
	topic      words
	partition  u32
	offset     u64
	receivedAt instant
	storedAt   instant
	precedence u64
}

func (a *arrival) came(payload string, content uint64, o *event.Origin) {
	a.payload.add(payload)
	a.content.add(content)
	a.topic.add(string(o.Topic))
	a.partition.add(uint32(o.Partition))
	a.offset.add(uint64(o.Offset))
	a.receivedAt.add(o.ReceivedAt)
	a.precedence.add(Precedence(o.ReceivedAt, o.Offset))
}

func (a *arrival) columns(before ...column) []column {
	return append(before, &a.payload, &a.content, &a.topic, &a.partition, &a.offset, &a.receivedAt, &a.storedAt, &a.precedence)
}

func (a *arrival) tail() *arrival { return a }

// Precedence is larger for a message that arrived earlier; of deliveries of
// one fact in the same millisecond the one with the lower offset wins.
func Precedence(receivedAt, offset int64) uint64 {
	return ^(uint64(receivedAt)<<22 | uint64(offset)&(1<<22-1))
}

// facts is the table of one topic's facts.
type facts interface {
	columns() []column
	tail() *arrival
	// add takes a fact of the topic.
	add(event.Fact)
}

type cases struct {
	arrival
	source, eventType, region, org, acceptOrg, task, version, window, staff, channel, activity, lifecycle words
	caseNo, id                                                                                            text
	revision                                                                                              u32
	seq                                                                                                   i64
	occurredAt, emittedAt                                                                                 instant
}

func (t *cases) columns() []column {
	return t.arrival.columns(&t.source, &t.caseNo, &t.id, &t.revision, &t.seq, &t.eventType, &t.occurredAt, &t.emittedAt,
		&t.region, &t.org, &t.acceptOrg, &t.task, &t.version, &t.window, &t.staff, &t.channel, &t.activity, &t.lifecycle)
}

func (t *cases) add(f event.Fact) {
	c := f.(*event.Case)
	t.source.add(c.SourceSys)
	t.caseNo.add(c.CaseNo)
	t.id.add(c.EventID)
	t.revision.add(c.Revision)
	t.seq.add(c.Seq)
	t.eventType.add(string(c.Type))
	t.occurredAt.add(c.OccurredAt)
	t.emittedAt.add(c.EmittedAt)
	t.region.add(c.RegionCode)
	t.org.add(c.OrgCode)
	t.acceptOrg.add(c.AcceptOrg)
	t.task.add(c.TaskCode)
	t.version.add(c.TaskVersion)
	t.window.add(c.WindowID)
	t.staff.add(c.StaffID)
	t.channel.add(c.ApplyChannel)
	t.activity.add(c.Activity)
	t.lifecycle.add(c.Lifecycle)
	t.came(c.Payload, c.Content, &c.Origin)
}

type tickets struct {
	arrival
	source, eventType, region, org, channel, kind, called, subject, staff, activity, lifecycle words
	ticketNo, id, caseNo                                                                       text
	revision                                                                                   u32
	seq                                                                                        i64
	occurredAt, emittedAt                                                                      instant
}

func (t *tickets) columns() []column {
	return t.arrival.columns(&t.source, &t.ticketNo, &t.id, &t.revision, &t.seq, &t.eventType, &t.occurredAt, &t.emittedAt,
		&t.region, &t.org, &t.channel, &t.kind, &t.called, &t.subject, &t.caseNo, &t.staff, &t.activity, &t.lifecycle)
}

func (t *tickets) add(f event.Fact) {
	c := f.(*event.Ticket)
	t.source.add(c.SourceSys)
	t.ticketNo.add(c.TicketNo)
	t.id.add(c.EventID)
	t.revision.add(c.Revision)
	t.seq.add(c.Seq)
	t.eventType.add(string(c.Type))
	t.occurredAt.add(c.OccurredAt)
	t.emittedAt.add(c.EmittedAt)
	t.region.add(c.RegionCode)
	t.org.add(c.OrgCode)
	t.channel.add(c.Channel)
	t.kind.add(c.Kind)
	t.called.add(c.CalledNumber)
	t.subject.add(c.Topic)
	t.caseNo.add(c.CaseNo)
	t.staff.add(c.StaffID)
	t.activity.add(c.Activity)
	t.lifecycle.add(c.Lifecycle)
	t.came(c.Payload, c.Content, &c.Origin)
}

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

func (t *ratings) columns() []column {
	return t.arrival.columns(&t.source, &t.subjectKind, &t.subjectSys, &t.subjectNo, &t.id, &t.revision, &t.seq,
		&t.ratedAt, &t.servedAt, &t.emittedAt, &t.level, &t.isDefault, &t.followUp, &t.excluded, &t.realName,
		&t.service, &t.rater, &t.region, &t.org, &t.task, &t.window, &t.staff, &t.channel)
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

type items struct {
	arrival
	source, region, org, itemType, projectType, legalUnit, promiseUnit words
	task, version, id, name, catalog                                   text
	revision                                                           u32
	from                                                               day
	to                                                                 maybeDay
	legal, promise, baseline, depth, visits                            maybe32
	rollForward, feePauses                                             truth
}

func (t *items) columns() []column {
	return t.arrival.columns(&t.source, &t.task, &t.version, &t.id, &t.revision, &t.name, &t.catalog, &t.region, &t.org,
		&t.itemType, &t.projectType, &t.from, &t.to, &t.legal, &t.legalUnit, &t.promise, &t.promiseUnit, &t.baseline,
		&t.depth, &t.visits, &t.rollForward, &t.feePauses)
}

func (t *items) add(f event.Fact) {
	i := f.(*event.Item)
	t.source.add(i.SourceSys)
	t.task.add(i.TaskCode)
	t.version.add(i.TaskVersion)
	t.id.add(i.EventID)
	t.revision.add(i.Revision)
	t.name.add(i.Name)
	t.catalog.add(i.CatalogCode)
	t.region.add(i.RegionCode)
	t.org.add(i.OrgCode)
	t.itemType.add(i.ItemType)
	t.projectType.add(i.ProjectType)
	t.from.add(i.ValidFrom)
	t.to.add(i.ValidTo)
	t.legal.add(i.LegalDays)
	t.legalUnit.add(i.LegalUnit)
	t.promise.add(i.PromiseDays)
	t.promiseUnit.add(i.PromiseUnit)
	t.baseline.add(i.BaselinePromiseDays)
	t.depth.add(i.OnlineDepth)
	t.visits.add(i.LimitVisits)
	t.rollForward.add(i.RollForward)
	t.feePauses.add(i.FeePauses)
	t.came(i.Payload, i.Content, &i.Origin)
}

type organisations struct {
	arrival
	source, region, line, rankGroup words
	org, id, name, nameEN, parent   text
	revision                        u32
	level                           i8
	from                            day
	to                              maybeDay
}

func (t *organisations) columns() []column {
	return t.arrival.columns(&t.source, &t.org, &t.id, &t.revision, &t.name, &t.nameEN, &t.parent, &t.region,
		&t.level, &t.line, &t.rankGroup, &t.from, &t.to)
}

func (t *organisations) add(f event.Fact) {
	o := f.(*event.Organisation)
	t.source.add(o.SourceSys)
	t.org.add(o.OrgCode)
	t.id.add(o.EventID)
	t.revision.add(o.Revision)
	t.name.add(o.Name)
	t.nameEN.add(o.NameEN)
	t.parent.add(o.ParentCode)
	t.region.add(o.RegionCode)
	t.level.add(o.GovLevel)
	t.line.add(o.OrgLine)
	t.rankGroup.add(o.RankGroup)
	t.from.add(o.ValidFrom)
	t.to.add(o.ValidTo)
	t.came(o.Payload, o.Content, &o.Origin)
}

type actions struct {
	arrival
	source, kind, action, actor, role, org words
	id, subject                            text
	revision, expected                     u32
	occurredAt, emittedAt                  instant
}

func (t *actions) columns() []column {
	return t.arrival.columns(&t.source, &t.id, &t.revision, &t.kind, &t.subject, &t.action, &t.expected, &t.actor, &t.role,
		&t.org, &t.occurredAt, &t.emittedAt)
}

func (t *actions) add(f event.Fact) {
	a := f.(*event.Action)
	t.source.add(a.SourceSys)
	t.id.add(a.EventID)
	t.revision.add(a.Revision)
	t.kind.add(a.SubjectKind)
	t.subject.add(a.SubjectID)
	t.action.add(a.Action)
	t.expected.add(a.ExpectedSeq)
	t.actor.add(a.Actor)
	t.role.add(a.Role)
	t.org.add(a.OrgCode)
	t.occurredAt.add(a.OccurredAt)
	t.emittedAt.add(a.EmittedAt)
	t.came(a.Payload, a.Content, &a.Origin)
}

type measurements struct {
	arrival
	source, name, org, region words
	id                        text
	revision                  u32
	from, to, emittedAt       instant
	values                    numbers
}

func (t *measurements) columns() []column {
	return t.arrival.columns(&t.source, &t.id, &t.revision, &t.name, &t.org, &t.region, &t.from, &t.to, &t.emittedAt, &t.values)
}

func (t *measurements) add(f event.Fact) {
	m := f.(*event.Measurement)
	t.source.add(m.SourceSys)
	t.id.add(m.EventID)
	t.revision.add(m.Revision)
	t.name.add(m.Name)
	t.org.add(m.OrgCode)
	t.region.add(m.RegionCode)
	t.from.add(m.From)
	t.to.add(m.To)
	t.emittedAt.add(m.EmittedAt)
	t.values.add(m.Values)
	t.came(m.Payload, m.Content, &m.Origin)
}
