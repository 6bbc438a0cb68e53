package lifecycle

import "duban/ingest/event"

// stage is a Status as a bit, so that a set of states is one word.
type stage uint16

const (
	atNone stage = 1 << iota
	atSubmitted
	atCorrecting
	atAccepted
	atProcessing
	atSuspended
	atDecided
	atFinished
	atDelivered
	atNotAccepted
	atWithdrawn
	atTerminated

	atOpen = atSubmitted | atCorrecting | atAccepted | atProcessing | atSuspended | atDecided
	atWork = atAccepted | atProcessing
)

// status returns the name of a stage.
func (s stage) status() Status {
	switch s {
	case atSubmitted:
		return Submitted
	case atCorrecting:
		return Correcting
	case atAccepted:
		return Accepted
	case atProcessing:
		return Processing
	case atSuspended:
		return Suspended
	case atDecided:
		return Decided
	case atFinished:
		return Finished
	case atDelivered:
		return Delivered
	case atNotAccepted:
		return NotAccepted
	case atWithdrawn:
		return Withdrawn
	case atTerminated:
		return Terminated
	}
	return ""
}

// transition is a row of domain guide 2.2. to is zero for an event that leaves
// the state alone.
type transition struct {
	from, to stage
	// descriptive events after the end are only stored; all others are illegal
	// outside from.
	descriptive bool
}

// transitions is the table of domain guide 2.2. A case whose beginning is not
// known (atNone) takes any event: what came before is missing, not forbidden.
// A finish from suspended is in the table because it does end the case; the fold
// counts it as illegal all the same.
func transitionOf(t event.CaseType) (transition, bool) {
	switch t {
	case event.Apply:
		return transition{from: 0, to: atSubmitted}, true
	case event.PrereviewPass:
		return transition{from: atSubmitted}, true
	case event.PrereviewReject, event.CorrectionNotice:
		return transition{from: atSubmitted, to: atCorrecting}, true
	case event.CorrectionSubmit:
		return transition{from: atCorrecting, to: atSubmitted}, true
	case event.Accept:
		return transition{from: atSubmitted, to: atAccepted}, true
	case event.NotAccept:
		return transition{from: atSubmitted | atCorrecting, to: atNotAccepted}, true
	case event.StepStart, event.StepEnd:
		return transition{from: atWork, to: atProcessing}, true
	case event.SuspendStart:
		return transition{from: atWork, to: atSuspended}, true
	case event.SuspendEnd:
		return transition{from: atSuspended, to: atProcessing}, true
	case event.Extend:
		return transition{from: atWork}, true
	case event.Decide:
		return transition{from: atWork, to: atDecided}, true
	case event.DeemedConsent:
		return transition{from: atWork, to: atFinished}, true
	case event.Finish:
		return transition{from: atWork | atDecided | atSuspended, to: atFinished}, true
	case event.Deliver:
		return transition{from: atDecided | atFinished, to: atDelivered}, true
	case event.Withdraw:
		return transition{from: atOpen &^ atDecided, to: atWithdrawn}, true
	case event.Terminate:
		return transition{from: atOpen, to: atTerminated}, true
	case event.Reopen:
		return transition{from: atFinished | atDelivered | atTerminated, to: atProcessing}, true
	case event.FeeNotice, event.FeePaid, event.Material, event.Visit, event.Transfer:
		return transition{from: atOpen, descriptive: true}, true
	}
	return transition{}, false // activity, void, amend: never move a state
}

// allowed reports whether an event is legal in a stage. In a source's own
// process (limit_regime source) the order of the open states is not ours to
// judge; only what comes after the end needs a reopening.
func (tr transition) allowed(in stage, ownProcess bool) bool {
	if in == atNone || tr.from&in != 0 {
		return true
	}
	return ownProcess && in&atOpen != 0
}
