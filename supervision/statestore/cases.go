package statestore

import (
	"duban/ingest/event"
	"duban/supervision/lifecycle"
)

// Cases is the codec of table case_events and table cases.
func Cases() Codec[event.Case, lifecycle.CaseState] {
	return Codec[event.Case, lifecycle.CaseState]{
		Name: "cases", Table: "cases", facts: caseFacts, states: caseStates,
		origin: func(f *event.Case) (*uint64, *event.Origin) { return &f.Content, &f.Origin },
	}
}

// caseFacts declares what fragment facts_columns_cases selects.
func caseFacts(r *reader[event.Case]) {
	r.low("source_sys", func(f *event.Case) *string { return &f.SourceSys })
	r.text("case_no", func(f *event.Case) *string { return &f.CaseNo })
	r.text("event_id", func(f *event.Case) *string { return &f.EventID })
	r.u32("revision", func(f *event.Case) *uint32 { return &f.Revision })
	r.i64("seq", func(f *event.Case) *int64 { return &f.Seq })
	r.lowTo("event_type", func(f *event.Case, v string) { f.Type = event.CaseType(v) })
	r.at("occurred_at", func(f *event.Case) *int64 { return &f.OccurredAt })
	r.at("emitted_at", func(f *event.Case) *int64 { return &f.EmittedAt })
	r.low("region_code", func(f *event.Case) *string { return &f.RegionCode })
	r.low("org_code", func(f *event.Case) *string { return &f.OrgCode })
	r.low("accept_org", func(f *event.Case) *string { return &f.AcceptOrg })
	r.low("task_code", func(f *event.Case) *string { return &f.TaskCode })
	r.low("task_version", func(f *event.Case) *string { return &f.TaskVersion })
	r.low("window_id", func(f *event.Case) *string { return &f.WindowID })
	r.low("staff_id", func(f *event.Case) *string { return &f.StaffID })
	r.low("apply_channel", func(f *event.Case) *string { return &f.ApplyChannel })
	r.low("activity", func(f *event.Case) *string { return &f.Activity })
	r.low("lifecycle", func(f *event.Case) *string { return &f.Lifecycle })
	r.text("payload", func(f *event.Case) *string { return &f.Payload })
}

// caseStates declares table cases.
func caseStates(r *row[lifecycle.CaseState]) {
	r.low("source_sys", func(s *lifecycle.CaseState) string { return s.SourceSys })
	r.text("case_no", func(s *lifecycle.CaseState) string { return s.CaseNo })
	r.low("region_code", func(s *lifecycle.CaseState) string { return s.RegionCode })
	r.low("org_code", func(s *lifecycle.CaseState) string { return s.OrgCode })
	r.low("accept_org", func(s *lifecycle.CaseState) string { return s.AcceptOrg })
	r.low("handle_org", func(s *lifecycle.CaseState) string { return s.HandleOrg })
	r.low("task_code", func(s *lifecycle.CaseState) string { return s.TaskCode })
	r.low("task_version", func(s *lifecycle.CaseState) string { return s.TaskVersion })
	r.low("item_type", func(s *lifecycle.CaseState) string { return s.ItemType })
	r.low("project_type", func(s *lifecycle.CaseState) string { return s.ProjectType })
	r.low("channel", func(s *lifecycle.CaseState) string { return s.Channel })
	r.low("window_id", func(s *lifecycle.CaseState) string { return s.WindowID })
	r.low("staff_id", func(s *lifecycle.CaseState) string { return s.StaffID })
	r.text("project_code", func(s *lifecycle.CaseState) string { return s.ProjectCode })
	r.text("parent_case_no", func(s *lifecycle.CaseState) string { return s.ParentCase })
	r.at("parent_since", func(s *lifecycle.CaseState) int64 { return s.ParentSince })
	r.nullAt("member_since", func(s *lifecycle.CaseState) int64 { return s.MemberSince })
	r.nullAt("member_told_at", func(s *lifecycle.CaseState) int64 { return s.MemberToldAt })
	r.nullAt("half_at", func(s *lifecycle.CaseState) int64 { return s.HalfAt })
	r.attributes("attributes", func(s *lifecycle.CaseState) []lifecycle.Attribute { return s.Attributes })
	r.flag("is_test", func(s *lifecycle.CaseState) bool { return s.IsTest })
	r.flag("secret", func(s *lifecycle.CaseState) bool { return s.Secret })
	r.flag("hidden", func(s *lifecycle.CaseState) bool { return s.Hidden })
	r.flag("conflict", func(s *lifecycle.CaseState) bool { return s.Conflict })
	r.flag("item_known", func(s *lifecycle.CaseState) bool { return s.ItemKnown })
	r.at("first_at", func(s *lifecycle.CaseState) int64 { return s.FirstAt })
	r.at("last_at", func(s *lifecycle.CaseState) int64 { return s.LastAt })
	r.nullAt("source_due_at", func(s *lifecycle.CaseState) int64 { return s.SourceDueAt })
	r.low("source_on_time", func(s *lifecycle.CaseState) string { return s.SourceOnTime })
	r.u32("facts", func(s *lifecycle.CaseState) uint32 { return s.Facts })
	r.u32("activities", func(s *lifecycle.CaseState) uint32 { return s.Activities })
	r.u32("illegal_transitions", func(s *lifecycle.CaseState) uint32 { return uint32(len(s.Illegal)) })
	r.low("result_type", func(s *lifecycle.CaseState) string { return s.ResultType })
	r.low("calendar_version", func(s *lifecycle.CaseState) string { return s.CalendarVersion })
	list(r, func(s *lifecycle.CaseState) []lifecycle.Snapshot { return s.History }, caseHistory)
	list(r, func(s *lifecycle.CaseState) []lifecycle.Clock { return s.Clocks }, clocks)
	list(r, func(s *lifecycle.CaseState) []lifecycle.Step { return s.Steps }, steps)
	list(r, func(s *lifecycle.CaseState) []lifecycle.Pause { return s.Pauses }, pauses)
	list(r, func(s *lifecycle.CaseState) []lifecycle.FactEntry { return s.FactEntries }, facts)
}

