package decode

import (
	"duban/ingest/event"
)

// Fields of the shape, in its order.
const (
	aID = iota
	aRevision
	aSource
	aKind
	aSubject
	aAction
	aExpected
	aActor
	aRole
	aOrg
	aTime
	aEmit
	aPayload
)

var _ = register(event.TopicActions, actionShape, readerOf((*Decoder).Action))

func actionShape() *shape {
	return plain("comment", newShape(event.TopicActions,
		must(ident("event_id")), noRevision(), must(ident("source_sys")), must(choice("subject_kind", event.SubjectKinds())),
		must(ident("subject_id")), must(ident("action")), must(number("expected_seq", 0, 1<<32-1)), must(ident("actor")),
		must(choice("role", event.Roles())), ident("org_code"), must(instant("event_time")), sent(instant("emit_time")), payloadField()))
}

// Action decodes a message of actions; see Case.
func (d *Decoder) Action(m *Message, a *event.Action) *Reject {
	body, rej := d.unsigned(m.Value)
	if rej != nil {
		return rej
	}
	whole := *m
	whole.Value = body
	m = &whole
	if rej := d.withPayload(event.TopicActions, m, payloadRules{}); rej != nil {
		return rej
	}
	*a = event.Action{
		SourceSys: d.str(aSource), EventID: d.str(aID), SubjectKind: d.str(aKind), SubjectID: d.str(aSubject),
		Action: d.str(aAction), ExpectedSeq: uint32(d.slots[aExpected].n), Actor: d.str(aActor), Role: d.str(aRole),
		OrgCode: d.str(aOrg), OccurredAt: d.slots[aTime].n, EmittedAt: d.slots[aEmit].n, Payload: d.str(aPayload),
		Content: d.content(), Origin: m.origin(),
	}
	a.Identity = d.identity(d.slots[aSource].s, d.slots[aID].s, 0)
	return nil
}
