package decode

import (
	"duban/ingest/deadletter"
	"duban/ingest/event"
)

// maxFields is the largest number of fields of a shape; the seen set is 32
// bits wide.
const maxFields = 32

type kind uint8

const (
	kIdent    kind = iota // identifier
	kText                 // name
	kEnum                 // one of field.enum
	kUnit                 // limit unit
	kRegion               // division code
	kTime                 // instant of the fact
	kDate                 // local day
	kInt                  // integer within field.min..max
	kRevision             // 0..2^32-1
	kBool
	kPayload // object
	kValues  // object of numbers
)

// field is one top-level field of a topic.
type field struct {
	name     string
	kind     kind
	required bool
	// sending marks fields that describe the sending and not the fact: they
	// are no part of the content hash.
	sending bool
	// bound marks the bounds of a period, which may lie ahead.
	bound    bool
	enum     map[string]string
	min, max int64
	// reason is that of a value out of enum or range.
	reason deadletter.Reason
}

// shape is the set of fields of one topic.
type shape struct {
	topic  event.Topic
	fields []field
	n      int
	index  map[string]int
	// next[i] is the field that followed field i last time: senders write
	// their fields in the same order, so one comparison finds most keys.
	next [maxFields + 1]uint8
	// required is the set of fields that must be there.
	required uint32
	// event type, payload, the instant of the fact and its revision; -1 when there is none.
	typeAt, payloadAt, timeAt, revisionAt int
	// id and source are the fields that a CloudEvents envelope can fill.
	idAt, sourceAt int
	// plain is a key of the payload that is no personal data here, whatever its name; empty:
	// there is none.
	plain string
}

func newShape(topic event.Topic, fields ...field) *shape {
	sh := &shape{topic: topic, fields: fields, n: len(fields), index: map[string]int{}, typeAt: -1, payloadAt: -1, timeAt: -1,
		revisionAt: -1}
	for i, f := range fields {
		sh.index[f.name] = i
		sh.next[i] = uint8((i + 1) % len(fields))
		if f.required {
			sh.required |= 1 << i
		}
		switch f.name {
		case "event_type":
			sh.typeAt = i
		case "payload":
			sh.payloadAt = i
		case "revision":
			sh.revisionAt = i
		case "event_time", "rated_at":
			sh.timeAt = i
		case "event_id", "rating_id":
			sh.idAt = i
		case "source_sys":
			sh.sourceAt = i
		}
	}
	sh.next[len(fields)] = 0
	return sh
}

// expect reports whether text begins with the key that is likely to come, its
// closing quote and a colon: then it returns the field and the length of the
// key, else -1.
func (sh *shape) expect(last int, text []byte) (f, n int) {
	f = int(sh.next[last])
	name := sh.fields[f].name
	n = len(name)
	if len(text) > n+2 && text[n] == '"' && text[n+1] == ':' && string(text[:n]) == name {
		return f, n
	}
	return -1, 0
}

// find returns the index of a key, or -1.
func (sh *shape) find(last int, key []byte) int {
	if i := int(sh.next[last]); sh.fields[i].name == string(key) {
		return i
	}
	i, ok := sh.index[string(key)]
	if !ok {
		return -1
	}
	sh.next[last] = uint8(i)
	return i
}

func ident(name string) field { return field{name: name, kind: kIdent} }
func must(f field) field      { f.required = true; return f }
func sent(f field) field      { f.sending = true; return f }
func instant(name string) field {
	return field{name: name, kind: kTime}
}

// bound is an end of a period.
func bound(name string) field { return field{name: name, kind: kTime, bound: true} }

func day(name string) field  { return field{name: name, kind: kDate} }
func flag(name string) field { return field{name: name, kind: kBool} }
func number(name string, lo, hi int64) field {
	return field{name: name, kind: kInt, min: lo, max: hi, reason: deadletter.InvalidNumber}
}
func revision() field { return field{name: "revision", kind: kRevision} }
func seq() field {
	return sent(number("seq", -1<<63, 1<<63-1))
}
func unit(name string) field {
	return field{name: name, kind: kUnit, enum: enumOf(units()), reason: deadletter.InvalidUnit}
}
func choice[T ~string](name string, values []T) field {
	return field{name: name, kind: kEnum, enum: enumOf(values), reason: deadletter.InvalidEnum}
}

func enumOf[T ~string](values []T) map[string]string {
	m := make(map[string]string, len(values))
	for _, v := range values {
		m[string(v)] = string(v)
	}
	return m
}

// units of limits (domain guide 1.2): working day, calendar day, hour, month.
func units() []string { return []string{"W", "C", "H", "M"} }

// itemTypes are the values of item_type (domain guide 1.3 table 1.2).
func itemTypes() []string {
	return []string{"license", "penalty", "coercion", "levy", "payment", "inspect", "confirm", "reward", "ruling",
		"other_power", "public_service"}
}

func projectTypes() []string { return []string{"immediate", "promised", "joint", "forward"} }

// maxDays bounds limits in any unit: a century of days.
const maxDays = 36525
