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

func (t *items) columns() []named {
	return t.arrival.columns(
		named{"source_sys", &t.source}, named{"task_code", &t.task}, named{"task_version", &t.version},
		named{"event_id", &t.id}, named{"revision", &t.revision}, named{"name", &t.name}, named{"catalog_code", &t.catalog},
		named{"region_code", &t.region}, named{"org_code", &t.org}, named{"item_type", &t.itemType},
		named{"project_type", &t.projectType}, named{"valid_from", &t.from}, named{"valid_to", &t.to},
		named{"legal_days", &t.legal}, named{"legal_unit", &t.legalUnit}, named{"promise_days", &t.promise},
		named{"promise_unit", &t.promiseUnit}, named{"baseline_promise_days", &t.baseline}, named{"online_depth", &t.depth},
		named{"limit_visits", &t.visits}, named{"roll_forward", &t.rollForward}, named{"fee_pauses", &t.feePauses})
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
