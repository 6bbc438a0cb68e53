package decode

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/deadletter"
	"duban/ingest/event"
)

// arrived is when the messages of the tests reached the broker.
var arrived = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).UnixMilli()

func newDecoder(t testing.TB) *Decoder {
	t.Helper()
	d, err := New(Config{TokenKey: []byte("0123456789abcdef0123456789abcdef")})
	require.NoError(t, err)
	return d
}

func message(topic event.Topic, value string) *Message {
	return &Message{Topic: topic, Partition: 3, Offset: 42, ReceivedAt: arrived, Value: []byte(value)}
}

// aCase is a valid case event; with replaces or adds text before its end.
func aCase(more string) string {
	return `{"event_id":"e1","source_sys":"hall","case_no":"A-1","event_type":"apply","event_time":"2026-02-27T09:00:00+08:00"` + more + `}`
}

func TestCaseCarriesEveryField(t *testing.T) {
	var c event.Case
	rej := newDecoder(t).Case(message(event.TopicCases, `{"event_id":"e1","revision":2,"source_sys":"hall","case_no":"A-1","seq":7,
		"event_type":"accept","event_time":"2026-02-27T09:00:00.123456789+08:00","emit_time":"2026-02-27T01:00:01Z",
		"region_code":"610802001","org_code":"o1","accept_org":"o2","task_code":"t1","task_version":"3","window_id":"w","staff_id":"s",
		"apply_channel":"web","activity":"受理","lifecycle":"complete","payload":{"revision_approver":"head","b":1,"a":"x"}}`), &c)
	require.Nil(t, rej)
	require.Equal(t, "hall", c.SourceSys)
	require.Equal(t, "A-1", c.CaseNo)
	require.Equal(t, uint32(2), c.Revision)
	require.Equal(t, int64(7), c.Seq)
	require.Equal(t, event.Accept, c.Type)
	require.Equal(t, time.Date(2026, 2, 27, 1, 0, 0, 123e6, time.UTC).UnixMilli(), c.OccurredAt)
	require.Equal(t, time.Date(2026, 2, 27, 1, 0, 1, 0, time.UTC).UnixMilli(), c.EmittedAt)
	require.Equal(t, "610802001", c.RegionCode)
	require.Equal(t, []string{"o1", "o2", "t1", "3", "w", "s", "web", "受理", "complete"},
		[]string{c.OrgCode, c.AcceptOrg, c.TaskCode, c.TaskVersion, c.WindowID, c.StaffID, c.ApplyChannel, c.Activity, c.Lifecycle})
	require.Equal(t, `{"a":"x","b":1,"revision_approver":"head"}`, c.Payload)
	require.Equal(t, event.Origin{Topic: event.TopicCases, Partition: 3, Offset: 42, ReceivedAt: arrived}, c.Origin)
}

