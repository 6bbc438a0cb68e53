package sink

import "duban/ingest/event"

var _ = register(event.TopicActions, func() facts { return &actions{} })

type actions struct {
	arrival
	source, kind, action, actor, role, org words
	id, subject                            text
	revision, expected                     u32
	occurredAt, emittedAt                  instant
}

func (t *actions) columns() []column {
	return t.arrival.columns(&t.source, &t.id, &t.revision, &t.kind, &t.subject, &t.action, &t.expected, &t.actor, &t.role,
		&t.org, &t.occurredAt, &t.emittedAt)
}

func (t *actions) add(f event.Fact) {
	a := f.(*event.Action)
	t.source.add(a.SourceSys)
	t.id.add(a.EventID)
	t.revision.add(a.Revision)
	t.kind.add(a.SubjectKind)
	t.subject.add(a.SubjectID)
	t.action.add(a.Action)
	t.expected.add(a.ExpectedSeq)
	t.actor.add(a.Actor)
	t.role.add(a.Role)
	t.org.add(a.OrgCode)
	t.occurredAt.add(a.OccurredAt)
	t.emittedAt.add(a.EmittedAt)
	t.came(a.Payload, a.Content, &a.Origin)
}
