package encode

import (
	"duban/ingest/event"
	"duban/supervision/simulate/plan"
	"duban/supervision/simulate/world"
)

// caseEvent writes one message of topic case-events.
func (e *Encoder) caseEvent(s *plan.Subject, f *plan.Fact, emitted int64, conflict bool) {
	w := e.world
	it := &w.Items[s.Item]
	e.envelope(s, f, emitted, conflict, "case_no")
	typ := event.CaseType(f.Type)
	if typ == event.Apply || typ == event.Accept {
		e.text("accept_org", w.Orgs[w.Orgs[s.Org].Window].Code)
		e.text("apply_channel", s.Channel)
		if s.Channel == "hall" {
			e.key("window_id")
			e.block = append(append(e.block, '"', 'W'), w.Orgs[w.Orgs[s.Org].Window].Code[12:]...)
			e.block = append(world.AppendPadded(append(e.block, '-'), s.Index%16+1, 2), '"')
		}
	}
	e.text("task_code", it.Task)
	e.text("task_version", s.Version(it, f.At))
	if typ != event.Apply {
		e.staff(s, f)
	}
	e.text("activity", f.Activity)
	e.key("payload")
	e.open()
	e.casePayload(s, f, typ)
	e.close()
	e.close()
}

func (e *Encoder) casePayload(s *plan.Subject, f *plan.Fact, typ event.CaseType) {
	w := e.world
	t := w.Items[s.Item].Title
	e.approval(f)
	switch typ {
	case event.Apply:
		e.serial("applicant_id", "A", s.No, -1)
		e.text("applicant_type", [2]string{"natural", "legal"}[world.One(f.Flag)])
		if s.Test {
			e.truth("is_test", true)
		}
		if s.Secret {
			e.truth("secret", true)
		}
		switch {
		case s.Parent != "":
			e.text("parent_case_no", s.Parent)
		case s.Joint:
			e.serial("project_code", "XM", s.No, -1)
			e.serial("parent_case_no", "XM", s.No, 0)
		}
	case event.PrereviewReject:
		if f.Flaws&plan.NoReasons == 0 {
			e.words("reasons", "材料不清晰")
		}
	case event.CorrectionNotice:
		e.serial("notice_no", "BZ", s.No, f.No)
		e.words("defects", "缺少证明材料", "申请表未签章")
		e.truth("new_fact", f.Flag && f.Flaws&plan.KnownDefects == 0)
	case event.CorrectionSubmit:
		e.words("materials", "补正材料")
	case event.Accept:
		e.serial("doc_no", "SL", s.No, -1)
		if f.Flag {
			e.limits(w.Items[s.Item].At(world.LocalDay(f.At)).Legal, t.LegalUnit, f.Days, t.PromiseUnit)
		}
		if f.Flaws&plan.OtherMaterials != 0 {
			e.words("materials", "M01", "M02", "M09")
		} else {
			e.words("materials", world.ItemMaterials...)
		}
		if f.Flaws&plan.AtLowerLevel != 0 {
			e.text("level", "lower")
		}
	case event.NotAccept:
		e.refusal(s, f, "不属于受理范围", "行政许可法第三十二条")
	case event.StepStart, event.StepEnd:
		e.text("step_code", stepCode(f.Word))
		if typ == event.StepStart {
			e.number("limit_days", int64(f.Days))
		} else {
			e.text("opinion", "tok:agree")
		}
	case event.SuspendStart:
		e.text("suspend_type", f.Word)
		e.number("approved_days", int64(f.Days))
		if f.Flaws&plan.NoBasis == 0 {
			e.text("basis", "行政许可法第四十五条")
		}
		e.truth("told_applicant", true)
	case event.Extend:
		e.number("days", int64(f.Days))
		if f.Flaws&plan.NoApprover == 0 {
			e.text("approver", "agency_head")
			e.text("approver_level", "agency_head")
		}
		e.text("reason", "情况复杂")
		e.truth("told_applicant", f.Flaws&plan.NotTold == 0)
	case event.FeeNotice, event.FeePaid:
		e.fee(f.Flaws)
	case event.Decide, event.Finish, event.DeemedConsent:
		e.text("result_type", f.Word)
		if typ == event.Finish && f.Word == "approved" {
			e.serial("cert_token", "Z", s.No, -1)
		}
		if f.Word == "denied" {
			e.refusal(s, f, "不符合法定条件", "行政许可法第三十八条")
		}
		if typ != event.Decide {
			if w.Items[s.Item].Licence() && f.Flaws&plan.Unpublished == 0 {
				e.instant("published_at", f.At)
			}
			if f.Flag {
				e.truth("e_cert", true)
			}
		}
	case event.Deliver:
		e.text("method", f.Word)
		if f.Flag { // a certificate that no case led to
			e.serial("cert_token", "Z", s.No, -1)
		}
	case event.Withdraw:
		e.serial("confirmation_ref", "CH", s.No, -1)
	case event.Terminate:
		if f.Flaws&plan.NoReasons == 0 {
			e.words("reasons", "无法继续办理")
		}
		e.truth("returned", f.Flag)
		e.text("actor", f.Word)
	case event.Reopen:
		e.text("approver", "agency_head")
		e.text("reason", "原决定有误")
	case event.Material:
		source := [...]string{"elicense", "shared", "upload", "paper"}[(s.Index+int64(f.No))%4]
		if f.Flaws&plan.HeldAlready != 0 {
			source = "upload"
		}
		e.text("material_code", world.ItemMaterials[int(f.No)%len(world.ItemMaterials)])
		e.text("source", source)
		e.truth("in_guide", f.Flaws&plan.OffGuide == 0)
		e.truth("available_shared", source == "elicense" || source == "shared" || f.Flaws&plan.HeldAlready != 0)
	case event.Activity:
		if f.Word != "" {
			e.truth(f.Word, true)
		}
	case event.Transfer:
		e.text("from_org", w.Orgs[s.Org].Code)
		e.text("to_org", w.Orgs[f.To].Code)
	case event.Void, event.Amend:
		e.correction(s, f, typ == event.Amend, "approved_days")
	}
}

