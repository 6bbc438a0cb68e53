package sink

import "duban/ingest/event"

var _ = register(event.TopicItems, func() facts { return &items{} })

type items struct {
	arrival
	source, region, org, itemType, projectType, legalUnit, promiseUnit words
	task, version, id, name, catalog                                   text
	revision                                                           u32
	from                                                               day
	to                                                                 maybeDay
	legal, promise, baseline, depth, visits                            maybe32
	rollForward, feePauses                                             truth
}

func (t *items) columns() []column {
	return t.arrival.columns(&t.source, &t.task, &t.version, &t.id, &t.revision, &t.name, &t.catalog, &t.region, &t.org,
		&t.itemType, &t.projectType, &t.from, &t.to, &t.legal, &t.legalUnit, &t.promise, &t.promiseUnit, &t.baseline,
		&t.depth, &t.visits, &t.rollForward, &t.feePauses)
}

func (t *items) add(f event.Fact) {
	i := f.(*event.Item)
	t.source.add(i.SourceSys)
	t.task.add(i.TaskCode)
	t.version.add(i.TaskVersion)
	t.id.add(i.EventID)
	t.revision.add(i.Revision)
	t.name.add(i.Name)
	t.catalog.add(i.CatalogCode)
	t.region.add(i.RegionCode)
	t.org.add(i.OrgCode)
	t.itemType.add(i.ItemType)
	t.projectType.add(i.ProjectType)
	t.from.add(i.ValidFrom)
	t.to.add(i.ValidTo)
	t.legal.add(i.LegalDays)
	t.legalUnit.add(i.LegalUnit)
	t.promise.add(i.PromiseDays)
	t.promiseUnit.add(i.PromiseUnit)
	t.baseline.add(i.BaselinePromiseDays)
	t.depth.add(i.OnlineDepth)
	t.visits.add(i.LimitVisits)
	t.rollForward.add(i.RollForward)
	t.feePauses.add(i.FeePauses)
	t.came(i.Payload, i.Content, &i.Origin)
}
