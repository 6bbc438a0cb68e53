package engine

import (
	"github.com/ClickHouse/ch-go/proto"

	"duban/supervision/lifecycle"
)

// caseWriter holds the columns of table cases.
type caseWriter struct {
	columns
	caseNo, projectCode, parentCaseNo                              *proto.ColStr
	sourceSys, regionCode, orgCode, acceptOrg, handleOrg, taskCode *proto.ColLowCardinality[string]
	taskVersion, itemType, projectType, channel, windowID, staffID *proto.ColLowCardinality[string]
	sourceOnTime, resultType, calendarVersion                      *proto.ColLowCardinality[string]
	foldVersion                                                    *proto.ColUInt64
	attributes                                                     attributeColumn
	isTest, secret, hidden, conflict, itemKnown                    *proto.ColBool
	firstAt, lastAt, foldedAt, parentSince                         instantColumn
	sourceDueAt, halfAt                                            nullInstantColumn
	facts, activities, illegal                                     *proto.ColUInt32
	h                                                              caseHistoryColumns
	k                                                              clockColumns
	s                                                              stepColumns
	p                                                              pauseColumns
	f                                                              factColumns
}

func newCaseWriter() *caseWriter {
	w := &caseWriter{}
	c := &w.columns
	w.sourceSys = c.low("source_sys", nil)
	w.caseNo = c.text("case_no", nil)
	w.foldVersion = c.u64("fold_version", nil)
	w.regionCode = c.low("region_code", nil)
	w.orgCode = c.low("org_code", nil)
	w.acceptOrg = c.low("accept_org", nil)
	w.handleOrg = c.low("handle_org", nil)
	w.taskCode = c.low("task_code", nil)
	w.taskVersion = c.low("task_version", nil)
	w.itemType = c.low("item_type", nil)
	w.projectType = c.low("project_type", nil)
	w.channel = c.low("channel", nil)
	w.windowID = c.low("window_id", nil)
	w.staffID = c.low("staff_id", nil)
	w.projectCode = c.text("project_code", nil)
	w.parentCaseNo = c.text("parent_case_no", nil)
	w.parentSince = c.at("parent_since", nil)
	w.halfAt = c.nullAt("half_at", nil)
	w.attributes = c.attributes("attributes")
	w.isTest = c.flag("is_test", nil)
	w.secret = c.flag("secret", nil)
	w.hidden = c.flag("hidden", nil)
	w.conflict = c.flag("conflict", nil)
	w.itemKnown = c.flag("item_known", nil)
	w.firstAt = c.at("first_at", nil)
	w.lastAt = c.at("last_at", nil)
	w.sourceDueAt = c.nullAt("source_due_at", nil)
	w.sourceOnTime = c.low("source_on_time", nil)
	w.facts = c.u32("facts", nil)
	w.activities = c.u32("activities", nil)
	w.illegal = c.u32("illegal_transitions", nil)
	w.resultType = c.low("result_type", nil)
	w.calendarVersion = c.low("calendar_version", nil)
	w.h.make(c)
	w.k.make(c)
	w.s.make(c)
	w.p.make(c)
	w.f.make(c)
	w.foldedAt = c.at("folded_at", nil)
	return w
}

func (w *caseWriter) input() proto.Input { return w.columns.input }

func (w *caseWriter) put(s *lifecycle.CaseState, version uint64, foldedAt int64) {
	w.sourceSys.Append(s.SourceSys)
	w.caseNo.Append(s.CaseNo)
	w.foldVersion.Append(version)
	w.regionCode.Append(s.RegionCode)
	w.orgCode.Append(s.OrgCode)
	w.acceptOrg.Append(s.AcceptOrg)
	w.handleOrg.Append(s.HandleOrg)
	w.taskCode.Append(s.TaskCode)
	w.taskVersion.Append(s.TaskVersion)
	w.itemType.Append(s.ItemType)
	w.projectType.Append(s.ProjectType)
	w.channel.Append(s.Channel)
	w.windowID.Append(s.WindowID)
	w.staffID.Append(s.StaffID)
	w.projectCode.Append(s.ProjectCode)
	w.parentCaseNo.Append(s.ParentCase)
	w.parentSince.put(s.ParentSince)
	w.halfAt.put(s.HalfAt)
	w.attributes.put(s.Attributes)
	w.isTest.Append(s.IsTest)
	w.secret.Append(s.Secret)
	w.hidden.Append(s.Hidden)
	w.conflict.Append(s.Conflict)
	w.itemKnown.Append(s.ItemKnown)
	w.firstAt.put(s.FirstAt)
	w.lastAt.put(s.LastAt)
	w.sourceDueAt.put(s.SourceDueAt)
	w.sourceOnTime.Append(s.SourceOnTime)
	w.facts.Append(s.Facts)
	w.activities.Append(s.Activities)
	w.illegal.Append(uint32(len(s.Illegal)))
	w.resultType.Append(s.ResultType)
	w.calendarVersion.Append(s.CalendarVersion)
	w.h.put(s.History)
	w.k.put(s.Clocks)
	w.s.put(s.Steps)
	w.p.put(s.Pauses)
	w.f.put(s.FactEntries)
	w.foldedAt.put(foldedAt)
}

