package simulate

import (
	"duban/ingest/event"
)

// caseEvent writes one message of topic case-events.
func (e *encoder) caseEvent(s *subject, f *fact, emitted int64, conflict bool) {
	w := e.world
	it := &w.items[s.item]
	e.envelope(s, f, emitted, conflict, "case_no")
	typ := event.CaseType(f.typ)
	if typ == event.Apply || typ == event.Accept {
		e.text("accept_org", w.orgs[w.orgs[s.org].window].code)
		e.text("apply_channel", s.channel)
		if s.channel == "hall" {
			e.key("window_id")
			e.block = append(append(e.block, '"', 'W'), w.orgs[w.orgs[s.org].window].code[12:]...)
			e.block = append(appendPadded(append(e.block, '-'), s.index%16+1, 2), '"')
		}
	}
	e.text("task_code", it.task)
	e.text("task_version", s.version(it, f.at))
	if typ != event.Apply {
		e.staff(s, f)
	}
	e.text("activity", f.activity)
	e.key("payload")
	e.open()
	e.casePayload(s, f, typ)
	e.close()
	e.close()
}

// version returns the version of the item that a source names: before the
// acceptance the one of the application, from then on that of the acceptance.
func (s *subject) version(it *item, at int64) string {
	if s.acceptedAt != 0 && at >= s.acceptedAt {
		return it.at(localDay(s.acceptedAt)).name
	}
	return it.at(s.day).name
}

func (e *encoder) casePayload(s *subject, f *fact, typ event.CaseType) {
	w := e.world
	t := w.items[s.item].title
	switch typ {
	case event.Apply:
		e.serial("applicant_id", "A", s.no, -1)
		e.text("applicant_type", [2]string{"natural", "legal"}[one(f.flag)])
		if s.test {
			e.truth("is_test", true)
		}
		if s.secret {
			e.truth("secret", true)
		}
		if s.joint {
			e.serial("project_code", "XM", s.no, -1)
			e.serial("parent_case_no", "XM", s.no, 0)
		}
	case event.PrereviewReject:
		e.words("reasons", "材料不清晰")
	case event.CorrectionNotice:
		e.serial("notice_no", "BZ", s.no, f.no)
		if f.flag {
			e.words("defects", "缺少证明材料", "申请表未签章")
		}
	case event.CorrectionSubmit:
		e.words("materials", "补正材料")
	case event.Accept:
		e.serial("doc_no", "SL", s.no, -1)
		if f.flag {
			e.limits(w.items[s.item].at(localDay(f.at)).legal, t.legalUnit, f.days, t.promiseUnit)
		}
	case event.NotAccept:
		e.text("reason", "不属于受理范围")
		e.text("legal_basis", "行政许可法第三十二条")
		if f.flag {
			e.serial("filing_ref", "BB", s.no, -1)
		}
	case event.StepStart, event.StepEnd:
		e.text("step_code", stepCode(f.word))
		if typ == event.StepStart {
			e.number("limit_days", 5)
		}
	case event.SuspendStart:
		e.text("suspend_type", f.word)
		e.number("approved_days", int64(f.days))
		if f.flag {
			e.text("basis", "行政许可法第四十五条")
			e.truth("told_applicant", true)
		}
	case event.Extend:
		e.number("days", int64(f.days))
		if f.flag {
			e.text("approver_level", "agency_head")
			e.text("reason", "情况复杂")
			e.truth("told_applicant", true)
		}
	case event.FeeNotice, event.FeePaid:
		e.text("fee_item", "工本费")
		e.number("amount", 20)
	case event.Decide, event.Finish, event.DeemedConsent:
		e.text("result_type", f.word)
		if typ == event.Finish && f.word == "approved" {
			e.serial("cert_token", "Z", s.no, -1)
		}
	case event.Deliver:
		e.text("method", f.word)
	case event.Withdraw:
		e.serial("confirmation_ref", "CH", s.no, -1)
	case event.Terminate:
		e.text("reason", "无法继续办理")
		e.text("actor", f.word)
	case event.Reopen:
		e.text("approver", "agency_head")
		e.text("reason", "原决定有误")
	case event.Material:
		e.text("material_code", "M01")
		e.text("source", [...]string{"elicense", "shared", "upload", "paper"}[(s.index+int64(f.no))%4])
		e.truth("in_guide", f.flag)
	case event.Transfer:
		e.text("from_org", w.orgs[s.org].code)
		e.text("to_org", w.orgs[f.to].code)
	case event.Void, event.Amend:
		e.correction(s, f, typ == event.Amend, "approved_days")
	}
}

// correction writes the payload of a void or an amendment.
func (e *encoder) correction(s *subject, f *fact, amend bool, daysKey string) {
	e.serial("target_event_id", "", s.no, f.target)
	e.text("approver", "agency_head")
	e.text("reason", "录入有误")
	if !amend {
		return
	}
	e.key("set")
	e.open()
	if f.served != 0 {
		e.instant("event_time", f.served)
	} else {
		e.key("payload")
		e.open()
		e.number(daysKey, int64(f.days))
		e.close()
	}
	e.close()
}

// limits writes those limits that there are.
func (e *encoder) limits(legal int32, legalUnit string, promise int32, promiseUnit string) {
	if legal != unlimited {
		e.number("legal_days", int64(legal))
		e.text("legal_unit", legalUnit)
	}
	if promise != unlimited {
		e.number("promise_days", int64(promise))
		e.text("promise_unit", promiseUnit)
	}
}

// words writes a list of texts.
func (e *encoder) words(name string, list ...string) {
	e.key(name)
	for i, word := range list {
		e.block = append(e.block, "[,"[min(i, 1)], '"')
		e.block = append(append(e.block, word...), '"')
	}
	e.block = append(e.block, ']')
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

func stepCode(name string) string {
	switch name {
	case "初审":
		return "preliminary"
	case "现场核查":
		return "site_check"
	case "复审":
		return "review"
	case "审核":
		return "approval"
	}
	return "instant"
}
