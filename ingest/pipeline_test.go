package ingest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/event"
)

func TestEveryFieldReachesItsColumn(t *testing.T) {
	r := newRig(t)
	r.start(testConfig())
	r.publish(event.TopicCases, "k", `{"event_id":"e","revision":2,"source_sys":"s","case_no":"c","seq":3,"event_type":"accept",`+
		`"event_time":"2026-02-27T09:00:00.5+08:00","emit_time":"2026-02-27T01:00:01Z","region_code":"610802","org_code":"org",`+
		`"accept_org":"aorg","task_code":"task","task_version":"tv","window_id":"win","staff_id":"st","apply_channel":"web","activity":"act",`+
		`"lifecycle":"life","payload":{"revision_approver":"h","x":1}}`)
	r.publish(event.TopicTickets, "k", `{"event_id":"e","revision":2,"source_sys":"s","ticket_no":"t","seq":3,"event_type":"t_receive",`+
		`"event_time":"2026-02-27T09:00:00+08:00","region_code":"610802","org_code":"org","channel":"phone","kind":"help",`+
		`"called_number":"12345","topic":"road","case_no":"c","staff_id":"st","activity":"act","lifecycle":"life",`+
		`"payload":{"revision_approver":"h","x":1}}`)
	r.publish(event.TopicRatings, "k", `{"rating_id":"r","source_sys":"s","rated_at":"2026-02-27T09:00:00Z",`+
		`"served_at":"2026-02-27T08:00:00Z","level":4,"is_default":true,"excluded":true,"subject_sys":"other","case_no":"c","service_no":"sn",`+
		`"rater_token":"rt","region_code":"610802","org_code":"org","task_code":"task","window_id":"win","staff_id":"st","channel":"qr",`+
		`"payload":{"x":1}}`)
	r.publish(event.TopicItems, "k", `{"event_id":"e","source_sys":"s","task_code":"task","task_version":"tv","name":"名称",`+
		`"catalog_code":"cat","region_code":"610802","org_code":"org","item_type":"license","project_type":"promised",`+
		`"valid_from":"2026-01-01","legal_days":20,"legal_unit":"W","promise_days":5,"promise_unit":"C","online_depth":0,"roll_forward":true,`+
		`"payload":{"x":1}}`)
	r.publish(event.TopicOrganisations, "k", `{"event_id":"e","source_sys":"s","org_code":"org","name":"名称","name_en":"Name",`+
		`"parent_code":"par","region_code":"610802","gov_level":3,"org_line":"line","rank_group":"rank","valid_from":"2026-01-01",`+
		`"valid_to":"2027-01-01","payload":{"x":1}}`)
	r.publish(event.TopicActions, "k", `{"event_id":"e","source_sys":"duban","subject_kind":"order","subject_id":"o1","action":"reply",`+
		`"expected_seq":4,"actor":"u-17","role":"dept_manager","org_code":"org","event_time":"2026-02-27T09:00:00+08:00",`+
		`"emit_time":"2026-02-27T01:00:01Z","payload":{"answer":"done","comment":"see file"}}`)
	r.publish(event.TopicMeasurements, "k", `{"event_id":"e","revision":1,"source_sys":"s","name":"hotline_calls","org_code":"org",`+
		`"region_code":"610802","from":"2026-02-26T00:00:00+08:00","to":"2026-02-27T00:00:00+08:00","values":{"queued":1200,`+
		`"answered":1150.5},"payload":{"revision_approver":"h","x":1}}`)
	r.flush()
	for topic, s := range r.settled() {
		require.Equal(t, int64(1), s.Stored, topic)
	}
	require.Equal(t, uint64(1), r.count(`SELECT count() FROM case_events WHERE source_sys = 's' AND case_no = 'c' AND event_id = 'e'
		AND revision = 2 AND seq = 3
		AND event_type = 'accept' AND occurred_at = '2026-02-27 01:00:00.500' AND emitted_at = '2026-02-27 01:00:01' AND region_code = '610802'
		AND org_code = 'org'
		AND accept_org = 'aorg' AND task_code = 'task' AND task_version = 'tv' AND window_id = 'win' AND staff_id = 'st' AND apply_channel = 'web'
		AND activity = 'act' AND lifecycle = 'life' AND payload = '{"revision_approver":"h","x":1}' AND content != 0
		AND topic = 'case-events' AND offset = 0
		AND abs(received_at - now64()) < 60 AND stored_at >= received_at - 1
		AND precedence = bitNot(bitOr(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(received_at)), 22), offset))`))
	require.Equal(t, uint64(1), r.count(`SELECT count() FROM ticket_events WHERE source_sys = 's' AND ticket_no = 't' AND event_id = 'e'
		AND revision = 2 AND seq = 3
		AND event_type = 't_receive' AND occurred_at = '2026-02-27 01:00:00' AND emitted_at = 0 AND region_code = '610802' AND org_code = 'org'
		AND channel = 'phone'
		AND kind = 'help' AND called_number = '12345' AND ticket_topic = 'road' AND case_no = 'c' AND staff_id = 'st' AND activity = 'act'
		AND lifecycle = 'life' AND payload = '{"revision_approver":"h","x":1}'`))
	require.Equal(t, uint64(1), r.count(`SELECT count() FROM ratings WHERE source_sys = 's' AND subject_kind = 'case'
		AND subject_sys = 'other' AND subject_no = 'c' AND rating_id = 'r'
		AND rated_at = '2026-02-27 09:00:00' AND served_at = '2026-02-27 08:00:00' AND level = 4 AND is_default AND NOT follow_up AND excluded
		AND NOT real_name
		AND service_no = 'sn' AND rater_token = 'rt' AND region_code = '610802' AND org_code = 'org' AND task_code = 'task'
		AND window_id = 'win' AND staff_id = 'st' AND channel = 'qr'`))
	require.Equal(t, uint64(1), r.count(`SELECT count() FROM items WHERE source_sys = 's' AND task_code = 'task' AND task_version = 'tv'
		AND name = '名称' AND catalog_code = 'cat'
		AND region_code = '610802' AND org_code = 'org' AND item_type = 'license' AND project_type = 'promised' AND valid_from = '2026-01-01'
		AND valid_to IS NULL
		AND legal_days = 20 AND legal_unit = 'W' AND promise_days = 5 AND promise_unit = 'C' AND baseline_promise_days IS NULL
		AND online_depth = 0 AND limit_visits IS NULL AND roll_forward AND NOT fee_pauses`))
	require.Equal(t, uint64(1), r.count(`SELECT count() FROM organisations WHERE source_sys = 's' AND org_code = 'org' AND name = '名称'
		AND name_en = 'Name' AND parent_code = 'par'
		AND region_code = '610802' AND gov_level = 3 AND org_line = 'line' AND rank_group = 'rank' AND valid_from = '2026-01-01'
		AND valid_to = '2027-01-01'`))
	require.Equal(t, uint64(1), r.count(`SELECT count() FROM actions WHERE source_sys = 'duban' AND event_id = 'e' AND revision = 0
		AND subject_kind = 'order' AND subject_id = 'o1'
		AND action = 'reply' AND expected_seq = 4 AND actor = 'u-17' AND role = 'dept_manager' AND org_code = 'org'
		AND occurred_at = '2026-02-27 01:00:00'
		AND emitted_at = '2026-02-27 01:00:01' AND payload = '{"answer":"done","comment":"see file"}' AND topic = 'actions'`))
	require.Equal(t, uint64(1), r.count(`SELECT count() FROM measurements WHERE source_sys = 's' AND event_id = 'e' AND revision = 1
		AND name = 'hotline_calls' AND org_code = 'org'
		AND region_code = '610802' AND period_from = '2026-02-25 16:00:00' AND period_to = '2026-02-26 16:00:00' AND emitted_at = 0
		AND values = map('answered', 1150.5, 'queued', 1200) AND payload = '{"revision_approver":"h","x":1}'`))
	require.Equal(t, uint64(7), r.count(`SELECT count() FROM deliveries WHERE outcome = 'fact' AND identity != 0 AND content != 0 AND `+
		`subject != ''`))
	require.Equal(t, uint64(1), r.count(`SELECT count() FROM deliveries d INNER JOIN case_events f ON f.content = d.content WHERE `+
		`d.subject_kind = 'case' AND d.subject = 'c' AND d.source_sys = 's'`))
}

