package decode

import (
	"duban/ingest/event"

	"duban/ingest/deadletter"
)

// Case decodes a message of case-events into c. The strings of c are good
// until the next call and until the message's memory is used again.
func (d *Decoder) Case(m *Message, c *event.Case) *Reject {
	if rej := d.withPayload(event.TopicCases, m, d.caseRules); rej != nil {
		return rej
	}
	*c = event.Case{
		SourceSys: d.str(cSource), CaseNo: d.str(cCase), EventID: d.str(cID), Revision: uint32(d.slots[cRevision].n),
		Seq: d.slots[cSeq].n, Type: event.CaseType(d.str(cType)), OccurredAt: d.slots[cTime].n, EmittedAt: d.slots[cEmit].n,
		RegionCode: d.str(cRegion), OrgCode: d.str(cOrg), AcceptOrg: d.str(cAcceptOrg), TaskCode: d.str(cTask),
		TaskVersion: d.str(cTaskVersion), WindowID: d.str(cWindow), StaffID: d.str(cStaff), ApplyChannel: d.str(cChannel),
		Activity: d.str(cActivity), Lifecycle: d.str(cLifecycle), Payload: d.str(cPayload),
		Content: d.content(), Origin: m.origin(),
	}
	c.Identity = d.identity(d.slots[cSource].s, d.slots[cID].s, c.Revision)
	return nil
}

// Ticket decodes a message of hotline-tickets; see Case.
func (d *Decoder) Ticket(m *Message, t *event.Ticket) *Reject {
	if rej := d.withPayload(event.TopicTickets, m, d.ticketRules); rej != nil {
		return rej
	}
	*t = event.Ticket{
		SourceSys: d.str(tSource), TicketNo: d.str(tTicket), EventID: d.str(tID), Revision: uint32(d.slots[tRevision].n),
		Seq: d.slots[tSeq].n, Type: event.TicketType(d.str(tType)), OccurredAt: d.slots[tTime].n, EmittedAt: d.slots[tEmit].n,
		RegionCode: d.str(tRegion), OrgCode: d.str(tOrg), Channel: d.str(tChannel), Kind: d.str(tKind),
		CalledNumber: d.str(tCalled), Topic: d.str(tTopic), CaseNo: d.str(tCase), StaffID: d.str(tStaff),
		Activity: d.str(tActivity), Lifecycle: d.str(tLifecycle), Payload: d.str(tPayload),
		Content: d.content(), Origin: m.origin(),
	}
	t.Identity = d.identity(d.slots[tSource].s, d.slots[tID].s, t.Revision)
	return nil
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

// Action decodes a message of actions; see Case.
func (d *Decoder) Action(m *Message, a *event.Action) *Reject {
	body, rej := d.unsigned(m.Value)
	if rej != nil {
		return rej
	}
	whole := *m
	whole.Value = body
	m = &whole
	if rej := d.withPayload(event.TopicActions, m, payloadRules{}); rej != nil {
		return rej
	}
	*a = event.Action{
		SourceSys: d.str(aSource), EventID: d.str(aID), SubjectKind: d.str(aKind), SubjectID: d.str(aSubject),
		Action: d.str(aAction), ExpectedSeq: uint32(d.slots[aExpected].n), Actor: d.str(aActor), Role: d.str(aRole),
		OrgCode: d.str(aOrg), OccurredAt: d.slots[aTime].n, EmittedAt: d.slots[aEmit].n, Payload: d.str(aPayload),
		Content: d.content(), Origin: m.origin(),
	}
	a.Identity = d.identity(d.slots[aSource].s, d.slots[aID].s, 0)
	return nil
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

// readers is how the facts of each topic are read.
var readers = map[event.Topic]func() reader{
	event.TopicCases:         readerOf((*Decoder).Case),
	event.TopicTickets:       readerOf((*Decoder).Ticket),
	event.TopicRatings:       readerOf((*Decoder).Rating),
	event.TopicItems:         readerOf((*Decoder).Item),
	event.TopicOrganisations: readerOf((*Decoder).Organisation),
	event.TopicActions:       readerOf((*Decoder).Action),
	event.TopicMeasurements:  readerOf((*Decoder).Measurement),
}

// reader reads the facts of one topic.
type reader func(*Decoder, *Message) (event.Fact, *Reject)

// readerOf makes readers, each with memory for one fact, so that none is allocated per message.
func readerOf[F any, P interface {
	*F
	event.Fact
}](read func(*Decoder, *Message, *F) *Reject) func() reader {
	return func() reader {
		var f F
		return func(d *Decoder, m *Message) (event.Fact, *Reject) {
			if rej := read(d, m, &f); rej != nil {
				return nil, rej
			}
			return P(&f), nil
		}
	}
}

// Fact decodes a message of any topic. The fact and its strings are good until the next
// call and until the message's memory is used again.
func (d *Decoder) Fact(m *Message) (event.Fact, *Reject) {
	read, ok := d.readers[m.Topic]
	if !ok {
		return nil, &Reject{Reason: deadletter.UnknownField, Detail: ErrUnknownTopic.Error()}
	}
	return read(d, m)
}

// Check decodes a message of any topic and throws the fact away; nil means
// that it would become one. Its key is what the fact's partition key should
// be, empty when refused.
func (d *Decoder) Check(m *Message) (key string, rej *Reject) {
	f, rej := d.Fact(m)
	if rej != nil {
		return "", rej
	}
	filing := f.Filing()
	return filing.Key(), nil
}

// Source is the source_sys of the message that was decoded last.
func (d *Decoder) Source() string { return string(d.slots[d.sh.sourceAt].s) }

func (d *Decoder) withPayload(topic event.Topic, m *Message, rules payloadRules) *Reject {
	if rej := d.read(topic, m); rej != nil {
		return rej
	}
	eventType := ""
	if d.sh.typeAt >= 0 {
		eventType = d.str(d.sh.typeAt)
	}
	if d.rej = d.payload(rules, eventType); d.rej == nil && (eventType == string(event.Amend) || eventType == string(event.TAmend)) {
		d.rej = d.amendedTime(m)
	}
	if d.rej != nil {
		return d.refuse(m.Value)
	}
	return nil
}

func (d *Decoder) flag(i int) bool { return d.slots[i].n != 0 }

// optional returns a number, nil when it was not given.
func (d *Decoder) optional(i int) *int32 {
	if !d.has(i) {
		return nil
	}
	n := int32(d.slots[i].n)
	return &n
}
