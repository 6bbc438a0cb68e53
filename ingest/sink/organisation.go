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

func (t *organisations) columns() []named {
	return t.arrival.columns(
		named{"source_sys", &t.source}, named{"org_code", &t.org}, named{"event_id", &t.id}, named{"revision", &t.revision},
		named{"name", &t.name}, named{"name_en", &t.nameEN}, named{"parent_code", &t.parent}, named{"region_code", &t.region},
		named{"gov_level", &t.level}, named{"org_line", &t.line}, named{"rank_group", &t.rankGroup},
		named{"valid_from", &t.from}, named{"valid_to", &t.to})
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
