package decode

import (
	"duban/ingest/event"
)

// Fields of the shape, in its order.
const (
	iID = iota
	iRevision
	iSource
	iTask
	iTaskVersion
	iName
	iCatalog
	iRegion
	iOrg
	iItemType
	iProjectType
	iFrom
	iTo
	iLegalDays
	iLegalUnit
	iPromiseDays
	iPromiseUnit
	iBaseline
	iDepth
	iVisits
	iRollForward
	iFeePauses
	iPayload
)

var _ = register(event.TopicItems, itemShape, readerOf((*Decoder).Item))

func itemShape() *shape {
	return newShape(event.TopicItems,
		must(ident("event_id")), revision(), must(ident("source_sys")), must(ident("task_code")),
		must(ident("task_version")), must(field{name: "name", kind: kText}), ident("catalog_code"), regionField(),
		ident("org_code"), choice("item_type", itemTypes()), choice("project_type", projectTypes()),
		must(day("valid_from")), day("valid_to"), number("legal_days", 0, maxDays), unit("legal_unit"),
		number("promise_days", 0, maxDays), unit("promise_unit"), number("baseline_promise_days", 0, maxDays),
		number("online_depth", 0, 4), number("limit_visits", 0, 1000), flag("roll_forward"), flag("fee_pauses"), payloadField())
}

// Item decodes a message of service-items; see Case.
func (d *Decoder) Item(m *Message, it *event.Item) *Reject {
	if rej := d.withPayload(event.TopicItems, m, d.ratingRules); rej != nil {
		return rej
	}
	if d.rej = d.validTo(iFrom, iTo); d.rej != nil {
		return d.refuse(m.Value)
	}
	*it = event.Item{
		SourceSys: d.str(iSource), EventID: d.str(iID), Revision: uint32(d.slots[iRevision].n), TaskCode: d.str(iTask),
		TaskVersion: d.str(iTaskVersion), Name: d.str(iName), CatalogCode: d.str(iCatalog), RegionCode: d.str(iRegion),
		OrgCode: d.str(iOrg), ItemType: d.str(iItemType), ProjectType: d.str(iProjectType),
		ValidFrom: int32(d.slots[iFrom].n), ValidTo: int32(d.slots[iTo].n),
		LegalDays: d.optional(iLegalDays), LegalUnit: d.str(iLegalUnit),
		PromiseDays: d.optional(iPromiseDays), PromiseUnit: d.str(iPromiseUnit),
		BaselinePromiseDays: d.optional(iBaseline), OnlineDepth: d.optional(iDepth), LimitVisits: d.optional(iVisits),
		RollForward: d.flag(iRollForward), FeePauses: d.flag(iFeePauses), Payload: d.str(iPayload),
		Content: d.content(), Origin: m.origin(),
	}
	it.Identity = d.identity(d.slots[iSource].s, d.slots[iID].s, it.Revision)
	return nil
}
