package encode

import (
	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// ItemMessage writes one version of an item for topic service-items.
func (e *Encoder) ItemMessage(it *world.Item, i int) (key, value []byte) {
	w := e.world
	o := &w.Orgs[it.Org]
	v := &it.Versions[i]
	return e.reference(it.Task, func() {
		e.text("event_id", it.Task+"-"+v.Name)
		e.text("source_sys", e.source)
		e.text("task_code", it.Task)
		e.text("task_version", v.Name)
		e.text("name", it.Title.Name)
		e.text("catalog_code", it.Title.Catalog)
		e.text("region_code", w.Regions[o.Region].Code)
		e.text("org_code", o.Code)
		e.text("item_type", it.Title.ItemType)
		e.text("project_type", it.Title.ProjectType())
		e.text("valid_from", world.Date(v.From).Format("2006-01-02"))
		if i+1 < len(it.Versions) {
			e.text("valid_to", world.Date(it.Versions[i+1].From).Format("2006-01-02"))
		}
		e.limits(v.Legal, it.Title.LegalUnit, v.Promise, it.Title.PromiseUnit)
		if it.Title.Baseline != world.Unlimited {
			e.number("baseline_promise_days", int64(it.Title.Baseline))
		}
		e.number("online_depth", int64(it.Title.Depth))
		e.number("limit_visits", int64(it.Title.Visits))
		e.truth("roll_forward", it.Title.RollForward)
		e.truth("fee_pauses", false)
		e.itemPayload(it)
	})
}

// OrganisationMessage writes one organisation for topic organisations.
func (e *Encoder) OrganisationMessage(o *world.Organisation) (key, value []byte) {
	r := &e.world.Regions[o.Region]
	return e.reference(o.Code, func() {
		e.text("event_id", o.Code)
		e.text("source_sys", e.source)
		e.text("org_code", o.Code)
		e.text("name", o.Name)
		e.text("parent_code", o.Parent)
		e.text("region_code", r.Code)
		e.number("gov_level", int64(o.Level))
		e.text("org_line", o.Line)
		e.text("rank_group", rankGroup(o.Level))
		e.text("valid_from", "2020-01-01")
		e.contacts(o)
	})
}

func (e *Encoder) reference(subject string, members func()) (key, value []byte) {
	e.block = make([]byte, 0, 2048)
	e.open()
	members()
	e.close()
	value = e.block
	e.block = nil
	return []byte(event.PartitionKey(e.source, subject)), value
}

// rankGroup compares like with like: departments of one level.
func rankGroup(level int8) string {
	return [...]string{"", "province-department", "city-department", "county-department", "township", "village"}[level]
}
