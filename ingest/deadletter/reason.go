package deadletter

import "slices"

// Reason is the typed reason of a reject; it is stored in ingest_rejects and
// is the label of the reject counter, so its values never change their
// meaning.
type Reason string

// Reasons found in the bytes of a message.
const (
	// EmptyMessage: no value, or only white space (a Kafka tombstone too).
	EmptyMessage Reason = "empty_message"
	// TooLarge: over the size that the decoder takes.
	TooLarge Reason = "too_large"
	// InvalidUTF8: bytes or escapes that are no Unicode text.
	InvalidUTF8 Reason = "invalid_utf8"
	// MalformedJSON: not one JSON value.
	MalformedJSON Reason = "malformed_json"
	// NotAnObject: a JSON value, but no object.
	NotAnObject Reason = "not_an_object"
	// DuplicateKey: an object names a key twice.
	DuplicateKey Reason = "duplicate_key"
	// NestingTooDeep: arrays and objects nested beyond the limit.
	NestingTooDeep Reason = "nesting_too_deep"
)

// Reasons found in the fields.
const (
	MissingField      Reason = "missing_field"
	UnknownField      Reason = "unknown_field"
	WrongType         Reason = "wrong_type"
	InvalidEnum       Reason = "invalid_enum"
	InvalidNumber     Reason = "invalid_number"
	InvalidIdentifier Reason = "invalid_identifier"
	InvalidTime       Reason = "invalid_time"
	TimeWithoutZone   Reason = "time_without_zone"
	TimeTooEarly      Reason = "time_too_early"
	TimeInFuture      Reason = "time_in_future"
	InvalidRegionCode Reason = "invalid_region_code"
	InvalidRevision   Reason = "invalid_revision"
	InvalidDate       Reason = "invalid_date"
	InvalidUnit       Reason = "invalid_unit"

	PayloadFieldMissing Reason = "payload_field_missing"
	PayloadFieldInvalid Reason = "payload_field_invalid"

	RatingLevelOutOfRange Reason = "rating_level_out_of_range"
	RatingBeforeService   Reason = "rating_before_service"

	// UnsignedAction: an action without the signature of the product, or with another's.
	UnsignedAction Reason = "unsigned_action"
)

// Reasons found in a CloudEvents envelope.
const (
	CloudEventsUnsupportedVersion Reason = "cloudevents_unsupported_version"
	CloudEventsUnknownType        Reason = "cloudevents_unknown_type"
	CloudEventsDataMissing        Reason = "cloudevents_data_missing"
)

// Reasons found after decoding.
const (
	// ConflictingRewrite: a fact with the same identity and other content is
	// stored already; the first arrival stands.
	ConflictingRewrite Reason = "conflicting_rewrite"
	// RefusedByStore: the database refuses this row and no other of its batch.
	RefusedByStore Reason = "refused_by_store"
)

// Reasons lists every reason in a fixed order.
func Reasons() []Reason {
	return []Reason{
		EmptyMessage, TooLarge, InvalidUTF8, MalformedJSON, NotAnObject, DuplicateKey, NestingTooDeep,
		MissingField, UnknownField, WrongType, InvalidEnum, InvalidNumber, InvalidIdentifier, InvalidTime,
		TimeWithoutZone, TimeTooEarly, TimeInFuture, InvalidRegionCode, InvalidRevision, InvalidDate, InvalidUnit,
		PayloadFieldMissing, PayloadFieldInvalid, RatingLevelOutOfRange, RatingBeforeService, UnsignedAction,
		CloudEventsUnsupportedVersion, CloudEventsUnknownType, CloudEventsDataMissing,
		ConflictingRewrite, RefusedByStore,
	}
}

// Known reports whether r is one of Reasons.
func (r Reason) Known() bool {
	return slices.Contains(Reasons(), r)
}