// refusals has at least one message for every reason that decoding can give.
var refusals = []struct {
	name   string
	topic  event.Topic
	value  string
	reason deadletter.Reason
	field  string
}{
	{"no value", event.TopicCases, ``, deadletter.EmptyMessage, ""},
	{"white space", event.TopicCases, "  \n", deadletter.EmptyMessage, ""},
	{"over the limit", event.TopicCases, aCase(`,"payload":{"x":"` + strings.Repeat("y", DefaultMaxBytes) + `"}`), deadletter.TooLarge, ""},
	{"bytes that are no UTF-8", event.TopicCases, aCase(",\"activity\":\"\xff\xfe\""), deadletter.InvalidUTF8, ""},
	{"half a surrogate pair", event.TopicCases, aCase(`,"activity":"\ud800"`), deadletter.InvalidUTF8, ""},
	{"cut off", event.TopicCases, `{"event_id":"e1"`, deadletter.MalformedJSON, ""},
	{"two objects", event.TopicCases, aCase("") + aCase(""), deadletter.MalformedJSON, ""},
	{"malformed after an unknown field", event.TopicCases, `{"colour":1,"x":}`, deadletter.MalformedJSON, ""},
	{"an array", event.TopicCases, `[` + aCase("") + `]`, deadletter.NotAnObject, ""},
	{"a string", event.TopicCases, `"x"`, deadletter.NotAnObject, ""},
	{"a field twice", event.TopicCases, aCase(`,"case_no":"A-1"`), deadletter.DuplicateKey, "/case_no"},
	{"a payload key twice", event.TopicCases, aCase(`,"payload":{"a":1,"b":{"c":1,"c":2}}`), deadletter.DuplicateKey, "/payload"},
	{"a payload key twice, once escaped", event.TopicCases, aCase(`,"payload":{"a":1,"\u0061":2}`), deadletter.DuplicateKey, "/payload"},
	{"nested too deep", event.TopicCases, aCase(`,"payload":{"a":` + strings.Repeat("[", 31) + strings.Repeat("]", 31) + `}`),
		deadletter.NestingTooDeep, ""},
	{"nested far too deep", event.TopicCases, aCase(`,"payload":{"a":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`),
		deadletter.NestingTooDeep, ""},
	{"no case number", event.TopicCases, `{"event_id":"e1","source_sys":"hall","event_type":"apply","event_time":"2026-02-27T09:00:00Z"}`,
		deadletter.MissingField, "/case_no"},
	{"null case number", event.TopicCases, `{"event_id":"e1","source_sys":"hall","case_no":null,"event_type":"apply",` +
		`"event_time":"2026-02-27T09:00:00Z"}`, deadletter.MissingField, "/case_no"},
	{"a field nobody knows", event.TopicCases, aCase(`,"colour":"red"`), deadletter.UnknownField, "/colour"},
	{"a number for a text", event.TopicCases, aCase(`,"org_code":5`), deadletter.WrongType, "/org_code"},
	{"a payload that is a list", event.TopicCases, aCase(`,"payload":[]`), deadletter.WrongType, "/payload"},
	{"an unknown channel", event.TopicCases, aCase(`,"apply_channel":"carrier_pigeon"`), deadletter.InvalidEnum, "/apply_channel"},
	{"an unknown event type", event.TopicCases, strings.Replace(aCase(""), `"apply"`, `"applied"`, 1), deadletter.InvalidEnum, "/event_type"},
	{"a fraction for seq", event.TopicCases, aCase(`,"seq":1.5`), deadletter.InvalidNumber, "/seq"},
	{"a seq wider than 64 bits", event.TopicCases, aCase(`,"seq":9223372036854775808`), deadletter.InvalidNumber, "/seq"},
	{"an exponent bomb", event.TopicCases, aCase(`,"seq":1e999999999`), deadletter.InvalidNumber, "/seq"},
	{"an empty identifier", event.TopicCases, strings.Replace(aCase(""), `"A-1"`, `""`, 1), deadletter.InvalidIdentifier, "/case_no"},
	{"a long identifier", event.TopicCases, strings.Replace(aCase(""), `A-1`, strings.Repeat("x", 201), 1),
		deadletter.InvalidIdentifier, "/case_no"},
	{"a control character", event.TopicCases, strings.Replace(aCase(""), `A-1`, `A\u001f1`, 1), deadletter.InvalidIdentifier, "/case_no"},
	{"a slash date", event.TopicCases, strings.Replace(aCase(""), `2026-02-27T09:00:00+08:00`, `2026/02/27 09:00`, 1),
		deadletter.InvalidTime, "/event_time"},
	{"30 February", event.TopicCases, strings.Replace(aCase(""), `02-27`, `02-30`, 1), deadletter.InvalidTime, "/event_time"},
	{"a date alone", event.TopicCases, strings.Replace(aCase(""), `T09:00:00+08:00`, ``, 1), deadletter.InvalidTime, "/event_time"},
	{"no zone", event.TopicCases, strings.Replace(aCase(""), `+08:00`, ``, 1), deadletter.TimeWithoutZone, "/event_time"},
	{"1999", event.TopicCases, strings.Replace(aCase(""), `2026-02-27T09:00:00+08:00`, `1999-12-31T23:59:59Z`, 1),
		deadletter.TimeTooEarly, "/event_time"},
	{"six minutes ahead", event.TopicCases, strings.Replace(aCase(""), `2026-02-27T09:00:00+08:00`, `2026-03-01T12:06:00Z`, 1),
		deadletter.TimeInFuture, "/event_time"},
	{"sent in the future", event.TopicCases, aCase(`,"emit_time":"2027-01-01T00:00:00Z"`), deadletter.TimeInFuture, "/emit_time"},
	{"a division code of seven digits", event.TopicCases, aCase(`,"region_code":"6108021"`), deadletter.InvalidRegionCode, "/region_code"},
	{"a negative revision", event.TopicCases, aCase(`,"revision":-1`), deadletter.InvalidRevision, "/revision"},
	{"a revision that nobody approved", event.TopicCases, aCase(`,"revision":1`), deadletter.PayloadFieldMissing,
		"/payload/revision_approver"},
	{"a version of an item that replaces another without approver", event.TopicItems,
		`{"event_id":"i","source_sys":"s","task_code":"t","task_version":"1",` +
			`"name":"n","valid_from":"2026-01-01","promise_days":60,"promise_unit":"W","revision":1}`,
		deadletter.PayloadFieldMissing, "/payload/revision_approver"},
	{"a measurement that replaces another without approver", event.TopicMeasurements,
		`{"event_id":"m","source_sys":"s","name":"hotline_calls","from":` +
			`"2026-02-27T00:00:00+08:00","to":"2026-02-28T00:00:00+08:00","values":{"queued":1},"revision":1}`,
		deadletter.PayloadFieldMissing, "/payload/revision_approver"},
	{"a revision that makes a fact another one", event.TopicCases, strings.Replace(aCase(`,"revision":2,"payload":{"revision_approver":" "}`),
		`"apply"`, `"activity"`, 1), deadletter.PayloadFieldInvalid, "/payload/revision_approver"},
	{"a revised pause names another's approver", event.TopicCases, strings.Replace(aCase(`,"revision":1,"payload":{"days":3,"approver":"h"}`),
		`"apply"`, `"extend"`, 1), deadletter.PayloadFieldMissing, "/payload/revision_approver"},
	{"a revision of a ticket that nobody approved", event.TopicTickets,
		`{"event_id":"e","source_sys":"s","ticket_no":"t","revision":1,"event_type":"t_note","event_time":"2026-02-27T09:00:00Z"}`,
		deadletter.PayloadFieldMissing, "/payload/revision_approver"},
	{"a revision of a rating that nobody approved", event.TopicRatings,
		`{"rating_id":"r","source_sys":"s","revision":1,"rated_at":"2026-02-27T09:00:00Z","level":4}`,
		deadletter.PayloadFieldMissing, "/payload/revision_approver"},
	{"a pause without its type", event.TopicCases, strings.Replace(aCase(""), `"apply"`, `"suspend_start"`, 1), deadletter.PayloadFieldMissing,
		"/payload/suspend_type"},
	{"a transfer without its target", event.TopicCases, strings.Replace(aCase(`,"payload":{"to_org":null}`), `"apply"`, `"transfer"`, 1),
		deadletter.PayloadFieldMissing, "/payload/to_org"},
	{"an extension by 0 days", event.TopicCases, strings.Replace(aCase(`,"payload":{"days":0}`), `"apply"`, `"extend"`, 1),
		deadletter.PayloadFieldInvalid, "/payload/days"},
	{"a flag as text", event.TopicCases, aCase(`,"payload":{"is_test":"yes"}`), deadletter.PayloadFieldInvalid, "/payload/is_test"},
	{"a deadline without zone", event.TopicCases, aCase(`,"payload":{"source_due_at":"2026-03-09T00:00:00"}`), deadletter.PayloadFieldInvalid,
		"/payload/source_due_at"},
	{"an amendment of the case number", event.TopicCases, strings.Replace(aCase(`,"payload":{"target_event_id":"e0","approver":"h",`+
		`"set":{"case_no":"B"}}`), `"apply"`, `"amend"`, 1), deadletter.PayloadFieldInvalid, "/payload/set"},
	// Domain guide 2.2 and 2.6: a void or an amend needs an approver; event_time in the bounds of 2.6.
	{"a void without an approver", event.TopicCases, strings.Replace(aCase(`,"payload":{"target_event_id":"e0","reason":"r"}`), `"apply"`,
		`"void"`, 1), deadletter.PayloadFieldMissing, "/payload/approver"},
	{"an amend without an approver", event.TopicCases, strings.Replace(aCase(`,"payload":{"target_event_id":"e0","approver":null,"set":{}}`),
		`"apply"`, `"amend"`, 1), deadletter.PayloadFieldMissing, "/payload/approver"},
	{"a blank approver", event.TopicCases, strings.Replace(aCase(`,"payload":{"target_event_id":"e0","approver":" "}`), `"apply"`, `"void"`,
		1), deadletter.PayloadFieldInvalid, "/payload/approver"},
	{"an approver of characters that cannot be seen", event.TopicCases, strings.Replace(aCase(",\"payload\":{\"target_event_id\":\"e0\","+
		"\"approver\":\"\u200b\u3000\ufeff\u2060\"}"), `"apply"`, `"void"`, 1), deadletter.PayloadFieldInvalid, "/payload/approver"},
	{"an approver without a letter", event.TopicCases, strings.Replace(aCase(`,"payload":{"target_event_id":"e0","approver":"-́."}`),
		`"apply"`, `"void"`, 1), deadletter.PayloadFieldInvalid, "/payload/approver"},
	{"an approver of escapes that cannot be seen", event.TopicTickets, `{"event_id":"e1","source_sys":"hotline","ticket_no":"T-1",` +
		`"event_type":"t_amend","event_time":"2026-02-27T09:00:00Z","payload":{"target_event_id":"e0","approver":"\u200b\u2060"}}`,
		deadletter.PayloadFieldInvalid, "/payload/approver"},
	{"a target that cannot be seen", event.TopicCases, strings.Replace(aCase(`,"payload":{"target_event_id":"\u200b","approver":"h"}`),
		`"apply"`, `"void"`, 1), deadletter.PayloadFieldInvalid, "/payload/target_event_id"},
	{"a case number that cannot be seen", event.TopicCases, strings.Replace(aCase(""), `A-1`, "\u200b\u3000", 1),
		deadletter.InvalidIdentifier, "/case_no"},
	{"an actor that cannot be seen", event.TopicActions, `{"event_id":"e1","source_sys":"duban","subject_kind":"order","subject_id":"o",` +
		`"action":"sign","expected_seq":1,"actor":"\ufeff","role":"leader","event_time":"2026-02-27T09:00:00Z"}`,
		deadletter.InvalidIdentifier, "/actor"},
	{"an item name that cannot be seen", event.TopicItems, `{"event_id":"e1","source_sys":"hall","task_code":"t","task_version":"1",` +
		`"name":"\u3000\u200b","valid_from":"2026-01-01"}`, deadletter.InvalidIdentifier, "/name"},
	{"a ticket's void without an approver", event.TopicTickets,
		`{"event_id":"e","source_sys":"s","ticket_no":"1","event_type":"t_void","event_time":"2026-02-27T09:00:00Z",` +
			`"payload":{"target_event_id":"e0"}}`, deadletter.PayloadFieldMissing, "/payload/approver"},
	{"a ticket's amend without an approver", event.TopicTickets,
		`{"event_id":"e","source_sys":"s","ticket_no":"1","event_type":"t_amend","event_time":"2026-02-27T09:00:00Z",` +
			`"payload":{"target_event_id":"e0"}}`, deadletter.PayloadFieldMissing, "/payload/approver"},
	{"an amend into the future", event.TopicCases, strings.Replace(aCase(`,"payload":{"target_event_id":"e0","approver":"h",`+
		`"set":{"event_time":"2026-03-01T12:06:00Z"}}`), `"apply"`, `"amend"`, 1), deadletter.TimeInFuture, "/payload/set/event_time"},
	{"an amend into 1999", event.TopicCases, strings.Replace(aCase(`,"payload":{"target_event_id":"e0","approver":"h",`+
		`"set":{"event_time":"1999-12-31T23:59:59Z"}}`), `"apply"`, `"amend"`, 1), deadletter.TimeTooEarly, "/payload/set/event_time"},
	{"a ticket's amend into the future", event.TopicTickets, `{"event_id":"e","source_sys":"s","ticket_no":"1","event_type":"t_amend",` +
		`"event_time":"2026-02-27T09:00:00Z","payload":{"target_event_id":"e0","approver":"h","set":{"event_time":"2099-02-27T09:00:00Z"}}}`,
		deadletter.TimeInFuture, "/payload/set/event_time"},
	{"an unknown ticket kind", event.TopicTickets, `{"event_id":"e","source_sys":"s","ticket_no":"1","event_type":"t_receive",` +
		`"event_time":"2026-02-27T09:00:00Z","kind":"rant"}`, deadletter.InvalidEnum, "/kind"},
	{"six stars", event.TopicRatings, `{"rating_id":"r","source_sys":"s","rated_at":"2026-02-27T09:00:00Z","level":6}`,
		deadletter.RatingLevelOutOfRange, "/level"},
	{"three and a half stars", event.TopicRatings, `{"rating_id":"r","source_sys":"s","rated_at":"2026-02-27T09:00:00Z","level":3.5}`,
		deadletter.InvalidNumber, "/level"},
	{"rated before it was served", event.TopicRatings, `{"rating_id":"r","source_sys":"s","rated_at":"2026-02-27T09:00:00Z",` +
		`"served_at":"2026-02-27T09:00:01Z","level":5}`, deadletter.RatingBeforeService, "/rated_at"},
	{"a version from 30 February", event.TopicItems, anItem(`"valid_from":"2026-02-30"`), deadletter.InvalidDate, "/valid_from"},
	{"a version that ends before it starts", event.TopicItems, anItem(`"valid_from":"2026-02-03","valid_to":"2026-02-03"`),
		deadletter.InvalidDate, "/valid_to"},
	{"a limit in weeks", event.TopicItems, anItem(`"valid_from":"2026-02-03","legal_unit":"weeks"`), deadletter.InvalidUnit, "/legal_unit"},
	{"a limit below zero", event.TopicItems, anItem(`"valid_from":"2026-02-03","legal_days":-1`), deadletter.InvalidNumber, "/legal_days"},
	{"level 9 of government", event.TopicOrganisations, `{"event_id":"e","source_sys":"s","org_code":"o","name":"n",` +
		`"valid_from":"2020-01-01","gov_level":9}`, deadletter.InvalidNumber, "/gov_level"},
	{"an action that is revised", event.TopicActions, anAction(`,"revision":1`), deadletter.InvalidRevision, "/revision"},
	{"an action on a case", event.TopicActions, strings.Replace(anAction(``), `"alert"`, `"case"`, 1),
		deadletter.InvalidEnum, "/subject_kind"},
	{"an action in no role", event.TopicActions, strings.Replace(anAction(``), `"handler"`, `"boss"`, 1), deadletter.InvalidEnum, "/role"},
	{"an action that expects nothing", event.TopicActions, strings.Replace(anAction(``), `"expected_seq":1,`, ``, 1),
		deadletter.MissingField, "/expected_seq"},
	{"a measurement of no period", event.TopicMeasurements, aMeasurement(`{"a":1}`, `,"to":"2026-02-26T00:00:00+08:00"`),
		deadletter.InvalidTime, "/to"},
	{"a measurement without numbers", event.TopicMeasurements, aMeasurement(`{}`, until), deadletter.MissingField, "/values"},
	{"a measured text", event.TopicMeasurements, aMeasurement(`{"a":"1"}`, until), deadletter.WrongType, "/values"},
	{"a measured list", event.TopicMeasurements, aMeasurement(`[1]`, until), deadletter.WrongType, "/values"},
	{"a measured infinity", event.TopicMeasurements, aMeasurement(`{"a":1e999}`, until), deadletter.InvalidNumber, "/values"},
	{"a name twice", event.TopicMeasurements, aMeasurement(`{"a":1,"b":2,"\u0061":3}`, until), deadletter.DuplicateKey, "/values"},
	{"a number without a name", event.TopicMeasurements, aMeasurement(`{"":1}`, until), deadletter.InvalidIdentifier, "/values"},
	{"CloudEvents 0.3", event.TopicCases, anEnvelope("0.3", "cn.duban.case.apply", `{"case_no":"A-1"}`),
		deadletter.CloudEventsUnsupportedVersion, "/specversion"},
	{"CloudEvents of another kind", event.TopicCases, anEnvelope("1.0", "com.example.order", `{"case_no":"A-1"}`),
		deadletter.CloudEventsUnknownType, "/type"},
	{"CloudEvents without data", event.TopicCases, anEnvelope("1.0", "cn.duban.case.apply", `null`),
		deadletter.CloudEventsDataMissing, "/data"},
	{"CloudEvents with a list", event.TopicCases, anEnvelope("1.0", "cn.duban.case.apply", `[]`), deadletter.WrongType, "/data"},
	{"CloudEvents whose data is wrong", event.TopicCases, anEnvelope("1.0", "cn.duban.case.apply", `{"case_no":""}`),
		deadletter.InvalidIdentifier, "/data/case_no"},
	{"CloudEvents whose id is no identifier", event.TopicCases, strings.Replace(anEnvelope("1.0", "cn.duban.case.apply", `{"case_no":"A-1"}`),
		`"ce-1"`, `""`, 1), deadletter.InvalidIdentifier, "/id"},
	{"CloudEvents with an attribute twice", event.TopicCases, strings.Replace(anEnvelope("1.0", "apply", `{"case_no":"A-1"}`), `"id"`,
		`"source":"x","id"`, 1), deadletter.DuplicateKey, "/source"},
}

