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

func (t *actions) columns() []named {
	return t.arrival.columns(
		named{"source_sys", &t.source}, named{"event_id", &t.id}, named{"revision", &t.revision},
		named{"subject_kind", &t.kind}, named{"subject_id", &t.subject}, named{"action", &t.action},
		named{"expected_seq", &t.expected}, named{"actor", &t.actor}, named{"role", &t.role}, named{"org_code", &t.org},
		named{"occurred_at", &t.occurredAt}, named{"emitted_at", &t.emittedAt})
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