func TestRedeliveryRewriteAndRevision(t *testing.T) {
	r := newRig(t)
	r.start(testConfig())
	for i := range 100 {
		key, value := caseEvent(fmt.Sprint(i), 0, `,"activity":"a"`)
		r.publish(event.TopicCases, key, value)
		if i < 30 { // once more, written differently
			r.publish(event.TopicCases, key, strings.Replace(value, `,"`, ` , "`, 3))
		}
		if i < 10 { // the same identity with another content
			r.publish(event.TopicCases, key, strings.Replace(value, `"activity":"a"`, `"activity":"b"`, 1))
		}
		if i < 5 { // a correction under a higher revision
			r.publish(event.TopicCases, key, strings.Replace(value, `"seq"`, `"revision":1,"payload":{"revision_approver":"h"},"seq"`, 1))
		}
	}
	r.flush()
	s := r.settled()[event.TopicCases]
	require.Equal(t, TopicStatus{Topic: event.TopicCases, Received: 145, Stored: 105, Duplicate: 30, Rejected: 10, Conflicts: 10,
		IdentityHolds: true, LastReceivedAt: s.LastReceivedAt, LastStoredAt: s.LastStoredAt, read: s.read, held: s.held}, s)
	require.Equal(t, uint64(10), r.count(`SELECT count() FROM (SELECT argMax(activity, precedence) AS first FROM case_events FINAL WHERE `+
		`revision = 0 GROUP BY event_id HAVING uniqExact(content) > 1) WHERE first = 'a'`),
		"the first arrival has the highest precedence")
}