// caseHistoryColumns are the h_ columns of table cases.
type caseHistoryColumns struct {
	n                                                         *proto.ColUInt64
	at                                                        instantColumn
	state, excluded, promiseBasis                             *proto.ColLowCardinality[string]
	appliedAt, acceptedAt, decidedAt, finishedAt, deliveredAt nullInstantColumn
	stopAt, promiseDue, legalDue, pauseUntil, legalPauseUntil nullInstantColumn
	provisional, deemed                                       *proto.ColBool
	netDays, marginDays, legalMarginDays                      *proto.ColNullable[int32]
	corrections, visits, suspensions, extensions              *proto.ColUInt16
}

func (h *caseHistoryColumns) make(c *columns) {
	h.n = c.group()
	h.at = c.at("h_at", h.n)
	h.state = c.low("h_state", h.n)
	h.excluded = c.low("h_excluded", h.n)
	h.appliedAt = c.nullAt("h_applied_at", h.n)
	h.acceptedAt = c.nullAt("h_accepted_at", h.n)
	h.decidedAt = c.nullAt("h_decided_at", h.n)
	h.finishedAt = c.nullAt("h_finished_at", h.n)
	h.deliveredAt = c.nullAt("h_delivered_at", h.n)
	h.stopAt = c.nullAt("h_stop_at", h.n)
	h.promiseDue = c.nullAt("h_promise_due", h.n)
	h.promiseBasis = c.low("h_promise_basis", h.n)
	h.legalDue = c.nullAt("h_legal_due", h.n)
	h.provisional = c.flag("h_provisional", h.n)
	h.pauseUntil = c.nullAt("h_pause_until", h.n)
	h.legalPauseUntil = c.nullAt("h_legal_pause_until", h.n)
	h.deemed = c.flag("h_deemed", h.n)
	h.netDays = c.nullI32("h_net_days", h.n)
	h.marginDays = c.nullI32("h_margin_days", h.n)
	h.legalMarginDays = c.nullI32("h_legal_margin_days", h.n)
	h.corrections = c.u16("h_corrections", h.n)
	h.visits = c.u16("h_visits", h.n)
	h.suspensions = c.u16("h_suspensions", h.n)
	h.extensions = c.u16("h_extensions", h.n)
}

func (h *caseHistoryColumns) put(history []lifecycle.Snapshot) {
	for i := range history {
		s := &history[i]
		h.at.put(s.At)
		h.state.Append(string(s.State))
		h.excluded.Append(string(s.Excluded))
		h.appliedAt.put(s.AppliedAt)
		h.acceptedAt.put(s.AcceptedAt)
		h.decidedAt.put(s.DecidedAt)
		h.finishedAt.put(s.FinishedAt)
		h.deliveredAt.put(s.DeliveredAt)
		h.stopAt.put(s.StopAt)
		h.promiseDue.put(s.PromiseDue)
		h.promiseBasis.Append(string(s.PromiseBasis))
		h.legalDue.put(s.LegalDue)
		h.provisional.Append(s.Provisional)
		h.pauseUntil.put(s.PauseUntil)
		h.legalPauseUntil.put(s.LegalPauseUntil)
		h.deemed.Append(s.Deemed)
		h.netDays.Append(nullInt32(s.NetDays))
		h.marginDays.Append(nullInt32(s.MarginDays))
		h.legalMarginDays.Append(nullInt32(s.LegalMarginDays))
		h.corrections.Append(s.Corrections)
		h.visits.Append(s.Visits)
		h.suspensions.Append(s.Suspensions)
		h.extensions.Append(s.Extensions)
	}
	h.n.Append(uint64(h.at.Rows()))
}
