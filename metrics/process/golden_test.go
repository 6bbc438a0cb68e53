package process_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/ingest/importer"
	"duban/ingest/importer/mapping"
	"duban/internal/store"
	"duban/internal/store/storetest"
	"duban/metrics/process"
	"duban/supervision/engine/enginetest"
)

// golden is what other tools say of the raw file (testdata/golden).
type golden struct {
	Events         uint64            `json:"events"`
	Cases          uint64            `json:"cases"`
	Variants       int               `json:"variants"`
	ActivityCounts map[string]uint64 `json:"activity_counts"`
	CaseDuration   struct {
		MeanHours     float64 `json:"mean_hours"`
		MedianHours   float64 `json:"median_hours"`
		P90Hours      float64 `json:"p90_hours"`
		MedianNearest float64 `json:"median_nearest_rank_hours"`
		P90Nearest    float64 `json:"p90_nearest_rank_hours"`
	} `json:"case_duration"`
	VariantCounts []struct {
		Activities []string `json:"activities"`
		Cases      uint64   `json:"cases"`
	} `json:"variant_counts"`
	DirectlyFollows []map[string]any `json:"directly_follows"`
}

// collector decodes what an importer publishes.
type collector struct {
	t       testing.TB
	decoder *decode.Decoder
	facts   []any
}

func (c *collector) Publish(_ context.Context, topic event.Topic, key, value []byte) error {
	require.Equal(c.t, event.TopicCases, topic)
	m := decode.Message{Topic: topic, Key: key, Value: append([]byte(nil), value...),
		ReceivedAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()}
	var f event.Case
	if rej := c.decoder.Case(&m, &f); rej != nil {
		return rej
	}
	f.Origin = event.Origin{} // enginetest gives every fact its place
	c.facts = append(c.facts, f)
	return nil
}

func (c *collector) Flush(context.Context) error { return nil }

// load puts a sample file's facts into the database, as often as asked.
func load(t testing.TB, db *store.DB, file string, times int) {
	t.Helper()
	root := filepath.Join("..", "..", "testdata")
	m, err := mapping.Load(filepath.Join(root, "mappings", mapping.Stem(file)+".yaml"))
	require.NoError(t, err)
	key := []byte("a key for tests only, 32 bytes..")
	d, err := decode.New(decode.Config{TokenKey: key})
	require.NoError(t, err)
	c := &collector{t: t, decoder: d}
	sum, err := importer.Run(t.Context(), []string{filepath.Join(root, "samples", file)}, m, c, importer.Options{TokenKey: key})
	require.NoError(t, err)
	require.Empty(t, sum.RefusedBy)
	for range times {
		enginetest.Insert(t, db, c.facts...)
	}
}

// The process measures of the real logs agree with those that pm4py and pandas
// give of the raw files; a second delivery of every fact changes nothing.
func TestRealLogsAgreeWithOtherTools(t *testing.T) {
	files := []string{"running-example.csv", "wabo-receipt.csv.gz", "wabo-receipt.xes.gz"}
	if !testing.Short() {
		files = append(files, "bpic2020-domestic-declarations.xes.gz", "bpic2012-loan-applications.xes.gz")
	}
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			db := storetest.New(t)
			load(t, db, file, 2)
			text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "golden", mapping.Stem(file)+".json"))
			require.NoError(t, err)
			var want golden
			require.NoError(t, json.Unmarshal(text, &want))
			compare(t, db, mapping.Stem(file), want)
		})
	}
}

func compare(t *testing.T, db *store.DB, source string, want golden) {
	ask := func(k process.Kind) []map[string]any {
		return run(t, db, process.Request{Kind: k, Source: source})
	}
	counts := map[string]uint64{}
	var events uint64
	for _, r := range ask(process.Activities) {
		counts[r["activity"].(string)] = r["count"].(uint64)
		events += r["count"].(uint64)
	}
	require.Equal(t, want.ActivityCounts, counts)
	require.Equal(t, want.Events, events)

	got := map[string]uint64{}
	var cases uint64
	for _, r := range ask(process.Variants) {
		got[strings.Join(r["activities"].([]string), "\x00")] = r["cases"].(uint64)
		cases += r["cases"].(uint64)
	}
	require.Len(t, got, want.Variants)
	require.Equal(t, want.Cases, cases)
	for _, v := range want.VariantCounts {
		require.Equal(t, v.Cases, got[strings.Join(v.Activities, "\x00")], v.Activities)
	}

	pairs := map[[2]string]map[string]any{}
	for _, r := range ask(process.DFG) {
		pairs[[2]string{r["from"].(string), r["to"].(string)}] = r
	}
	require.Len(t, pairs, len(want.DirectlyFollows))
	for _, w := range want.DirectlyFollows {
		name := [2]string{w["from"].(string), w["to"].(string)}
		require.EqualValues(t, w["count"], pairs[name]["count"], name)
		for _, column := range []string{"mean_hours", "median_hours", "p90_hours", "total_hours"} {
			// The last digits of a sum depend on the order of its terms.
			require.InDelta(t, w[column], pairs[name][column], 1e-6+1e-9*w[column].(float64), "%v %s", name, column)
		}
	}

	spans := ask(process.Durations)
	require.Len(t, spans, 1, "without states there is only the span of the activities")
	require.Equal(t, want.Cases, spans[0]["cases"])
	for column, w := range map[string]float64{
		"mean_hours": want.CaseDuration.MeanHours, "median_hours": want.CaseDuration.MedianHours, "p90_hours": want.CaseDuration.P90Hours,
		"median_hours_nearest": want.CaseDuration.MedianNearest, "p90_hours_nearest": want.CaseDuration.P90Nearest,
	} {
		require.InDelta(t, w, spans[0][column], 1e-6, column)
	}
}
