package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"duban/ingest/event"
	"duban/ingest/source"
	"duban/supervision/lawzone"
)

const seed = 20260301

// generate writes the events to a file that ClickHouse can read and to the
// topic, and returns their mean size.
func (b *bench) generate(ctx context.Context) (int, error) {
	if err := os.MkdirAll(filepath.Dir(b.file()), 0o700); err != nil {
		return 0, err
	}
	f, err := os.Create(b.file())
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	w := bufio.NewWriterSize(f, 1<<20)
	pub, err := source.NewPublisher([]string{b.addr}, source.PublisherOptions{Compression: b.o.compression})
	if err != nil {
		return 0, err
	}
	g := newGenerator()
	bytes := 0
	for range b.o.events {
		key, value := g.next()
		bytes += len(value)
		_, _ = w.Write(value)
		_ = w.WriteByte('\n')
		if err := pub.Publish(ctx, event.TopicCases, key, value); err != nil {
			return 0, err
		}
	}
	if err := w.Flush(); err != nil {
		return 0, err
	}
	return bytes / b.o.events, pub.Close()
}

// generator makes case events like those of a province: five per case, keys
// in the order in which a producer's struct would write them.
type generator struct {
	rng   *rand.Rand
	n     int
	buf   []byte
	start time.Time
}

func newGenerator() *generator {
	return &generator{rng: rand.New(rand.NewPCG(seed, 1)), start: time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)}
}

func (g *generator) next() (key, value []byte) {
	types := []string{"apply", "accept", "step_start", "decide", "finish"}
	payloads := []string{
		`{"applicant_type":"enterprise","materials":6,"project_code":"2026-610802-04-01-%06d"}`,
		`{"doc_no":"SL-2026-%06d","promise_days":5,"promise_unit":"W","legal_days":20,"legal_unit":"W"}`,
		`{"step_code":"review","limit_days":2,"opinion_flag":true,"ref":"%06d"}`,
		`{"result_type":"approved","doc_no":"JD-2026-%06d","signed":true}`,
		`{"result_type":"approved","cert_token":"ZZ-%06d","method":"window"}`,
	}
	activities := []string{"申请", "受理", "审查", "决定", "办结"}
	step, subject := g.n/1000%5, g.n/5000*1000+g.n%1000
	at := g.start.Add(time.Duration(g.n) * 37 * time.Millisecond).In(lawzone.Zone)
	county := 610102 + subject%90
	org := subject % 200
	payload := fmt.Sprintf(payloads[step], subject)
	g.buf = fmt.Appendf(g.buf[:0], `{"event_id":"01JQ8X3W5Y6Z%014d","source_sys":"hall-%d","case_no":"BJ-2026-%010d","seq":%d,`+
		`"event_type":"%s","event_time":"%s","emit_time":"%s","region_code":"%d","org_code":"11610%06d1608345X",`+
		`"accept_org":"11610%06d1608345X","task_code":"11610802016083456X4000%09d","task_version":"%d","window_id":"W-%d","staff_id":"s-%d",`+
		`"apply_channel":"%s","activity":"%s","payload":%s}`,
		g.n, subject%20, subject, step+1, types[step], at.Format("2006-01-02T15:04:05.000-07:00"), at.Add(2*time.Second).Format(time.RFC3339),
		county, org, org, subject%500, subject%4, subject%300, g.rng.IntN(2000), event.Channels()[subject%8], activities[step], payload)
	g.n++
	return []byte(event.PartitionKey(fmt.Sprintf("hall-%d", subject%20), fmt.Sprintf("BJ-2026-%010d", subject))), g.buf
}
