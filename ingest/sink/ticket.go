package sink

import "duban/ingest/event"

var _ = register(event.TopicTickets, func() facts { return &tickets{} })

type tickets struct {
	arrival
	source, eventType, region, org, channel, kind, called, subject, staff, activity, lifecycle words
	ticketNo, id, caseNo                                                                       text
	revision                                                                                   u32
	seq                                                                                        i64
	occurredAt, emittedAt                                                                      instant
}

func (t *tickets) columns() []named {
	return t.arrival.columns(
		named{"source_sys", &t.source}, named{"ticket_no", &t.ticketNo}, named{"event_id", &t.id},
		named{"revision", &t.revision}, named{"seq", &t.seq}, named{"event_type", &t.eventType},
		named{"occurred_at", &t.occurredAt}, named{"emitted_at", &t.emittedAt}, named{"region_code", &t.region},
		named{"org_code", &t.org}, named{"channel", &t.channel}, named{"kind", &t.kind}, named{"called_number", &t.called},
		named{"ticket_topic", &t.subject}, named{"case_no", &t.caseNo}, named{"staff_id", &t.staff},
		named{"activity", &t.activity}, named{"lifecycle", &t.lifecycle})
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
