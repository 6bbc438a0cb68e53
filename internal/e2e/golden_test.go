package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// golden is what testdata/golden holds of one log: computed from the raw file
// with other tools (see testdata/golden/README.md).
type golden struct {
	Events        int64            `json:"events"`
	Cases         int64            `json:"cases"`
	Variants      int64            `json:"variants"`
	Tickets       int64            `json:"tickets"`
	Facts         int64            `json:"facts"`
	ActivityCount map[string]int64 `json:"activity_counts"`
	CaseDuration  span             `json:"case_duration"`
	VariantCounts []struct {
		Activities []string `json:"activities"`
		Cases      int64    `json:"cases"`
	} `json:"variant_counts"`
	DirectlyFollows []struct {
		From        string  `json:"from"`
		To          string  `json:"to"`
		Count       int64   `json:"count"`
		TotalHours  float64 `json:"total_hours"`
		MeanHours   float64 `json:"mean_hours"`
		MedianHours float64 `json:"median_hours"`
		P90Hours    float64 `json:"p90_hours"`
	} `json:"directly_follows"`
	OnTime struct {
		AsOf         time.Time           `json:"as_of"`
		Total        outcome             `json:"total"`
		ByDepartment map[string]*outcome `json:"by_department"`
	} `json:"on_time"`
	Channels map[string]struct {
		Numerator int64 `json:"numerator"`
	} `json:"channels"`
}

type span struct {
	Count         int64   `json:"count"`
	MeanHours     float64 `json:"mean_hours"`
	MedianHours   float64 `json:"median_hours"`
	P90Hours      float64 `json:"p90_hours"`
	MedianNearest float64 `json:"median_nearest_rank_hours"`
	P90Nearest    float64 `json:"p90_nearest_rank_hours"`
}

type outcome struct {
	Cases          int64 `json:"cases"`
	Stopped        int64 `json:"stopped"`
	StoppedOnTime  int64 `json:"stopped_on_time"`
	StoppedLate    int64 `json:"stopped_late"`
	StoppedNoDue   int64 `json:"stopped_no_deadline"`
	Open           int64 `json:"open"`
	OpenPastDue    int64 `json:"open_past_due"`
	OpenNotDue     int64 `json:"open_not_due"`
	OpenNoDeadline int64 `json:"open_no_deadline"`
}

func readGolden(t testing.TB, stem string) golden {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root(), "testdata", "golden", stem+".json"))
	require.NoError(t, err)
	var g golden
	require.NoError(t, json.Unmarshal(b, &g))
	return g
}

func stem(path string) string {
	s, _, _ := strings.Cut(filepath.Base(path), ".")
	return s
}

// loadSamples publishes every sample file of the repository.
func loadSamples(t testing.TB, r *running) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root(), "testdata", "samples", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		r.duban("load", f, "--mapping", filepath.Join(root(), "testdata", "mappings", stem(f)+".yaml"))
	}
}

var (
	processLogs = []string{"wabo-receipt", "bpic2020-domestic-declarations", "bpic2012-loan-applications", "running-example"}
	requestLogs = []string{"boston-311-animals-2016", "boston-311-animals-2017", "baltimore-311-sample"}
)

// TestFiguresOfRealLogs loads every sample and compares what the program says
// with what other tools say of the raw files, and again after all of them were
// loaded a second time: a redelivery changes no figure.
func TestFiguresOfRealLogs(t *testing.T) {
	r := up(t, t.TempDir())
	loadSamples(t, r)
	first := r.status("--wait")
	requireIdentity(t, first)
	compareAll(t, r)
	requireQuestionsCannotWrite(t, r)

	loadSamples(t, r)
	second := r.status("--wait")
	requireIdentity(t, second)
	for _, before := range first.Topics {
		after := second.topic(before.Topic)
		require.Equal(t, before.Stored, after.Stored, "%s: loading again stores nothing new", before.Topic)
		require.Zero(t, after.Rejected, before.Topic)
	}
	compareAll(t, r)
}

func compareAll(t *testing.T, r *running) {
	for _, name := range processLogs {
		t.Run(name, func(t *testing.T) { compareProcess(t, r, name, readGolden(t, name)) })
	}
	t.Run("wabo-receipt/deadlines", func(t *testing.T) {
		compareDeadlines(t, r, "wabo-receipt", "quality/deadline_outcomes", "D01", "C01", readGolden(t, "wabo-receipt"))
	})
	for _, name := range requestLogs {
		t.Run(name, func(t *testing.T) {
			compareDeadlines(t, r, name, "quality/ticket_deadline_outcomes", "F06", "F01", readGolden(t, name))
		})
	}
	t.Run("karlsruhe-reports-2016", func(t *testing.T) {
		compareChannels(t, r, "karlsruhe-reports-2016", "F01", readGolden(t, "karlsruhe-reports-2016"))
	})
}

