package encode

import "duban/supervision/simulate/plan"

// rating writes one message of topic satisfaction-ratings. A conflicting
// rewrite claims another level.
func (e *Encoder) rating(s *plan.Subject, f *plan.Fact, emitted int64, conflict bool) {
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
