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
