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

func (t *measurements) columns() []named {
	return t.arrival.columns(
		named{"source_sys", &t.source}, named{"event_id", &t.id}, named{"revision", &t.revision}, named{"name", &t.name},
		named{"org_code", &t.org}, named{"region_code", &t.region}, named{"period_from", &t.from}, named{"period_to", &t.to},
		named{"emitted_at", &t.emittedAt}, named{"values", &t.values})
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
