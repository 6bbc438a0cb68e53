package statestore

import (
	"duban/ingest/event"
	"duban/supervision/lifecycle"
)

// Tickets is the codec of table ticket_events and table tickets.
func Tickets() Codec[event.Ticket, lifecycle.TicketState] {
	return Codec[event.Ticket, lifecycle.TicketState]{
		Name: "tickets", Table: "tickets", facts: ticketFacts, states: ticketStates,
		origin: func(f *event.Ticket) (*uint64, *event.Origin) { return &f.Content, &f.Origin },
	}
}

// ticketFacts declares what fragment facts_columns_tickets selects.
func ticketFacts(r *reader[event.Ticket]) {
	r.low("source_sys", func(f *event.Ticket) *string { return &f.SourceSys })
	r.text("ticket_no", func(f *event.Ticket) *string { return &f.TicketNo })
	r.text("event_id", func(f *event.Ticket) *string { return &f.EventID })
	r.u32("revision", func(f *event.Ticket) *uint32 { return &f.Revision })
	r.i64("seq", func(f *event.Ticket) *int64 { return &f.Seq })
	r.lowTo("event_type", func(f *event.Ticket, v string) { f.Type = event.TicketType(v) })
	r.at("occurred_at", func(f *event.Ticket) *int64 { return &f.OccurredAt })
	r.at("emitted_at", func(f *event.Ticket) *int64 { return &f.EmittedAt })
	r.low("region_code", func(f *event.Ticket) *string { return &f.RegionCode })
	r.low("org_code", func(f *event.Ticket) *string { return &f.OrgCode })
	r.low("channel", func(f *event.Ticket) *string { return &f.Channel })
	r.low("kind", func(f *event.Ticket) *string { return &f.Kind })
	r.low("called_number", func(f *event.Ticket) *string { return &f.CalledNumber })
	r.low("ticket_topic", func(f *event.Ticket) *string { return &f.Topic })
	r.text("case_no", func(f *event.Ticket) *string { return &f.CaseNo })
	r.low("staff_id", func(f *event.Ticket) *string { return &f.StaffID })
	r.low("activity", func(f *event.Ticket) *string { return &f.Activity })
	r.low("lifecycle", func(f *event.Ticket) *string { return &f.Lifecycle })
	r.text("payload", func(f *event.Ticket) *string { return &f.Payload })
}

// ticketStates declares table tickets.
func ticketStates(r *row[lifecycle.TicketState]) {
	r.low("source_sys", func(s *lifecycle.TicketState) string { return s.SourceSys })
	r.text("ticket_no", func(s *lifecycle.TicketState) string { return s.TicketNo })
	r.low("region_code", func(s *lifecycle.TicketState) string { return s.RegionCode })
	r.low("org_code", func(s *lifecycle.TicketState) string { return s.OrgCode })
	r.low("channel", func(s *lifecycle.TicketState) string { return s.Channel })
	r.low("kind", func(s *lifecycle.TicketState) string { return s.Kind })
	r.low("called_number", func(s *lifecycle.TicketState) string { return s.CalledNumber })
	r.low("ticket_topic", func(s *lifecycle.TicketState) string { return s.Topic })
	r.text("case_no", func(s *lifecycle.TicketState) string { return s.CaseNo })
	r.text("repeat_of", func(s *lifecycle.TicketState) string { return s.RepeatOf })
	r.attributes("attributes", func(s *lifecycle.TicketState) []lifecycle.Attribute { return s.Attributes })
	r.flag("urgent", func(s *lifecycle.TicketState) bool { return s.Urgent })
	r.flag("is_test", func(s *lifecycle.TicketState) bool { return s.IsTest })
	r.flag("secret", func(s *lifecycle.TicketState) bool { return s.Secret })
	r.flag("hidden", func(s *lifecycle.TicketState) bool { return s.Hidden })
	r.flag("conflict", func(s *lifecycle.TicketState) bool { return s.Conflict })
	r.at("first_at", func(s *lifecycle.TicketState) int64 { return s.FirstAt })
	r.at("last_at", func(s *lifecycle.TicketState) int64 { return s.LastAt })
	r.nullAt("source_due_at", func(s *lifecycle.TicketState) int64 { return s.SourceDueAt })
	r.low("source_on_time", func(s *lifecycle.TicketState) string { return s.SourceOnTime })
	r.u32("facts", func(s *lifecycle.TicketState) uint32 { return s.Facts })
	r.u32("activities", func(s *lifecycle.TicketState) uint32 { return s.Activities })
	r.u32("illegal_transitions", func(s *lifecycle.TicketState) uint32 { return uint32(len(s.Illegal)) })
	r.low("calendar_version", func(s *lifecycle.TicketState) string { return s.CalendarVersion })
	list(r, func(s *lifecycle.TicketState) []lifecycle.TicketSnapshot { return s.History }, ticketHistory)
	list(r, func(s *lifecycle.TicketState) []lifecycle.Clock { return s.Clocks }, clocks)
	list(r, func(s *lifecycle.TicketState) []lifecycle.FactEntry { return s.FactEntries }, facts)
}

// ticketHistory declares the h_ columns of table tickets.
func ticketHistory(r *row[lifecycle.TicketSnapshot]) {
	r.at("h_at", func(s *lifecycle.TicketSnapshot) int64 { return s.At })
	r.low("h_state", func(s *lifecycle.TicketSnapshot) string { return string(s.State) })
	r.low("h_excluded", func(s *lifecycle.TicketSnapshot) string { return string(s.Excluded) })
	r.low("h_org", func(s *lifecycle.TicketSnapshot) string { return s.Org })
	r.low("h_kind", func(s *lifecycle.TicketSnapshot) string { return s.Kind })
	r.nullAt("h_received_at", func(s *lifecycle.TicketSnapshot) int64 { return s.ReceivedAt })
	r.nullAt("h_dispatched_at", func(s *lifecycle.TicketSnapshot) int64 { return s.DispatchedAt })
	r.nullAt("h_stop_at", func(s *lifecycle.TicketSnapshot) int64 { return s.StopAt })
	r.nullAt("h_closed_at", func(s *lifecycle.TicketSnapshot) int64 { return s.ClosedAt })
	r.nullAt("h_due_at", func(s *lifecycle.TicketSnapshot) int64 { return s.DueAt })
	r.low("h_due_basis", func(s *lifecycle.TicketSnapshot) string { return string(s.DueBasis) })
	r.flag("h_provisional", func(s *lifecycle.TicketSnapshot) bool { return s.Provisional })
	r.nullI32("h_net_days", func(s *lifecycle.TicketSnapshot) lifecycle.NullInt32 { return s.NetDays })
	r.nullI32("h_margin_days", func(s *lifecycle.TicketSnapshot) lifecycle.NullInt32 { return s.MarginDays })
	r.u16("h_redos", func(s *lifecycle.TicketSnapshot) uint16 { return s.Redos })
	r.u16("h_extensions", func(s *lifecycle.TicketSnapshot) uint16 { return s.Extensions })
	r.nullAt("h_missed_due", func(s *lifecycle.TicketSnapshot) int64 { return s.MissedDue })
	r.low("h_missed_org", func(s *lifecycle.TicketSnapshot) string { return s.MissedOrg })
}