func anItem(more string) string {
	return `{"event_id":"e","source_sys":"s","task_code":"t","task_version":"1","name":"n",` + more + `}`
}

func anAction(more string) string {
	return `{"event_id":"e","source_sys":"duban","subject_kind":"alert","subject_id":"9f","action":"ack","expected_seq":1,"actor":"u-17",` +
		`"role":"handler","event_time":"2026-02-27T09:00:00+08:00"` + more + `}`
}

// until is the end of the day that aMeasurement measures.
const until = `,"to":"2026-02-27T00:00:00+08:00"`

func aMeasurement(values, more string) string {
	return `{"event_id":"e","source_sys":"s","name":"hotline_calls","from":"2026-02-26T00:00:00+08:00","values":` + values + more + `}`
}

func anEnvelope(version, typ, data string) string {
	return `{"specversion":"` + version + `","id":"ce-1","source":"/hall","type":"` + typ +
		`","time":"2026-02-27T09:00:00+08:00","data":` + data + `}`
}

func TestEveryRefusalHasItsReason(t *testing.T) {
	d := newDecoder(t)
	// by tests of their own
	covered := map[deadletter.Reason]bool{deadletter.ConflictingRewrite: true, deadletter.RefusedByStore: true,
		deadletter.UnsignedAction: true}
	for _, r := range refusals {
		t.Run(r.name, func(t *testing.T) {
			_, rej := d.Check(message(r.topic, r.value))
			require.NotNil(t, rej)
			require.Equal(t, r.reason, rej.Reason, rej.Detail)
			require.Equal(t, r.field, rej.Field)
			require.NotEmpty(t, rej.Detail)
		})
		covered[r.reason] = true
	}
	for _, reason := range deadletter.Reasons() {
		require.True(t, covered[reason], "no message of this test is refused for %s", reason)
	}
}

