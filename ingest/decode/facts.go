package decode

import (
	"duban/ingest/event"

	"duban/ingest/deadletter"
)

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
