package deadletter_test

import (
	"strings"
	"testing"

	"duban/ingest/deadletter"
	"duban/ingest/event"

	"github.com/stretchr/testify/require"
)

var somewhere = deadletter.Place{Topic: event.TopicCases, Partition: 3, Offset: 42}

// A place is written and read in one way: what status and the pages show can be given
// back to replay.
func TestAPlaceIsReadAsItIsWritten(t *testing.T) {
	require.Equal(t, "case-events/3/42", somewhere.String())
	for _, v := range []struct {
		text string
		want deadletter.Place
		why  string // of a refusal; empty: it is read
	}{
		{"case-events/3/42", somewhere, ""},
		{"measurements/0/9223372036854775807", deadletter.Place{Topic: event.TopicMeasurements, Offset: 1<<63 - 1}, ""},
		{"case-events/3", deadletter.Place{}, "no offset"},
		{"case-events/3/42/1", deadletter.Place{}, "one part too many"},
		{"cases/3/42", deadletter.Place{}, "a topic that does not exist"},
		{"case-events/-1/42", deadletter.Place{}, "partitions are not negative"},
		{"case-events/2147483648/42", deadletter.Place{}, "beyond what Kafka has"},
		{"case-events/3/x", deadletter.Place{}, "no number"},
		{"", deadletter.Place{}, "nothing"},
	} {
		got, err := deadletter.ParsePlace(v.text)
		if v.why != "" {
			require.ErrorContains(t, err, "is not topic/partition/offset, such as case-events/0/42", v.why)
			continue
		}
		require.NoError(t, err, v.text)
		require.Equal(t, v.want, got)
	}
}

func TestEveryReasonIsKnownAndListedOnce(t *testing.T) {
	seen := map[deadletter.Reason]bool{}
	for _, r := range deadletter.Reasons() {
		require.False(t, seen[r], r)
		seen[r] = true
		require.True(t, r.Known())
		require.Equal(t, strings.ToLower(string(r)), string(r))
	}
	require.False(t, deadletter.Reason("").Known())
	require.False(t, deadletter.Reason("bad_mood").Known())
}

// Fields are set one by one and everything else stays as it was, numbers to their last
// digit: a repair must not change what it was not asked to.
func TestSetFieldsChangesWhatItWasAskedToAndNothingElse(t *testing.T) {
	for _, v := range []struct {
		rule   string
		raw    string
		fields map[string]string
		want   string
		err    string
	}{
		{"a text", `{"a":1}`, map[string]string{"b": "x y"}, `{"a":1,"b":"x y"}`, ""},
		{"what reads as JSON is JSON", `{"a":1}`, map[string]string{"a": "2.50", "b": "true", "c": "null", "d": `{"x":[1]}`},
			`{"a":2.50,"b":true,"c":null,"d":{"x":[1]}}`, ""},
		{"a text that looks like a number needs quotes", `{}`, map[string]string{"case_no": `"0012"`}, `{"case_no":"0012"}`, ""},
		{"a number with a leading zero is a text", `{}`, map[string]string{"case_no": `0012`}, `{"case_no":"0012"}`, ""},
		{"nothing takes the field away", `{"a":1,"b":2}`, map[string]string{"a": ""}, `{"b":2}`, ""},
		{"a field below another", `{"payload":{"x":1}}`, map[string]string{"payload.promise_days": "5"},
			`{"payload":{"promise_days":5,"x":1}}`, ""},
		{"what lies above is made", `{}`, map[string]string{"payload.a.b": "1"}, `{"payload":{"a":{"b":1}}}`, ""},
		{"numbers keep their digits", `{"a":12345678901234567890,"b":1.10}`, map[string]string{"c": "1"},
			`{"a":12345678901234567890,"b":1.10,"c":1}`, ""},
		{"signs stay as they are", `{"a":"<省&市>"}`, map[string]string{"b": "<"}, `{"a":"<省&市>","b":"<"}`, ""},
		{"below what is no object", `{"payload":"x"}`, map[string]string{"payload.a": "1"}, "",
			"set payload.a of message case-events/3/42: payload is no object"},
		{"no JSON", `{"a":`, map[string]string{"a": "1"}, "", "message case-events/3/42 is no JSON object"},
		{"a list", `[1]`, map[string]string{"a": "1"}, "", "is no JSON object"},
		{"null", `null`, map[string]string{"a": "1"}, "", "give its repaired text instead"},
	} {
		got, err := deadletter.SetFields(v.fields)(deadletter.Row{Place: somewhere, Raw: []byte(v.raw)})
		if v.err != "" {
			require.ErrorContains(t, err, v.err, v.rule)
			continue
		}
		require.NoError(t, err, v.rule)
		require.Equal(t, v.want, string(got), v.rule)
	}
	got, err := deadletter.AsItIs(deadletter.Row{Raw: []byte("\x00 as it is")})
	require.NoError(t, err)
	require.Equal(t, "\x00 as it is", string(got))
}

// A file of repaired messages says of each where it stood; what is not in it is left alone.
func TestRepairedLinesAreKnownByTheirPlaces(t *testing.T) {
	repair, places, err := deadletter.FromLines(strings.NewReader(`
{"topic":"case-events","partition":3,"offset":42,"value":{"case_no":"1"}}

` +
		`{"topic":"service-items","partition":0,"offset":7,"value":{"name":"许可"}}` + "\n"))
	require.NoError(t, err)
	require.Equal(t, []deadletter.Place{somewhere, {Topic: event.TopicItems, Offset: 7}}, places)
	for _, v := range []struct {
		place deadletter.Place
		want  string
	}{
		{somewhere, `{"case_no":"1"}`},
		{deadletter.Place{Topic: event.TopicItems, Offset: 7}, `{"name":"许可"}`},
		{deadletter.Place{Topic: event.TopicItems, Offset: 8}, ""},
	} {
		got, err := repair(deadletter.Row{Place: v.place})
		require.NoError(t, err)
		require.Equal(t, v.want, string(got))
	}
	for rule, v := range map[string]struct{ lines, want string }{
		"no JSON":          {"x", `line 1 is not {"topic","partition","offset","value"}`},
		"an unknown topic": {`{"topic":"cases","partition":0,"offset":1,"value":{}}`, "line 1 is not"},
		"no value":         {"\n\n" + `{"topic":"case-events","partition":0,"offset":1}`, "line 3 is not"},
		"one place twice": {`{"topic":"case-events","partition":0,"offset":1,"value":{}}` + "\n" +
			`{"topic":"case-events","partition":0,"offset":1,"value":[]}`, "line 2 repairs case-events/0/1 a second time"},
		"a line without end": {strings.Repeat("x", 5<<20), "read repaired messages"},
	} {
		_, _, err := deadletter.FromLines(strings.NewReader(v.lines))
		require.ErrorContains(t, err, v.want, rule)
	}
}