// caseHistory declares the h_ columns of table cases.
func caseHistory(r *row[lifecycle.Snapshot]) {
	r.at("h_at", func(s *lifecycle.Snapshot) int64 { return s.At })
	r.low("h_state", func(s *lifecycle.Snapshot) string { return string(s.State) })
	r.low("h_excluded", func(s *lifecycle.Snapshot) string { return string(s.Excluded) })
	r.nullAt("h_applied_at", func(s *lifecycle.Snapshot) int64 { return s.AppliedAt })
	r.nullAt("h_accepted_at", func(s *lifecycle.Snapshot) int64 { return s.AcceptedAt })
	r.nullAt("h_decided_at", func(s *lifecycle.Snapshot) int64 { return s.DecidedAt })
	r.nullAt("h_finished_at", func(s *lifecycle.Snapshot) int64 { return s.FinishedAt })
	r.nullAt("h_delivered_at", func(s *lifecycle.Snapshot) int64 { return s.DeliveredAt })
	r.nullAt("h_stop_at", func(s *lifecycle.Snapshot) int64 { return s.StopAt })
	r.nullAt("h_promise_due", func(s *lifecycle.Snapshot) int64 { return s.PromiseDue })
	r.low("h_promise_basis", func(s *lifecycle.Snapshot) string { return string(s.PromiseBasis) })
	r.nullAt("h_legal_due", func(s *lifecycle.Snapshot) int64 { return s.LegalDue })
	r.flag("h_provisional", func(s *lifecycle.Snapshot) bool { return s.Provisional })
	r.nullAt("h_pause_until", func(s *lifecycle.Snapshot) int64 { return s.PauseUntil })
	r.nullAt("h_legal_pause_until", func(s *lifecycle.Snapshot) int64 { return s.LegalPauseUntil })
	r.flag("h_deemed", func(s *lifecycle.Snapshot) bool { return s.Deemed })
	r.nullI32("h_net_days", func(s *lifecycle.Snapshot) lifecycle.NullInt32 { return s.NetDays })
	r.nullI32("h_margin_days", func(s *lifecycle.Snapshot) lifecycle.NullInt32 { return s.MarginDays })
	r.nullI32("h_legal_margin_days", func(s *lifecycle.Snapshot) lifecycle.NullInt32 { return s.LegalMarginDays })
	r.u16("h_corrections", func(s *lifecycle.Snapshot) uint16 { return s.Corrections })
	r.u16("h_visits", func(s *lifecycle.Snapshot) uint16 { return s.Visits })
	r.u16("h_suspensions", func(s *lifecycle.Snapshot) uint16 { return s.Suspensions })
	r.u16("h_extensions", func(s *lifecycle.Snapshot) uint16 { return s.Extensions })
}
