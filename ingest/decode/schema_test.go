package decode

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"duban/ingest/deadletter"
	"duban/ingest/decode/scalar"
	"duban/ingest/event"
)

// beyondSchema are the reasons that no JSON Schema can give.
func beyondSchema(r deadletter.Reason, doc any) bool {
	switch r {
	case deadletter.TooLarge, deadletter.InvalidUTF8, deadletter.DuplicateKey, deadletter.NestingTooDeep,
		deadletter.TimeTooEarly, deadletter.TimeInFuture, deadletter.RatingBeforeService:
		return true
	case deadletter.InvalidIdentifier:
		return longInBytes(doc)
	case deadletter.InvalidDate, deadletter.PayloadFieldInvalid:
		return true // only where the test's own generator says so, see agree
	}
	return false
}

// longInBytes finds a text that is short in characters and long in bytes.
func longInBytes(doc any) bool {
	switch v := doc.(type) {
	case string:
		return len(v) > MaxIdentifierBytes
	case map[string]any:
		for _, e := range v {
			if longInBytes(e) {
				return true
			}
		}
	}
	return false
}

func compiled(t testing.TB, topic event.Topic) *jsonschema.Schema {
	t.Helper()
	text, err := Schema(topic)
	require.NoError(t, err)
	sch, err := compile(string(topic), text)
	require.NoError(t, err)
	return sch
}

// agree fails when the decoder and the schema differ about a message.
func agree(t rapid.TB, d *Decoder, sch *jsonschema.Schema, topic event.Topic, value []byte) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(value))
	if err != nil || scalar.HugeExponent(value) || bytes.Contains(value, []byte("specversion")) {
		return
	}
	verr := sch.Validate(doc)
	_, rej := d.Check(&Message{Topic: topic, ReceivedAt: arrived, Value: value})
	switch {
	case rej == nil && verr != nil:
		t.Fatalf("decoder takes what the schema refuses: %s\n%v", value, verr)
	case rej != nil && verr == nil && topic == event.TopicMeasurements && periodReversed(rej, doc):
	case rej != nil && verr == nil && !beyondSchema(rej.Reason, doc):
		t.Fatalf("decoder refuses (%v) what the schema takes: %s", rej, value)
	case rej != nil && verr == nil && rej.Reason == deadletter.InvalidDate && !strings.HasPrefix(rej.Field, "/valid_"):
		t.Fatalf("decoder refuses (%v) a date the schema takes: %s", rej, value)
	case rej != nil && verr == nil && rej.Reason == deadletter.PayloadFieldInvalid && !timeOutOfRange(rej, doc):
		t.Fatalf("decoder refuses (%v) a payload the schema takes: %s", rej, value)
	}
}

// periodReversed allows the check of measurements that no schema can express.
func periodReversed(rej *Reject, doc any) bool {
	m := doc.(map[string]any)
	from, _ := time.Parse(time.RFC3339, fmt.Sprint(m["from"]))
	to, _ := time.Parse(time.RFC3339, fmt.Sprint(m["to"]))
	return rej.Reason == deadletter.InvalidTime && rej.Field == "/to" && !to.After(from)
}

// timeOutOfRange allows the two payload checks beyond the schema: instants
// outside 2000 to 2299 and identifiers that are long in bytes only.
func timeOutOfRange(rej *Reject, doc any) bool {
	return rej.Field == "/payload/source_due_at" || longInBytes(doc.(map[string]any)["payload"])
}

// words are values that are right somewhere and wrong elsewhere.
func words(topic event.Topic) []any {
	all := []any{nil, true, false, 0, 1, 5, -1, 6, 1.0, 1.5, json.RawMessage("1e2"), json.RawMessage("9223372036854775808"),
		4294967295, 4294967296,
		"", " ", "\u200b\u3000\ufeff\u2060", "x", "\u200b张三", "a\x01b", "a\u0085b",
		strings.Repeat("长", 100), strings.Repeat("x", 201), "610802", "6108021", "610802001001",
		"2026-02-27T09:00:00+08:00", "2026-02-27T09:00:00Z", "2026-02-27T09:00:00.123456789Z", "2026-02-27T09:00:00.1234567890Z",
		"2026-02-27T09:00:00", "2026-02-27t09:00:00z", "2026-02-30T09:00:00Z", "2026-02-27T24:00:00Z", "2026-02-27T23:59:60Z",
		"2026-02-27T09:00:00+24:00",
		"2026-02-27", "2026-13-01", "1999-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "0000-01-01",
		"W", "Q", "alert", "notice", "supervisor", "public", 1e18, json.RawMessage("1000000000000000001"), json.RawMessage("-0.0"), "web",
		"phone", "sms", "help", "license", "promised", "approved", "hearing", "dept", "law", "source",
		map[string]any{}, []any{}, map[string]any{"a": "b"}, map[string]any{"a": 1}, map[string]any{"": 1},
		map[string]any{"a": -2.5e-3, "b": json.RawMessage("1000000000000000001")}, map[string]any{"a\x01": 1},
		map[string]any{"event_time": "2026-02-27T09:00:00Z"},
		map[string]any{"payload": map[string]any{}}, map[string]any{"case_no": "x"}}
	types := event.CaseTypes()
	for _, t := range types {
		all = append(all, string(t))
	}
	if topic == event.TopicTickets {
		for _, t := range event.TicketTypes() {
			all = append(all, string(t))
		}
	}
	return all
}