func TestRefusalNamesTheSourceAndTheBrokenRule(t *testing.T) {
	_, rej := newDecoder(t).Check(message(event.TopicCases, aCase(`,"apply_channel":"secret value"`)))
	require.Equal(t, "hall", rej.SourceSys)
	require.Contains(t, rej.Detail, "schema case-events.v1, rule enum")
	require.NotContains(t, rej.Detail, "secret value")
}

func TestRefusalRepeatsNoValue(t *testing.T) {
	d := newDecoder(t)
	for _, r := range refusals {
		marked := strings.NewReplacer("A-1", "MARK", "hall", "MARK", "carrier_pigeon", "MARK").Replace(r.value)
		if _, rej := d.Check(message(r.topic, marked)); rej != nil {
			require.NotContains(t, rej.Detail, "MARK")
		}
	}
}

func TestFormattingIsNoRewrite(t *testing.T) {
	d := newDecoder(t)
	hash := func(v string) ([2]uint64, uint64) {
		var c event.Case
		require.Nil(t, d.Case(message(event.TopicCases, v), &c))
		return c.Identity, c.Content
	}
	id, content := hash(aCase(`,"payload":{"a":"é\"x","b":[1,{"c":2,"d":3}]}`))
	for name, same := range map[string]string{
		"white space":       aCase(` , "payload" : { "a" : "é\"x" , "b" : [ 1 , { "c" : 2 , "d" : 3 } ] } `),
		"key order":         aCase(`,"payload":{"b":[1,{"d":3,"c":2}],"a":"é\"x"}`),
		"escapes":           aCase(`,"payload":{"a":"\u00e9\u0022x","b":[1,{"\u0063":2,"d":3}]}`),
		"seq and emit time": aCase(`,"seq":9,"emit_time":"2026-02-27T02:00:00Z","payload":{"a":"é\"x","b":[1,{"c":2,"d":3}]}`),
		"other offset":      strings.Replace(aCase(`,"payload":{"a":"é\"x","b":[1,{"c":2,"d":3}]}`), "09:00:00+08:00", "01:00:00Z", 1),
		"null and empty":    aCase(`,"org_code":"","activity":null,"payload":{"a":"é\"x","b":[1,{"c":2,"d":3}]}`),
	} {
		sameID, sameContent := hash(same)
		require.Equal(t, id, sameID, name)
		require.Equal(t, content, sameContent, name)
	}
	for name, other := range map[string]string{
		"a payload value": aCase(`,"payload":{"a":"é\"x","b":[1,{"c":2,"d":4}]}`),
		"list order":      aCase(`,"payload":{"a":"é\"x","b":[{"c":2,"d":3},1]}`),
		"an organisation": aCase(`,"org_code":"o","payload":{"a":"é\"x","b":[1,{"c":2,"d":3}]}`),
		"no payload":      aCase(``),
	} {
		sameID, otherContent := hash(other)
		require.Equal(t, id, sameID, name)
		require.NotEqual(t, content, otherContent, name)
	}
}

