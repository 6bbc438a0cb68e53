package lifecycle

import "duban/ingest/event"

// Status is the state of a case (domain guide 1.3, case_state); empty means
// that no fact has given the case a state yet.
type Status string

// The states of a case.
const (
	Submitted   Status = "submitted"
	Correcting  Status = "correcting"
	Accepted    Status = "accepted"
	Processing  Status = "processing"
	Suspended   Status = "suspended"
	Decided     Status = "decided"
	Finished    Status = "finished"
	Delivered   Status = "delivered"
	NotAccepted Status = "not_accepted"
	Withdrawn   Status = "withdrawn"
	Terminated  Status = "terminated"
)

// Exclusion says why a subject is out of timeliness figures (domain guide 5.1,
// C1 to C5); empty means that it counts.
type Exclusion string

// The exclusions, in order of precedence.
const (
	ExcludedVoid                  Exclusion = "void"
	ExcludedTest                  Exclusion = "test"
	ExcludedSecret                Exclusion = "secret"
	ExcludedIncomplete            Exclusion = "incomplete"
	ExcludedWithdrawn             Exclusion = "withdrawn"
	ExcludedNotAccepted           Exclusion = "not_accepted"
	ExcludedTerminatedByApplicant Exclusion = "terminated_by_applicant"
	ExcludedTerminatedBeforeDue   Exclusion = "terminated_before_due"
	ExcludedInvalid               Exclusion = "invalid"
	ExcludedMerged                Exclusion = "merged"
	ExcludedHung                  Exclusion = "hung"
)

// Basis says where a due date comes from.
type Basis string

// The bases. BasisPromise, BasisLegal and BasisSource are for cases, BasisRule
// and BasisSource for tickets; BasisNone means that there is no due date.
const (
	BasisNone    Basis = "none"
	BasisPromise Basis = "promise"
	BasisLegal   Basis = "legal"
	BasisSource  Basis = "source"
	BasisRule    Basis = "rule"
)

// Outcome is how a clock ended.
type Outcome string

// The outcomes of a clock. Running says nothing about the due date having
// passed: that depends on the instant asked for.
const (
	Running   Outcome = "running"
	Met       Outcome = "met"
	Missed    Outcome = "missed"
	Cancelled Outcome = "cancelled"
	Unlimited Outcome = "unlimited"
)

// Still is the instant that stands for "with no end known": 2299-12-31
// 00:00 UTC, the last day that the tables can hold.
const Still int64 = 10413705600000

// NullInt32 is a whole number that may be unknown.
type NullInt32 struct {
	V  int32
	OK bool
}

// NullFloat64 is a number that may be unknown.
type NullFloat64 struct {
	V  float64
	OK bool
}

// Attribute is one further attribute of a subject as its source gave it.
type Attribute struct{ Key, Value string }

// CaseState is all that the facts say about one case: one row of table cases.
type CaseState struct {
	SourceSys string
	CaseNo    string
	// RegionCode, OrgCode, AcceptOrg, TaskCode, WindowID and StaffID are those
	// of the acceptance, before it those of the application, else the first
	// ones that a fact gives.
	RegionCode string
	OrgCode    string
	AcceptOrg  string
	// HandleOrg is the organisation that has the case after its transfers.
	HandleOrg   string
	TaskCode    string
	TaskVersion string
	ItemType    string
	ProjectType string
	Channel     string
	WindowID    string
	StaffID     string
	ProjectCode string
	// ParentCase is the case of which this one is a sub-case, ParentSince the instant
	// from which it says so; zero when it is none.
	ParentCase  string
	ParentSince int64
	// MemberSince is the instant from which a sub-case counts as one, the later of
	// ParentSince and its acceptance; MemberToldAt is when both had arrived. Zero until it
	// is accepted.
	MemberSince  int64
	MemberToldAt int64
	// Attributes are sorted by key.
	Attributes []Attribute
	IsTest     bool
	Secret     bool
	// Hidden: a later fact calls it secret: it is shown like a secret one, and counted.
	Hidden bool
	// Conflict: a fact came again under its identity with other content.
	Conflict bool
	// ItemKnown: the catalogue holds the item version that governs the case.
	ItemKnown bool
	// FirstAt and LastAt are the earliest and the latest fact in force.
	FirstAt     int64
	LastAt      int64
	SourceDueAt int64
	// HalfAt is when half of a promise in hall hours is gone; zero for other promises.
	HalfAt       int64
	SourceOnTime string
	// Facts counts the facts in force, Activities those with an activity.
	Facts           uint32
	Activities      uint32
	ResultType      string
	CalendarVersion string

	// History is sorted by At, strictly ascending, never empty.
	History []Snapshot
	// Clocks are sorted by start, then clock, then number.
	Clocks []Clock
	// Steps are sorted by start.
	Steps []Step

	// FactEntries are the facts in force in fold order, voids and amends
	// applied and left out themselves.
	FactEntries []FactEntry

	// Illegal lists the facts that asked for a transition that domain guide
	// 2.2 does not allow; table cases stores their number only.
	Illegal []Illegal
	// Pauses are the pauses of K3 and K4 (for the explanation of a due date;
	// not stored). A gap between stop and reopening is one of them.
	Pauses []Pause
}

