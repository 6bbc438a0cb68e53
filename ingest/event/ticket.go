package event

// TicketType is the event_type of a hotline ticket fact (domain guide 3).
type TicketType string

// The ticket events: the ones named in domain guide 3, and those its state
// table implies.
const (
	TReceive       TicketType = "t_receive"
	TAnswerDirect  TicketType = "t_answer_direct"
	TDispatch      TicketType = "t_dispatch"
	TSign          TicketType = "t_sign"
	TReturn        TicketType = "t_return"
	TRedispatch    TicketType = "t_redispatch"
	TProcess       TicketType = "t_process"
	TReply         TicketType = "t_reply"
	TExtendRequest TicketType = "t_extend_request"
	TExtendApprove TicketType = "t_extend_approve"
	TExtendReject  TicketType = "t_extend_reject"
	THang          TicketType = "t_hang"
	TUnhang        TicketType = "t_unhang"
	TVisit         TicketType = "t_visit"
	TRedo          TicketType = "t_redo"
	TClose         TicketType = "t_close"
	TInvalid       TicketType = "t_invalid"
	TMerge         TicketType = "t_merge"
	TReopen        TicketType = "t_reopen"
	TUrge          TicketType = "t_urge"
	TSupervise     TicketType = "t_supervise"
	TEscalate      TicketType = "t_escalate"
	TPublish       TicketType = "t_publish"
	TNote          TicketType = "t_note"
	TVoid          TicketType = "t_void"
	TAmend         TicketType = "t_amend"
)

// TicketTypes lists the ticket events in rank order (see CaseTypes).
func TicketTypes() []TicketType {
	return []TicketType{
		TReceive, TReopen, TDispatch, TRedispatch, TSign, TReturn, TProcess, TExtendRequest,
		TExtendApprove, TExtendReject, THang, TUnhang, TUrge, TSupervise, TEscalate, TNote,
		TReply, TAnswerDirect, TVisit, TRedo, TPublish, TClose, TInvalid, TMerge, TVoid, TAmend,
	}
}

// TicketChannels are the values of ticket_channel (domain guide 1.3).
func TicketChannels() []string {
	return []string{"phone", "web_mailbox", "web_message", "weibo", "wechat", "qq", "app", "sms", "hall", "from_110", "from_superior", "other"}
}

// TicketKinds are the values of ticket_type (domain guide 1.3).
func TicketKinds() []string {
	return []string{"consult", "help", "complaint", "report", "suggest", "praise", "biz_env", "other"}
}

// TopicTickets carries what happened to tickets of the hotline.
const TopicTickets Topic = "hotline-tickets"

var _ = register(TopicTickets, about{table: "ticket_events", place: 2, folded: 4, states: true})

// Ticket is one fact about one hotline ticket (12345 工单); identity
// (SourceSys, EventID, Revision), subject (SourceSys, TicketNo).
type Ticket struct {
	SourceSys  string
	TicketNo   string
	EventID    string
	Revision   uint32
	Seq        int64
	Type       TicketType
	OccurredAt int64
	EmittedAt  int64
	RegionCode string
	// OrgCode is the organisation the ticket is with after this fact.
	OrgCode string
	// Channel is one of TicketChannels, Kind one of TicketKinds, or empty.
	Channel      string
	Kind         string
	CalledNumber string
	Topic        string
	// CaseNo links the ticket to a case of the same source, or is empty.
	CaseNo    string
	StaffID   string
	Activity  string
	Lifecycle string
	Payload   string

	Identity [2]uint64
	Content  uint64
	Origin   Origin
}

// Filing files a ticket event under its ticket.
func (t *Ticket) Filing() Filing {
	return filing(&t.Origin, t.SourceSys, "ticket", t.TicketNo, t.Identity, t.Content)
}
