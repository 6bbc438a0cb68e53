package lifecycle

// TicketStatus is the state of a hotline ticket (domain guide 3); empty means
// that no fact has given the ticket a state yet.
type TicketStatus string

// The states of a ticket.
const (
	TicketReceived   TicketStatus = "received"
	TicketDispatched TicketStatus = "dispatched"
	TicketSigned     TicketStatus = "signed"
	TicketProcessing TicketStatus = "processing"
	TicketPendingExt TicketStatus = "pending_ext"
	TicketHung       TicketStatus = "hung"
	TicketReturned   TicketStatus = "returned"
	TicketReplied    TicketStatus = "replied"
	TicketVisiting   TicketStatus = "visiting"
	TicketRedo       TicketStatus = "redo"
	TicketClosed     TicketStatus = "closed"
	TicketInvalid    TicketStatus = "invalid"
	TicketMerged     TicketStatus = "merged"
)

// TicketState is all that the facts say about one ticket: one row of table
// tickets.
type TicketState struct {
	SourceSys  string
	TicketNo   string
	RegionCode string
	// OrgCode is the organisation that held the ticket when its clock
	// stopped, else the last one.
	OrgCode      string
	Channel      string
	Kind         string
	CalledNumber string
	Topic        string
	CaseNo       string
	RepeatOf     string
	Attributes   []Attribute
	Urgent       bool
	IsTest       bool
	Secret       bool
	// Hidden: a later fact calls it secret: it is shown like a secret one, and counted.
	Hidden          bool
	Conflict        bool
	FirstAt         int64
	LastAt          int64
	SourceDueAt     int64
	SourceOnTime    string
	Facts           uint32
	Activities      uint32
	CalendarVersion string

	// History is sorted by At, strictly ascending, never empty.
	History []TicketSnapshot
	Clocks  []Clock

	// Illegal and Pauses as in CaseState.
	// FactEntries are as in CaseState.
	FactEntries []FactEntry
	Illegal     []Illegal
	Pauses      []Pause
}

// TicketSnapshot is what holds for a ticket from an instant on; the h_ columns
// of table tickets.
type TicketSnapshot struct {
	At       int64
	State    TicketStatus
	Excluded Exclusion
	// Org is the organisation that answers for the ticket: the holder, once
	// the clock has stopped the one that held it then.
	Org string
	// Kind is the kind as told by then; empty when nobody has said.
	Kind         string
	ReceivedAt   int64
	DispatchedAt int64
	// StopAt is the reply, or the close where no reply came first.
	StopAt   int64
	ClosedAt int64
	DueAt    int64
	// DueBasis is BasisRule, BasisSource or BasisNone.
	DueBasis    Basis
	Provisional bool
	NetDays     NullInt32
	MarginDays  NullInt32
	Redos       uint16
	Extensions  uint16
	// MissedDue is the first due that passed while the ticket was not
	// answered, and MissedOrg who held it then; what comes after does not
	// change that (zero: none was missed).
	MissedDue int64
	MissedOrg string
}

// TicketAsOf returns the snapshot that holds at an instant; false when the
// ticket had no fact yet.
func TicketAsOf(history []TicketSnapshot, at int64) (TicketSnapshot, bool) {
	return lookup(history, at)
}
