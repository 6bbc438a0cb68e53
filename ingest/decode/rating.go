package decode

import (
	"duban/ingest/deadletter"
	"duban/ingest/event"
)

// Fields of the shape, in its order.
const (
	rID = iota
	rRevision
	rSource
	rSeq
	rRated
	rServed
	rEmit
	rLevel
	rDefault
	rFollowUp
	rExcluded
	rRealName
	rSubjectSys
	rCase
	rTicket
	rService
	rRater
	rRegion
	rOrg
	rTask
	rWindow
	rStaff
	rChannel
	rPayload
)

var _ = register(event.TopicRatings, ratingShape, readerOf((*Decoder).Rating))

func ratingShape() *shape {
	return newShape(event.TopicRatings,
		must(ident("rating_id")), revision(), must(ident("source_sys")), seq(), must(instant("rated_at")),
		instant("served_at"), sent(instant("emit_time")), level(), flag("is_default"), flag("follow_up"),
		flag("excluded"), flag("real_name"), ident("subject_sys"), ident("case_no"), ident("ticket_no"),
		ident("service_no"), ident("rater_token"), regionField(), ident("org_code"), ident("task_code"),
		ident("window_id"), ident("staff_id"), choice("channel", event.RatingChannels()), payloadField())
}

// Rating decodes a message of satisfaction-ratings; see Case.
func (d *Decoder) Rating(m *Message, r *event.Rating) *Reject {
	if rej := d.withPayload(event.TopicRatings, m, d.ratingRules); rej != nil {
		return rej
	}
	if d.has(rServed) && d.slots[rServed].n > d.slots[rRated].n {
		d.rej = d.reject(deadletter.RatingBeforeService, "rated_at", "the rating is older than the service it rates")
		return d.refuse(m.Value)
	}
	*r = event.Rating{
		SourceSys: d.str(rSource), RatingID: d.str(rID), Revision: uint32(d.slots[rRevision].n), Seq: d.slots[rSeq].n,
		RatedAt: d.slots[rRated].n, ServedAt: d.slots[rServed].n, EmittedAt: d.slots[rEmit].n, Level: uint8(d.slots[rLevel].n),
		IsDefault: d.flag(rDefault), FollowUp: d.flag(rFollowUp), Excluded: d.flag(rExcluded), RealName: d.flag(rRealName),
		SubjectSys: d.str(rSubjectSys), CaseNo: d.str(rCase), TicketNo: d.str(rTicket), ServiceNo: d.str(rService),
		RaterToken: d.str(rRater), RegionCode: d.str(rRegion), OrgCode: d.str(rOrg), TaskCode: d.str(rTask),
		WindowID: d.str(rWindow), StaffID: d.str(rStaff), Channel: d.str(rChannel), Payload: d.str(rPayload),
		Content: d.content(), Origin: m.origin(),
	}
	r.Identity = d.identity(d.slots[rSource].s, d.slots[rID].s, r.Revision)
	return nil
}
