package engine

import (
	"github.com/ClickHouse/ch-go/proto"

	"duban/ingest/event"
	"duban/supervision/lifecycle"
)

func ticketKind() kind[event.Ticket, lifecycle.TicketState] {
	return kind[event.Ticket, lifecycle.TicketState]{
		name: "tickets", topic: event.TopicTickets, table: "tickets",
		reader:  func() factReader[event.Ticket] { return new(ticketReader) },
		writer:  func() stateWriter[lifecycle.TicketState] { return newTicketWriter() },
		subject: func(f *event.Ticket) subject { return subject{sourceSys: f.SourceSys, no: f.TicketNo} },
		fold:    (*lifecycle.Folder).Ticket,
		contest: func(s *lifecycle.TicketState) { s.Conflict = true },
	}
}

// ticketReader reads what fragment facts_columns_tickets selects.
type ticketReader struct {
	sourceSys, eventType, regionCode, orgCode, channel, kind  lowColumn
	calledNumber, ticketTopic, staffID, activity, lifecycleOf lowColumn
	ticketNo, eventID, caseNo, payload                        textColumn
	revision                                                  proto.ColUInt32
	seq                                                       proto.ColInt64
	occurredAt, emittedAt                                     proto.ColDateTime64Raw
	conflictColumns
}

func (r *ticketReader) results() proto.Results {
	return r.append(proto.Results{
		{Name: "source_sys", Data: &r.sourceSys},
		{Name: "ticket_no", Data: &r.ticketNo},
		{Name: "event_id", Data: &r.eventID},
		{Name: "revision", Data: &r.revision},
		{Name: "seq", Data: &r.seq},
		{Name: "event_type", Data: &r.eventType},
		{Name: "occurred_at", Data: &r.occurredAt},
		{Name: "emitted_at", Data: &r.emittedAt},
		{Name: "region_code", Data: &r.regionCode},
		{Name: "org_code", Data: &r.orgCode},
		{Name: "channel", Data: &r.channel},
		{Name: "kind", Data: &r.kind},
		{Name: "called_number", Data: &r.calledNumber},
		{Name: "ticket_topic", Data: &r.ticketTopic},
		{Name: "case_no", Data: &r.caseNo},
		{Name: "staff_id", Data: &r.staffID},
		{Name: "activity", Data: &r.activity},
		{Name: "lifecycle", Data: &r.lifecycleOf},
		{Name: "payload", Data: &r.payload},
	})
}

func (r *ticketReader) settle() {
	r.ticketNo.settle()
	r.eventID.settle()
	r.caseNo.settle()
	r.payload.settle()
}

func (r *ticketReader) fact(i int, f *event.Ticket) (lost, contested bool) {
	*f = event.Ticket{
		SourceSys: r.sourceSys.at(i), TicketNo: r.ticketNo.at(i), EventID: r.eventID.at(i), Revision: r.revision[i],
		Seq: r.seq[i], Type: event.TicketType(r.eventType.at(i)),
		OccurredAt: int64(r.occurredAt.Data[i]), EmittedAt: int64(r.emittedAt.Data[i]),
		RegionCode: r.regionCode.at(i), OrgCode: r.orgCode.at(i), Channel: r.channel.at(i), Kind: r.kind.at(i),
		CalledNumber: r.calledNumber.at(i), Topic: r.ticketTopic.at(i), CaseNo: r.caseNo.at(i), StaffID: r.staffID.at(i),
		Activity: r.activity.at(i), Lifecycle: r.lifecycleOf.at(i), Payload: r.payload.at(i), Content: r.content[i],
	}
	return r.read(i, &f.Origin)
}