func TestIdentityKeepsSourceIDAndRevisionApart(t *testing.T) {
	d := newDecoder(t)
	seen := map[[2]uint64]string{}
	for _, triple := range [][3]string{{"ab", "c", "0"}, {"a", "bc", "0"}, {"abc", "c", "0"}, {"ab", "c", "1"}, {"ab", "c1", "0"}} {
		var c event.Case
		require.Nil(t,
			d.Case(message(event.TopicCases, `{"event_id":"`+triple[1]+`","source_sys":"`+triple[0]+`","revision":`+triple[2]+
				`,"case_no":"1","event_type":"apply","event_time":"2026-02-27T09:00:00Z","payload":{"revision_approver":"h"}}`), &c))
		require.Empty(t, seen[c.Identity])
		seen[c.Identity] = strings.Join(triple[:], "|")
	}
}

func TestPersonalDataBecomesTokens(t *testing.T) {
	d := newDecoder(t)
	var c event.Case
	require.Nil(t, d.Case(message(event.TopicCases, aCase(`,"payload":{"applicant_name":"张三","deep":[{"caller_number":13800000000,`+
		`"address":{"street":"Main St","no":5}}],"note":"kept"}`)), &c))
	for _, personal := range []string{"张三", "13800000000", "Main St", ":5}"} {
		require.NotContains(t, c.Payload, personal)
	}
	require.Contains(t, c.Payload, `"note":"kept"`)
	require.Equal(t, 4, strings.Count(c.Payload, TokenPrefix))
	first := strings.Clone(c.Payload)

	require.Nil(t, d.Case(message(event.TopicCases, aCase(`,"payload":`+first)), &c))
	require.Equal(t, first, c.Payload, "a token stands for itself")

	other, err := New(Config{TokenKey: []byte("another key, long enough")})
	require.NoError(t, err)
	require.Nil(t, other.Case(message(event.TopicCases, aCase(`,"payload":{"applicant_name":"张三"}`)), &c))
	require.NotContains(t, first, c.Payload[len(`{"applicant_name":`):len(c.Payload)-1], "tokens depend on the key")
	// HMAC-SHA256 by hand: printf '张三' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef -binary | base32
	require.Contains(t, first, `"applicant_name":"tok:`+tokenOfZhangSan+`"`)
}