func compareProcess(t *testing.T, r *running, source string, g golden) {
	ask := func(kind string) []map[string]any { return r.rows("process", kind, "--source", source) }
	counts := map[string]int64{}
	var events int64
	for _, row := range ask("activities") {
		counts[row["activity"].(string)] = number(row["count"])
		events += number(row["count"])
	}
	require.Equal(t, g.ActivityCount, counts)
	require.Equal(t, g.Events, events)

	variants := map[string]int64{}
	for _, row := range ask("variants") {
		variants[joined(row["activities"])] = number(row["cases"])
	}
	require.Len(t, variants, int(g.Variants))
	for _, v := range g.VariantCounts {
		require.Equal(t, v.Cases, variants[strings.Join(v.Activities, "\x00")], "cases of variant %v", v.Activities)
	}

	pairs := map[[2]string]map[string]any{}
	for _, row := range ask("dfg") {
		pairs[[2]string{row["from"].(string), row["to"].(string)}] = row
	}
	require.Len(t, pairs, len(g.DirectlyFollows))
	for _, want := range g.DirectlyFollows {
		got := pairs[[2]string{want.From, want.To}]
		require.NotNil(t, got, "%s → %s", want.From, want.To)
		require.Equal(t, want.Count, number(got["count"]), "%s → %s", want.From, want.To)
		for key, hours := range map[string]float64{
			"mean_hours": want.MeanHours, "median_hours": want.MedianHours, "p90_hours": want.P90Hours, "total_hours": want.TotalHours,
		} {
			// Sums of many terms differ in the last digits by their order, and
			// instants are stored in milliseconds.
			require.InDelta(t, hours, got[key], 1e-6+1e-9*hours, "%s of %s → %s", key, want.From, want.To)
		}
	}

	for _, row := range ask("durations") {
		if row["span"] != "activities" {
			continue
		}
		require.Equal(t, g.Cases, number(row["cases"]))
		d := g.CaseDuration
		for key, want := range map[string]float64{
			"mean_hours": d.MeanHours, "median_hours": d.MedianHours, "p90_hours": d.P90Hours,
			"median_hours_nearest": d.MedianNearest, "p90_hours_nearest": d.P90Nearest,
		} {
			require.InDelta(t, want, row[key], 1e-6, key)
		}
	}
}

func joined(v any) string {
	switch v := v.(type) {
	case []any:
		parts := make([]string, len(v))
		for i, p := range v {
			parts[i], _ = p.(string)
		}
		return strings.Join(parts, "\x00")
	default:
		return ""
	}
}

// compareDeadlines compares on time, late and open by deadline per department,
// the on-time indicator and the channels.
func compareDeadlines(t *testing.T, r *running, source, query, onTime, volume string, g golden) {
	asOf := g.OnTime.AsOf.Format(time.RFC3339)
	got := map[string]outcome{}
	for _, row := range r.rows("query", query, "-p", "source="+source, "--as-of", asOf, "--by", "org") {
		got[row["org"].(string)] = outcome{
			StoppedOnTime: number(row["on_time"]), StoppedLate: number(row["late"]), StoppedNoDue: number(row["stopped_no_due"]),
			OpenPastDue: number(row["open_overdue"]), OpenNotDue: number(row["open_in_time"]), OpenNoDeadline: number(row["open_no_due"]),
		}
	}
	require.Len(t, got, len(g.OnTime.ByDepartment))
	for org, want := range g.OnTime.ByDepartment {
		w := *want
		w.Cases, w.Stopped, w.Open = 0, 0, 0 // sums of the others
		require.Equal(t, w, got[org], org)
	}
	rows := r.rows("indicator", onTime, "--source", source, "--as-of", asOf)
	require.Len(t, rows, 1)
	total := g.OnTime.Total
	require.Equal(t, total.StoppedOnTime, number(rows[0]["numerator"]))
	require.Equal(t, total.StoppedOnTime+total.StoppedLate+total.OpenPastDue, number(rows[0]["denominator"]))
	compareChannels(t, r, source, volume, g)
}

func compareChannels(t *testing.T, r *running, source, volume string, g golden) {
	want := map[string]int64{}
	for name, c := range g.Channels {
		want[name] = c.Numerator
	}
	got := map[string]int64{}
	for _, row := range r.rows("indicator", volume, "--source", source, "--by", "channel") {
		got[row["channel"].(string)] = number(row["numerator"])
	}
	require.Equal(t, want, got)
}
