package lifecycle

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func read(raw string) payload {
	var p payload
	newPayloadReader().read(raw, &p)
	return p
}

func TestPayloadKeys(t *testing.T) {
	p := read(`{"is_test":true,"secret":false,"other":{"legal_days":9,"list":[1,{"a":2}]},"legal_days":20,"legal_unit":"W","promise_days":7.0,
		"source_due_at":"2018-10-24T12:00:00.5+08:00","source_on_time":"OVERDUE","attributes":{"a":"1","n":5,"b":"\u529e"},
		"suspend_type":"hearing","approved_days":0,"target_event_id":"x",
		"set":{"event_time":"2018-10-24T04:00:00Z","payload":{"days": 3},"z":1}}`)
	assert.Equal(t, yes, p.test)
	assert.Equal(t, no, p.secret)
	assert.Equal(t, absent, p.urgent)
	assert.Equal(t, NullInt32{20, true}, p.legalDays, "keys below other objects are not ours")
	assert.Equal(t, NullInt32{7, true}, p.promiseDays)
	assert.Equal(t, NullInt32{0, true}, p.approvedDays)
	assert.Equal(t, NullInt32{}, p.days)
	assert.Equal(t, time.Date(2018, 10, 24, 4, 0, 0, 5e8, time.UTC).UnixMilli(), p.sourceDueAt)
	assert.Equal(t, []Attribute{{"a", "1"}, {"b", "办"}}, p.attributes)
	assert.Equal(t, `{"days": 3}`, p.setBody)
	assert.Equal(t, time.Date(2018, 10, 24, 4, 0, 0, 0, time.UTC).UnixMilli(), p.setAt)
	assert.Equal(t, "hearing W OVERDUE x", p.suspendType+" "+p.legalUnit+" "+p.sourceOnTime+" "+p.target)
}

func TestPayloadOfTheWrongKindGivesNothing(t *testing.T) {
	assert.Equal(t, payload{}, read(`{"is_test":"true","legal_days":"7","days":-1,"approved_days":2.5,"limit_days":99999999999,`+
		`"legal_unit":3,"source_due_at":"2018-10-24","set":[],"attributes":"x","promise_days":null}`))
	for _, raw := range []string{``, `{}`, `[]`, `"x"`, `{"days":1`, `{"days":1}}`, "{\"days\":1}\x00", `null`} {
		assert.Equal(t, payload{}, read(raw), raw)
	}
}

func TestPayloadOverlay(t *testing.T) {
	r, p := newPayloadReader(), payload{}
	r.read(`{"legal_days":10,"promise_days":7,"suspend_type":"hearing"}`, &p)
	r.read(`{"promise_days":5,"legal_days":null}`, &p)
	assert.Equal(t, payload{promiseDays: NullInt32{5, true}, suspendType: "hearing"}, p)
}

func FuzzPayload(f *testing.F) {
	f.Add(`{"is_test":true,"legal_days":20,"attributes":{"a":"1"},"set":{"payload":{"days":3},"event_time":"2018-10-24T04:00:00Z"}}`)
	f.Add(`{"days":1e3,"source_due_at":"9999-01-01T00:00:00Z"}`)
	f.Add(`{"a":[[[[{}]]]],"set":{"payload":"x"}}`)
	f.Fuzz(func(t *testing.T, raw string) {
		p := read(raw)
		for _, n := range []NullInt32{p.legalDays, p.promiseDays, p.limitDays, p.approvedDays, p.days} {
			if n.V < 0 || (!n.OK && n.V != 0) {
				t.Fatalf("number %+v from %q", n, raw)
			}
		}
		if p.sourceDueAt < 0 || p.sourceDueAt > Still || p.setAt < 0 || p.setAt > Still {
			t.Fatalf("instant out of range from %q", raw)
		}
		again := p
		newPayloadReader().read(raw, &again)
		if len(again.attributes) != len(p.attributes) || again.legalDays != p.legalDays || again.setBody != p.setBody {
			t.Fatalf("reading %q twice differs", raw)
		}
	})
}
