package simulate

// flaws are the ways in which one message breaks a rule by what it says or
// leaves out; a lawful message has none.
type flaws uint32

// The flaws that are planned.
const (
	noReasons        flaws = 1 << iota // sent back without a word why
	noReason                           // refused without a reason
	noBasis                            // without a legal basis
	noRemedy                           // without a notice of legal remedies
	noFiling                           // a refusal that was not reported
	noApprover                         // an extension nobody approved
	notTold                            // the applicant was not told
	knownDefects                       // a later notice lists what was visible before
	offGuide                           // a material that the guide does not list
	heldAlready                        // a material that could be had by licence or sharing
	otherMaterials                     // other materials than the catalogue says
	unknownFee                         // a fee that the catalogue does not know
	overStandard                       // more than the standard
	reductionIgnored                   // the full fee where a reduction was due
	unpublished                        // a result that had to be published and was not
	sameStaff                          // the person who accepted decides
	offType                            // a special procedure that the item does not know
	atLowerLevel                       // accepted for preliminary review by the lower level
	claimsContact                      // a reply that says the caller was contacted
	shirking                           // the caller was sent from desk to desk, verified
	extraMaterials                     // the caller was asked for more than the guide, verified
	extraConditions                    // a condition was added, verified
	toSupervisor                       // a complaint about efficiency, to the supervisor
	rewritten                          // sent again under the same identity with other content
)

// Words of case activities that rules read.
const (
	hearingHeld      = "hearing_held"
	hearingRequested = "hearing_request"
	// acceptedBySupervisor is that of a note on a ticket.
	acceptedBySupervisor = "accepted_by_supervisor"
)
