package engine

import (
	"github.com/ClickHouse/ch-go/proto"

	"duban/ingest/event"
	"duban/supervision/lifecycle"
)

func caseKind() kind[event.Case, lifecycle.CaseState] {
	return kind[event.Case, lifecycle.CaseState]{
		name: "cases", topic: event.TopicCases, table: "cases",
		reader:  func() factReader[event.Case] { return new(caseReader) },
		writer:  func() stateWriter[lifecycle.CaseState] { return newCaseWriter() },
		subject: func(f *event.Case) subject { return subject{sourceSys: f.SourceSys, no: f.CaseNo} },
		fold:    (*lifecycle.Folder).Case,
		contest: func(s *lifecycle.CaseState) { s.Conflict = true },
	}
}

// caseReader reads what fragment facts_columns_cases selects.
type caseReader struct {
	sourceSys, eventType, regionCode, orgCode, acceptOrg, taskCode, taskVersion lowColumn
	windowID, staffID, applyChannel, activity, lifecycle                        lowColumn
	caseNo, eventID, payload                                                    textColumn
	revision                                                                    proto.ColUInt32
	seq                                                                         proto.ColInt64
	occurredAt, emittedAt                                                       proto.ColDateTime64Raw
	conflictColumns
}

func (r *caseReader) results() proto.Results {
	return r.append(proto.Results{
		{Name: "source_sys", Data: &r.sourceSys},
		{Name: "case_no", Data: &r.caseNo},
		{Name: "event_id", Data: &r.eventID},
		{Name: "revision", Data: &r.revision},
		{Name: "seq", Data: &r.seq},
		{Name: "event_type", Data: &r.eventType},
		{Name: "occurred_at", Data: &r.occurredAt},
		{Name: "emitted_at", Data: &r.emittedAt},
		{Name: "region_code", Data: &r.regionCode},
		{Name: "org_code", Data: &r.orgCode},
		{Name: "accept_org", Data: &r.acceptOrg},
		{Name: "task_code", Data: &r.taskCode},
		{Name: "task_version", Data: &r.taskVersion},
		{Name: "window_id", Data: &r.windowID},
		{Name: "staff_id", Data: &r.staffID},
		{Name: "apply_channel", Data: &r.applyChannel},
		{Name: "activity", Data: &r.activity},
		{Name: "lifecycle", Data: &r.lifecycle},
		{Name: "payload", Data: &r.payload},
	})
}

func (r *caseReader) settle() {
	r.caseNo.settle()
	r.eventID.settle()
	r.payload.settle()
}

func (r *caseReader) fact(i int, f *event.Case) (lost, contested bool) {
	*f = event.Case{
		SourceSys: r.sourceSys.at(i), CaseNo: r.caseNo.at(i), EventID: r.eventID.at(i), Revision: r.revision[i],
		Seq: r.seq[i], Type: event.CaseType(r.eventType.at(i)),
		OccurredAt: int64(r.occurredAt.Data[i]), EmittedAt: int64(r.emittedAt.Data[i]),
		RegionCode: r.regionCode.at(i), OrgCode: r.orgCode.at(i), AcceptOrg: r.acceptOrg.at(i),
		TaskCode: r.taskCode.at(i), TaskVersion: r.taskVersion.at(i), WindowID: r.windowID.at(i), StaffID: r.staffID.at(i),
		ApplyChannel: r.applyChannel.at(i), Activity: r.activity.at(i), Lifecycle: r.lifecycle.at(i),
		Payload: r.payload.at(i), Content: r.content[i],
	}
	return r.read(i, &f.Origin)
}
