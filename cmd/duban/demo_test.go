package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"
	"golang.org/x/time/rate"

	"duban/cmd/duban/internal/shell"
	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/internal/broker/brokertest"
	"duban/internal/config"
)

// The samples of the demo have each a mapping, whose source has limits of its own: what their makers
// promised counts, not the law of another country.
func TestEverySampleHasAMappingAndASource(t *testing.T) {
	sources, err := sampleSources("../../testdata/samples", "../../testdata/mappings")
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, s := range sources {
		require.NotEmpty(t, s)
		seen[s] = true
	}
	require.Len(t, seen, 8, "eight logs, one of them in two formats")
	require.Len(t, sources, 9)
	_, err = sampleSources("../../testdata/samples", t.TempDir())
	require.ErrorContains(t, err, "read mapping")
	sources, err = sampleSources(t.TempDir(), "../../testdata/mappings")
	require.NoError(t, err)
	require.Empty(t, sources, "a program without samples has a demo all the same")
}

// What the demo has loaded is remembered in the folder by the content of each file, so that the next
// start loads nothing twice and notices a file that changed.
func TestTheDemoRemembersWhatItLoaded(t *testing.T) {
	dir := t.TempDir()
	d := demo{cfg: config.Config{Data: dir}}
	done, err := d.marks()
	require.NoError(t, err)
	require.Empty(t, done)
	require.NoError(t, d.mark(done, "a.csv", "1234"))
	require.NoError(t, d.mark(done, shell.DemoLimits, "hall office"))
	again, err := demo{cfg: config.Config{Data: dir}}.marks()
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a.csv": "1234", shell.DemoLimits: "hall office"}, again)
	info, err := os.Stat(filepath.Join(dir, shell.DemoFile))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	file := filepath.Join(dir, "a.csv")
	require.NoError(t, os.WriteFile(file, []byte("case,time\n"), 0o600))
	sum, err := checksum(file)
	require.NoError(t, err)
	want := sha256.Sum256([]byte("case,time\n"))
	require.Equal(t, hex.EncodeToString(want[:]), sum)
	_, err = checksum(filepath.Join(dir, "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, demo{cfg: config.Config{Data: filepath.Join(dir, "none")}}.mark(done, "b", "1"), "write what the demo loaded")
}

// published is what a simulation has sent, by topic.
type published struct{ values []string }

func (p *published) Publish(_ context.Context, _ event.Topic, _, value []byte) error {
	p.values = append(p.values, string(value))
	return nil
}

func (p *published) Flush(context.Context) error { return nil }

// What the people of a simulated province do is signed as on the pages; facts of systems are not.
func TestWhatSimulatedPeopleDoIsSigned(t *testing.T) {
	key := []byte(strings.Repeat("k", 32))
	to := &published{}
	s := signing{to, key}
	action := []byte(`{"event_id":"e","source_sys":"duban","subject_kind":"alert","subject_id":"a","action":"sign"}`)
	require.NoError(t, s.Publish(t.Context(), event.TopicActions, nil, action))
	require.NoError(t, s.Publish(t.Context(), event.TopicCases, nil, action))
	signed, err := decode.SignAction(key, action)
	require.NoError(t, err)
	require.Equal(t, []string{string(signed), string(action)}, to.values)
	require.NotEqual(t, string(signed), string(action))
}

// With --rate messages go out no faster; an end from outside ends the waiting.
func TestARateIsKept(t *testing.T) {
	to := &published{}
	slow := throttled{to, rate.NewLimiter(200, 1)}
	began := time.Now()
	for range 21 {
		require.NoError(t, slow.Publish(t.Context(), event.TopicCases, nil, []byte("{}")))
	}
	require.GreaterOrEqual(t, time.Since(began), 95*time.Millisecond, "the first goes at once, twenty wait 5 ms each")
	require.Len(t, to.values, 21)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	never := throttled{to, rate.NewLimiter(0.001, 1)}
	require.NoError(t, never.Publish(t.Context(), event.TopicCases, nil, nil))
	require.ErrorContains(t, never.Publish(ctx, event.TopicCases, nil, nil), "wait for the rate")
}

// A simulation into a broker sends what one into a folder writes, and its ledger is the same.
func TestASimulationIntoABrokerSendsWhatItWouldWrite(t *testing.T) {
	dir, kafka := t.TempDir(), brokertest.New(t)
	const span = " --seed 7 --events 300 --from 2026-03-02 --to 2026-03-08"
	code, out, text := told(t, strings.Fields("simulate --out "+dir+"/a"+span)...)
	require.Zero(t, code, out+text)
	code, out, text = told(t, strings.Fields("simulate --data "+dir+" --kafka "+kafka+" --ledger "+dir+"/ledger.json"+span)...)
	require.Zero(t, code, out+text)
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		return string(b)
	}
	require.JSONEq(t, read("a/ledger.json"), read("ledger.json"))
	require.Equal(t, read("a/ledger-alerts.ndjson"), read("ledger-alerts.ndjson"))
	want := map[string]int{}
	for line := range strings.Lines(read("a/case-events.ndjson")) {
		want[strings.TrimSpace(line)]++
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(kafka), kgo.ConsumeTopics(string(event.TopicCases)),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	require.NoError(t, err)
	defer client.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for left := len(read("a/case-events.ndjson")); left > 0 && ctx.Err() == nil; {
		client.PollFetches(ctx).EachRecord(func(r *kgo.Record) {
			require.True(t, json.Valid(r.Value))
			want[string(r.Value)]--
			left -= len(r.Value) + 1
		})
	}
	for line, n := range want {
		require.Zero(t, n, line)
	}
}

// Progress is a line now and then where there is no terminal.
func TestProgressIsALineNowAndThen(t *testing.T) {
	var b bytes.Buffer
	line := &bar{w: &b, name: "a.csv", last: time.Now()}
	line.set(1, 10, "1 event")
	require.Empty(t, b.String(), "not yet")
	line.last = time.Now().Add(-3 * time.Second)
	line.set(5, 10, "5 events")
	line.set(6, 10, "6 events")
	require.Equal(t, "a.csv  50 %  5 events\n", b.String())
	line.done()
	require.Contains(t, b.String(), "6 events", "the end has the last word")
	var w io.Writer = &b
	require.Equal(t, w, line.w)
	for n := range int64(5) {
		require.NotEqual(t, "100 %", percentDone(n, 3), strconv.FormatInt(n, 10))
	}
}
