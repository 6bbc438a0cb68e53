package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
)

// message is one fact for the broker.
type message struct {
	topic event.Topic
	key   string
	body  map[string]any
}

func (d *drill) publish(lists ...[]message) {
	d.t.Helper()
	for _, m := range slices.Concat(lists...) {
		d.n++
		m.body["source_sys"] = "drill"
		if m.body["event_id"] == nil {
			m.body["event_id"] = fmt.Sprintf("e%06d", d.n)
		}
		value, err := json.Marshal(m.body)
		require.NoError(d.t, err)
		require.NoError(d.t, d.pub.Publish(d.t.Context(), m.topic, []byte(m.key), value))
	}
	require.NoError(d.t, d.pub.Flush(d.t.Context()))
}

// organisation is the one that everything happens at, with one person to tell, by
// mail and by webhook.
func (d *drill) organisation() []message {
	return []message{{event.TopicOrganisations, "O1", map[string]any{
		"org_code": "O1", "name": "住建局", "region_code": "610102", "valid_from": "2020-01-01",
		"payload": map[string]any{"contacts": []any{map[string]any{"user": "u1", "role": "handler", "channels": []any{
			map[string]any{"kind": "email", "to": "u1@example.org"}, map[string]any{"kind": "webhook", "to": d.posts.hookURL},
		}}}},
	}}}
}

// cases are cases with violations that lie behind: promise and law broken, told
// twice, refused without reason, finished out of order.
func (d *drill) cases(name string, n int) []message {
	var out []message
	for i := range n {
		for kind, steps := range map[string][]map[string]any{
			"overdue": {{"event_type": "apply"},
				{"event_type": "accept", "payload": map[string]any{"promise_days": 3, "promise_unit": "W", "legal_days": 5, "legal_unit": "W"}}},
			"refused": {{"event_type": "apply"}, {"event_type": "not_accept", "payload": map[string]any{"remedy_notice": true}}},
			"told-twice": {{"event_type": "apply"},
				{"event_type": "correction_notice", "payload": map[string]any{"notice_no": "1", "defects": []string{"a"}}},
				{"event_type": "correction_submit"},
				{"event_type": "correction_notice", "payload": map[string]any{"notice_no": "2", "defects": []string{"b"}}}},
			"in-time": {{"event_type": "apply"},
				{"event_type": "accept", "payload": map[string]any{"promise_days": 3, "promise_unit": "W", "legal_days": 5, "legal_unit": "W"}},
				{"event_type": "finish", "payload": map[string]any{"result_type": "approved", "cert_token": "c"}},
				{"event_type": "deliver", "payload": map[string]any{"method": "hall"}}},
		} {
			no := fmt.Sprintf("%s-%s-%d", kind, name, i)
			for j, s := range steps {
				body := map[string]any{"case_no": no, "event_time": d.start.Add(-20*24*time.Hour + time.Duration(j)*time.Hour).Format(time.RFC3339),
					"org_code": "O1", "region_code": "610102", "apply_channel": "hall"}
				maps.Copy(body, s)
				out = append(out, message{event.TopicCases, no, body})
			}
		}
	}
	return out
}

// tickets are urgent ones that were dispatched half an hour ago and have half an
// hour left to be signed for.
func (d *drill) tickets(name string, n int) []message {
	var out []message
	for i := range n {
		no := fmt.Sprintf("%s-%d", name, i)
		for j, typ := range []string{"t_receive", "t_dispatch"} {
			out = append(out, message{event.TopicTickets, no, map[string]any{
				"ticket_no": no, "event_type": typ, "event_time": d.start.Add(-30*time.Minute + time.Duration(j)*time.Minute).Format(time.RFC3339),
				"org_code": "O1", "region_code": "610102", "kind": "help", "payload": map[string]any{"urgent": true},
			}})
		}
	}
	return out
}

// signed is a ticket of the delayed topic that was signed for in time.
func (d *drill) signed(no string) []message {
	out := d.tickets(no, 1)
	no += "-0"
	return append(out, message{event.TopicTickets, no, map[string]any{
		"ticket_no": no, "event_type": "t_sign", "event_time": d.start.Add(-5 * time.Minute).Format(time.RFC3339), "org_code": "O1",
	}})
}
