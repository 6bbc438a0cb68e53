package decode

import (
	"duban/ingest/deadletter"
	"duban/ingest/event"
)

// topicKind is how the facts of a topic are read. The file of each kind of fact registers its
// own, by a package variable.
type topicKind struct {
	shape func() *shape
	read  func() reader
}

var kinds = map[event.Topic]topicKind{}

func register(t event.Topic, shape func() *shape, read func() reader) struct{} {
	kinds[t] = topicKind{shape, read}
	return struct{}{}
}

// shapes returns the fields of every topic, fresh for one decoder.
func shapes() []*shape {
	var out []*shape
	for _, t := range event.Topics() {
		out = append(out, kinds[t].shape())
	}
	return out
}

func regionField() field { return field{name: "region_code", kind: kRegion} }

func payloadField() field { return field{name: "payload", kind: kPayload} }

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