func payloadNames() []string {
	return []string{"is_test", "secret", "urgent", "source_due_at", "limit_regime", "attributes", "legal_days", "legal_unit", "promise_days",
		"promise_unit", "suspend_type", "approved_days", "days", "result_type", "actor", "to_org", "target_event_id",
		"approver", "set", "accepted",
		"applicant_name", "note"}
}

// valid returns a message that is right, so that a change of one field is
// what decides.
func valid(sh *shape, eventType string) map[string]any {
	m := map[string]any{}
	for _, f := range sh.fields {
		if !f.required {
			continue
		}
		switch f.kind {
		case kTime:
			m[f.name] = "2026-02-27T09:00:00+08:00"
		case kDate:
			m[f.name] = "2026-02-27"
		case kInt:
			m[f.name] = 3
		case kEnum:
			m[f.name] = map[string]string{"subject_kind": "order", "role": "leader"}[f.name]
			if f.name == "event_type" {
				m[f.name] = eventType
			}
		case kValues:
			m[f.name] = map[string]any{"a": 1}
		default:
			m[f.name] = "x"
		}
	}
	if _, ok := m["to"]; ok {
		m["to"] = "2026-02-28T09:00:00+08:00"
	}
	m["payload"] = map[string]any{"days": 5, "suspend_type": "hearing", "to_org": "o", "target_event_id": "e", "approver": "a"}
	return m
}

func TestDecoderAndSchemaAgree(t *testing.T) {
	d := newDecoder(t)
	for _, sh := range shapes() {
		sch, ws := compiled(t, sh.topic), words(sh.topic)
		t.Run(string(sh.topic), rapid.MakeCheck(func(t *rapid.T) {
			eventType := "apply"
			if sh.topic == event.TopicTickets {
				eventType = string(rapid.SampledFrom(event.TicketTypes()).Draw(t, "type"))
			} else if sh.typeAt >= 0 {
				eventType = string(rapid.SampledFrom(event.CaseTypes()).Draw(t, "type"))
			}
			m := valid(sh, eventType)
			payload := m["payload"].(map[string]any)
			for range rapid.IntRange(0, 4).Draw(t, "changes") {
				value := rapid.SampledFrom(ws).Draw(t, "value")
				switch rapid.IntRange(0, 5).Draw(t, "where") {
				case 0, 1, 2:
					m[sh.fields[rapid.IntRange(0, sh.n-1).Draw(t, "field")].name] = value
				case 3:
					payload[rapid.SampledFrom(payloadNames()).Draw(t, "key")] = value
				case 4:
					delete(payload, rapid.SampledFrom(payloadNames()).Draw(t, "key"))
				case 5:
					delete(m, sh.fields[rapid.IntRange(0, sh.n-1).Draw(t, "field")].name)
				}
			}
			if rapid.IntRange(0, 20).Draw(t, "stranger") == 0 {
				m["colour"] = 1
			}
			text, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			agree(t, d, sch, sh.topic, text)
		}))
	}
}

func TestSchemasListExactlyTheFieldsOfTheDecoder(t *testing.T) {
	for _, sh := range shapes() {
		text, err := Schema(sh.topic)
		require.NoError(t, err)
		var doc struct {
			ID         string `json:"$id"`
			Properties map[string]json.RawMessage
			Required   []string
		}
		require.NoError(t, json.Unmarshal(text, &doc))
		require.Equal(t, "urn:duban:schema:"+string(sh.topic)+":"+SchemaVersion, doc.ID)
		var names, required []string
		for _, f := range sh.fields {
			names = append(names, f.name)
			if f.required {
				required = append(required, f.name)
			}
		}
		var listed []string
		for n := range doc.Properties {
			listed = append(listed, n)
		}
		require.ElementsMatch(t, names, listed)
		require.ElementsMatch(t, required, doc.Required)
	}
}

