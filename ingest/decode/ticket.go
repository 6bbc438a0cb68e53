package decode

import (
	"duban/ingest/event"
)

// Fields of the shape, in its order.
const (
	tID = iota
	tRevision
	tSource
	tTicket
	tSeq
	tType
	tTime
	tEmit
	tRegion
	tOrg
	tChannel
	tKind
	tCalled
	tTopic
	tCase
	tStaff
	tActivity
	tLifecycle
	tPayload
)

var _ = register(event.TopicTickets, ticketShape, readerOf((*Decoder).Ticket))

func ticketShape() *shape {
	return newShape(event.TopicTickets,
		must(ident("event_id")), revision(), must(ident("source_sys")), must(ident("ticket_no")), seq(),
		must(choice("event_type", event.TicketTypes())), must(instant("event_time")), sent(instant("emit_time")),
		regionField(), ident("org_code"), choice("channel", event.TicketChannels()), choice("kind", event.TicketKinds()),
		ident("called_number"), ident("topic"), ident("case_no"), ident("staff_id"),
		ident("activity"), ident("lifecycle"), payloadField())
}

// Ticket decodes a message of hotline-tickets; see Case.
func (d *Decoder) Ticket(m *Message, t *event.Ticket) *Reject {
	if rej := d.withPayload(event.TopicTickets, m, d.ticketRules); rej != nil {
		return rej
	}
	*t = event.Ticket{
		SourceSys: d.str(tSource), TicketNo: d.str(tTicket), EventID: d.str(tID), Revision: uint32(d.slots[tRevision].n),
		Seq: d.slots[tSeq].n, Type: event.TicketType(d.str(tType)), OccurredAt: d.slots[tTime].n, EmittedAt: d.slots[tEmit].n,
		RegionCode: d.str(tRegion), OrgCode: d.str(tOrg), Channel: d.str(tChannel), Kind: d.str(tKind),
		CalledNumber: d.str(tCalled), Topic: d.str(tTopic), CaseNo: d.str(tCase), StaffID: d.str(tStaff),
		Activity: d.str(tActivity), Lifecycle: d.str(tLifecycle), Payload: d.str(tPayload),
		Content: d.content(), Origin: m.origin(),
	}
	t.Identity = d.identity(d.slots[tSource].s, d.slots[tID].s, t.Revision)
	return nil
}
