package decode

import (
	"encoding/json"
	"testing"

	"duban/ingest/event"
)

// FuzzDecode: no input panics or is taken without being valid JSON, decoding
// is deterministic, and decoder and schema agree.
func FuzzDecode(f *testing.F) {
	for i, r := range refusals {
		if len(r.value) < 10000 {
			f.Add([]byte(r.value), uint8(i))
		}
	}
	f.Add([]byte(aCase(`,"payload":{"b":[{"x":"\u00e9\ud83d\ude00"}],"a":1e5}`)), uint8(0))
	f.Add([]byte(aCase(`,"payload":{"b":"x","a":-12,"is_test":false,"applicant_name":"张三","applicant_id":610802,"days":null}`)), uint8(0))
	f.Add([]byte(aCase(`,"payload":{"a":01}`)), uint8(0))
	f.Add([]byte(aCase(`,"payload":{"a":1,"a":2}`)), uint8(0))
	f.Add([]byte(aCase(`,"payload":{"a":nulll}`)), uint8(0))
	d, again := newDecoder(f), newDecoder(f)
	topics := event.Topics()
	f.Fuzz(func(t *testing.T, value []byte, n uint8) {
		topic := topics[int(n)%len(topics)]
		m := &Message{Topic: topic, ReceivedAt: arrived, Value: value}
		key, rej := d.Check(m)
		if rej == nil && !json.Valid(value) {
			t.Fatalf("taken, but no JSON: %q", value)
		}
		key2, rej2 := again.Check(m)
		if key != key2 || (rej == nil) != (rej2 == nil) || rej != nil && *rej != *rej2 {
			t.Fatalf("two decoders differ about %q: %v and %v", value, rej, rej2)
		}
		if rej == nil && topic == event.TopicCases {
			var c event.Case
			_ = d.Case(m, &c)
			if c.Payload != "" && !json.Valid([]byte(c.Payload)) {
				t.Fatalf("payload is no JSON any more: %q", c.Payload)
			}
		}
		if d.sh != nil && rej == nil {
			sameFullReading(t, d, m)
		}
		agree(t, d, d.explain.schemas[topic], topic, value)
	})
}

// sameFullReading: what the quick reading takes, the full one takes alike.
func sameFullReading(t *testing.T, d *Decoder, m *Message) {
	d.sh, d.prefix = d.shapes[m.Topic], ""
	d.restart()
	if d.plain = plainText(m.Value); !d.plain || !d.quick(m.Value) {
		return
	}
	quick, seen := d.slots, d.seen
	if d.walked {
		flat, top := string(d.walk.out), d.walk.top
		out, ok := d.walk.run(d.slots[d.sh.payloadAt].s)
		if !ok || string(out) != flat {
			t.Fatalf("the payload of %q becomes %q in one pass and %q in two", m.Value, flat, out)
		}
		for i := range top {
			if string(top[i].raw) != string(d.walk.top[i].raw) {
				t.Fatalf("the passes differ about payload key %d of %q", i, m.Value)
			}
		}
	}
	d.restart()
	if !d.object(m.Value) {
		t.Fatalf("the full reading refuses (%v) what the quick one takes: %q", d.rej, m.Value)
	}
	if d.seen != seen {
		t.Fatalf("the readings see different fields of %q", m.Value)
	}
	for i := range d.sh.n {
		if string(quick[i].s) != string(d.slots[i].s) || quick[i].n != d.slots[i].n {
			t.Fatalf("the readings differ in field %s of %q", d.sh.fields[i].name, m.Value)
		}
	}
}
