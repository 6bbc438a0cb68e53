package decode

import (
	"duban/ingest/event"
)

// Fields of the shape, in its order.
const (
	cID = iota
	cRevision
	cSource
	cCase
	cSeq
	cType
	cTime
	cEmit
	cRegion
	cOrg
	cAcceptOrg
	cTask
	cTaskVersion
	cWindow
	cStaff
	cChannel
	cActivity
	cLifecycle
	cPayload
)

var _ = register(event.TopicCases, caseShape, readerOf((*Decoder).Case))

func caseShape() *shape {
	return newShape(event.TopicCases,
		must(ident("event_id")), revision(), must(ident("source_sys")), must(ident("case_no")), seq(),
		must(choice("event_type", event.CaseTypes())), must(instant("event_time")), sent(instant("emit_time")),
		regionField(), ident("org_code"), ident("accept_org"), ident("task_code"), ident("task_version"),
		ident("window_id"), ident("staff_id"), choice("apply_channel", event.Channels()),
		ident("activity"), ident("lifecycle"), payloadField())
}

// Case decodes a message of case-events into c. The strings of c are good
// until the next call and until the message's memory is used again.
func (d *Decoder) Case(m *Message, c *event.Case) *Reject {
	if rej := d.withPayload(event.TopicCases, m, d.caseRules); rej != nil {
		return rej
	}
	*c = event.Case{
		SourceSys: d.str(cSource), CaseNo: d.str(cCase), EventID: d.str(cID), Revision: uint32(d.slots[cRevision].n),
		Seq: d.slots[cSeq].n, Type: event.CaseType(d.str(cType)), OccurredAt: d.slots[cTime].n, EmittedAt: d.slots[cEmit].n,
		RegionCode: d.str(cRegion), OrgCode: d.str(cOrg), AcceptOrg: d.str(cAcceptOrg), TaskCode: d.str(cTask),
		TaskVersion: d.str(cTaskVersion), WindowID: d.str(cWindow), StaffID: d.str(cStaff), ApplyChannel: d.str(cChannel),
		Activity: d.str(cActivity), Lifecycle: d.str(cLifecycle), Payload: d.str(cPayload),
		Content: d.content(), Origin: m.origin(),
	}
	c.Identity = d.identity(d.slots[cSource].s, d.slots[cID].s, c.Revision)
	return nil
}
