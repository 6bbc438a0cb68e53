package simulate

import (
	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// caseEvent writes one message of topic case-events.
func (e *encoder) caseEvent(s *subject, f *fact, emitted int64, conflict bool) {
	w := e.world
	it := &w.Items[s.item]
	e.envelope(s, f, emitted, conflict, "case_no")
	typ := event.CaseType(f.typ)
	if typ == event.Apply || typ == event.Accept {
		e.text("accept_org", w.Orgs[w.Orgs[s.org].Window].Code)
		e.text("apply_channel", s.channel)
		if s.channel == "hall" {
			e.key("window_id")
			e.block = append(append(e.block, '"', 'W'), w.Orgs[w.Orgs[s.org].Window].Code[12:]...)
			e.block = append(world.AppendPadded(append(e.block, '-'), s.index%16+1, 2), '"')
		}
	}
	e.text("task_code", it.Task)
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
func (s *subject) version(it *world.Item, at int64) string {
	if s.acceptedAt != 0 && at >= s.acceptedAt {
		return it.At(world.LocalDay(s.acceptedAt)).Name
	}
	return it.At(s.day).Name
}

func (e *encoder) casePayload(s *subject, f *fact, typ event.CaseType) {
	w := e.world
	t := w.Items[s.item].Title
	e.approval(f)
	switch typ {
	case event.Apply:
		e.serial("applicant_id", "A", s.no, -1)
		e.text("applicant_type", [2]string{"natural", "legal"}[world.One(f.flag)])
		if s.test {
			e.truth("is_test", true)
		}
		if s.secret {
			e.truth("secret", true)
		}
		switch {
		case s.parent != "":
			e.text("parent_case_no", s.parent)
		case s.joint:
			e.serial("project_code", "XM", s.no, -1)
			e.serial("parent_case_no", "XM", s.no, 0)
		}
	case event.PrereviewReject:
		if f.flaws&noReasons == 0 {
			e.words("reasons", "材料不清晰")
		}
	case event.CorrectionNotice:
		e.serial("notice_no", "BZ", s.no, f.no)
		e.words("defects", "缺少证明材料", "申请表未签章")
		e.truth("new_fact", f.flag && f.flaws&knownDefects == 0)
	case event.CorrectionSubmit:
		e.words("materials", "补正材料")
	case event.Accept:
		e.serial("doc_no", "SL", s.no, -1)
		if f.flag {
			e.limits(w.Items[s.item].At(world.LocalDay(f.at)).Legal, t.LegalUnit, f.days, t.PromiseUnit)
		}
		if f.flaws&otherMaterials != 0 {
			e.words("materials", "M01", "M02", "M09")
		} else {
			e.words("materials", world.ItemMaterials...)
		}
		if f.flaws&atLowerLevel != 0 {
			e.text("level", "lower")
		}
	case event.NotAccept:
		e.refusal(s, f, "不属于受理范围", "行政许可法第三十二条")
	case event.StepStart, event.StepEnd:
		e.text("step_code", stepCode(f.word))
		if typ == event.StepStart {
			e.number("limit_days", int64(f.days))
		} else {
			e.text("opinion", "tok:agree")
		}
	case event.SuspendStart:
		e.text("suspend_type", f.word)
		e.number("approved_days", int64(f.days))
		if f.flaws&noBasis == 0 {
			e.text("basis", "行政许可法第四十五条")
		}
		e.truth("told_applicant", true)
	case event.Extend:
		e.number("days", int64(f.days))
		if f.flaws&noApprover == 0 {
			e.text("approver", "agency_head")
			e.text("approver_level", "agency_head")
		}
		e.text("reason", "情况复杂")
		e.truth("told_applicant", f.flaws&notTold == 0)
	case event.FeeNotice, event.FeePaid:
		e.fee(f.flaws)
	case event.Decide, event.Finish, event.DeemedConsent:
		e.text("result_type", f.word)
		if typ == event.Finish && f.word == "approved" {
			e.serial("cert_token", "Z", s.no, -1)
		}
		if f.word == "denied" {
			e.refusal(s, f, "不符合法定条件", "行政许可法第三十八条")
		}
		if typ != event.Decide {
			if w.Items[s.item].Licence() && f.flaws&unpublished == 0 {
				e.instant("published_at", f.at)
			}
			if f.flag {
				e.truth("e_cert", true)
			}
		}
	case event.Deliver:
		e.text("method", f.word)
		if f.flag { // a certificate that no case led to
			e.serial("cert_token", "Z", s.no, -1)
		}
	case event.Withdraw:
		e.serial("confirmation_ref", "CH", s.no, -1)
	case event.Terminate:
		if f.flaws&noReasons == 0 {
			e.words("reasons", "无法继续办理")
		}
		e.truth("returned", f.flag)
		e.text("actor", f.word)
	case event.Reopen:
		e.text("approver", "agency_head")
		e.text("reason", "原决定有误")
	case event.Material:
		source := [...]string{"elicense", "shared", "upload", "paper"}[(s.index+int64(f.no))%4]
		if f.flaws&heldAlready != 0 {
			source = "upload"
		}
		e.text("material_code", world.ItemMaterials[int(f.no)%len(world.ItemMaterials)])
		e.text("source", source)
		e.truth("in_guide", f.flaws&offGuide == 0)
		e.truth("available_shared", source == "elicense" || source == "shared" || f.flaws&heldAlready != 0)
	case event.Activity:
		if f.word != "" {
			e.truth(f.word, true)
		}
	case event.Transfer:
		e.text("from_org", w.Orgs[s.org].Code)
		e.text("to_org", w.Orgs[f.to].Code)
	case event.Void, event.Amend:
		e.correction(s, f, typ == event.Amend, "approved_days")
	}
}

// refusal writes what a refusal has to carry: why, by which law, what can be
// done about it, and where it was reported.
func (e *encoder) refusal(s *subject, f *fact, reason, basis string) {
	if f.flaws&noReason == 0 {
		e.text("reason", reason)
	}
	if f.flaws&noBasis == 0 {
		e.text("legal_basis", basis)
	}
	e.truth("remedy_notice", f.flaws&noRemedy == 0)
	if f.flaws&noFiling == 0 {
		e.serial("denial_filing", "BB", s.no, -1)
		e.instant("filed_at", f.at)
	}
}

func (e *encoder) fee(f flaws) {
	code, amount := world.FeeCode, int64(world.FeeAmount)
	if f&unknownFee != 0 {
		code = "F99"
	}
	if f&overStandard != 0 {
		amount += 15
	}
	e.text("fee_code", code)
	e.number("amount", amount)
	if f&reductionIgnored != 0 {
		e.number("reduction", world.FeeAmount/4)
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
	if legal != world.Unlimited {
		e.number("legal_days", int64(legal))
		e.text("legal_unit", legalUnit)
	}
	if promise != world.Unlimited {
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