func TestPersonalKeysAreAllClassified(t *testing.T) {
	for _, k := range PersonalKeys() {
		_, personal := classify([]byte(k))
		require.True(t, personal, k)
	}
}

func TestStaffTextOfActionsStaysReadable(t *testing.T) {
	d := newDecoder(t)
	const payload = `,"payload":{"comment":"已核实","cause":"材料不全","more":{"comment":"deep","applicant_name":"张三","content":"words of a ` +
		`citizen"}}`
	for _, space := range []string{"", " "} { // in one pass and in two
		var a event.Action
		require.Nil(t, d.Action(message(event.TopicActions, space+anAction(payload)), &a))
		require.Contains(t, a.Payload, `"comment":"已核实"`)
		require.Contains(t, a.Payload, `"cause":"材料不全"`)
		require.Contains(t, a.Payload, `"comment":"deep"`)
		require.NotContains(t, a.Payload, "张三")
		require.NotContains(t, a.Payload, "citizen")
		var c event.Case
		require.Nil(t, d.Case(message(event.TopicCases, space+aCase(`,"payload":{"comment":"已核实"}`)), &c))
		require.NotContains(t, c.Payload, "已核实", "the next message is of another topic")
	}
}

func TestActionAndItsKey(t *testing.T) {
	var a event.Action
	require.Nil(t, newDecoder(t).Action(message(event.TopicActions, anAction(`,"org_code":"o","emit_time":"2026-02-27T01:00:01Z",`+
		`"payload":{"b":1,"a":2}`)), &a))
	require.Equal(t, []string{"duban", "e", "alert", "9f", "ack", "u-17", "handler", "o", `{"a":2,"b":1}`},
		[]string{a.SourceSys, a.EventID, a.SubjectKind, a.SubjectID, a.Action, a.Actor, a.Role, a.OrgCode, a.Payload})
	require.Equal(t, uint32(1), a.ExpectedSeq)
	require.Equal(t, time.Date(2026, 2, 27, 1, 0, 0, 0, time.UTC).UnixMilli(), a.OccurredAt)
	key, rej := newDecoder(t).Check(message(event.TopicActions, strings.Replace(anAction(""), "duban", "another", 1)))
	require.Nil(t, rej)
	require.Equal(t, event.PartitionKey("alert", "9f"), key, "whoever sends it: all actions on a subject keep their order")
}

