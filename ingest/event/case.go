package event

// CaseType is the event_type of a case fact (domain guide 2.2).
type CaseType string

// The case events of domain guide 2.2. Activity is ours: a step of a source's
// own process that has no legal meaning; it is kept for the time line and for
// process figures and never moves a state or a clock.
const (
	Apply            CaseType = "apply"
	PrereviewPass    CaseType = "prereview_pass"
	PrereviewReject  CaseType = "prereview_reject"
	CorrectionNotice CaseType = "correction_notice"
	CorrectionSubmit CaseType = "correction_submit"
	Accept           CaseType = "accept"
	NotAccept        CaseType = "not_accept"
	StepStart        CaseType = "step_start"
	StepEnd          CaseType = "step_end"
	SuspendStart     CaseType = "suspend_start"
	SuspendEnd       CaseType = "suspend_end"
	Extend           CaseType = "extend"
	FeeNotice        CaseType = "fee_notice"
	FeePaid          CaseType = "fee_paid"
	Decide           CaseType = "decide"
	Finish           CaseType = "finish"
	Deliver          CaseType = "deliver"
	Withdraw         CaseType = "withdraw"
	Terminate        CaseType = "terminate"
	Reopen           CaseType = "reopen"
	DeemedConsent    CaseType = "deemed_consent"
	Material         CaseType = "material"
	Visit            CaseType = "visit"
	Transfer         CaseType = "transfer"
	Void             CaseType = "void"
	Amend            CaseType = "amend"
	Activity         CaseType = "activity"
)

// CaseTypes lists the case events in rank order: of two facts with the same
// instant the one earlier in this list is folded first (domain guide 2.6,
// "event_time, type rank, seq").
func CaseTypes() []CaseType {
	return []CaseType{
		Apply, PrereviewPass, PrereviewReject, CorrectionNotice, CorrectionSubmit,
		Accept, NotAccept, Reopen, Material, Visit, Transfer, StepStart, SuspendStart,
		SuspendEnd, Extend, FeeNotice, FeePaid, StepEnd, Activity, Decide, DeemedConsent,
		Finish, Deliver, Withdraw, Terminate, Void, Amend,
	}
}

// Channels are the values of apply_channel (domain guide 1.3).
func Channels() []string {
	return []string{"hall", "web", "app", "mini_program", "kiosk", "post", "grassroots", "auto"}
}

// OnlineChannels are the channels that count as "applied online" (C07).
func OnlineChannels() []string { return []string{"web", "app", "mini_program", "auto"} }

// Origin says where a fact was read: it makes every figure traceable to one
// message of one topic.
type Origin struct {
	Topic     Topic
	Partition int32
	Offset    int64
	// ReceivedAt is when the broker appended the message.
	ReceivedAt int64
}

// TopicCases carries what happened to cases.
const TopicCases Topic = "case-events"

var _ = register(TopicCases, about{table: "case_events", place: 1, folded: 3, states: true})

// Case is one fact about one case (办件). Its identity is (SourceSys,
// EventID, Revision); its subject is (SourceSys, CaseNo).
type Case struct {
	SourceSys string
	CaseNo    string
	EventID   string
	// Revision starts at 0; the highest revision of an event id is in force.
	Revision uint32
	// Seq is the source's own order, 0 when the source gives none.
	Seq        int64
	Type       CaseType
	OccurredAt int64
	EmittedAt  int64
	RegionCode string
	OrgCode    string
	AcceptOrg  string
	TaskCode   string
	// TaskVersion is the version of the item the source says it used.
	TaskVersion string
	WindowID    string
	StaffID     string
	// ApplyChannel is one of Channels, or empty when the fact does not say.
	ApplyChannel string
	// Activity is the step's name in the source's own words; facts with an
	// empty Activity take no part in process figures.
	Activity string
	// Lifecycle is the XES transition of the work item (schedule, start,
	// complete …), empty when the source has none.
	Lifecycle string
	// Payload is the type-specific JSON object as received, personal data
	// replaced by tokens; "" when absent.
	Payload string

	// Identity is the 128-bit hash of (SourceSys, EventID, Revision), Content
	// the 64-bit hash of everything a source claims except Seq and EmittedAt,
	// which describe the sending and not the fact.
	Identity [2]uint64
	Content  uint64
	Origin   Origin
}

// Filing files a case event under its case.
func (c *Case) Filing() Filing {
	return filing(&c.Origin, c.SourceSys, "case", c.CaseNo, c.Identity, c.Content)
}
