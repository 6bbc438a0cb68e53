package plan

// Flaws are the ways in which one message breaks a rule by what it says or
// leaves out; a lawful message has none.
type Flaws uint32

// The flaws that are planned.
const (
	NoReasons        Flaws = 1 << iota // sent back without a word why
	NoReason                           // refused without a reason
	NoBasis                            // without a legal basis
	NoRemedy                           // without a notice of legal remedies
	NoFiling                           // a refusal that was not reported
	NoApprover                         // an extension nobody approved
	NotTold                            // the applicant was not told
	KnownDefects                       // a later notice lists what was visible before
	OffGuide                           // a material that the guide does not list
	HeldAlready                        // a material that could be had by licence or sharing
	OtherMaterials                     // other materials than the catalogue says
	UnknownFee                         // a fee that the catalogue does not know
	OverStandard                       // more than the standard
	ReductionIgnored                   // the full fee where a reduction was due
	Unpublished                        // a result that had to be published and was not
	SameStaff                          // the person who accepted decides
	OffType                            // a special procedure that the item does not know
	AtLowerLevel                       // accepted for preliminary review by the lower level
	ClaimsContact                      // a reply that says the caller was contacted
	Shirking                           // the caller was sent from desk to desk, verified
	ExtraMaterials                     // the caller was asked for more than the guide, verified
	ExtraConditions                    // a condition was added, verified
	ToSupervisor                       // a complaint about efficiency, to the supervisor
	Rewritten                          // sent again under the same identity with other content
)

// Words of case activities that rules read.
const (
	HearingHeld      = "hearing_held"
	HearingRequested = "hearing_request"
	// AcceptedBySupervisor is that of a note on a ticket.
	AcceptedBySupervisor = "accepted_by_supervisor"
)