func TestMeasurementIsSortedAndItsContentIsItsNumbers(t *testing.T) {
	d := newDecoder(t)
	read := func(value string) (m event.Measurement) {
		require.Nil(t, d.Measurement(message(event.TopicMeasurements, value), &m))
		m.Values = append([]event.Value(nil), m.Values...)
		return m
	}
	m := read(aMeasurement(`{"queued":1200,"answered":1150.5}`, until+`,"org_code":"o","region_code":"610800"`))
	require.Equal(t, []event.Value{{Name: "answered", Number: 1150.5}, {Name: "queued", Number: 1200}}, m.Values)
	require.Equal(t, int64(24*3600_000), m.To-m.From)
	other := read(aMeasurement(`{"answered":11505e-1, "queued":1.2e3}`, until+`,"org_code":"o","region_code":"610800"`))
	require.Equal(t, m.Content, other.Content, "numbers written differently are the same numbers")
	require.NotEqual(t, m.Content,
		read(aMeasurement(`{"queued":1200,"answered":1150}`, until+`,"org_code":"o","region_code":"610800"`)).Content)
	ahead := read(aMeasurement(`{"target":95}`, `,"to":"2030-01-01T00:00:00+08:00"`))
	require.Greater(t, ahead.To, arrived, "the period of a target ends in the future")
}

func TestTokenKeyIsRequired(t *testing.T) {
	_, err := New(Config{TokenKey: []byte("short")})
	require.ErrorIs(t, err, ErrTokenKey)
}

func TestCloudEventFillsWhatDataLeavesOut(t *testing.T) {
	d := newDecoder(t)
	var plain, wrapped, wins event.Case
	require.Nil(t, d.Case(message(event.TopicCases, `{"event_id":"ce-1","source_sys":"/hall","case_no":"A-1","event_type":"apply",`+
		`"event_time":"2026-02-27T09:00:00+08:00"}`), &plain))
	require.Nil(t, d.Case(message(event.TopicCases, anEnvelope("1.0", "cn.duban.case.apply", `{"case_no":"A-1"}`)), &wrapped))
	require.Equal(t, plain.Identity, wrapped.Identity)
	require.Equal(t, plain.Content, wrapped.Content)
	require.Nil(t, d.Case(message(event.TopicCases, `{"traceparent":"x","data":{"case_no":"A-1","event_id":"e9","event_type":"accept",`+
		`"source_sys":"hall","event_time":"2026-02-28T09:00:00Z"},"specversion":"1.0","id":"ce-1","source":"/hall","type":"anything",`+
		`"datacontenttype":"application/json; charset=utf-8"}`), &wins))
	require.Equal(t, "e9", wins.EventID)
	require.Equal(t, event.Accept, wins.Type)
	require.Equal(t, "hall", wins.SourceSys)
}

