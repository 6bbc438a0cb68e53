package decode

import (
	"duban/ingest/deadletter"
	"duban/ingest/event"
)

// Field indexes of the shapes, in the order of the lists below.
const (
	cID = iota
	cRevision
	cSource
	cCase
	cSeq
	cType
	cTime
	cEmit
	cRegion
	cOrg
	cAcceptOrg
	cTask
	cTaskVersion
	cWindow
	cStaff
	cChannel
	cActivity
	cLifecycle
	cPayload
)

const (
	tID = iota
	tRevision
	tSource
	tTicket
	tSeq
	tType
	tTime
	tEmit
	tRegion
	tOrg
	tChannel
	tKind
	tCalled
	tTopic
	tCase
	tStaff
	tActivity
	tLifecycle
	tPayload
)

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

const (
	aID = iota
	aRevision
	aSource
	aKind
	aSubject
	aAction
	aExpected
	aActor
	aRole
	aOrg
	aTime
	aEmit
	aPayload
)

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

// shapes returns the fields of every topic, fresh for one decoder.
func shapes() []*shape {
	region := field{name: "region_code", kind: kRegion}
	payload := field{name: "payload", kind: kPayload}
	return []*shape{
		newShape(event.TopicCases,
			must(ident("event_id")), revision(), must(ident("source_sys")), must(ident("case_no")), seq(),
			must(choice("event_type", event.CaseTypes())), must(instant("event_time")), sent(instant("emit_time")),
			region, ident("org_code"), ident("accept_org"), ident("task_code"), ident("task_version"),
			ident("window_id"), ident("staff_id"), choice("apply_channel", event.Channels()),
			ident("activity"), ident("lifecycle"), payload),
		newShape(event.TopicTickets,
			must(ident("event_id")), revision(), must(ident("source_sys")), must(ident("ticket_no")), seq(),
			must(choice("event_type", event.TicketTypes())), must(instant("event_time")), sent(instant("emit_time")),
			region, ident("org_code"), choice("channel", event.TicketChannels()), choice("kind", event.TicketKinds()),
			ident("called_number"), ident("topic"), ident("case_no"), ident("staff_id"),
			ident("activity"), ident("lifecycle"), payload),
		newShape(event.TopicRatings,
			must(ident("rating_id")), revision(), must(ident("source_sys")), seq(), must(instant("rated_at")),
			instant("served_at"), sent(instant("emit_time")), level(), flag("is_default"), flag("follow_up"),
			flag("excluded"), flag("real_name"), ident("subject_sys"), ident("case_no"), ident("ticket_no"),
			ident("service_no"), ident("rater_token"), region, ident("org_code"), ident("task_code"),
			ident("window_id"), ident("staff_id"), choice("channel", event.RatingChannels()), payload),
		newShape(event.TopicItems,
			must(ident("event_id")), revision(), must(ident("source_sys")), must(ident("task_code")),
			must(ident("task_version")), must(field{name: "name", kind: kText}), ident("catalog_code"), region,
			ident("org_code"), choice("item_type", itemTypes()), choice("project_type", projectTypes()),
			must(day("valid_from")), day("valid_to"), number("legal_days", 0, maxDays), unit("legal_unit"),
			number("promise_days", 0, maxDays), unit("promise_unit"), number("baseline_promise_days", 0, maxDays),
			number("online_depth", 0, 4), number("limit_visits", 0, 1000), flag("roll_forward"), flag("fee_pauses"), payload),
		plain("contacts", newShape(event.TopicOrganisations,
			must(ident("event_id")), revision(), must(ident("source_sys")), must(ident("org_code")),
			must(field{name: "name", kind: kText}), field{name: "name_en", kind: kText}, ident("parent_code"), region,
			number("gov_level", 0, 5), ident("org_line"), ident("rank_group"), must(day("valid_from")), day("valid_to"), payload)),
		plain("comment", newShape(event.TopicActions,
			must(ident("event_id")), noRevision(), must(ident("source_sys")), must(choice("subject_kind", event.SubjectKinds())),
			must(ident("subject_id")), must(ident("action")), must(number("expected_seq", 0, 1<<32-1)), must(ident("actor")),
			must(choice("role", event.Roles())), ident("org_code"), must(instant("event_time")), sent(instant("emit_time")), payload)),
		newShape(event.TopicMeasurements,
			must(ident("event_id")), revision(), must(ident("source_sys")), must(ident("name")), ident("org_code"), region,
			must(bound("from")), must(bound("to")), sent(instant("emit_time")), must(field{name: "values", kind: kValues}), payload),
	}
}

// noRevision is the revision of facts that are never revised.
func noRevision() field {
	return field{name: "revision", kind: kInt, min: 0, max: 0, reason: deadletter.InvalidRevision}
}

// plain marks a shape of which one key of the payload is of members of staff: what they
// comment stays readable for those who may see the subject, and the contacts of an
// organisation are whom notices are sent to.
func plain(key string, sh *shape) *shape {
	sh.plain = key
	return sh
}

func level() field {
	return must(field{name: "level", kind: kInt, min: 1, max: 5, reason: deadletter.RatingLevelOutOfRange})
}
