package encode

import (
	"duban/ingest/event"
	"duban/supervision/simulate/plan"
)

// ticketEvent writes one message of topic hotline-tickets.
func (e *Encoder) ticketEvent(s *plan.Subject, f *plan.Fact, emitted int64, conflict bool) {
	e.envelope(s, f, emitted, conflict, "ticket_no")
	typ := event.TicketType(f.Type)
	if typ == event.TReceive {
		e.text("channel", s.Channel)
		e.text("kind", s.Kind)
		e.text("called_number", s.Called)
		e.text("topic", s.Topic)
		e.text("case_no", s.Linked)
	}
	e.staff(s, f)
	e.text("activity", f.Activity)
	e.key("payload")
	e.open()
	e.ticketPayload(s, f, typ)
	e.close()
	e.close()
}

func (e *Encoder) ticketPayload(s *plan.Subject, f *plan.Fact, typ event.TicketType) {
	e.approval(f)
	switch typ {
	case event.TReceive:
		if s.Caller != "" {
			e.text("caller_number", s.Caller)
			e.text("caller_token", s.Caller)
		} else {
			e.serial("caller_number", "C", s.No, -1)
			e.serial("caller_token", "C", s.No, -1)
		}
		e.text("place", s.Place)
		e.claims(f.Flaws)
		if f.Flaws&plan.ToSupervisor != 0 {
			e.truth("to_supervisor", true)
		}
		if s.Channel == "from_110" {
			e.text("linkage", "110")
		}
		if s.Urgent {
			e.truth("urgent", true)
		}
		if s.Test {
			e.truth("is_test", true)
		}
	case event.TNote:
		if f.Word != "" {
			e.truth(f.Word, f.Flag)
		}
	case event.TDispatch:
		if s.Channel == "from_110" {
			e.instant("handover_at", f.At)
		}
	case event.TRedispatch:
		e.truth("accepted", f.Flag)
	case event.TReply:
		e.truth("claims_contact", f.Flaws&plan.ClaimsContact != 0)
	case event.TReturn, event.TExtendRequest, event.THang, event.TInvalid, event.TRedo, event.TReopen:
		e.text("reason", "情况说明")
	case event.TExtendApprove:
		e.number("days", int64(f.Days))
	case event.TVisit:
		e.truth("contacted", f.Flag)
		if f.Flag {
			e.truth("solved", f.Days == 1)
			e.number("satisfied", int64(f.Level))
		}
	case event.TMerge:
		e.text("into", s.LinkedTicket)
	case event.TVoid, event.TAmend:
		e.correction(s, f, typ == event.TAmend, "days")
	}
}

// claims writes what a caller complained about and the hotline verified.
func (e *Encoder) claims(f plan.Flaws) {
	tags := e.tags[:0]
	for _, c := range claims {
		if f&c.flaw != 0 {
			tags = append(tags, c.tag)
		}
	}
	if len(tags) > 0 {
		e.words("tags", tags...)
		e.truth("verified", true)
	}
	e.tags = tags
}

var claims = []struct {
	flaw plan.Flaws
	tag  string
}{{plan.Shirking, "shirking"}, {plan.ExtraMaterials, "extra_materials"}, {plan.ExtraConditions, "extra_conditions"}}
