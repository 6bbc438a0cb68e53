package encode

import (
	"fmt"
	"strings"

	"duban/ingest/event"
	"duban/supervision/simulate/world"
)

// Malformer writes messages that no reader may accept, one kind after the
// other. None of them contains a line feed, so that they fit into files of
// lines; the empty one is an empty line there.
type Malformer struct {
	e     *Encoder
	when  string // an instant within the period
	later string
	n     int64
}

// broken is one kind of malformed message. Text writes it; %[1]s is a number of
// its own, %[2]s the source, %[3]s an instant, %[4]s a later one.
type broken struct {
	reason string
	topic  event.Topic
	text   string
}

const (
	wellCase    = `"event_id":"bad-%[1]s","source_sys":"%[2]s","case_no":"BAD%[1]s"`
	wellTicket  = `"event_id":"bad-%[1]s","source_sys":"%[2]s","ticket_no":"BAD%[1]s","event_type":"t_receive","event_time":"%[3]s"`
	wellRating  = `"rating_id":"bad-%[1]s","source_sys":"%[2]s","case_no":"BAD%[1]s"`
	wellItem    = `"event_id":"bad-%[1]s","source_sys":"%[2]s","task_code":"BAD%[1]s","task_version":"1","name":"x"`
	caseType    = `,"event_type":"apply"`
	caseTime    = `,"event_time":"%[3]s"`
	cloud       = `"id":"bad-%[1]s","source":"%[2]s","time":"%[3]s"`
	deepPayload = 2000
)

// brokenKinds lists the kinds, each with the reason that a reader gives.
func brokenKinds() []broken {
	c, t, r, i := event.TopicCases, event.TopicTickets, event.TopicRatings, event.TopicItems
	return []broken{
		{"empty_message", c, ``},
		{"invalid_utf8", c, `{` + wellCase + caseType + caseTime + `,"activity":"` + "\xff\xfe" + `"}`},
		{"malformed_json", c, `{` + wellCase + caseType + caseTime + `,"seq":`},
		{"not_an_object", c, `["%[1]s","%[2]s"]`},
		{"duplicate_key", c, `{` + wellCase + caseType + caseTime + `,"case_no":"BAD"}`},
		{"nesting_too_deep", c, `{` + wellCase + caseType + caseTime + `,"payload":{"x":` +
			strings.Repeat("[", deepPayload) + strings.Repeat("]", deepPayload) + `}}`},
		{"missing_field", c, `{` + wellCase + caseTime + `}`},
		{"unknown_field", c, `{` + wellCase + caseType + caseTime + `,"colour":"red"}`},
		{"wrong_type", c, `{` + wellCase + caseType + caseTime + `,"org_code":["x"]}`},
		{"invalid_enum", c, `{` + wellCase + caseTime + `,"event_type":"fly"}`},
		{"invalid_number", c, `{` + wellCase + caseType + caseTime + `,"seq":1.5}`},
		{"invalid_identifier", c, `{"event_id":"bad-%[1]s","source_sys":"%[2]s","case_no":""` + caseType + caseTime + `}`},
		{"invalid_time", c, `{` + wellCase + caseType + `,"event_time":"yesterday"}`},
		{"time_without_zone", c, `{` + wellCase + caseType + `,"event_time":"2026-01-05T10:00:00"}`},
		{"time_too_early", c, `{` + wellCase + caseType + `,"event_time":"1999-12-31T23:59:59+08:00"}`},
		{"time_in_future", c, `{` + wellCase + caseType + `,"event_time":"2199-01-01T00:00:00+08:00"}`},
		{"invalid_region_code", c, `{` + wellCase + caseType + caseTime + `,"region_code":"61080"}`},
		{"invalid_revision", c, `{` + wellCase + caseType + caseTime + `,"revision":-1}`},
		{"payload_field_missing", c, `{` + wellCase + `,"event_type":"suspend_start"` + caseTime + `,"payload":{"approved_days":5}}`},
		{"payload_field_invalid", c, `{` + wellCase + `,"event_type":"extend"` + caseTime + `,"payload":{"days":-3}}`},
		{"cloudevents_unsupported_version", c, `{"specversion":"0.3","type":"cn.duban.case.apply",` + cloud + `,"data":{"case_no":"BAD%[1]s"}}`},
		{"cloudevents_unknown_type", c, `{"specversion":"1.0","type":"cn.duban.case.fly",` + cloud + `,"data":{"case_no":"BAD%[1]s"}}`},
		{"cloudevents_data_missing", c, `{"specversion":"1.0","type":"cn.duban.case.apply",` + cloud + `}`},
		{"missing_field", t, `{"event_id":"bad-%[1]s","source_sys":"%[2]s","event_type":"t_sign","event_time":"%[3]s"}`},
		{"invalid_enum", t, `{` + wellTicket + `,"channel":"pigeon"}`},
		{"rating_level_out_of_range", r, `{` + wellRating + `,"rated_at":"%[3]s","level":6}`},
		{"rating_before_service", r, `{` + wellRating + `,"rated_at":"%[3]s","served_at":"%[4]s","level":5}`},
		{"invalid_date", i, `{` + wellItem + `,"valid_from":"2026-02-30"}`},
		{"invalid_unit", i, `{` + wellItem + `,"valid_from":"2026-01-01","legal_days":5,"legal_unit":"F"}`},
	}
}

// NewMalformer makes one whose instants are of a day and the hours after.
func NewMalformer(e *Encoder, from int32) *Malformer {
	at := world.StartOf(from) + 10*3600*1000
	return &Malformer{e: e, when: string(e.Stamps.Append(nil, at)), later: string(e.Stamps.Append(nil, at+3600*1000))}
}

// Next returns the next malformed message.
func (m *Malformer) Next() (topic event.Topic, reason string, key, value []byte) {
	kinds := brokenKinds()
	kind := kinds[m.n%int64(len(kinds))]
	number := fmt.Sprintf("%08d", m.n)
	m.n++
	if kind.text != "" {
		value = fmt.Appendf(nil, kind.text+"%.0[1]s%.0[2]s%.0[3]s%.0[4]s", number, m.e.source, m.when, m.later)
	}
	return kind.topic, kind.reason, []byte(event.PartitionKey(m.e.source, "BAD"+number)), value
}
