package sink

import "duban/ingest/event"

var _ = register(event.TopicMeasurements, func() facts { return &measurements{} })

type measurements struct {
	arrival
	source, name, org, region words
	id                        text
	revision                  u32
	from, to, emittedAt       instant
	values                    numbers
}

func (t *measurements) columns() []column {
	return t.arrival.columns(&t.source, &t.id, &t.revision, &t.name, &t.org, &t.region, &t.from, &t.to, &t.emittedAt, &t.values)
}

func (t *measurements) add(f event.Fact) {
	m := f.(*event.Measurement)
	t.source.add(m.SourceSys)
	t.id.add(m.EventID)
	t.revision.add(m.Revision)
	t.name.add(m.Name)
	t.org.add(m.OrgCode)
	t.region.add(m.RegionCode)
	t.from.add(m.From)
	t.to.add(m.To)
	t.emittedAt.add(m.EmittedAt)
	t.values.add(m.Values)
	t.came(m.Payload, m.Content, &m.Origin)
}