// Snapshot is what holds for a case from an instant on; the h_ columns of
// table cases.
type Snapshot struct {
	At          int64
	State       Status
	Excluded    Exclusion
	AppliedAt   int64
	AcceptedAt  int64
	DecidedAt   int64
	FinishedAt  int64
	DeliveredAt int64
	// StopAt is the stop of K3 and K4: the first of decide and finish, or the
	// end by withdrawal or termination once the clocks ran.
	StopAt int64
	// PromiseDue is the promised due moment in force, from where it comes
	// PromiseBasis; while a capped pause is open it is the one that results
	// when the pause is used up.
	PromiseDue   int64
	PromiseBasis Basis
	LegalDue     int64
	// Provisional: a calendar notice or an open pause can still move a due.
	Provisional bool
	// PauseUntil is the last instant of the open pause of the promise (K3), Still
	// when its length is not limited, zero when the clock runs: a pause that begins
	// after the due stops nothing. LegalPauseUntil is that of the legal limit (K4).
	PauseUntil      int64
	LegalPauseUntil int64
	// Deemed: accepted by law because K2 ran out.
	Deemed bool
	// NetDays are working days from start to stop without pauses; MarginDays
	// and LegalMarginDays those from stop to due, negative when overdue. All
	// are unknown until the stop.
	NetDays         NullInt32
	MarginDays      NullInt32
	LegalMarginDays NullInt32
	// Corrections counts notices (pre-review rejections included), Visits,
	// Suspensions and Extensions what their names say.
	Corrections uint16
	Visits      uint16
	Suspensions uint16
	Extensions  uint16
}

// Clock is one run of one clock as all facts leave it, with what time alone
// brings about (an acceptance by law); the k_ columns.
type Clock struct {
	// Clock is K1 to K8 and K10 to K12 for cases (domain guide 2.3), T1 to T10
	// for tickets (3); No counts the runs of one clock from 1. K9, the joint
	// stage, ends with facts of other cases: rule R-JNT-01 computes it.
	Clock   string
	No      uint16
	StartAt int64
	DueAt   int64
	StopAt  int64
	Limit   NullInt32
	// Unit is W, C, H or M; empty when there is no limit.
	Unit         string
	PausedDays   int32
	ExtendedDays int32
	Outcome      Outcome
	Provisional  bool
}

// Step is one run of one step of a case; the s_ columns.
type Step struct {
	Code string
	Org  string
	// StartAt equals EndAt, and NetDays and WaitHours are unknown, when the
	// source gave an end without a start.
	StartAt int64
	// EndAt is zero while the step runs.
	EndAt int64
	// NetDays is time on working days in days of 24 hours, pauses removed.
	NetDays NullFloat64
	// WaitHours is the time since the end of the step before, 0 when the two
	// overlap; unknown for the first step and after a step without an end.
	WaitHours NullFloat64
}

// Illegal is a fact that asked for a transition that is not allowed.
type Illegal struct {
	EventID string
	Type    string
	At      int64
	// From is the state that the subject was in.
	From string
}

// PauseKind says why clocks stood still.
type PauseKind string

// The kinds of pauses.
const (
	PauseSuspension PauseKind = "suspension"
	PauseFee        PauseKind = "fee"
	PauseReopened   PauseKind = "reopened"
	PauseHung       PauseKind = "hung"
)

// Pause is a time in which K3 and K4 stood still. It takes out the local days
// after the day of FromAt up to the day of min(ToAt, CapAt).
type Pause struct {
	Kind PauseKind
	// Detail is the suspend_type of a suspension.
	Detail string
	FromAt int64
	// ToAt is zero while the pause is open, CapAt zero when it has no cap;
	// CapAt is the last instant of the last approved day.
	ToAt  int64
	CapAt int64
}

// ItemLookup gives the catalogue to the fold.
type ItemLookup interface {
	// Item returns the version of a service item that governs a case accepted on a local
	// day (days since 1970-01-01): of those in force then the one named, else the one that
	// came into force last; when none is in force the one named. False when the catalogue
	// holds neither.
	Item(taskCode, version string, day int32) (*event.Item, bool)
}

// AsOf returns the snapshot that holds at an instant; false when the case had
// no fact yet.
func AsOf(history []Snapshot, at int64) (Snapshot, bool) {
	return lookup(history, at)
}
