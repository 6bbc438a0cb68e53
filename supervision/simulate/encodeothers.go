package simulate

import (
	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// ticketEvent writes one message of topic hotline-tickets.
func (e *encoder) ticketEvent(s *plan.Subject, f *plan.Fact, emitted int64, conflict bool) {
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

func (e *encoder) ticketPayload(s *plan.Subject, f *plan.Fact, typ event.TicketType) {
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
func (e *encoder) claims(f plan.Flaws) {
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

// rating writes one message of topic satisfaction-ratings. A conflicting
// rewrite claims another level.
func (e *encoder) rating(s *plan.Subject, f *plan.Fact, emitted int64, conflict bool) {
	w := e.world
	e.open()
	e.serial("rating_id", "PJ", s.No, f.No)
	if f.Revision > 0 {
		e.number("revision", int64(f.Revision))
	}
	e.text("source_sys", e.source)
	e.number("seq", int64(f.No))
	e.instant("rated_at", f.At)
	e.instant("served_at", f.Served)
	e.instant("emit_time", emitted)
	level := f.Level
	if conflict {
		level = level%5 + 1
	}
	e.number("level", int64(level))
	if f.IsDefault {
		e.truth("is_default", true)
	}
	if f.FollowUp {
		e.truth("follow_up", true)
	}
	if f.Barred {
		e.truth("excluded", true)
	}
	e.truth("real_name", f.Flag)
	if s.Ticket {
		e.serial("ticket_no", "", s.No, -1)
	} else {
		e.serial("case_no", "", s.No, -1)
		e.text("task_code", w.Items[s.Item].Task)
	}
	e.serial("service_no", "F", s.No, -1)
	if f.Rater > 0 {
		e.serial("rater_token", "T", s.No, f.Rater)
	}
	e.text("region_code", w.Regions[s.Region].Code)
	e.text("org_code", w.Orgs[f.Org].Code)
	e.text("channel", ratingChannel(s))
	e.key("payload")
	e.open()
	e.approval(f)
	if f.Word != "" {
		e.serial(f.Word, "D", s.No, -1)
	}
	for _, c := range claims {
		if f.Flaws&c.flaw != 0 {
			e.text("bad_tag", c.tag)
		}
	}
	e.close()
	e.close()
}

// ratingChannel follows from the way the applicant came.
func ratingChannel(s *plan.Subject) string {
	switch {
	case s.Ticket:
		return "sms"
	case s.Channel == "web" || s.Channel == "app" || s.Channel == "mini_program" || s.Channel == "kiosk":
		return s.Channel
	case s.Channel == "hall":
		return "hall_device"
	}
	return "qr"
}

// itemMessage writes one version of an item for topic service-items.
func (e *encoder) itemMessage(it *world.Item, i int) (key, value []byte) {
	w := e.world
	o := &w.Orgs[it.Org]
	v := &it.Versions[i]
	return e.reference(it.Task, func() {
		e.text("event_id", it.Task+"-"+v.Name)
		e.text("source_sys", e.source)
		e.text("task_code", it.Task)
		e.text("task_version", v.Name)
		e.text("name", it.Title.Name)
		e.text("catalog_code", it.Title.Catalog)
		e.text("region_code", w.Regions[o.Region].Code)
		e.text("org_code", o.Code)
		e.text("item_type", it.Title.ItemType)
		e.text("project_type", it.Title.ProjectType())
		e.text("valid_from", world.Date(v.From).Format("2006-01-02"))
		if i+1 < len(it.Versions) {
			e.text("valid_to", world.Date(it.Versions[i+1].From).Format("2006-01-02"))
		}
		e.limits(v.Legal, it.Title.LegalUnit, v.Promise, it.Title.PromiseUnit)
		if it.Title.Baseline != world.Unlimited {
			e.number("baseline_promise_days", int64(it.Title.Baseline))
		}
		e.number("online_depth", int64(it.Title.Depth))
		e.number("limit_visits", int64(it.Title.Visits))
		e.truth("roll_forward", it.Title.RollForward)
		e.truth("fee_pauses", false)
		e.itemPayload(it)
	})
}

// organisationMessage writes one organisation for topic organisations.
func (e *encoder) organisationMessage(o *world.Organisation) (key, value []byte) {
	r := &e.world.Regions[o.Region]
	return e.reference(o.Code, func() {
		e.text("event_id", o.Code)
		e.text("source_sys", e.source)
		e.text("org_code", o.Code)
		e.text("name", o.Name)
		e.text("parent_code", o.Parent)
		e.text("region_code", r.Code)
		e.number("gov_level", int64(o.Level))
		e.text("org_line", o.Line)
		e.text("rank_group", rankGroup(o.Level))
		e.text("valid_from", "2020-01-01")
		e.contacts(o)
	})
}

func (e *encoder) reference(subject string, members func()) (key, value []byte) {
	e.block = make([]byte, 0, 2048)
	e.open()
	members()
	e.close()
	value = e.block
	e.block = nil
	return []byte(event.PartitionKey(e.source, subject)), value
}

// rankGroup compares like with like: departments of one level.
func rankGroup(level int8) string {
	return [...]string{"", "province-department", "city-department", "county-department", "township", "village"}[level]
}
