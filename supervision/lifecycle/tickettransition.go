package lifecycle

import "duban/ingest/event"

// desk is a TicketStatus as a bit.
type desk uint16

const (
	deskNone desk = 1 << iota
	deskReceived
	deskDispatched
	deskSigned
	deskProcessing
	deskPendingExt
	deskHung
	deskReturned
	deskReplied
	deskVisiting
	deskRedo
	deskClosed
	deskInvalid
	deskMerged

	// deskWork are the states in which the organisation handles the ticket:
	// signing and a redo order put it to work without an event of their own.
	deskWork = deskSigned | deskProcessing | deskRedo
	deskEnd  = deskClosed | deskInvalid | deskMerged
	deskOpen = deskReceived | deskDispatched | deskWork | deskPendingExt | deskHung | deskReturned | deskReplied | deskVisiting
	// deskClosable are the states from which a close is in order. From replied
	// the visit is left out: a caller cannot always be reached.
	deskClosable = deskReceived | deskReplied | deskVisiting | deskHung
)

func (d desk) status() TicketStatus {
	switch d {
	case deskReceived:
		return TicketReceived
	case deskDispatched:
		return TicketDispatched
	case deskSigned:
		return TicketSigned
	case deskProcessing:
		return TicketProcessing
	case deskPendingExt:
		return TicketPendingExt
	case deskHung:
		return TicketHung
	case deskReturned:
		return TicketReturned
	case deskReplied:
		return TicketReplied
	case deskVisiting:
		return TicketVisiting
	case deskRedo:
		return TicketRedo
	case deskClosed:
		return TicketClosed
	case deskInvalid:
		return TicketInvalid
	case deskMerged:
		return TicketMerged
	}
	return ""
}

// ticketTransition is a row of the state table of domain guide 3.
type ticketTransition struct{ from, to desk }

// ticketTransitionOf is that table; false for events that move nothing. As with
// cases, a ticket whose beginning is missing takes any event.
func ticketTransitionOf(t event.TicketType) (ticketTransition, bool) {
	switch t {
	case event.TReceive:
		return ticketTransition{0, deskReceived}, true
	case event.TAnswerDirect:
		return ticketTransition{deskReceived, deskClosed}, true
	case event.TDispatch, event.TRedispatch:
		return ticketTransition{deskReceived | deskReturned, deskDispatched}, true
	case event.TSign:
		return ticketTransition{deskDispatched, deskSigned}, true
	case event.TReturn:
		return ticketTransition{deskDispatched | deskSigned, deskReturned}, true
	case event.TProcess:
		return ticketTransition{deskSigned | deskRedo, deskProcessing}, true
	case event.TExtendRequest:
		return ticketTransition{deskWork, deskPendingExt}, true
	case event.TExtendApprove, event.TExtendReject:
		return ticketTransition{deskPendingExt, deskProcessing}, true
	case event.THang:
		return ticketTransition{deskWork, deskHung}, true
	case event.TUnhang:
		return ticketTransition{deskHung, deskProcessing}, true
	case event.TReply:
		return ticketTransition{deskWork, deskReplied}, true
	case event.TVisit:
		return ticketTransition{deskReplied | deskVisiting, deskVisiting}, true
	case event.TRedo:
		return ticketTransition{deskReplied | deskVisiting, deskRedo}, true
	case event.TClose:
		return ticketTransition{deskOpen, deskClosed}, true
	case event.TInvalid:
		return ticketTransition{deskReceived, deskInvalid}, true
	case event.TMerge:
		return ticketTransition{deskReceived, deskMerged}, true
	case event.TReopen:
		return ticketTransition{deskEnd, deskProcessing}, true
	}
	return ticketTransition{}, false // urge, supervise, escalate, publish, note, void, amend
}
