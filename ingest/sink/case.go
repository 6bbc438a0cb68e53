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

func (t *cases) columns() []named {
	return t.arrival.columns(
		named{"source_sys", &t.source}, named{"case_no", &t.caseNo}, named{"event_id", &t.id}, named{"revision", &t.revision},
		named{"seq", &t.seq}, named{"event_type", &t.eventType}, named{"occurred_at", &t.occurredAt},
		named{"emitted_at", &t.emittedAt}, named{"region_code", &t.region}, named{"org_code", &t.org},
		named{"accept_org", &t.acceptOrg}, named{"task_code", &t.task}, named{"task_version", &t.version},
		named{"window_id", &t.window}, named{"staff_id", &t.staff}, named{"apply_channel", &t.channel},
		named{"activity", &t.activity}, named{"lifecycle", &t.lifecycle})
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
