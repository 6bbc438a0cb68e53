package engine

import (
	"github.com/ClickHouse/ch-go/proto"

	"duban/supervision/lifecycle"
)

// ticketWriter holds the columns of table tickets.
type ticketWriter struct {
	columns
	ticketNo, caseNo, repeatOf                                  *proto.ColStr
	sourceSys, regionCode, orgCode, channel, kind, calledNumber *proto.ColLowCardinality[string]
	ticketTopic, sourceOnTime, calendarVersion                  *proto.ColLowCardinality[string]
	foldVersion                                                 *proto.ColUInt64
	attributes                                                  attributeColumn
	urgent, isTest, secret, hidden, conflict                    *proto.ColBool
	firstAt, lastAt, foldedAt                                   instantColumn
	sourceDueAt                                                 nullInstantColumn
	facts, activities, illegal                                  *proto.ColUInt32
	h                                                           ticketHistoryColumns
	k                                                           clockColumns
	f                                                           factColumns
}

func newTicketWriter() *ticketWriter {
	w := &ticketWriter{}
	c := &w.columns
	w.sourceSys = c.low("source_sys", nil)
	w.ticketNo = c.text("ticket_no", nil)
	w.foldVersion = c.u64("fold_version", nil)
	w.regionCode = c.low("region_code", nil)
	w.orgCode = c.low("org_code", nil)
	w.channel = c.low("channel", nil)
	w.kind = c.low("kind", nil)
	w.calledNumber = c.low("called_number", nil)
	w.ticketTopic = c.low("ticket_topic", nil)
	w.caseNo = c.text("case_no", nil)
	w.repeatOf = c.text("repeat_of", nil)
	w.attributes = c.attributes("attributes")
	w.urgent = c.flag("urgent", nil)
	w.isTest = c.flag("is_test", nil)
	w.secret = c.flag("secret", nil)
	w.hidden = c.flag("hidden", nil)
	w.conflict = c.flag("conflict", nil)
	w.firstAt = c.at("first_at", nil)
	w.lastAt = c.at("last_at", nil)
	w.sourceDueAt = c.nullAt("source_due_at", nil)
	w.sourceOnTime = c.low("source_on_time", nil)
	w.facts = c.u32("facts", nil)
	w.activities = c.u32("activities", nil)
	w.illegal = c.u32("illegal_transitions", nil)
	w.calendarVersion = c.low("calendar_version", nil)
	w.h.make(c)
	w.k.make(c)
	w.f.make(c)
	w.foldedAt = c.at("folded_at", nil)
	return w
}

func (w *ticketWriter) input() proto.Input { return w.columns.input }

func (w *ticketWriter) put(s *lifecycle.TicketState, version uint64, foldedAt int64) {
	w.sourceSys.Append(s.SourceSys)
	w.ticketNo.Append(s.TicketNo)
	w.foldVersion.Append(version)
	w.regionCode.Append(s.RegionCode)
	w.orgCode.Append(s.OrgCode)
	w.channel.Append(s.Channel)
	w.kind.Append(s.Kind)
	w.calledNumber.Append(s.CalledNumber)
	w.ticketTopic.Append(s.Topic)
	w.caseNo.Append(s.CaseNo)
	w.repeatOf.Append(s.RepeatOf)
	w.attributes.put(s.Attributes)
	w.urgent.Append(s.Urgent)
	w.isTest.Append(s.IsTest)
	w.secret.Append(s.Secret)
	w.hidden.Append(s.Hidden)
	w.conflict.Append(s.Conflict)
	w.firstAt.put(s.FirstAt)
	w.lastAt.put(s.LastAt)
	w.sourceDueAt.put(s.SourceDueAt)
	w.sourceOnTime.Append(s.SourceOnTime)
	w.facts.Append(s.Facts)
	w.activities.Append(s.Activities)
	w.illegal.Append(uint32(len(s.Illegal)))
	w.calendarVersion.Append(s.CalendarVersion)
	w.h.put(s.History)
	w.k.put(s.Clocks)
	w.f.put(s.FactEntries)
	w.foldedAt.put(foldedAt)
}

// ticketHistoryColumns are the h_ columns of table tickets.
type ticketHistoryColumns struct {
	n                                          *proto.ColUInt64
	at                                         instantColumn
	state, excluded, org, dueBasis             *proto.ColLowCardinality[string]
	receivedAt, dispatchedAt, stopAt, closedAt nullInstantColumn
	dueAt                                      nullInstantColumn
	provisional                                *proto.ColBool
	netDays, marginDays                        *proto.ColNullable[int32]
	redos, extensions                          *proto.ColUInt16
	missedDue                                  nullInstantColumn
	missedOrg                                  *proto.ColLowCardinality[string]
}

func (h *ticketHistoryColumns) make(c *columns) {
	h.n = c.group()
	h.at = c.at("h_at", h.n)
	h.state = c.low("h_state", h.n)
	h.excluded = c.low("h_excluded", h.n)
	h.org = c.low("h_org", h.n)
	h.receivedAt = c.nullAt("h_received_at", h.n)
	h.dispatchedAt = c.nullAt("h_dispatched_at", h.n)
	h.stopAt = c.nullAt("h_stop_at", h.n)
	h.closedAt = c.nullAt("h_closed_at", h.n)
	h.dueAt = c.nullAt("h_due_at", h.n)
	h.dueBasis = c.low("h_due_basis", h.n)
	h.provisional = c.flag("h_provisional", h.n)
	h.netDays = c.nullI32("h_net_days", h.n)
	h.marginDays = c.nullI32("h_margin_days", h.n)
	h.redos = c.u16("h_redos", h.n)
	h.extensions = c.u16("h_extensions", h.n)
	h.missedDue = c.nullAt("h_missed_due", h.n)
	h.missedOrg = c.low("h_missed_org", h.n)
}

func (h *ticketHistoryColumns) put(history []lifecycle.TicketSnapshot) {
	for i := range history {
		s := &history[i]
		h.at.put(s.At)
		h.state.Append(string(s.State))
		h.excluded.Append(string(s.Excluded))
		h.org.Append(s.Org)
		h.receivedAt.put(s.ReceivedAt)
		h.dispatchedAt.put(s.DispatchedAt)
		h.stopAt.put(s.StopAt)
		h.closedAt.put(s.ClosedAt)
		h.dueAt.put(s.DueAt)
		h.dueBasis.Append(string(s.DueBasis))
		h.provisional.Append(s.Provisional)
		h.netDays.Append(nullInt32(s.NetDays))
		h.marginDays.Append(nullInt32(s.MarginDays))
		h.redos.Append(s.Redos)
		h.extensions.Append(s.Extensions)
		h.missedDue.put(s.MissedDue)
		h.missedOrg.Append(s.MissedOrg)
	}
	h.n.Append(uint64(h.at.Rows()))
}
