package importer

import (
	"context"
	"testing"
	"time"

	"duban/ingest/decode"
	"duban/ingest/event"

	"github.com/stretchr/testify/require"
)

// What files are made into is what ingest takes: one mapping per topic, through
// the real decoder, with the key that the fact itself would have.
func TestEveryTopicsMessagesAreTakenByIngest(t *testing.T) {
	when := "2026-03-02T09:00:00+08:00"
	for topic, c := range map[event.Topic]struct{ mapping, header, row string }{
		event.TopicCases: {`subject: no
events: [{type: apply, at: when, fields: {org_code: org}},
  {type: finish, at: when, payload: {result_type: {const: approved}}}, {type: activity, at: when, fields: {activity: org}}]`,
			"no,when,org", "1," + when + ",A"},
		event.TopicTickets: {`subject: no
events: [{type: t_receive, at: when, fields: {org_code: org}, payload: {source_due_at: when}, attributes: {status: org}}]`,
			"no,when,org", "1," + when + ",A"},
		event.TopicRatings: {`events: [{at: when, fields: {level: mark, org_code: org, case_no: no}, count: n}]`, "no,when,org,mark,n",
			"1," + when + ",A,5,3"},
		event.TopicItems: {`subject: no
events: [{fields: {task_version: {const: "1"}, name: org, valid_from: day,
  promise_days: {const: 5}, promise_unit: {const: W}}}]`, "no,day,org", "T,2026-01-01,A"},
		event.TopicOrganisations: {`subject: no
events: [{fields: {name: org, valid_from: day, gov_level: {const: 2}}}]`, "no,day,org", "O,2026-01-01,A"},
		event.TopicMeasurements: {`time: {formats: [date], zone: Asia/Shanghai}
events: [{fields: {name: {const: hotline_calls}, org_code: org,
  from: from, to: {column: to, time: {day: after}}}, values: {queued: q, answered: a}}]`,
			"org,from,to,q,a", "A,2026-03-01,2026-03-31,120,1.5"},
	} {
		s := &sink{}
		sum, err := Run(context.Background(), []string{write(t, "f.csv", []byte(c.header+"\n"+c.row+"\n"))},
			parse(t, "version: 1\ntopic: "+string(topic)+"\n"+c.mapping+"\n"), s, Options{})
		require.NoError(t, err)
		require.Empty(t, sum.Problems, topic)
		require.NotEmpty(t, s.values)
		for i, v := range s.values {
			rej := takenByIngest(t, &decode.Message{Topic: topic, Key: []byte(s.keys[i]), Value: []byte(v),
				ReceivedAt: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC).UnixMilli()})
			require.Nil(t, rej, "%s: %s", topic, v)
		}
	}
}

// takenByIngest decodes a message as ingest does.
func takenByIngest(t testing.TB, m *decode.Message) *decode.Reject {
	t.Helper()
	d, err := decode.New(decode.Config{TokenKey: []byte("0123456789abcdef0123456789abcdef")})
	require.NoError(t, err)
	key, rej := d.Check(m)
	if rej == nil {
		require.Equal(t, key, string(m.Key))
	}
	return rej
}

// A total that is corrected keeps its identity: what is measured, not how much.
func TestAMeasurementIsKnownByWhatItMeasures(t *testing.T) {
	m := `version: 1
topic: measurements
time: {formats: [date], zone: Asia/Shanghai}
fields: {name: what, org_code: org,
  from: from, to: {column: to, time: {day: after}}, revision: {column: rev}}
events: [{values: {good: g, bad: {column: b}}}]
`
	s := &sink{}
	sum, err := Run(context.Background(), []string{write(t, "f.json", []byte(`[
{"what":"ratings","org":"A","from":"2026-03-01","to":"2026-03-31","rev":0,"g":12,"b":1},
{"what":"ratings","org":"A","from":"2026-03-01","to":"2026-03-31","rev":1,"g":13,"b":1},
{"what":"ratings","org":"B","from":"2026-03-01","to":"2026-03-31","rev":0,"g":7,"b":null},
{"what":"ratings","org":"B","from":"2026-03-01","to":"2026-03-31","rev":0,"g":"many"}]`))}, parse(t, m), s, Options{Source: "s"})
	require.NoError(t, err)
	require.Equal(t, []string{"5 invalid_value g"}, listed(sum))
	require.Len(t, s.values, 3)
	require.Equal(t, member(s.values[0], "event_id"), member(s.values[1], "event_id"))
	require.NotEqual(t, member(s.values[0], "event_id"), member(s.values[2], "event_id"))
	require.Contains(t, s.values[1], `"revision":1,"source_sys":"s","org_code":"A","name":"ratings","from":"2026-02-28T16:00:00Z",`+
		`"to":"2026-03-31T16:00:00Z","values":{"bad":1,"good":13}}`)
	require.Contains(t, s.values[2], `"values":{"good":7}}`)
	require.Equal(t, "s\x1fratings", s.keys[0])
}

// A key without a value takes off an event what every other event carries.
func TestAnEventCanDoWithoutAFieldOfTheFile(t *testing.T) {
	m := `version: 1
topic: case-events
subject: id
fields: {org_code: org, activity: step}
payload: {limit_regime: {const: source}}
attributes: {district: org}
events:
  - {name: begin, type: apply, at: time, fields: {activity: }, payload: {limit_regime: null}, attributes: {district: ~}}
  - {name: step, type: activity, at: time}
`
	s, sum := run(t, m, "a.csv", "id,org,step,time\n1,A,look,2026-03-02T09:00:00Z\n", Options{Source: "s",
		OwnLimits: func(source string) bool { return source != "s" }})
	require.EqualValues(t, 1, sum.LimitsRefused, "limits of a source that may have none do not count")
	require.Contains(t, s.values[0], `"event_time":"2026-03-02T09:00:00Z","org_code":"A"}`)
	require.Contains(t, s.values[1], `"org_code":"A","activity":"look","payload":{"limit_regime":"source","attributes":{"district":"A"}}}`)
}

// A step that ends before it begins is published as the source says it, and told.
func TestSpansThatRunBackwardsAreTold(t *testing.T) {
	s, sum := run(t, `version: 1
topic: case-events
time: {formats: ["yyyy-MM-dd HH:mm"], zone: Asia/Shanghai}
subject: case
payload: {step_code: step}
events:
  - {name: s, type: step_start, at: start}
  - {name: e, type: step_end, when: {end: present}, at: end}
`, "a.csv", "case,step,start,end\n"+
		"I-1,check,2026-03-02 09:00,2026-03-02 10:00\nI-1,sign,2026-03-02 11:00,\nI-1,post,2026-03-02 13:00,2026-03-02 12:00\n", Options{})
	require.Len(t, s.values, 5)
	require.Equal(t, []string{"4 reversed_span "}, listed(sum))
	require.Zero(t, sum.Refused)
}