// refusal writes what a refusal has to carry: why, by which law, what can be
// done about it, and where it was reported.
func (e *Encoder) refusal(s *plan.Subject, f *plan.Fact, reason, basis string) {
	if f.Flaws&plan.NoReason == 0 {
		e.text("reason", reason)
	}
	if f.Flaws&plan.NoBasis == 0 {
		e.text("legal_basis", basis)
	}
	e.truth("remedy_notice", f.Flaws&plan.NoRemedy == 0)
	if f.Flaws&plan.NoFiling == 0 {
		e.serial("denial_filing", "BB", s.No, -1)
		e.instant("filed_at", f.At)
	}
}

func (e *Encoder) fee(f plan.Flaws) {
	code, amount := world.FeeCode, int64(world.FeeAmount)
	if f&plan.UnknownFee != 0 {
		code = "F99"
	}
	if f&plan.OverStandard != 0 {
		amount += 15
	}
	e.text("fee_code", code)
	e.number("amount", amount)
	if f&plan.ReductionIgnored != 0 {
		e.number("reduction", world.FeeAmount/4)
	}
}

// correction writes the payload of a void or an amendment.
func (e *Encoder) correction(s *plan.Subject, f *plan.Fact, amend bool, daysKey string) {
	e.serial("target_event_id", "", s.No, f.Target)
	e.text("approver", "agency_head")
	e.text("reason", "录入有误")
	if !amend {
		return
	}
	e.key("set")
	e.open()
	if f.Served != 0 {
		e.instant("event_time", f.Served)
	} else {
		e.key("payload")
		e.open()
		e.number(daysKey, int64(f.Days))
		e.close()
	}
	e.close()
}

// limits writes those limits that there are.
func (e *Encoder) limits(legal int32, legalUnit string, promise int32, promiseUnit string) {
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
func (e *Encoder) words(name string, list ...string) {
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