func TestQuickAndFullReadingAgree(t *testing.T) {
	d := newDecoder(t)
	for _, r := range refusals {
		_, rej := d.Check(message(r.topic, r.value))
		// A leading blank sends the message the full way.
		_, full := d.Check(message(r.topic, " "+r.value))
		if r.reason != deadletter.TooLarge {
			require.Equal(t, full, rej, r.name)
		}
	}
	for _, value := range []string{benchEvent, aCase(`,"seq":0`), aCase(`,"activity":""`), aCase(`,"activity":"长"`)} {
		m := message(event.TopicCases, value)
		_, rej := d.Check(m)
		require.Nil(t, rej)
		require.True(t, plainText(m.Value))
		sameFullReading(t, d, m)
	}
}

func TestPlainText(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "abcdefgh": true, "受理 申请": true, "~~~~~~~~ ": true, "éééé": true,
		`abc\n`: false, "a\nbcdefghijk": false, "abcdefghi\x1f": false, "\x7f": false, "a\u0085": false,
	} {
		require.Equal(t, want, plainText([]byte(text)), "%q", text)
	}
}

func TestRatingSubject(t *testing.T) {
	d := newDecoder(t)
	for more, want := range map[string]string{
		``:                                   "none s r",
		`,"case_no":"1"`:                     "case s 1",
		`,"ticket_no":"2"`:                   "ticket s 2",
		`,"subject_sys":"x","ticket_no":"2"`: "ticket x 2",
		`,"subject_sys":"x"`:                 "none s r",
	} {
		var r event.Rating
		require.Nil(t,
			d.Rating(message(event.TopicRatings, `{"rating_id":"r","source_sys":"s","rated_at":"2026-02-27T09:00:00Z","level":5`+more+`}`), &r))
		kind, sys, no := r.Subject()
		require.Equal(t, want, kind+" "+sys+" "+no)
	}
}

const tokenOfZhangSan = "VUOGBOJMFZNQ2P2KPDVG2VDGTU3BFTCI5P7O7OZ5XZOSGQ4HXMLQ"

// Sources call personal fields by names of their own: in pinyin, in Chinese, in other words.
// Whatever the name, the value is a token before it is stored (domain guide 8.3), in
// attributes as well; what only looks like it stays readable.
func TestPersonalFieldsOfSourcesAreTokensToo(t *testing.T) {
	d := newDecoder(t)
	var c event.Case
	require.Nil(t, d.Case(message(event.TopicCases, aCase(`,"payload":{"sqrxm":"张三","lxdh":"13812345678","sfz":"610102199003071234",`+
		`"申请人姓名":"李四","contactPhone":13912345678,"attributes":{"姓名":"王五","单位名称":"榆林市局"},"project_name":"新建厂房","place":"街心","about_org":"Z"}`)),
		&c))
	for _, secret := range []string{"张三", "13812345678", "610102199003071234", "李四", "13912345678", "王五"} {
		require.NotContains(t, c.Payload, secret)
	}
	for _, kept := range []string{"榆林市局", "新建厂房", "街心", `"about_org":"Z"`} {
		require.Contains(t, c.Payload, kept)
	}
	require.Equal(t, 6, strings.Count(c.Payload, `"tok:`))
}

// The contacts of an organisation are whom notices are sent to (docs/notices.md), and
// claims_contact is yes or no (R-HOT-04); what a case calls contacts is people.
func TestWhatTheProgramReadsIsNoToken(t *testing.T) {
	d := newDecoder(t)
	var o event.Organisation
	const contacts = `{"contacts":[{"channels":[{"kind":"email","to":"desk@example.org"}],"role":"handler","user":"u1"}]}`
	require.Nil(t, d.Organisation(message(event.TopicOrganisations,
		`{"event_id":"e","source_sys":"s","org_code":"o","name":"n","valid_from":"2026-01-01","payload":`+contacts+`}`), &o))
	require.JSONEq(t, contacts, o.Payload)

	var c event.Case
	require.Nil(t, d.Case(message(event.TopicCases, aCase(`,"payload":{"contacts":["张三"],"claims_contact":true}`)), &c))
	require.NotContains(t, c.Payload, "张三")
	require.Contains(t, c.Payload, `"claims_contact":true`)
}

// A topic without a reader would refuse all that comes in.
func TestEveryTopicHasAReader(t *testing.T) {
	d := newDecoder(t)
	for _, topic := range event.Topics() {
		_, rej := d.Check(message(topic, `{}`))
		require.NotNil(t, rej, topic)
		require.Equal(t, deadletter.MissingField, rej.Reason, topic)
	}
	_, rej := d.Check(message("another", `{}`))
	require.Equal(t, deadletter.UnknownField, rej.Reason)
}
