package sink

import "duban/ingest/event"

var _ = register(event.TopicOrganisations, func() facts { return &organisations{} })

type organisations struct {
	arrival
	source, region, line, rankGroup words
	org, id, name, nameEN, parent   text
	revision                        u32
	level                           i8
	from                            day
	to                              maybeDay
}

func (t *organisations) columns() []column {
	return t.arrival.columns(&t.source, &t.org, &t.id, &t.revision, &t.name, &t.nameEN, &t.parent, &t.region,
		&t.level, &t.line, &t.rankGroup, &t.from, &t.to)
}

func (t *organisations) add(f event.Fact) {
	o := f.(*event.Organisation)
	t.source.add(o.SourceSys)
	t.org.add(o.OrgCode)
	t.id.add(o.EventID)
	t.revision.add(o.Revision)
	t.name.add(o.Name)
	t.nameEN.add(o.NameEN)
	t.parent.add(o.ParentCode)
	t.region.add(o.RegionCode)
	t.level.add(o.GovLevel)
	t.line.add(o.OrgLine)
	t.rankGroup.add(o.RankGroup)
	t.from.add(o.ValidFrom)
	t.to.add(o.ValidTo)
	t.came(o.Payload, o.Content, &o.Origin)
}
