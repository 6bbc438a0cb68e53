package sink

import "duban/ingest/event"

var _ = register(event.TopicCases, func() facts { return &cases{} })

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
