package mapping

import (
	"sort"

	"duban/ingest/event"
)

// Kind is the kind of value a message field holds.
type Kind int

// The kinds of value. KindAny means "not said": text, or whatever a payload
// key with a meaning asks for.
const (
	KindAny Kind = iota
	KindText
	KindInteger
	KindNumber
	KindBoolean
	// KindTime is an instant, written as RFC 3339 in UTC.
	KindTime
	// KindDate is a calendar day, written YYYY-MM-DD.
	KindDate
)

var kindNames = map[string]Kind{
	"text": KindText, "integer": KindInteger, "number": KindNumber,
	"boolean": KindBoolean, "time": KindTime, "date": KindDate,
}

// String returns the word for k in a mapping file.
func (k Kind) String() string {
	for n, v := range kindNames {
		if v == k {
			return n
		}
	}
	return "any"
}

// Field describes one field of a message.
type Field struct {
	Name string
	Kind Kind
	// Enum lists the allowed values; nil allows any.
	Enum []string
	// Required fields must be mapped.
	Required bool
	// Identifier marks codes and numbers: at most 200 bytes, no control characters.
	Identifier bool
}

// Target describes the messages of one topic.
type Target struct {
	Topic event.Topic
	// ID, Subject, Type and At are the names of the message fields for the
	// identity, the case or ticket number, the event type and the time of the
	// fact; "" where the topic has no such field.
	ID, Subject, Type, At string
	// Seq is set where a fact has a place among those with the same instant.
	Seq          bool
	Types        []string
	Fields       []Field
	PayloadKinds map[string]Kind
	// Values is set where facts carry named numbers.
	Values bool
}

// Field returns the field called name.
func (t *Target) Field(name string) (Field, bool) {
	for _, f := range t.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

func text(names ...string) []Field {
	var out []Field
	for _, n := range names {
		out = append(out, Field{Name: n, Kind: KindText, Identifier: true})
	}
	return out
}

func strs[T ~string](in []T) []string {
	var out []string
	for _, s := range in {
		out = append(out, string(s))
	}
	return out
}

var units = []string{"W", "C", "H", "M"}

// Topics lists the topics that files can be mapped to. What people do arises in
// the product alone.
func Topics() []event.Topic {
	var out []event.Topic
	for _, t := range event.Topics() {
		if TargetOf(t) != nil {
			out = append(out, t)
		}
	}
	return out
}

// TargetOf returns the description of a topic's messages, nil for a topic
// that files are not mapped to.
func TargetOf(t event.Topic) *Target {
	common := []Field{{Name: "emit_time", Kind: KindTime}, {Name: "revision", Kind: KindInteger}}
	casePayload := map[string]Kind{
		"is_test": KindBoolean, "secret": KindBoolean, "source_due_at": KindTime, "urgent": KindBoolean,
		"legal_days": KindInteger, "promise_days": KindInteger, "limit_days": KindInteger,
		"approved_days": KindInteger, "days": KindInteger, "told_applicant": KindBoolean,
		"in_guide": KindBoolean, "contacted": KindBoolean, "solved": KindBoolean,
		"satisfied": KindInteger, "accepted": KindBoolean,
	}
	switch t {
	case event.TopicCases:
		return &Target{Topic: t, Seq: true, ID: "event_id", Subject: "case_no", Type: "event_type", At: "event_time",
			Types: strs(event.CaseTypes()), PayloadKinds: casePayload,
			Fields: append(append(common, text("region_code", "org_code", "accept_org", "task_code",
				"task_version", "window_id", "staff_id", "activity", "lifecycle")...),
				Field{Name: "apply_channel", Kind: KindText, Enum: event.Channels()})}
	case event.TopicTickets:
		return &Target{Topic: t, Seq: true, ID: "event_id", Subject: "ticket_no", Type: "event_type", At: "event_time",
			Types: strs(event.TicketTypes()), PayloadKinds: casePayload,
			Fields: append(append(common, text("region_code", "org_code", "called_number", "topic",
				"case_no", "staff_id", "activity", "lifecycle")...),
				Field{Name: "channel", Kind: KindText, Enum: event.TicketChannels()},
				Field{Name: "kind", Kind: KindText, Enum: event.TicketKinds()})}
	case event.TopicRatings:
		return &Target{Topic: t, Seq: true, ID: "rating_id", At: "rated_at",
			Fields: append(append(common, text("subject_sys", "case_no", "ticket_no", "service_no",
				"rater_token", "region_code", "org_code", "task_code", "window_id", "staff_id")...),
				Field{Name: "served_at", Kind: KindTime},
				Field{Name: "level", Kind: KindInteger, Required: true, Enum: []string{"1", "2", "3", "4", "5"}},
				Field{Name: "is_default", Kind: KindBoolean}, Field{Name: "follow_up", Kind: KindBoolean},
				Field{Name: "excluded", Kind: KindBoolean}, Field{Name: "real_name", Kind: KindBoolean},
				Field{Name: "channel", Kind: KindText, Enum: event.RatingChannels()})}
	case event.TopicItems:
		return &Target{Topic: t, ID: "event_id", Subject: "task_code",
			Fields: append(append(common, text("catalog_code", "region_code", "org_code", "item_type", "project_type")...),
				Field{Name: "task_version", Kind: KindText, Required: true, Identifier: true},
				Field{Name: "name", Kind: KindText, Required: true},
				Field{Name: "valid_from", Kind: KindDate, Required: true}, Field{Name: "valid_to", Kind: KindDate},
				Field{Name: "legal_days", Kind: KindInteger}, Field{Name: "legal_unit", Kind: KindText, Enum: units},
				Field{Name: "promise_days", Kind: KindInteger}, Field{Name: "promise_unit", Kind: KindText, Enum: units},
				Field{Name: "baseline_promise_days", Kind: KindInteger}, Field{Name: "online_depth", Kind: KindInteger},
				Field{Name: "limit_visits", Kind: KindInteger}, Field{Name: "roll_forward", Kind: KindBoolean},
				Field{Name: "fee_pauses", Kind: KindBoolean})}
	case event.TopicOrganisations:
		return &Target{Topic: t, ID: "event_id", Subject: "org_code",
			Fields: append(append(common, text("parent_code", "region_code", "org_line", "rank_group")...),
				Field{Name: "name", Kind: KindText, Required: true}, Field{Name: "name_en", Kind: KindText},
				Field{Name: "gov_level", Kind: KindInteger},
				Field{Name: "valid_from", Kind: KindDate, Required: true}, Field{Name: "valid_to", Kind: KindDate})}
	case event.TopicMeasurements:
		return &Target{Topic: t, ID: "event_id", Values: true,
			Fields: append(append(common, text("org_code", "region_code")...),
				Field{Name: "name", Kind: KindText, Required: true, Identifier: true},
				Field{Name: "from", Kind: KindTime, Required: true}, Field{Name: "to", Kind: KindTime, Required: true})}
	}
	return nil
}

// FieldNames lists the fields a mapping may fill, sorted.
func (t *Target) FieldNames() []string {
	var out []string
	for _, f := range t.Fields {
		out = append(out, f.Name)
	}
	sort.Strings(out)
	return out
}
