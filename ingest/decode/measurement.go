package decode

import (
	"duban/ingest/event"
)

// Fields of the shape, in its order.
const (
	mID = iota
	mRevision
	mSource
	mName
	mOrg
	mRegion
	mFrom
	mTo
	mEmit
	mValues
	mPayload
)

var _ = register(event.TopicMeasurements, measurementShape, readerOf((*Decoder).Measurement))

func measurementShape() *shape {
	return newShape(event.TopicMeasurements,
		must(ident("event_id")), revision(), must(ident("source_sys")), must(ident("name")), ident("org_code"), regionField(),
		must(bound("from")), must(bound("to")), sent(instant("emit_time")), must(field{name: "values", kind: kValues}), payloadField())
}

// Measurement decodes a message of measurements; see Case. Its values are good
// as long as its strings.
func (d *Decoder) Measurement(m *Message, x *event.Measurement) *Reject {
	if rej := d.withPayload(event.TopicMeasurements, m, d.ratingRules); rej != nil {
		return rej
	}
	if d.rej = d.period(mFrom, mTo); d.rej == nil {
		d.rej = d.values(mValues)
	}
	if d.rej != nil {
		return d.refuse(m.Value)
	}
	*x = event.Measurement{
		SourceSys: d.str(mSource), EventID: d.str(mID), Revision: uint32(d.slots[mRevision].n), Name: d.str(mName),
		OrgCode: d.str(mOrg), RegionCode: d.str(mRegion), From: d.slots[mFrom].n, To: d.slots[mTo].n,
		EmittedAt: d.slots[mEmit].n, Values: d.numbers.values, Payload: d.str(mPayload),
		Content: d.content(), Origin: m.origin(),
	}
	x.Identity = d.identity(d.slots[mSource].s, d.slots[mID].s, x.Revision)
	return nil
}
