package decode

import (
	"testing"

	"duban/ingest/event"
)

// benchEvent has the size and the key order of a producer's typical event.
const benchEvent = `{"event_id":"01JQ8X3W5Y6Z7A8B9C0D1E2F3G","source_sys":"hall-610800","case_no":"BJ-2026-0001234567","seq":4,` +
	`"event_type":"accept","event_time":"2026-02-27T09:12:31+08:00","emit_time":"2026-02-27T09:12:33+08:00","region_code":"610802",` +
	`"org_code":"11610802016083456X","task_code":"11610802016083456X4000123001","task_version":"3","window_id":"W-17","staff_id":"s-2231",` +
	`"apply_channel":"hall","activity":"受理","payload":{"doc_no":"SL-2026-99812","promise_days":5,"promise_unit":"W","legal_days":20,` +
	`"legal_unit":"W"}}`

func BenchmarkCase(b *testing.B) {
	d := newDecoder(b)
	m := message(event.TopicCases, benchEvent)
	var c event.Case
	b.SetBytes(int64(len(benchEvent)))
	b.ReportAllocs()
	for b.Loop() {
		if rej := d.Case(m, &c); rej != nil {
			b.Fatal(rej)
		}
	}
}

func BenchmarkReject(b *testing.B) {
	d := newDecoder(b)
	m := message(event.TopicCases, aCase(`,"apply_channel":"pigeon"`))
	b.ReportAllocs()
	for b.Loop() {
		if _, rej := d.Check(m); rej == nil {
			b.Fatal("taken")
		}
	}
}