func TestEnvelopeSchemaTakesWhatTheDecoderTakes(t *testing.T) {
	text, err := EnvelopeSchema()
	require.NoError(t, err)
	sch, err := compile("cloudevents", text)
	require.NoError(t, err)
	d := newDecoder(t)
	for value, ok := range map[string]bool{
		anEnvelope("1.0", "cn.duban.case.apply", `{"case_no":"1"}`): true,
		anEnvelope("0.3", "cn.duban.case.apply", `{"case_no":"1"}`): false,
		anEnvelope("1.0", "apply", `[]`):                            false,
		`{"specversion":"1.0","type":"apply","source":"s","data":{"case_no":"1","event_id":"e","event_time":"2026-02-27T09:00:00Z"}}`: false,
		`{"specversion":"1.0","id":"i","type":"apply","source":"s","datacontenttype":"text/xml","data":{"case_no":"1","event_id":"e",` +
			`"event_time":"2026-02-27T09:00:00Z"}}`: false,
		`{"specversion":"1.0","id":"i","type":"apply","source":"s","datacontenttype":"application/json","data":{"case_no":"1","event_id":"e",` +
			`"event_time":"2026-02-27T09:00:00Z"}}`: true,
	} {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(value))
		require.NoError(t, err)
		_, rej := d.Check(message(event.TopicCases, value))
		require.Equal(t, ok, sch.Validate(doc) == nil, value)
		require.Equal(t, ok, rej == nil, value)
	}
}

// TestCanonicalFormIsStable shuffles and reformats random documents: the
// canonical bytes stay, parse to the same value, and are a fixed point.
func TestCanonicalFormIsStable(t *testing.T) {
	d := newDecoder(t)
	rapid.Check(t, func(t *rapid.T) {
		doc := map[string]any{"k": randomValue(t, 4), "l": randomValue(t, 3), "m": randomValue(t, 2)}
		rng := rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "seed")))
		first := run(d, shuffled(rng, doc))
		if second := run(d, shuffled(rng, doc)); first != second {
			t.Fatalf("two forms of one document differ:\n%s\n%s", first, second)
		}
		if again := run(d, first); again != first {
			t.Fatalf("canonical form is no fixed point:\n%s\n%s", first, again)
		}
		want, _ := json.Marshal(doc)
		if got := reencode(first); got != reencode(string(want)) {
			t.Fatalf("canonical form changed the value:\n%s\n%s", want, first)
		}
	})
}

func reencode(s string) string {
	var v any
	if json.Unmarshal([]byte(s), &v) != nil {
		return "not JSON: " + s
	}
	b, _ := json.Marshal(v)
	return string(b)
}

func run(d *Decoder, in string) string {
	out, ok := d.walk.run([]byte(in))
	if !ok {
		return "refused: " + string(d.walk.reason)
	}
	return string(out)
}

func randomValue(t *rapid.T, depth int) any {
	switch n := rapid.IntRange(0, 6).Draw(t, "kind"); {
	case n == 0 && depth > 0:
		m := map[string]any{}
		for range rapid.IntRange(0, 5).Draw(t, "size") {
			m[rapid.StringN(0, 6, -1).Draw(t, "key")+"_"] = randomValue(t, depth-1)
		}
		return m
	case n == 1 && depth > 0:
		l := []any{}
		for range rapid.IntRange(0, 4).Draw(t, "size") {
			l = append(l, randomValue(t, depth-1))
		}
		return l
	case n == 2:
		return rapid.Bool().Draw(t, "bool")
	case n == 3:
		return rapid.IntRange(-1e6, 1e6).Draw(t, "number")
	case n == 4:
		return nil
	}
	return strings.ToValidUTF8(rapid.String().Draw(t, "text"), "?")
}

// shuffled writes a value with random key order, white space and escapes.
func shuffled(rng *rand.Rand, v any) string {
	gap := []string{"", " ", "\n\t"}[rng.IntN(3)]
	switch v := v.(type) {
	case map[string]any:
		var keys []string
		for k := range v {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		rng.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		var parts []string
		for _, k := range keys {
			parts = append(parts, gap+quoted(rng, k)+gap+":"+gap+shuffled(rng, v[k])+gap)
		}
		return "{" + gap + strings.Join(parts, ",") + "}"
	case []any:
		var parts []string
		for _, e := range v {
			parts = append(parts, gap+shuffled(rng, e)+gap)
		}
		return "[" + gap + strings.Join(parts, ",") + "]"
	case string:
		return quoted(rng, v)
	}
	b, _ := json.Marshal(v)
	return string(b)
}

func quoted(rng *rand.Rand, s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r < 0x10000 && (r < 0x20 || rng.IntN(4) == 0):
			fmt.Fprintf(&b, `\u%04x`, r)
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
