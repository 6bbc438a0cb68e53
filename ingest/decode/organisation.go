package decode

import (
	"duban/ingest/event"
)

// Fields of the shape, in its order.
const (
	oID = iota
	oRevision
	oSource
	oOrg
	oName
	oNameEN
	oParent
	oRegion
	oLevel
	oLine
	oRankGroup
	oFrom
	oTo
	oPayload
)

var _ = register(event.TopicOrganisations, organisationShape, readerOf((*Decoder).Organisation))

func organisationShape() *shape {
	return plain("contacts", newShape(event.TopicOrganisations,
		must(ident("event_id")), revision(), must(ident("source_sys")), must(ident("org_code")),
		must(field{name: "name", kind: kText}), field{name: "name_en", kind: kText}, ident("parent_code"), regionField(),
		number("gov_level", 0, 5), ident("org_line"), ident("rank_group"), must(day("valid_from")), day("valid_to"), payloadField()))
}

// Organisation decodes a message of organisations; see Case. GovLevel is -1
// when the message gives none.
func (d *Decoder) Organisation(m *Message, o *event.Organisation) *Reject {
	if rej := d.withPayload(event.TopicOrganisations, m, payloadRules{}); rej != nil {
		return rej
	}
	if d.rej = d.validTo(oFrom, oTo); d.rej != nil {
		return d.refuse(m.Value)
	}
	level := int8(-1)
	if d.has(oLevel) {
		level = int8(d.slots[oLevel].n)
	}
	*o = event.Organisation{
		SourceSys: d.str(oSource), EventID: d.str(oID), Revision: uint32(d.slots[oRevision].n), OrgCode: d.str(oOrg),
		Name: d.str(oName), NameEN: d.str(oNameEN), ParentCode: d.str(oParent), RegionCode: d.str(oRegion),
		GovLevel: level, OrgLine: d.str(oLine), RankGroup: d.str(oRankGroup),
		ValidFrom: int32(d.slots[oFrom].n), ValidTo: int32(d.slots[oTo].n), Payload: d.str(oPayload),
		Content: d.content(), Origin: m.origin(),
	}
	o.Identity = d.identity(d.slots[oSource].s, d.slots[oID].s, o.Revision)
	return nil
}
